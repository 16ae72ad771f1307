#include "node/recovery/recovery.h"

#include <algorithm>
#include <random>

#include "common/base/crash_point.h"
#include "common/crypto/hash.h"
#include "node/contacts/contacts.h"
#include "node/contacts/notebook.h"
#include "node/delivery/delivery.h"
#include "node/library/records.h"
#include "node/wallet/counter.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

/// Vouchers whose fate was not asked yet: "recovery/open/<voucher>".
constexpr std::string_view open_prefix = "recovery/open/";
/// Titles that came back, by title: "recovery/title/<title>", for counting.
constexpr std::string_view title_mark = "recovery/title/";
constexpr int max_pages = 400;

std::string open_key(const std::string& voucher) {
  return std::string(open_prefix) + voucher;
}

/// Good enough an order: it hides nothing from who has the seed.
void shuffle(std::vector<std::string>& ids) {
  const auto seed = crypto::random_array<4>();
  std::mt19937 random(hearth::Reader(seed).u32());
  std::shuffle(ids.begin(), ids.end(), random);
}

}  // namespace

net::Task<Result<RecoveryResult>> Recovery::run() {
  auto keys = co_await ledger_.keys(true);
  if (!keys) co_return pass_on(keys.error());
  wire::LedgerKeys copy = *keys;
  auto done = co_await find_purchases(std::move(copy));
  if (!done) co_return pass_on(done.error());
  done = co_await find_exchanges(std::move(*keys));
  if (!done) co_return pass_on(done.error());
  done = co_await settle_vouchers();
  if (!done) co_return pass_on(done.error());
  const auto contacts = co_await find_contacts();
  if (!contacts) co_return pass_on(contacts.error());
  const auto own_offers = co_await count_own_offers();
  if (!own_offers) co_return pass_on(own_offers.error());
  auto result = counted();
  if (result) result->own_offers = *own_offers;
  if (result) result->contacts = *contacts;
  co_return result;
}

net::Task<Result<void>> Recovery::find_purchases(wire::LedgerKeys keys) {
  const auto first = stored_counter(records_, purchase_counter);
  if (!first) co_return pass_on(first.error());
  GapScan scan(*first);
  while (scan.wants_more()) {
    const std::uint64_t n = scan.number();
    told_("looking for purchases", n);
    const crypto::Seed seed = purchase_seed(keys_.seed(), n);
    crypto::BoxKey opens = purchase_encryption(seed);
    const auto receipt = co_await ledger_.stored_purchase(request_id(seed), std::move(opens));
    scan.note(receipt.has_value());
    if (!receipt && receipt.error().code == Code::not_found) continue;
    if (!receipt) co_return pass_on(receipt.error());
    auto found = recover_purchase(keys_.seed(), n, *receipt, ledger_.card().key, keys);
    if (!found) co_return pass_on(found.error());
    PurchaseRecord record;
    record.n = n;
    record.state = PurchaseState::finished;
    record.offer = found->receipt.offer;
    record.count = static_cast<std::uint32_t>(found->vouchers.size());
    record.intent_done = true;
    record.receipt_jws = *receipt;
    record.begun_ms = found->receipt.at_ms;
    record.voucher = voucher_id(found->vouchers.front());
    store::Batch batch;
    auto kept = co_await keep(std::move(found->vouchers), record.begun_ms, false, batch);
    if (!kept) co_return kept;
    wallet_.put_purchase(batch, record);
    put_counter(batch, purchase_counter, n + 1);
    auto stored = records_.commit(batch);
    if (!stored) co_return stored;
    crash_point("recovery.purchase.after_commit");
  }
  co_return Result<void>();
}

net::Task<Result<void>> Recovery::find_exchanges(wire::LedgerKeys keys) {
  const auto first = stored_counter(records_, exchange_counter);
  if (!first) co_return pass_on(first.error());
  GapScan scan(*first);
  while (scan.wants_more()) {
    const std::uint64_t m = scan.number();
    told_("looking for received gifts and cards", m);
    const auto answer = co_await ledger_.exchanged(request_id(exchange_seed(keys_.seed(), m)));
    scan.note(answer.has_value());
    if (!answer && answer.error().code == Code::not_found) continue;
    if (!answer) co_return pass_on(answer.error());
    const auto voucher = recover_exchange(keys_.seed(), m, *answer, ledger_.card().key, keys);
    if (!voucher) co_return pass_on(voucher.error());
    std::vector<wire::Voucher> vouchers(1, *voucher);
    store::Batch batch;
    auto kept = co_await keep(std::move(vouchers), now_ms(), true, batch);
    if (!kept) co_return kept;
    put_counter(batch, exchange_counter, m + 1);
    auto stored = records_.commit(batch);
    if (!stored) co_return stored;
  }
  co_return Result<void>();
}

/// As if nobody had used them; settle() asks.
net::Task<Result<void>> Recovery::keep(std::vector<wire::Voucher> vouchers, UtcMs at, bool received,
                                       store::Batch& batch) {
  const wire::OfferId offer = vouchers.front().offer;
  if (!wallet_.offer(offer)) {
    const auto entry = co_await ledger_.offer(offer);
    if (!entry) co_return pass_on(entry.error());
    wallet_.remember_offer(batch, entry->offer.jws);
  }
  for (const auto& voucher : vouchers) {
    const VoucherRecord record{voucher_id(voucher), voucher, VoucherState::held, {}, received, at};
    wallet_.put_voucher(batch, record);
    put(batch, open_key(record.id), Writer().u8(1).view());
  }
  co_return Result<void>();
}

net::Task<Result<void>> Recovery::settle_vouchers() {
  std::vector<std::string> open;
  auto scanned = records_.scan(open_prefix, [&](std::string_view id, ByteView) -> Result<void> {
    open.emplace_back(id);
    return {};
  });
  if (!scanned) co_return scanned;
  shuffle(open);
  std::uint64_t done = 0;
  for (const std::string& id : open) {
    told_("asking what became of the vouchers", ++done);
    std::string copy = id;
    auto settled = co_await settle(std::move(copy));
    if (!settled) co_return settled;
    crash_point("recovery.voucher.after_commit");
  }
  co_return Result<void>();
}

net::Task<Result<void>> Recovery::settle(std::string id) {
  auto voucher = wallet_.voucher(id);
  if (!voucher) co_return pass_on(voucher.error());
  const auto key = crypto::SignKey::from_seed(voucher->voucher.one_time_seed);
  const auto state = co_await ledger_.voucher_state(wire::voucher_input(key.public_key()));
  if (!state) co_return pass_on(state.error());
  store::Batch batch;
  if (*state == "refunded") voucher->state = VoucherState::refunded;
  if (*state == "exchanged") voucher->state = VoucherState::exchanged;
  if (*state == "redeemed") {
    auto redeemed = co_await redeem_again(*voucher, batch);
    if (!redeemed) co_return redeemed;
  }
  wallet_.put_voucher(batch, *voucher);
  erase(batch, open_key(id));
  co_return records_.commit(batch);
}

/// The same redemption gets the stored access key, if it was this home that redeemed.
net::Task<Result<void>> Recovery::redeem_again(VoucherRecord& voucher, store::Batch& batch) {
  auto offer = wallet_.offer(voucher.voucher.offer);
  if (!offer) co_return pass_on(offer.error());
  const crypto::BoxKey recipient = wallet_.recipient_of(voucher.voucher, offer->terms);
  std::string redemption = wire::write_redemption(voucher.voucher, recipient.public_key());
  const auto redeemed = co_await ledger_.redeem(std::move(redemption));
  if (!redeemed && redeemed.error().code == Code::voucher_spent) {
    voucher.state = VoucherState::given;
    co_return Result<void>();
  }
  if (!redeemed) co_return pass_on(redeemed.error());
  const auto key = open_access_key(recipient, redeemed->access_key);
  if (!key) co_return pass_on(key.error());
  voucher.state = VoucherState::redeemed;
  co_return co_await remember_title(std::move(*offer), *key, batch);
}

/// As a title whose data was removed to make room: the key stays, and fetching it costs nothing.
net::Task<Result<void>> Recovery::remember_title(wire::Offer offer, crypto::age::FileKey key,
                                                 store::Batch& batch) {
  auto torrent = co_await ledger_.torrent(offer.manifest.info_hash);
  const bool is_gone = !torrent && torrent.error().code == Code::unknown_torrent;
  if (!torrent && !is_gone) co_return pass_on(torrent.error());
  TitleRecord record;
  record.title.manifest = offer.manifest;
  record.title.manifest_jws = offer.manifest_jws;
  record.title.offer_jws = offer.jws;
  record.title.origin = TitleOrigin::received;
  record.title.key = key;
  record.title.added_ms = now_ms();
  record.forgotten = true;
  const wire::TitleId& id = offer.manifest.title;
  batch.put(title_key(id), write_title(record));
  if (torrent) batch.put(title_torrent_key(id), *torrent);
  put(batch, std::string(title_mark) + to_hex(id), Writer().u8(1).view());
  co_return Result<void>();
}

/// Who was a contact and who was blocked, with the tokens that they have; or, when the ledger kept
/// nothing, the first tokens of all for a while.
net::Task<Result<std::optional<std::uint64_t>>> Recovery::find_contacts() {
  told_("looking for contacts", 0);
  const auto sealed = co_await ledger_.notebook();
  const bool is_there = sealed.has_value();
  if (!is_there && sealed.error().code != Code::not_found) co_return pass_on(sealed.error());
  store::Batch batch;
  std::optional<std::uint64_t> found;
  if (is_there) {
    const auto contacts = put_notebook(batch, *sealed, keys_.seed(), now_ms());
    if (!contacts) co_return pass_on(contacts.error());
    found = *contacts;
  } else {
    put_tokens_of_before(batch, now_ms());
  }
  auto stored = records_.commit(batch);
  if (!stored) co_return pass_on(stored.error());
  co_return found;
}

net::Task<Result<std::uint64_t>> Recovery::count_own_offers() {
  std::uint64_t own = 0;
  std::string after;
  for (int page = 0; page < max_pages; ++page) {
    told_("looking for this home's own offers", own);
    std::string all, from = after;
    const auto answer = co_await ledger_.offers(std::move(all), std::move(from));
    if (!answer) co_return pass_on(answer.error());
    for (const auto& entry : answer->offers) {
      if (entry.offer.seller() == keys_.address()) ++own;
    }
    after = answer->next;
    if (after.empty()) break;
  }
  co_return own;
}

Result<RecoveryResult> Recovery::counted() const {
  RecoveryResult result;
  const auto vouchers = wallet_.vouchers();
  if (!vouchers) return pass_on(vouchers.error());
  for (const auto& voucher : *vouchers) {
    if (voucher.state == VoucherState::held) ++result.held;
    if (voucher.state == VoucherState::given) ++result.given;
    if (voucher.received) ++result.exchanges;
  }
  const auto purchases = wallet_.purchases();
  if (!purchases) return pass_on(purchases.error());
  result.purchases = purchases->size();
  auto scanned = records_.scan(title_mark, [&](std::string_view, ByteView) -> Result<void> {
    ++result.titles;
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return result;
}

}  // namespace hearth::node
