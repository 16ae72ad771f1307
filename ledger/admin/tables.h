// The operator's documents (admin.h) as text for people: aligned columns, amounts to the right,
// names of strangers made printable. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/wire/json.h"

namespace hearth::ledger {

/// `document` as run_admin() made it for `command`; ends in a line feed.
std::string as_text_for_people(std::string_view command, const wire::Json& document);

}  // namespace hearth::ledger
