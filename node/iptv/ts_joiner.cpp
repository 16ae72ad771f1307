#include "node/iptv/ts_joiner.h"

#include <algorithm>

namespace hearth::node {
namespace {

constexpr std::uint8_t sync = 0x47;
constexpr std::int64_t clock_mask = (std::int64_t{1} << 33) - 1;
/// A decoder has so much time between a picture's arrival and its turn.
constexpr std::int64_t arrives_ahead = 300 * clock_per_ms;
constexpr std::int64_t least_step = clock_per_ms;
constexpr std::int64_t shortest = 2'000 * clock_per_ms, longest = 9'500 * clock_per_ms;
constexpr std::size_t max_waiting = 4096, max_segment = 24 * 1024 * 1024;
/// Of one picture, in a segment that is full: the rest of it is left out.
constexpr std::size_t max_part = 8 * 1024 * 1024;
constexpr std::size_t head_bytes = 4, short_pes = 14, long_pes = 19;

std::uint16_t pid_of(const std::uint8_t* packet) {
  return static_cast<std::uint16_t>((packet[1] & 0x1f) << 8 | packet[2]);
}
bool begins_part(const std::uint8_t* packet) {
  return (packet[1] & 0x40) != 0;
}
bool has_payload(const std::uint8_t* packet) {
  return (packet[3] & 0x10) != 0;
}
bool has_adaptation(const std::uint8_t* packet) {
  return (packet[3] & 0x20) != 0 && packet[4] > 0;
}
bool is_key(const std::uint8_t* packet) {
  return has_adaptation(packet) && (packet[5] & 0x40) != 0;
}

/// Where the payload begins; ts_packet: there is none.
std::size_t payload_of(const std::uint8_t* packet) {
  if (!has_payload(packet)) return ts_packet;
  const bool adapted = (packet[3] & 0x20) != 0;
  return std::min(head_bytes + (adapted ? 1U + packet[4] : 0U), ts_packet);
}

std::int64_t read_stamp(const std::uint8_t* at) {
  return static_cast<std::int64_t>(at[0] >> 1 & 7) << 30 | static_cast<std::int64_t>(at[1]) << 22 |
         static_cast<std::int64_t>(at[2] >> 1) << 15 | static_cast<std::int64_t>(at[3]) << 7 |
         at[4] >> 1;
}

void write_stamp(std::uint8_t* at, std::int64_t value) {
  value &= clock_mask;
  at[0] = static_cast<std::uint8_t>((at[0] & 0xf0) | (value >> 30 & 7) << 1 | 1);
  at[1] = static_cast<std::uint8_t>(value >> 22);
  at[2] = static_cast<std::uint8_t>((value >> 15 & 0x7f) << 1 | 1);
  at[3] = static_cast<std::uint8_t>(value >> 7);
  at[4] = static_cast<std::uint8_t>((value & 0x7f) << 1 | 1);
}

struct Stamps {
  bool any = false, both = false;
  std::int64_t shown = 0, decoded = 0;
};

/// Of a PES header; none where there is no room for one.
Stamps stamps_of(const std::uint8_t* packet, std::size_t payload) {
  Stamps out;
  const std::uint8_t* pes = packet + payload;
  if (payload + short_pes > ts_packet || pes[0] != 0 || pes[1] != 0 || pes[2] != 1) return out;
  out.any = (pes[7] & 0x80) != 0;
  out.both = (pes[7] & 0xc0) == 0xc0 && payload + long_pes <= ts_packet;
  if (!out.any) return out;
  out.shown = read_stamp(pes + 9);
  out.decoded = out.both ? read_stamp(pes + 14) : out.shown;
  return out;
}

}  // namespace

TsJoiner::Track* TsJoiner::track_of(std::uint16_t pid) {
  if (pid == video_pid) return &video_;
  return pid == audio_pid ? &audio_ : nullptr;
}

void TsJoiner::begin_item(std::int64_t at, std::int64_t length) {
  at_ = at;
  length_ = length;
  reached_ = std::max(reached_, at);
  rest_.clear();
  waiting_.clear();
  writing_ = any_ = false;
  fresh_ = true;
  for (Track* track : {&video_, &audio_}) {
    track->first.reset();
    track->leaving_out = track->over = false;
  }
}

void TsJoiner::feed(ByteView bytes) {
  append(rest_, bytes);
  std::size_t at = 0;
  while (rest_.size() - at >= ts_packet) {
    if (rest_[at] != sync) {
      ++at;
      continue;
    }
    Packet packet;
    std::copy_n(rest_.begin() + static_cast<std::ptrdiff_t>(at), ts_packet, packet.bytes.begin());
    at += ts_packet;
    take_packet(packet);
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(at));
}

void TsJoiner::take_packet(const Packet& packet) {
  const std::uint16_t pid = pid_of(packet.bytes.data());
  if (pid == 0) programmes_ = packet;
  if (pid == tables_pid) tables_ = packet;
  Track* track = track_of(pid);
  if (track == nullptr) return;
  if (writing_) {
    write(packet);
    return;
  }
  if (!track->first && begins_part(packet.bytes.data())) {
    const Stamps stamps = stamps_of(packet.bytes.data(), payload_of(packet.bytes.data()));
    if (stamps.any) track->first = stamps.decoded - item_zero;
  }
  waiting_.push_back(packet);
  if ((video_.first && audio_.first) || waiting_.size() >= max_waiting) begin_writing();
}

void TsJoiner::begin_writing() {
  writing_ = true;
  shift_ = at_ - item_zero;
  // Pictures are never left out at the beginning, others depend on them: then the item is late by
  // some milliseconds, of itself alone.
  if (video_.first && video_.last >= 0)
    shift_ = std::max(shift_, video_.last + least_step - *video_.first - item_zero);
  std::vector<Packet> waiting;
  waiting.swap(waiting_);
  for (const Packet& packet : waiting) write(packet);
}

/// Whether a part (PES packet) that begins here belongs into the stream.
bool TsJoiner::keep_part(Track& track, const Packet& packet) {
  const Stamps stamps = stamps_of(packet.bytes.data(), payload_of(packet.bytes.data()));
  if (!stamps.any) return !track.over && track.first.has_value();
  if (stamps.shown + shift_ >= at_ + length_) track.over = true;
  const std::int64_t decoded = stamps.decoded + shift_;
  if (track.over || decoded < 0 || decoded <= track.last) return false;
  track.last = decoded;
  if (open_) {
    const std::int64_t length = decoded - open_->begin;
    const bool at_key = &track == &video_ && is_key(packet.bytes.data()) && length >= shortest;
    const bool large = length > 0 && open_->bytes.size() >= max_segment;
    if (at_key || length >= longest || large) cut(decoded);
  }
  reached_ = std::max(reached_, decoded);
  any_ = true;
  return true;
}

void TsJoiner::write(Packet packet) {
  std::uint8_t* bytes = packet.bytes.data();
  Track& track = *track_of(pid_of(bytes));
  if (begins_part(bytes)) {
    track.leaving_out = !keep_part(track, packet);
  } else if (open_ && open_->bytes.size() >= max_segment + max_part) {
    track.leaving_out = true;
  }
  if (track.leaving_out) return;
  if (!open_) begin_segment(track.last);
  stamp(packet, payload_of(bytes));
  if (has_payload(bytes)) track.counter = static_cast<std::uint8_t>((track.counter + 1) & 0xf);
  bytes[3] = static_cast<std::uint8_t>((bytes[3] & 0xf0) | track.counter);
  append(open_->bytes, packet.bytes);
}

void TsJoiner::stamp(Packet& packet, std::size_t payload) const {
  std::uint8_t* bytes = packet.bytes.data();
  if (has_adaptation(bytes)) {
    bytes[5] &= 0x7f;  // the clock goes on
    if ((bytes[5] & 0x10) != 0 && bytes[4] >= 7) {
      std::uint8_t* at = bytes + 6;
      std::int64_t clock = static_cast<std::int64_t>(at[0]) << 25 |
                           static_cast<std::int64_t>(at[1]) << 17 |
                           static_cast<std::int64_t>(at[2]) << 9 |
                           static_cast<std::int64_t>(at[3]) << 1 | at[4] >> 7;
      clock = std::max<std::int64_t>(clock + shift_ - arrives_ahead, 0) & clock_mask;
      at[0] = static_cast<std::uint8_t>(clock >> 25);
      at[1] = static_cast<std::uint8_t>(clock >> 17);
      at[2] = static_cast<std::uint8_t>(clock >> 9);
      at[3] = static_cast<std::uint8_t>(clock >> 1);
      at[4] = static_cast<std::uint8_t>((clock & 1) << 7 | (at[4] & 0x7f));
    }
  }
  if (!begins_part(bytes)) return;
  const Stamps stamps = stamps_of(bytes, payload);
  if (!stamps.any) return;
  write_stamp(bytes + payload + 9, stamps.shown + shift_);
  if (stamps.both) write_stamp(bytes + payload + 14, stamps.decoded + shift_);
}

void TsJoiner::add_table(Packet packet, std::uint8_t& counter) {
  counter = static_cast<std::uint8_t>((counter + 1) & 0xf);
  packet.bytes[3] = static_cast<std::uint8_t>((packet.bytes[3] & 0xf0) | counter);
  append(open_->bytes, packet.bytes);
}

void TsJoiner::begin_segment(std::int64_t at) {
  open_.emplace();
  open_->begin = at;
  open_->fresh = fresh_;
  fresh_ = false;
  if (programmes_) add_table(*programmes_, programmes_counter_);
  if (tables_) add_table(*tables_, tables_counter_);
}

/// The open segment ends, the next one begins there.
void TsJoiner::cut(std::int64_t at) {
  if (open_) {
    open_->length = at - open_->begin;
    whole_.push_back(std::move(*open_));
    open_.reset();
  }
  begin_segment(at);
}

void TsJoiner::end_item() {
  if (!writing_) begin_writing();
  rest_.clear();
  if (!open_) return;
  open_->length = std::max(reached_ - open_->begin, least_step);
  whole_.push_back(std::move(*open_));
  open_.reset();
}

std::vector<TsSegment> TsJoiner::take() {
  std::vector<TsSegment> out;
  out.swap(whole_);
  return out;
}

}  // namespace hearth::node
