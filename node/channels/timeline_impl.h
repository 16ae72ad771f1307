// Inside of Timeline: shared by playout.cpp and guide.cpp. Pure; room-internal.
#pragma once

#include <algorithm>
#include <map>
#include <memory>

#include "node/channels/playout.h"
#include "node/channels/run.h"

namespace hearth::node::channels {

struct Timeline::Impl {
  explicit Impl(Plan made) : plan(std::move(made)) {}

  Plan plan;
  std::map<std::int64_t, Run> runs;  ///< by number since the beginning

  UtcMs begins() const { return plan.channel.since.at; }
  Run& run_at(UtcMs at);
  /// The local day of dead air before the list begins.
  Entry before(UtcMs at) const;

  /// visit(entry) from a whole airing before `from` on, until it returns false.
  template <class Visit>
  void walk(UtcMs from, Visit visit) {
    from = std::max(from, earliest);
    while (from < begins()) {
      const Entry entry = before(from);
      if (!visit(entry)) return;
      from = entry.end;
    }
    while (from < latest) {
      Run& run = run_at(from);
      if (!run.walk(from, visit)) return;
      from = run.ends();
    }
  }

  static constexpr UtcMs earliest = 0, latest = std::int64_t{last_day} * day_ms;
};

/// What to show in place of programmes that cannot be shown: appends `planned` or its stand-ins.
void add_shown(const Plan& plan, const Media& media, const Entry& planned, std::vector<Entry>& out);
/// Of an airing: whether the media of an entry can be shown.
Availability availability_of(const Plan& plan, const Media& media, const Entry& planned);
inline bool can_be_shown(Availability one) {
  return one == Availability::ready || one == Availability::known;
}

}  // namespace hearth::node::channels
