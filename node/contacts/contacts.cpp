#include "node/contacts/contacts.h"

#include <algorithm>

#include "common/base/names.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

std::string contact_key(const identity::HomeAddress& home) {
  return "contact/" + to_hex(home.key);
}

void put_contact(store::Batch& batch, const Contact& contact) {
  put(batch, contact_key(contact.card.home), encode(contact));
}

tl::unexpected<Error> name_taken(const std::string& name) {
  return fail(Code::name_refused, "Another contact is called " + name +
                                      " already. Nothing was changed; choose another name "
                                      "with --as NAME.");
}

}  // namespace

Result<std::vector<Contact>> Contacts::list() const {
  std::vector<Contact> all;
  auto scanned = records_.scan("contact/", [&](std::string_view, ByteView value) -> Result<void> {
    auto contact = decode_contact(value);
    if (!contact) return damaged("contact");
    all.push_back(std::move(*contact));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return all;
}

Result<std::optional<Contact>> Contacts::stored(const identity::HomeAddress& home) const {
  const auto value = records_.get(contact_key(home));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<Contact>();
  auto contact = decode_contact(**value);
  if (!contact) return damaged("contact");
  return contact;
}

Result<std::optional<Contact>> Contacts::by_home(const identity::HomeAddress& home) const {
  auto contact = stored(home);
  if (contact && *contact && !(*contact)->known()) contact->reset();
  return contact;
}

Result<Offering> Contacts::sender(const identity::HomeAddress& home) const {
  const auto contact = stored(home);
  if (!contact) return pass_on(contact.error());
  Offering what;
  if (!*contact) return what;
  if ((*contact)->state == ContactState::blocked) what.from = Offering::From::blocked;
  if ((*contact)->known()) what.from = Offering::From::contact;
  what.muted = (*contact)->muted;
  what.reception = (*contact)->reception;
  return what;
}

Result<Contact> Contacts::find_any(const std::string& name_or_address) const {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const auto address = identity::parse_home_address(name_or_address);
  for (const auto& contact : *all) {
    if (contact.name == name_or_address) return contact;
    if (address && contact.card.home == *address) return contact;
  }
  return fail(Code::unknown_contact, "No contact is called " + printable(name_or_address) +
                                         ". Nothing was sent or charged; see hearth contacts "
                                         "list, or add the home's card with hearth contacts add.");
}

Result<Contact> Contacts::find(const std::string& name_or_address) const {
  auto contact = find_any(name_or_address);
  if (!contact) return contact;
  switch (contact->state) {
    case ContactState::asked:
      return fail(Code::contact_pending,
                  contact->name +
                      " has asked to be a contact and waits for your answer. Nothing "
                      "was sent or charged; say yes with hearth contacts accept.");
    case ContactState::blocked:
      return fail(Code::contact_pending, contact->name +
                                             " is blocked. Nothing was sent or charged; see "
                                             "hearth contacts unblock.");
    case ContactState::gone:
      return fail(Code::contact_pending, contact->name +
                                             " has removed this home from its contacts. Nothing "
                                             "was sent or charged; ask for a new card.");
    case ContactState::invited:
    case ContactState::confirmed:
      break;
  }
  return contact;
}

/// `may_number`: a home that asks by itself cannot choose, so a taken name is numbered.
Result<std::string> Contacts::free_name(const std::string& wanted,
                                        const identity::HomeAddress& home, bool may_number) const {
  const auto name = checked_name(wanted);
  if (!name) return pass_on(name.error());
  const auto all = list();
  if (!all) return pass_on(all.error());
  const auto taken = [&](const std::string& tried) {
    return std::any_of(all->begin(), all->end(), [&](const auto& other) {
      return other.name == tried && other.card.home != home;
    });
  };
  if (!taken(*name)) return *name;
  if (!may_number) return name_taken(*name);
  // A number that is free is found: there are fewer contacts than numbers.
  for (std::size_t n = 2; n <= max_contacts + 2; ++n) {
    const std::string number = " (" + std::to_string(n) + ")";
    auto numbered = checked_name(*name + number);
    if (!numbered) numbered = checked_name(home.text().substr(0, 12) + number);
    if (numbered && !taken(*numbered)) return *numbered;
  }
  return name_taken(*name);
}

Result<void> Contacts::check_room(const identity::HomeAddress& home) const {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const bool known =
      std::any_of(all->begin(), all->end(), [&](const auto& one) { return one.card.home == home; });
  if (known || all->size() < max_contacts) return {};
  return fail(Code::too_large, "This home knows " + std::to_string(max_contacts) +
                                   " homes already. Nothing was added; remove one first with "
                                   "hearth contacts remove.");
}

/// What follows from a step: a token for who becomes one's own, and the word to the other home.
Result<void> Contacts::enter(store::Batch& batch, Contact& contact, const ContactStep& next,
                             UtcMs now) {
  contact.state = next.state;
  contact.problem.clear();
  if (!contact.known()) contact.token = 0;  // it is worth nothing any more
  if (contact.known() && contact.token == 0 && next.reply) {
    const auto token = take_token(batch);
    if (!token) return pass_on(token.error());
    contact.token = *token;
  }
  if (next.reply) {
    auto said = say(batch, contact, *next.reply, now);
    if (!said) return said;
  }
  const bool is_answered =
      next.state == ContactState::confirmed || next.state == ContactState::gone;
  if (is_answered) contact.note.clear();
  put_contact(batch, contact);
  return {};
}

Result<Contact> Contacts::step(Contact contact, ContactEvent event, const std::string& refusal,
                               UtcMs now) {
  const auto next = next_step(contact.state, event, contact.before);
  if (!next) return fail(Code::contact_pending, refusal);
  store::Batch batch;
  if (event == ContactEvent::we_block) {
    auto retired = retire_common_token(batch, contact, now);
    if (!retired) return pass_on(retired.error());
    contact.before = contact.state;
    erase(batch, "contacts/invitation");
    erase(batch, "contacts/before");
  }
  auto entered = enter(batch, contact, *next, now);
  if (!entered) return pass_on(entered.error());
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return contact;
}

Result<Contact> Contacts::add(const std::string& card_text, const std::string& as, UtcMs now,
                              const std::string& note) {
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  auto card = identity::parse_contact_card(card_text);
  if (!card) return pass_on(card.error());
  if (card->home == own_.keys.address()) {
    return fail(Code::bad_card,
                "This is this home's own card. Give it to other homes, and add "
                "theirs here.");
  }
  if (card->ledger_key != own_.ledger.key) {
    return fail(Code::other_ledger, card->name +
                                        " uses another ledger than this home, and nothing can be "
                                        "sent between them. Nothing was added or asked.");
  }
  const auto known = stored(card->home);
  if (!known) return pass_on(known.error());
  auto room = check_room(card->home);
  if (!room) return pass_on(room.error());
  Contact contact = known->value_or(Contact());
  const bool keeps_name = *known && as.empty();
  const auto name = free_name(keeps_name   ? contact.name
                              : as.empty() ? card->name
                                           : as,
                              card->home, false);
  if (!name) return pass_on(name.error());
  const std::optional<ContactState> from =
      *known ? std::optional(contact.state) : std::optional<ContactState>();
  const auto next = next_step(from, ContactEvent::we_ask);
  if (!next) {
    return fail(Code::contact_pending, contact.name +
                                           " is blocked. Nothing was changed; unblock it first "
                                           "with hearth contacts unblock.");
  }
  contact.name = *name;
  if (!checked->empty() || contact.state != ContactState::invited) contact.note = *checked;
  contact.card = std::move(*card);
  contact.card_text = card_text;
  if (!*known) contact.added_ms = now;
  store::Batch batch;
  auto entered = enter(batch, contact, *next, now);
  if (!entered) return pass_on(entered.error());
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return contact;
}

Result<Contact> Contacts::accept(const std::string& name, const std::string& as, UtcMs now) {
  auto contact = find_any(name);
  if (!contact) return contact;
  if (!as.empty()) {
    const auto free = free_name(as, contact->card.home, false);
    if (!free) return pass_on(free.error());
    contact->name = *free;
  }
  return step(*contact, ContactEvent::we_accept,
              contact->name + " has not asked to be a contact. Nothing was changed.", now);
}

Result<Contact> Contacts::remove(const std::string& name, UtcMs now) {
  auto contact = find_any(name);
  if (!contact) return contact;
  store::Batch batch;
  if (contact->state != ContactState::blocked && contact->state != ContactState::gone) {
    // A card with a token that no mailbox takes: there is nothing more to say to this home.
    const auto token = take_token(batch);
    if (!token) return pass_on(token.error());
    contact->token = *token;
    auto said = say(batch, *contact, wire::Hello::State::gone, now);
    if (!said) return pass_on(said.error());
  }
  erase(batch, contact_key(contact->card.home));
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return contact;
}

Result<Contact> Contacts::rename(const std::string& name, const std::string& as) {
  auto contact = find_any(name);
  if (!contact) return contact;
  const auto free = free_name(as, contact->card.home, false);
  if (!free) return pass_on(free.error());
  contact->name = *free;
  return store_changed(std::move(*contact));
}

Result<Contact> Contacts::mute(const std::string& name, bool muted) {
  auto contact = find_any(name);
  if (!contact) return contact;
  contact->muted = muted;
  return store_changed(std::move(*contact));
}

Result<Contact> Contacts::set_reception(const std::string& name,
                                        std::optional<Reception> reception) {
  auto contact = find_any(name);
  if (!contact) return contact;
  contact->reception = reception;
  return store_changed(std::move(*contact));
}

Result<Contact> Contacts::block(const std::string& name, UtcMs now) {
  auto contact = find_any(name);
  if (!contact) return contact;
  return step(*contact, ContactEvent::we_block,
              contact->name + " is blocked already. Nothing was changed.", now);
}

Result<Contact> Contacts::unblock(const std::string& name, UtcMs now) {
  auto contact = find_any(name);
  if (!contact) return contact;
  return step(*contact, ContactEvent::we_unblock,
              contact->name + " is not blocked. Nothing was changed.", now);
}

Result<Contact> Contacts::store_changed(Contact contact) {
  store::Batch batch;
  put_contact(batch, contact);
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return contact;
}

Result<std::optional<Contact>> Contacts::take_hello(store::Batch& batch,
                                                    const identity::HomeAddress& from,
                                                    const wire::Hello& hello, UtcMs now) {
  using Said = wire::Hello::State;
  auto known = stored(from);
  if (!known) return pass_on(known.error());
  auto card = identity::parse_contact_card(hello.from_card);
  if (!card || card->home != from || card->ledger_key != own_.ledger.key)
    return std::optional<Contact>();
  // An older word than the one that is known came late.
  if (*known && card->issued_ms < (*known)->card.issued_ms) return std::optional<Contact>();
  const ContactEvent event = hello.state == Said::ask        ? ContactEvent::they_ask
                             : hello.state == Said::accepted ? ContactEvent::they_accept
                                                             : ContactEvent::they_leave;
  const std::optional<ContactState> state =
      *known ? std::optional((*known)->state) : std::optional<ContactState>();
  const auto next = next_step(state, event);
  if (!next) return std::optional<Contact>();
  Contact contact = known->value_or(Contact());
  if (!*known) {
    const auto all = list();
    if (!all) return pass_on(all.error());
    const auto asking = std::count_if(
        all->begin(), all->end(), [](const auto& one) { return one.state == ContactState::asked; });
    if (all->size() >= max_contacts || static_cast<std::size_t>(asking) >= max_asking)
      return std::optional<Contact>();
    const auto name = free_name(card->name, from, true);
    if (!name) return pass_on(name.error());
    contact.name = *name;
    contact.added_ms = now;
  }
  if (next->state == ContactState::asked) contact.note = hello.note;
  if (next->takes_card) {
    contact.card = std::move(*card);
    contact.card_text = hello.from_card;
  }
  auto entered = enter(batch, contact, *next, now);
  if (!entered) return pass_on(entered.error());
  const bool asks = next->state == ContactState::asked && state != ContactState::asked;
  if (!asks) return std::optional<Contact>();
  return std::optional(std::move(contact));
}

}  // namespace hearth::node
