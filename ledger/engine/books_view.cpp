#include "ledger/engine/books_view.h"

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

Result<std::optional<books::DepositRow>> BooksView::deposit(const identity::HomeAddress& home,
                                                            const money::Amount& amount,
                                                            std::string_view reference) const {
  return read(books::deposit_key(home, amount, reference), books::decode_deposit);
}

Result<std::optional<books::AnswerRow>> BooksView::purchase(const RequestId& id) const {
  return read(books::key(books::requests, id), books::decode_answer);
}

Result<std::optional<books::AnswerRow>> BooksView::redemption(const VoucherInput& voucher) const {
  return read(books::key(books::spent, voucher), books::decode_answer);
}

Result<std::optional<Record>> BooksView::record(std::uint64_t index) const {
  return read(books::journal_key(index), [](ByteView v) {
    const auto stored = split_stored(v);
    return stored ? decode_record(stored->record) : std::nullopt;
  });
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

Result<std::vector<std::uint64_t>> BooksView::entries(const AccountId& account, std::uint64_t after,
                                                      std::size_t limit) const {
  std::vector<std::uint64_t> out;
  if (limit == 0 || after == UINT64_MAX) return out;
  const Bytes from = books::entry_key(account, after + 1);
  const Bytes to = store::prefix_end(books::key(books::entries, account.raw()));
  auto scanned = view_.scan(from, to, [&](ByteView key, ByteView) {
    Reader index(key.subspan(key.size() - 8));
    out.push_back(index.u64());
    return out.size() < limit;
  });
  if (!scanned) return pass_on(scanned.error());
  return out;
}

Result<bool> BooksView::has_entry(const AccountId& account, std::uint64_t index) const {
  const auto value = view_.get(books::entry_key(account, index));
  if (!value) return pass_on(value.error());
  return value->has_value();
}

}  // namespace hearth::ledger
