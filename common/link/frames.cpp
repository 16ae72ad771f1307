#include "common/link/frames.h"

#include <algorithm>

#include "common/base/assert.h"

namespace hearth::link {

HeaderBytes frame_header(FrameType type, std::size_t body_size) {
  HEARTH_ASSERT(body_size < max_frame);
  const auto length = static_cast<std::uint32_t>(body_size + 1);
  return {static_cast<std::uint8_t>(length >> 24), static_cast<std::uint8_t>(length >> 16),
          static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length),
          static_cast<std::uint8_t>(type)};
}

Bytes encode_frame(FrameType type, ByteView body) {
  const HeaderBytes header = frame_header(type, body.size());
  Bytes out(header.begin(), header.end());
  append(out, body);
  return out;
}

Result<FrameHeader> parse_frame_header(const HeaderBytes& bytes, std::size_t limit) {
  const std::size_t length = static_cast<std::size_t>(bytes[0]) << 24 |
                             static_cast<std::size_t>(bytes[1]) << 16 |
                             static_cast<std::size_t>(bytes[2]) << 8 | bytes[3];
  if (length == 0) return fail(Code::usage, "A frame on the player's socket has no type.");
  if (length > limit) {
    return fail(Code::too_large, "A frame on the player's socket is longer than " +
                                     std::to_string(limit) + " bytes.");
  }
  const auto type = static_cast<FrameType>(bytes[4]);
  if (type != FrameType::json && type != FrameType::bytes) {
    return fail(Code::usage, "A frame on the player's socket is of the unknown type " +
                                 std::to_string(bytes[4]) + ".");
  }
  return FrameHeader{type, length - 1};
}

void FrameDecoder::push(ByteView bytes) {
  if (failed_) return;
  if (read_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
  }
  append(buffer_, bytes);
}

Result<std::optional<Frame>> FrameDecoder::next() {
  if (failed_) return pass_on(*failed_);
  const ByteView rest = ByteView(buffer_).subspan(read_);
  if (rest.size() < frame_header_size) return std::nullopt;
  HeaderBytes header_bytes;
  std::copy_n(rest.begin(), frame_header_size, header_bytes.begin());
  const auto header = parse_frame_header(header_bytes, limit_);
  if (!header) {
    failed_ = header.error();
    buffer_.clear();
    return pass_on(header.error());
  }
  if (rest.size() - frame_header_size < header->body_size) return std::nullopt;
  Frame frame{header->type, to_bytes(rest.subspan(frame_header_size, header->body_size))};
  read_ += frame_header_size + header->body_size;
  return std::optional<Frame>(std::move(frame));
}

}  // namespace hearth::link
