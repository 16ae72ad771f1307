#include "common/link/channel_codec.h"

#include <algorithm>
#include <array>

namespace hearth::link {
namespace {

using wire::Fields;
using wire::Json;

constexpr std::size_t max_id = 128, max_name = 1024, max_about = 4000, max_sentence = 2000;
constexpr std::int64_t max_size = std::int64_t{1} << 42, max_time_ms = std::int64_t{1} << 48;
constexpr std::int64_t max_window_ms = 48LL * 3600 * 1000;
constexpr std::int64_t max_lag_ms = 400LL * 24 * 3600 * 1000;
constexpr std::int64_t min_picture_ms = 100, max_picture_ms = 24LL * 3600 * 1000;
constexpr std::array<std::string_view, 4> corner_names = {"top_left", "top_right", "bottom_left",
                                                          "bottom_right"};

/// At most so many bytes, with room for what replaces bytes that are no UTF-8.
std::string cut(const std::string& text, std::size_t max_bytes) {
  return text.size() > max_bytes / 3 ? text.substr(0, max_bytes / 3) : text;
}

std::string id_of(Fields& f, const char* name) {
  std::string id = f.required_text(name, max_id);
  if (id.empty()) f.refuse(std::string("A message about channels names no ") + name + ".");
  return id;
}

/// Half-open and in order; moves `after` to its end.
void check_span(Fields& f, std::int64_t start_ms, std::int64_t end_ms, std::int64_t& after) {
  if (start_ms >= end_ms) f.refuse("A programme ends before it begins.");
  if (start_ms < after) f.refuse("The programmes of a channel overlap or are not in order.");
  after = end_ms;
}

void decode_beside(Fields& f, AirItem& item) {
  if (!f.has("beside")) return;
  for (const Json& json : f.array("beside", max_beside)) {
    if (!json.is_string() || json.get_ref<const std::string&>().empty() ||
        json.get_ref<const std::string&>().size() > max_id) {
      return f.refuse("A picture beside music is not named by its stream.");
    }
    item.beside.push_back(json.get<std::string>());
  }
  if (item.beside.empty()) return;
  item.picture_ms = f.integer("picture_ms", min_picture_ms, max_picture_ms);
}

AirItem decode_air_item(const Json& json, std::int64_t& after, Fields& outer) {
  Fields f(json, "programme");
  AirItem item;
  item.item = id_of(f, "item");
  item.stream = f.text("stream", max_id);
  item.name = f.text("name", max_name);
  item.about = f.text("about", max_about);
  const auto kind = wire::kind_from_name(f.required_text("kind", 16));
  if (!kind) f.refuse("A programme names an unknown kind of media.");
  item.kind = kind.value_or(wire::Kind::data);
  item.media_type = f.text("media_type", 128);
  item.size = static_cast<std::uint64_t>(f.integer_or("size", 0, max_size, 0));
  item.start_ms = f.integer("start_ms", 0, max_time_ms);
  item.end_ms = f.integer("end_ms", 0, max_time_ms);
  item.in_point_ms = f.integer_or("in_point_ms", 0, max_time_ms, 0);
  item.filler = f.boolean_or("filler", false);
  item.watermark = f.boolean_or("watermark", false);
  item.catch_up = f.boolean_or("catch_up", false);
  item.fade = f.boolean_or("fade", false);
  item.sentence = f.text("sentence", max_sentence);
  decode_beside(f, item);
  if (f.ok()) check_span(f, item.start_ms, item.end_ms, after);
  if (!f.ok()) outer.refuse(f.error().sentence, f.error().code);
  return item;
}

Programme decode_programme(const Json& json, std::int64_t& after, Fields& outer) {
  Fields f(json, "programme");
  Programme programme;
  programme.item = id_of(f, "item");
  programme.name = f.text("name", max_name);
  programme.start_ms = f.integer("start_ms", 0, max_time_ms);
  programme.end_ms = f.integer("end_ms", 0, max_time_ms);
  programme.catch_up = f.boolean_or("catch_up", false);
  if (f.ok()) check_span(f, programme.start_ms, programme.end_ms, after);
  if (!f.ok()) outer.refuse(f.error().sentence, f.error().code);
  return programme;
}

}  // namespace

Json members(const Lineup& o) {
  Json channels = Json::array();
  for (const Channel& one : o.channels) {
    channels.push_back({{"channel", one.channel},
                        {"number", one.number},
                        {"name", cut(one.name, max_name)},
                        {"colour", one.colour}});
  }
  return {{"channels", std::move(channels)}};
}

Lineup decode_lineup(Fields& f) {
  Lineup lineup;
  for (const Json& json : f.array("channels", max_channels)) {
    Fields g(json, "channel");
    Channel one;
    one.channel = id_of(g, "channel");
    one.number = static_cast<int>(g.integer("number", 1, 9999));
    one.name = g.text("name", max_name);
    one.colour = static_cast<std::uint32_t>(g.integer_or("colour", 0, 0xFFFFFF, 0));
    if (!g.ok()) f.refuse(g.error().sentence, g.error().code);
    if (!lineup.channels.empty() && one.number <= lineup.channels.back().number) {
      f.refuse("The channels are not in the order of their numbers.");
    }
    lineup.channels.push_back(std::move(one));
  }
  return lineup;
}

Json members(const GuideWindow& o) {
  Json rows = Json::array();
  for (const GuideRow& row : o.rows) {
    Json programmes = Json::array();
    for (const Programme& one : row.programmes) {
      programmes.push_back({{"item", one.item},
                            {"name", cut(one.name, max_name)},
                            {"start_ms", one.start_ms},
                            {"end_ms", one.end_ms},
                            {"catch_up", one.catch_up}});
    }
    rows.push_back({{"channel", row.channel}, {"programmes", std::move(programmes)}});
  }
  return {{"request", o.request},
          {"from_ms", o.from_ms},
          {"to_ms", o.to_ms},
          {"rows", std::move(rows)}};
}

GuideWindow decode_guide_window(Fields& f) {
  GuideWindow window;
  window.request = f.integer("request", 0, max_time_ms);
  window.from_ms = f.integer("from_ms", 0, max_time_ms);
  window.to_ms = f.integer("to_ms", 0, max_time_ms);
  for (const Json& json : f.array("rows", max_guide_rows)) {
    Fields g(json, "row of the guide");
    GuideRow row;
    row.channel = id_of(g, "channel");
    std::int64_t after = 0;
    for (const Json& programme : g.array("programmes", max_row_programmes)) {
      row.programmes.push_back(decode_programme(programme, after, g));
    }
    if (!g.ok()) f.refuse(g.error().sentence, g.error().code);
    window.rows.push_back(std::move(row));
  }
  return window;
}

Json members(const Air& o) {
  Json items = Json::array();
  for (const AirItem& one : o.items) {
    Json item = {{"item", one.item},
                 {"stream", one.stream},
                 {"name", cut(one.name, max_name)},
                 {"about", cut(one.about, max_about)},
                 {"kind", std::string(wire::kind_name(one.kind))},
                 {"media_type", one.media_type},
                 {"size", one.size},
                 {"start_ms", one.start_ms},
                 {"end_ms", one.end_ms},
                 {"in_point_ms", one.in_point_ms},
                 {"filler", one.filler},
                 {"watermark", one.watermark},
                 {"catch_up", one.catch_up},
                 {"fade", one.fade},
                 {"sentence", cut(one.sentence, max_sentence)}};
    if (!one.beside.empty()) {
      item["beside"] = one.beside;
      item["picture_ms"] = one.picture_ms;
    }
    items.push_back(std::move(item));
  }
  return {{"channel", o.channel},
          {"request", o.request},
          {"lag_ms", o.lag_ms},
          {"items", std::move(items)},
          {"logo", to_base64url(o.logo.png)},
          {"logo_corner", std::string(corner_names[static_cast<std::size_t>(o.logo.corner)])},
          {"logo_width_percent", o.logo.width_percent},
          {"logo_opacity_percent", o.logo.opacity_percent},
          {"sentence", cut(o.sentence, max_sentence)}};
}

namespace {

Logo decode_logo(Fields& f) {
  Logo logo;
  if (f.has("logo")) logo.png = f.base64url("logo", max_logo);
  if (const std::string name = f.text("logo_corner", 16); !name.empty()) {
    const auto* found = std::find(corner_names.begin(), corner_names.end(), name);
    if (found == corner_names.end()) {
      f.refuse("A channel's logo is to stand in an unknown corner.");
    } else {
      logo.corner = static_cast<Corner>(found - corner_names.begin());
    }
  }
  logo.width_percent = static_cast<int>(f.integer_or("logo_width_percent", 1, 50, 10));
  logo.opacity_percent = static_cast<int>(f.integer_or("logo_opacity_percent", 5, 100, 80));
  return logo;
}

}  // namespace

Air decode_air(Fields& f) {
  Air air;
  air.channel = id_of(f, "channel");
  air.request = f.integer_or("request", 0, max_time_ms, 0);
  air.lag_ms = f.integer_or("lag_ms", 0, max_lag_ms, 0);
  std::int64_t after = 0;
  for (const Json& json : f.array("items", max_air_items)) {
    air.items.push_back(decode_air_item(json, after, f));
  }
  air.logo = decode_logo(f);
  air.sentence = f.text("sentence", max_sentence);
  return air;
}

Json members(const AskPin& o) {
  return {{"pin", o.pin},
          {"headline", cut(o.headline, max_name)},
          {"text", cut(o.text, max_sentence)},
          {"sentence", cut(o.sentence, max_sentence)}};
}

AskPin decode_ask_pin(Fields& f) {
  return {f.text("pin", max_id), f.text("headline", max_name), f.text("text", max_sentence),
          f.text("sentence", max_sentence)};
}

Json members(const Press& o) {
  return {{"key", std::string(key_name(o.key))}};
}

Press decode_press(Fields& f) {
  const auto key = key_from_name(f.required_text("key", 32));
  if (!key) f.refuse("The remote control has no such key.");
  return {key.value_or(Key::ok)};
}

Json members(const Tune& e) {
  return {{"channel", e.channel}, {"request", e.request}};
}

Tune decode_tune(Fields& f) {
  return {id_of(f, "channel"), f.integer_or("request", 0, max_time_ms, 0)};
}

Json members(const Watch& e) {
  return {{"channel", e.channel}, {"at_ms", e.at_ms}, {"request", e.request}};
}

Watch decode_watch(Fields& f) {
  return {id_of(f, "channel"), f.integer("at_ms", 0, max_time_ms),
          f.integer_or("request", 0, max_time_ms, 0)};
}

Json members(const GuideWanted& e) {
  return {{"request", e.request},
          {"first_row", e.first_row},
          {"rows", e.rows},
          {"from_ms", e.from_ms},
          {"to_ms", e.to_ms}};
}

GuideWanted decode_guide_wanted(Fields& f) {
  GuideWanted wanted;
  wanted.request = f.integer("request", 0, max_time_ms);
  wanted.first_row = static_cast<int>(f.integer("first_row", 0, max_channels));
  wanted.rows = static_cast<int>(f.integer("rows", 1, max_guide_rows));
  wanted.from_ms = f.integer("from_ms", 0, max_time_ms);
  wanted.to_ms = f.integer("to_ms", 0, max_time_ms);
  if (wanted.to_ms <= wanted.from_ms || wanted.to_ms - wanted.from_ms > max_window_ms) {
    f.refuse("A window of the guide is empty or longer than two days.");
  }
  return wanted;
}

Json members(const Aired& e) {
  return {{"channel", e.channel},
          {"item", e.item},
          {"lag_ms", e.lag_ms},
          {"drift_ms", e.drift_ms},
          {"sentence", cut(e.sentence, max_sentence)}};
}

Aired decode_aired(Fields& f) {
  Aired aired;
  aired.channel = id_of(f, "channel");
  aired.item = f.text("item", max_id);
  aired.lag_ms = f.integer_or("lag_ms", 0, max_lag_ms, 0);
  aired.drift_ms = f.integer_or("drift_ms", -max_time_ms, max_time_ms, 0);
  aired.sentence = f.text("sentence", max_sentence);
  return aired;
}

Json members(const PinEntered& e) {
  return {{"pin", e.pin}, {"digits", e.digits}};
}

PinEntered decode_pin_entered(Fields& f) {
  PinEntered entered{id_of(f, "pin"), f.text("digits", max_pin_digits)};
  const bool digits = std::all_of(entered.digits.begin(), entered.digits.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) f.refuse("A PIN has digits only.");
  return entered;
}

}  // namespace hearth::link
