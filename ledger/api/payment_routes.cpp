// POST /v1/payments/webhook/NAME (docs/protocol.md §8.2), and what was left half done when the
// ledger last stopped. ledger/payments/inbox.h says how an event is credited exactly once.
#include "ledger/api/payment_routes.h"

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/routes.h"
#include "ledger/payments/inbox.h"

namespace hearth::ledger {
namespace {

using payments::Event;
using payments::EventState;

std::string header(const net::Request& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

/// Keeps an event for one coroutine at a time. Loop thread.
class UnderWay {
 public:
  UnderWay(RoomsPtr rooms, std::string event) : rooms_(std::move(rooms)), event_(std::move(event)) {
    mine_ = rooms_->events_under_way.insert(event_).second;
  }
  ~UnderWay() {
    if (mine_) rooms_->events_under_way.erase(event_);
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  bool mine() const { return mine_; }

 private:
  RoomsPtr rooms_;
  std::string event_;
  bool mine_ = false;
};

/// These say something about the payment, not about the state of the ledger: trying again would
/// come to the same.
bool is_final(Code code) {
  switch (code) {
    case Code::unknown_account:
    case Code::account_closed:
    case Code::account_frozen:
    case Code::currency_unknown:
    case Code::amount_invalid:
    case Code::overflow:
    case Code::usage:
    case Code::idempotency_mismatch:
      return true;
    default:
      return false;
  }
}

net::Task<Result<void>> keep(RoomsPtr rooms, Event event) {
  EngineWait<std::uint64_t> wait(rooms->loop);
  store::Batch batch = payments::put_event(event);
  rooms->engine.submit_side(std::move(batch), wait.answer());
  const auto done = co_await wait.done();
  if (!done) co_return pass_on(done.error());
  co_return Result<void>();
}

/// Event that is on disk as taken or held → credited or held, on disk.
net::Task<Result<EventState>> settle(RoomsPtr rooms, Event event) {
  if (!event.payment || event.state == EventState::credited) co_return event.state;
  EngineWait<Booked> wait(rooms->loop);
  rooms->engine.submit_deposit(payments::deposit_of(event, rooms->now()), wait.answer());
  const auto booked = co_await wait.done();
  if (!booked && !is_final(booked.error().code)) co_return pass_on(booked.error());
  crash_point("ledger.payment.deposited");
  event.state = booked ? EventState::credited : EventState::held;
  event.why = booked ? std::string() : std::string(code_name(booked.error().code));
  const auto kept = co_await keep(rooms, event);
  if (!kept) co_return pass_on(kept.error());
  if (event.state == EventState::held) {
    spdlog::warn("a payment of {} is held: {}; see `hearth-ledger payments`", event.provider,
                 event.why);
  }
  co_return event.state;
}

/// What the inbox says of the event after this delivery of it; new ones are put on disk.
net::Task<Result<Event>> take_in(RoomsPtr rooms, std::string provider, std::string id,
                                 payments::Reading reading, Bytes body) {
  auto look = [&store = rooms->store, provider, id] {
    return payments::load_event(store, provider, id);
  };
  auto known = co_await net::on_pool(rooms->pool, std::move(look));
  if (!known) co_return pass_on(known.error());
  if (*known) {
    if (payments::same_payment(**known, reading)) co_return std::move(**known);
    spdlog::warn("{} sent another event under a known id; it was refused", provider);
    co_return fail(Code::idempotency_mismatch,
                   "Another event was sent under this id before. Nothing was credited by this "
                   "one.");
  }
  Event event{.provider = provider, .id = id, .at_ms = rooms->now()};
  if (auto* payment = std::get_if<payments::Payment>(&reading)) {
    event.payment = *payment;
  } else {
    event.state = EventState::held;
    event.why = code_name(std::get<payments::Unclear>(reading).why.code);
    body.resize(std::min(body.size(), payments::max_kept_body));
    event.body = std::move(body);
    spdlog::warn("an event of {} could not be read and is held", provider);
  }
  const auto kept = co_await keep(rooms, event);
  if (!kept) co_return pass_on(kept.error());
  crash_point("ledger.payment.taken");
  co_return event;
}

net::Task<Result<EventState>> take(RoomsPtr rooms, std::string provider, payments::Reading reading,
                                   Bytes body) {
  const auto* payment = std::get_if<payments::Payment>(&reading);
  const std::string id =
      payment ? payment->reference : std::get<payments::Unclear>(reading).reference;
  const UnderWay claim(rooms, provider + " " + id);
  if (!claim.mine()) {
    co_return fail(Code::busy, "This event is being worked on. Send it again in a moment.");
  }
  auto event =
      co_await take_in(rooms, std::move(provider), id, std::move(reading), std::move(body));
  if (!event) co_return pass_on(event.error());
  co_return co_await settle(rooms, std::move(*event));
}

net::Response told(std::string_view became) {
  const wire::Json body{{"event", std::string(became)}};
  return net::json_response(200, body.dump());
}

net::Task<void> settle_left(RoomsPtr rooms, std::vector<Event> events) {
  for (const Event& event : events) {
    const UnderWay claim(rooms, event.provider + " " + event.id);
    if (!claim.mine()) continue;
    Event again = event;
    const auto state = co_await settle(rooms, std::move(again));
    if (!state) spdlog::warn("a payment is not credited yet: {}", state.error().sentence);
  }
}

}  // namespace

RouteResult post_webhook(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto provider = rooms->policy.providers.find(parts[3]);
  if (provider == rooms->policy.providers.end()) {
    co_return fail(Code::not_found, "No payment provider of this name is configured here.");
  }
  auto work = [provider = provider->second, body = request.body,
               signature = header(request, "stripe-signature"), now = rooms->now()] {
    const payments::Delivery delivery{body, signature, now};
    return provider->read(delivery);
  };
  auto reading = co_await net::on_pool(rooms->pool, std::move(work));
  if (!reading) {
    ++rooms->metrics.payment_events["refused"];
    co_return pass_on(std::move(reading.error()));
  }
  if (std::holds_alternative<payments::NoPayment>(*reading)) {
    ++rooms->metrics.payment_events["ignored"];
    co_return told("ignored");
  }
  std::string name = parts[3];
  const auto state =
      co_await take(rooms, std::move(name), std::move(*reading), std::move(request.body));
  if (!state) {
    ++rooms->metrics.payment_events["refused"];
    co_return pass_on(state.error());
  }
  ++rooms->metrics.payment_events[payments::state_name(*state)];
  co_return told(payments::state_name(*state));
}

void settle_payments(RoomsPtr rooms, bool held_too) {
  std::vector<Event> left;
  const auto read = payments::each_event(rooms->store, true, [&](const Event& event) {
    if (held_too || event.state == EventState::taken) left.push_back(event);
    return left.size() < 10'000;
  });
  if (!read) spdlog::error("reading payment events: {}", read.error().sentence);
  if (left.empty()) return;
  net::spawn(rooms->loop, settle_left(rooms, std::move(left)), "crediting payments");
}

}  // namespace hearth::ledger
