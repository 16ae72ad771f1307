// Who may show a channel, what a hostile contact can do, and what is over.
#include "tests/unit/node_television/two_homes.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;

TEST_CASE("who may show a channel") {
  Two two;
  SUBCASE("nobody, when nobody may push") {
    two.ben.rules.pushers = Pushers::nobody;
    two.share();
    CHECK(two.ben.offer().state == InState::declined);
    CHECK(two.anna.shared().state == OutState::declined);
    CHECK(two.anna.shared().reason == "This home takes no channels at the moment.");
  }
  SUBCASE("a muted contact, quietly") {
    REQUIRE(two.ben.contacts.mute("Anna", true));
    two.share();
    CHECK(two.ben.offer().quiet);
    REQUIRE(two.anna.out->unshare(two.channel, {}));
    two.carry();
    CHECK(two.ben.offer().state == InState::ended);
    CHECK(two.ben.told.empty());
  }
  SUBCASE("nor does its wish, or its word, disturb") {
    REQUIRE(two.ben.contacts.mute("Anna", true));
    const std::string mine = two.ben.make(9, "Mine");
    REQUIRE(two.anna.in->ask(two.anna.contact("Ben"), "Mine", {}));
    two.carry();
    CHECK(two.ben.out->wishes()->size() == 1);
    REQUIRE(two.ben.out->share(mine, two.ben.contact("Anna"), {}));
    two.ben.sync();
    two.carry();
    CHECK(two.ben.shared().state == OutState::accepted);
    CHECK(two.ben.told.empty());
  }
  SUBCASE("not a blocked one, and what it showed is over") {
    two.share();
    const std::string id = two.accept().id;
    REQUIRE(two.ben.contacts.block("Anna", ++clock_ms));
    two.ben.sync();
    CHECK(two.ben.on(id) == nullptr);
    two.rename("Two");
    for (const Bytes& letter : two.anna.letters()) two.ben.take(letter);
    CHECK(two.ben.on(id) == nullptr);
  }
  SUBCASE("one whom the sender blocks is told that it has ended") {
    two.share();
    const std::string id = two.accept().id;
    REQUIRE(two.anna.contacts.block("Ben", ++clock_ms));
    two.anna.sync();
    two.carry();
    CHECK(two.ben.on(id) == nullptr);
  }
}

TEST_CASE("a hostile contact") {
  Two two;
  two.share();
  const SharedIn offered = two.ben.offer();
  SUBCASE("cannot put its channel over one of this home's own") {
    const std::string mine = two.ben.make(9, "Mine");
    wire::ChannelShare letter;
    letter.id = share_id(mine).value();
    letter.to = two.ben.keys.address();
    letter.revision = letter.sent_ms = ++clock_ms;
    letter.name = "Yours";
    letter.text = "abc";
    two.ben.take(wire::seal_channel_share(letter, two.anna.keys.identity(),
                                          two.ben.keys.encryption().public_key())
                     .value());
    CHECK(two.ben.in->list()->size() == 1);
    CHECK(two.ben.on(mine)->name == "Mine");
  }
  SUBCASE("cannot send what is no channel file, or another home's") {
    const auto stranger = crypto::SignKey::from_seed(seed_of(44));
    const auto foreign =
        sign_channel_file(*two.anna.on(two.channel), {}, stranger, clock_ms).value();
    for (const std::string& text : {std::string("abc"), foreign}) {
      wire::ChannelShare letter;
      letter.id = share_id(offered.id).value();
      letter.to = two.ben.keys.address();
      letter.revision = letter.sent_ms = ++clock_ms;
      letter.name = "Worse";
      letter.text = text;
      two.ben.take(wire::seal_channel_share(letter, two.anna.keys.identity(),
                                            two.ben.keys.encryption().public_key())
                       .value());
    }
    CHECK(two.ben.offer().revision == offered.revision);
    CHECK(two.ben.on(two.accept().id)->name == "Evening");
  }
  SUBCASE("cannot end what another home shows") {
    SharingHouse carl{3, "Carl"};
    wire::ChannelShare letter;
    letter.id = share_id(offered.id).value();
    letter.to = two.ben.keys.address();
    letter.state = wire::ChannelShare::State::ended;
    letter.revision = letter.sent_ms = ++clock_ms;
    two.ben.take(wire::seal_channel_share(letter, carl.keys.identity(),
                                          two.ben.keys.encryption().public_key())
                     .value());
    CHECK(two.ben.offer().state == InState::waiting);
  }
  SUBCASE("cannot fill this home with offers") {
    for (int i = 0; i < 150; ++i) {
      wire::ChannelShare letter;
      letter.id = crypto::random_array<16>();
      letter.to = two.ben.keys.address();
      letter.revision = letter.sent_ms = ++clock_ms;
      letter.name = "More";
      letter.parts = 2;
      letter.text = "abc";
      two.ben.take(wire::seal_channel_share(letter, two.anna.keys.identity(),
                                            two.ben.keys.encryption().public_key())
                       .value());
    }
    CHECK(two.ben.in->list()->size() == 100);
    // What never came whole is forgotten as well.
    clock_ms += 41 * day_ms;
    two.ben.sync();
    CHECK(two.ben.in->list()->size() == 1);
  }
  SUBCASE("cannot fill this home with what it asked for and left") {
    REQUIRE(two.anna.out->set_open(two.channel, true));
    two.accept();
    for (int i = 0; i < 105; ++i) {
      for (const SharedIn& one : two.ben.in->list().value()) {
        if (one.state == InState::accepted) REQUIRE(two.ben.in->decline(one.id, {}));
      }
      two.carry();
      REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "5", {}));
      two.carry();
    }
    CHECK(two.anna.out->list()->size() == 100);
  }
  SUBCASE("asks once, and is heard once") {
    for (int i = 0; i < 3; ++i) {
      REQUIRE(two.ben.in->ask(two.ben.contact("Anna"), "Mine", {}));
      two.carry();
    }
    CHECK(two.anna.out->wishes()->size() == 1);
    CHECK(std::count(two.anna.told.begin(), two.anna.told.end(),
                     "Ben would like to see your channel Mine") == 1);
    clock_ms += 41 * day_ms;
    two.anna.sync();
    two.ben.sync();
    CHECK(two.anna.out->wishes()->empty());
    CHECK(two.ben.in->wishes()->empty());
  }
}

TEST_CASE("a channel that its home has ended is nobody's own until it is off the air") {
  Two two;
  two.share();
  const std::string id = two.accept().id;
  CHECK(two.ben.in->may_buy(id).has_value());
  CHECK(two.ben.out->set_open(id, true).error().code == Code::not_allowed);
  REQUIRE(two.anna.out->unshare(two.channel, {}));
  for (const Bytes& letter : two.anna.letters()) {
    const auto drop =
        wire::open_drop(letter, two.ben.keys.encryption(), two.ben.keys.address()).value();
    store::Batch batch;
    REQUIRE(two.ben.in->take(batch, drop.from, *drop.share));
    REQUIRE(two.ben.records.commit(batch));
  }
  REQUIRE(two.ben.on(id) != nullptr);
  CHECK(two.ben.in->may_buy(id).error().code == Code::rule_refused);
  CHECK(two.ben.out->share(id, two.ben.contact("Anna"), {}).error().code == Code::not_allowed);
  two.ben.sync();
  CHECK(two.ben.on(id) == nullptr);
  CHECK(two.ben.in->may_buy(two.ben.make(9, "Mine")).has_value());
}

TEST_CASE("what other homes may have changes what they get") {
  Two two;
  two.anna.given.clear();
  two.share();
  const std::string id = two.accept().id;
  CHECK(two.ben.on(id)->lists[0].items[0].media == withheld_media);
  two.anna.given = {"A"};
  two.anna.sync();
  CHECK(two.anna.letters().empty());  // looked at when gifts change, not at every turn
  ++clock_ms;
  two.anna.sync(true);
  two.carry();
  CHECK(two.ben.on(id)->lists[0].items[0].media == "A");
  CHECK(two.ben.on(id)->lists[0].items[1].media == withheld_media);
}

TEST_CASE("a channel that is deleted ends everywhere; what was over long ago is forgotten") {
  Two two;
  two.share();
  const std::string id = two.accept().id;
  REQUIRE(two.anna.television->remove(two.channel, 0));
  two.anna.sync();
  two.carry();
  CHECK(two.ben.on(id) == nullptr);
  clock_ms += 41 * day_ms;
  two.anna.sync();
  two.ben.sync();
  CHECK(two.anna.out->list()->empty());
  CHECK(two.ben.in->list()->empty());
}

TEST_CASE("a letter that never arrives is told, and the next one mends it") {
  Two two;
  two.share();
  const SharedOut record = two.anna.shared();
  CHECK(share_of_about(about_share(record.id)) == record.id);
  CHECK(share_of_about("hello/abc").empty());
  store::Batch batch;
  const Error why{Code::mailbox_full, "The mailbox is full."};
  REQUIRE(two.anna.out->settled(batch, record.id, &why));
  REQUIRE(two.anna.records.commit(batch));
  CHECK(two.anna.shared().problem.find("mailbox is full") != std::string::npos);
  SUBCASE("by a change") {
    two.rename("Two");
  }
  SUBCASE("when it is shared once more") {
    CHECK(two.anna.letters().empty());
    REQUIRE(two.anna.out->share(two.channel, two.anna.contact("Ben"), {}));
    two.anna.sync();
    CHECK(two.anna.letters().size() == 1);
  }
  CHECK(two.anna.shared().problem.empty());
}
