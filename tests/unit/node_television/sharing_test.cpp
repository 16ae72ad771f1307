// A channel between two homes: offered, accepted, followed, asked for, ended.
#include "tests/unit/node_television/two_homes.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;

TEST_CASE("a channel waits for a person, is accepted, follows and ends") {
  Two two;
  two.share();
  CHECK(two.ben.offer().state == InState::waiting);
  CHECK(two.ben.offer().note == "For you");
  CHECK(two.ben.television->timelines().empty());
  CHECK(two.ben.told == std::vector<std::string>{"Anna would like to show you a channel"});
  const std::string id = two.accept().id;
  REQUIRE(two.ben.on(id) != nullptr);
  CHECK(two.ben.on(id)->number == 5);
  CHECK(two.ben.on(id)->name == "Evening");
  CHECK(two.ben.on(id)->since == two.anna.on(two.channel)->since);
  CHECK(two.anna.shared().state == OutState::accepted);
  two.rename("Late evening");
  two.carry();
  CHECK(two.ben.on(id)->name == "Late evening");
  CHECK(two.ben.on(id)->version == 2);
  two.ben.open();
  two.ben.sync();
  CHECK(two.ben.on(id)->version == 2);  // nothing new, no new version
  REQUIRE(two.anna.out->unshare(two.channel, std::nullopt));
  two.carry();
  CHECK(two.ben.on(id) == nullptr);
  CHECK(two.ben.offer().state == InState::ended);
  CHECK(two.ben.told.back() == "Late evening has ended");
  CHECK(two.anna.out->unshare(two.channel, std::nullopt).error().code == Code::not_found);
  two.rename("Again");
  CHECK(two.anna.letters().empty());
}

TEST_CASE("letters that come late, twice or not at all") {
  Two two;
  two.share();
  const std::string id = two.accept().id;
  two.rename("Two");
  const auto second = two.anna.letters();
  two.rename("Three");
  const auto third = two.anna.letters();
  REQUIRE(second.size() == 1);
  REQUIRE(third.size() == 1);
  SUBCASE("the older one comes later") {
    two.ben.take(third.front());
    two.ben.take(second.front());
    CHECK(two.ben.on(id)->name == "Three");
  }
  SUBCASE("twice") {
    two.ben.take(third.front());
    const auto version = two.ben.on(id)->version;
    two.ben.take(third.front());
    CHECK(two.ben.on(id)->version == version);
  }
  SUBCASE("one is lost: the next says all") {
    two.ben.take(third.front());
    CHECK(two.ben.on(id)->name == "Three");
  }
  SUBCASE("after the end") {
    REQUIRE(two.anna.out->unshare(two.channel, std::nullopt));
    two.carry();
    two.ben.take(third.front());
    CHECK(two.ben.on(id) == nullptr);
  }
  SUBCASE("what is still in the outbox when something newer is said is not sent") {
    two.rename("Four");
    two.rename("Five");
    CHECK(two.anna.letters().size() == 1);
  }
}

TEST_CASE("a channel in several parts") {
  Two two;
  std::vector<channels::Item> many;
  for (int i = 0; i < 4'000; ++i) {
    many.push_back(title("t" + std::to_string(i), 5));
    many.back().name = "A film with a long name, number " + std::to_string(i);
    two.anna.given.insert(many.back().media);
  }
  REQUIRE(two.anna.edit(two.channel,
                        {add_items("films", many, "", two.anna.television->media(two.channel))}));
  REQUIRE(two.anna.out->share(two.channel, two.anna.contact("Ben"), {}));
  two.anna.sync();
  auto parts = two.anna.letters();
  REQUIRE(parts.size() > 2);
  std::reverse(parts.begin(), parts.end());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CHECK(two.ben.offer_or_none() == (i == 0 ? "none" : "arriving"));
    two.ben.take(parts[i]);
    two.ben.take(parts[i]);  // each twice
  }
  CHECK(two.ben.offer().state == InState::waiting);
  CHECK(two.ben.offer().items == 4'003);
  std::size_t left = 0;
  REQUIRE(two.ben.records.scan("share/part/", [&](std::string_view, ByteView) -> Result<void> {
    ++left;
    return {};
  }));
  CHECK(left == 0);
  CHECK(two.ben.on(two.accept().id)->lists.front().items.size() == 4'002);
}

TEST_CASE("a part of it is accepted, and another part later") {
  Two two;
  two.share();
  const std::string id = two.accept(only({"films"})).id;
  CHECK(two.ben.on(id)->lists[0].items[0].media == "A");
  CHECK(two.ben.on(id)->lists[1].items[0].media == untaken_media);
  two.rename("Two");
  two.carry();
  CHECK(two.ben.on(id)->name == "Two");
  CHECK(two.ben.on(id)->lists[1].items[0].media == untaken_media);
  CHECK(two.ben.in->chosen(id, only({"nothing"})).error().code == Code::not_found);
  auto all = two.ben.in->chosen(id, only({}));
  REQUIRE(all);
  REQUIRE(two.ben.in->accept(std::move(*all)));
  CHECK(two.ben.on(id)->lists[1].items[0].media == "K");
}

TEST_CASE("number and budget are the receiver's, everything else its home's") {
  Two two;
  two.ben.make(5, "Mine");
  two.share();
  CHECK(two.ben.in->chosen(two.ben.offer().id, under(5)).error().code == Code::usage);
  const std::string id = two.accept().id;
  CHECK(two.ben.on(id)->number == 1);
  CHECK(two.ben.edit(id, {set_channel({{"name", "Mine"}})}).error().code == Code::not_allowed);
  CHECK(two.ben.edit(id, {remove_item("A")}).error().code == Code::not_allowed);
  const wire::Json budget = {{"title", 300}, {"month", 900}, {"currency", "EUR"}};
  REQUIRE(two.ben.edit(id, {set_channel({{"number", 8}, {"budget", budget}})}));
  two.rename("Two");
  two.carry();
  CHECK(two.ben.on(id)->name == "Two");
  CHECK(two.ben.on(id)->number == 8);
  CHECK(two.ben.on(id)->budget == Budget{300, 900, "EUR"});
  CHECK(two.ben.out->share(id, two.ben.contact("Anna"), {}).error().code == Code::not_allowed);
}

TEST_CASE("declined, left, and asked for again") {
  Two two;
  two.share();
  REQUIRE(two.ben.in->decline(two.ben.offer().id, "Not for us"));
  two.carry();
  CHECK(two.anna.shared().state == OutState::declined);
  CHECK(two.anna.shared().reason == "Not for us");
  two.rename("Two");
  CHECK(two.anna.letters().empty());
  CHECK(two.ben.in->decline(two.ben.offer().id, {}).error().code == Code::changed_meanwhile);
  // Ben asks; Anna's people say yes; it is on without another word.
  REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "Two", "Please"));
  two.carry();
  REQUIRE(two.anna.out->wishes()->size() == 1);
  CHECK(two.anna.out->wishes()->front().note == "Please");
  two.share();
  CHECK(two.anna.out->wishes()->empty());
  CHECK(two.ben.in->wishes()->empty());
  REQUIRE(two.ben.television->timelines().size() == 1);
  const std::string id = two.ben.television->timelines().front()->channel().id;
  REQUIRE(two.ben.in->decline(id, {}));
  two.carry();
  CHECK(two.ben.on(id) == nullptr);
  bool left = false;
  for (const SharedOut& one : two.anna.out->list().value())
    left = left || one.state == OutState::left;
  CHECK(left);
}

TEST_CASE("an open channel is given to contacts who ask, and again to one who lost it") {
  Two two;
  REQUIRE(two.anna.out->set_open(two.channel, true));
  REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "5", {}));
  two.carry();
  two.carry();
  REQUIRE(two.ben.television->timelines().size() == 1);
  CHECK(two.anna.shared().state == OutState::accepted);
  // Ben's home comes back from its seed line: contacts, and nothing else.
  const auto mine = two.ben.offer();
  store::Batch lost;
  erase(lost, key_of(mine));
  REQUIRE(two.ben.television->remove(mine.id, 0));
  REQUIRE(two.ben.records.commit(lost));
  two.ben.open();
  REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "5", {}));
  two.carry();
  REQUIRE(two.ben.television->timelines().size() == 1);
  CHECK(two.anna.out->list()->size() == 1);
  SUBCASE("one that is not open waits, and can be refused") {
    const std::string other = two.anna.make(6, "Private");
    REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "Private", {}));
    two.carry();
    REQUIRE(two.anna.out->wishes()->size() == 1);
    REQUIRE(two.anna.out->refuse(two.anna.out->wishes()->front().id, "No"));
    two.carry();
    CHECK(two.ben.in->wishes()->empty());
    CHECK(two.ben.told.back() == "Anna does not share Private");
  }
}
