// Files of channels, on the command line's side.
#pragma once

#include <string>

#include "node/app/cli.h"

namespace hearth::node {

/// The request that carries the file which was named. Code::not_found, Code::too_large.
Result<std::string> import_body(const Order& order);
/// Writes the exported text into `file` (into the folder `file`, under ErsatzTV's own name); the
/// document names it instead of the text.
Result<wire::Json> save_channel(wire::Json document, const std::string& file);

}  // namespace hearth::node
