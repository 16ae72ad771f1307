// The bridge from the engine's writer thread to coroutines on the loop:
//   EngineWait<Bytes> wait(loop);
//   engine.submit_purchase(…, wait.answer());
//   auto receipt = co_await wait.done();
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
    // Only what is posted holds the state afterwards, so that it ends on the loop thread.
    auto handover = std::make_shared<std::shared_ptr<State>>(state_);
    return [&loop = loop_, handover](Result<T> result) {
      auto arrived = std::make_shared<Result<T>>(std::move(result));
      loop.post([state = std::move(*handover), arrived] {
        state->result.emplace(std::move(*arrived));
        state->signal.notify_all();
      });
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
  net::Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace hearth::ledger
