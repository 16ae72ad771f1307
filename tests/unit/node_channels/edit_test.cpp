// Changing a channel, step by step: what the next version says, and that the list goes on.
#include "node/channels/edit.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

using Lines = std::vector<std::string>;

Channel films() {
  Channel out = channel("Europe/Berlin", "2026-11-02");
  out.lists = {list("l1", {title("A", 60), title("B", 60), title("C", 60), title("D", 60)})};
  out.slots = {floating("s1", "l1")};
  return out;
}

Timeline timeline_of(const Channel& channel) {
  return Timeline::make(channel, zone(channel.zone)).value();
}

Lines on(const Channel& channel, const std::string& from, const std::string& to) {
  const Timeline timeline = timeline_of(channel);
  return lines(timeline,
               timeline.planned(local(timeline.zone(), from), local(timeline.zone(), to)));
}

UtcMs at(const std::string& text) {
  return local(zone("Europe/Berlin"), text);
}

Channel must(Result<Channel> result) {
  REQUIRE_MESSAGE(result, result.error().sentence);
  return *result;
}

}  // namespace

TEST_CASE("a channel from nothing") {
  KnownMedia media;
  media.facts["film"] = {"A Film", wire::Kind::video, 5'400'000, 0, "", {}};
  Channel one = new_channel("c1", 5, "Five", "Europe/Berlin", 1, at("2026-11-02 18:00"));
  Item film;
  film.media = "film";
  one = must(edited(timeline_of(one), 1, at("2026-11-02 18:00"),
                    {add_list({"l1", "Films", Order::sequence, {}}),
                     add_items("l1", {film}, "", media), add_slot(floating("s1", "l1"), "")}));
  CHECK(one.version == 2);
  CHECK(one.lists[0].items[0].name == "A Film");
  CHECK(one.lists[0].items[0].length_ms == 5'400'000);
  CHECK_FALSE(one.lists[0].items[0].id.empty());
  CHECK(on(one, "2026-11-02 18:00", "2026-11-02 19:31").size() == 2);
}

TEST_CASE("another's change in between is a conflict, and changes nothing") {
  const Timeline now = timeline_of(films());
  const auto refused = edited(now, 2, at("2026-11-02 12:00"), {remove_item("A")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::changed_meanwhile);
  CHECK(code_http_status(refused.error().code) == 409);
}

TEST_CASE("the list goes on with what would have come next") {
  const Channel before = films();
  // At 10:30 C is on (10:00 to 11:00), D comes next.
  const UtcMs now = at("2026-11-02 10:30");
  SUBCASE("removing an item that was shown") {
    const Channel after = must(edited(timeline_of(before), 1, now, {remove_item("A")}));
    CHECK(after.since.at == at("2026-11-02 10:00"));
    CHECK(on(after, "2026-11-02 10:00", "2026-11-02 13:01") ==
          Lines{"10:00 C", "11:00 D", "12:00 B", "13:00 C"});
  }
  SUBCASE("removing the one that comes next") {
    const Channel after = must(edited(timeline_of(before), 1, now, {remove_item("D")}));
    CHECK(on(after, "2026-11-02 10:00", "2026-11-02 12:01") ==
          Lines{"10:00 C", "11:00 A", "12:00 B"});
  }
  SUBCASE("putting one in front") {
    const KnownMedia media;
    const Channel after =
        must(edited(timeline_of(before), 1, now, {add_items("l1", {title("X", 60)}, "A", media)}));
    CHECK(on(after, "2026-11-02 10:00", "2026-11-02 13:01") ==
          Lines{"10:00 C", "11:00 D", "12:00 X", "13:00 A"});
  }
  SUBCASE("moving what comes next to the front") {
    const Channel after = must(edited(timeline_of(before), 1, now, {move_item("D", "l1", "A")}));
    CHECK(on(after, "2026-11-02 10:00", "2026-11-02 13:01") ==
          Lines{"10:00 C", "11:00 D", "12:00 A", "13:00 B"});
  }
}

TEST_CASE("undo brings an older version back as the next one") {
  const Channel first = films();
  const Timeline one = timeline_of(first);
  const Channel second = must(edited(one, 1, at("2026-11-02 10:30"), {remove_item("A")}));
  const Channel third = must(restored(timeline_of(second), 2, at("2026-11-02 12:30"), first));
  CHECK(third.version == 3);
  CHECK(third.lists == first.lists);
  CHECK(on(third, "2026-11-02 12:00", "2026-11-02 14:01") ==
        Lines{"12:00 B", "13:00 C", "14:00 D"});
}

TEST_CASE("repeat, skip a day, set") {
  Channel news = films();
  news.lists.push_back(list("l2", {title("N", 15)}));
  news.slots.push_back(fixed("s2", "l2", "20:00", "2026-11-02", ""));
  const auto change = [&](const Change& one) {
    return edited(timeline_of(news), 1, at("2026-11-02 00:00"), {one});
  };
  CHECK(must(change(repeat_slot("s2", "FREQ=DAILY"))).slots[1].fixed->rule == "FREQ=DAILY");
  CHECK(change(repeat_slot("s2", "FREQ=NEVER")).error().code == Code::usage);
  CHECK(change(repeat_slot("s1", "FREQ=DAILY")).error().sentence.find("floats") !=
        std::string::npos);
  const Channel skipped = must(change(skip_day("s2", parse_day("2026-11-02").value())));
  CHECK(on(skipped, "2026-11-02 20:00", "2026-11-02 20:01") == Lines{"20:00 A"});
  const Channel set = must(change(set_slot("s2", {{"at", "21:00"}, {"rank", 3}})));
  CHECK(set.slots[1].fixed->at_ms == 21 * hour_ms);
  CHECK(set.slots[1].rank == 3);
  CHECK_FALSE(must(change(set_slot("s2", {{"at", nullptr}}))).slots[1].fixed);
  CHECK(must(change(set_channel({{"name", "Other"}, {"colour", "#000000"}}))).name == "Other");
  CHECK(change(set_channel({{"version", 9}})).error().code == Code::usage);
  CHECK(change(set_slot("s2", {{"id", "s9"}})).error().code == Code::usage);
}

TEST_CASE("what is used stays, what is not there is said") {
  const Timeline now = timeline_of(films());
  const auto change = [&](const Change& one) {
    return edited(now, 1, at("2026-11-02 12:00"), {one});
  };
  CHECK(change(remove_list("l1")).error().sentence.find("in use") != std::string::npos);
  for (const Change& one :
       {remove_item("Z"), move_item("Z", "l1", ""), move_item("A", "l9", ""), remove_slot("s9"),
        move_slot("s9", ""), remove_filler("f9"), remove_list("l9"), skip_day("s9", 0)})
    CHECK(change(one).error().code == Code::not_found);
  Slot rerun = floating("s2", "");
  rerun.link = Link::reruns;
  rerun.linked = "s1";
  const Channel linked = must(change(add_slot(rerun, "s1")));
  CHECK(linked.slots[0].id == "s2");
  CHECK(edited(timeline_of(linked), 2, at("2026-11-02 12:00"), {remove_slot("s1")})
            .error()
            .sentence.find("linked") != std::string::npos);
}

TEST_CASE("several changes are one version, or none") {
  const Timeline now = timeline_of(films());
  const auto half = edited(now, 1, at("2026-11-02 12:00"), {remove_item("A"), remove_item("A")});
  CHECK(half.error().code == Code::not_found);
  CHECK(now.channel() == films());
}

TEST_CASE("a dry run says what people would miss and get") {
  const Timeline now = timeline_of(films());
  const Channel after = must(edited(now, 1, at("2026-11-02 10:30"), {remove_item("D")}));
  const Timeline then = timeline_of(after);
  const KnownMedia media;
  const DryRun dry = dry_run(now, then, media, at("2026-11-02 10:30"), at("2026-11-02 12:30"));
  CHECK(lines_of_guide(now, dry.gone) == Lines{"11:00 D", "12:00 A"});
  CHECK(lines_of_guide(then, dry.fresh) == Lines{"11:00 A", "12:00 B"});
}
