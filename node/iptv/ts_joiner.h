// One endless MPEG transport stream out of many short ones: the items of a channel as ffmpeg writes
// them, each with a clock of its own. Timestamps become those of the channel, so that they go on
// from item to item and never back; continuity counters go on; what an item shows after its end is
// left out. Cut into segments that can be played from their first byte: tables, then a key frame.
// Pure. ISO/IEC 13818-1.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/bytes.h"

namespace hearth::node {

inline constexpr std::size_t ts_packet = 188;
/// What ffmpeg is told to use (encoding.cpp).
inline constexpr std::uint16_t video_pid = 0x100, audio_pid = 0x101, tables_pid = 0x1000;
/// An item's own clock stands there when it begins, so that what lies before is no negative time.
inline constexpr std::int64_t item_zero = 1000LL * 90'000;
inline constexpr std::int64_t clock_per_ms = 90;

struct TsSegment {
  Bytes bytes;
  std::int64_t begin = 0, length = 0;  ///< 90 kHz, of the channel's clock
  bool fresh = false;                  ///< the first one of its item
};

class TsJoiner {
 public:
  /// From here on packets are of an item that begins `at` (90 kHz, of the channel's clock, not
  /// negative) and has `length`.
  void begin_item(std::int64_t at, std::int64_t length);
  /// Any part of its stream; the rest of a packet is waited for. What is no packet is left out.
  void feed(ByteView bytes);
  /// What is left becomes the item's last segment.
  void end_item();
  /// Segments that are whole.
  std::vector<TsSegment> take();
  /// Up to where the channel's stream has come; before the first packet, where the item begins.
  std::int64_t reached() const { return reached_; }
  /// Whether the item under way has shown anything.
  bool any() const { return any_; }

 private:
  struct Packet {
    std::array<std::uint8_t, ts_packet> bytes{};
  };
  /// What of one kind, pictures or sound, was written last.
  struct Track {
    std::uint16_t pid = 0;
    std::uint8_t counter = 0;
    std::int64_t last = -1;             ///< decoding time, of the channel
    std::optional<std::int64_t> first;  ///< of the item's clock
    bool leaving_out = false, over = false;
  };
  Track* track_of(std::uint16_t pid);
  void take_packet(const Packet& packet);
  void begin_writing();
  void write(Packet packet);
  bool keep_part(Track& track, const Packet& packet);
  void stamp(Packet& packet, std::size_t payload) const;
  void begin_segment(std::int64_t at);
  void cut(std::int64_t at);
  void add_table(Packet packet, std::uint8_t& counter);

  Track video_{video_pid, 0, -1, {}, false, false}, audio_{audio_pid, 0, -1, {}, false, false};
  std::optional<Packet> programmes_, tables_;
  std::uint8_t programmes_counter_ = 0, tables_counter_ = 0;
  Bytes rest_;                   ///< of a packet
  std::vector<Packet> waiting_;  ///< until both tracks have begun
  bool writing_ = false, any_ = false;
  std::int64_t at_ = 0, length_ = 0;
  std::int64_t shift_ = 0;  ///< from the item's clock to the channel's
  std::int64_t reached_ = 0;
  std::optional<TsSegment> open_;
  bool fresh_ = true;
  std::vector<TsSegment> whole_;
};

}  // namespace hearth::node
