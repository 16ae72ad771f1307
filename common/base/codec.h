// Fixed binary records for storage: big-endian integers, length-prefixed bytes. The first byte
// of every stored record is its format version. Reading is bounded: a Reader never reads past
// its view, and after the first failure every further read fails too.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/bytes.h"

namespace hearth {

class Writer {
 public:
  Writer& u8(std::uint8_t v);
  Writer& u16(std::uint16_t v);
  Writer& u32(std::uint32_t v);
  Writer& u64(std::uint64_t v);
  Writer& i64(std::int64_t v) { return u64(static_cast<std::uint64_t>(v)); }
  Writer& raw(ByteView bytes);    ///< no length
  Writer& bytes(ByteView bytes);  ///< u32 length, then the bytes
  Writer& text(std::string_view text) { return bytes(as_bytes(text)); }
  Bytes take() { return std::move(out_); }
  void clear() { out_.clear(); }  ///< keeps the memory
  void reserve(std::size_t size) { out_.reserve(size); }
  const Bytes& view() const { return out_; }

 private:
  Bytes out_;
};

class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  /// Exactly `size` bytes; empty view after a failure.
  ByteView raw(std::size_t size);
  /// u32 length, then bytes; a length above `max` fails.
  ByteView bytes(std::size_t max);
  std::string text(std::size_t max) { return std::string(as_text(bytes(max))); }
  template <std::size_t N>
  std::array<std::uint8_t, N> fixed() {
    std::array<std::uint8_t, N> out{};
    const ByteView v = raw(N);
    if (ok_) std::copy(v.begin(), v.end(), out.begin());
    return out;
  }
  bool ok() const { return ok_; }
  /// True when everything was read and nothing failed.
  bool done() const { return ok_ && in_.empty(); }

 private:
  ByteView take(std::size_t size);
  ByteView in_;
  bool ok_ = true;
};

}  // namespace hearth
