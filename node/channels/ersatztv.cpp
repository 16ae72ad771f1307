#include "node/channels/ersatztv.h"

#include <algorithm>
#include <cstdio>

#include "common/base/names.h"
#include "common/wire/json.h"
#include "node/channels/channel_json.h"

namespace hearth::node::channels {
namespace {

using wire::Json;

constexpr std::string_view version_prefix = "https://ersatztv.org/playout/version/0.0.";
constexpr std::size_t max_left_out = 50, max_path = 4096;

std::string rfc3339(UtcMs at) {
  const auto day = static_cast<Day>(floor_div(at, day_ms));
  char text[32];
  const auto ms = static_cast<int>(at - std::int64_t{day} * day_ms);
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", ms / 3'600'000, ms / 60'000 % 60,
                ms / 1000 % 60, ms % 1000);
  return format_day(day) + text;
}

/// "2026-04-13T00:24:21.527-05:00"; digits after the third of a fraction are dropped.
std::optional<UtcMs> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto clock = parse_clock(text.substr(11, 8));
  if (!day || !clock) return std::nullopt;
  std::string_view rest = text.substr(19);
  std::int64_t ms = 0;
  if (rest.front() == '.') {
    std::size_t digits = 1;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
    if (digits == 1) return std::nullopt;
    for (std::size_t i = 1; i <= 3; ++i) ms = ms * 10 + (i < digits ? rest[i] - '0' : 0);
    rest.remove_prefix(digits);
  }
  const UtcMs local = std::int64_t{*day} * day_ms + *clock + ms;
  if (rest == "Z" || rest == "z") return local;
  const bool plus = rest.size() == 6 && rest[0] == '+', minus = rest.size() == 6 && rest[0] == '-';
  const auto offset = plus || minus ? parse_clock(rest.substr(1)) : std::nullopt;
  if (!offset) return std::nullopt;
  return plus ? local - *offset : local + *offset;
}

Json item_json(const std::string& id, UtcMs start, UtcMs finish) {
  return {{"id", id}, {"start", rfc3339(start)}, {"finish", rfc3339(finish)}};
}

Json black() {
  return {{"source_type", "lavfi"}, {"params", "color=c=black:s=1280x720:r=25"}};
}

Json silence() {
  return {
      {"source",
       {{"source_type", "lavfi"}, {"params", "anullsrc=channel_layout=stereo:sample_rate=48000"}}}};
}

void put_album(Json& items, const Entry& entry, const Item& album, const PathOf& path_of) {
  const std::int64_t each = album.picture_ms;
  for (UtcMs at = entry.start; at < entry.end;) {
    const std::int64_t shown = entry.offset_ms + at - entry.start;
    const auto& picture =
        album.pictures[static_cast<std::size_t>(shown / each) % album.pictures.size()];
    const UtcMs end = std::min(entry.end, at + each - shown % each);
    Json item = item_json(album.id + "-" + std::to_string(at), at, end);
    const auto path = path_of(picture);
    item["source"] = path ? Json{{"source_type", "local"}, {"path", *path}} : black();
    item["tracks"]["audio"] = silence();
    items.push_back(std::move(item));
    at = end;
  }
}

Json one_item(const Channel& channel, const Entry& entry, const PathOf& path_of) {
  const Item* shown = item_of(channel, entry.shows);
  Json item = item_json(
      (shown == nullptr ? std::string("dead-air") : shown->id) + "-" + std::to_string(entry.start),
      entry.start, entry.end);
  const auto path = shown == nullptr || shown->media.empty() ? std::nullopt : path_of(shown->media);
  if (path) {
    item["source"] = {{"source_type", "local"},
                      {"path", *path},
                      {"in_point_ms", entry.offset_ms},
                      {"out_point_ms", entry.offset_ms + entry.end - entry.start}};
  } else {
    item["source"] = black();
    item["tracks"]["audio"] = silence();
  }
  return item;
}

Json watermark_json(const Watermark& watermark, const std::string& path) {
  return {{"source", {{"source_type", "local"}, {"path", path}}},
          {"location", name_of(watermark.corner)},
          {"width_percent", watermark.width_percent},
          {"horizontal_margin_percent", 2},
          {"vertical_margin_percent", 2},
          {"opacity_percent", watermark.opacity_percent}};
}

void leave_out(ErsatztvPlayout& playout, const std::string& id, const std::string& why) {
  if (playout.left_out.size() < max_left_out)
    playout.left_out.push_back("The item \"" + printable(id) + "\" was left out: " + why + ".");
}

/// Appends the item, or says why not.
Result<void> read_item(const Json& json, ErsatztvPlayout& out) {
  wire::Fields in(json, "playout item");
  ErsatztvItem item;
  item.id = in.required_text("id", 1024);
  const auto start = parse_rfc3339(in.required_text("start", 64)),
             finish = parse_rfc3339(in.required_text("finish", 64));
  if (in.ok() && (!start || !finish || *finish <= *start || *start < 0))
    in.refuse("In the playout, item \"" + printable(item.id) +
              "\" has no \"start\" before its \"finish\".");
  static const Json none = Json::object();
  const Json& given = in.object("source");
  const Json& source = given.is_null() ? none : given;
  if (!in.ok()) return pass_on(in.error());
  item.start = *start;
  item.finish = *finish;
  wire::Fields from(source, "source");
  const std::string type = from.text("source_type", 32);
  item.path = from.text("path", max_path);
  item.in_point_ms = from.integer_or("in_point_ms", 0, 100 * day_ms, 0);
  if (!from.ok()) return pass_on(from.error());
  if (type != "local" || item.path.empty()) {
    leave_out(out, item.id, "it is not a file");
  } else if (item.in_point_ms != 0) {
    leave_out(out, item.id, "it begins inside a file");
  } else if (item.finish - item.start < min_length_ms || item.finish - item.start > max_length_ms) {
    leave_out(out, item.id, "it lasts less than a second or more than a day");
  } else {
    out.items.push_back(std::move(item));
  }
  return {};
}

}  // namespace

std::string write_ersatztv(const Timeline& timeline, const Media& media, UtcMs from, UtcMs to,
                           const PathOf& path_of) {
  const Channel& channel = timeline.channel();
  const auto logo =
      channel.watermark && !channel.logo.empty() ? path_of(channel.logo) : std::nullopt;
  Json items = Json::array();
  for (const Entry& entry : timeline.playout(media, from, to)) {
    const Item* shown = item_of(channel, entry.shows);
    if (shown != nullptr && shown->kind == ItemKind::album) {
      put_album(items, entry, *shown, path_of);
      continue;
    }
    Json item = one_item(channel, entry, path_of);
    if (logo && entry.kind == EntryKind::programme)
      item["watermark"] = watermark_json(*channel.watermark, *logo);
    items.push_back(std::move(item));
  }
  return Json{{"version", ersatztv_version}, {"items", std::move(items)}}.dump();
}

std::string ersatztv_file_name(UtcMs from, UtcMs to) {
  const auto compact = [](UtcMs at) {
    std::string text = rfc3339(at);  // 2026-04-13T00:24:21.527Z
    std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
    return text + "000000+0000";
  };
  return compact(from) + "_" + compact(to) + ".json";
}

Result<ErsatztvPlayout> read_ersatztv(std::string_view text) {
  wire::JsonLimits limits;
  limits.max_bytes = max_channel_bytes;
  limits.max_values = 400'000;
  limits.fractions = true;
  const auto json = wire::parse_json(as_bytes(text), limits);
  if (!json) return pass_on(json.error());
  wire::Fields in(*json, "playout");
  const std::string version = in.required_text("version", 200);
  if (in.ok() &&
      (!version.starts_with(version_prefix) || version.size() != version_prefix.size() + 1 ||
       version.back() < '0' || version.back() > '7'))
    in.refuse("The playout is of the version \"" + printable(version) +
              "\", and 0.0.0 to 0.0.7 are known. Nothing was changed.");
  const Json& items = in.array("items", max_items);
  if (!in.ok()) return pass_on(in.error());
  ErsatztvPlayout out;
  for (const Json& one : items) {
    if (const auto read = read_item(one, out); !read) return pass_on(read.error());
  }
  std::stable_sort(out.items.begin(), out.items.end(),
                   [](const auto& a, const auto& b) { return a.start < b.start; });
  UtcMs end = 0;
  std::vector<ErsatztvItem> apart;
  for (ErsatztvItem& item : out.items) {
    if (item.start < end) {
      leave_out(out, item.id, "another is on at that time");
      continue;
    }
    end = item.finish;
    apart.push_back(std::move(item));
  }
  out.items = std::move(apart);
  return out;
}

Result<Channel> channel_from_ersatztv(ErsatztvPlayout& playout, Channel channel, const Zone& zone,
                                      const TitleOf& title_of) {
  UtcMs end = INT64_MIN;
  std::size_t number = 0;
  for (const ErsatztvItem& one : playout.items) {
    const auto found = title_of(one.path);
    if (!found) {
      leave_out(playout, one.id, "this home does not have " + printable(one.path));
      continue;
    }
    if (one.start != end) {  // a gap: another stretch
      if (channel.lists.size() == max_lists)
        return fail(Code::too_large,
                    "The playout has gaps in more than 200 places. Nothing was changed; import "
                    "a shorter one.");
      const Day day = zone.local_day(one.start);
      const std::string stretch = std::to_string(channel.lists.size() + 1);
      Slot slot;
      slot.id = "s" + stretch;
      slot.list = "l" + stretch;
      slot.take = Take::multiple;
      slot.count = 0;
      slot.fixed = Fixed{zone.wall_ms(one.start) - std::int64_t{day} * day_ms, day, "", {}, {}};
      channel.lists.push_back({slot.list, "", Order::sequence, {}});
      channel.slots.push_back(std::move(slot));
    }
    Item item;
    item.id = "i" + std::to_string(++number);
    item.media = found->media;
    item.name = found->name;
    item.length_ms = one.finish - one.start;
    channel.lists.back().items.push_back(std::move(item));
    ++channel.slots.back().count;
    end = one.finish;
  }
  return channel_from_json(to_json(channel));  // the only judge of what a channel is
}

}  // namespace hearth::node::channels
