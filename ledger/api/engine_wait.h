// The bridge from the engine's writer to coroutines on the loop:
//   EngineWait<Bytes> wait(loop);
//   engine.submit_deposit(…, wait.answer());
//   auto booked = co_await wait.done();
#pragma once

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

  /// `make` turns the engine's facts into T on the pool, on their way to the loop: brief work.
  template <class Facts, class Make>
  Engine::Answer<Facts> answer_of(const net::Pool& pool, Make make) {
    return [door = pool.door(), handover = hand_over(), make](Result<Facts> facts) {
      auto given = std::make_shared<Result<Facts>>(std::move(facts));
      auto arrived = std::make_shared<Result<T>>();
      auto work = [given, arrived, make] {
        *arrived = *given ? make(**given) : Result<T>(pass_on(std::move(given->error())));
      };
      door.submit_brief(std::move(work),
                        [state = std::move(*handover), arrived] { arrive(*state, *arrived); });
    };
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
  static void arrive(State& state, Result<T>& result) {
    state.result.emplace(std::move(result));
    state.signal.notify_all();
  }
  net::Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace hearth::ledger
