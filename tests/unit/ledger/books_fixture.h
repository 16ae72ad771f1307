// What the tests of the books share: homes, amounts, commands, and stores that misbehave on order.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>
#include <string>

#include "common/crypto/hash.h"
#include "common/store/store.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger::testing {

inline crypto::Sha256Digest digest(const std::string& text) {
  return crypto::sha256(as_bytes(text));
}
inline identity::HomeAddress home(const std::string& name) {
  return {digest("home " + name)};
}
inline money::Currency currency(const std::string& code = "EUR") {
  return money::Currency::from_code(code).value();
}
inline money::Amount amount(std::int64_t minor, const std::string& code = "EUR") {
  return {minor, currency(code)};
}
inline RequestId request_id(const std::string& text) {
  RequestId id;
  const auto hash = digest(text);
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

inline AccountId wallet(const std::string& who, std::uint32_t pocket = 0,
                        const std::string& code = "EUR") {
  return AccountId::wallet(home(who), currency(code), pocket);
}
inline AccountId escrow(const std::string& offer, std::uint32_t epoch = 1,
                        const std::string& code = "EUR") {
  return AccountId::escrow(digest("offer " + offer), epoch, currency(code));
}

inline OfferCommand offer_of(const std::string& name, const std::string& seller, std::int64_t price,
                             const std::string& code = "EUR") {
  return {digest("offer " + name), home(seller), amount(price, code), 600};
}
inline DepositCommand deposit_to(const std::string& who, std::int64_t minor,
                                 const std::string& reference) {
  return {wallet(who), minor, reference, "owner", 1'000};
}
inline WithdrawCommand withdraw_from(const AccountId& account, std::int64_t minor,
                                     const std::string& reference) {
  return {account, minor, reference, "owner", 1'000};
}
inline PurchaseCommand purchase_of(const std::string& offer, const std::string& buyer,
                                   const std::string& id, std::int64_t vouchers = 1) {
  return {
      request_id(id), digest("body of " + id), home(buyer), digest("offer " + offer), 1, vouchers,
      2'000};
}
inline RedeemCommand redeem_of(const std::string& offer, const std::string& voucher) {
  return {digest("voucher " + voucher), digest("redemption " + voucher), digest("offer " + offer),
          1, 3'000};
}
inline RefundCommand refund_of(const std::string& offer, const std::string& voucher,
                               const AccountId& credited) {
  return {digest("voucher " + voucher),
          digest("refund " + voucher),
          digest("offer " + offer),
          1,
          credited,
          3'000};
}
inline ExchangeCommand exchange_of(const std::string& offer, const std::string& voucher,
                                   std::uint32_t fresh_epoch = 1) {
  return {digest("voucher " + voucher),
          digest("exchange " + voucher),
          digest("offer " + offer),
          1,
          fresh_epoch,
          3'000};
}
inline AdjustCommand adjust_of(const std::string& id, const AccountId& account,
                               std::int64_t minor) {
  return {request_id(id), account, minor, "a correction", "owner", 4'000};
}
inline TransferCommand transfer_of(const std::string& id, const std::string& who,
                                   std::uint32_t from, std::uint32_t to, std::int64_t minor) {
  return {request_id(id), digest("body of " + id), home(who), from, to, amount(minor), 4'000};
}
inline AccountStateCommand state_of(const AccountId& account, AccountState state) {
  return {account, state, "a reason", "owner", 4'000};
}
inline LimitsCommand limits_of(const std::string& who, const Limits& limits) {
  return {home(who), currency(), limits, "owner", 4'000};
}
inline FeesCommand fees_of(int basis_points, std::int64_t fixed, const std::string& code = "EUR") {
  return {currency(code), {basis_points, fixed}, "owner", 550};
}
inline EpochCommand epoch_of(std::uint32_t epoch, const std::string& key) {
  return {epoch, digest("key " + key), 5'000, 4'000};
}

/// Submits and waits for the answer.
template <class T>
class Waiting {
 public:
  Engine::Answer<T> answer() {
    return [promise = promise_](Result<T> result) { promise->set_value(std::move(result)); };
  }
  Result<T> get() { return promise_->get_future().get(); }

 private:
  std::shared_ptr<std::promise<Result<T>>> promise_ = std::make_shared<std::promise<Result<T>>>();
};

inline Result<std::uint64_t> open(Engine& engine, const std::string& who) {
  Waiting<std::uint64_t> waiting;
  engine.submit_open(home(who), who, 500, waiting.answer());
  return waiting.get();
}
inline Result<std::uint64_t> offer(Engine& engine, const OfferCommand& command,
                                   store::Batch side = {}) {
  Waiting<std::uint64_t> waiting;
  engine.submit_offer(command, std::move(side), waiting.answer());
  return waiting.get();
}
/// Of the commands that are answered with Booked.
template <class Command>
Result<Booked> booked(Engine& engine, void (Engine::*submit)(Command, Engine::Answer<Booked>),
                      std::type_identity_t<Command> command) {
  Waiting<Booked> waiting;
  (engine.*submit)(std::move(command), waiting.answer());
  return waiting.get();
}
inline Result<Booked> deposit(Engine& engine, DepositCommand command) {
  return booked(engine, &Engine::submit_deposit, std::move(command));
}
inline Result<PurchaseFacts> purchase(Engine& engine, const PurchaseCommand& command) {
  Waiting<PurchaseFacts> waiting;
  engine.submit_purchase(command, to_bytes(as_bytes("evaluation")), waiting.answer());
  return waiting.get();
}
inline Result<VoucherFacts> redeem(Engine& engine, const RedeemCommand& command) {
  Waiting<VoucherFacts> waiting;
  engine.submit_redemption(command, to_bytes(as_bytes("access")), waiting.answer());
  return waiting.get();
}
inline Result<VoucherFacts> refund(Engine& engine, const RefundCommand& command) {
  Waiting<VoucherFacts> waiting;
  engine.submit_refund(command, waiting.answer());
  return waiting.get();
}
inline Result<VoucherFacts> exchange(Engine& engine, const ExchangeCommand& command) {
  Waiting<VoucherFacts> waiting;
  engine.submit_exchange(command, to_bytes(as_bytes("fresh")), {}, waiting.answer());
  return waiting.get();
}
/// All that a receipt is made of, as one text.
inline std::string told(const PurchaseFacts& facts) {
  return "record " + std::to_string(facts.journal_index) + " paid " + money::format(facts.paid) +
         " left " + money::format(facts.balance_after) + " pocket " + std::to_string(facts.pocket) +
         " " + std::string(as_text(facts.evaluation));
}
inline std::string told(const VoucherFacts& facts) {
  return "record " + std::to_string(facts.journal_index) + " " + std::string(as_text(facts.kept));
}
inline std::int64_t balance(const Engine& engine, const std::string& who) {
  return engine.balances(home(who)).value().at(0).minor;
}

/// Seller and buyer with 20.00 EUR, the offer "film" for 3.50 EUR with a fee of 0.17 EUR. Records:
/// 1 and 2 the homes, 3 the deposit, 4 the fees, 5 the offer.
inline void open_shop(Engine& engine) {
  open(engine, "seller").value();
  open(engine, "buyer").value();
  deposit(engine, deposit_to("buyer", 20'00, "cash 1")).value();
  booked(engine, &Engine::submit_fees, fees_of(500, 0)).value();
  offer(engine, offer_of("film", "seller", 3'50)).value();
}

/// A store in front of another one, whose commits can be held up or made to fail.
class UnrulyStore : public store::Store {
 public:
  explicit UnrulyStore(store::Store& real) : real_(real) {}

  void fail_next_commits(int count) {
    const std::lock_guard lock(mutex_);
    failures_ = count;
  }
  /// The next commit is kept, and reported as failed.
  void keep_but_fail_next_commit() {
    const std::lock_guard lock(mutex_);
    keep_but_fail_ = true;
  }
  /// From now on commits wait at the gate.
  void close_gate() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open_gate() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_until_one_waits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

  std::size_t gets() const {
    const std::lock_guard lock(mutex_);
    return gets_;
  }
  void wait_until_gets_exceed(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return gets_ > count; });
  }

  Result<std::optional<Bytes>> get(ByteView key) const override {
    {
      const std::lock_guard lock(mutex_);
      ++gets_;
      changed_.notify_all();
    }
    return real_.get(key);
  }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return real_.scan(from, to, visit);
  }
  Result<void> commit(const store::Batch& batch, std::uint64_t epoch) override {
    {
      std::unique_lock lock(mutex_);
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      --waiting_;
      if (failures_ > 0) {
        --failures_;
        return fail(Code::disk_full, "The disk is full.");
      }
    }
    auto committed = real_.commit(batch, epoch);
    const std::lock_guard lock(mutex_);
    if (!keep_but_fail_) return committed;
    keep_but_fail_ = false;
    return fail(Code::io, "The disk failed.");
  }
  Result<std::uint64_t> claim() override { return real_.claim(); }
  std::unique_ptr<store::View> snapshot() const override { return real_.snapshot(); }
  Result<void> copy_to(const std::filesystem::path& dir) const override {
    return real_.copy_to(dir);
  }

 private:
  store::Store& real_;
  mutable std::mutex mutex_;  // Guards: everything below
  mutable std::condition_variable changed_;
  mutable std::size_t gets_ = 0;
  bool open_ = true;
  int waiting_ = 0;
  int failures_ = 0;
  bool keep_but_fail_ = false;
};

}  // namespace hearth::ledger::testing
