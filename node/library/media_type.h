// Which media type a file is, by its first bytes first, by its name's extension second. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/base/bytes.h"

namespace hearth::node {

/// The type that the first bytes (a few hundred suffice) prove; empty when they prove none.
std::string magic_media_type(ByteView head);
/// By extension, lower or upper case; empty when it is unknown.
std::string extension_media_type(std::string_view file_name);
/// For what ffprobe recognised: extension if it agrees with `kind_prefix` ("video/"), else by
/// ffprobe's format name ("mov,mp4,m4a,…").
std::string probed_media_type(std::string_view file_name, std::string_view format_name,
                              std::string_view kind_prefix);
/// True when it reads as UTF-8 text without control characters other than blanks. The end of
/// `head` may cut a character.
bool looks_like_text(ByteView head);

}  // namespace hearth::node
