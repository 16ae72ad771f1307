#include "node/rules/pin.h"

#include <algorithm>

#include "common/base/codec.h"
#include "common/crypto/password.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t min_digits = 4, max_digits = 12;

std::string minutes_text(std::int64_t ms) {
  const std::int64_t minutes = (ms + 59'999) / 60'000;
  return minutes == 1 ? "a minute" : std::to_string(minutes) + " minutes";
}

}  // namespace

Result<void> check_pin(const std::string& pin) {
  const bool digits =
      std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && pin.size() >= min_digits && pin.size() <= max_digits) return {};
  return fail(Code::usage, "A PIN is 4 to 12 digits. Nothing was changed.");
}

Result<std::string> hash_pin(const std::string& pin) {
  auto hash = crypto::hash_password(pin);
  if (hash) return std::move(*hash);
  return fail(Code::internal, "There is not enough memory to set a PIN. Nothing was changed.");
}

std::string pause_sentence(const PinState& state, UtcMs now) {
  return "The PIN was wrong too often. Nothing was done; try again in " +
         minutes_text(state.pause_until_ms - now) + ".";
}

std::optional<PinState> begin_try(PinState state, UtcMs now) {
  // More than the whole pause is left only when the clock was set back: that does not lengthen it.
  const std::int64_t left = state.pause_until_ms - now;
  if (left > 0 && left <= pin_pause_ms) return std::nullopt;
  if (state.pause_until_ms != 0) state.wrong = 0;
  state.pause_until_ms = 0;
  ++state.wrong;
  if (state.wrong >= max_wrong_tries) state.pause_until_ms = now + pin_pause_ms;
  return state;
}

PinState after_right(PinState state) {
  state.wrong = 0;
  state.pause_until_ms = 0;
  return state;
}

std::string wrong_sentence(const PinState& state) {
  if (state.pause_until_ms != 0) {
    return "The PIN is wrong, and it was the last try for " + minutes_text(pin_pause_ms) +
           ". Nothing was done.";
  }
  const int left = max_wrong_tries - state.wrong;
  return "The PIN is wrong. Nothing was done; " +
         (left == 1 ? std::string("one more try is left.")
                    : std::to_string(left) + " more tries are left.");
}

Bytes encode(const PinState& state) {
  Writer out;
  out.u8(format).text(state.hash).u8(static_cast<std::uint8_t>(state.wrong));
  out.i64(state.pause_until_ms);
  return out.take();
}

std::optional<PinState> decode_pin(ByteView stored) {
  Reader in(stored);
  const bool known = in.u8() == format;
  PinState state;
  state.hash = in.text(crypto::max_password_hash);
  state.wrong = in.u8();
  state.pause_until_ms = in.i64();
  if (!known || !in.done() || state.wrong > max_wrong_tries) return std::nullopt;
  return state;
}

}  // namespace hearth::node
