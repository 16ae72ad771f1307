// The machine's local day and month, for hours, quotas and spending limits, and for people.
#pragma once

#include <string>

#include "node/rules/rules.h"

namespace hearth::node {

/// Everything of a Moment but what was received.
Moment local_moment(UtcMs now);
/// "24 Dec 2026 18:00"; without the time when a day begins or ends there. 0: empty.
std::string local_text(UtcMs at);

}  // namespace hearth::node
