#include "node/wallet/exchanges.h"

#include <algorithm>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "node/wallet/counter.h"

namespace hearth::node {
namespace {

using State = Exchange::State;

/// Numbers that another machine of this home may have used since this one knew.
constexpr int max_numbers = 64;

const char* interrupted_sentence =
    "The exchange of the voucher is stored, and asked for again with the same bytes as soon as the "
    "ledger answers, so it is done at most once; the same command continues it.";

std::string key_of(const std::string& id) {
  return std::string(exchange_prefix) + id;
}

void put_exchange(store::Batch& batch, const Exchange& exchange) {
  put(batch, key_of(exchange.id), encode(exchange));
}

}  // namespace

Exchanges::Exchanges(net::Loop& loop, Wallet& wallet, LedgerLink& ledger, Records& records,
                     const identity::HomeKeys& home)
    : wallet_(wallet),
      ledger_(ledger),
      records_(records),
      home_(home),
      carrier_(
          loop, {"an exchange", interrupted_sentence},
          [this](std::string id) { return ask(std::move(id)); },
          [this](const std::string& id) {
            const auto now = of(id);
            // Whoever waits for it is told of a dispute at once; it goes on when the node starts
            // again.
            return !now || !*now || !(*now)->open() || (*now)->state == State::disputed;
          }) {}

void Exchanges::on_end(OnEnd hook, std::function<void()> after) {
  on_end_ = std::move(hook);
  after_ = std::move(after);
}

void Exchanges::resume() {
  const auto left = open();
  if (!left) {
    spdlog::error("wallet: {}", left.error().sentence);
    return;
  }
  for (const auto& exchange : *left) carrier_.start(exchange.id);
}

Result<std::vector<Exchange>> Exchanges::open() const {
  auto all = all_of(records_, exchange_prefix, decode_exchange);
  if (all) std::erase_if(*all, [](const Exchange& one) { return !one.open(); });
  return all;
}

Result<std::optional<Exchange>> Exchanges::of(const std::string& voucher_id) const {
  return one_of(records_, key_of(voucher_id), decode_exchange);
}

Result<void> Exchanges::put_wanted(store::Batch& batch, const wire::Voucher& old, const Aim& aim,
                                   UtcMs now) const {
  const std::string id = voucher_id(old);
  const auto known = of(id);
  if (!known) return pass_on(known.error());
  if (*known && (*known)->state != State::refused) {
    if ((*known)->aim.what == aim.what && (*known)->aim.gift == aim.gift) return {};
    return fail(Code::voucher_spent, "This very voucher has been exchanged here before.");
  }
  Exchange exchange;
  exchange.id = id;
  exchange.old = old;
  exchange.aim = aim;
  exchange.begun_ms = now;
  put_exchange(batch, exchange);
  return {};
}

net::Task<Result<VoucherRecord>> Exchanges::exchange(wire::Voucher foreign, Aim aim,
                                                     std::int64_t patience_ms) {
  store::Batch batch;
  const auto wanted = put_wanted(batch, foreign, aim, now_ms());
  if (!wanted) co_return pass_on(wanted.error());
  if (!batch.empty()) {
    const auto stored = records_.commit(batch);
    if (!stored) co_return pass_on(stored.error());
  }
  std::string id = voucher_id(foreign);
  co_return co_await outcome(std::move(id), patience_ms);
}

net::Task<Result<VoucherRecord>> Exchanges::outcome(std::string id, std::int64_t patience_ms) {
  auto found = of(id);
  if (found && *found && (*found)->open()) carrier_.start(id);
  id = co_await carrier_.wait(std::move(id), patience_ms);
  found = of(id);
  if (!found) co_return pass_on(found.error());
  if (!*found) co_return fail(Code::not_found, "This home does not exchange such a voucher.");
  const Exchange& exchange = **found;
  if (exchange.state == State::done) co_return wallet_.voucher(exchange.fresh);
  if (!exchange.problem.empty()) {
    co_return fail(code_from_name(exchange.problem_code), exchange.problem);
  }
  co_return pass_on(carrier_.unfinished(id));
}

/// Signs the exchange under this home's next number, for the epoch that is current, and stores it.
net::Task<Result<Exchange>> Exchanges::sign(Exchange exchange) {
  const auto keys = co_await ledger_.keys(!exchange.request_jws.empty());
  if (!keys) co_return pass_on(keys.error());
  const auto m = stored_counter(records_, exchange_counter);
  if (!m) co_return pass_on(m.error());
  auto request = make_exchange(home_.seed(), *m, exchange.old, keys->epochs.back());
  if (!request) co_return pass_on(request.error());
  exchange.m = *m;
  exchange.request_jws = std::move(*request);
  exchange.state = State::pending;
  store::Batch batch;
  put_counter(batch, exchange_counter, *m + 1);
  put_exchange(batch, exchange);
  const auto stored = records_.commit(batch);
  if (!stored) co_return pass_on(stored.error());
  co_return exchange;
}

net::Task<Result<std::string>> Exchanges::send(std::string request_jws) {
  crash_point("wallet.exchange.before_send");
  auto answer = co_await ledger_.exchange(std::move(request_jws));
  crash_point("wallet.exchange.after_answer");
  co_return answer;
}

/// Only what the ledger said decides about the voucher; whatever fails here is asked for again.
net::Task<Result<void>> Exchanges::ask(std::string id) {
  const auto stored = of(id);
  if (!stored) co_return pass_on(stored.error());
  if (!*stored) co_return fail(Code::not_found, "There is no such exchange.");
  Exchange exchange = **stored;
  bool anew = exchange.request_jws.empty();
  for (int numbers = 0; numbers < max_numbers; ++numbers) {
    if (anew) {
      Exchange copy = exchange;
      auto made = co_await sign(std::move(copy));
      if (!made) co_return pass_on(made.error());
      exchange = std::move(*made);
    }
    std::string jws = exchange.request_jws;
    const auto answer = co_await send(std::move(jws));
    if (!answer && exchange_answer(answer.error().code) == ExchangeAnswer::ask_again) {
      co_return pass_on(answer.error());
    }
    // Fresh: the request's epoch may be younger than the list in memory.
    const auto keys = co_await ledger_.keys(true);
    if (!keys) co_return pass_on(keys.error());
    if (answer) co_return finish(std::move(exchange), *answer, *keys);
    const ExchangeAnswer meaning = exchange_answer(answer.error().code);
    if (meaning == ExchangeAnswer::refused) co_return refuse(std::move(exchange), answer.error());
    anew = true;
    if (meaning == ExchangeAnswer::new_number) continue;
    const auto epoch = fresh_epoch_of(exchange.request_jws);
    if (!epoch) co_return pass_on(epoch.error());
    if (*epoch != keys->epochs.back().epoch) continue;
    // Asked for the current epoch already: it is the old voucher's that the ledger never had.
    const Error never{Code::voucher_invalid,
                      "The voucher is of an epoch that the ledger never had."};
    co_return refuse(std::move(exchange), never);
  }
  co_return fail(Code::idempotency_mismatch,
                 "Another machine with this home's wallet seed is at work at the same ledger.");
}

Result<void> Exchanges::finish(Exchange exchange, const std::string& answer_jws,
                               const wire::LedgerKeys& keys) {
  const auto voucher = finish_exchange(home_.seed(), exchange.m, exchange.request_jws, answer_jws,
                                       ledger_.card().key, keys);
  exchange.answer_jws = answer_jws.substr(0, wire::max_jws);
  store::Batch batch;
  if (!voucher) {
    exchange.state = State::disputed;
    exchange.problem_code = code_name(voucher.error().code);
    exchange.problem = voucher.error().sentence.substr(0, 2000);
    put_exchange(batch, exchange);
    auto stored = records_.commit(batch);
    return pass_on(stored ? voucher.error() : stored.error());
  }
  VoucherRecord fresh{voucher_id(*voucher),
                      *voucher,
                      VoucherState::held,
                      exchange.aim.what == Aim::What::accept ? exchange.aim.gift : std::string(),
                      exchange.aim.what != Aim::What::bring_back,
                      now_ms()};
  exchange.state = State::done;
  exchange.fresh = fresh.id;
  exchange.problem_code.clear();
  exchange.problem.clear();
  return end(batch, exchange, &fresh);
}

Result<void> Exchanges::refuse(Exchange exchange, const Error& why) {
  exchange.state = State::refused;
  exchange.problem_code = code_name(why.code);
  exchange.problem = why.sentence.substr(0, 2000);
  spdlog::info("wallet: an exchange was refused: {}", exchange.problem_code);
  store::Batch batch;
  return end(batch, exchange, nullptr);
}

/// The end of the exchange, of the old voucher if it is this home's own, and what follows.
Result<void> Exchanges::end(store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh) {
  if (on_end_) {
    auto followed = on_end_(batch, exchange, fresh);
    if (!followed) return followed;
  }
  const auto old = wallet_.voucher(exchange.id);
  if (!old && old.error().code != Code::not_found) return pass_on(old.error());
  if (old && fresh != nullptr && next_state(old->state, VoucherEvent::exchange)) {
    auto moved = wallet_.move(batch, *old, VoucherEvent::exchange, old->gift, now_ms());
    if (!moved) return moved;
  }
  if (fresh != nullptr) wallet_.put_voucher(batch, *fresh);
  put_exchange(batch, exchange);
  auto stored = records_.commit(batch);
  if (!stored) return stored;
  crash_point("wallet.exchange.after_commit");
  if (after_) after_();
  return {};
}

}  // namespace hearth::node
