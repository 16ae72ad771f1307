// Looking for what must not be there: a secret in every encoding that a program might give it, in
// texts that are opened first (base64url within base64url, as JWS within JWS is).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/bytes.h"

namespace hearth::test {

class Needles {
 public:
  /// As it is, as hex of either case, as base64url.
  void add(const std::string& what, ByteView bytes);
  void add_text(const std::string& what, std::string text);
  void add_all(const Needles& more);
  std::size_t size() const { return needles_.size(); }
  /// Names of those that stand in the text, "B's address (hex)"; empty: none.
  std::vector<std::string> in(std::string_view opened) const;

 private:
  std::vector<std::pair<std::string, std::string>> needles_;
};

/// The text, and after it whatever runs of base64url in it decode to, and so on.
std::string opened(std::string_view text);

}  // namespace hearth::test
