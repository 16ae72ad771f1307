#include "node/television/on_tv.h"

#include <algorithm>
#include <cstdlib>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/base/process.h"
#include "node/television/text_reader.h"

namespace hearth::node {
namespace {

using channels::EntryKind;
using channels::ItemKind;
using channels::Timeline;

constexpr std::int64_t unlocked_ms = 4 * channels::hour_ms;
constexpr int logo_timeout_ms = 20'000;

/// A poster (JPEG of somebody, decoded in a child process) as a small PNG. Blocking.
Bytes draw_png(const Bytes& poster) {
  for (const char* side : {"160", "96", "64"}) {
    const std::string scale = "scale=w='min(" + std::string(side) + ",iw)':h='min(" + side +
                              ",ih)':force_original_aspect_ratio=decrease";
    const auto answer =
        run_process({"ffmpeg",    "-v", "error",      "-nostdin", "-protocol_whitelist",
                     "pipe",      "-f", "mjpeg",      "-i",       "pipe:0",
                     "-frames:v", "1",  "-vf",        scale,      "-map_metadata",
                     "-1",        "-f", "image2pipe", "-c:v",     "png",
                     "pipe:1"},
                    poster, 1024 * 1024, logo_timeout_ms);
    if (answer && answer->exit_code == 0 && answer->out.size() <= link::max_logo)
      return answer->out;
  }
  return {};
}

link::Corner corner_of(channels::Corner corner) {
  switch (corner) {
    case channels::Corner::top_left:
      return link::Corner::top_left;
    case channels::Corner::bottom_left:
      return link::Corner::bottom_left;
    case channels::Corner::bottom_right:
      return link::Corner::bottom_right;
    case channels::Corner::top_right:
      break;
  }
  return link::Corner::top_right;
}

/// A guide can draw so many programmes side by side, and no more, that their names are read.
constexpr std::int64_t most_beside = 36;
constexpr std::string_view between_names = " · ", and_more = " …";
constexpr std::size_t max_gathered = 60;

/// Programmes that are too short to be drawn are gathered, as far as they begin in the same `least`
/// of the day's clock: so the whole of a channel of short clips is in the guide, whatever part of
/// it is asked for.
void add_row(std::vector<link::Programme>& rows, link::Programme row, std::int64_t least_ms) {
  const bool is_short = row.end_ms - row.start_ms < least_ms;
  const bool joins = is_short && !rows.empty() && rows.back().end_ms == row.start_ms &&
                     rows.back().end_ms - rows.back().start_ms < least_ms &&
                     rows.back().start_ms / least_ms == row.start_ms / least_ms;
  if (!joins) {
    rows.push_back(std::move(row));
    return;
  }
  link::Programme& last = rows.back();
  last.end_ms = row.end_ms;
  const std::string between(between_names);
  const bool is_named =
      (between + last.name + between).find(between + row.name + between) != std::string::npos;
  if (is_named || last.name.ends_with(and_more)) return;
  const bool fits = last.name.size() + row.name.size() <= max_gathered;
  last.name += fits ? between + row.name : std::string(and_more);
}

}  // namespace

OnTv::OnTv(Rooms rooms) : rooms_(rooms) {}
OnTv::~OnTv() = default;

Watcher OnTv::watcher(const std::string& channel) const {
  Watcher out;
  out.now = rooms_.clock();
  const auto rules = rooms_.rules.rules();
  const auto pin = rooms_.rules.has_pin();
  out.locked = "This is not for the profile that watches.";
  if (pin && *pin) out.locked += " Tune in again to enter the PIN.";
  // Rules that cannot be read let nothing through that has a rating.
  out.max_age = rules ? rules->shown_age() : 0;
  const auto unlocked = unlocked_.find(channel);
  const bool open = rules && unlocked != unlocked_.end() && unlocked->second.until > out.now &&
                    unlocked->second.profile == rules->profile;
  if (open) out.max_age = no_rating_limit;
  return out;
}

std::vector<link::Channel> OnTv::lineup() const {
  std::vector<link::Channel> out;
  for (const Timeline* one : rooms_.television.timelines()) {
    const auto& channel = one->channel();
    out.push_back({channel.id, channel.number, channel.name, channel.colour});
  }
  return out;
}

std::vector<link::AirItem> OnTv::airings(const std::string& channel, UtcMs from, UtcMs to,
                                         std::size_t most) const {
  return node::airings(rooms_.television, channel, from, to, most, watcher(channel));
}

std::vector<link::Programme> OnTv::guide(const std::string& channel, UtcMs from, UtcMs to) const {
  std::vector<link::Programme> out;
  const UtcMs now = rooms_.clock();
  const std::int64_t least_ms = std::max<std::int64_t>((to - from) / most_beside, 1);
  for (const ShownProgramme& one : rooms_.television.guide(channel, from, to)) {
    if (one.entry.kind == EntryKind::dead_air) continue;
    const auto& of = one.of->channel();
    link::Programme row;
    row.item = of.id + "-" + std::to_string(one.entry.start);
    row.name = std::string(channels::title_of(of, rooms_.television.media(channel), one.entry));
    if (row.name.empty()) row.name = of.name;
    row.start_ms = one.entry.start;
    row.end_ms = one.entry.end;
    row.catch_up = one.entry.shown && row.start_ms > now - catch_up_ms;
    add_row(out, std::move(row), least_ms);
    if (out.size() == link::max_row_programmes) break;
  }
  return out;
}

link::Logo OnTv::logo(const std::string& channel) const {
  const Timeline* timeline = rooms_.television.by_id(channel);
  if (timeline == nullptr || timeline->channel().logo.empty()) return {};
  const std::string& title = timeline->channel().logo;
  if (is_locked(rooms_.television.media(), title, watcher(channel))) return {};
  link::Logo out;
  out.png = logo_png(title);
  const auto mark = timeline->channel().watermark.value_or(channels::Watermark{});
  out.corner = corner_of(mark.corner);
  out.width_percent = mark.width_percent;
  out.opacity_percent = mark.opacity_percent;
  return out;
}

const Bytes& OnTv::logo_png(const std::string& title) const {
  static const Bytes none;
  const auto drawn = logos_.find(title);
  if (drawn != logos_.end()) return drawn->second;
  const auto id = digest_from_hex(title);
  const auto found = id ? rooms_.titles.title(*id) : Result<Title>(fail(Code::not_found, ""));
  if (!found || found->manifest.poster.empty()) return none;
  logos_[title] = {};
  // Comes with the next list: the TV is told when it is there.
  Bytes poster = found->manifest.poster;
  net::spawn(rooms_.loop, draw_logo(title, std::move(poster), alive_), "a channel's logo");
  return none;
}

net::Task<void> OnTv::draw_logo(std::string title, Bytes poster, std::weak_ptr<bool> alive) const {
  const auto draw = [poster = std::move(poster)] { return draw_png(poster); };
  Bytes png = co_await net::on_pool(rooms_.pool, draw);
  if (alive.expired()) co_return;
  if (png.empty()) spdlog::warn("television: a channel's logo could not be drawn");
  logos_[title] = std::move(png);
  rooms_.television.tell_changed();
}

std::string OnTv::why_empty(const std::string& channel) const {
  const Timeline* timeline = rooms_.television.by_id(channel);
  if (timeline == nullptr) return "This channel is not there any more.";
  const bool anything =
      std::any_of(timeline->channel().lists.begin(), timeline->channel().lists.end(),
                  [](const auto& list) { return !list.items.empty(); });
  return anything ? "Nothing is on the programme for now."
                  : "This channel is empty. Add something with hearth channel add.";
}

std::optional<link::AskPin> OnTv::asks_pin(const std::string& channel, UtcMs at) const {
  const auto pin = rooms_.rules.has_pin();
  if (!pin || !*pin) return std::nullopt;
  const auto on = rooms_.television.entries(channel, at, at + 1);
  if (on.empty()) return std::nullopt;
  const channels::Item* item = channels::item_of(on.front().of->channel(), on.front().entry.shows);
  if (item == nullptr) return std::nullopt;
  if (!is_locked(rooms_.television.media(), *item, watcher(channel))) return std::nullopt;
  const auto& of = on.front().of->channel();
  link::AskPin ask;
  ask.headline = std::to_string(of.number) + "  " + of.name;
  ask.text =
      std::string(channels::title_of(of, rooms_.television.media(channel), on.front().entry)) +
      " is not for the profile that watches. Enter the PIN to see it.";
  return ask;
}

void OnTv::enter_pin(const std::string& channel, const std::string& digits, PinChecked done) {
  net::spawn(rooms_.loop, check(channel, digits, std::move(done), alive_), "PIN of the TV");
}

net::Task<void> OnTv::check(std::string channel, std::string digits, PinChecked done,
                            std::weak_ptr<bool> alive) {
  auto right = co_await rooms_.rules.check_pin(std::move(digits));
  if (alive.expired()) co_return;
  const auto rules = rooms_.rules.rules();
  if (right && rules) unlocked_[channel] = {rooms_.clock() + unlocked_ms, rules->profile};
  done(std::move(right));
}

Result<std::shared_ptr<Reader>> OnTv::open_stream(const std::string& stream) {
  if (stream.starts_with(page_stream)) {
    const std::string rest = stream.substr(page_stream.size());
    const std::size_t slash = rest.find('/');
    const std::string channel = rest.substr(0, slash);
    const std::string id = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
    // An edited page is shown as it reads now; one that was taken away, as it read last.
    const auto stretches = rooms_.television.stretches(channel, rooms_.clock() - catch_up_ms);
    for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
      for (const auto& list : stretch->timeline->channel().lists) {
        for (const channels::Item& item : list.items) {
          if (item.id == id && item.kind == ItemKind::page)
            return std::make_shared<TextReader>(item.text);
        }
      }
    }
    return fail(Code::not_found, "This page is not there any more.");
  }
  const auto id = digest_from_hex(stream);
  if (!id) return fail(Code::not_found, "The player asked for something that is no title.");
  return rooms_.titles.open_reader(*id);
}

void OnTv::note_problem(const std::string& channel, const std::string& item,
                        const std::string& sentence) {
  const std::size_t dash = item.find('-');
  const UtcMs at = dash == std::string::npos ? 0 : std::atoll(item.c_str() + dash + 1);
  const auto on = rooms_.television.entries(channel, at, at + 1);
  const channels::Item* shown =
      on.empty() ? nullptr : channels::item_of(on.front().of->channel(), on.front().entry.shows);
  const std::string name = shown == nullptr ? std::string("Something") : printable(shown->name);
  rooms_.television.note({channel, shown == nullptr ? std::string() : shown->media, name,
                          "\"" + name + "\" could not be shown: " + printable(sentence, 400),
                          rooms_.clock()});
}

}  // namespace hearth::node
