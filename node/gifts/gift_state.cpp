#include "node/gifts/gift_state.h"

namespace hearth::node {
namespace {

/// How far a gift is on its one road; 0: it has left it.
int milestone(SentState state) {
  switch (state) {
    case SentState::buying:
      return 1;
    case SentState::sending:
      return 2;
    case SentState::sent:
      return 3;
    case SentState::delivered:
      return 4;
    case SentState::accepted:
      return 5;
    case SentState::fetched:
      return 6;
    case SentState::played:
      return 7;
    default:
      return 0;
  }
}

std::optional<SentState> when(bool possible, SentState target) {
  return possible ? std::optional(target) : std::nullopt;
}

}  // namespace

SentEvent event_of(wire::GiftAnswer::State state) {
  switch (state) {
    case wire::GiftAnswer::State::delivered:
      return SentEvent::delivered;
    case wire::GiftAnswer::State::accepted:
      return SentEvent::accepted;
    case wire::GiftAnswer::State::declined:
      return SentEvent::declined;
    case wire::GiftAnswer::State::fetched:
      return SentEvent::fetched;
    case wire::GiftAnswer::State::expired:
      return SentEvent::expired;
    case wire::GiftAnswer::State::played:
      break;
  }
  return SentEvent::played;
}

std::optional<SentState> next_state(SentState state, SentEvent event) {
  using S = SentState;
  const int now = milestone(state);
  const bool on_its_way = now > milestone(S::buying) && now < milestone(S::accepted);
  const auto forward_to = [&](S target) {
    return when(now > milestone(S::buying) && now < milestone(target), target);
  };
  switch (event) {
    case SentEvent::ready:
      return when(state == S::buying, S::sending);
    case SentEvent::give_up:
      return when(state == S::buying, S::failed);
    case SentEvent::dropped:
      return forward_to(S::sent);
    case SentEvent::undeliverable:
      return when(state == S::sending, S::returned);
    case SentEvent::delivered:
      return forward_to(S::delivered);
    case SentEvent::accepted:
      return forward_to(S::accepted);
    case SentEvent::fetched:
      return forward_to(S::fetched);
    case SentEvent::played:
      return forward_to(S::played);
    case SentEvent::declined:
      return when(on_its_way, S::declined);
    case SentEvent::expired:
      return when(on_its_way, S::expired);
    case SentEvent::take_back:
      return when(on_its_way, S::taking_back);
    case SentEvent::back:
      return when(state == S::taking_back, S::taken_back);
    case SentEvent::back_late:
      return when(state == S::taking_back, S::expired);
    case SentEvent::was_used:
      return when(state == S::taking_back, S::accepted);
  }
  return std::nullopt;
}

bool brings_back(SentEvent event) {
  return event == SentEvent::undeliverable || event == SentEvent::declined ||
         event == SentEvent::expired || event == SentEvent::take_back;
}

std::optional<ReceivedState> next_state(ReceivedState state, ReceivedEvent event) {
  using S = ReceivedState;
  const auto if_waiting = [&](S target) {
    return state == S::waiting ? std::optional(target) : std::nullopt;
  };
  switch (event) {
    case ReceivedEvent::accept:
      return if_waiting(S::accepted);
    case ReceivedEvent::decline:
      return if_waiting(S::declined);
    case ReceivedEvent::run_out:
      return if_waiting(S::expired);
    case ReceivedEvent::find_used:
      if (state == S::accepted) return S::used_up;
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
    case SentState::buying:
      return "buying";
    case SentState::failed:
      return "failed";
    case SentState::played:
      return "played";
    case SentState::expired:
      return "expired";
    case SentState::taking_back:
      return "taking_back";
    case SentState::taken_back:
      return "taken_back";
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
    case ReceivedState::used_up:
      return "used_up";
    case ReceivedState::expired:
      return "expired";
  }
  return "unknown";
}

}  // namespace hearth::node
