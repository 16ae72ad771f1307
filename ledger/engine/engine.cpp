#include "ledger/engine/engine.h"

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "ledger/engine/statement.h"
#include "ledger/engine/writer_engine.h"

namespace hearth::ledger {
namespace {

/// `Run` applies a command that it owns.
template <class T, class Run>
class WorkOf : public Work {
 public:
  WorkOf(Bytes key, Run run, Engine::Answer<T> reply)
      : key_(std::move(key)), run_(std::move(run)), reply_(std::move(reply)) {}
  const Bytes& key() const override { return key_; }
  void apply(OpenBatch& batch) override { result_.emplace(run_(batch)); }
  void answer(const Error* failure) override {
    if (failure) return reply_(tl::unexpected<Error>(*failure));
    HEARTH_ASSERT(result_.has_value());
    reply_(std::move(*result_));
  }

 private:
  Bytes key_;
  Run run_;
  Engine::Answer<T> reply_;
  std::optional<Result<T>> result_;
};

bool touches_books(const store::Batch& side) {
  for (const auto entry : side.entries())
    if (as_text(entry.key).starts_with(books::prefix)) return true;
  return false;
}

class WriterEngine : public Engine {
 public:
  WriterEngine(store::Store& store, std::uint64_t epoch, Machine machine, JournalEnd end,
               const Options& options)
      : store_(store), writer_(store, epoch, std::move(machine), std::move(end), options) {}

  void submit_open(identity::HomeAddress home, std::string name, UtcMs at_ms,
                   Answer<std::uint64_t> answer) override {
    OpenCommand command{home, std::move(name), at_ms};
    submit<std::uint64_t>(
        [command = std::move(command)](OpenBatch& batch) mutable -> Result<std::uint64_t> {
          if (auto name_ok = checked_name(command.name); !name_ok) return pass_on(name_ok.error());
          return batch.open(std::move(command));
        },
        std::move(answer));
  }
  void submit_offer(OfferCommand command, store::Batch side,
                    Answer<std::uint64_t> answer) override {
    HEARTH_ASSERT(!touches_books(side));
    submit<std::uint64_t>(
        [command, side = std::move(side)](OpenBatch& batch) { return batch.offer(command, side); },
        std::move(answer));
  }
  void submit_deposit(DepositCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::deposit>(std::move(command), std::move(answer));
  }
  void submit_withdrawal(WithdrawCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::withdraw>(std::move(command), std::move(answer));
  }
  void submit_adjustment(AdjustCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::adjust>(std::move(command), std::move(answer));
  }
  void submit_transfer(TransferCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::transfer>(std::move(command), std::move(answer));
  }
  void submit_account_state(AccountStateCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::set_state>(std::move(command), std::move(answer));
  }
  void submit_limits(LimitsCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::set_limits>(std::move(command), std::move(answer));
  }
  void submit_fees(FeesCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::set_fees>(std::move(command), std::move(answer));
  }
  void submit_epoch(EpochCommand command, Answer<Booked> answer) override {
    submit_booked<&OpenBatch::begin_epoch>(std::move(command), std::move(answer));
  }
  void submit_purchase(PurchaseCommand command, Bytes evaluation,
                       Answer<PurchaseFacts> answer) override {
    HEARTH_ASSERT(evaluation.size() <= max_evaluation_bytes);
    submit<PurchaseFacts>(
        books::key(books::requests, command.request_id),
        [command, evaluation = std::move(evaluation)](OpenBatch& batch) mutable {
          return batch.purchase(command, std::move(evaluation));
        },
        std::move(answer));
  }
  void submit_redemption(RedeemCommand command, Bytes kept, Answer<VoucherFacts> answer) override {
    HEARTH_ASSERT(kept.size() <= max_kept_bytes);
    submit<VoucherFacts>(
        books::key(books::spent, command.voucher),
        [command, kept = std::move(kept)](OpenBatch& batch) mutable {
          return batch.redeem(command, std::move(kept));
        },
        std::move(answer));
  }
  void submit_refund(RefundCommand command, Answer<VoucherFacts> answer) override {
    submit<VoucherFacts>(
        books::key(books::spent, command.voucher),
        [command](OpenBatch& batch) { return batch.refund(command); }, std::move(answer));
  }
  void submit_exchange(ExchangeCommand command, Bytes kept, store::Batch side,
                       Answer<VoucherFacts> answer) override {
    HEARTH_ASSERT(kept.size() <= max_kept_bytes && !touches_books(side));
    submit<VoucherFacts>(
        books::key(books::spent, command.voucher),
        [command, kept = std::move(kept), side = std::move(side)](OpenBatch& batch) mutable {
          return batch.exchange(command, std::move(kept), side);
        },
        std::move(answer));
  }
  void submit_side(store::Batch side, Answer<std::uint64_t> answer) override {
    HEARTH_ASSERT(!touches_books(side));
    submit<std::uint64_t>([side = std::move(side)](OpenBatch& batch) { return batch.side(side); },
                          std::move(answer));
  }

  Result<void> ready() const override { return writer_.ready(); }
  EngineStats stats() const override { return writer_.stats(); }

  Result<std::optional<PurchaseFacts>> purchase(const RequestId& id) const override {
    return BooksView(store_).purchase(id);
  }
  Result<std::optional<TransferFacts>> transfer(const RequestId& id) const override {
    return BooksView(store_).transfer(id);
  }
  Result<std::optional<VoucherFacts>> voucher(const VoucherInput& voucher) const override {
    return BooksView(store_).voucher(voucher);
  }
  Result<std::optional<VoucherFacts>> share(
      const VoucherInput& voucher, const crypto::Sha256Digest& request_hash) const override {
    return BooksView(store_).share(voucher, request_hash);
  }

  std::optional<OfferTerms> offer_terms(const OfferId& offer) const override {
    auto row = BooksView(store_).offer(offer);
    if (!row) spdlog::error("reading an offer's terms: {}", row.error().sentence);
    return row && *row ? std::optional((*row)->terms) : std::nullopt;
  }

  Result<std::vector<money::Amount>> balances(const identity::HomeAddress& home) const override {
    const auto wallets = wallets_of(BooksView(store_), home);
    if (!wallets) return pass_on(wallets.error());
    std::vector<money::Amount> out;
    for (const auto& [id, account] : *wallets)
      if (id.pocket() == 0) out.push_back({account.balance, id.currency()});
    return out;
  }

  Result<std::vector<WalletBalance>> wallets(const identity::HomeAddress& home) const override {
    const auto found = wallets_of(BooksView(store_), home);
    if (!found) return pass_on(found.error());
    std::vector<WalletBalance> out;
    for (const auto& [id, account] : *found)
      out.push_back({id.pocket(), {account.balance, id.currency()}});
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

  template <class T, class Run>
  void submit(Bytes key, Run run, Answer<T> answer) {
    writer_.submit(
        std::make_unique<WorkOf<T, Run>>(std::move(key), std::move(run), std::move(answer)));
  }
  template <class T, class Run>
  void submit(Run run, Answer<T> answer) {
    submit<T>(Bytes(), std::move(run), std::move(answer));
  }
  template <auto apply, class Command>
  void submit_booked(Command command, Answer<Booked> answer) {
    submit<Booked>([command = std::move(command)](
                       OpenBatch& batch) mutable { return (batch.*apply)(std::move(command)); },
                   std::move(answer));
  }

  static Result<Wallets> wallets_of(const BooksView& books, const identity::HomeAddress& home) {
    auto wallets = books.accounts_of(AccountKind::wallet, home.key);
    if (wallets && wallets->empty()) return pass_on(refusal(Outcome::unknown_account));
    return wallets;
  }

  store::Store& store_;
  Writer writer_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(store::Store& store, std::uint64_t epoch, Machine machine,
                                    JournalEnd end, const Engine::Options& options) {
  return std::make_unique<WriterEngine>(store, epoch, std::move(machine), std::move(end), options);
}

}  // namespace hearth::ledger
