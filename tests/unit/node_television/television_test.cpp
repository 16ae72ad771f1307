// The room of the channels: what is stored, what survives, what is refused.
#include "node/television/television.h"

#include <doctest/doctest.h>

#include "node/television/channel_file.h"
#include "node/television/gift_places.h"
#include "tests/support/channel_world.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

/// A home whose library is a table, and whose clock stands.
struct House {
  net::Loop loop;
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  std::map<std::string, node::KnownMedia> library;
  std::vector<std::string> remembered;
  UtcMs now = local(test::zone("Europe/Berlin"), "2026-11-02 18:00");
  std::unique_ptr<Television> television = open();

  std::unique_ptr<Television> open() {
    auto out = std::make_unique<Television>(
        loop, Television::Rooms{
                  records,
                  [this](const std::string& media, const node::KnownMedia*) {
                    const auto found = library.find(media);
                    return found == library.end() ? std::nullopt : std::optional(found->second);
                  },
                  [this] { return now; },
                  [this](store::Batch&, const std::string& jws) { remembered.push_back(jws); }});
    const auto loaded = out->load();
    REQUIRE_MESSAGE(loaded, loaded.error().sentence);
    return out;
  }
  void restart() { television = open(); }
  void have(const std::string& id, std::int64_t minutes, Here here = Here::whole) {
    node::KnownMedia media;
    media.facts.name = "The " + id;
    media.facts.length_ms = minutes * minute_ms;
    media.title = id;
    media.here = here;
    library[id] = media;
  }
  /// A channel with films of an hour, for ever.
  std::string make(std::int32_t number = 4) {
    Channel one = television->fresh(number, "Evening", "Europe/Berlin").value();
    one.lists = {list("main", {title("A", 60), title("B", 60)})};
    one.slots = {floating("always", "main")};
    for (const char* id : {"A", "B"}) have(id, 60);
    const std::string id = one.id;
    const auto begun = television->begin(one, "create", {});
    REQUIRE_MESSAGE(begun, begun.error().sentence);
    return id;
  }
  Result<void> edit(const std::string& id, std::vector<Change> changes, std::int64_t expected = 0) {
    Television::Edit edit;
    edit.channel = id;
    edit.expected_version = expected;
    edit.what = "edit";
    edit.changes = std::move(changes);
    auto after = television->tried(edit);
    if (!after) return pass_on(after.error());
    return television->keep(edit, std::move(*after));
  }
  Result<void> undo(const std::string& id) {
    Television::Edit edit;
    edit.channel = id;
    edit.what = "undo";
    edit.restores = undo_target(television->versions(id).value());
    auto after = television->tried(edit);
    if (!after) return pass_on(after.error());
    return television->keep(edit, std::move(*after));
  }
  std::vector<std::string> items(const std::string& id) const {
    std::vector<std::string> out;
    for (const channels::Item& one : television->by_id(id)->channel().lists.front().items)
      out.push_back(one.id);
    return out;
  }
  std::string on(const std::string& id, UtcMs at) const {
    const auto shown = television->entries(id, at, at + 1);
    const channels::Item* item = item_of(shown.at(0).of->channel(), shown.at(0).entry.shows);
    return item == nullptr ? "-" : item->id;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a channel survives a restart, with what it was before") {
  House house;
  const std::string id = house.make();
  const UtcMs before = house.now + 10 * minute_ms;
  house.now += 2 * hour_ms + 20 * minute_ms;
  REQUIRE(house.edit(id, {remove_item("A")}));
  CHECK(house.on(id, before) == "A");
  house.restart();
  CHECK(house.items(id) == Ids{"B"});
  CHECK(house.television->by_id(id)->channel().version == 2);
  CHECK(house.on(id, before) == "A");
  CHECK(house.on(id, house.now - minute_ms) == "A");
  CHECK(house.on(id, house.now + minute_ms) == "B");
  CHECK(house.television->versions(id)->size() == 2);
}

TEST_CASE("found by number, id and name; numbers are one channel's") {
  House house;
  const std::string id = house.make(4);
  CHECK((*house.television->find("4"))->channel().id == id);
  CHECK((*house.television->find("Evening"))->channel().id == id);
  CHECK((*house.television->find(id))->channel().id == id);
  CHECK(house.television->find("5").error().code == Code::not_found);
  CHECK(house.television->fresh(4, "Other", "UTC").error().code == Code::usage);
  CHECK(house.television->fresh(0, "Other", "UTC").error().code == Code::usage);
  CHECK_FALSE(house.television->fresh(5, "Other", "Nowhere/Land"));
  const std::string other = house.make(5);
  CHECK(house.edit(other, {set_channel({{"number", 4}})}).error().code == Code::usage);
  REQUIRE(house.edit(other, {set_channel({{"number", 2}})}));
  CHECK(house.television->timelines().front()->channel().id == other);
  CHECK(house.television->free_number() == 1);
}

TEST_CASE("an edit of another version is refused, and nothing is stored") {
  House house;
  const std::string id = house.make();
  REQUIRE(house.edit(id, {remove_item("A")}, 1));
  const auto refused = house.edit(id, {remove_item("B")}, 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::changed_meanwhile);
  CHECK(house.items(id) == Ids{"B"});
  SUBCASE("also when two were tried at the same time") {
    Television::Edit edit;
    edit.channel = id;
    edit.changes = {set_channel({{"name", "One"}})};
    auto first = house.television->tried(edit);
    auto second = house.television->tried(edit);
    REQUIRE(first);
    REQUIRE(second);
    REQUIRE(house.television->keep(edit, *first));
    CHECK(house.television->keep(edit, *second).error().code == Code::changed_meanwhile);
  }
  SUBCASE("deleting as well") {
    CHECK(house.television->remove(id, 1).error().code == Code::changed_meanwhile);
    REQUIRE(house.television->remove(id, 2));
    CHECK(house.television->by_id(id) == nullptr);
    house.restart();
    CHECK(house.television->timelines().empty());
  }
}

TEST_CASE("trying changes nothing, and tells what would be on instead") {
  House house;
  const std::string id = house.make();
  Television::Edit edit;
  edit.channel = id;
  edit.changes = {remove_item("B")};
  const auto after = house.television->tried(edit);
  REQUIRE(after);
  const DryRun compared = house.television->compared(*after);
  CHECK_FALSE(compared.gone.empty());
  CHECK_FALSE(compared.fresh.empty());
  CHECK(house.items(id) == Ids{"A", "B"});
  house.restart();
  CHECK(house.items(id) == Ids{"A", "B"});
}

TEST_CASE("undo, and undo again") {
  House house;
  const std::string id = house.make();
  REQUIRE(house.edit(id, {remove_item("A")}));
  REQUIRE(house.edit(id, {add_items("main", {title("C", 30)}, "", house.television->media(id))}));
  CHECK(house.items(id) == Ids{"B", "C"});
  REQUIRE(house.undo(id));
  CHECK(house.items(id) == Ids{"B"});
  house.restart();
  REQUIRE(house.undo(id));
  CHECK(house.items(id) == Ids{"A", "B"});
  CHECK(house.television->by_id(id)->channel().version == 5);
  CHECK(undo_target(*house.television->versions(id)) == 0);
}

TEST_CASE("old versions go, those of the last days stay") {
  House house;
  const std::string id = house.make();
  for (int i = 0; i < 60; ++i) {
    house.now += day_ms;
    REQUIRE(house.edit(id, {set_channel({{"name", "Day " + std::to_string(i)}})}));
  }
  CHECK(house.television->versions(id)->size() == undo_versions);
  std::size_t stored = 0;
  REQUIRE(house.records.scan(version_prefix, [&](std::string_view, ByteView) -> Result<void> {
    ++stored;
    return {};
  }));
  CHECK(stored == undo_versions);
  CHECK(house.television->version(id, 3).error().code == Code::not_found);
}

TEST_CASE("a damaged version stops the start with a sentence") {
  House house;
  const std::string id = house.make();
  store::Batch batch;
  put(batch, version_key(id, 1), as_bytes("nonsense"));
  REQUIRE(house.records.commit(batch));
  Television again(house.loop, {house.records,
                                [](const std::string&, const node::KnownMedia*) {
                                  return std::optional<node::KnownMedia>();
                                },
                                [] { return UtcMs{0}; }, [](store::Batch&, const std::string&) {}});
  CHECK(again.load().error().code == Code::corrupt);
}

TEST_CASE("what is added to an empty channel begins at once, not when the emptiness began") {
  House house;
  Channel one = house.television->fresh(7, "New", "Europe/Berlin").value();
  one.lists = {list("main", {})};
  one.slots = {floating("always", "main")};
  REQUIRE(house.television->begin(one, "create", {}));
  house.now += 37 * minute_ms;
  house.have("A", 60);
  REQUIRE(house.edit(one.id,
                     {add_items("main", {title("A", 60)}, "", house.television->media(one.id))}));
  const auto on = house.television->entries(one.id, house.now, house.now + 1);
  CHECK(on.front().entry.start == house.now);
  CHECK(on.front().entry.offset_ms == 0);
}

TEST_CASE("10,000 items are a channel as any other") {
  House house;
  const std::string id = house.make();
  std::vector<channels::Item> many;
  for (int i = 0; i < 9'998; ++i) many.push_back(title("t" + std::to_string(i), 5));
  REQUIRE(house.edit(id, {add_items("main", many, "", house.television->media(id))}));
  CHECK(house.edit(id, {add_items("main", {title("more", 5)}, "", house.television->media(id))})
            .error()
            .code == Code::usage);
  house.restart();
  CHECK(house.items(id).size() == 10'000);
  CHECK_FALSE(house.television->entries(id, house.now, house.now + day_ms).empty());
}

TEST_CASE("what was late stays late, after a restart too") {
  House house;
  const std::string id = house.make();
  house.have("A", 60, Here::coming);
  house.television->media().refresh();
  const UtcMs start = house.television->entries(id, house.now, house.now + 1).front().entry.airing;
  CHECK(house.television->media().note_late("A", start).value());
  CHECK_FALSE(house.television->media().note_late("A", start).value());
  house.have("A", 60, Here::whole);
  house.restart();
  const channels::Item a = title("A", 60);
  const auto& media = house.television->media(id);
  CHECK(media.at(a, start) == Availability::late);
  CHECK(media.at(a, start + 2 * hour_ms) == Availability::ready);
  house.now += 9 * day_ms;
  REQUIRE(house.television->media().forget_old());
  CHECK(media.at(a, start) == Availability::ready);
}

TEST_CASE("only so many late airings are remembered, the last ones") {
  House house;
  for (std::size_t i = 0; i <= max_late; ++i)
    REQUIRE(house.television->media().note_late("A", house.now + static_cast<UtcMs>(i)));
  house.restart();
  house.have("A", 60);
  const auto& media = house.television->media("c1");
  CHECK(media.at(title("A", 60), house.now) == Availability::ready);
  CHECK(media.at(title("A", 60), house.now + 1) == Availability::late);
}

TEST_CASE("an offer that one channel may not buy is late there alone") {
  House house;
  house.have("O", 60, Here::for_sale);
  house.television->media().set_refused("c1", {"O"});
  channels::Item offer = title("O", 60);
  offer.kind = ItemKind::offer;
  CHECK(house.television->media("c1").at(offer, house.now + hour_ms) == Availability::late);
  CHECK(house.television->media("c2").at(offer, house.now + hour_ms) == Availability::known);
  CHECK(house.television->media("c2").at(title("nobody", 1), house.now) == Availability::missing);
}

TEST_CASE("the owner is told once of each trouble") {
  House house;
  const std::string id = house.make();
  CHECK(house.television->note({id, "A", "The A", "broken", 1}));
  CHECK_FALSE(house.television->note({id, "A", "The A", "broken", 2}));
  CHECK(house.television->note({id, "A", "The A", "gone", 3}));
  CHECK(house.television->troubles(id).size() == 1);
  house.restart();
  REQUIRE(house.television->troubles(id).size() == 1);
  CHECK(house.television->troubles(id).front().sentence == "gone");
  house.television->settle(id, "A");
  CHECK(house.television->troubles(id).empty());
  house.restart();
  CHECK(house.television->troubles(id).empty());
}

TEST_CASE("troubles are kept until they are over, and only so many") {
  House house;
  const std::string id = house.make();
  for (std::size_t i = 0; i <= max_troubles; ++i)
    house.television->note({id, "m" + std::to_string(i), "M", "broken", static_cast<UtcMs>(i)});
  house.restart();
  REQUIRE(house.television->troubles().size() == max_troubles);
  CHECK(house.television->troubles().front().media == "m1");
  house.television->note({id, "A", "A", "broken", 999});
  REQUIRE(house.edit(id, {remove_item("A")}));  // what is gone from the channel is no trouble
  CHECK(house.television->troubles().empty());
  house.television->note({id, "B", "B", "broken", 1'000});
  REQUIRE(house.edit(id, {set_channel({{"name", "Other"}})}));
  CHECK(house.television->troubles().size() == 1);
  REQUIRE(house.television->remove(id, 0));
  house.restart();
  CHECK(house.television->troubles().empty());
}

// Gifts.

TEST_CASE("a gift is put where its giver wished it") {
  House house;
  const std::string id = house.make();
  house.have("G", 90);
  const Timeline& timeline = *house.television->by_id(id);
  const auto& media = house.television->media(id);
  const channels::Zone berlin = test::zone("Europe/Berlin");
  const UtcMs at = local(berlin, "2026-11-03 20:15");
  REQUIRE(house.edit(
      id, placed(timeline.channel(), timeline.zone(), "G", "For you", at, house.now, media)));
  CHECK(house.on(id, at) != "A");
  const auto shown = house.television->entries(id, at, at + 1).front();
  CHECK(item_of(shown.of->channel(), shown.entry.shows)->media == "G");
  CHECK(shown.entry.start == at);
  SUBCASE("a time that is over is the next day's") {
    const Timeline& now = *house.television->by_id(id);
    const UtcMs over = local(berlin, "2026-10-01 09:00");
    REQUIRE(
        house.edit(id, placed(now.channel(), now.zone(), "G", "For you", over, house.now, media)));
    const UtcMs next = local(berlin, "2026-11-03 09:00");
    const auto there = house.television->entries(id, next, next + 1).front();
    CHECK(item_of(there.of->channel(), there.entry.shows)->media == "G");
  }
  SUBCASE("without a time it comes after what is there") {
    const Timeline& now = *house.television->by_id(id);
    REQUIRE(house.edit(id, placed(now.channel(), now.zone(), "G", "For you", 0, house.now, media)));
    CHECK(house.items(id).size() == 3);
  }
}

// Files.

TEST_CASE("a channel as a file") {
  House house;
  const std::string id = house.make();
  REQUIRE(house.edit(
      id, {set_channel({{"budget", {{"title", 100}, {"month", 200}, {"currency", "EUR"}}}})}));
  const auto key = crypto::SignKey::from_seed(seed_of(3));
  const wire::Offer offer = offer_of("film", 350);
  const OfferOf offer_of_a = [&](const std::string& media) {
    return media == "A" ? std::optional(offer.jws) : std::nullopt;
  };
  const auto text =
      write_channel_file(house.television->by_id(id)->channel(), offer_of_a, key, house.now);
  REQUIRE(text);
  const auto read = read_channel_file(*text);
  REQUIRE_MESSAGE(read, read.error().sentence);
  CHECK(read->from.key == key.public_key());
  CHECK(read->channel.name == "Evening");
  CHECK(read->channel.budget == Budget{});
  CHECK(read->channel.lists[0].items[0].kind == ItemKind::offer);
  CHECK(read->channel.lists[0].items[0].media == to_hex(offer.id));
  CHECK(read->channel.lists[0].items[1].kind == ItemKind::title);
  REQUIRE(read->offers.size() == 1);
  CHECK(read->offers[0].id == offer.id);
  for (std::size_t at = 0; at < text->size(); at += 97) {
    std::string changed = *text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE(read_channel_file(changed));
  }
  CHECK_FALSE(read_channel_file(text->substr(0, text->size() - 1)));
  CHECK_FALSE(read_channel_file(offer.jws));
  CHECK_FALSE(read_channel_file(""));
}
