#include "ledger/admin/audit.h"

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::uint64_t progress_every = 1'000;

using Found = Result<std::optional<Difference>>;

std::optional<Difference> at(std::uint64_t index, std::string what) {
  return Difference{index, std::move(what)};
}
std::optional<Difference> nowhere(std::string what) {
  return Difference{std::nullopt, std::move(what)};
}

/// Every record in order, without gaps, each compared as it is replayed.
Found replay_journal(const store::View& view, Replay& replay, std::uint64_t total,
                     const AuditProgress& progress) {
  Found found{std::nullopt};
  const Bytes from = books::key(books::journal, {});
  auto scanned = view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    const std::uint64_t expected = replay.tree().size();
    if (to_bytes(key) != books::journal_key(expected)) {
      found = at(expected, "the record is missing");
      return false;
    }
    found = replay.next(value);
    if (progress && expected % progress_every == 0) progress(expected, total);
    return found && !*found;
  });
  if (!scanned) return pass_on(scanned.error());
  return found;
}

Difference balance_differs(const AccountId& id, const Replay::ReplayedAccount& replayed,
                           const std::optional<Account>& stored) {
  const auto shown = [&id](const Account& account) {
    std::string text = money::format({account.balance, id.currency()});
    if (id.kind() == AccountKind::escrow)
      text += ", " + std::to_string(account.bought) + " vouchers bought, " +
              std::to_string(account.redeemed) + " redeemed";
    return text;
  };
  return {replayed.last_index,
          "account " + id.text() + " holds " + (stored ? shown(*stored) : std::string("nothing")) +
              " in the books but " + shown(replayed.account) + " by the journal up to this record"};
}

Found compare_accounts(const BooksView& books, const Replay& replay) {
  std::optional<Difference> found;
  auto replayed = replay.accounts().begin();
  auto scanned = books.each_account([&](const AccountId& id, const Account& stored) {
    if (replayed == replay.accounts().end() || id < replayed->first) {
      found = nowhere("account " + id.text() + " is in the books but not in the journal");
    } else if (replayed->first < id) {
      found = balance_differs(replayed->first, replayed->second, std::nullopt);
    } else if (replayed->second.account != stored) {
      found = balance_differs(id, replayed->second, stored);
    } else {
      ++replayed;
    }
    return !found;
  });
  if (!scanned) return pass_on(scanned.error());
  if (!found && replayed != replay.accounts().end())
    found = balance_differs(replayed->first, replayed->second, std::nullopt);
  return found;
}

Found compare_homes(const BooksView& books, const Replay& replay) {
  for (const auto& [home, replayed] : replay.homes()) {
    const auto stored = books.home(home);
    if (!stored) return pass_on(stored.error());
    if (!*stored) return at(replayed.index, "the home that it opened is not in the books");
    if ((*stored)->index != replayed.index || (*stored)->name != replayed.name)
      return at(replayed.index, "the home that it opened is in the books with other content");
  }
  return std::optional<Difference>();
}

/// Each record's rows were found; as many rows as records means that there is none besides.
Found compare_counts(const store::View& view, const Replay& replay) {
  const auto& counts = replay.counts();
  const struct {
    std::string_view prefix;
    std::uint64_t expected;
    const char* rows;
    const char* records;
  } table[] = {
      {books::homes, replay.homes().size(), "homes", "opened homes"},
      {books::offers, replay.offers().size(), "offers", "registered offers"},
      {books::deposits, counts.deposits, "answers of deposits", "deposits"},
      {books::requests, counts.purchases, "receipts", "purchases"},
      {books::spent, counts.redemptions, "spent vouchers", "redemptions"},
      {books::entries, counts.entries, "entries of accounts", "postings"},
  };
  for (const auto& row : table) {
    std::uint64_t stored = 0;
    const Bytes from = books::key(row.prefix, {});
    auto scanned = view.scan(from, store::prefix_end(from), [&stored](ByteView, ByteView) {
      ++stored;
      return true;
    });
    if (!scanned) return pass_on(scanned.error());
    if (stored != row.expected)
      return nowhere("the books keep " + std::to_string(stored) + " " + row.rows +
                     ", the journal has " + std::to_string(row.expected) + " " + row.records);
  }
  return std::optional<Difference>();
}

/// Damaged values of single keys are findings too, not reasons to give up.
std::optional<Difference> compare_tree(const Result<Tree>& stored, const Replay& replay) {
  if (!stored) return nowhere("the stored tree cannot be read");
  if (replay.tree().size() < stored->size())
    return at(replay.tree().size(),
              "the record is missing; the tree has " + std::to_string(stored->size()) + " records");
  if (replay.tree().size() > stored->size())
    return at(stored->size(), "the record is not in the tree");
  if (!(replay.tree() == *stored))
    return nowhere("the journal's root is " + to_hex(replay.tree().root()) + ", the stored one " +
                   to_hex(stored->root()));
  return std::nullopt;
}

}  // namespace

Result<AuditReport> audit(const store::View& view, const AuditProgress& progress) {
  const BooksView books(view);
  Replay replay(books);
  const auto stored_tree = books.tree();
  if (!stored_tree && stored_tree.error().code != Code::corrupt)
    return pass_on(stored_tree.error());
  const std::uint64_t total = stored_tree ? stored_tree->size() : 0;

  Found found = replay_journal(view, replay, total, progress);
  if (found && !*found) found = compare_tree(stored_tree, replay);
  if (found && !*found) found = compare_accounts(books, replay);
  if (found && !*found) found = compare_homes(books, replay);
  if (found && !*found) found = compare_counts(view, replay);
  if (found && !*found) {
    const auto kept = books.currencies();
    if (!kept || *kept != replay.currencies()) found = nowhere("the stored currencies differ");
  }
  AuditReport report{
      replay.tree().size(), replay.accounts().size(), replay.homes().size(), replay.offers().size(),
      replay.counts(),      replay.tree().root(),     std::nullopt};
  if (!found && found.error().code != Code::corrupt) return pass_on(found.error());
  report.difference =
      found
          ? *found
          : std::optional(Difference{
                replay.tree().size() == 0 ? std::nullopt : std::optional(replay.tree().size() - 1),
                found.error().sentence});
  if (progress) progress(replay.tree().size(), total);
  return report;
}

}  // namespace hearth::ledger
