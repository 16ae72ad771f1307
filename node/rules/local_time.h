// The machine's local day and month, for hours, quotas and spending limits.
#pragma once

#include "node/rules/rules.h"

namespace hearth::node {

/// Everything of a Moment but what was received.
Moment local_moment(UtcMs now);

}  // namespace hearth::node
