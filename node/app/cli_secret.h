// What a person types at the terminal and nobody is to see: a PIN. Without a terminal nothing is
// asked.
#pragma once

#include <optional>
#include <string>

#include "common/base/error.h"

namespace hearth::node {

/// The line that is typed, not shown; nullopt: standard input is no terminal, or it has ended.
std::optional<std::string> ask_secret(const std::string& prompt);
/// Twice the same. Code::usage.
Result<std::string> ask_new_pin();

}  // namespace hearth::node
