// Channels: made, shown, deleted. Changes of what they show are in commands_channel_edit.cpp, the
// guide in commands_guide.cpp.
#include "common/base/names.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/channels/channel_json.h"

namespace hearth::node {
namespace {

using channels::Timeline;

constexpr std::size_t max_argument = 1024, max_what = 1000;
constexpr std::int64_t latest_ms = std::int64_t{1} << 47;

/// The zone of this machine, as far as it says.
std::string local_zone() {
  std::error_code error;
  const std::string path = std::filesystem::canonical("/etc/localtime", error).string();
  const std::size_t at = path.find("zoneinfo/");
  return error || at == std::string::npos ? "UTC" : path.substr(at + 9);
}

/// About an item that is not here because its home keeps it, or because it was not taken: nothing
/// is wrong with that, and "from" counts them.
bool is_elsewhere(const channels::Channel& channel, const channels::Warning& warning) {
  for (const auto& list : channel.lists) {
    for (const auto& item : list.items) {
      if (item.id == warning.where)
        return item.media == withheld_media || item.media == untaken_media;
    }
  }
  return false;
}

}  // namespace

Result<const Timeline*> Commands::channel_argument(wire::Fields& fields) const {
  const std::string what = fields.required_text("channel", max_argument);
  if (!fields.ok()) return pass_on(fields.error());
  return rooms_.television->find(what);
}

Commands::Answer Commands::channel_create(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::int64_t number =
      fields.integer_or("number", 1, 9999, rooms_.television->free_number());
  const std::string name = fields.required_text("name", max_argument);
  std::string zone = fields.text("zone", 64);
  const wire::Json what = fields.has("what") ? fields.array("what", max_what) : wire::Json::array();
  if (!fields.ok()) co_return pass_on(fields.error());
  auto found = co_await items_from_words(what, 0);
  if (!found) co_return pass_on(found.error());
  const auto checked = checked_name(name);
  if (!checked) co_return pass_on(checked.error());
  const bool said = !zone.empty();
  if (!said) zone = local_zone();
  if (!said && !rooms_.television->zone(zone)) zone = "UTC";
  auto channel = rooms_.television->fresh(static_cast<std::int32_t>(number), *checked, zone);
  if (!channel) co_return pass_on(channel.error());
  // One list that goes on for ever: what is added is shown, without another word.
  channels::List main{"main", "", channels::Order::sequence, std::move(found->items)};
  for (std::size_t i = 0; i < main.items.size(); ++i)
    main.items[i].id = "i" + std::to_string(i + 1);
  channel->lists.push_back(std::move(main));
  channels::Slot always;
  always.id = "always";
  always.list = "main";
  always.take = channels::Take::flood;
  channel->slots.push_back(std::move(always));
  const std::string id = channel->id;
  auto begun = rooms_.television->begin(std::move(*channel), "create", found->offers);
  if (!begun) co_return pass_on(begun.error());
  co_return channel_document(*rooms_.television, *rooms_.television->by_id(id), now_ms());
}

Commands::Answer Commands::channel_list(wire::Json) {
  wire::Json list = wire::Json::array();
  for (const Timeline* one : rooms_.television->timelines()) {
    auto document = shown_channel(*one);
    if (!document) co_return pass_on(document.error());
    list.push_back(std::move(*document));
  }
  co_return wire::Json{{"channels", std::move(list)}};
}

Commands::Answer Commands::channel_show(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::int64_t version = fields.integer_or("version", 1, latest_ms, 0);
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  auto shown = shown_channel(**timeline);
  if (!shown) co_return pass_on(shown.error());
  wire::Json out = std::move(*shown);
  out["document"] = channels::to_json((*timeline)->channel());
  if (version == 0) co_return out;
  const auto older = rooms_.television->version((*timeline)->channel().id, version);
  if (!older) co_return pass_on(older.error());
  out["document"] = channels::to_json(*older);
  co_return out;
}

Commands::Answer Commands::channel_check(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const auto& channel = (*timeline)->channel();
  auto shown = shown_channel(**timeline);
  if (!shown) co_return pass_on(shown.error());
  wire::Json out = std::move(*shown);
  wire::Json warnings = wire::Json::array(), troubles = wire::Json::array();
  for (const auto& one :
       channels::check(**timeline, rooms_.television->media(channel.id), now_ms())) {
    if (!is_elsewhere(channel, one)) warnings.push_back(document(one));
  }
  for (const auto& one : rooms_.television->troubles(channel.id)) troubles.push_back(document(one));
  out["warnings"] = std::move(warnings);
  out["troubles"] = std::move(troubles);
  const auto currency = money::Currency::from_code(channel.budget.currency);
  if (!currency) co_return out;
  const auto spent = rooms_.buying->spent(channel.id, channel.budget.currency, now_ms());
  if (!spent) co_return pass_on(spent.error());
  out["budget"] = {{"title", document(money::Amount{channel.budget.title, *currency})},
                   {"month", document(money::Amount{channel.budget.month, *currency})},
                   {"spent_month", document(money::Amount{*spent, *currency})}};
  co_return out;
}

Commands::Answer Commands::channel_versions(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const auto versions = rooms_.television->versions((*timeline)->channel().id);
  if (!versions) co_return pass_on(versions.error());
  wire::Json list = wire::Json::array();
  for (const auto& one : *versions) list.push_back(document(one));
  co_return wire::Json{{"channel", (*timeline)->channel().id},
                       {"number", (*timeline)->channel().number},
                       {"versions", std::move(list)}};
}

Commands::Answer Commands::channel_delete(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::int64_t version = fields.integer_or("version", 1, latest_ms, 0);
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const channels::Channel channel = (*timeline)->channel();
  const auto of = rooms_.sharing->in().of_channel(channel.id);
  if (!of) co_return pass_on(of.error());
  if (*of) {
    // Another home's: that one is told, and sends no more of it.
    const auto left = rooms_.sharing->in().decline(channel.id, {});
    if (!left) co_return pass_on(left.error());
    co_return wire::Json{
        {"channel", channel.id}, {"number", channel.number}, {"name", channel.name}};
  }
  auto removed = rooms_.television->remove(channel.id, version);
  if (!removed) co_return pass_on(removed.error());
  co_return wire::Json{{"channel", channel.id}, {"number", channel.number}, {"name", channel.name}};
}

}  // namespace hearth::node
