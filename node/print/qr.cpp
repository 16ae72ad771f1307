#include "node/print/qr.h"

#include <memory>

#include <qrencode.h>

namespace hearth::node {
namespace {

constexpr int quiet = 2;  // of four that the standard asks for; screens have room around

}  // namespace

Result<QrCode> make_qr(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (!made) return fail(Code::too_large, "This text is too long for a QR code.");
  QrCode code;
  code.size = made->width;
  const auto modules = static_cast<std::size_t>(code.size) * static_cast<std::size_t>(code.size);
  for (std::size_t i = 0; i < modules; ++i) code.dark.push_back((made->data[i] & 1) != 0);
  return code;
}

std::string half_blocks(const QrCode& code, bool colours) {
  // By which of the two halves are drawn: none, the upper, the lower, both.
  constexpr const char* blocks[] = {" ", "\u2580", "\u2584", "\u2588"};
  std::string out;
  for (int y = -quiet; y < code.size + quiet; y += 2) {
    if (colours) out += "\033[30;107m";
    for (int x = -quiet; x < code.size + quiet; ++x) {
      const bool below = y + 1 < code.size + quiet;
      const bool upper = code.at(x, y) == colours;
      const bool lower = below && code.at(x, y + 1) == colours;
      out += blocks[(upper ? 1 : 0) + (lower ? 2 : 0)];
    }
    out += colours ? "\033[0m\n" : "\n";
  }
  return out;
}

}  // namespace hearth::node
