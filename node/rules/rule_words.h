// Rules as people write them: `hearth rules set KEY VALUE`. Pure.
#pragma once

#include <string>

#include "node/rules/rules.h"

namespace hearth::node {

/// Changes one rule. Code::usage with what may be written; nothing is changed then.
Result<void> set_rule(HomeRules& rules, const std::string& key, const std::string& value);
/// "08:00-20:00", or "always".
std::string hours_text(const Hours& hours);

/// The profile is there afterwards, with that rating. Code::name_refused, Code::usage,
/// Code::too_large.
Result<void> put_profile(HomeRules& rules, const std::string& name, std::int64_t max_age);
/// Code::not_found.
Result<void> remove_profile(HomeRules& rules, const std::string& name);
/// Empty: none, so that everything is shown. Code::not_found.
Result<void> use_profile(HomeRules& rules, const std::string& name);

}  // namespace hearth::node
