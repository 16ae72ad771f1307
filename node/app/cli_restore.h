// `hearth wallet restore`: the whole of a home on an empty directory, without its daemon. The seed
// line comes from standard input, never from an argument: those stay in a shell's history.
#pragma once

#include <filesystem>

#include "common/base/error.h"
#include "common/wire/json.h"

namespace hearth::node {

/// Arguments `ledger`, `name` and `proxy`, only for the first run: one that was interrupted goes on without
/// them and without the line. Code::usage, Code::bad_seed_line, Code::already_initialised.
Result<wire::Json> restore_home(const std::filesystem::path& dir, const wire::Json& arguments);

}  // namespace hearth::node
