#include "ledger/engine/statement.h"

#include <algorithm>
#include <tuple>

namespace hearth::ledger {
namespace {

std::string_view kind_for(AccountKind account, const What& what) {
  if (std::holds_alternative<Redeemed>(what)) {
    if (account == AccountKind::wallet) return "sale";
    if (account == AccountKind::fees) return "fee";
  }
  return kind_name(what);
}

/// What the account's owner knows the record by, and the offer that it is about. Only the payer's
/// own wallet names a purchase's request: an escrow does not tell who bought.
struct Naming {
  AccountKind account;
  StatementEntry& entry;

  void operator()(const Deposited& what) const { entry.reference = what.reference; }
  void operator()(const Withdrawn& what) const { entry.reference = what.reference; }
  void operator()(const Adjusted& what) const { entry.reference = what.reason; }
  void operator()(const Transferred& what) const { entry.reference = to_hex(what.request_id); }
  void operator()(const Purchased& what) const {
    if (account == AccountKind::wallet) entry.reference = to_hex(what.request_id);
    entry.offer = what.offer;
  }
  void operator()(const Redeemed& what) const { entry.offer = what.offer; }
  void operator()(const Refunded& what) const { entry.offer = what.offer; }
  void operator()(const Exchanged& what) const { entry.offer = what.offer; }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

StatementEntry entry_of(const Record& record, const Posting& posting) {
  StatementEntry entry{record.index,
                       record.at_ms,
                       std::string(kind_for(posting.account.kind(), record.what)),
                       {posting.delta, posting.account.currency()},
                       {},
                       std::nullopt,
                       0,
                       0};
  if (posting.account.kind() == AccountKind::wallet) entry.pocket = posting.account.pocket();
  std::visit(Naming{posting.account.kind(), entry}, record.what);
  return entry;
}

Result<std::vector<StatementEntry>> statement_of(const BooksView& books,
                                                 const std::vector<AccountId>& accounts,
                                                 std::uint64_t after, std::size_t limit) {
  struct Place {
    BooksView::Entry entry;
    const AccountId* account;
  };
  std::vector<Place> places;
  for (const AccountId& account : accounts) {
    const auto entries = books.entries_with_balance(account, after, limit);
    if (!entries) return pass_on(entries.error());
    for (const auto& entry : *entries) places.push_back({entry, &account});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::tie(a.entry.index, *a.account) < std::tie(b.entry.index, *b.account);
  });
  // A record's entries stay together, for who asks on from the last index would miss the rest.
  std::size_t end = std::min(limit, places.size());
  while (end > 0 && end < places.size() && places[end].entry.index == places[end - 1].entry.index)
    ++end;
  places.resize(end);

  std::vector<StatementEntry> out;
  for (const auto& [entry, account] : places) {
    const auto record = books.record(entry.index);
    if (!record) return pass_on(record.error());
    const Posting* posting = nullptr;
    if (*record)
      for (const Posting& candidate : (*record)->postings)
        if (candidate.account == *account) posting = &candidate;
    if (!posting)
      return fail(Code::corrupt, "The journal has no record " + std::to_string(entry.index) +
                                     " for an entry of an account. Nothing was changed; the "
                                     "operator must run `hearth-ledger audit`.");
    out.push_back(entry_of(**record, *posting));
    out.back().balance_after = entry.balance_after;
  }
  return out;
}

}  // namespace hearth::ledger
