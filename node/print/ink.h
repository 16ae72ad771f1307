// Inside print/ only: colours, text, and the way from a cairo surface to bytes.
#pragma once

#include <string>

#include <cairo.h>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

struct Ink {
  double r, g, b;
};
void use(cairo_t* cr, const Ink& ink);

struct Words {
  const char* font;  ///< Pango's description, the size in points
  Ink ink;
  double height;         ///< at most; what does not fit ends in an ellipsis
  double spacing = 1.2;  ///< of lines
};

/// Draws wrapped text; returns the height that it took. Never markup: it may be a stranger's.
double write(cairo_t* cr, const std::string& text, const Words& words, double x, double y,
             double width);

/// Of a surface that writes into Bytes.
cairo_status_t take_bytes(void* closure, const unsigned char* data, unsigned int size);
/// Ends both. Code::internal when the drawing libraries failed.
Result<Bytes> drawn(cairo_t* cr, cairo_surface_t* surface, Bytes& out, bool as_png);

}  // namespace hearth::node
