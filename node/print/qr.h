// QR codes: of a text, as modules, and drawn in a terminal. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/error.h"

namespace hearth::node {

struct QrCode {
  int size = 0;  ///< modules in a row, without the quiet zone
  std::vector<bool> dark;
  /// False outside.
  bool at(int x, int y) const {
    return x >= 0 && y >= 0 && x < size && y < size &&
           dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(size) +
                static_cast<std::size_t>(x)];
  }
};

/// Level M: a stain over a tenth of it does no harm. Code::too_large.
Result<QrCode> make_qr(const std::string& text);
/// Two modules a character, quiet zone included. With `colours` black on white by escape codes,
/// which any terminal shows rightly; without, light modules are drawn, for a dark background.
std::string half_blocks(const QrCode& code, bool colours);

}  // namespace hearth::node
