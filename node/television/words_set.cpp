// `hearth channel set`, and changes as the web page sends them.
#include <algorithm>
#include <cstdlib>

#include "common/base/names.h"
#include "node/channels/channel_json.h"
#include "node/television/words.h"

namespace hearth::node {
namespace {

using namespace channels;
using wire::Fields;
using wire::Json;

constexpr std::size_t max_word = 4096;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(Code::usage, what + " Nothing was changed.");
}

Result<Json> amount(const std::string& key, const std::string& value, const Budget& now) {
  if (value == "none") return Json{{"budget", nullptr}};
  const auto price = money::parse(value);
  if (!price) return pass_on(price.error());
  if (price->minor < 0) return refuse("A budget is not negative.");
  if (!now.currency.empty() && now.currency != price->currency.code())
    return refuse("The channel's budget is in " + now.currency + "; take it away first with none.");
  Json budget = {{"title", now.title}, {"month", now.month}, {"currency", price->currency.code()}};
  budget[key == "budget-title" ? "title" : "month"] = price->minor;
  // A month buys at least one title.
  if (key == "budget-title") budget["month"] = std::max(now.month, price->minor);
  if (key == "budget-month" && now.title == 0) budget["title"] = price->minor;
  return Json{{"budget", std::move(budget)}};
}

/// A member of a channel's document from a person's key and value.
Result<Json> member(const Channel& channel, const std::string& key, const std::string& value) {
  if (key == "budget-title" || key == "budget-month") return amount(key, value, channel.budget);
  if (key == "name" || key == "colour" || key == "zone") return Json{{key, value}};
  if (key == "logo") return Json{{key, value == "none" ? Json() : Json(value)}};
  if (key == "dead-air") return Json{{"dead_air", value == "none" ? Json() : Json(value)}};
  if (key == "number" && value.size() <= 4 &&
      value.find_first_not_of("0123456789") == std::string::npos && !value.empty())
    return Json{{key, std::atoi(value.c_str())}};
  if (key == "max-lateness") {
    const auto length = value == "none" ? std::optional<std::int64_t>(0) : length_from_words(value);
    if (length) return Json{{"max_lateness_ms", *length}};
  }
  if (key == "watermark") {
    std::string corner = value;
    std::replace(corner.begin(), corner.end(), '-', '_');
    return Json{{key, value == "none" ? Json() : Json{{"corner", corner}}}};
  }
  return refuse("\"" + printable(key) + "\" cannot be set to \"" + printable(value) +
                "\": name, number, logo, colour, zone, dead-air, max-lateness, watermark, "
                "budget-title and budget-month can; parts take the members of the document.");
}

/// Text that is JSON as what it says, other text as text.
Json value_of(const std::string& text) {
  const auto parsed = wire::parse_json(as_bytes(text), max_word);
  return parsed ? *parsed : Json(text);
}

Json part_member(std::string key, const std::string& value) {
  std::replace(key.begin(), key.end(), '-', '_');
  if (key == "rule") {
    if (const auto rule = rule_from_words(value)) return {{key, *rule}};
  }
  if (key == "length" || key == "duration" || key == "every" || key == "picture") {
    if (const auto length = length_from_words(value)) return {{key + "_ms", *length}};
  }
  // What looks like a number may be a name.
  const bool is_text = key == "name" || key == "text" || key == "at" || key == "first";
  return {{key, value == "none" ? Json() : is_text ? Json(value) : value_of(value)}};
}

/// Reads one change; which member names which part.
class ChangeReader {
 public:
  ChangeReader(const Json& json, const Media& media) : media_(media), in_(json, "change") {}

  Result<Change> read() {
    const std::string name = in_.required_text("change", 32);
    auto change = named(name);
    if (!in_.ok()) return pass_on(in_.error());
    return change;
  }

 private:
  std::string id(const char* name) { return in_.text(name, max_id); }
  /// A part with an id; without one it gets a fresh one when it is applied.
  template <class T>
  T part(const char* name, Result<T> (*decode)(const Json&)) {
    Json json = in_.object(name);
    if (json.is_null()) in_.refuse("The change has no \"" + std::string(name) + "\".");
    if (!in_.ok()) return {};
    return whole(std::move(json), decode);
  }
  template <class T>
  T whole(Json json, Result<T> (*decode)(const Json&)) {
    if (!json.is_object()) {
      in_.refuse("A part of a channel is a JSON object. Nothing was changed.");
      return {};
    }
    const bool named = json.contains("id");
    if (!named) json["id"] = "x";
    auto made = decode(json);
    if (!made) {
      in_.refuse(made.error().sentence, made.error().code);
      return {};
    }
    if (!named) made->id.clear();
    return std::move(*made);
  }
  std::vector<Item> items() {
    std::vector<Item> out;
    for (const Json& one : in_.array("items", max_items))
      out.push_back(whole<Item>(one, item_from_json));
    return out;
  }
  Result<Change> named(const std::string& name) {
    if (name == "add_items") return add_items(id("list"), items(), id("before"), media_);
    if (name == "move_item") return move_item(id("item"), id("list"), id("before"));
    if (name == "remove_item") return remove_item(id("item"));
    if (name == "set_item") return set_item(id("item"), in_.object("members"));
    if (name == "add_list") return add_list(part<List>("list", list_from_json));
    if (name == "set_list") return set_list(id("list"), in_.object("members"));
    if (name == "remove_list") return remove_list(id("list"));
    if (name == "add_slot") return add_slot(part<Slot>("slot", slot_from_json), id("before"));
    if (name == "move_slot") return move_slot(id("slot"), id("before"));
    if (name == "set_slot") return set_slot(id("slot"), in_.object("members"));
    if (name == "remove_slot") return remove_slot(id("slot"));
    if (name == "repeat_slot") return repeat_slot(id("slot"), in_.text("rule", max_rule_text));
    if (name == "skip_day") return skip();
    if (name == "add_filler") return add_filler(part<Filler>("filler", filler_from_json));
    if (name == "set_filler") return set_filler(id("filler"), in_.object("members"));
    if (name == "remove_filler") return remove_filler(id("filler"));
    if (name == "set_channel") return set_channel(in_.object("members"));
    return refuse("There is no change \"" + printable(name) + "\"; docs/api.md lists them.");
  }
  Result<Change> skip() {
    const auto day = parse_day(in_.text("day", 10));
    if (!day) return refuse("\"day\" is no day like 2026-12-24.");
    return skip_day(id("slot"), *day);
  }

  const Media& media_;
  Fields in_;
};

}  // namespace

Said set_words(const Scene& scene, Fields& in) {
  const std::string key = in.required_text("key", 32), value = in.required_text("value", max_word);
  const std::string slot = in.text("slot", max_id), list = in.text("list", max_id);
  const std::string item = in.text("item", max_id), filler = in.text("filler", max_id);
  if (!in.ok()) return pass_on(in.error());
  if (!slot.empty()) return std::vector<Change>{set_slot(slot, part_member(key, value))};
  if (!list.empty()) return std::vector<Change>{set_list(list, part_member(key, value))};
  if (!item.empty()) return std::vector<Change>{set_item(item, part_member(key, value))};
  if (!filler.empty()) return std::vector<Change>{set_filler(filler, part_member(key, value))};
  auto members = member(scene.channel, key, value);
  if (!members) return pass_on(members.error());
  return std::vector<Change>{set_channel(std::move(*members))};
}

Said changes_from_json(const Json& list, const Media& media) {
  std::vector<Change> out;
  for (const Json& one : list) {
    if (!one.is_object()) return refuse("A change is a JSON object.");
    auto change = ChangeReader(one, media).read();
    if (!change) return pass_on(change.error());
    out.push_back(std::move(*change));
  }
  if (out.empty()) return refuse("Which changes? There is none in the list.");
  return out;
}

}  // namespace hearth::node
