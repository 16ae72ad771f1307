// Decides what comes next, one step after the other, from a state that is small enough to keep:
// the rules of node/channels/README.md. It looks ahead as far as the next fixed start and never
// knows what was asked for; that is why a longer span never changes a shorter one.
// Pure; room-internal.
#pragma once

#include <cstdint>
#include <vector>

#include "node/channels/plan.h"
#include "node/channels/playout.h"

namespace hearth::node::channels {

/// A slot on the air.
struct Block {
  std::int32_t slot = -1;
  std::int64_t left = 0;  ///< items, of one and multiple
  UtcMs until = 0;        ///< of duration
  UtcMs planned = 0;      ///< of a fixed slot of which nothing was shown yet
};

struct SlotState {
  std::uint64_t next = 0, first = 0;
  UtcMs waits_since = 0;
};

/// Between two steps: everything before `t` is decided.
struct State {
  UtcMs t = 0;
  UtcMs handled = 0;  ///< fixed starts up to here have been seen to
  Block on_air, floating;
  std::vector<SlotState> slots;
  std::vector<std::uint64_t> fillers;  ///< turns taken
};

/// How far fixed starts are looked for: longer than any item lasts.
inline constexpr std::int64_t lookahead_ms = 3 * day_ms;
/// An item that finds no room for so long is passed over, so that the rest goes on.
inline constexpr std::int64_t longest_wait_ms = day_ms;

class Machine {
 public:
  Machine(const Plan& plan, Starts& starts, State state)
      : plan_(&plan), starts_(&starts), s_(std::move(state)) {}
  const State& state() const { return s_; }
  /// Appends at least one entry, the first beginning at the state's `t`, and advances it.
  void step(std::vector<Entry>& out);

 private:
  /// Until when what is put on the air now may last.
  struct Room {
    UtcMs soft = 0;       ///< an item may end then at the latest
    UtcMs hard = 0;       ///< where filling ends
    bool forced = false;  ///< it is shown in any case
  };
  void take_due();
  const Start* ahead(std::size_t position) const;
  bool beats(const Start& a, const Start& b) const;
  bool comes_too_late(const Start& start) const;
  void begin(Block& block, std::int32_t slot, UtcMs planned);
  bool ended(const Block& block) const;
  void next_floating();
  Room room_for(const Block& block);
  UtcMs cut_of(std::int32_t slot, UtcMs end);
  void show(Block& block, std::vector<Entry>& out);
  void skip_what_never_fits(const Block& block);
  bool has_waited(std::int32_t slot);

  // machine_fill.cpp
  std::int64_t put_airing(const Block& block, const Reel::Take& take, const Room& room,
                          std::vector<Entry>& out);
  void put_fillers(std::int32_t slot, Place place, UtcMs airing, std::int64_t& budget,
                   std::vector<Entry>& out);
  void put_pad(std::int32_t slot, Place place, UtcMs airing, std::int64_t& budget,
               std::vector<Entry>& out);
  void fill_gap(std::int32_t slot, UtcMs until, std::vector<Entry>& out);
  void put_what_fits(std::int32_t filler, Place place, std::int32_t slot, UtcMs airing, UtcMs until,
                     std::int64_t at_most, std::vector<Entry>& out);
  void put_fallback(std::int32_t slot, UtcMs airing, UtcMs until, std::vector<Entry>& out);
  void put_filler(const PlannedFiller& filler, const Reel::Take& take, Place place,
                  std::int32_t slot, UtcMs airing, std::vector<Entry>& out);
  std::int32_t filler_of(std::int32_t slot, Place place) const;
  UtcMs next_full(UtcMs at, std::int64_t minutes) const;
  UtcMs next_midnight();

  const Plan* plan_;
  Starts* starts_;
  State s_;
  std::size_t cursor_ = 0;  ///< position in starts_ of the first one after handled
  bool cursor_known_ = false;
  UtcMs midnight_ = 0;  ///< the next one after s_.t, once asked for
};

}  // namespace hearth::node::channels
