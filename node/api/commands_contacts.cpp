#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_card = 8 * 1024;

}  // namespace

Commands::Answer Commands::contacts_card(wire::Json) {
  co_return wire::Json{
      {"card", own_card(rooms_.keys, rooms_.files.ledger, rooms_.options.name, now_ms())},
      {"home", rooms_.keys.address().text()},
      {"name", rooms_.options.name}};
}

Commands::Answer Commands::contacts_add(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string card = fields.required_text("card", max_card);
  const std::string as = fields.text("as", 1000);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto contact = rooms_.contacts->add(card, as, now_ms());
  if (!contact) co_return pass_on(contact.error());
  co_return wire::Json{{"contacts", wire::Json::array({document(*contact)})}};
}

Commands::Answer Commands::contacts_list(wire::Json) {
  const auto all = rooms_.contacts->list();
  if (!all) co_return pass_on(all.error());
  wire::Json list = wire::Json::array();
  for (const auto& contact : *all) list.push_back(document(contact));
  co_return wire::Json{{"contacts", std::move(list)}};
}

}  // namespace hearth::node
