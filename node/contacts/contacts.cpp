#include "node/contacts/contacts.h"

#include "common/base/names.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_card = 4096;

std::string contact_key(const identity::HomeAddress& home) {
  return "contact/" + to_hex(home.key);
}

Result<Contact> decode_contact(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == 1;
  Contact contact;
  contact.name = in.text(1024);
  contact.card_text = in.text(2 * max_card);
  contact.added_ms = in.i64();
  if (!known || !in.done()) return damaged("contact");
  auto card = identity::parse_contact_card(contact.card_text);
  if (!card) return damaged("contact");
  contact.card = std::move(*card);
  return contact;
}

}  // namespace

std::string own_card(const identity::HomeKeys& home, const identity::LedgerCard& ledger,
                     const std::string& name, UtcMs now) {
  const identity::ContactCard card{home.address(),
                                   home.encryption().public_key(),
                                   home.mailbox().public_key(),
                                   drop_token(home.seed(), 0),
                                   name,
                                   ledger.url,
                                   ledger.key,
                                   now};
  return identity::write_contact_card(card, home.identity());
}

Result<Contact> Contacts::add(const std::string& card_text, const std::string& as, UtcMs now) {
  const auto card = identity::parse_contact_card(card_text);
  if (!card) return pass_on(card.error());
  if (card->home == own_) {
    return fail(Code::bad_card,
                "This is this home's own card. Give it to other homes, and add "
                "theirs here.");
  }
  const auto name = checked_name(as.empty() ? card->name : as);
  if (!name) return pass_on(name.error());
  const auto known = list();
  if (!known) return pass_on(known.error());
  for (const auto& other : *known) {
    if (other.name == *name && other.card.home != card->home) {
      return fail(Code::name_refused, "Another contact is called " + *name +
                                          " already. Nothing was added; choose another name "
                                          "with --as NAME.");
    }
  }
  Contact contact{*name, *card, card_text, now};
  store::Batch batch;
  put(batch, contact_key(card->home),
      Writer().u8(1).text(contact.name).text(contact.card_text).i64(now).view());
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  return contact;
}

Result<std::vector<Contact>> Contacts::list() const {
  std::vector<Contact> all;
  auto scanned = records_.scan("contact/", [&](std::string_view, ByteView value) -> Result<void> {
    auto contact = decode_contact(value);
    if (!contact) return pass_on(contact.error());
    all.push_back(std::move(*contact));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return all;
}

Result<Contact> Contacts::find(const std::string& name_or_address) const {
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

Result<std::optional<Contact>> Contacts::by_home(const identity::HomeAddress& home) const {
  auto stored = records_.get(contact_key(home));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<Contact>();
  auto contact = decode_contact(**stored);
  if (!contact) return pass_on(contact.error());
  return std::optional(std::move(*contact));
}

}  // namespace hearth::node
