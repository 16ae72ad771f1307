#include "node/television/airings.h"

#include <algorithm>

#include "common/base/names.h"

namespace hearth::node {
namespace {

using channels::Availability;
using channels::Entry;
using channels::EntryKind;
using channels::ItemKind;

constexpr std::size_t max_about = 400;

std::string airing_id(const ShownEntry& shown) {
  return shown.of->channel().id + "-" + std::to_string(shown.entry.start);
}

std::string why_not(Availability availability) {
  if (availability == Availability::late)
    return "This is not here yet, so something else is shown. Nothing was paid for it.";
  return "This cannot be shown: this home does not have it any more.";
}

void fill_media(const HomeMedia& home, const std::string& media, const Watcher& watcher,
                link::AirItem& item) {
  const KnownMedia* known = home.find(media);
  if (known == nullptr || known->here == Here::no) {
    item.sentence = why_not(Availability::missing);
    return;
  }
  item.kind = known->facts.kind;
  item.media_type = known->media_type;
  item.size = known->size;
  item.about = printable(known->facts.description, max_about);
  const bool can = known->here == Here::whole || known->here == Here::begun;
  if (can) item.stream = known->title;
  if (!can) item.sentence = why_not(Availability::late);
  item.catch_up = known->here == Here::whole && item.start_ms > watcher.now - catch_up_ms;
}

/// What is here of the pictures to a piece of music, at most as many as the TV takes.
std::vector<std::string> beside(const HomeMedia& home, const channels::Item& music) {
  std::vector<std::string> out;
  for (const std::string& picture : music.pictures) {
    const KnownMedia* known = home.find(picture);
    const bool here = known != nullptr && known->here == Here::whole;
    if (here && known->facts.kind == wire::Kind::image) out.push_back(known->title);
    if (out.size() == link::max_beside) break;
  }
  return out;
}

/// [from, to) of an album.
void add_album(const Television& television, const ShownEntry& shown, const link::AirItem& whole,
               UtcMs from, UtcMs to, const Watcher& watcher, std::vector<link::AirItem>& out) {
  const channels::Item& album = *channels::item_of(shown.of->channel(), shown.entry.shows);
  const Entry& entry = shown.entry;
  const auto count = static_cast<std::int64_t>(album.pictures.size());
  for (UtcMs at = entry.start; at < entry.end && at < to;) {
    const std::int64_t into = entry.offset_ms + at - entry.start;
    const UtcMs end = std::min(entry.end, at + album.picture_ms - into % album.picture_ms);
    if (end > from) {
      link::AirItem one = whole;
      one.item += "-" + std::to_string(at);
      one.start_ms = at;
      one.end_ms = end;
      one.in_point_ms = 0;
      one.fade = album.transition == channels::Transition::fade;
      const auto position = static_cast<std::size_t>(into / album.picture_ms % count);
      if (whole.sentence.empty())
        fill_media(television.media(), album.pictures[position], watcher, one);
      out.push_back(std::move(one));
    }
    at = end;
  }
}

void add_airing(const Television& television, const ShownEntry& shown, const Watcher& watcher,
                std::vector<link::AirItem>& out) {
  const Entry& entry = shown.entry;
  const auto& channel = shown.of->channel();
  const auto& media = television.media(channel.id);
  const channels::Item* item = channels::item_of(channel, entry.shows);
  if (item == nullptr && !entry.instead_of.any()) return;  // dead air
  link::AirItem one;
  one.item = airing_id(shown);
  one.start_ms = entry.start;
  one.end_ms = entry.end;
  one.in_point_ms = entry.offset_ms;
  one.filler = entry.kind == EntryKind::filler;
  one.watermark = channel.watermark.has_value() && entry.kind == EntryKind::programme;
  one.name = std::string(channels::title_of(channel, media, entry));
  if (item == nullptr) {
    one.sentence = why_not(entry.availability);
    out.push_back(std::move(one));
    return;
  }
  if (one.name.empty()) one.name = channel.name;
  if (is_locked(television.media(), *item, watcher)) {
    one.sentence = watcher.locked;
    if (!watcher.names_locked) one.name = channel.name;
  } else if (item->kind == ItemKind::page) {
    one.stream = std::string(page_stream) + channel.id + "/" + item->id;
    one.kind = wire::Kind::data;
    one.media_type = "text/markdown";
    one.size = item->text.size();
    one.in_point_ms = 0;
    one.catch_up = entry.start > watcher.now - catch_up_ms;
  } else if (item->kind != ItemKind::album) {
    fill_media(television.media(), item->media, watcher, one);
    if (item->kind == ItemKind::music) one.beside = beside(television.media(), *item);
    if (!one.beside.empty()) one.picture_ms = item->picture_ms;
    one.fade = item->transition == channels::Transition::fade && !one.beside.empty();
  }
  out.push_back(std::move(one));
}

}  // namespace

bool is_locked(const HomeMedia& media, const channels::Item& item, const Watcher& watcher) {
  if (media.min_age(item) > watcher.max_age) return true;
  if (!watcher.hides) return false;
  const auto hidden = [&](const std::string& one) {
    const KnownMedia* known = media.find(one);
    return known != nullptr && watcher.hides(known->title);
  };
  return (!item.media.empty() && hidden(item.media)) ||
         std::any_of(item.pictures.begin(), item.pictures.end(), hidden);
}

bool is_locked(const HomeMedia& media, const std::string& title, const Watcher& watcher) {
  channels::Item alone;
  alone.media = title;
  return is_locked(media, alone, watcher);
}

std::vector<link::AirItem> airings(const Television& television, const std::string& channel,
                                   UtcMs from, UtcMs to, std::size_t most, const Watcher& watcher) {
  std::vector<link::AirItem> out;
  // A long window of short items would be made for nothing: asked for piece by piece.
  UtcMs at = from;
  for (std::int64_t piece_ms = 15 * channels::minute_ms; at < to && out.size() < most;
       piece_ms *= 4) {
    const UtcMs end = std::min(to, at + piece_ms);
    UtcMs reached = end;
    for (const ShownEntry& one : television.entries(channel, at, end)) {
      reached = std::max(reached, one.entry.end);
      const std::size_t before = out.size();
      add_airing(television, one, watcher, out);
      const channels::Item* item = channels::item_of(one.of->channel(), one.entry.shows);
      if (out.size() == before || item == nullptr || item->kind != ItemKind::album) continue;
      const link::AirItem whole = out.back();
      out.pop_back();
      add_album(television, one, whole, from, to, watcher, out);
      if (out.size() >= most) break;
    }
    at = reached;
  }
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace hearth::node
