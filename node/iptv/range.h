// A Range header (RFC 9110 §14) against a size: "bytes=a-", "bytes=a-b", "bytes=-n". Anything else,
// several ranges included, is taken as none. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace hearth::node {

struct ByteRange {
  std::uint64_t begin = 0, end = 0;  ///< half-open
  bool partial = false;
  bool possible = true;  ///< false: 416
};
ByteRange range_of(std::string_view header, std::uint64_t size);

}  // namespace hearth::node
