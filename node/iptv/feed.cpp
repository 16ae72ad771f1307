#include "node/iptv/feed.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::int64_t lead_ms = 10'000, before_ms = 60'000;
/// A live stream that fell back further takes up the list where it is now.
constexpr std::int64_t max_lag_ms = 8'000;
constexpr std::int64_t card_ms = 30'000, retry_ms = 15'000, least_ms = 250, short_ms = 500;
constexpr std::int64_t look_ahead_ms = 12 * channels::hour_ms;
constexpr std::int64_t child_patience_ms = 20'000, turn_ms = 250;
constexpr std::int64_t window_ms = 60'000;
constexpr std::size_t read_bytes = 64 * 1024, max_held = 64 * 1024 * 1024, least_held = 4;
constexpr std::size_t in_playlist = 8, max_remembered = 256, max_complaint = 300;
constexpr std::uint64_t ahead_of_reader = 3;

/// The first thing that a program complained of, for people: without the address of the media.
std::string first_complaint(std::string complaint, const std::string& address) {
  for (std::size_t at = complaint.find(address); !address.empty() && at != std::string::npos;
       at = complaint.find(address, at))
    complaint.erase(at, address.size());
  return printable(complaint.substr(0, complaint.find('\n')), max_complaint);
}

}  // namespace

Feed::Feed(const Rooms& rooms, Wanted wanted, std::uint64_t run)
    : rooms_(rooms),
      wanted_(std::move(wanted)),
      run_(run),
      base_ms_(wanted_.from - before_ms),
      position_(wanted_.from),
      changed_(rooms.loop),
      touched_ms_(net::steady_ms()) {}

void Feed::start() {
  net::spawn(rooms_.loop, run_feed(shared_from_this()), "a channel's stream");
}

void Feed::stop() {
  stopped_ = true;
  if (child_ != nullptr) child_->kill();
  changed_.notify_all();
}

void Feed::leave() {
  --readers_;
  touch();
}

std::int64_t Feed::idle_ms() const {
  return readers_ > 0 ? 0 : net::steady_ms() - touched_ms_;
}

// What is watched.

std::uint64_t Feed::first_number() const {
  if (!wanted_.live || segments_.empty())
    return segments_.empty() ? 0 : segments_.front().about.number;
  const UtcMs now = rooms_.clock();
  for (const Held& one : segments_) {
    if (one.about.begins + one.about.length_ms > now) return one.about.number;
  }
  return segments_.back().about.number;
}

const Feed::Held* Feed::find(std::uint64_t number) const {
  if (segments_.empty() || number < segments_.front().about.number) return nullptr;
  const std::uint64_t at = number - segments_.front().about.number;
  return at < segments_.size() ? &segments_[static_cast<std::size_t>(at)] : nullptr;
}

net::Task<Result<Feed::Held>> Feed::wait_for(std::uint64_t number, std::int64_t timeout_ms) {
  const Self self = shared_from_this();
  const std::int64_t deadline = net::steady_ms() + timeout_ms;
  taken_ = std::max(taken_, number);
  changed_.notify_all();
  while (true) {
    if (const Held* found = find(number)) co_return *found;
    const bool dropped = !segments_.empty() && number < segments_.front().about.number;
    if (dropped || ended_ || stopped_) {
      co_return fail(Code::not_found, "This part of the stream is not there any more.");
    }
    const std::int64_t left = deadline - net::steady_ms();
    if (left <= 0) co_return fail(Code::timeout, "The channel has shown nothing for a while.");
    co_await changed_.wait(left);
  }
}

HlsWindow Feed::window() const {
  HlsWindow out;
  out.run = run_;
  out.fresh_before = fresh_before_;
  const std::size_t first = segments_.size() - std::min(segments_.size(), in_playlist);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (i >= first) {
      out.segments.push_back(segments_[i].about);
    } else if (segments_[i].about.fresh) {
      ++out.fresh_before;
    }
  }
  return out;
}

bool Feed::may_show(const Held& held) const {
  const Watcher who = wanted_.watcher();
  return std::none_of(held.titles.begin(), held.titles.end(), [&](const std::string& title) {
    return is_locked(rooms_.television.media(), title, who);
  });
}

void Feed::collect() {
  for (TsSegment& one : joiner_.take()) {
    Held held;
    held.about = {next_number_++, one.length / clock_per_ms, to_list(one.begin), one.fresh};
    held_bytes_ += one.bytes.size();
    held.bytes = std::make_shared<const Bytes>(std::move(one.bytes));
    held.titles = titles_;
    segments_.push_back(std::move(held));
  }
  while (segments_.size() > least_held) {
    const Held& oldest = segments_.front();
    const bool is_old = segments_.back().about.begins - oldest.about.begins > window_ms;
    if (!is_old && held_bytes_ <= max_held) break;
    held_bytes_ -= oldest.bytes->size();
    if (oldest.about.fresh) ++fresh_before_;
    segments_.pop_front();
  }
  changed_.notify_all();
}

// What is made.

bool Feed::is_far_ahead() const {
  const UtcMs reached = std::max(position_, to_list(joiner_.reached()));
  if (wanted_.live) return reached > rooms_.clock() + lead_ms;
  return next_number_ > taken_ + ahead_of_reader || reached > rooms_.clock();
}

/// False: it is to end.
net::Task<bool> Feed::pace() {
  while (!stopped_ && is_far_ahead()) co_await changed_.wait(turn_ms);
  co_return !stopped_;
}

net::Task<void> Feed::run_feed(Self self) {
  while (true) {
    const bool go_on = co_await self->pace();
    if (!go_on || self->rooms_.television.by_id(self->wanted_.channel) == nullptr) break;
    if (!self->wanted_.live && self->position_ >= self->wanted_.to) break;
    const UtcMs now = self->rooms_.clock();
    if (self->wanted_.live && now - self->position_ > max_lag_ms) self->position_ = now;
    Piece piece = self->next_piece();
    if (piece.end - piece.start < least_ms) {
      self->position_ = piece.end;
      continue;
    }
    co_await self->show(std::move(piece));
  }
  self->ended_ = true;
  self->changed_.notify_all();
}

Feed::Piece Feed::next_piece() {
  Piece out;
  out.start = position_;
  out.end = position_ + card_ms;
  const auto items = airings(rooms_.television, wanted_.channel, position_,
                             position_ + look_ahead_ms, 1, wanted_.watcher());
  if (items.empty() || items.front().start_ms > position_) {
    out.dead_air = true;
    if (!items.empty()) out.end = std::min(out.end, items.front().start_ms);
  } else {
    out.item = items.front();
    const auto later = later_.find(out.item.item);
    const bool waits = later != later_.end() && later->second > position_;
    if (given_up_.contains(out.item.item)) out.item.stream.clear();
    if (waits) out.item.stream.clear();
    // Cards are short, so that a change of the list is seen.
    out.end = out.item.stream.empty() ? std::min(out.end, out.item.end_ms) : out.item.end_ms;
    if (waits) out.end = std::min(out.end, std::max(later->second, position_ + least_ms));
  }
  if (!wanted_.live) out.end = std::min(out.end, wanted_.to);
  return out;
}

/// An edit, a rule or a token may have changed what is on.
bool Feed::still_on(const Piece& piece) const {
  const UtcMs at = std::min(std::max(to_list(joiner_.reached()), piece.start), piece.end - 1);
  const auto items = airings(rooms_.television, wanted_.channel, at, at + 1, 1, wanted_.watcher());
  if (piece.dead_air) return items.empty();
  if (items.empty()) return false;
  const link::AirItem& on = items.front();
  const bool same = on.item == piece.item.item && on.end_ms == piece.item.end_ms;
  return same && (piece.item.stream.empty() || on.stream == piece.item.stream);
}

void Feed::give_up_on(const Piece& piece, const Source& source, const std::string& problem) {
  if (given_up_.size() >= max_remembered) given_up_.clear();
  given_up_.insert(source.what);
  if (problem.empty() || piece.dead_air) return;
  const std::string sentence =
      first_complaint(problem, source.ticket == nullptr ? std::string() : source.ticket->url());
  spdlog::warn("iptv: {} cannot be shown: {}", printable(piece.item.name), sentence);
  rooms_.tv.note_problem(wanted_.channel, piece.item.item, sentence);
}

net::Task<void> Feed::show(Piece piece) {
  Source source = co_await source_of(piece);
  if (stopped_) co_return;
  if (!source.problem.empty()) {
    give_up_on(piece, source, source.problem);
    co_return;  // it is asked for again, and is a card then
  }
  source.encoding.length_ms = piece.end - piece.start;
  source.encoding.first = next_number_ == 0;
  titles_ = source.titles;
  joiner_.begin_item(to_clock(piece.start), source.encoding.length_ms * clock_per_ms);
  const End end = co_await encode(piece, source);
  const std::string complaint =
      child_ == nullptr ? std::string() : child_->complaint(max_complaint);
  if (child_ != nullptr) child_->kill();
  child_.reset();
  joiner_.end_item();
  collect();
  if (stopped_) co_return;
  const UtcMs reached = std::min(piece.end, to_list(joiner_.reached()));
  position_ = end == End::whole ? piece.end : std::max(piece.start, reached);
  if (source.is_card) {
    // A card that cannot be drawn is no reason to try a thousand times.
    if (end != End::changed) position_ = piece.end;
    if (!joiner_.any()) co_await net::sleep_ms(1'000);
    co_return;
  }
  if (end == End::stalled && joiner_.any()) {
    if (later_.size() >= max_remembered) later_.clear();
    later_[piece.item.item] = position_ + retry_ms;
  } else if (!joiner_.any()) {
    give_up_on(piece, source, complaint.empty() ? "nothing came out of it" : complaint);
  } else if (end == End::short_of_it) {
    give_up_on(piece, source, complaint);  // without one it is only shorter than it says
  }
}

net::Task<Feed::End> Feed::encode(const Piece& piece, Source& source) {
  source.encoding.picture_path = source.picture.path();
  source.encoding.logo_path = source.logo.path();
  auto started =
      net::Child::start(rooms_.loop, ffmpeg_words(source.encoding), as_bytes(source.script));
  if (!started) {
    spdlog::error("iptv: {}", started.error().sentence);
    co_return End::short_of_it;
  }
  child_ = *started;
  const auto child = child_;
  while (true) {
    const bool go_on = co_await pace();
    if (!go_on) co_return End::stopped;
    const Result<Bytes> bytes = co_await child->read(read_bytes, child_patience_ms);
    if (stopped_) co_return End::stopped;
    if (!bytes) co_return End::stalled;
    if (bytes->empty()) break;
    joiner_.feed(*bytes);
    const std::uint64_t before = next_number_;
    collect();
    if (next_number_ != before && !still_on(piece)) co_return End::changed;
  }
  const bool is_whole = to_list(joiner_.reached()) >= piece.end - short_ms;
  co_return is_whole ? End::whole : End::short_of_it;
}

}  // namespace hearth::node
