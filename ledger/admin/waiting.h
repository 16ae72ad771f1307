// Waiting for the engine where blocking is allowed: the operator's commands.
#pragma once

#include <future>
#include <memory>

#include "ledger/engine/engine.h"

namespace hearth::ledger {

/// Calls submit(answer) and returns what the answer brings.
template <class T, class Submit>
Result<T> wait_for(Submit&& submit) {
  const auto promise = std::make_shared<std::promise<Result<T>>>();
  auto arrived = promise->get_future();
  submit(Engine::Answer<T>([promise](Result<T> result) { promise->set_value(std::move(result)); }));
  return arrived.get();
}

}  // namespace hearth::ledger
