// The bridge from the engine's writer to coroutines on the loop:
//   EngineWait<Bytes> wait(loop);
//   engine.submit_deposit(…, wait.answer());
//   auto booked = co_await wait.done();
// or, when what is submitted is prepared on the pool and its answer made there, begin().
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "common/net/task.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

/// For one answer. Loop thread, except that the answer may arrive on any.
template <class T>
class EngineWait {
 public:
  explicit EngineWait(net::Loop& loop) : loop_(loop), state_(std::make_shared<State>(loop)) {}

  Engine::Answer<T> answer() {
    return [&loop = loop_, handover = hand_over()](Result<T> result) {
      auto arrived = std::make_shared<Result<T>>(std::move(result));
      loop.post([state = std::move(*handover), arrived] { arrive(*state, *arrived); });
    };
  }

  /// `prepare(answer)` runs on the pool: it fails, knows the result, or passes `answer` on to the
  /// engine and returns nothing. `make` turns the engine's facts into T, on the pool as well. Both
  /// are brief work; the loop sees only the end.
  template <class Facts>
  void begin(net::Pool& pool,
             std::function<Result<std::optional<T>>(Engine::Answer<Facts>)> prepare,
             std::function<Result<T>(const Facts&)> make) {
    auto handover = hand_over();
    auto answer = [door = pool.door(), handover, make = std::move(make)](Result<Facts> facts) {
      auto given = std::make_shared<Result<Facts>>(std::move(facts));
      door.submit_brief([given, handover, make] {
        return arrival(*handover, *given ? make(**given) : pass_on(std::move(given->error())));
      });
    };
    pool.submit_brief(
        [handover, answer = std::move(answer), prepare = std::move(prepare)]() mutable {
          Result<std::optional<T>> known = prepare(std::move(answer));
          if (!known) return arrival(*handover, pass_on(std::move(known.error())));
          if (*known) return arrival(*handover, std::move(**known));
          return net::Pool::Next();
        });
  }

  net::Task<Result<T>> done() {
    const std::shared_ptr<State> state = state_;
    if (!state->result) co_await state->signal.wait(deadline_ms);
    if (!state->result) {
      co_return fail(Code::timeout,
                     "The books have not answered in time. It may still be done: send the same "
                     "request again to learn.");
    }
    co_return std::move(*state->result);
  }

 private:
  static constexpr std::int64_t deadline_ms = 30'000;
  struct State {
    explicit State(net::Loop& loop) : signal(loop) {}
    net::Signal signal;
    std::optional<Result<T>> result;
  };
  using Handover = std::shared_ptr<std::shared_ptr<State>>;

  /// Only what is posted holds the state afterwards, so that it ends on the loop thread.
  Handover hand_over() const { return std::make_shared<std::shared_ptr<State>>(state_); }
  static net::Pool::Next arrival(std::shared_ptr<State>& state, Result<T> result) {
    auto arrived = std::make_shared<Result<T>>(std::move(result));
    return [state = std::move(state), arrived] { arrive(*state, *arrived); };
  }
  static void arrive(State& state, Result<T>& result) {
    state.result.emplace(std::move(result));
    state.signal.notify_all();
  }
  net::Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace hearth::ledger
