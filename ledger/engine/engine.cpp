#include "ledger/engine/engine.h"

#include <algorithm>
#include <map>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "ledger/engine/statement.h"
#include "ledger/engine/writer.h"

namespace hearth::ledger {
namespace {

template <class T>
class WorkOf : public Work {
 public:
  WorkOf(std::function<Result<T>(OpenBatch&)> run, Engine::Answer<T> reply)
      : run_(std::move(run)), reply_(std::move(reply)) {}
  void apply(OpenBatch& batch) override { result_ = run_(batch); }
  void answer(const Error* failure) override {
    if (failure) result_ = tl::unexpected<Error>(*failure);
    HEARTH_ASSERT(result_.has_value());
    reply_(std::move(*result_));
  }

 private:
  std::function<Result<T>(OpenBatch&)> run_;
  Engine::Answer<T> reply_;
  std::optional<Result<T>> result_;
};

bool touches_books(const store::Batch& side) {
  return std::any_of(side.entries().begin(), side.entries().end(), [](const auto& entry) {
    return as_text(entry.key).starts_with(books::prefix);
  });
}

class WriterEngine : public Engine {
 public:
  WriterEngine(store::Store& store, std::uint64_t epoch, Machine machine, Tree tree,
               const Options& options)
      : store_(store), writer_(store, epoch, std::move(machine), std::move(tree), options) {}

  void submit_open(identity::HomeAddress home, std::string name, UtcMs at_ms,
                   Answer<std::uint64_t> answer) override {
    OpenCommand command{home, std::move(name), at_ms};
    submit<std::uint64_t>(
        [command = std::move(command)](OpenBatch& batch) -> Result<std::uint64_t> {
          if (auto name_ok = checked_name(command.name); !name_ok) return pass_on(name_ok.error());
          return batch.open(command);
        },
        std::move(answer));
  }

  void submit_offer(OfferTerms terms, store::Batch side, UtcMs at_ms,
                    Answer<std::uint64_t> answer) override {
    HEARTH_ASSERT(!touches_books(side));
    submit<std::uint64_t>([terms = std::move(terms), side = std::move(side),
                           at_ms](OpenBatch& batch) { return batch.offer(terms, side, at_ms); },
                          std::move(answer));
  }

  void submit_deposit(DepositCommand command, Answer<AppliedDeposit> answer) override {
    submit<AppliedDeposit>(
        [command = std::move(command)](OpenBatch& batch) { return batch.deposit(command); },
        std::move(answer));
  }

  void submit_purchase(PurchaseCommand command,
                       std::function<Bytes(const AppliedPurchase&)> receipt,
                       Answer<Bytes> answer) override {
    submit<Bytes>([command, receipt = std::move(receipt)](
                      OpenBatch& batch) { return batch.purchase(command, receipt); },
                  std::move(answer));
  }

  void submit_redemption(RedeemCommand command,
                         std::function<Bytes(const AppliedRedemption&)> access,
                         Answer<Bytes> answer) override {
    submit<Bytes>([command, access = std::move(access)](
                      OpenBatch& batch) { return batch.redeem(command, access); },
                  std::move(answer));
  }

  void submit_side(store::Batch side, Answer<std::uint64_t> answer) override {
    HEARTH_ASSERT(!touches_books(side));
    submit<std::uint64_t>([side = std::move(side)](OpenBatch& batch) { return batch.side(side); },
                          std::move(answer));
  }

  std::optional<Bytes> stored_purchase(const wire::RequestId& id,
                                       const crypto::Sha256Digest& request_hash,
                                       bool& mismatch) const override {
    return stored(BooksView(store_).purchase(id), request_hash, mismatch);
  }

  std::optional<Bytes> stored_redemption(const wire::VoucherInput& voucher,
                                         const crypto::Sha256Digest& request_hash,
                                         bool& spent_by_other) const override {
    return stored(BooksView(store_).redemption(voucher), request_hash, spent_by_other);
  }

  std::optional<OfferTerms> offer_terms(const wire::OfferId& offer) const override {
    auto row = BooksView(store_).offer(offer);
    if (!row) spdlog::error("reading an offer's terms: {}", row.error().sentence);
    return row && *row ? std::optional((*row)->terms) : std::nullopt;
  }

  Result<std::vector<money::Amount>> balances(const identity::HomeAddress& home) const override {
    const auto wallets = wallets_of(BooksView(store_), home);
    if (!wallets) return pass_on(wallets.error());
    std::vector<money::Amount> out;
    for (const auto& [id, account] : *wallets) out.push_back({account.balance, id.currency()});
    return out;
  }

  Result<std::vector<StatementEntry>> statement(const identity::HomeAddress& home,
                                                std::uint64_t after,
                                                std::size_t limit) const override {
    const auto snapshot = store_.snapshot();
    const BooksView books(*snapshot);
    const auto wallets = wallets_of(books, home);
    if (!wallets) return pass_on(wallets.error());
    std::vector<AccountId> ids;
    for (const auto& [id, account] : *wallets) ids.push_back(id);
    return statement_of(books, ids, after, limit);
  }

 private:
  using Wallets = std::vector<std::pair<AccountId, Account>>;

  template <class T>
  void submit(std::function<Result<T>(OpenBatch&)> run, Answer<T> answer) {
    writer_.submit(std::make_unique<WorkOf<T>>(std::move(run), std::move(answer)));
  }

  static std::optional<Bytes> stored(Result<std::optional<books::AnswerRow>> row,
                                     const crypto::Sha256Digest& request_hash, bool& other) {
    other = false;
    if (!row) spdlog::error("reading a stored answer: {}", row.error().sentence);
    if (!row || !*row) return std::nullopt;
    other = (*row)->request_hash != request_hash;
    return other ? std::nullopt : std::optional(std::move((*row)->answer));
  }

  static Result<Wallets> wallets_of(const BooksView& books, const identity::HomeAddress& home) {
    auto wallets = books.accounts_of(AccountKind::wallet, home.key);
    if (wallets && wallets->empty()) return pass_on(refusal(Outcome::unknown_account));
    return wallets;
  }

  store::Store& store_;
  Writer writer_;
};

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
  if (id.kind() == AccountKind::cash) return account.balance <= 0;
  if (account.balance < 0) return false;
  if (id.kind() != AccountKind::escrow) return true;
  const OfferTerms* terms = machine.offer(id.offer());
  const auto due = static_cast<__int128>(account.outstanding()) * (terms ? terms->price.minor : 0);
  return terms && due == account.balance;
}

/// Balances and offers into the machine; their sums must be zero.
Result<void> load(const BooksView& books, Machine& machine) {
  auto loaded = books.each_offer([&](const books::OfferRow& row) {
    machine.load_offer(row.terms);
    return true;
  });
  if (!loaded) return loaded;
  std::map<money::Currency, __int128> sums;
  std::string breaks_rules;
  loaded = books.each_account([&](const AccountId& id, const Account& account) {
    machine.load_account(id, account);
    sums[id.currency()] += account.balance;
    if (!obeys_rules(id, account, machine))  // the sentence is logged: no home address in it
      breaks_rules = id.kind() == AccountKind::wallet ? "a home's wallet" : id.text();
    return breaks_rules.empty();
  });
  if (!loaded) return loaded;
  if (!breaks_rules.empty())
    return refuse_to_start("the balance of " + breaks_rules + " breaks its rule.");
  for (const auto& [currency, sum] : sums)
    if (sum != 0)
      return refuse_to_start("the balances in " + std::string(currency.code()) +
                             " do not sum to zero.");
  return {};
}

/// The stored tree must end where the journal ends.
Result<void> check_journal_end(const BooksView& books, const Tree& tree) {
  const auto beyond = books.record(tree.size());
  if (!beyond) return pass_on(beyond.error());
  const auto last = tree.size() == 0 ? Result<std::optional<Record>>(std::nullopt)
                                     : books.record(tree.size() - 1);
  if (!last) return pass_on(last.error());
  if (*beyond || (tree.size() > 0 && !*last))
    return refuse_to_start("the journal and its tree are of different length.");
  return {};
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(store::Store& store, Options options) {
  const BooksView books(store);
  auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  const auto before = books.currencies();
  if (!before) return pass_on(before.error());
  const auto kept = kept_currencies(options, *before);
  if (!kept) return pass_on(kept.error());
  Machine machine(*kept);
  if (auto loaded = load(books, machine); !loaded) return pass_on(loaded.error());
  if (auto whole = check_journal_end(books, *tree); !whole) return pass_on(whole.error());
  const auto epoch = store.claim();
  if (!epoch) return pass_on(epoch.error());
  if (*kept != *before) {
    OpenBatch batch(machine, *tree, store);
    batch.keep_currencies(*kept, now_ms()).value();
    if (auto written = store.commit(batch.finish(), *epoch); !written)
      return pass_on(written.error());
    *tree = batch.tree();
    batch.accept();
  }
  return std::make_unique<WriterEngine>(store, *epoch, std::move(machine), std::move(*tree),
                                        options);
}

}  // namespace hearth::ledger
