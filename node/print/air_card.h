// What a channel shows for other programs where it has no pictures: a text page, the name of a
// song, the sentence that says why something cannot be shown. Everything on it is text that was
// checked when it came in. Pure, but for the fonts of the machine.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

struct AirCard {
  std::string channel;       ///< "4  Evening"
  std::string headline;      ///< may be empty
  std::string text;          ///< may be empty
  std::uint32_t colour = 0;  ///< 0xrrggbb, the channel's
};
/// PNG, 1280 x 720. Code::internal when the drawing libraries fail.
Result<Bytes> draw_air_card(const AirCard& card);

}  // namespace hearth::node
