#include "node/wallet/purchases.h"

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "node/wallet/purchase.h"

namespace hearth::node {
namespace {

constexpr int max_taken = 100;  // numbers in a row that another machine has used

const char* interrupted_sentence =
    "The purchase is stored. It is asked for again, with the same request id, as soon as the "
    "ledger answers, so it is paid at most once; the same command continues it.";

}  // namespace

Purchases::Purchases(net::Loop& loop, Wallet& wallet, LedgerLink& ledger, Records& records,
                     Fulfil fulfil, std::function<void()> after_fulfil)
    : wallet_(wallet),
      ledger_(ledger),
      records_(records),
      fulfil_(std::move(fulfil)),
      after_fulfil_(std::move(after_fulfil)),
      carrier_(
          loop, {"a purchase", interrupted_sentence}, [this](std::uint64_t n) { return ask(n); },
          [this](std::uint64_t n) {
            const auto record = wallet_.purchase(n);
            return record && record->state != PurchaseState::pending;
          }) {}

void Purchases::resume() {
  const auto all = wallet_.purchases();
  if (!all) {
    spdlog::error("wallet: {}", all.error().sentence);
    return;
  }
  for (const auto& record : *all) {
    if (record.open()) carrier_.start(record.n);
    if (record.state != PurchaseState::finished || record.intent_done) continue;
    auto settled = settle(record.n);
    if (!settled) spdlog::error("wallet: {}", settled.error().sentence);
  }
}

net::Task<Result<PurchaseRecord>> Purchases::buy(wire::Offer offer, Intent intent, Wanted wanted,
                                                 std::int64_t patience_ms) {
  auto open = wallet_.open_purchase(offer.id, intent);
  if (!open) co_return pass_on(open.error());
  if (!*open) {
    auto keys = co_await ledger_.keys(true);
    if (!keys) {
      co_return fail(keys.error().code, keys.error().sentence + " Nothing was charged.");
    }
    // Asked again after the wait: another command may have begun the same purchase meanwhile.
    open = wallet_.open_purchase(offer.id, intent);
    if (!open) co_return pass_on(open.error());
    if (!*open) {
      if (limit_ && !intent.approved && intent.what != Intent::What::gift) {
        auto allowed = limit_(offer.price);
        if (!allowed) co_return pass_on(allowed.error());
      }
      auto begun = wallet_.begin(offer, keys->epochs.back(), intent, now_ms(), wanted);
      if (!begun) co_return pass_on(begun.error());
      *open = std::move(*begun);
    }
  }
  std::uint64_t n = (*open)->n;
  carrier_.start(n);
  n = co_await carrier_.wait(n, patience_ms);
  auto record = wallet_.purchase(n);
  if (!record || record->state == PurchaseState::finished) co_return record;
  if (record->state != PurchaseState::pending) {
    co_return fail(code_from_name(record->problem_code), record->problem);
  }
  co_return pass_on(carrier_.unfinished(n));
}

net::Task<Result<void>> Purchases::ask(std::uint64_t n) {
  const auto record = wallet_.purchase(n);
  if (!record) co_return pass_on(record.error());
  crash_point("wallet.purchase.before_send");
  std::string request_jws = record->request_jws;
  auto receipt = co_await ledger_.purchase(std::move(request_jws));
  crash_point("wallet.purchase.after_answer");
  if (!receipt) {
    if (purchase_answer(receipt.error().code) == PurchaseAnswer::ask_again) {
      co_return pass_on(receipt.error());
    }
    const bool old = now_ms() - record->begun_ms > wire::request_freshness_ms;
    const bool too_late = receipt.error().code == Code::stale_request && old;
    const bool taken = receipt.error().code == Code::idempotency_mismatch && ++taken_ <= max_taken;
    if (!too_late && !taken) co_return wallet_.refuse(n, receipt.error());
    auto keys = co_await ledger_.keys(true);
    if (!keys) co_return pass_on(keys.error());
    co_return renew(*record, receipt.error(), *keys);
  }
  // Fresh: the request's epoch may be younger than the list in memory.
  auto keys = co_await ledger_.keys(true);
  if (!keys) co_return pass_on(keys.error());
  taken_ = 0;
  auto finished = wallet_.finish(n, *receipt, ledger_.card().key, *keys, now_ms());
  if (!finished) co_return pass_on(finished.error());
  co_return settle(n);
}

/// The request never arrived while it was fresh, and the ledger will not take it any more; or
/// another machine of this home used the number, which a copy of the data directory does. The same
/// purchase begins anew under the next number, with the price and terms that were agreed.
Result<void> Purchases::renew(const PurchaseRecord& record, const Error& why,
                              const wire::LedgerKeys& keys) {
  const auto offer = wallet_.offer(record.offer);
  if (!offer) return pass_on(offer.error());
  auto refused = wallet_.refuse(record.n, why);
  if (!refused) return refused;
  const auto asked = wire::read_purchase(record.request_jws);
  if (!asked) return pass_on(asked.error());
  Wanted wanted(record.pocket);
  wanted.services = asked->services;
  wanted.restrictions = asked->restrictions;
  auto begun = wallet_.begin(*offer, keys.epochs.back(), record.intent, now_ms(), wanted);
  if (!begun) return pass_on(begun.error());
  carrier_.renew(record.n, begun->n);
  return {};
}

Result<void> Purchases::settle(std::uint64_t n) {
  auto record = wallet_.purchase(n);
  if (!record) return pass_on(record.error());
  if (record->state != PurchaseState::finished || record->intent_done) return {};
  store::Batch batch;
  if (record->intent.what != Intent::What::keep) {
    const auto voucher = wallet_.voucher(record->voucher);
    if (!voucher) return pass_on(voucher.error());
    auto fulfilled = fulfil_(*record, *voucher, batch);
    if (!fulfilled) {
      batch = store::Batch();
      record->problem_code = code_name(fulfilled.error().code);
      record->problem = fulfilled.error().sentence + " The voucher is in the wallet.";
      spdlog::warn("wallet: bought, but then: {}", record->problem);
    }
  }
  record->intent_done = true;
  wallet_.put_purchase(batch, *record);
  auto stored = records_.commit(batch);
  if (stored) after_fulfil_();
  return stored;
}

}  // namespace hearth::node
