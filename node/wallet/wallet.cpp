#include "node/wallet/wallet.h"

#include <cstdio>

#include "common/base/crash_point.h"
#include "node/wallet/counter.h"
#include "node/wallet/derivations.h"
#include "node/wallet/wallet_records.h"

namespace hearth::node {
namespace {

std::string purchase_key(std::uint64_t n) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(n));
  return std::string("purchase/") + digits;
}

std::string voucher_key(const std::string& id) {
  return "voucher/" + id;
}
std::string offer_key(const wire::OfferId& id) {
  return "wallet/offer/" + to_hex(id);
}

}  // namespace

std::string_view name_of(PurchaseState state) {
  switch (state) {
    case PurchaseState::pending:
      return "pending";
    case PurchaseState::finished:
      return "finished";
    case PurchaseState::refused:
      return "refused";
    case PurchaseState::disputed:
      return "disputed";
  }
  return "unknown";
}

std::string voucher_id(const wire::Voucher& voucher) {
  const auto key = crypto::SignKey::from_seed(voucher.one_time_seed);
  return to_hex(wire::voucher_input(key.public_key()));
}

crypto::BoxKey Wallet::recipient_of(const wire::Voucher& voucher, const wire::Terms& terms) const {
  return terms.homes > 1 ? shared_recipient(home_.seed(), voucher.one_time_seed)
                         : access_recipient(voucher.one_time_seed);
}

crypto::BoxKey Wallet::encryption_of(std::uint64_t n) const {
  return purchase_encryption(purchase_seed(home_.seed(), n));
}

Result<PurchaseRecord> Wallet::begin(const wire::Offer& offer, const wire::LedgerKeys::Epoch& epoch,
                                     const Intent& intent, UtcMs now, const Wanted& wanted) {
  const auto n = stored_counter(records_, purchase_counter);
  if (!n) return pass_on(n.error());
  PurchaseRecord record;
  record.n = *n;
  record.offer = offer.id;
  record.intent = intent;
  record.begun_ms = now;
  record.pocket = wanted.pocket;
  Wanted from_here = wanted;
  from_here.machine = machine_;
  auto request = make_purchase(home_, *n, offer, epoch, record.count, now, from_here);
  if (!request) return pass_on(request.error());
  record.request_jws = std::move(*request);

  store::Batch batch;
  put_counter(batch, purchase_counter, *n + 1);
  put_purchase(batch, record);
  remember_offer(batch, offer.jws);
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  return record;
}

Result<PurchaseRecord> Wallet::finish(std::uint64_t n, const std::string& receipt_jws,
                                      const crypto::SignPublicKey& ledger,
                                      const wire::LedgerKeys& keys, UtcMs now) {
  auto record = purchase(n);
  if (!record || !record->open()) return record;
  record->receipt_jws = receipt_jws.substr(0, wire::max_jws);
  const auto vouchers = finish_purchase(home_, n, record->request_jws, receipt_jws, ledger, keys);
  store::Batch batch;
  if (!vouchers) {
    record->state = PurchaseState::disputed;
    record->problem_code = code_name(vouchers.error().code);
    record->problem = vouchers.error().sentence.substr(0, 2000);
    put_purchase(batch, *record);
    auto stored = records_.commit(batch);
    return pass_on(stored ? vouchers.error() : stored.error());
  }
  record->state = PurchaseState::finished;
  record->problem_code.clear();
  record->problem.clear();
  for (const auto& voucher : *vouchers) {
    const VoucherRecord made{voucher_id(voucher), voucher, VoucherState::held, {}, false, now};
    if (record->voucher.empty()) record->voucher = made.id;
    put_voucher(batch, made);
  }
  put_purchase(batch, *record);
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  crash_point("wallet.purchase.after_commit");
  return record;
}

Result<void> Wallet::refuse(std::uint64_t n, const Error& why) {
  auto record = purchase(n);
  if (!record) return pass_on(record.error());
  record->state = PurchaseState::refused;
  record->intent_done = true;
  record->problem_code = code_name(why.code);
  record->problem = why.sentence.substr(0, 2000);
  store::Batch batch;
  put_purchase(batch, *record);
  return records_.commit(batch);
}

Result<PurchaseRecord> Wallet::purchase(std::uint64_t n) const {
  auto stored = records_.get(purchase_key(n));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return fail(Code::not_found, "This home made no such purchase.");
  return decode_purchase(**stored);
}

Result<std::vector<PurchaseRecord>> Wallet::purchases() const {
  std::vector<PurchaseRecord> all;
  auto scanned = records_.scan("purchase/", [&](std::string_view, ByteView value) -> Result<void> {
    auto record = decode_purchase(value);
    if (!record) return pass_on(record.error());
    all.push_back(std::move(*record));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return all;
}

Result<std::optional<PurchaseRecord>> Wallet::open_purchase(const wire::OfferId& offer,
                                                            const Intent& intent) const {
  auto all = purchases();
  if (!all) return pass_on(all.error());
  for (auto& record : *all) {
    if (record.open() && record.offer == offer && record.intent.same_aim(intent)) {
      return std::optional(std::move(record));
    }
  }
  return std::optional<PurchaseRecord>();
}

void Wallet::put_purchase(store::Batch& batch, const PurchaseRecord& record) const {
  put(batch, purchase_key(record.n), encode(record));
}

Result<std::vector<VoucherRecord>> Wallet::vouchers() const {
  std::vector<VoucherRecord> all;
  auto scanned = records_.scan("voucher/", [&](std::string_view, ByteView value) -> Result<void> {
    auto record = decode_voucher(value);
    if (!record) return pass_on(record.error());
    all.push_back(std::move(*record));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return all;
}

Result<VoucherRecord> Wallet::voucher(const std::string& id) const {
  auto stored = records_.get(voucher_key(id));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return fail(Code::not_found, "There is no such voucher in this wallet.");
  return decode_voucher(**stored);
}

Result<std::optional<VoucherRecord>> Wallet::held_for(const wire::OfferId& offer) const {
  auto all = vouchers();
  if (!all) return pass_on(all.error());
  for (auto& record : *all) {
    if (record.state == VoucherState::held && record.voucher.offer == offer) {
      return std::optional(std::move(record));
    }
  }
  return std::optional<VoucherRecord>();
}

Result<void> Wallet::move(store::Batch& batch, VoucherRecord record, VoucherEvent event,
                          const std::string& gift, UtcMs now) const {
  const auto next = next_state(record.state, event);
  if (!next) {
    return fail(Code::gift_state, "The voucher is " + std::string(name_of(record.state)) +
                                      " and cannot be used for this. Nothing was changed; see "
                                      "hearth wallet vouchers.");
  }
  record.state = *next;
  record.gift = gift;
  record.since_ms = now;
  put_voucher(batch, record);
  return {};
}

void Wallet::put_voucher(store::Batch& batch, const VoucherRecord& record) const {
  put(batch, voucher_key(record.id), encode(record));
}

void Wallet::remember_offer(store::Batch& batch, const std::string& offer_jws) const {
  put(batch, offer_key(crypto::sha256(as_bytes(offer_jws))), as_bytes(offer_jws));
}

Result<wire::Offer> Wallet::offer(const wire::OfferId& id) const {
  auto stored = records_.get(offer_key(id));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return fail(Code::unknown_offer, "This home does not know that offer.");
  return wire::read_offer(as_text(**stored));
}

}  // namespace hearth::node
