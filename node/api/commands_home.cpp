#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

wire::Json swarm_document(const Rooms& rooms) {
  std::uint64_t up = 0, down = 0;
  const auto add = [&](const SwarmStatus& status) {
    up += status.up_rate;
    down += status.down_rate;
  };
  if (rooms.titles) {
    for (const auto& title : rooms.titles->titles()) {
      add(rooms.swarm->status(title.manifest.info_hash));
    }
  }
  if (rooms.mirror) {
    for (const auto& one : rooms.mirror->status()) add(one.swarm);
  }
  return {{"port", rooms.swarm->port()}, {"up_rate", up}, {"down_rate", down}};
}

}  // namespace

Commands::Answer Commands::id(wire::Json) {
  const identity::HomeAddress home = rooms_.keys.address();
  co_return wire::Json{
      {"home", home.text()}, {"grouped", home.grouped()}, {"name", rooms_.options.name}};
}

Commands::Answer Commands::status(wire::Json) {
  const bool is_home = rooms_.options.role == Role::home;
  wire::Json out = {
      {"name", rooms_.options.name},
      {"role", is_home ? "home" : "seed"},
      {"version", HEARTH_VERSION},
      {"ledger",
       {{"url", rooms_.files.ledger.url}, {"reachable", rooms_.ledger->trouble().empty()}}},
      {"waiting_gifts", is_home ? rooms_.gifts->waiting() : 0},
      {"titles", is_home ? rooms_.titles->titles().size() : rooms_.mirror->status().size()},
      {"swarm", swarm_document(rooms_)}};
  out["tv"] = document(is_home ? rooms_.screen->state() : ScreenState());
  if (is_home) {
    wire::Json troubles = wire::Json::array();
    // They name titles, whatever their rating.
    if (viewer_.empty()) {
      for (const auto& one : rooms_.television->troubles()) troubles.push_back(document(one));
    }
    out["channels"] = {{"count", rooms_.television->timelines().size()},
                       {"troubles", std::move(troubles)}};
  }
  if (!rooms_.ledger->trouble().empty()) out["ledger"]["sentence"] = rooms_.ledger->trouble();
  const auto alarm = rooms_.ledger->history().alarm();
  if (!alarm) co_return pass_on(alarm.error());
  if (*alarm) out["ledger"]["alarm"] = history_document(**alarm);
  co_return out;
}

Commands::Answer Commands::transfers(wire::Json) {
  wire::Json list = wire::Json::array();
  if (rooms_.mirror) {
    for (const auto& one : rooms_.mirror->status()) list.push_back(transfer_document(one));
    co_return wire::Json{{"transfers", std::move(list)}};
  }
  const auto deliveries = rooms_.deliveries->list();
  if (!deliveries) co_return pass_on(deliveries.error());
  std::map<std::string, const Delivery*> by_title;
  for (const auto& delivery : *deliveries) by_title[delivery.title] = &delivery;
  for (const auto& title : rooms_.titles->titles()) {
    const std::string id = to_hex(title.manifest.title);
    const auto found = by_title.find(id);
    list.push_back(transfer_document(title, rooms_.titles->progress(title.manifest.title),
                                     found == by_title.end() ? nullptr : found->second,
                                     rooms_.deliveries->trouble(id)));
    if (!rooms_.titles->keeps_data(title.manifest.title)) list.back()["state"] = "removed";
    by_title.erase(id);
  }
  for (const auto& [id, delivery] : by_title) {
    const auto manifest = wire::read_manifest(delivery->manifest_jws);
    if (!manifest) co_return pass_on(manifest.error());
    list.push_back(transfer_document(*delivery, *manifest, rooms_.deliveries->trouble(id)));
  }
  co_return wire::Json{{"transfers", std::move(list)}};
}

}  // namespace hearth::node
