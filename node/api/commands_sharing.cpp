// Channels between homes: shown to others, asked for, accepted in whole or in parts, ended.
#include <algorithm>

#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

using channels::Timeline;

constexpr std::size_t max_argument = 4096;

std::size_t for_sale(const channels::List& list) {
  return static_cast<std::size_t>(std::count_if(
      list.items.begin(), list.items.end(),
      [](const channels::Item& item) { return item.kind == channels::ItemKind::offer; }));
}

/// The lists of a channel that waits: what can be taken of it.
wire::Json parts_of(const channels::Channel& channel) {
  wire::Json parts = wire::Json::array();
  for (const auto& list : channel.lists)
    parts.push_back({{"list", list.id},
                     {"name", list.name},
                     {"items", list.items.size()},
                     {"for_sale", for_sale(list)}});
  return parts;
}

/// "5.00 EUR" and "20.00 EUR" as a budget; nullopt: neither was said.
Result<std::optional<channels::Budget>> budget_from_words(const std::string& title,
                                                          const std::string& month) {
  if (title.empty() && month.empty()) return std::optional<channels::Budget>();
  const auto one = money::parse(title.empty() ? month : title);
  if (!one) return pass_on(one.error());
  const auto all = money::parse(month.empty() ? title : month);
  if (!all) return pass_on(all.error());
  if (one->currency != all->currency || one->minor < 0 || all->minor < 0)
    return fail(Code::usage,
                "A budget is two amounts of one currency, not below zero. Nothing was changed.");
  if (std::max(one->minor, all->minor) > wire::max_price_minor)
    return fail(Code::usage, "A budget is at most " +
                                 money::format({wire::max_price_minor, one->currency}) +
                                 ". Nothing was changed.");
  return std::optional(channels::Budget{one->minor, std::max(one->minor, all->minor),
                                        std::string(one->currency.code())});
}

Result<std::vector<std::string>> words_of(wire::Fields& fields, const char* name) {
  std::vector<std::string> out;
  const wire::Json& words = fields.array(name, max_taken);
  if (!fields.ok()) return pass_on(fields.error());
  for (const wire::Json& one : words) {
    if (!one.is_string() || one.get_ref<const std::string&>().size() > max_argument)
      return fail(Code::usage, "Parts of a channel are named by text. Nothing was changed.");
    out.push_back(one.get<std::string>());
  }
  return out;
}

}  // namespace

Result<std::string> Commands::name_of_home(const identity::HomeAddress& home) const {
  const auto contact = rooms_.contacts->stored(home);
  if (!contact) return pass_on(contact.error());
  return *contact ? (*contact)->name : std::string();
}

/// CHANNEL, with the home that it comes from.
Result<wire::Json> Commands::shown_channel(const Timeline& timeline) const {
  wire::Json out = channel_document(*rooms_.television, timeline, now_ms());
  const auto from = rooms_.sharing->in().of_channel(timeline.channel().id);
  if (!from) return pass_on(from.error());
  if (!*from) return out;
  const auto name = name_of_home((*from)->from);
  if (!name) return pass_on(name.error());
  std::size_t withheld = 0, untaken = 0;
  for (const auto& list : timeline.channel().lists) {
    for (const auto& item : list.items) {
      withheld += item.media == withheld_media;
      untaken += item.media == untaken_media;
    }
  }
  out["from"] = {{"home", (*from)->from.text()},
                 {"contact", *name},
                 {"withheld", withheld},
                 {"not_taken", untaken}};
  return out;
}

Result<wire::Json> Commands::shared_in_document(const SharedIn& record) const {
  const auto name = name_of_home(record.from);
  if (!name) return pass_on(name.error());
  wire::Json out = {{"offer", record.id},          {"state", name_of(record.state)},
                    {"home", record.from.text()},  {"contact", *name},
                    {"name", record.name},         {"note", record.note},
                    {"whole", record.taken.whole}, {"taken", record.taken.parts},
                    {"at_ms", record.at_ms}};
  if (const Timeline* on = rooms_.television->by_id(record.id))
    out["number"] = on->channel().number;
  const auto file = rooms_.sharing->in().file(record);
  if (file) out["parts"] = parts_of(file->channel);
  return out;
}

Result<wire::Json> Commands::shared_out_document(const SharedOut& record) const {
  const auto name = name_of_home(record.to);
  if (!name) return pass_on(name.error());
  wire::Json out = {{"share", record.id},
                    {"state", name_of(record.state)},
                    {"channel", record.channel},
                    {"home", record.to.text()},
                    {"contact", *name},
                    {"note", record.note},
                    {"reason", record.reason},
                    {"problem", record.problem},
                    {"revision", record.revision},
                    {"at_ms", record.at_ms}};
  if (const Timeline* of = rooms_.television->by_id(record.channel)) {
    out["number"] = of->channel().number;
    out["name"] = of->channel().name;
  }
  return out;
}

Result<wire::Json> Commands::share_wish_document(const ShareWish& wish) const {
  const auto name = name_of_home(wish.home);
  if (!name) return pass_on(name.error());
  return wire::Json{{"wish", wish.id},    {"outgoing", wish.outgoing}, {"home", wish.home.text()},
                    {"contact", *name},   {"channel", wish.channel},   {"note", wish.note},
                    {"at_ms", wish.at_ms}};
}

Commands::Answer Commands::channel_share(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string to = fields.text("to", max_argument), note = fields.text("note", max_argument);
  const bool open = fields.boolean_or("open", false), closed = fields.boolean_or("closed", false);
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const std::string channel = (*timeline)->channel().id;
  if (to.empty() && open == closed)
    co_return fail(Code::usage,
                   "With whom? Name a contact with --to, or say --open (or --closed) for contacts "
                   "who ask for it. Nothing was changed.");
  wire::Json out = {{"channel", channel}, {"number", (*timeline)->channel().number}};
  if (open != closed) {
    auto set = rooms_.sharing->out().set_open(channel, open);
    if (!set) co_return pass_on(set.error());
    out["open"] = open;
  }
  if (to.empty()) co_return out;
  const auto contact = rooms_.contacts->find(to);
  if (!contact) co_return pass_on(contact.error());
  const auto shared = rooms_.sharing->out().share(channel, *contact, note);
  if (!shared) co_return pass_on(shared.error());
  auto document = shared_out_document(*shared);
  if (!document) co_return pass_on(document.error());
  out["shared"] = std::move(*document);
  co_return out;
}

Commands::Answer Commands::channel_unshare(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string with = fields.text("with", max_argument);
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  std::optional<Contact> contact;
  if (!with.empty()) {
    // Also one that was blocked in the meantime.
    const auto all = rooms_.contacts->list();
    if (!all) co_return pass_on(all.error());
    for (const Contact& one : *all) {
      if (one.name == with || one.card.home.text() == with) contact = one;
    }
    if (!contact)
      co_return fail(Code::unknown_contact, "No contact is called " + printable(with) +
                                                ". Nothing was changed; see hearth contacts list.");
  }
  const auto& channel = (*timeline)->channel();
  const auto count = rooms_.sharing->out().unshare(channel.id, contact);
  if (!count) co_return pass_on(count.error());
  co_return wire::Json{{"channel", channel.id},
                       {"number", channel.number},
                       {"name", channel.name},
                       {"ended", *count}};
}

Commands::Answer Commands::channel_subscribe(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string from = fields.required_text("from", max_argument);
  const std::string channel = fields.required_text("channel", max_argument);
  const std::string note = fields.text("note", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto contact = rooms_.contacts->find(from);
  if (!contact) co_return pass_on(contact.error());
  const auto wish = rooms_.sharing->in().ask(*contact, channel, note);
  if (!wish) co_return pass_on(wish.error());
  auto document = share_wish_document(*wish);
  if (!document) co_return pass_on(document.error());
  co_return std::move(*document);
}

Commands::Answer Commands::channel_offers(wire::Json) {
  wire::Json offered = wire::Json::array(), shared = wire::Json::array();
  wire::Json wishes = wire::Json::array(), open = wire::Json::array();
  const auto in = rooms_.sharing->in().list();
  if (!in) co_return pass_on(in.error());
  for (const SharedIn& one : *in) {
    if (one.state == InState::arriving) continue;
    auto document = shared_in_document(one);
    if (!document) co_return pass_on(document.error());
    offered.push_back(std::move(*document));
  }
  const auto out = rooms_.sharing->out().list();
  if (!out) co_return pass_on(out.error());
  for (const SharedOut& one : *out) {
    auto document = shared_out_document(one);
    if (!document) co_return pass_on(document.error());
    shared.push_back(std::move(*document));
  }
  const auto asked = rooms_.sharing->out().wishes();
  const auto own = rooms_.sharing->in().wishes();
  if (!asked || !own) co_return pass_on(asked ? own.error() : asked.error());
  for (const auto* list : {&*asked, &*own}) {
    for (const ShareWish& one : *list) {
      auto document = share_wish_document(one);
      if (!document) co_return pass_on(document.error());
      wishes.push_back(std::move(*document));
    }
  }
  for (const Timeline* one : rooms_.television->timelines()) {
    const auto is_open = rooms_.sharing->out().is_open(one->channel().id);
    if (!is_open) co_return pass_on(is_open.error());
    if (*is_open) open.push_back(one->channel().number);
  }
  co_return wire::Json{{"offered", std::move(offered)},
                       {"shared", std::move(shared)},
                       {"wishes", std::move(wishes)},
                       {"open", std::move(open)}};
}

Commands::Answer Commands::channel_accept(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("offer", max_argument);
  ChannelsIn::Choice choice;
  choice.number = static_cast<std::int32_t>(fields.integer_or("number", 1, 9999, 0));
  const bool whole = fields.boolean_or("whole", false);
  const std::string title = fields.text("budget_title", max_argument);
  const std::string month = fields.text("budget_month", max_argument);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto only = words_of(fields, "only");
  if (!only) co_return pass_on(only.error());
  if (whole && !only->empty())
    co_return fail(Code::usage, "All of it, or only some lists? Nothing was changed.");
  if (whole || !only->empty()) choice.only = std::move(*only);
  auto budget = budget_from_words(title, month);
  if (!budget) co_return pass_on(budget.error());
  choice.budget = *budget;
  const auto tried = rooms_.sharing->in().chosen(id, choice);
  if (!tried) co_return pass_on(tried.error());
  const Timeline* on = rooms_.television->by_id(tried->id);
  const channels::Budget before = on == nullptr ? channels::Budget() : on->channel().budget;
  if (raises(before, tried->budget)) {
    auto allowed = co_await rooms_.house_rules->check_pin(std::move(pin));
    if (!allowed) co_return pass_on(allowed.error());
  }
  // What it was may have changed while the PIN was checked.
  auto chosen = rooms_.sharing->in().chosen(tried->id, choice);
  if (!chosen) co_return pass_on(chosen.error());
  const auto accepted = rooms_.sharing->in().accept(std::move(*chosen));
  if (!accepted) co_return pass_on(accepted.error());
  const Timeline* now = rooms_.television->by_id(accepted->id);
  if (now == nullptr) co_return fail(Code::not_found, "The channel is not there any more.");
  auto document = shown_channel(*now);
  if (!document) co_return pass_on(document.error());
  co_return std::move(*document);
}

Commands::Answer Commands::channel_decline(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("offer", max_argument);
  const std::string note = fields.text("note", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  // Somebody's wish to see one of this home's is declined by the same word.
  const auto wishes = rooms_.sharing->out().wishes();
  if (!wishes) co_return pass_on(wishes.error());
  if (with_id(*wishes, id) != nullptr) {
    const auto refused = rooms_.sharing->out().refuse(id, note);
    if (!refused) co_return pass_on(refused.error());
    auto document = share_wish_document(*refused);
    if (!document) co_return pass_on(document.error());
    co_return std::move(*document);
  }
  const auto declined = rooms_.sharing->in().decline(id, note);
  if (!declined) co_return pass_on(declined.error());
  auto document = shared_in_document(*declined);
  if (!document) co_return pass_on(document.error());
  co_return std::move(*document);
}

}  // namespace hearth::node
