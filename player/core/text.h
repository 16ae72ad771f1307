// Text as the TV measures and breaks it: UTF-8 that may be anything, widths of the face Inter,
// lines no wider than a column. Pure code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::player {

/// The code point at `i`, which moves behind it; U+FFFD for what is not UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& i);
void append_utf8(std::string& out, char32_t c);
/// As UTF-8: the same text when it is valid already (without its byte order mark), else every
/// byte taken as Latin-1.
std::string from_unknown_encoding(std::string_view text);

/// Of the face Inter, in virtual pixels; `mono` for the fixed-width face.
double text_width(std::string_view text, double em, bool mono = false, bool bold = false);

/// Lines at most `width` wide, broken at blanks, inside a word only when it is wider than a line.
/// At least one line; line feeds break too.
std::vector<std::string> wrap(std::string_view text, double em, double width, bool mono = false,
                              bool bold = false);
/// At most `lines` lines; the last ends with an ellipsis when something was left out.
std::vector<std::string> wrap_at_most(std::string_view text, double em, double width,
                                      std::size_t lines, bool bold = false);

/// "1:02:03", "4:05".
std::string clock_time(std::int64_t ms);
/// "1.4 MB".
std::string size_in_words(std::uint64_t bytes);

}  // namespace hearth::player
