// The documents of run_admin() as text for people: sentences and tables.
#pragma once

#include <string>
#include <string_view>

#include "common/wire/json.h"

namespace hearth::ledger {

/// A document that this program does not know (a newer daemon's) is printed as it came.
std::string as_text_for_people(std::string_view command, const wire::Json& document);

/// What happened between two documents of `stats`, of one and the same process.
std::string watch_text(const wire::Json& before, const wire::Json& now);
/// The same for programs: rates and quantiles beside the totals.
wire::Json watch_document(const wire::Json& before, const wire::Json& now);

}  // namespace hearth::ledger
