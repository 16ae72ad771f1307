#include "node/api/channel_documents.h"

#include "node/channels/channel_json.h"
#include "node/channels/guide.h"

namespace hearth::node {

using channels::Channel;
using channels::GuideEntry;

wire::Json document(const Channel& channel, const channels::Media& media, const GuideEntry& entry) {
  wire::Json out = {{"start_ms", entry.start},
                    {"end_ms", entry.end},
                    {"kind", channels::name_of(entry.kind)},
                    {"name", channels::title_of(channel, media, entry)}};
  const channels::Item* item = channels::item_of(channel, entry.item);
  if (item != nullptr) {
    out["item"] = item->id;
    if (!item->media.empty()) out["media"] = item->media;
    out["availability"] = channels::name_of(entry.availability);
    out["shown"] = entry.shown;
  }
  if (entry.slot >= 0) out["slot"] = channel.slots[static_cast<std::size_t>(entry.slot)].id;
  if (entry.cut) out["cut"] = true;
  return out;
}

wire::Json document(const channels::Warning& warning) {
  return {{"problem", channels::name_of(warning.problem)},
          {"where", warning.where},
          {"sentence", warning.sentence}};
}

wire::Json document(const ChannelTrouble& trouble) {
  return {{"media", trouble.media},
          {"name", trouble.name},
          {"sentence", trouble.sentence},
          {"at_ms", trouble.at_ms}};
}

wire::Json document(const VersionBrief& version) {
  wire::Json out = {
      {"version", version.version}, {"from_ms", version.from_ms}, {"what", version.what}};
  if (version.restores != 0) out["restores"] = version.restores;
  return out;
}

wire::Json channel_document(const Television& television, const channels::Timeline& timeline,
                            UtcMs now) {
  const Channel& channel = timeline.channel();
  std::size_t items = 0;
  for (const auto& list : channel.lists) items += list.items.size();
  wire::Json on;
  const auto shown = television.guide(channel.id, now, now + 1);
  if (!shown.empty())
    on = document(shown.front().of->channel(), television.media(channel.id), shown.front().entry);
  wire::Json out = {{"channel", channel.id},
                    {"number", channel.number},
                    {"name", channel.name},
                    {"zone", channel.zone},
                    {"version", channel.version},
                    {"colour", channels::colour_text(channel.colour)},
                    {"items", items},
                    {"slots", channel.slots.size()},
                    {"on", std::move(on)},
                    {"troubles", television.troubles(channel.id).size()}};
  if (!channel.logo.empty()) out["logo"] = channel.logo;
  return out;
}

}  // namespace hearth::node
