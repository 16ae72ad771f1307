// The guide as people read it: what is on when, where it comes from, and only what they may see;
// and turning the TV to it.
#include <algorithm>

#include "common/base/names.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/channels/channel_json.h"

namespace hearth::node {
namespace {

using channels::ItemKind;
using channels::Timeline;

constexpr std::size_t max_argument = 1024, max_about = 4000;
constexpr std::int64_t guide_ms = 6 * channels::hour_ms, max_guide_ms = 31 * channels::day_ms;
constexpr std::int64_t latest_ms = std::int64_t{1} << 47;
constexpr std::int64_t wait_for_picture_ms = 3'000;

/// What an item is of: its own media, or the first picture of an album.
std::string media_of(const channels::Item& item) {
  if (!item.media.empty() || item.pictures.empty()) return item.media;
  return item.pictures.front();
}

/// Where an item comes from, as people ask; docs/api.md, PROGRAMME.
const char* source_of(const Rooms& rooms, const channels::Item& item) {
  if (item.kind == ItemKind::page) return "own";
  const KnownMedia* known = rooms.television->media().find(media_of(item));
  if (known == nullptr) return "unknown";
  if (known->here == Here::for_sale) return "for_sale";
  const auto id = digest_from_hex(known->title);
  const auto title = id ? rooms.titles->title(*id) : Result<Title>(fail(Code::not_found, ""));
  if (title && title->origin == TitleOrigin::published) return "own";
  if (known->here == Here::coming) return "coming";
  if (!title) return "unknown";
  return title->offer_jws.empty() ? "received" : "bought";
}

void add_details(wire::Json& out, const Rooms& rooms, const std::string& channel,
                 const channels::Item& item) {
  out["length_ms"] = channels::length_of(item);
  if (item.kind == ItemKind::page) out["text"] = printable(item.text, max_about);
  const std::string media = media_of(item);
  for (const ChannelTrouble& one : rooms.television->troubles(channel)) {
    if (!media.empty() && one.media == media) out["trouble"] = one.sentence;
  }
  const KnownMedia* known = rooms.television->media().find(media);
  if (known == nullptr) return;
  out["media_kind"] = wire::kind_name(known->facts.kind);
  out["size"] = known->size;
  if (!known->facts.description.empty())
    out["description"] = printable(known->facts.description, max_about);
  const auto id = digest_from_hex(known->title);
  if (id && rooms.titles->title(*id)) out["title"] = known->title;
}

}  // namespace

/// A programme that is for older people than `shown_age` tells its time alone.
wire::Json Commands::programme_document(const std::string& channel, const ShownProgramme& shown,
                                        std::int64_t shown_age, bool details) const {
  const auto& of = shown.of->channel();
  const channels::Item* item = channels::item_of(of, shown.entry.item);
  const std::int64_t min_age = item == nullptr ? 0 : rooms_.television->media().min_age(*item);
  if (min_age > shown_age) {
    return {{"start_ms", shown.entry.start},
            {"end_ms", shown.entry.end},
            {"kind", channels::name_of(shown.entry.kind)},
            {"name", ""},
            {"locked", true}};
  }
  wire::Json out = document(of, rooms_.television->media(channel), shown.entry);
  if (item == nullptr) return out;
  out["source"] = source_of(rooms_, *item);
  if (min_age > 0) out["min_age"] = min_age;
  const KnownMedia* known = rooms_.television->media().find(media_of(*item));
  if (known != nullptr && known->facts.price) out["price"] = document(*known->facts.price);
  if (details) add_details(out, rooms_, channel, *item);
  return out;
}

Commands::Answer Commands::guide(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.text("channel", max_argument);
  const UtcMs from = fields.integer_or("from_ms", 0, latest_ms, now_ms());
  const UtcMs to = fields.integer_or("to_ms", 0, latest_ms, from + guide_ms);
  const auto first = static_cast<std::size_t>(fields.integer_or("first", 0, max_own_channels, 0));
  const auto count =
      static_cast<std::size_t>(fields.integer_or("count", 1, max_own_channels, max_own_channels));
  const bool details = fields.boolean_or("details", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  if (to <= from || to - from > max_guide_ms)
    co_return fail(Code::usage, "A guide goes from a time to a later one, at most 31 days.");
  // As on the TV, who is not a child reads every name; the TV asks for the PIN.
  std::int64_t shown_age = no_rating_limit;
  if (!viewer_.empty()) {
    const auto rules = seen_rules();
    if (!rules) co_return pass_on(rules.error());
    shown_age = rules->shown_age();
  }
  std::vector<const Timeline*> shown;
  if (what.empty()) {
    shown = rooms_.television->timelines();
  } else {
    const auto one = rooms_.television->find(what);
    if (!one) co_return pass_on(one.error());
    shown.push_back(*one);
  }
  wire::Json rows = wire::Json::array();
  for (std::size_t i = first; i < shown.size() && i - first < count; ++i) {
    const auto& channel = shown[i]->channel();
    wire::Json programmes = wire::Json::array();
    for (const auto& each : rooms_.television->guide(channel.id, from, to))
      programmes.push_back(programme_document(channel.id, each, shown_age, details));
    wire::Json row = {{"channel", channel.id},
                      {"number", channel.number},
                      {"name", channel.name},
                      {"colour", channels::colour_text(channel.colour)},
                      {"programmes", std::move(programmes)}};
    if (!channel.logo.empty()) row["logo"] = channel.logo;
    rows.push_back(std::move(row));
  }
  co_return wire::Json{
      {"from_ms", from}, {"to_ms", to}, {"channels", shown.size()}, {"rows", std::move(rows)}};
}

Commands::Answer Commands::tune(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const std::string id = (*timeline)->channel().id;
  auto tuned = rooms_.screen->tune(id);
  if (!tuned) co_return pass_on(tuned.error());
  const UtcMs deadline = now_ms() + wait_for_picture_ms;
  while (now_ms() < deadline && rooms_.screen->state().channel != id) {
    co_await rooms_.screen->changed().wait(deadline - now_ms());
  }
  co_return wire::Json{{"tv", document(rooms_.screen->state())}};
}

}  // namespace hearth::node
