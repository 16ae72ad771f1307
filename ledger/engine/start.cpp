// How the engine starts: the books' balances and rules into memory, and a look whether they can be
// the books that a ledger left.
#include <algorithm>
#include <numeric>

#include "common/store/ahead.h"
#include "ledger/engine/book_tiles.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/writer_engine.h"

namespace hearth::ledger {
namespace {

Result<std::vector<money::Currency>> kept_currencies(const Engine::Options& options,
                                                     const std::vector<money::Currency>& before) {
  if (options.currencies.empty() && !before.empty()) return before;
  const std::vector<std::string> fresh{"EUR"};
  std::vector<money::Currency> out;
  for (const std::string& code : options.currencies.empty() ? fresh : options.currencies) {
    auto currency = money::Currency::from_code(code);
    if (!currency) return pass_on(currency.error());
    out.push_back(*currency);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

tl::unexpected<Error> refuse_to_start(std::string_view why) {
  return fail(Code::corrupt, "The ledger's books are damaged: " + std::string(why) +
                                 " The ledger does not start on them. Nothing was changed; run "
                                 "`hearth-ledger audit`, and restore the last backup.");
}

/// The machine asserts these of every account it changes; damaged data must not get that far.
bool obeys_rules(const AccountId& id, const Account& account, const Machine& machine) {
  if (id.kind() == AccountKind::adjustments) return true;
  if (id.kind() == AccountKind::cash) return account.balance <= 0;
  if (account.balance < 0) return false;
  if (id.kind() != AccountKind::escrow) return true;
  const OfferTerms* terms = machine.offer(id.offer());
  const auto due = static_cast<__int128>(account.outstanding()) * (terms ? terms->price.minor : 0);
  return terms && due == account.balance;
}

Result<void> load_rules(const BooksView& books, Machine& machine) {
  auto loaded = books.each_fees([&](const money::Currency& currency, const books::FeesRow& row) {
    machine.load_fees(currency, row.fees);
    return true;
  });
  if (!loaded) return loaded;
  Result<void> read;
  loaded = books.each_spending([&](const AccountId& main_wallet, const Limits& limits) {
    const auto spent = books.spent(main_wallet.home(), main_wallet.currency());
    if (spent)
      machine.load_spending(main_wallet, {limits, *spent});
    else
      read = pass_on(spent.error());
    return read.has_value();
  });
  if (!loaded || !read) return loaded ? read : loaded;
  const auto epochs = books.epochs();
  if (!epochs) return pass_on(epochs.error());
  if (!epochs->empty()) machine.load_epoch(epochs->back().epoch);
  return {};
}

struct Held {
  AccountId id;
  Account account;
};

/// Balances and offers into the machine; their sums must be zero. Counts the homes. The accounts
/// are most of a start: they are read and entered on two threads.
Result<void> load(const BooksView& books, Machine& machine, std::uint64_t& homes) {
  auto loaded = books.each_offer([&](const books::OfferRow& row) {
    machine.load_offer(row.terms);
    return true;
  });
  if (!loaded) return loaded;
  OfferId last_home{};
  store::Ahead<Held> accounts([&books](const auto& give) {
    return books.each_account([&give](const AccountId& id, const Account& account) {
      return give({id, account});
    });
  });
  while (const Held* held = accounts.next()) {
    const auto& [id, account] = *held;
    machine.load_account(id, account);
    if (id.kind() == AccountKind::wallet && (homes == 0 || id.offer() != last_home))
      ++homes, last_home = id.offer();  // a home's wallets stand together
    if (obeys_rules(id, account, machine)) continue;
    // The sentence is logged: no home address in it.
    return refuse_to_start("the balance of " +
                           (id.kind() == AccountKind::wallet ? "a home's wallet" : id.text()) +
                           " breaks its rule.");
  }
  if (!accounts.ended()) return accounts.ended();
  for (const auto& row : machine.totals().currencies)
    if (std::accumulate(row.balances.begin(), row.balances.end(), __int128{0}) != 0)
      return refuse_to_start("the balances in " + std::string(row.currency.code()) +
                             " do not sum to zero.");
  return load_rules(books, machine);
}

/// The stored tree must end where the journal ends; how it ends.
Result<void> load_end(const store::View& view, JournalEnd& end) {
  const BooksView books(view);
  auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  const std::uint64_t size = tree->size();
  const auto beyond = books.record(size);
  if (!beyond) return pass_on(beyond.error());
  if (*beyond) return refuse_to_start("the journal and its tree are of different length.");
  if (size > 0) {
    const auto last = books.record(size - 1);
    if (!last) return pass_on(last.error());
    if (!*last) return refuse_to_start("the journal and its tree are of different length.");
    end.last_ms = (*last)->at_ms;
  }
  BookTiles reader(view);
  auto tiles = Tiles::load(size, reader);
  if (!tiles) return pass_on(tiles.error());
  end.tree = std::move(*tree);
  end.tiles = std::move(*tiles);
  return {};
}

/// What the options want otherwise than the books have it, as records of their own.
Result<void> apply_options(OpenBatch& batch, const Machine& machine, const BooksView& books,
                           const Engine::Options& options, bool other_currencies) {
  constexpr const char* by = "configuration";
  if (other_currencies) batch.keep_currencies(machine.currencies(), now_ms());
  for (const auto& currency : machine.currencies()) {
    const auto known = books.fees_row(currency);
    if (!known) return pass_on(known.error());
    const auto& wanted = options.fees || *known ? options.fees : options.first_fees;
    if (!wanted || (*known && (*known)->fees == *wanted)) continue;
    if (auto set = batch.set_fees({currency, *wanted, by, now_ms()}); !set)
      return pass_on(set.error());
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(store::Store& store, Options options) {
  const BooksView books(store);
  JournalEnd end;
  if (auto loaded = load_end(store, end); !loaded) return pass_on(loaded.error());
  const auto before = books.currencies();
  if (!before) return pass_on(before.error());
  const auto kept = kept_currencies(options, *before);
  if (!kept) return pass_on(kept.error());
  Machine machine(*kept);
  if (auto loaded = load(books, machine, end.homes); !loaded) return pass_on(loaded.error());
  const auto epoch = store.claim();
  if (!epoch) return pass_on(epoch.error());
  {
    Salts salts;
    OpenBatch batch(machine, end, salts, store);
    if (auto applied = apply_options(batch, machine, books, options, *kept != *before); !applied)
      return pass_on(applied.error());
    batch.finish();
    if (!batch.writes().empty()) {
      const auto written = store.commit(batch.writes(), *epoch);
      if (!written) return pass_on(written.error());
    }
    machine.merge();
    end = batch.end();
  }
  return make_engine(store, *epoch, std::move(machine), std::move(end), options);
}

}  // namespace hearth::ledger
