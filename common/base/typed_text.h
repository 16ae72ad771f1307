// Text that people type, scan or paste in groups and in either case. ASCII only: other letters
// stay as they are. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hearth {

/// Nobody types more than this.
inline constexpr std::size_t max_typed = 4096;

std::string without_blanks(std::string_view text);
std::string lower_case(std::string text);
std::string upper_case(std::string text);
/// "abcd efgh ij": for reading aloud and for print.
std::string in_groups(std::string_view text, std::size_t group = 4);

}  // namespace hearth
