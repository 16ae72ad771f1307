#include <algorithm>

#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "node/channels/channel_json.h"
#include "node/channels/recurrence.h"

namespace hearth::node::channels {
namespace {

using wire::Fields;
using wire::Json;
using wire::take_or_refuse;

constexpr std::int64_t max_time = std::int64_t{last_day} * day_ms;
/// One airing can be long: a hundred fillers of a day each.
constexpr std::int64_t max_handled_before = 400 * day_ms;
constexpr std::int64_t max_turns = std::int64_t{1} << 40;
/// Of a document of 10,000 items with all their members.
constexpr std::size_t max_values = 300'000;
constexpr std::size_t max_name = 1024;

template <class T, std::size_t N>
T choice(Fields& fields, const char* name, const std::string_view (&names)[N], int first,
         std::optional<T> fallback = std::nullopt) {
  const auto usual =
      fallback
          ? std::optional(static_cast<std::size_t>(*fallback) - static_cast<std::size_t>(first))
          : std::nullopt;
  return static_cast<T>(wire::choice_field(fields, name, names, usual) +
                        static_cast<std::size_t>(first));
}

bool is_token(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

std::string token(Fields& fields, const char* name, std::size_t max, bool required) {
  std::string text = required ? fields.required_text(name, max) : fields.text(name, max);
  if (fields.ok() && (required || !text.empty()) && !is_token(text, max)) {
    fields.refuse("\"" + std::string(name) + "\" takes 1 to " + std::to_string(max) +
                  " letters, digits and - _ . : only, not \"" + printable(text) + "\".");
  }
  return text;
}

/// A name of people's, or none.
std::string name_or_none(Fields& fields, const char* name) {
  const std::string text = fields.text(name, max_name);
  if (text.empty() || !fields.ok()) return {};
  return take_or_refuse(fields, checked_name(text));
}

std::vector<std::string> tokens(Fields& fields, const char* name, std::size_t max_count,
                                std::size_t max_size) {
  std::vector<std::string> out;
  for (const Json& one : fields.array(name, max_count)) {
    if (!one.is_string() || !is_token(one.get_ref<const std::string&>(), max_size)) {
      fields.refuse("\"" + std::string(name) + "\" holds something that is no id.");
      return {};
    }
    out.push_back(one.get<std::string>());
  }
  return out;
}

std::vector<Day> days(Fields& fields, const char* name) {
  std::vector<Day> out;
  for (const Json& one : fields.array(name, max_rule_days)) {
    const auto day = one.is_string() ? parse_day(one.get_ref<const std::string&>()) : std::nullopt;
    if (!day) {
      fields.refuse("\"" + std::string(name) + "\" holds something that is no date like " +
                    "2026-12-24.");
      return {};
    }
    out.push_back(*day);
  }
  return out;
}

template <class T>
std::vector<T> all(Fields& fields, const char* name, std::size_t max,
                   Result<T> (*read)(const Json&)) {
  std::vector<T> out;
  for (const Json& one : fields.array(name, max)) {
    out.push_back(take_or_refuse(fields, read(one)));
    if (!fields.ok()) return {};
  }
  return out;
}

template <class T>
Result<T> done(const Fields& fields, T&& value) {
  if (!fields.ok()) return pass_on(fields.error());
  return std::forward<T>(value);
}

std::optional<Fixed> fixed_of(Fields& fields) {
  if (!fields.has("at")) return std::nullopt;
  Fixed fixed;
  const auto at = parse_clock(fields.required_text("at", 12));
  const auto first = parse_day(fields.required_text("first", 10));
  if (fields.ok() && !at) fields.refuse("\"at\" is no time of day like 20:15.");
  if (fields.ok() && !first) fields.refuse("\"first\" is no date like 2026-12-24.");
  fixed.at_ms = at.value_or(0);
  fixed.first = first.value_or(0);
  fixed.rule = fields.text("rule", max_rule_text);
  fixed.except = days(fields, "except");
  fixed.also = days(fields, "also");
  if (fields.ok()) {
    const auto rule = Recurrence::parse(fixed.rule, fixed.first);
    if (!rule) fields.refuse(rule.error().sentence);
  }
  return fixed;
}

std::optional<Running> running_of(Fields& fields, const char* name) {
  const Json& json = fields.object(name);
  if (json.is_null()) return std::nullopt;
  Fields in(json, "running slot");
  Running out;
  out.slot = token(in, "slot", max_id, true);
  out.left = in.integer_or("left", 0, 1'000'000, 0);
  out.until = in.integer_or("until", 0, max_time, 0);
  out.planned = in.integer_or("planned", 0, max_time, 0);
  if (!in.ok()) fields.refuse(in.error().sentence, in.error().code);
  return out;
}

Result<Progress> progress_from_json(const Json& json) {
  Fields in(json, "progress");
  Progress out;
  out.id = token(in, "id", max_id, true);
  out.next = in.integer_or("next", 0, max_turns, 0);
  out.first = in.integer_or("first", 0, max_turns, 0);
  out.waits_since = in.integer_or("waits_since", 0, max_time, 0);
  return done(in, std::move(out));
}

Since since_of(Fields& fields) {
  Fields in(fields.object("since"), "channel's beginning");
  Since out;
  out.at = in.integer("at", 0, max_time);
  out.handled = in.integer_or("handled", -1, max_time, out.at - 1);
  out.on_air = running_of(in, "on_air");
  out.floating = running_of(in, "floating");
  out.progress = all<Progress>(in, "progress", max_slots + max_fillers, progress_from_json);
  if (in.ok() && (out.handled >= out.at || out.handled < out.at - max_handled_before))
    in.refuse("In the channel's beginning, \"handled\" is not shortly before \"at\".");
  if (!in.ok()) fields.refuse(in.error().sentence, in.error().code);
  return out;
}

std::uint32_t colour_of(Fields& fields) {
  const std::string text = fields.text("colour", 7, "#3366cc");
  const auto bytes = text.size() == 7 && text[0] == '#' ? from_hex(text.substr(1)) : std::nullopt;
  if (!bytes) {
    fields.refuse("\"colour\" is no colour like #3366cc.");
    return 0;
  }
  return static_cast<std::uint32_t>((*bytes)[0] << 16 | (*bytes)[1] << 8 | (*bytes)[2]);
}

std::optional<Watermark> watermark_of(Fields& fields) {
  const Json& json = fields.object("watermark");
  if (json.is_null()) return std::nullopt;
  Fields in(json, "watermark");
  constexpr std::string_view corners[] = {"top_left", "top_right", "bottom_left", "bottom_right"};
  Watermark out;
  out.corner = choice<Corner>(in, "corner", corners, 1, Corner::top_right);
  out.width_percent = static_cast<std::int32_t>(in.integer_or("width_percent", 1, 50, 10));
  out.opacity_percent = static_cast<std::int32_t>(in.integer_or("opacity_percent", 5, 100, 80));
  if (!in.ok()) fields.refuse(in.error().sentence, in.error().code);
  return out;
}

Budget budget_of(Fields& fields) {
  const Json& json = fields.object("budget");
  if (json.is_null()) return {};
  Fields in(json, "budget");
  Budget out;
  out.title = in.integer_or("title", 0, wire::max_price_minor, 0);
  out.month = in.integer_or("month", 0, wire::max_price_minor, 0);
  out.currency = in.required_text("currency", 3);
  if (in.ok() && !money::Currency::from_code(out.currency))
    in.refuse("The budget's currency is not known.");
  if (!in.ok()) fields.refuse(in.error().sentence, in.error().code);
  return out;
}

void check_kind(Fields& in, const Item& item) {
  const bool takes_media =
      item.kind == ItemKind::title || item.kind == ItemKind::offer || item.kind == ItemKind::music;
  const bool takes_pictures = item.kind == ItemKind::album || item.kind == ItemKind::music;
  if (takes_media == item.media.empty())
    in.refuse("An item of the kind " + std::string(name_of(item.kind)) +
              (takes_media ? " needs \"media\"." : " has no \"media\"."));
  if (!takes_pictures && !item.pictures.empty())
    in.refuse("Only albums and music have \"pictures\".");
  if (!item.pictures.empty() && item.picture_ms < min_length_ms)
    in.refuse("Pictures need \"picture_ms\" of at least 1000.");
  if (item.kind == ItemKind::album && (item.pictures.empty() || length_of(item) > max_length_ms))
    in.refuse("An album needs pictures that last at most a day together.");
  if ((item.kind == ItemKind::page) == item.text.empty())
    in.refuse("Pages have \"text\", and nothing else has.");
  if (item.length_ms != 0 && item.length_ms < min_length_ms)
    in.refuse("\"length_ms\" is less than a second.");
}

}  // namespace

Result<Item> item_from_json(const Json& json) {
  Fields in(json, "item");
  constexpr std::string_view kinds[] = {"title", "offer", "album", "music", "page"};
  constexpr std::string_view transitions[] = {"cut", "fade"};
  Item out;
  out.id = token(in, "id", max_id, true);
  out.kind = choice<ItemKind>(in, "kind", kinds, 1);
  out.media = token(in, "media", max_media_id, false);
  out.name = name_or_none(in, "name");
  out.length_ms = in.integer_or("length_ms", 0, max_length_ms, 0);
  out.pictures = tokens(in, "pictures", max_pictures, max_media_id);
  out.picture_ms = in.integer_or("picture_ms", 0, hour_ms, 0);
  out.transition = choice<Transition>(in, "transition", transitions, 1, Transition::cut);
  out.text = in.text("text", max_page_text);
  if (in.ok() && !out.text.empty())
    out.text = take_or_refuse(in, checked_note(out.text, max_page_text));
  out.weight = static_cast<std::int32_t>(in.integer_or("weight", 1, 1000, 1));
  if (in.ok()) check_kind(in, out);
  return done(in, std::move(out));
}

Result<List> list_from_json(const Json& json) {
  Fields in(json, "list");
  constexpr std::string_view orders[] = {"sequence", "shuffle", "weighted"};
  List out;
  out.id = token(in, "id", max_id, true);
  out.name = name_or_none(in, "name");
  out.order = choice<Order>(in, "order", orders, 1, Order::sequence);
  out.items = all<Item>(in, "items", max_items, item_from_json);
  return done(in, std::move(out));
}

Result<Slot> slot_from_json(const Json& json) {
  Fields in(json, "slot");
  constexpr std::string_view takes[] = {"one", "multiple", "duration", "flood"};
  constexpr std::string_view links[] = {"none", "follows", "reruns"};
  Slot out;
  out.id = token(in, "id", max_id, true);
  out.name = name_or_none(in, "name");
  out.list = token(in, "list", max_id, false);
  out.fixed = fixed_of(in);
  out.take = choice<Take>(in, "take", takes, 1, Take::one);
  if (out.take == Take::multiple)
    out.count =
        static_cast<std::int32_t>(in.integer("count", 1, static_cast<std::int64_t>(max_items)));
  if (out.take == Take::duration)
    out.duration_ms = in.integer("duration_ms", minute_ms, 7 * day_ms);
  out.link = choice<Link>(in, "link", links, 0, Link::none);
  if (out.link != Link::none) out.linked = token(in, "linked", max_id, true);
  if (in.has("fillers")) out.fillers = tokens(in, "fillers", places_of_fillers, max_id);
  out.rank = static_cast<std::int32_t>(in.integer_or("rank", 0, 9, 0));
  return done(in, std::move(out));
}

Result<Filler> filler_from_json(const Json& json) {
  Fields in(json, "filler");
  constexpr std::string_view where[] = {"pre", "mid", "post", "tail", "fallback"};
  constexpr std::string_view amounts[] = {"count", "duration", "pad", "all"};
  Filler out;
  out.id = token(in, "id", max_id, true);
  out.list = token(in, "list", max_id, true);
  out.place = choice<Place>(in, "place", where, 1);
  out.amount = choice<Amount>(in, "amount", amounts, 1, Amount::all);
  if (out.amount == Amount::count) out.value = in.integer("value", 1, 100);
  if (out.amount == Amount::duration) out.value = in.integer("value", second_ms, 6 * hour_ms);
  if (out.amount == Amount::pad) out.value = in.integer("value", 5, 60);
  if (out.place == Place::mid) out.every_ms = in.integer("every_ms", minute_ms, day_ms);
  if (in.ok() && out.amount == Amount::pad && 60 % out.value != 0)
    in.refuse("A filler pads to parts of an hour: 5, 6, 10, 12, 15, 20, 30 or 60 minutes.");
  if (in.ok() && out.place == Place::mid && out.amount == Amount::pad)
    in.refuse("A filler inside a programme cannot pad.");
  return done(in, std::move(out));
}

Result<Channel> channel_from_json(const Json& json) {
  Fields in(json, "channel");
  Channel out;
  out.id = token(in, "id", max_id, true);
  out.number = static_cast<std::int32_t>(in.integer("number", 1, 9999));
  const std::string name = in.required_text("name", max_name);
  if (in.ok()) out.name = take_or_refuse(in, checked_name(name));
  out.logo = token(in, "logo", max_media_id, false);
  out.colour = in.ok() ? colour_of(in) : 0;
  out.zone = in.text("zone", 64, "UTC");
  out.seed = static_cast<std::uint64_t>(in.integer_or("seed", 0, (std::int64_t{1} << 53) - 1, 0));
  out.version = in.integer_or("version", 1, max_turns, 1);
  if (in.ok() && !in.has("since")) in.refuse("The channel has no \"since\".");
  if (in.ok()) out.since = since_of(in);
  out.max_lateness_ms = in.integer_or("max_lateness_ms", 0, hour_ms, 0);
  out.lists = all<List>(in, "lists", max_lists, list_from_json);
  out.slots = all<Slot>(in, "slots", max_slots, slot_from_json);
  out.fillers = all<Filler>(in, "fillers", max_fillers, filler_from_json);
  out.usual_fillers = tokens(in, "usual_fillers", places_of_fillers, max_id);
  out.dead_air = token(in, "dead_air", max_media_id, false);
  out.watermark = watermark_of(in);
  out.budget = budget_of(in);
  if (!in.ok()) return pass_on(in.error());
  if (const auto whole = consistent(out); !whole) return pass_on(whole.error());
  return out;
}

Result<Channel> read_channel(std::string_view text) {
  wire::JsonLimits limits;
  limits.max_bytes = max_channel_bytes;
  limits.max_values = max_values;
  const auto json = wire::parse_json(as_bytes(text), limits);
  if (!json) return pass_on(json.error());
  return channel_from_json(*json);
}

}  // namespace hearth::node::channels
