// What people say about a channel, and what becomes of its document.
#include "node/television/words.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;
using wire::Json;

namespace {

struct Kitchen {
  Zone berlin = zone("Europe/Berlin");
  UtcMs now = local(berlin, "2026-11-02 18:00");
  Channel channel = test::channel("Europe/Berlin", "2026-11-01");

  Kitchen() {
    channel.lists = {list("films", {title("A", 60), title("B", 60)}), list("clips", {})};
    channel.slots = {floating("always", "films")};
  }
  /// The channel afterwards, or the sentence.
  Result<Channel> say(Said (*words)(const Scene&, wire::Fields&), const Json& arguments) const {
    wire::Fields fields(arguments, "arguments");
    const auto changes = words({channel, berlin, now}, fields);
    if (!changes) return pass_on(changes.error());
    return edited(Timeline::make(channel, berlin).value(), channel.version, now, *changes);
  }
  Channel must(Said (*words)(const Scene&, wire::Fields&), const Json& arguments) const {
    auto said = say(words, arguments);
    REQUIRE_MESSAGE(said, said.error().sentence);
    return *said;
  }
};

}  // namespace

TEST_CASE("lengths and repetitions as people say them") {
  CHECK(length_from_words("90s") == 90'000);
  CHECK(length_from_words("45m") == 45 * minute_ms);
  CHECK(length_from_words("2h") == 2 * hour_ms);
  CHECK(length_from_words("1:30") == 90 * minute_ms);
  CHECK(length_from_words("0:45:30") == 45 * minute_ms + 30'000);
  for (const char* bad : {"", "m", "90", "-5m", "1.5h", "99999999999m", "1:99", "5 m"})
    CHECK_MESSAGE(!length_from_words(bad), bad);
  CHECK(rule_from_words("daily") == "FREQ=DAILY");
  CHECK(rule_from_words("mo,we,fr") == "FREQ=WEEKLY;BYDAY=MO,WE,FR");
  CHECK(rule_from_words("SU") == "FREQ=WEEKLY;BYDAY=SU");
  CHECK(rule_from_words("no") == "");
  CHECK(rule_from_words("FREQ=MONTHLY;BYDAY=-1FR") == "FREQ=MONTHLY;BYDAY=-1FR");
  for (const char* bad : {"mo,", "monday", "xx", "mo we", "mo,,we", "O,"})
    CHECK_MESSAGE(!rule_from_words(bad), bad);
}

TEST_CASE("a list at a time, every day") {
  const Kitchen kitchen;
  const Channel out = kitchen.must(
      schedule_words, {{"list", "films"}, {"at", "20:15"}, {"repeat", "daily"}, {"take", "2"}});
  const Slot& slot = out.slots.back();
  REQUIRE(slot.fixed);
  CHECK(slot.fixed->at_ms == 20 * hour_ms + 15 * minute_ms);
  CHECK(format_day(slot.fixed->first) == "2026-11-02");
  CHECK(slot.fixed->rule == "FREQ=DAILY");
  CHECK(slot.take == Take::multiple);
  CHECK(slot.count == 2);
}

TEST_CASE("a time that is over today is tomorrow's; a list of a new name is made") {
  const Kitchen kitchen;
  const Channel out = kitchen.must(schedule_words, {{"list", "News of the day"}, {"at", "08:00"}});
  CHECK(format_day(out.slots.back().fixed->first) == "2026-11-03");
  CHECK(out.slots.back().take == Take::one);
  CHECK(out.lists.back().name == "News of the day");
  CHECK(out.slots.back().list == out.lists.back().id);
}

TEST_CASE("what floats stands before what never ends, else nobody would see it") {
  const Kitchen kitchen;
  const Channel out = kitchen.must(schedule_words, {{"list", "clips"}, {"take", "one"}});
  CHECK(out.slots.front().list == "clips");
  CHECK(out.slots.back().id == "always");
}

TEST_CASE("reruns and follow-ups name a slot") {
  const Kitchen kitchen;
  const Channel out = kitchen.must(schedule_words, {{"reruns", "always"}, {"at", "23:00"}});
  CHECK(out.slots.back().link == Link::reruns);
  CHECK(out.slots.back().linked == "always");
  CHECK_FALSE(kitchen.say(schedule_words, {{"reruns", "always"}, {"list", "films"}}));
  CHECK_FALSE(kitchen.say(schedule_words, {{"reruns", "nobody"}}));
  CHECK_FALSE(kitchen.say(schedule_words, Json::object()));
}

TEST_CASE("fillers take their place, one of each") {
  const Kitchen kitchen;
  Channel out = kitchen.must(fill_words, {{"place", "tail"}, {"list", "clips"}});
  REQUIRE(out.fillers.size() == 1);
  CHECK(out.usual_fillers == std::vector<std::string>{out.fillers[0].id});
  CHECK(out.fillers[0].amount == Amount::all);
  Kitchen again;
  again.channel = out;
  out = again.must(fill_words, {{"place", "tail"}, {"list", "clips"}, {"pad", 30}});
  CHECK(out.usual_fillers == std::vector<std::string>{out.fillers[1].id});
  out = again.must(fill_words,
                   {{"place", "pre"}, {"list", "clips"}, {"count", 2}, {"slot", "always"}});
  CHECK(out.find_slot("always")->fillers->size() == 2);
  CHECK_FALSE(kitchen.say(fill_words, {{"place", "nowhere"}, {"list", "clips"}}));
  CHECK_FALSE(
      kitchen.say(fill_words, {{"place", "pre"}, {"list", "clips"}, {"count", 2}, {"pad", 5}}));
}

TEST_CASE("moving, removing, repeating, skipping") {
  const Kitchen kitchen;
  CHECK(kitchen.must(move_words, {{"what", "B"}, {"before", "A"}}).lists[0].items[0].id == "B");
  CHECK(kitchen.must(move_words, {{"what", "A"}, {"list", "clips"}}).lists[1].items[0].id == "A");
  CHECK(kitchen.must(remove_words, {{"what", "A"}}).lists[0].items.size() == 1);
  CHECK(kitchen.must(remove_words, {{"what", "clips"}}).lists.size() == 1);
  CHECK(kitchen.must(remove_words, {{"what", "always"}}).slots.empty());
  CHECK(kitchen.say(remove_words, {{"what", "films"}}).error().code == Code::usage);
  CHECK(kitchen.say(remove_words, {{"what", "nothing"}}).error().code == Code::not_found);
  CHECK(kitchen.say(repeat_words, {{"slot", "always"}, {"repeat", "daily"}}).error().code ==
        Code::usage);
  Kitchen fixed_one;
  fixed_one.channel.slots.push_back(fixed("news", "clips", "20:00", "2026-11-02", ""));
  CHECK(fixed_one.must(repeat_words, {{"slot", "news"}, {"repeat", "weekends"}})
            .slots.back()
            .fixed->rule == "FREQ=WEEKLY;BYDAY=SA,SU");
  CHECK(fixed_one.must(skip_words, {{"slot", "news"}, {"day", "2026-12-24"}})
            .slots.back()
            .fixed->except.size() == 1);
  CHECK_FALSE(fixed_one.say(skip_words, {{"slot", "news"}, {"day", "Christmas"}}));
}

TEST_CASE("setting things") {
  const Kitchen kitchen;
  const auto set = [&](const char* key, const char* value) {
    return kitchen.say(set_words, {{"key", key}, {"value", value}});
  };
  CHECK(set("name", "Late night")->name == "Late night");
  CHECK(set("number", "12")->number == 12);
  CHECK(set("colour", "#102030")->colour == 0x102030);
  CHECK(set("max-lateness", "10m")->max_lateness_ms == 10 * minute_ms);
  CHECK(set("watermark", "bottom-left")->watermark->corner == Corner::bottom_left);
  CHECK(set("budget-month", "20.00 EUR")->budget == Budget{2'000, 2'000, "EUR"});
  CHECK(set("budget-title", "3.00 EUR")->budget == Budget{300, 300, "EUR"});
  CHECK(set("budget-title", "none")->budget == Budget{});
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, const char*>>{{"number", "0"},
                                                        {"number", "x"},
                                                        {"colour", "blue"},
                                                        {"budget-month", "-1.00 EUR"},
                                                        {"watermark", "middle"},
                                                        {"id", "c2"},
                                                        {"max-lateness", "soon"}})
    CHECK_MESSAGE(!set(key, value), key);
  const Channel slot =
      kitchen.must(set_words, {{"key", "take"}, {"value", "one"}, {"slot", "always"}});
  CHECK(slot.slots[0].take == Take::one);
  const Channel item = kitchen.must(set_words, {{"key", "length"}, {"value", "2h"}, {"item", "A"}});
  CHECK(item.lists[0].items[0].length_ms == 2 * hour_ms);
  const Channel named = kitchen.must(set_words, {{"key", "name"}, {"value", "7"}, {"item", "A"}});
  CHECK(named.lists[0].items[0].name == "7");
  CHECK_FALSE(kitchen.say(set_words, {{"key", "id"}, {"value", "Z"}, {"item", "A"}}));
}

TEST_CASE("changes as a list of JSON") {
  const Kitchen kitchen;
  const KnownMedia media;
  const auto after = [&](const Json& list) -> Result<Channel> {
    const auto changes = changes_from_json(list, media);
    if (!changes) return pass_on(changes.error());
    return edited(Timeline::make(kitchen.channel, kitchen.berlin).value(), 1, kitchen.now,
                  *changes);
  };
  const Json list = Json::parse(R"([
    {"change":"add_list","list":{"id":"x","order":"shuffle"}},
    {"change":"add_items","list":"x","items":[{"kind":"page","text":"Hello","length_ms":5000}]},
    {"change":"add_slot","slot":{"list":"x","at":"21:00","first":"2026-11-05"},"before":"always"},
    {"change":"set_channel","members":{"name":"Five"}},
    {"change":"move_item","item":"A","list":"films","before":""},
    {"change":"remove_item","item":"B"}])");
  const auto changed = after(list);
  REQUIRE_MESSAGE(changed, changed.error().sentence);
  CHECK(changed->name == "Five");
  CHECK(changed->find_list("x")->items[0].text == "Hello");
  CHECK(changed->slots[0].list == "x");
  CHECK(changed->find_list("films")->items.size() == 1);
  for (const char* bad :
       {"[]", "[1]", R"([{"change":"explode"}])", R"([{"list":"x"}])", R"([{"change":"add_slot"}])",
        R"([{"change":"add_items","list":"films","items":[1]}])",
        R"([{"change":"skip_day","slot":"always","day":"x"}])",
        R"([{"change":"set_channel","members":{"id":"other"}}])",
        R"([{"change":"set_channel","members":7}])"})
    CHECK_MESSAGE(!after(Json::parse(bad)), bad);
}
