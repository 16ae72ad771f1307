// Frames between node and player (docs/protocol.md §11): u32 big-endian length of what follows,
// u8 type, body. Pure code, used by both sides; sockets are the callers' business. A frame that
// breaks the rules ends the connection: there is no way to find the next one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::link {

inline constexpr std::size_t max_frame = 9u << 20;  ///< type and body together
inline constexpr std::size_t frame_header_size = 5;

/// On the wire. Append only.
enum class FrameType : std::uint8_t { json = 1, bytes = 2 };

struct Frame {
  FrameType type = FrameType::json;
  Bytes body;
};

struct FrameHeader {
  FrameType type = FrameType::json;
  std::size_t body_size = 0;
};

using HeaderBytes = std::array<std::uint8_t, frame_header_size>;

/// `body_size` at most max_frame - 1.
HeaderBytes frame_header(FrameType type, std::size_t body_size);
Bytes encode_frame(FrameType type, ByteView body);
/// Code::too_large above `limit` (type and body), Code::usage for an unknown type or no type.
Result<FrameHeader> parse_frame_header(const HeaderBytes& bytes, std::size_t limit = max_frame);

/// Cuts a stream of bytes into frames. Holds at most one frame's bytes beyond what push() brought.
class FrameDecoder {
 public:
  explicit FrameDecoder(std::size_t limit = max_frame) : limit_(limit) {}
  void push(ByteView bytes);
  /// The next whole frame; nullopt when more bytes are needed; an error ends the stream for good.
  Result<std::optional<Frame>> next();

 private:
  std::size_t limit_;
  Bytes buffer_;
  std::size_t read_ = 0;  ///< bytes of buffer_ that were handed out
  std::optional<Error> failed_;
};

}  // namespace hearth::link
