#include "node/television/words.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "common/base/names.h"
#include "node/channels/channel_json.h"

namespace hearth::node {
namespace {

using namespace channels;
using wire::Fields;
using wire::Json;

constexpr std::size_t max_word = 1024;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(Code::usage, what + " Nothing was changed.");
}

bool is_id(const std::string& text) {
  return !text.empty() && text.size() <= max_id &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
         });
}

/// By id, or by a name that only one of them has; empty: none.
template <class T>
std::string id_of(const std::vector<T>& all, const std::string& what) {
  std::string named;
  for (const T& one : all) {
    if (one.id == what) return one.id;
    if (one.name == what) named = named.empty() ? one.id : std::string("?");
  }
  return named == "?" ? std::string() : named;
}

/// An item's id: by id, else the one of that name.
std::string item_of_words(const Channel& channel, const std::string& what) {
  std::string named;
  for (const List& list : channel.lists) {
    for (const Item& item : list.items) {
      if (item.id == what) return item.id;
      if (item.name == what) named = named.empty() ? item.id : std::string("?");
    }
  }
  return named == "?" ? std::string() : named;
}

Result<std::string> slot_of_words(const Channel& channel, const std::string& what) {
  const std::string id = id_of(channel.slots, what);
  if (!id.empty()) return id;
  return fail(Code::not_found, "The channel has no slot \"" + printable(what) +
                                   "\", or several of that name. Nothing was changed; hearth "
                                   "channel show has their ids.");
}

/// The next time that the clock shows it.
Day next_day(const Scene& scene, std::int64_t at_ms) {
  const Day today = scene.zone.local_day(scene.now);
  return scene.zone.to_utc(today, at_ms) > scene.now ? today : today + 1;
}

Result<void> read_take(const std::string& text, Slot& slot) {
  if (text.empty()) return {};
  if (text == "one" || text == "all" || text == "flood") {
    slot.take = text == "one" ? Take::one : Take::flood;
    return {};
  }
  const bool digits =
      text.size() <= 5 &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (digits) {
    slot.take = Take::multiple;
    slot.count = std::atoi(text.c_str());
    return {};
  }
  const auto length = length_from_words(text);
  if (!length)
    return refuse("\"" + printable(text) +
                  "\" is not how much of a list is shown: one, a number, "
                  "a length as 90m, or all.");
  slot.take = Take::duration;
  slot.duration_ms = *length;
  return {};
}

Result<std::optional<Fixed>> fixed_from_words(const Scene& scene, const std::string& at,
                                              const std::string& day, const std::string& repeat) {
  if (at.empty()) {
    if (day.empty() && repeat.empty()) return std::nullopt;
    return refuse("A day or a repetition needs a time: add --at 20:15.");
  }
  Fixed fixed;
  const auto clock = parse_clock(at);
  if (!clock) return refuse("\"" + printable(at) + "\" is no time like 20:15.");
  fixed.at_ms = *clock;
  const auto first = day.empty() ? std::optional(next_day(scene, *clock)) : parse_day(day);
  if (!first) return refuse("\"" + printable(day) + "\" is no day like 2026-12-24.");
  fixed.first = *first;
  const auto rule = rule_from_words(repeat);
  if (!rule)
    return refuse("\"" + printable(repeat) +
                  "\" is no repetition: daily, weekdays, weekends, "
                  "weekly, days as mo,we,fr, or a rule of RFC 5545.");
  fixed.rule = *rule;
  return fixed;
}

}  // namespace

std::optional<std::int64_t> length_from_words(const std::string& text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  if (text.find(':') != std::string::npos) {
    const std::string padded = text.find(':') == 1 ? "0" + text : text;
    return parse_clock(padded);
  }
  const std::string digits = text.substr(0, text.size() - 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const std::int64_t number = std::atoll(digits.c_str());
  switch (text.back()) {
    case 's':
      return number * second_ms;
    case 'm':
      return number * minute_ms;
    case 'h':
      return number * hour_ms;
    default:
      return std::nullopt;
  }
}

std::optional<std::string> rule_from_words(const std::string& text) {
  if (text.empty() || text == "no" || text == "once") return "";
  if (text == "daily") return "FREQ=DAILY";
  if (text == "weekly") return "FREQ=WEEKLY";
  if (text == "weekdays") return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";
  if (text == "weekends") return "FREQ=WEEKLY;BYDAY=SA,SU";
  if (text.find('=') != std::string::npos) return text;
  std::string days = text;
  std::transform(days.begin(), days.end(), days.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  constexpr std::string_view known = "MO,TU,WE,TH,FR,SA,SU";
  for (std::size_t at = 0; at < days.size(); at += 3) {
    const std::string day = days.substr(at, 2);
    const std::size_t found = known.find(day);
    const bool is_day = day.size() == 2 && found != known.npos && found % 3 == 0;
    const bool ends_well = at + 2 == days.size() || days[at + 2] == ',';
    if (!is_day || !ends_well || at + 3 == days.size()) return std::nullopt;
  }
  return "FREQ=WEEKLY;BYDAY=" + days;
}

Result<ListFound> list_from_words(const Channel& channel, const std::string& what) {
  const std::string id = id_of(channel.lists, what);
  if (!id.empty()) return ListFound{id, std::nullopt};
  List list;
  list.id = is_id(what) ? what : fresh_id(channel, 'l');
  const auto name = checked_name(what);
  if (!name) return pass_on(name.error());
  list.name = list.id == *name ? std::string() : *name;
  return ListFound{list.id, add_list(list)};
}

Said schedule_words(const Scene& scene, Fields& in) {
  const std::string list = in.text("list", max_word), at = in.text("at", 16);
  const std::string day = in.text("day", 16), repeat = in.text("repeat", max_rule_text);
  const std::string take = in.text("take", 16), before = in.text("before", max_word);
  const std::string follows = in.text("follows", max_word), reruns = in.text("reruns", max_word);
  Slot slot;
  slot.id = fresh_id(scene.channel, 's');
  slot.name = in.text("name", max_word);
  slot.rank = static_cast<std::int32_t>(in.integer_or("rank", 0, 9, 0));
  if (!in.ok()) return pass_on(in.error());
  std::vector<Change> changes;
  const std::string linked = follows.empty() ? reruns : follows;
  if (list.empty() == linked.empty() || (!follows.empty() && !reruns.empty()))
    return refuse(
        "What is to be shown? Name a list with --list, or a slot with --follows or "
        "--reruns.");
  if (!list.empty()) {
    auto found = list_from_words(scene.channel, list);
    if (!found) return pass_on(found.error());
    slot.list = found->id;
    if (found->added) changes.push_back(std::move(*found->added));
  } else {
    auto other = slot_of_words(scene.channel, linked);
    if (!other) return pass_on(other.error());
    slot.link = follows.empty() ? Link::reruns : Link::follows;
    slot.linked = *other;
  }
  auto fixed = fixed_from_words(scene, at, day, repeat);
  if (!fixed) return pass_on(fixed.error());
  slot.fixed = std::move(*fixed);
  slot.take = slot.fixed ? Take::one : Take::flood;
  auto read = read_take(take, slot);
  if (!read) return pass_on(read.error());
  std::string next;
  if (!before.empty()) {
    auto other = slot_of_words(scene.channel, before);
    if (!other) return pass_on(other.error());
    next = *other;
  } else if (!slot.fixed && !scene.channel.slots.empty()) {
    // Behind one that never ends it would never be reached.
    for (const Slot& one : scene.channel.slots) {
      if (!one.fixed && one.take == Take::flood && next.empty()) next = one.id;
    }
  }
  changes.push_back(add_slot(std::move(slot), next));
  return changes;
}

namespace {

Result<void> read_amount(Fields& in, Filler& filler) {
  const std::int64_t count = in.integer_or("count", 1, 100, 0),
                     pad = in.integer_or("pad", 5, 60, 0);
  const std::string duration = in.text("duration", 16), every = in.text("every", 16);
  if (!in.ok()) return pass_on(in.error());
  if ((count != 0) + (pad != 0) + (duration.empty() ? 0 : 1) > 1)
    return refuse("A filler is so many, so long, or up to a full time: say one of them.");
  if (count != 0) {
    filler.amount = Amount::count;
    filler.value = count;
  } else if (pad != 0) {
    filler.amount = Amount::pad;
    filler.value = pad;
  } else if (!duration.empty()) {
    const auto length = length_from_words(duration);
    if (!length) return refuse("\"" + printable(duration) + "\" is no length as 90s or 5m.");
    filler.amount = Amount::duration;
    filler.value = *length;
  }
  if (filler.place == Place::mid) {
    const auto length = length_from_words(every.empty() ? "30m" : every);
    if (!length) return refuse("\"" + printable(every) + "\" is no length as 30m.");
    filler.every_ms = *length;
    if (filler.amount == Amount::all) {
      filler.amount = Amount::count;
      filler.value = 1;
    }
  }
  return {};
}

/// Those of `ids` that stand elsewhere, and the new one.
Json with_filler(const Channel& channel, const std::vector<std::string>& ids, const Filler& added) {
  Json out = Json::array();
  for (const std::string& id : ids) {
    const Filler* one = channel.find_filler(id);
    if (one != nullptr && one->place != added.place) out.push_back(id);
  }
  out.push_back(added.id);
  return out;
}

}  // namespace

Said fill_words(const Scene& scene, Fields& in) {
  constexpr std::pair<std::string_view, Place> places[] = {{"pre", Place::pre},
                                                           {"mid", Place::mid},
                                                           {"post", Place::post},
                                                           {"tail", Place::tail},
                                                           {"fallback", Place::fallback}};
  const std::string where = in.required_text("place", 16),
                    list = in.required_text("list", max_word);
  const std::string slot = in.text("slot", max_word);
  if (!in.ok()) return pass_on(in.error());
  Filler filler;
  filler.id = fresh_id(scene.channel, 'f');
  const auto place = std::find_if(std::begin(places), std::end(places),
                                  [&](const auto& one) { return one.first == where; });
  if (place == std::end(places))
    return refuse("A filler stands at pre, mid, post, tail or fallback, not \"" + printable(where) +
                  "\".");
  filler.place = place->second;
  auto found = list_from_words(scene.channel, list);
  if (!found) return pass_on(found.error());
  filler.list = found->id;
  auto read = read_amount(in, filler);
  if (!read) return pass_on(read.error());
  std::vector<Change> changes;
  if (found->added) changes.push_back(std::move(*found->added));
  changes.push_back(add_filler(filler));
  if (slot.empty()) {
    changes.push_back(set_channel(
        {{"usual_fillers", with_filler(scene.channel, scene.channel.usual_fillers, filler)}}));
    return changes;
  }
  auto of = slot_of_words(scene.channel, slot);
  if (!of) return pass_on(of.error());
  const auto& own = scene.channel.find_slot(*of)->fillers;
  changes.push_back(set_slot(
      *of,
      {{"fillers", with_filler(scene.channel, own ? *own : scene.channel.usual_fillers, filler)}}));
  return changes;
}

Said move_words(const Scene& scene, Fields& in) {
  const std::string what = in.required_text("what", max_word), list = in.text("list", max_word);
  const std::string before = in.text("before", max_word);
  if (!in.ok()) return pass_on(in.error());
  const std::string slot = id_of(scene.channel.slots, what);
  if (!slot.empty() && list.empty())
    return std::vector<Change>{move_slot(slot, id_of(scene.channel.slots, before))};
  const std::string item = item_of_words(scene.channel, what);
  if (item.empty())
    return fail(Code::not_found, "The channel has no item or slot \"" + printable(what) +
                                     "\", or several of that name. Nothing was changed.");
  std::vector<Change> changes;
  std::string into;
  for (const List& one : scene.channel.lists) {
    const bool has = std::any_of(one.items.begin(), one.items.end(),
                                 [&](const Item& other) { return other.id == item; });
    if (has) into = one.id;
  }
  if (!list.empty()) {
    auto found = list_from_words(scene.channel, list);
    if (!found) return pass_on(found.error());
    into = found->id;
    if (found->added) changes.push_back(std::move(*found->added));
  }
  changes.push_back(move_item(item, into, item_of_words(scene.channel, before)));
  return changes;
}

Said remove_words(const Scene& scene, Fields& in) {
  const std::string what = in.required_text("what", max_word);
  if (!in.ok()) return pass_on(in.error());
  if (const auto id = id_of(scene.channel.slots, what); !id.empty())
    return std::vector<Change>{remove_slot(id)};
  if (scene.channel.find_filler(what) != nullptr) return std::vector<Change>{remove_filler(what)};
  if (const auto id = item_of_words(scene.channel, what); !id.empty())
    return std::vector<Change>{remove_item(id)};
  if (const auto id = id_of(scene.channel.lists, what); !id.empty())
    return std::vector<Change>{remove_list(id)};
  return fail(Code::not_found, "The channel has no item, slot, filler or list \"" +
                                   printable(what) +
                                   "\", or several of that name. Nothing was changed; hearth "
                                   "channel show has the ids.");
}

Said repeat_words(const Scene& scene, Fields& in) {
  const std::string what = in.required_text("slot", max_word);
  const std::string repeat = in.required_text("repeat", max_rule_text);
  if (!in.ok()) return pass_on(in.error());
  auto slot = slot_of_words(scene.channel, what);
  if (!slot) return pass_on(slot.error());
  const auto rule = rule_from_words(repeat);
  if (!rule)
    return refuse("\"" + printable(repeat) +
                  "\" is no repetition: daily, weekdays, weekends, "
                  "weekly, days as mo,we,fr, a rule of RFC 5545, or no.");
  return std::vector<Change>{repeat_slot(*slot, *rule)};
}

Said skip_words(const Scene& scene, Fields& in) {
  const std::string what = in.required_text("slot", max_word), on = in.required_text("day", 16);
  if (!in.ok()) return pass_on(in.error());
  auto slot = slot_of_words(scene.channel, what);
  if (!slot) return pass_on(slot.error());
  const auto day = parse_day(on);
  if (!day) return refuse("\"" + printable(on) + "\" is no day like 2026-12-24.");
  return std::vector<Change>{skip_day(*slot, *day)};
}

}  // namespace hearth::node
