// Items joined into one stream: clocks, counters, ends, segments; by packets made for it.
#include "node/iptv/ts_joiner.h"

#include <map>

#include <doctest/doctest.h>

namespace hearth::node {
namespace {

constexpr std::int64_t frame = 3'600, sound = 1'920, second = 90'000;
constexpr std::size_t payload_at = 4;

void put_stamp(std::uint8_t* at, std::uint8_t mark, std::int64_t value) {
  at[0] = static_cast<std::uint8_t>(mark << 4 | (value >> 30 & 7) << 1 | 1);
  at[1] = static_cast<std::uint8_t>(value >> 22);
  at[2] = static_cast<std::uint8_t>((value >> 15 & 0x7f) << 1 | 1);
  at[3] = static_cast<std::uint8_t>(value >> 7);
  at[4] = static_cast<std::uint8_t>((value & 0x7f) << 1 | 1);
}

std::int64_t stamp(const std::uint8_t* at) {
  return std::int64_t{at[0] >> 1 & 7} << 30 | std::int64_t{at[1]} << 22 |
         std::int64_t{at[2] >> 1} << 15 | std::int64_t{at[3]} << 7 | at[4] >> 1;
}

Bytes packet(std::uint16_t pid, bool begins, std::uint8_t counter) {
  Bytes out(ts_packet, 0xff);
  out[0] = 0x47;
  out[1] = static_cast<std::uint8_t>((begins ? 0x40 : 0) | pid >> 8);
  out[2] = static_cast<std::uint8_t>(pid);
  out[3] = static_cast<std::uint8_t>(0x10 | (counter & 0xf));
  return out;
}

/// One item as ffmpeg writes it: its clock begins at 1000 s.
class Item {
 public:
  Item() {
    append(bytes_, packet(0, true, 0));
    append(bytes_, packet(tables_pid, true, 0));
  }
  Item& picture(std::int64_t shown, std::int64_t decoded, bool key = false) {
    Bytes one = packet(video_pid, true, video_++);
    std::size_t at = payload_at;
    if (key) {  // an adaptation field: random access, and the clock
      one[3] |= 0x20;
      one[4] = 7;
      one[5] = 0x50;
      const std::int64_t clock = decoded + item_zero;
      one[6] = static_cast<std::uint8_t>(clock >> 25);
      one[7] = static_cast<std::uint8_t>(clock >> 17);
      one[8] = static_cast<std::uint8_t>(clock >> 9);
      one[9] = static_cast<std::uint8_t>(clock >> 1);
      one[10] = static_cast<std::uint8_t>((clock & 1) << 7 | 0x7e);
      one[11] = 0;
      at += 8;
    }
    const std::uint8_t head[] = {0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10};
    std::copy(std::begin(head), std::end(head), one.begin() + static_cast<std::ptrdiff_t>(at));
    put_stamp(one.data() + at + 9, 3, shown + item_zero);
    put_stamp(one.data() + at + 14, 1, decoded + item_zero);
    append(bytes_, one);
    append(bytes_, packet(video_pid, false, video_++));
    return *this;
  }
  /// More of the picture that was added last.
  Item& more(std::size_t packets) {
    for (std::size_t i = 0; i < packets; ++i) append(bytes_, packet(video_pid, false, video_++));
    return *this;
  }
  Item& tone(std::int64_t shown) {
    Bytes one = packet(audio_pid, true, audio_++);
    const std::uint8_t head[] = {0, 0, 1, 0xc0, 0, 0, 0x80, 0x80, 5};
    std::copy(std::begin(head), std::end(head), one.begin() + payload_at);
    put_stamp(one.data() + payload_at + 9, 2, shown + item_zero);
    append(bytes_, one);
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::uint8_t video_ = 0, audio_ = 0;
};

/// `seconds` of pictures, each `delay` decoded before it is shown, and sound that begins early.
Item film(std::int64_t seconds, std::int64_t delay = 0, std::int64_t before = 0,
          std::int64_t keys = 50) {
  Item out;
  std::int64_t sounds = 0;
  for (std::int64_t i = 0; i * frame < (seconds + before) * second; ++i) {
    const std::int64_t at = i * frame - before * second;
    for (; sounds * sound - sound <= at; ++sounds) out.tone(sounds * sound - sound);
    out.picture(at, at - delay, i % keys == 0);
  }
  return out;
}

struct Read {
  std::vector<std::int64_t> decoded[2], shown[2];  ///< pictures, sound
  bool counted = true;                             ///< every counter went on by one
  std::vector<std::int64_t> clocks;
};

class Reading {
 public:
  void take(const Bytes& bytes, Read& out) {
    REQUIRE(bytes.size() % ts_packet == 0);
    for (std::size_t at = 0; at < bytes.size(); at += ts_packet) one(bytes.data() + at, out);
  }

 private:
  void one(const std::uint8_t* p, Read& out) {
    const int pid = (p[1] & 0x1f) << 8 | p[2];
    const int counter = p[3] & 0xf;
    const auto before = counters_.find(pid);
    if (before != counters_.end())
      out.counted = out.counted && (before->second + 1) % 16 == counter;
    counters_[pid] = counter;
    std::size_t at = payload_at;
    if ((p[3] & 0x20) != 0) {
      at += 1U + p[4];
      out.clocks.push_back(std::int64_t{p[6]} << 25 | std::int64_t{p[7]} << 17 |
                           std::int64_t{p[8]} << 9 | std::int64_t{p[9]} << 1 | p[10] >> 7);
    }
    if ((p[1] & 0x40) == 0 || (pid != video_pid && pid != audio_pid)) return;
    const int track = pid == video_pid ? 0 : 1;
    out.shown[track].push_back(stamp(p + at + 9));
    out.decoded[track].push_back(track == 0 ? stamp(p + at + 14) : stamp(p + at + 9));
  }
  std::map<int, int> counters_;
};

bool rises(const std::vector<std::int64_t>& values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] <= values[i - 1]) return false;
  }
  return true;
}

std::vector<TsSegment> joined(TsJoiner& joiner, const Item& item, std::int64_t at,
                              std::int64_t length) {
  joiner.begin_item(at, length);
  // In odd pieces, as a pipe gives them.
  const ByteView bytes(item.bytes());
  for (std::size_t i = 0; i < bytes.size(); i += 1000)
    joiner.feed(bytes.subspan(i, std::min<std::size_t>(1000, bytes.size() - i)));
  joiner.end_item();
  return joiner.take();
}

}  // namespace

TEST_CASE("items follow each other: time and counters only go on") {
  TsJoiner joiner;
  Reading reading;
  Read read;
  std::int64_t at = 60 * second;
  // Without and with pictures that are decoded long before they are shown.
  for (const std::int64_t delay : {0L, 2 * frame, 4 * frame, 0L, 4 * frame}) {
    const auto segments = joined(joiner, film(5, delay), at, 5 * second);
    REQUIRE(segments.size() >= 2);
    CHECK(segments.front().fresh);
    CHECK_FALSE(segments.back().fresh);
    for (const TsSegment& one : segments) reading.take(one.bytes, read);
    at += 5 * second;
  }
  CHECK(read.counted);
  CHECK(rises(read.decoded[0]));
  CHECK(rises(read.decoded[1]));
  CHECK(rises(read.clocks));
  CHECK(read.shown[0].back() < at);
  CHECK(read.shown[0].size() > 5 * 5 * 25 - 5 * 6);
}

TEST_CASE("each item begins where the list has it; what one was late by does not stay") {
  TsJoiner joiner;
  joined(joiner, film(5, 0), 60 * second, 5 * second);
  joined(joiner, film(5, 8 * frame), 65 * second, 5 * second);  // late by some frames
  const auto third = joined(joiner, film(5, 0), 70 * second, 5 * second);
  Reading reading;
  Read read;
  reading.take(third.front().bytes, read);
  CHECK(read.shown[0].front() == 70 * second);
}

TEST_CASE("what lies beyond an item's end is left out") {
  TsJoiner joiner;
  const auto segments = joined(joiner, film(9), 60 * second, 4 * second);
  Reading reading;
  Read read;
  for (const TsSegment& one : segments) reading.take(one.bytes, read);
  CHECK(read.shown[0].back() == 64 * second - frame);
  CHECK(read.shown[1].back() < 64 * second);
  CHECK(read.counted);
}

TEST_CASE("the first item may begin with the key frame before its in-point") {
  TsJoiner joiner;
  const auto segments = joined(joiner, film(4, 0, 3), 60 * second, 4 * second);
  Reading reading;
  Read read;
  for (const TsSegment& one : segments) reading.take(one.bytes, read);
  CHECK(read.shown[0].front() == 57 * second);
  CHECK(segments.front().begin == 57 * second);
}

TEST_CASE("segments begin with tables and a key frame, and are never too long") {
  TsJoiner joiner;
  const auto usual = joined(joiner, film(20), 60 * second, 20 * second);
  CHECK(usual.size() == 10);
  for (const TsSegment& one : usual) {
    CHECK((one.bytes[2] | (one.bytes[1] & 0x1f)) == 0);
    CHECK(one.bytes[ts_packet + 1] % 32 == tables_pid >> 8);
    CHECK(one.length > 0);
  }
  const auto sparse = joined(joiner, film(30, 0, 0, 100'000), 80 * second, 30 * second);
  CHECK(sparse.size() > 2);
  for (const TsSegment& one : sparse) CHECK(one.length <= 10 * second);
  std::int64_t end = 80 * second;
  for (const TsSegment& one : sparse) {
    CHECK(one.begin >= end - sound);
    end = one.begin + one.length;
  }
}

TEST_CASE("a picture that does not end is left out where a segment is full") {
  TsJoiner joiner;
  Item item;
  item.tone(0).picture(0, 0, true).more(60 * 1024 * 1024 / ts_packet);
  item.tone(second).picture(second, second, true).tone(2 * second);
  const auto segments = joined(joiner, item, 60 * second, 4 * second);
  Reading reading;
  Read read;
  for (const TsSegment& one : segments) {
    CHECK(one.bytes.size() < 33 * 1024 * 1024);
    reading.take(one.bytes, read);
  }
  CHECK(read.counted);
  CHECK(read.shown[0] == std::vector<std::int64_t>{60 * second, 61 * second});
  CHECK(read.shown[1].back() == 62 * second);
}

TEST_CASE("nothing, rubbish, and half a packet") {
  TsJoiner joiner;
  joiner.begin_item(60 * second, second);
  joiner.feed(Bytes(100'000, 0));
  joiner.feed(Bytes(100'000, 0x47));
  joiner.end_item();
  CHECK_FALSE(joiner.any());
  CHECK(joiner.reached() == 60 * second);
  Item half = film(1);
  joiner.begin_item(61 * second, second);
  joiner.feed(ByteView(half.bytes()).first(half.bytes().size() - 100));
  joiner.end_item();
  CHECK(joiner.any());
}

}  // namespace hearth::node
