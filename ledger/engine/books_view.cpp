#include "ledger/engine/books_view.h"

#include <algorithm>
#include <iterator>

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

tl::unexpected<Error> damaged(std::string_view prefix) {
  return fail(Code::corrupt, "The ledger's books are damaged: a value under \"" +
                                 std::string(prefix) +
                                 "\" cannot be read. Nothing was changed; run `hearth-ledger "
                                 "audit`, and restore the last backup if it finds more.");
}

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> exactly(ByteView bytes) {
  if (bytes.size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

}  // namespace

std::optional<PurchaseFacts> books::purchase_facts(const RequestId& id, Kept kept) {
  auto& [record, beside] = kept;
  const auto* what = std::get_if<Purchased>(&record.what);
  if (!what || what->request_id != id || record.postings.size() != 2) return std::nullopt;
  const Posting& paid = record.postings[1];
  const money::Currency currency = paid.account.currency();
  return PurchaseFacts{id,
                       what->request_hash,
                       record.index,
                       what->home,
                       what->offer,
                       what->epoch,
                       what->pocket,
                       what->vouchers,
                       {paid.delta, currency},
                       {beside.standings[0].balance_after, currency},
                       record.at_ms,
                       std::move(beside.evaluation),
                       true};
}

std::optional<TransferFacts> books::transfer_facts(const RequestId& id, const Kept& kept) {
  const auto* what = std::get_if<Transferred>(&kept.record.what);
  if (!what || what->request_id != id || kept.record.postings.size() != 2) return std::nullopt;
  return TransferFacts{what->request_hash,
                       {kept.record.index, kept.beside.standings[0].balance_after, true}};
}

template <class Decode>
auto BooksView::read(const Bytes& key, Decode decode) const
    -> Result<decltype(decode(ByteView{}))> {
  auto value = view_.get(key);
  if (!value) return pass_on(value.error());
  if (!*value) return decltype(decode(ByteView{}))(std::nullopt);
  auto decoded = decode(**value);
  if (!decoded) return damaged(as_text(ByteView(key).subspan(0, books::accounts.size())));
  return decoded;
}

Result<void> BooksView::each(std::string_view prefix, ByteView id_start,
                             const std::function<Step(ByteView, ByteView)>& visit) const {
  const Bytes from = books::key(prefix, id_start);
  bool is_damaged = false;
  auto scanned = view_.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    const Step step = visit(key.subspan(prefix.size()), value);
    is_damaged = step == Step::damaged;
    return step == Step::next;
  });
  if (!scanned) return scanned;
  if (is_damaged) return damaged(prefix);
  return {};
}

Result<Tree> BooksView::tree() const {
  auto tree = read(books::key(books::tree, {}), [](ByteView v) { return Tree::decode(v); });
  if (!tree) return pass_on(tree.error());
  return tree->value_or(Tree());
}

Result<std::vector<money::Currency>> BooksView::currencies() const {
  auto kept = read(books::key(books::currencies, {}), books::decode_currencies);
  if (!kept) return pass_on(kept.error());
  return kept->value_or(std::vector<money::Currency>());
}

Result<std::optional<Account>> BooksView::account(const AccountId& id) const {
  return read(books::key(books::accounts, id.raw()), books::decode_account);
}

Result<std::optional<books::HomeRow>> BooksView::home(const identity::HomeAddress& home) const {
  return read(books::key(books::homes, home.key), books::decode_home);
}

Result<std::optional<books::OfferRow>> BooksView::offer(const OfferId& id) const {
  return read(books::key(books::offers, id),
              [&id](ByteView v) { return books::decode_offer(id, v); });
}

Result<std::optional<books::BookingRow>> BooksView::booking(std::string_view letter,
                                                            const AccountId& account,
                                                            std::int64_t minor,
                                                            std::string_view reference) const {
  return read(books::booking_key(letter, account, minor, reference), books::decode_booking);
}

Result<std::optional<books::AdjustmentRow>> BooksView::adjustment(const AdjustmentId& id) const {
  return read(books::key(books::adjustments, id), books::decode_adjustment);
}

Result<std::optional<books::RequestRow>> BooksView::request(const RequestId& id) const {
  return read(books::key(books::requests, id), books::decode_request);
}

Result<std::optional<books::SpentRow>> BooksView::spent_voucher(const VoucherInput& voucher) const {
  return read(books::key(books::spent, voucher), books::decode_spent);
}

Result<std::optional<books::StateRow>> BooksView::state(const AccountId& id) const {
  return read(books::key(books::states, id.raw()), books::decode_state);
}

Result<std::optional<books::LimitsRow>> BooksView::limits_row(const AccountId& main_wallet) const {
  return read(books::key(books::limits, main_wallet.raw()), books::decode_limits);
}

Result<std::optional<books::FeesRow>> BooksView::fees_row(const money::Currency& currency) const {
  return read(books::fees_key(currency), books::decode_fees);
}

Result<std::optional<books::EpochRow>> BooksView::epoch(std::uint32_t epoch) const {
  return read(books::epoch_key(epoch), books::decode_epoch);
}

Result<Limits> BooksView::limits(const identity::HomeAddress& home,
                                 const money::Currency& currency) const {
  const auto row = limits_row(AccountId::wallet(home, currency));
  if (!row) return pass_on(row.error());
  return *row ? (*row)->limits : Limits{};
}

Result<Spent> BooksView::spent(const identity::HomeAddress& home,
                               const money::Currency& currency) const {
  const auto row = read(books::key(books::spending, AccountId::wallet(home, currency).raw()),
                        books::decode_spending);
  if (!row) return pass_on(row.error());
  return row->value_or(Spent{});
}

Result<Fees> BooksView::fees(const money::Currency& currency) const {
  const auto row = fees_row(currency);
  if (!row) return pass_on(row.error());
  return *row ? (*row)->fees : Fees{};
}

Result<std::optional<Kept>> BooksView::kept_request(const RequestId& id) const {
  const auto row = request(id);
  if (!row) return pass_on(row.error());
  if (!*row) return std::optional<Kept>();
  auto found = kept((*row)->index);
  if (found && !*found) return damaged(books::requests);
  return found;
}

Result<std::optional<PurchaseFacts>> BooksView::purchase(const RequestId& id) const {
  auto known = kept_request(id);
  if (!known) return pass_on(known.error());
  if (!*known || !std::holds_alternative<Purchased>((*known)->record.what))
    return std::optional<PurchaseFacts>();
  auto facts = books::purchase_facts(id, std::move(**known));
  if (!facts) return damaged(books::requests);
  return facts;
}

Result<std::optional<TransferFacts>> BooksView::transfer(const RequestId& id) const {
  const auto known = kept_request(id);
  if (!known) return pass_on(known.error());
  if (!*known || !std::holds_alternative<Transferred>((*known)->record.what))
    return std::optional<TransferFacts>();
  const auto facts = books::transfer_facts(id, **known);
  if (!facts) return damaged(books::requests);
  return facts;
}

Result<std::optional<VoucherFacts>> BooksView::voucher(const VoucherInput& voucher) const {
  auto row = spent_voucher(voucher);
  if (!row) return pass_on(row.error());
  if (!*row) return std::optional<VoucherFacts>();
  return VoucherFacts{(*row)->end, (*row)->index, (*row)->request_hash, std::move((*row)->kept),
                      true};
}

Result<std::optional<VoucherFacts>> BooksView::share(
    const VoucherInput& voucher, const crypto::Sha256Digest& request_hash) const {
  for (std::uint8_t number = 2; number <= max_homes; ++number) {
    auto row = read(books::share_key(voucher, number), books::decode_spent);
    if (!row) return pass_on(row.error());
    if (!*row) break;  // they are numbered without gaps
    if ((*row)->request_hash == request_hash)
      return VoucherFacts{(*row)->end, (*row)->index, request_hash, std::move((*row)->kept), true};
  }
  return std::optional<VoucherFacts>();
}

Result<std::optional<Record>> BooksView::record(std::uint64_t index) const {
  return read(books::journal_key(index), [](ByteView v) {
    const auto stored = split_stored(v);
    return stored ? decode_record(stored->record) : std::nullopt;
  });
}

Result<std::optional<Kept>> BooksView::kept(std::uint64_t index) const {
  return read(books::journal_key(index), decode_kept);
}

Result<void> BooksView::each_account(
    const std::function<bool(const AccountId&, const Account&)>& visit) const {
  return each(books::accounts, {}, [&visit](ByteView id_bytes, ByteView value) {
    const auto id = AccountId::from_raw(id_bytes);
    const auto account = books::decode_account(value);
    if (!id || !account) return Step::damaged;
    return visit(*id, *account) ? Step::next : Step::stop;
  });
}

Result<void> BooksView::each_home(
    const std::function<bool(const identity::HomeAddress&, const books::HomeRow&)>& visit) const {
  return each(books::homes, {}, [&visit](ByteView id, ByteView value) {
    const auto home = exactly<32>(id);
    const auto row = books::decode_home(value);
    if (!home || !row) return Step::damaged;
    return visit({*home}, *row) ? Step::next : Step::stop;
  });
}

Result<void> BooksView::each_offer(const std::function<bool(const books::OfferRow&)>& visit) const {
  return each(books::offers, {}, [&visit](ByteView id_bytes, ByteView value) {
    const auto id = exactly<32>(id_bytes);
    const auto row = id ? books::decode_offer(*id, value) : std::nullopt;
    if (!row) return Step::damaged;
    return visit(*row) ? Step::next : Step::stop;
  });
}

Result<std::vector<std::pair<AccountId, Account>>> BooksView::accounts_of(
    AccountKind kind, const std::array<std::uint8_t, 32>& subject) const {
  Bytes start{static_cast<std::uint8_t>(kind)};
  append(start, subject);
  std::vector<std::pair<AccountId, Account>> out;
  auto scanned = each(books::accounts, start, [&out](ByteView id_bytes, ByteView value) {
    const auto id = AccountId::from_raw(id_bytes);
    const auto account = books::decode_account(value);
    if (!id || !account) return Step::damaged;
    out.emplace_back(*id, *account);
    return Step::next;
  });
  if (!scanned) return pass_on(scanned.error());
  return out;
}

Result<std::vector<BooksView::EpochEntry>> BooksView::epochs() const {
  std::vector<EpochEntry> out;
  auto scanned = each(books::epochs, {}, [&out](ByteView id, ByteView value) {
    const auto row = books::decode_epoch(value);
    if (id.size() != 4 || !row) return Step::damaged;
    out.push_back({Reader(id).u32(), row->index, row->key, row->from_ms});
    return Step::next;
  });
  if (!scanned) return pass_on(scanned.error());
  return out;
}

Result<void> BooksView::each_spending(
    const std::function<bool(const AccountId&, const Limits&)>& visit) const {
  return each(books::limits, {}, [&visit](ByteView id_bytes, ByteView value) {
    const auto id = AccountId::from_raw(id_bytes);
    const auto row = books::decode_limits(value);
    if (!id || !row) return Step::damaged;
    return visit(*id, row->limits) ? Step::next : Step::stop;
  });
}

Result<void> BooksView::each_fees(
    const std::function<bool(const money::Currency&, const books::FeesRow&)>& visit) const {
  return each(books::fees, {}, [&visit](ByteView id, ByteView value) {
    const auto currency = money::Currency::from_code(as_text(id));
    const auto row = books::decode_fees(value);
    if (!currency || !row) return Step::damaged;
    return visit(*currency, *row) ? Step::next : Step::stop;
  });
}

Result<std::uint64_t> BooksView::entry_to_walk_from(const AccountId& account,
                                                    std::uint64_t after) const {
  std::uint64_t waypoint = 0;
  const Bytes to = store::prefix_end(books::key(books::entries, account.raw()));
  auto scanned = view_.scan(books::entry_key(account, after + 1), to, [&](ByteView key, ByteView) {
    waypoint = Reader(key.subspan(key.size() - 8)).u64();
    return false;
  });
  if (!scanned) return pass_on(scanned.error());
  if (waypoint > 0) return waypoint;
  const auto held = this->account(account);
  if (!held) return pass_on(held.error());
  return *held ? (*held)->last_entry : 0;
}

Result<std::vector<BooksView::Entry>> BooksView::walk_back(const AccountId& account,
                                                           std::uint64_t from,
                                                           std::uint64_t after) const {
  std::vector<Entry> out;
  for (std::uint64_t index = from; index > after;) {
    auto found = kept(index);
    if (!found) return pass_on(found.error());
    if (!*found || out.size() == books::entries_per_waypoint) return damaged(books::entries);
    auto& [record, beside] = **found;
    const auto posting = std::find_if(record.postings.begin(), record.postings.end(),
                                      [&](const Posting& one) { return one.account == account; });
    if (posting == record.postings.end()) return damaged(books::entries);
    const Posting own = *posting;
    const Standing standing =
        beside.standings[static_cast<std::size_t>(posting - record.postings.begin())];
    if (standing.previous >= index) return damaged(books::entries);
    out.push_back({std::move(record), own, standing.balance_after});
    index = standing.previous;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Result<std::vector<BooksView::Entry>> BooksView::entries(const AccountId& account,
                                                         std::uint64_t after,
                                                         std::size_t limit) const {
  std::vector<Entry> out;
  while (out.size() < limit && after < UINT64_MAX) {
    const auto from = entry_to_walk_from(account, after);
    if (!from) return pass_on(from.error());
    auto walked = walk_back(account, *from, after);
    if (!walked) return pass_on(walked.error());
    if (walked->empty()) break;
    after = *from;
    std::ranges::move(*walked, std::back_inserter(out));
  }
  if (out.size() > limit) out.erase(out.begin() + static_cast<std::ptrdiff_t>(limit), out.end());
  return out;
}

}  // namespace hearth::ledger
