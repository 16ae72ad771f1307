// Two homes and a channel between them, over real stores: letters are carried by hand, so that
// they can be lost, repeated and swapped.
#pragma once

#include <doctest/doctest.h>

#include "node/sharing/channels_in.h"
#include "node/sharing/channels_out.h"
#include "tests/support/channel_world.h"
#include "tests/unit/node_home/silent_ledger.h"
#include "tests/unit/node_home/test_ledger.h"

namespace hearth::test {

using namespace hearth::node;
using namespace hearth::node::channels;

inline UtcMs clock_ms = 1'795'348'800'000;

inline identity::LedgerCard ledger_card() {
  identity::LedgerCard card;
  card.url = "https://127.0.0.1:7000";
  card.key = crypto::SignKey::from_seed(seed_of(99)).public_key();
  return card;
}

struct SharingHouse {
  explicit SharingHouse(std::uint8_t number, const std::string& called)
      : keys(seed_of(number)),
        disk(store::open_memory()),
        records(*disk, disk->claim().value()),
        name(called),
        contacts(records, {keys, ledger_card(), called}),
        outbox(loop, ledger, records) {
    open();
  }
  /// As after a start: only what is on disk is known.
  void open() {
    television = std::make_unique<Television>(
        loop, Television::Rooms{records,
                                [this](const std::string& media, const node::KnownMedia*) {
                                  const auto found = library.find(media);
                                  return found == library.end() ? std::nullopt
                                                                : std::optional(found->second);
                                },
                                [] { return clock_ms; }, [](store::Batch&, const std::string&) {}});
    REQUIRE(television->load());
    SharingRooms rooms{
        records,
        *television,
        contacts,
        outbox,
        keys,
        ledger_card().key,
        [] { return clock_ms; },
        [](const std::string&) { return std::optional<std::string>(); },
        [this](const identity::HomeAddress&) { return Result<std::set<std::string>>(given); },
        [this](const identity::HomeAddress& from) -> Result<Verdict> {
          const auto who = contacts.sender(from);
          if (!who) return pass_on(who.error());
          return decide_channel(rules, *who, {clock_ms, 600, 0, 0, 0});
        },
        [this](const std::string& headline, const std::string&) { told.push_back(headline); }};
    in = std::make_unique<ChannelsIn>(rooms);
    out = std::make_unique<ChannelsOut>(rooms);
    television->on_edit([this](const Channel& before, const Channel& after) {
      return in->may_edit(before, after);
    });
  }
  std::string make(std::int32_t number, const std::string& called) {
    Channel one = television->fresh(number, called, "Europe/Berlin").value();
    one.lists = {list("films", {title("A", 60), title("B", 60)}), list("kids", {title("K", 30)})};
    one.slots = {floating("s1", "films", Take::one), floating("s2", "kids")};
    const std::string id = one.id;
    REQUIRE(television->begin(one, "create", {}));
    return id;
  }
  Result<void> edit(const std::string& id, std::vector<Change> changes) {
    Television::Edit edit;
    edit.channel = id;
    edit.changes = std::move(changes);
    auto after = television->tried(edit);
    if (!after) return pass_on(after.error());
    return television->keep(edit, std::move(*after));
  }
  /// What is in the outbox; taken out of it.
  std::vector<Bytes> letters() {
    std::vector<OutboxEntry> all = all_of(records, "outbox/", decode_outbox_entry).value();
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.created_ms < b.created_ms; });
    store::Batch batch;
    std::vector<Bytes> out_of_it;
    for (auto& one : all) {
      erase(batch, "outbox/" + one.idempotency_key);
      out_of_it.push_back(std::move(one.sealed));
    }
    REQUIRE(records.commit(batch));
    return out_of_it;
  }
  void take(const Bytes& letter) {
    const auto drop = wire::open_drop(letter, keys.encryption(), keys.address());
    REQUIRE_MESSAGE(drop, drop.error().sentence);
    store::Batch batch;
    if (drop->hello) REQUIRE(contacts.take_hello(batch, drop->from, *drop->hello, ++clock_ms));
    if (drop->share) REQUIRE(in->take(batch, drop->from, *drop->share));
    if (drop->word) REQUIRE(out->take(batch, drop->from, *drop->word));
    REQUIRE(records.commit(batch));
    sync();
  }
  void sync(bool all = false) {
    REQUIRE(in->sync());
    REQUIRE(out->sync(all));
  }
  SharedIn offer() const {
    const auto all = in->list().value();
    REQUIRE(all.size() == 1);
    return all.front();
  }
  std::string offer_or_none() const {
    const auto all = in->list().value();
    return all.empty() ? "none" : std::string(name_of(all.front().state));
  }
  SharedOut shared() const {
    const auto all = out->list().value();
    REQUIRE_FALSE(all.empty());
    return all.back();
  }
  const Channel* on(const std::string& id) const {
    const Timeline* timeline = television->by_id(id);
    return timeline == nullptr ? nullptr : &timeline->channel();
  }
  Contact contact(const std::string& called) const { return contacts.find(called).value(); }

  net::Loop loop;
  SilentLedger ledger;
  identity::HomeKeys keys;
  std::unique_ptr<store::Store> disk;
  Records records;
  std::string name;
  Contacts contacts;
  Outbox outbox;
  HomeRules rules;
  std::set<std::string> given;
  std::map<std::string, node::KnownMedia> library;
  std::vector<std::string> told;
  std::unique_ptr<Television> television;
  std::unique_ptr<ChannelsIn> in;
  std::unique_ptr<ChannelsOut> out;
};

inline ChannelsIn::Choice only(std::vector<std::string> parts) {
  ChannelsIn::Choice out;
  out.only = std::move(parts);
  return out;
}

inline ChannelsIn::Choice under(std::int32_t number) {
  ChannelsIn::Choice out;
  out.number = number;
  return out;
}

/// Anna's channel, Ben's television.
struct Two {
  SharingHouse anna{1, "Anna"}, ben{2, "Ben"};
  std::string channel;

  Two() {
    for (SharingHouse* one : {&anna, &ben}) {
      one->contacts.on_post([one](store::Batch& batch, const identity::ContactCard& to,
                                  Bytes sealed, const std::string& about) {
        one->outbox.put_entry(batch, {to_hex(crypto::random_array<16>()), to.mailbox, to.drop_token,
                                      std::move(sealed), about, ++clock_ms});
      });
    }
    const std::string card = ben.contacts.invitation(false, ++clock_ms).value();
    REQUIRE(anna.contacts.add(card, "", ++clock_ms));
    carry();
    REQUIRE(ben.contacts.accept("Anna", "", ++clock_ms));
    carry();
    channel = anna.make(5, "Evening");
    anna.given = {"A", "B", "K"};
  }
  /// Until nobody has anything to say.
  void carry() {
    for (bool any = true; any;) {
      any = false;
      for (const auto& [from, to] : {std::pair(&anna, &ben), std::pair(&ben, &anna)}) {
        for (const Bytes& letter : from->letters()) to->take(letter), any = true;
      }
    }
  }
  void share() {
    REQUIRE(anna.out->share(channel, anna.contact("Ben"), "For you"));
    anna.sync();
    carry();
  }
  SharedIn accept(const ChannelsIn::Choice& choice = {}) {
    auto chosen = ben.in->chosen(ben.offer().id, choice);
    REQUIRE_MESSAGE(chosen, chosen.error().sentence);
    const auto accepted = ben.in->accept(std::move(*chosen));
    REQUIRE_MESSAGE(accepted, accepted.error().sentence);
    carry();
    return *accepted;
  }
  void rename(const std::string& called) {
    ++clock_ms;
    REQUIRE(anna.edit(channel, {set_channel({{"name", called}})}));
    anna.sync();
  }
};

}  // namespace hearth::test
