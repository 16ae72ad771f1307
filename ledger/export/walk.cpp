#include "ledger/export/walk.h"

#include <algorithm>

namespace hearth::ledger {
namespace {

tl::unexpected<Error> damaged(const std::string& what) {
  return fail(Code::corrupt,
              "The ledger's books are damaged: " + what +
                  " cannot be read. Nothing was changed; run `hearth-ledger audit`, and restore "
                  "the last backup if it finds more.");
}

}  // namespace

Result<void> each_account_after(const store::View& view, const std::optional<AccountId>& after,
                                const std::optional<AccountKind>& kind, const VisitAccount& visit) {
  Bytes of_kind = books::key(books::accounts, {});
  if (kind) of_kind.push_back(static_cast<std::uint8_t>(*kind));
  Bytes from = of_kind;
  if (after) {
    from = books::key(books::accounts, after->raw());
    from.push_back(0);  // the first key that is greater
    from = std::max(from, of_kind);
  }
  const Bytes to = store::prefix_end(of_kind);
  bool readable = true;
  const auto scanned = view.scan(from, to, [&](ByteView key, ByteView value) {
    const auto id = AccountId::from_raw(key.subspan(books::accounts.size()));
    const auto account = books::decode_account(value);
    readable = id && account;
    return readable && visit(*id, *account);
  });
  if (!scanned) return scanned;
  if (!readable) return damaged("an account");
  return {};
}

Result<void> each_offer_after(const store::View& view, ByteView after,
                              const std::function<bool(const books::OfferRow&)>& visit) {
  Bytes from = books::key(books::offers, after);
  if (!after.empty()) from.push_back(0);
  const Bytes to = store::prefix_end(as_bytes(books::offers));
  bool readable = true;
  const auto scanned = view.scan(from, to, [&](ByteView key, ByteView value) {
    OfferId id{};
    const ByteView raw = key.subspan(books::offers.size());
    readable = raw.size() == id.size();
    if (!readable) return false;
    std::copy(raw.begin(), raw.end(), id.begin());
    const auto row = books::decode_offer(id, value);
    readable = row.has_value();
    return readable && visit(*row);
  });
  if (!scanned) return scanned;
  if (!readable) return damaged("an offer");
  return {};
}

Result<bool> was_used_before(const BooksView& books, const AccountId& account, std::uint64_t end) {
  const auto first = books.entries(account, 0, 1);
  if (!first) return pass_on(first.error());
  return !first->empty() && first->front().record.index < end;
}

}  // namespace hearth::ledger
