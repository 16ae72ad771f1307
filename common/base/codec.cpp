#include "common/base/codec.h"

#include "common/base/assert.h"

namespace hearth {
namespace {

template <std::size_t N>
void put_big_endian(Bytes& out, std::uint64_t value) {
  const std::size_t at = out.size();
  out.resize(at + N);
  for (std::size_t i = 0; i < N; ++i)
    out[at + i] = static_cast<std::uint8_t>(value >> (8 * (N - 1 - i)));
}

std::uint64_t get_big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

Writer& Writer::u8(std::uint8_t v) {
  out_.push_back(v);
  return *this;
}

Writer& Writer::u16(std::uint16_t v) {
  put_big_endian<2>(out_, v);
  return *this;
}

Writer& Writer::u32(std::uint32_t v) {
  put_big_endian<4>(out_, v);
  return *this;
}

Writer& Writer::u64(std::uint64_t v) {
  put_big_endian<8>(out_, v);
  return *this;
}

Writer& Writer::raw(ByteView bytes) {
  const std::size_t at = out_.size();
  out_.resize(at + bytes.size());
  std::ranges::copy(bytes, out_.begin() + static_cast<std::ptrdiff_t>(at));
  return *this;
}

Writer& Writer::bytes(ByteView bytes) {
  HEARTH_ASSERT(bytes.size() <= 0xffffffffU);
  u32(static_cast<std::uint32_t>(bytes.size()));
  return raw(bytes);
}

ByteView Reader::take(std::size_t size) {
  if (!ok_ || size > in_.size()) {
    ok_ = false;
    return {};
  }
  const ByteView taken = in_.first(size);
  in_ = in_.subspan(size);
  return taken;
}

std::uint8_t Reader::u8() {
  return static_cast<std::uint8_t>(get_big_endian(take(1)));
}
std::uint16_t Reader::u16() {
  return static_cast<std::uint16_t>(get_big_endian(take(2)));
}
std::uint32_t Reader::u32() {
  return static_cast<std::uint32_t>(get_big_endian(take(4)));
}
std::uint64_t Reader::u64() {
  return get_big_endian(take(8));
}

ByteView Reader::raw(std::size_t size) {
  return take(size);
}

ByteView Reader::bytes(std::size_t max) {
  const std::uint32_t size = u32();
  if (size > max) ok_ = false;
  return take(size);
}

}  // namespace hearth
