#include "ledger/engine/statement.h"

#include <utility>

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

/// The entries of one account, a waypoint's worth read ahead.
class OfAccount {
 public:
  OfAccount(const BooksView& books, const AccountId& account, std::uint64_t after)
      : books_(books), account_(account), after_(after) {}

  /// Whether there is one more.
  Result<bool> next() {
    if (at_ < read_.size()) return true;
    if (ended_) return false;
    auto more = books_.entries(account_, after_, books::entries_per_waypoint);
    if (!more) return pass_on(more.error());
    read_ = std::move(*more);
    at_ = 0;
    ended_ = read_.size() < books::entries_per_waypoint;
    if (!read_.empty()) after_ = read_.back().record.index;
    return !read_.empty();
  }
  /// Of the next one.
  std::pair<std::uint64_t, AccountId> place() const { return {read_[at_].record.index, account_}; }
  StatementEntry take() {
    const BooksView::Entry& entry = read_[at_++];
    StatementEntry out = entry_of(entry.record, entry.posting);
    out.balance_after = entry.balance_after;
    return out;
  }

 private:
  const BooksView& books_;
  AccountId account_;
  std::uint64_t after_;
  std::vector<BooksView::Entry> read_;
  std::size_t at_ = 0;
  bool ended_ = false;
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
  std::vector<OfAccount> left;
  for (const AccountId& account : accounts) left.emplace_back(books, account, after);
  std::vector<StatementEntry> out;
  while (true) {
    OfAccount* first = nullptr;
    for (OfAccount& one : left) {
      const auto next = one.next();
      if (!next) return pass_on(next.error());
      if (*next && (!first || one.place() < first->place())) first = &one;
    }
    if (!first) return out;
    // A record's entries stay together, for who asks on from the last index would miss the rest.
    const bool of_last_record = !out.empty() && out.back().index == first->place().first;
    if (out.size() >= limit && !of_last_record) return out;
    out.push_back(first->take());
  }
}

}  // namespace hearth::ledger
