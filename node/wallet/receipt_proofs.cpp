#include "node/wallet/receipt_proofs.h"

#include <algorithm>
#include <set>

#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::string_view proof_prefix = "wallet/proof/";
constexpr std::string_view excused_prefix = "wallet/excused/";
constexpr std::int64_t look_again_ms = 10 * 60 * 1000;
constexpr std::int64_t first_retry_ms = 2'000;
constexpr std::int64_t max_retry_ms = 5 * 60 * 1000;

std::string key_of(std::string_view prefix, std::uint64_t n) {
  return std::string(prefix) + to_hex(Writer().u64(n).view());
}
std::string proof_key(std::uint64_t n) {
  return key_of(proof_prefix, n);
}

bool is_provable(const PurchaseRecord& purchase) {
  return purchase.state == PurchaseState::finished && !purchase.receipt_jws.empty();
}

}  // namespace

void ReceiptProofs::start() {
  kicked_ = true;
  net::spawn(loop_, run(), "receipt proofs");
}

void ReceiptProofs::kick() {
  kicked_ = true;
  changed_.notify_all();
}

void ReceiptProofs::stop() {
  stopping_ = true;
  changed_.notify_all();
}

Result<std::optional<std::string>> ReceiptProofs::proof(std::uint64_t n) const {
  const auto stored = records_.get(proof_key(n));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<std::string>();
  return std::optional(std::string(as_text(**stored)));
}

Result<wire::ProvenReceipt> ReceiptProofs::verify(const PurchaseRecord& purchase) const {
  const auto file = proof(purchase.n);
  if (!file) return pass_on(file.error());
  if (!*file)
    return fail(Code::not_found,
                "The ledger's proof of this purchase is not here yet; it is fetched as soon as the "
                "ledger answers.");
  auto proven = wire::check_receipt_proof(purchase.receipt_jws, **file, ledger_.card().key);
  if (!proven) return proven;
  const bool is_restored = purchase.request_jws.empty();  // the request went with the old disk
  if (!is_restored && proven->record.request_hash != crypto::sha256(as_bytes(purchase.request_jws)))
    return fail(Code::proof_invalid, "The ledger's record is of another request than this home's.");
  return proven;
}

Result<std::vector<PurchaseRecord>> ReceiptProofs::excuse(store::Batch& batch) const {
  const auto purchases = wallet_.purchases();
  if (!purchases) return pass_on(purchases.error());
  std::vector<PurchaseRecord> out;
  for (const PurchaseRecord& purchase : *purchases) {
    const auto known = proof(purchase.n);
    if (!known) return pass_on(known.error());
    if (*known || !is_provable(purchase)) continue;
    put(batch, key_of(excused_prefix, purchase.n), {});
    out.push_back(purchase);
  }
  return out;
}

tl::unexpected<Error> ReceiptProofs::missing(const PurchaseRecord& purchase,
                                             const std::string& what, const std::string& before,
                                             const std::string& shown) {
  const auto excused = records_.get(key_of(excused_prefix, purchase.n));
  if (!excused) return pass_on(excused.error());
  if (!*excused) return ledger_.history().raise(what, before, shown);
  return fail(Code::proof_invalid,
              what +
                  " This home has accepted the ledger's restored books, in which the purchase "
                  "is missing; the signed receipt shows the operator what was paid.");
}

net::Task<Result<void>> ReceiptProofs::fetch(PurchaseRecord purchase) {
  const auto receipt = wire::read_receipt(purchase.receipt_jws, ledger_.card().key);
  if (!receipt) co_return pass_on(receipt.error());
  const auto file = co_await ledger_.purchase_proof(receipt->request_id,
                                                    wallet_.encryption_of(purchase.n));
  if (!file && file.error().code != Code::not_found) co_return pass_on(file.error());
  const std::string index = std::to_string(receipt->journal_index);
  if (!file)
    co_return missing(
        purchase,
        "The ledger does not know a purchase whose receipt, record " + index + ", it signed.", {},
        purchase.receipt_jws);
  const auto proven = wire::check_receipt_proof(purchase.receipt_jws, *file, ledger_.card().key);
  if (!proven)
    co_return missing(purchase,
                      "The ledger's journal does not hold the purchase of record " + index +
                          " as its receipt says. " + proven.error().sentence,
                      purchase.receipt_jws, *file);
  std::string note = tlog::parse_proof(*file)->checkpoint;
  const auto believed = co_await ledger_.history().believe(std::move(note));
  if (!believed) co_return pass_on(believed.error());
  store::Batch batch;
  put(batch, proof_key(purchase.n), as_bytes(*file));
  co_return records_.commit(batch);
}

net::Task<Result<void>> ReceiptProofs::fetch_missing() {
  std::set<std::string> proven;
  auto scanned = records_.scan(proof_prefix, [&](std::string_view rest, ByteView) -> Result<void> {
    proven.insert(std::string(rest));
    return {};
  });
  if (!scanned) co_return pass_on(scanned.error());
  const auto purchases = wallet_.purchases();
  if (!purchases) co_return pass_on(purchases.error());
  Result<void> alarm;
  for (const PurchaseRecord& purchase : *purchases) {
    const std::string key = proof_key(purchase.n).substr(proof_prefix.size());
    if (stopping_ || !is_provable(purchase) || proven.contains(key)) continue;
    PurchaseRecord copy = purchase;
    auto fetched = co_await fetch(std::move(copy));
    if (fetched) continue;
    if (fetched.error().code == Code::proof_invalid) continue;  // excused
    if (fetched.error().code != Code::history_differs) co_return fetched;
    alarm = std::move(fetched);  // the others are asked for all the same
  }
  if (!alarm) co_return alarm;
  const auto seen = co_await ledger_.history().look();
  if (!seen) co_return pass_on(seen.error());
  co_return Result<void>();
}

net::Task<void> ReceiptProofs::run() {
  std::int64_t retry_ms = first_retry_ms;
  while (!stopping_) {
    kicked_ = false;
    const auto done = co_await fetch_missing();
    if (!done) spdlog::info("wallet: receipts wait for their proof: {}", done.error().sentence);
    const bool is_alarm = !done && done.error().code == Code::history_differs;
    const std::int64_t pause = done || is_alarm ? look_again_ms : retry_ms;
    retry_ms = done ? first_retry_ms : std::min(retry_ms * 2, max_retry_ms);
    const UtcMs until = now_ms() + pause;
    while (!stopping_ && !kicked_ && now_ms() < until) co_await changed_.wait(until - now_ms());
  }
}

}  // namespace hearth::node
