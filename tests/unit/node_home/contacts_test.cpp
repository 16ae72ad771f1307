// Two homes become contacts, one of them has second thoughts; tokens and cards, over a real store.
#include "node/contacts/contacts.h"

#include <doctest/doctest.h>

#include "common/crypto/age/age.h"
#include "common/store/store.h"
#include "node/contacts/directory.h"
#include "node/contacts/notebook.h"
#include "node/wallet/derivations.h"

using namespace hearth;
using namespace hearth::node;

namespace {

crypto::Seed seed_of(std::uint8_t number) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(number);
  return crypto::Seed(bytes);
}

struct Letter {
  crypto::SignPublicKey mailbox{};
  identity::DropToken token{};
  Bytes sealed;
};

/// A home without a network: what it posts is kept, and delivered by hand.
struct Hearth {
  explicit Hearth(std::uint8_t number, const std::string& called)
      : keys(seed_of(number)),
        disk(store::open_memory()),
        records(*disk, disk->claim().value()),
        name(called),
        contacts(records, {keys, ledger(), called}) {
    contacts.on_post(
        [this](store::Batch&, const identity::ContactCard& to, Bytes sealed, const std::string&) {
          letters.push_back({to.mailbox, to.drop_token, std::move(sealed)});
        });
  }
  static identity::LedgerCard ledger() {
    identity::LedgerCard card;
    card.url = "https://127.0.0.1:7000";
    card.key = crypto::SignKey::from_seed(seed_of(99)).public_key();
    return card;
  }
  std::string card() { return contacts.invitation(false, ++clock).value(); }
  bool takes(const identity::DropToken& token) {
    const auto all = contacts.tokens(clock).value();
    return std::find(all.begin(), all.end(), token) != all.end();
  }
  std::string state_of(const std::string& contact) {
    const auto all = contacts.list();
    for (const auto& one : *all) {
      if (one.name == contact) return std::string(name_of(one.state));
    }
    return "unknown";
  }
  identity::HomeKeys keys;
  std::unique_ptr<store::Store> disk;
  Records records;
  std::string name;
  Contacts contacts;
  std::vector<Letter> letters;
  static inline UtcMs clock = 1'795'348'800'000;
};

/// What `from` has posted arrives at `to`, as far as its mailbox takes it. How many were refused.
int deliver(Hearth& from, Hearth& to) {
  int refused = 0;
  const auto letters = std::exchange(from.letters, {});
  for (const Letter& letter : letters) {
    REQUIRE(letter.mailbox == to.keys.mailbox().public_key());
    if (!to.takes(letter.token)) {
      ++refused;
      continue;
    }
    const auto opened = wire::open_drop(letter.sealed, to.keys.encryption(), to.keys.address());
    REQUIRE(opened.has_value());
    REQUIRE(opened->hello.has_value());
    store::Batch batch;
    REQUIRE(to.contacts.take_hello(batch, opened->from, *opened->hello, ++Hearth::clock));
    REQUIRE(to.records.commit(batch));
  }
  return refused;
}

void befriend(Hearth& a, Hearth& b) {
  REQUIRE(a.contacts.add(b.card(), "", ++Hearth::clock));
  deliver(a, b);
  REQUIRE(b.contacts.accept(a.name, "", ++Hearth::clock));
  deliver(b, a);
  REQUIRE(a.state_of(b.name) == "confirmed");
  REQUIRE(b.state_of(a.name) == "confirmed");
}

}  // namespace

TEST_CASE("what one home's word does to the other's record") {
  using S = ContactState;
  using E = ContactEvent;
  using Said = wire::Hello::State;
  struct Row {
    std::optional<S> from;
    E event;
    std::optional<S> to;
    std::optional<Said> reply;
  };
  const Row rows[] = {
      {{}, E::we_ask, S::invited, Said::ask},
      {S::asked, E::we_ask, S::confirmed, Said::accepted},
      {S::gone, E::we_ask, S::invited, Said::ask},
      {S::confirmed, E::we_ask, S::confirmed, Said::ask},
      {S::blocked, E::we_ask, {}, {}},
      {{}, E::they_ask, S::asked, {}},
      {S::invited, E::they_ask, S::confirmed, Said::accepted},  // both asked
      {S::confirmed, E::they_ask, S::confirmed, Said::accepted},
      {S::gone, E::they_ask, S::asked, {}},
      {S::blocked, E::they_ask, {}, {}},
      {S::invited, E::they_accept, S::confirmed, {}},
      {S::confirmed, E::they_accept, S::confirmed, {}},
      {S::asked, E::they_accept, {}, {}},  // nobody makes himself a contact
      {{}, E::they_accept, {}, {}},
      {S::gone, E::they_accept, {}, {}},
      {S::confirmed, E::they_leave, S::gone, {}},
      {S::invited, E::they_leave, S::gone, {}},
      {S::blocked, E::they_leave, {}, {}},
      {S::asked, E::we_accept, S::confirmed, Said::accepted},
      {S::invited, E::we_accept, {}, {}},
      {S::confirmed, E::we_block, S::blocked, {}},
      {S::blocked, E::we_block, {}, {}},
      {S::blocked, E::we_unblock, S::confirmed, Said::accepted},
      {S::confirmed, E::we_unblock, {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.event));
    CAPTURE(row.from ? name_of(*row.from) : "nobody");
    const auto next = next_step(row.from, row.event);
    CHECK(next.has_value() == row.to.has_value());
    if (!next || !row.to) continue;
    CHECK(next->state == *row.to);
    CHECK(next->reply == row.reply);
  }
}

TEST_CASE("one home asks, the other's people say yes, and each has a token of its own") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  CHECK(anna.contacts.add(bert.card(), "", ++Hearth::clock, "a\x1b[31m").error().code ==
        Code::name_refused);
  REQUIRE(anna.contacts.add(bert.card(), "", ++Hearth::clock, "We met\non Sunday"));
  CHECK(anna.state_of("Bert") == "invited");
  CHECK(deliver(anna, bert) == 0);
  CHECK(bert.state_of("Anna") == "asked");
  CHECK(bert.contacts.list()->at(0).note == "We met\non Sunday");
  CHECK_FALSE(bert.contacts.by_home(anna.keys.address()).value());  // not before a person says so
  CHECK(bert.contacts.find("Anna").error().code == Code::contact_pending);
  REQUIRE(bert.contacts.accept("Anna", "Aunt Anna", ++Hearth::clock));
  CHECK(deliver(bert, anna) == 0);
  CHECK(anna.state_of("Bert") == "confirmed");
  CHECK(bert.state_of("Aunt Anna") == "confirmed");
  CHECK(bert.contacts.list()->at(0).note.empty());  // said once
  CHECK(anna.contacts.list()->at(0).note.empty());
  const auto seen = anna.contacts.find("Bert").value();
  CHECK(bert.takes(seen.card.drop_token));
  CHECK(seen.card.drop_token != identity::parse_contact_card(bert.card())->drop_token);
}

TEST_CASE("both add the other's card: confirmed on both sides without a question") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  REQUIRE(anna.contacts.add(bert.card(), "", ++Hearth::clock));
  REQUIRE(bert.contacts.add(anna.card(), "", ++Hearth::clock));
  for (int round = 0; round < 3; ++round) {
    CHECK(deliver(anna, bert) == 0);
    CHECK(deliver(bert, anna) == 0);
  }
  CHECK(anna.state_of("Bert") == "confirmed");
  CHECK(bert.state_of("Anna") == "confirmed");
  CHECK(anna.letters.empty());  // the words come to an end
  CHECK(bert.letters.empty());
}

TEST_CASE("a blocked home's token and its invitation are worth nothing, and others keep theirs") {
  Hearth anna(1, "Anna"), bert(2, "Bert"), cleo(3, "Cleo");
  const std::string invitation = bert.card();
  befriend(anna, bert);
  befriend(cleo, bert);
  const auto annas = anna.contacts.find("Bert").value().card.drop_token;
  const auto cleos = cleo.contacts.find("Bert").value().card.drop_token;
  REQUIRE(bert.contacts.block("Anna", ++Hearth::clock));
  CHECK_FALSE(bert.takes(annas));
  CHECK_FALSE(bert.takes(identity::parse_contact_card(invitation)->drop_token));
  CHECK(bert.takes(cleos));
  CHECK(bert.letters.empty());  // she is not told
  CHECK(bert.contacts.sender(anna.keys.address())->from == Offering::From::blocked);

  REQUIRE(anna.contacts.add(invitation, "", ++Hearth::clock));
  CHECK(deliver(anna, bert) == 1);
  CHECK(bert.state_of("Anna") == "blocked");

  REQUIRE(bert.contacts.unblock("Anna", ++Hearth::clock));
  CHECK(deliver(bert, anna) == 0);
  CHECK(bert.takes(anna.contacts.find("Bert").value().card.drop_token));
  CHECK_FALSE(bert.takes(annas));  // the old one stays dead
}

TEST_CASE("a home that is removed is told, and nothing of it arrives") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  befriend(anna, bert);
  const auto annas = anna.contacts.find("Bert").value().card.drop_token;
  REQUIRE(bert.contacts.remove("Anna", ++Hearth::clock));
  CHECK(deliver(bert, anna) == 0);
  CHECK(anna.state_of("Bert") == "gone");
  CHECK(anna.contacts.find("Bert").error().code == Code::contact_pending);
  CHECK_FALSE(bert.takes(annas));
  CHECK_FALSE(anna.contacts.by_home(bert.keys.address()).value());
  befriend(anna, bert);  // and may come again
}

TEST_CASE("a home that asks cannot take a known home's name, nor fill the list") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  befriend(anna, bert);
  Hearth other(3, "Anna");
  REQUIRE(other.contacts.add(bert.card(), "", ++Hearth::clock));
  deliver(other, bert);
  CHECK(bert.state_of("Anna") == "confirmed");
  CHECK(bert.state_of("Anna (2)") == "asked");
  for (std::uint8_t i = 0; i < max_asking + 5; ++i) {
    Hearth stranger(static_cast<std::uint8_t>(100 + i), "S" + std::to_string(i));
    REQUIRE(stranger.contacts.add(bert.card(), "", ++Hearth::clock));
    deliver(stranger, bert);
  }
  CHECK(bert.contacts.list()->size() == 1 + max_asking);
}

TEST_CASE("an invitation that nobody asked for again is withdrawn after 30 days") {
  Hearth bert(2, "Bert");
  const auto first = identity::parse_contact_card(bert.card())->drop_token;
  CHECK(identity::parse_contact_card(bert.card())->drop_token ==
        first);  // the same, while it lives
  CHECK(bert.takes(first));
  Hearth::clock += invitation_kept_ms;
  CHECK_FALSE(bert.takes(first));
  const auto second = identity::parse_contact_card(bert.card())->drop_token;
  CHECK(second != first);
  const auto third = bert.contacts.invitation(true, ++Hearth::clock).value();
  CHECK_FALSE(bert.takes(second));
  CHECK(bert.takes(identity::parse_contact_card(third)->drop_token));
}

TEST_CASE("contacts of before are confirmed, with the one token that all had") {
  Hearth bert(2, "Bert"), anna(1, "Anna"), cleo(3, "Cleo");
  for (Hearth* one : {&anna, &cleo}) {
    store::Batch batch;
    const std::string card = own_card(one->keys, Hearth::ledger(), one->name, 0, 1000);
    put(batch, "contact/" + to_hex(one->keys.address().key),
        Writer().u8(1).text(one->name).text(card).i64(1000).view());
    REQUIRE(bert.records.commit(batch));
  }
  CHECK(bert.state_of("Anna") == "confirmed");
  const auto common = drop_token(bert.keys.seed(), 0);
  CHECK(bert.takes(common));
  // Blocking one of them takes the common token away; the other gets its own.
  REQUIRE(bert.contacts.block("Anna", ++Hearth::clock));
  CHECK_FALSE(bert.takes(common));
  REQUIRE(bert.letters.size() == 1);
  CHECK(bert.letters[0].mailbox == cleo.keys.mailbox().public_key());
  CHECK(bert.takes(drop_token(bert.keys.seed(), bert.contacts.find("Cleo")->token)));
}

TEST_CASE("rename, mute and a contact's own reception; a name is one home's") {
  Hearth anna(1, "Anna"), bert(2, "Bert"), cleo(3, "Cleo");
  befriend(anna, bert);
  befriend(cleo, bert);
  CHECK(bert.contacts.rename("Anna", "Cleo").error().code == Code::name_refused);
  REQUIRE(bert.contacts.rename("Anna", "Aunt"));
  REQUIRE(bert.contacts.mute("Aunt", true));
  REQUIRE(bert.contacts.set_reception("Aunt", Reception::accept));
  const auto aunt = bert.contacts.sender(anna.keys.address()).value();
  CHECK(aunt.from == Offering::From::contact);
  CHECK(aunt.muted);
  CHECK(aunt.reception == Reception::accept);
  CHECK(bert.contacts.rename("nobody", "x").error().code == Code::unknown_contact);
}

TEST_CASE("a card that asking found dead says so") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  REQUIRE(anna.contacts.add(bert.card(), "", ++Hearth::clock));
  const Error why{Code::drop_refused, "no"};
  store::Batch batch;
  REQUIRE(anna.contacts.hello_settled(batch, "hello/" + to_hex(bert.keys.address().key), &why));
  REQUIRE(anna.records.commit(batch));
  CHECK(anna.contacts.list()->at(0).problem ==
        "The card of this home is not valid any more; ask for a new one.");
}

TEST_CASE("a home that came back is reached by its contacts of before, until it blocks somebody") {
  Hearth anna(1, "Anna"), bert(2, "Bert"), cleo(3, "Cleo");
  befriend(anna, bert);
  befriend(cleo, bert);
  const auto old_card = anna.contacts.find("Bert")->card.drop_token;
  Hearth again(2, "Bert");  // the same seed on an empty machine
  CHECK_FALSE(again.takes(old_card));
  store::Batch batch;
  put_tokens_of_before(batch, Hearth::clock);
  REQUIRE(again.records.commit(batch));
  CHECK(again.takes(old_card));
  CHECK(again.contacts.tokens(Hearth::clock)->size() <= 256);
  const auto fresh = identity::parse_contact_card(again.card())->drop_token;
  CHECK(fresh != old_card);
  CHECK(fresh != cleo.contacts.find("Bert")->card.drop_token);

  CHECK_FALSE([&] {
    const auto later = again.contacts.tokens(Hearth::clock + invitation_kept_ms + 1).value();
    return std::find(later.begin(), later.end(), old_card) != later.end();
  }());
  befriend(cleo, again);
  REQUIRE(again.contacts.block("Cleo", ++Hearth::clock));
  CHECK_FALSE(again.takes(old_card));
}

TEST_CASE("a home that lost its machine has its contacts again, and who was blocked stays out") {
  Hearth anna(1, "Anna"), bert(2, "Bert"), cleo(3, "Cleo");
  befriend(anna, bert);
  befriend(cleo, bert);
  REQUIRE(bert.contacts.mute("Anna", true));
  REQUIRE(bert.contacts.block("Cleo", ++Hearth::clock));
  const std::string invitation = bert.card();
  const Bytes notebook = current_notebook(bert.records).value();
  CHECK(notebook.size() == smallest_notebook);
  CHECK(current_notebook(bert.records).value() == notebook);
  const Bytes sealed = seal_notebook(notebook, bert.keys.seed());

  Hearth again(2, "Bert");
  store::Batch batch;
  CHECK(put_notebook(batch, sealed, again.keys.seed(), Hearth::clock) == 2);
  REQUIRE(again.records.commit(batch));
  CHECK(again.state_of("Anna") == "confirmed");
  CHECK(again.contacts.sender(anna.keys.address())->muted);
  CHECK(again.state_of("Cleo") == "blocked");
  CHECK(again.takes(anna.contacts.find("Bert")->card.drop_token));
  CHECK_FALSE(again.takes(cleo.contacts.find("Bert")->card.drop_token));
  CHECK(again.takes(identity::parse_contact_card(invitation)->drop_token));
  CHECK(current_notebook(again.records).value() == notebook);
  // No number is given out twice: not the blocked home's either.
  Hearth dora(4, "Dora");
  befriend(dora, again);
  CHECK_FALSE(again.takes(cleo.contacts.find("Bert")->card.drop_token));

  // Nobody else's, and no other.
  CHECK(put_notebook(batch, sealed, anna.keys.seed(), 0).error().code == Code::corrupt);
  const Bytes forged = crypto::age::seal_file(notebook, {bert.keys.encryption().public_key()});
  CHECK(put_notebook(batch, forged, bert.keys.seed(), 0).error().code == Code::corrupt);
  for (const std::size_t cut : {0u, 1u, 30u, 200u, 1000u}) {
    CHECK(read_notebook(ByteView(notebook).first(cut)).error().code == Code::corrupt);
  }
}

TEST_CASE("a notebook that is full leaves out contacts, not blocked ones, and notes their tokens") {
  Hearth bert(2, "Bert");
  std::vector<identity::DropToken> given;
  for (std::size_t i = 0; i < max_contacts; ++i) {
    Hearth one(static_cast<std::uint8_t>(i + 3), "Home " + std::to_string(i));
    const std::string card =
        own_card(one.keys, Hearth::ledger(), std::string(100, 'x') + std::to_string(i), 1, 1000);
    const auto added = bert.contacts.add(card, "", ++Hearth::clock, std::string(300, 'n'));
    REQUIRE(added);
    given.push_back(drop_token(bert.keys.seed(), added->token));
  }
  const std::string last = bert.contacts.list()->back().name;
  const auto number = bert.contacts.list()->back().token;
  REQUIRE(bert.contacts.block(last, ++Hearth::clock));
  std::erase(given, drop_token(bert.keys.seed(), number));
  const Bytes notebook = current_notebook(bert.records).value();
  CHECK(notebook.size() == largest_notebook);

  Hearth again(2, "Bert");
  store::Batch batch;
  const Bytes sealed = seal_notebook(notebook, bert.keys.seed());
  const auto back = put_notebook(batch, sealed, bert.keys.seed(), Hearth::clock);
  REQUIRE(back);
  REQUIRE(again.records.commit(batch));
  CHECK(*back > 50);
  CHECK(*back < given.size());
  CHECK(again.state_of(last) == "blocked");
  CHECK_FALSE(again.takes(drop_token(bert.keys.seed(), number)));
  for (const auto& token : given) CHECK(again.takes(token));
}

TEST_CASE("records of contacts and published addresses: damage is seen") {
  Hearth anna(1, "Anna"), bert(2, "Bert");
  befriend(anna, bert);
  const Bytes stored = encode(bert.contacts.find("Anna").value());
  REQUIRE(decode_contact(stored));
  for (std::size_t cut = 0; cut < stored.size(); ++cut)
    CHECK_FALSE(decode_contact(ByteView(stored).first(cut)));
  const std::vector<wire::DirectoryEntry> entries = {{wire::DirectoryKind::ip, "192.0.2.7"},
                                                     {wire::DirectoryKind::esn, "TV-4711"}};
  const Bytes listed = encode_entries(entries);
  CHECK(decode_entries(listed) == entries);
  CHECK_FALSE(decode_entries(ByteView(listed).first(listed.size() - 1)));
  CHECK_FALSE(decode_entries(encode_entries({{wire::DirectoryKind::ip, "192.0.2.007"}})));
}
