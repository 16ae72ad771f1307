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

inline OfferTerms offer_of(const std::string& name, const std::string& seller, std::int64_t price,
                           std::int64_t fee, const std::string& code = "EUR") {
  return {digest("offer " + name), home(seller), amount(price, code), fee};
}
inline DepositCommand deposit_to(const std::string& who, std::int64_t minor,
                                 const std::string& reference) {
  return {home(who), amount(minor), reference, 1'000};
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

inline Bytes receipt_bytes(const AppliedPurchase& applied) {
  return to_bytes(as_bytes("receipt " + std::to_string(applied.journal_index) + " " +
                           money::format(applied.paid) + " " +
                           money::format(applied.balance_after)));
}
inline Bytes access_bytes(const AppliedRedemption& applied) {
  return to_bytes(as_bytes("access " + std::to_string(applied.journal_index)));
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
inline Result<std::uint64_t> offer(Engine& engine, const OfferTerms& terms,
                                   store::Batch side = {}) {
  Waiting<std::uint64_t> waiting;
  engine.submit_offer(terms, std::move(side), 600, waiting.answer());
  return waiting.get();
}
inline Result<AppliedDeposit> deposit(Engine& engine, DepositCommand command) {
  Waiting<AppliedDeposit> waiting;
  engine.submit_deposit(std::move(command), waiting.answer());
  return waiting.get();
}
inline Result<Bytes> purchase(Engine& engine, const PurchaseCommand& command) {
  Waiting<Bytes> waiting;
  engine.submit_purchase(command, receipt_bytes, waiting.answer());
  return waiting.get();
}
inline Result<Bytes> redeem(Engine& engine, const RedeemCommand& command) {
  Waiting<Bytes> waiting;
  engine.submit_redemption(command, access_bytes, waiting.answer());
  return waiting.get();
}
inline std::int64_t balance(const Engine& engine, const std::string& who) {
  return engine.balances(home(who)).value().at(0).minor;
}

/// Seller and buyer with 20.00 EUR, the offer "film" for 3.50 EUR with a fee of 0.17 EUR.
inline void open_shop(Engine& engine) {
  open(engine, "seller").value();
  open(engine, "buyer").value();
  deposit(engine, deposit_to("buyer", 20'00, "cash 1")).value();
  offer(engine, offer_of("film", "seller", 3'50, 17)).value();
}

/// A store in front of another one, whose commits can be held up or made to fail.
class UnrulyStore : public store::Store {
 public:
  explicit UnrulyStore(store::Store& real) : real_(real) {}

  void fail_next_commits(int count) {
    const std::lock_guard lock(mutex_);
    failures_ = count;
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

  Result<std::optional<Bytes>> get(ByteView key) const override { return real_.get(key); }
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
    return real_.commit(batch, epoch);
  }
  Result<std::uint64_t> claim() override { return real_.claim(); }
  std::unique_ptr<store::View> snapshot() const override { return real_.snapshot(); }

 private:
  store::Store& real_;
  std::mutex mutex_;  // Guards: everything below
  std::condition_variable changed_;
  bool open_ = true;
  int waiting_ = 0;
  int failures_ = 0;
};

}  // namespace hearth::ledger::testing
