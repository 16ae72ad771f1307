#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_card = 8 * 1024;
constexpr std::size_t max_name = 1000;
constexpr std::size_t max_note = 8000;

Result<std::string> contact_name(const wire::Json& arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string name = fields.required_text("name", max_name);
  if (!fields.ok()) return pass_on(fields.error());
  return name;
}

Result<std::vector<std::string>> directory_addresses(const wire::Json& arguments) {
  wire::Fields fields(arguments, "arguments");
  const wire::Json given = fields.array("entries", wire::max_directory_entries);
  if (!fields.ok()) return pass_on(fields.error());
  std::vector<std::string> addresses;
  for (const auto& one : given) {
    if (!one.is_string()) return fail(Code::usage, "An address is a text. Nothing was changed.");
    addresses.push_back(one.get<std::string>());
  }
  return addresses;
}

}  // namespace

/// The card is worth something when the mailbox takes its token; without the ledger it waits.
Commands::Answer Commands::contacts_card(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const bool fresh = fields.boolean_or("fresh", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto card = rooms_.contacts->invitation(fresh, now_ms());
  if (!card) co_return pass_on(card.error());
  const Result<void> told = co_await rooms_.mailbox->publish_tokens();
  wire::Json out = {{"card", *card},
                    {"home", rooms_.keys.address().text()},
                    {"name", rooms_.options.name},
                    {"ready", told.has_value()}};
  co_return out;
}

/// A step of one contact is stored: the ledger learns the tokens, the other home the news.
Commands::Answer Commands::changed_contact(Result<Contact> contact) {
  if (!contact) co_return pass_on(contact.error());
  const Result<void> told = co_await rooms_.mailbox->publish_tokens();
  rooms_.outbox->kick();
  wire::Json out = {{"contacts", wire::Json::array({document(*contact)})},
                    {"ready", told.has_value()}};
  co_return out;
}

/// Adds the home that an address of the directory names now.
net::Task<Result<Contact>> Commands::found_contact(std::string address, std::string as,
                                                   std::string note, bool accept_change) {
  const auto card = co_await rooms_.directory->find(std::move(address), accept_change);
  if (!card) co_return pass_on(card.error());
  const auto parsed = identity::parse_contact_card(*card);
  if (!parsed) co_return pass_on(parsed.error());
  auto known = rooms_.contacts->by_home(parsed->home);
  if (!known) co_return pass_on(known.error());
  if (*known && as.empty()) co_return std::move(**known);
  auto added = rooms_.contacts->add(*card, as, now_ms(), note);
  rooms_.outbox->kick();
  co_return added;
}

/// Whom a command means: a contact, or whoever the directory names.
net::Task<Result<Contact>> Commands::receiver(std::string name) {
  if (!Directory::is_address(name)) co_return rooms_.contacts->find(name);
  std::string as, note;
  co_return co_await found_contact(std::move(name), std::move(as), std::move(note), false);
}

Commands::Answer Commands::contacts_add(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string card = fields.required_text("card", max_card);
  std::string as = fields.text("as", max_name), note = fields.text("note", max_note);
  const bool accept_change = fields.boolean_or("accept_change", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  if (Directory::is_address(card)) {
    auto found =
        co_await found_contact(std::move(card), std::move(as), std::move(note), accept_change);
    co_return co_await changed_contact(std::move(found));
  }
  auto added = rooms_.contacts->add(card, as, now_ms(), note);
  co_return co_await changed_contact(std::move(added));
}

Commands::Answer Commands::contacts_list(wire::Json) {
  const auto all = rooms_.contacts->list();
  if (!all) co_return pass_on(all.error());
  wire::Json list = wire::Json::array();
  for (const auto& contact : *all) list.push_back(document(contact));
  co_return wire::Json{{"contacts", std::move(list)}};
}

Commands::Answer Commands::contacts_accept(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("name", max_name);
  const std::string as = fields.text("as", max_name);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto accepted = rooms_.contacts->accept(name, as, now_ms());
  co_return co_await changed_contact(std::move(accepted));
}

/// For `decline` and `remove`: no, or no longer.
Commands::Answer Commands::contacts_remove(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  const auto removed = rooms_.contacts->remove(*name, now_ms());
  if (!removed) co_return pass_on(removed.error());
  const Result<void> told = co_await rooms_.mailbox->publish_tokens();
  rooms_.outbox->kick();
  co_return wire::Json{
      {"name", removed->name}, {"home", removed->card.home.text()}, {"ready", told.has_value()}};
}

Commands::Answer Commands::contacts_decline(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  const auto all = rooms_.contacts->list();
  if (!all) co_return pass_on(all.error());
  for (const auto& contact : *all) {
    if (contact.name != *name || contact.state == ContactState::asked) continue;
    co_return fail(Code::contact_pending, contact.name +
                                              " does not ask for an answer. Nothing was changed; "
                                              "see hearth contacts remove.");
  }
  co_return co_await contacts_remove(std::move(arguments));
}

Commands::Answer Commands::contacts_rename(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("name", max_name);
  const std::string as = fields.required_text("as", max_name);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto renamed = rooms_.contacts->rename(name, as);
  co_return co_await changed_contact(std::move(renamed));
}

Commands::Answer Commands::contacts_mute(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  auto muted = rooms_.contacts->mute(*name, true);
  co_return co_await changed_contact(std::move(muted));
}

Commands::Answer Commands::contacts_unmute(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  auto unmuted = rooms_.contacts->mute(*name, false);
  co_return co_await changed_contact(std::move(unmuted));
}

Commands::Answer Commands::contacts_reception(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("name", max_name);
  const std::string word = fields.required_text("reception", max_name);
  if (!fields.ok()) co_return pass_on(fields.error());
  std::optional<Reception> reception;
  if (word == name_of(Reception::ask)) reception = Reception::ask;
  if (word == name_of(Reception::accept)) reception = Reception::accept;
  if (!reception && word != "home")
    co_return fail(Code::usage, "It is ask, accept or home. Nothing was changed.");
  auto set = rooms_.contacts->set_reception(name, reception);
  co_return co_await changed_contact(std::move(set));
}

/// Its token leaves the mailbox, and what waits of it goes back.
Commands::Answer Commands::contacts_block(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  auto blocked = rooms_.contacts->block(*name, now_ms());
  if (!blocked) co_return pass_on(blocked.error());
  auto declined = rooms_.gifts->decline_from(blocked->card.home, {});
  if (!declined) co_return pass_on(declined.error());
  co_return co_await changed_contact(std::move(blocked));
}

Commands::Answer Commands::contacts_unblock(wire::Json arguments) {
  const auto name = contact_name(arguments);
  if (!name) co_return pass_on(name.error());
  auto unblocked = rooms_.contacts->unblock(*name, now_ms());
  co_return co_await changed_contact(std::move(unblocked));
}

Result<wire::Json> Commands::directory_document() const {
  const auto entries = rooms_.directory->own();
  if (!entries) return pass_on(entries.error());
  wire::Json list = wire::Json::array();
  for (const auto& one : *entries) {
    list.push_back({{"kind", wire::directory_kind_name(one.kind)},
                    {"value", one.value},
                    {"address", address_text(one)}});
  }
  return wire::Json{{"entries", std::move(list)}};
}

Commands::Answer Commands::directory_publish(wire::Json arguments) {
  auto addresses = directory_addresses(arguments);
  if (!addresses) co_return pass_on(addresses.error());
  auto published = co_await rooms_.directory->publish(std::move(*addresses));
  if (!published) co_return pass_on(published.error());
  auto told = co_await rooms_.mailbox->publish_tokens();
  if (!told) co_return pass_on(told.error());
  co_return directory_document();
}

Commands::Answer Commands::directory_show(wire::Json) {
  co_return directory_document();
}

Commands::Answer Commands::directory_clear(wire::Json arguments) {
  std::vector<std::string> named;
  if (arguments.contains("entries")) {
    auto addresses = directory_addresses(arguments);
    if (!addresses) co_return pass_on(addresses.error());
    named = std::move(*addresses);
  }
  Result<void> cleared;
  if (named.empty()) {
    cleared = co_await rooms_.directory->clear();
  } else {
    cleared = co_await rooms_.directory->withdraw(std::move(named));
  }
  if (!cleared) co_return pass_on(cleared.error());
  auto told = co_await rooms_.mailbox->publish_tokens();
  if (!told) co_return pass_on(told.error());
  co_return directory_document();
}

}  // namespace hearth::node
