// A stretch of the list with a beginning, walked forward by the machine and remembered at every
// local midnight, so that any moment is reached from the midnight before it. Pure; room-internal.
//
// A list begins anew every 1,024 days (`run_days`): it bounds what a question about a far day can
// cost. An edit begins anew as well, with progress kept (Since).
#pragma once

#include <vector>

#include "node/channels/machine.h"

namespace hearth::node::channels {

inline constexpr Day run_days = 1024;

class Run {
 public:
  /// Its entries begin at `begin.t`; what would go beyond `end` is cut there.
  Run(const Plan& plan, State begin, UtcMs end);
  UtcMs begins() const { return marks_.front().t; }
  UtcMs ends() const { return end_; }
  /// Calls visit(entry) from some airing's first entry before `from` on (from the run's first, if
  /// nothing is before), until it returns false or the run ends. Returns whether the run ended.
  template <class Visit>
  bool walk(UtcMs from, Visit visit) {
    Machine machine(*plan_, starts_, mark_before(from));
    std::vector<Entry> step;
    while (machine.state().t < end_) {
      step.clear();
      machine.step(step);
      keep_mark(machine.state());
      for (Entry& entry : step) {
        if (entry.start >= end_) return true;
        if (entry.end > end_) {
          entry.end = end_;
          entry.cut = true;
        }
        if (!visit(static_cast<const Entry&>(entry))) return false;
      }
    }
    return true;
  }
  /// The last state whose `t` is at or before `at`.
  State state_at(UtcMs at);

 private:
  const State& mark_before(UtcMs at) const;
  void keep_mark(const State& state);

  const Plan* plan_;
  UtcMs end_;
  Starts starts_;
  std::vector<State> marks_;  ///< ascending in t
  Day marked_day_;            ///< of the last mark
  UtcMs next_mark_;           ///< the first midnight after it
};

/// Progress as the document keeps it, as positions, and back.
State state_of(const Plan& plan, const Since& since);
Since since_of(const Plan& plan, const State& state);

}  // namespace hearth::node::channels
