// What a person holds in hands: a gift card to print or to mail, drawn once for PDF (A5) and PNG.
// Everything on it is text that was checked when it came in and a poster that a child process
// decoded. Pure, but for the fonts of the machine.
#pragma once

#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

/// Decoded pixels, BGRx, 4 bytes each, rows without gaps.
struct Picture {
  int width = 0, height = 0;
  Bytes pixels;
};

struct CardFace {
  std::string title;
  std::string kind;  ///< "Film, 1 h 32 min"
  std::string from;  ///< the giving home's name; empty: not told
  std::string note;
  std::string until;  ///< a sentence about the last day; empty: none
  std::string text;   ///< the gift card
  std::string uri;    ///< what the QR code says
  Picture poster;     ///< empty: a drawn one
};

enum class Paper { pdf, png };
/// Code::internal when the drawing libraries fail.
Result<Bytes> draw_card(const CardFace& face, Paper paper);
/// A QR code alone, with its quiet zone, 8 pixels a module.
Result<Bytes> draw_qr_png(const std::string& text);

/// How large a poster is drawn, from the shape of the title's picture: 0 × 0 means square.
struct PosterBox {
  int width = 0, height = 0;
};
PosterBox poster_box(std::uint32_t width, std::uint32_t height);
/// Decodes a JPEG of another home in a child process, cut to the box. Empty when it is none.
/// Blocking: pool thread.
Picture decode_poster(ByteView jpeg, const PosterBox& box);

}  // namespace hearth::node
