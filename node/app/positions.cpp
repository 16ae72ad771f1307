#include "node/app/positions.h"

#include "common/base/clock.h"
#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::int64_t write_every_ms = 5'000;
constexpr std::int64_t look_every_ms = 5'000;
constexpr std::int64_t not_worth_ms = 10'000;

}  // namespace

void Positions::start() {
  net::spawn(loop_, run(), "positions");
}

void Positions::stop() {
  stopping_ = true;
  screen_.changed().notify_all();
}

net::Task<void> Positions::run() {
  while (!stopping_) {
    const ScreenState& state = screen_.state();
    if (state.state == "playing" && state.title_id != playing_) {
      playing_ = state.title_id;
      if (told_) told_(playing_);
    }
    note(state);
    co_await screen_.changed().wait(look_every_ms);
  }
}

void Positions::note(const ScreenState& state) {
  const bool ended = state.state == "ended";
  const bool shows = state.state == "playing" || state.state == "paused";
  if (state.title_id.empty() || (!ended && !shows)) return;
  if (!ended && now_ms() - written_ms_ < write_every_ms) return;
  const std::int64_t left_ms = state.duration_ms - state.position_ms;
  const bool near_end = state.duration_ms > 0 && left_ms < state.duration_ms / 20;
  const bool forget = ended || near_end || state.position_ms < not_worth_ms;
  const std::string key = "position/" + state.title_id;
  if (forget && of(state.title_id) == 0) return;
  store::Batch batch;
  if (forget) {
    erase(batch, key);
  } else {
    put(batch, key, Writer().u8(1).i64(state.position_ms).view());
  }
  auto stored = records_.commit(batch);
  if (!stored) spdlog::warn("positions: {}", stored.error().sentence);
  written_ms_ = now_ms();
}

std::int64_t Positions::of(const std::string& title_hex) const {
  const auto stored = records_.get("position/" + title_hex);
  if (!stored || !*stored) return 0;
  hearth::Reader in(**stored);
  const bool known = in.u8() == 1;
  const std::int64_t position_ms = in.i64();
  return known && in.done() && position_ms > 0 ? position_ms : 0;
}

}  // namespace hearth::node
