// The few minutes in which one phone can be paired: what is shown for it, and what a try at it
// means. Kept in memory alone: a restart closes it. Pure; the time is that of a clock that does not
// run backwards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/web/phone.h"

namespace hearth::node {

inline constexpr std::int64_t pairing_open_ms = 3 * 60 * 1000;
inline constexpr int max_wrong_codes = 5;

/// Eight letters and digits without 0, O, 1 and I: 40 bits. Shown as "ABCD-EFGH".
std::string code_from(const std::array<std::uint8_t, 8>& random);
/// As typed: either case, with or without the dash and blanks.
std::string code_as_typed(std::string_view text);

class Pairing {
 public:
  struct Open {
    std::string secret;  ///< in the QR code
    std::string code;    ///< for who types: "ABCD-EFGH"
    PhoneRole role = PhoneRole::member;
    std::string profile;
  };
  enum class Verdict { right, wrong, last_wrong, closed };

  /// Whatever was open before is closed by it.
  void open(Open what, std::int64_t now_ms);
  void close() { open_.reset(); }
  /// nullptr: none is open.
  const Open* now_open(std::int64_t now_ms) const;
  std::int64_t left_ms(std::int64_t now_ms) const;
  /// `right` closes it, and so does the fifth wrong try.
  Verdict attempt(std::string_view code, std::string_view secret, std::int64_t now_ms);

 private:
  std::optional<Open> open_;
  std::int64_t closes_ms_ = 0;
  int wrong_ = 0;
};

}  // namespace hearth::node
