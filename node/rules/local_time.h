// The machine's local day and month, for hours, quotas and spending limits, and times as people at
// home read them.
#pragma once

#include <string>

#include "node/rules/rules.h"

namespace hearth::node {

/// Everything of a Moment but what was received.
Moment local_moment(UtcMs now);
/// "24 Dec 2026", with the time unless the day begins or ends there: "24 Dec 2026 18:00". Empty
/// for 0.
std::string local_text(UtcMs at);

}  // namespace hearth::node
