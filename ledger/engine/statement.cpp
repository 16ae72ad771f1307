#include "ledger/engine/statement.h"

#include <algorithm>

namespace hearth::ledger {
namespace {

std::string_view kind_for(AccountKind account, const What& what) {
  if (std::holds_alternative<Redeemed>(what)) {
    if (account == AccountKind::wallet) return "sale";
    if (account == AccountKind::fees) return "fee";
  }
  return kind_name(what);
}

}  // namespace

StatementEntry entry_of(const Record& record, const Posting& posting) {
  StatementEntry entry{record.index,
                       record.at_ms,
                       std::string(kind_for(posting.account.kind(), record.what)),
                       {posting.delta, posting.account.currency()},
                       {},
                       std::nullopt};
  if (const auto* deposit = std::get_if<Deposited>(&record.what))
    entry.reference = deposit->reference;
  if (const auto* purchase = std::get_if<Purchased>(&record.what)) {
    // Only the payer's own wallet names the request: an escrow does not tell who bought.
    if (posting.account.kind() == AccountKind::wallet)
      entry.reference = to_hex(purchase->request_id);
    entry.offer = purchase->offer;
  }
  if (const auto* redemption = std::get_if<Redeemed>(&record.what)) entry.offer = redemption->offer;
  return entry;
}

Result<std::vector<StatementEntry>> statement_of(const BooksView& books,
                                                 const std::vector<AccountId>& accounts,
                                                 std::uint64_t after, std::size_t limit) {
  std::vector<std::pair<std::uint64_t, AccountId>> places;
  for (const AccountId& account : accounts) {
    const auto indices = books.entries(account, after, limit);
    if (!indices) return pass_on(indices.error());
    for (const std::uint64_t index : *indices) places.emplace_back(index, account);
  }
  std::sort(places.begin(), places.end());
  if (places.size() > limit) places.resize(limit);

  std::vector<StatementEntry> out;
  for (const auto& [index, account] : places) {
    const auto record = books.record(index);
    if (!record) return pass_on(record.error());
    const Posting* posting = nullptr;
    if (*record)
      for (const Posting& candidate : (*record)->postings)
        if (candidate.account == account) posting = &candidate;
    if (!posting)
      return fail(Code::corrupt, "The journal has no record " + std::to_string(index) +
                                     " for an entry of an account. Nothing was changed; the "
                                     "operator must run `hearth-ledger audit`.");
    out.push_back(entry_of(**record, *posting));
  }
  return out;
}

}  // namespace hearth::ledger
