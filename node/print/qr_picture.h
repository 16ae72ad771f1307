// Reads the QR codes of a picture that came from anywhere: a photo of a card, a scan, a PDF. No
// picture format is parsed in this process: ffmpeg or pdftoppm make grey pixels of it in a child
// process, and zbarimg finds the codes in those in another one; each is bounded in pixels, bytes
// and time. docs/decisions/0033.
//
// Threads: any; blocking. The command line calls it, and of hearthd the page (web/card_photos.h).
#pragma once

#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

inline constexpr std::size_t max_qr_picture = 32 * 1024 * 1024;  ///< bytes

/// Whether it begins as a PNG, JPEG, WebP or PDF file does.
bool is_qr_picture(ByteView file);
/// The texts of all codes in it (of a PDF: on its first page), each once; none: there is no code
/// that can be read. Code::unsupported_media when it cannot be decoded, Code::not_found when a
/// program is not installed, Code::timeout.
Result<std::vector<std::string>> read_qr_picture(ByteView file);
/// The one code in it; sentences call it `name` and end with `nothing`: "Nothing was added.".
/// Code::bad_card: there is none, or several; else as above.
Result<std::string> card_in_picture(ByteView file, const std::string& name,
                                    const std::string& nothing);

}  // namespace hearth::node
