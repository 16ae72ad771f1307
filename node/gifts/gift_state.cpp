#include "node/gifts/gift_state.h"

namespace hearth::node {

SentEvent event_of(wire::GiftAnswer::State state) {
  switch (state) {
    case wire::GiftAnswer::State::delivered:
      return SentEvent::delivered;
    case wire::GiftAnswer::State::accepted:
      return SentEvent::accepted;
    case wire::GiftAnswer::State::declined:
      return SentEvent::declined;
    case wire::GiftAnswer::State::fetched:
      break;
  }
  return SentEvent::fetched;
}

std::optional<SentState> next_state(SentState state, SentEvent event) {
  using S = SentState;
  if (state == S::declined || state == S::returned) return std::nullopt;
  const auto forward_to = [&](S target) {
    return state < target ? std::optional(target) : std::nullopt;
  };
  switch (event) {
    case SentEvent::dropped:
      return forward_to(S::sent);
    case SentEvent::delivered:
      return forward_to(S::delivered);
    case SentEvent::accepted:
      return forward_to(S::accepted);
    case SentEvent::fetched:
      return forward_to(S::fetched);
    case SentEvent::declined:
      if (state < S::accepted) return S::declined;
      break;
    case SentEvent::undeliverable:
      if (state == S::sending) return S::returned;
      break;
  }
  return std::nullopt;
}

bool voucher_comes_back(SentState reached) {
  return reached == SentState::declined || reached == SentState::returned;
}

std::optional<ReceivedState> next_state(ReceivedState state, ReceivedEvent event) {
  using S = ReceivedState;
  switch (event) {
    case ReceivedEvent::accept:
      if (state == S::waiting) return S::accepted;
      break;
    case ReceivedEvent::decline:
      if (state == S::waiting) return S::declined;
      break;
    case ReceivedEvent::fetch_begun:
      if (state == S::accepted) return S::fetching;
      break;
    case ReceivedEvent::fetch_ended:
      if (state == S::accepted || state == S::fetching) return S::fetched;
      break;
  }
  return std::nullopt;
}

std::string_view name_of(SentState state) {
  switch (state) {
    case SentState::sending:
      return "sending";
    case SentState::sent:
      return "sent";
    case SentState::delivered:
      return "delivered";
    case SentState::accepted:
      return "accepted";
    case SentState::fetched:
      return "fetched";
    case SentState::declined:
      return "declined";
    case SentState::returned:
      return "returned";
  }
  return "unknown";
}

std::string_view name_of(ReceivedState state) {
  switch (state) {
    case ReceivedState::waiting:
      return "waiting";
    case ReceivedState::accepted:
      return "accepted";
    case ReceivedState::fetching:
      return "fetching";
    case ReceivedState::fetched:
      return "fetched";
    case ReceivedState::declined:
      return "declined";
  }
  return "unknown";
}

}  // namespace hearth::node
