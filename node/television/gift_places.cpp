#include "node/television/gift_places.h"

#include "common/base/log.h"
#include "common/base/names.h"

namespace hearth::node {
namespace {

using namespace channels;

constexpr const char* gifts_list = "gifts";

std::string placed_key(const std::string& gift) {
  return "channel/placed/" + gift;
}

bool is_accepted(ReceivedState state) {
  return state == ReceivedState::accepted || state == ReceivedState::fetching ||
         state == ReceivedState::fetched;
}

}  // namespace

std::vector<Change> placed(const Channel& channel, const Zone& zone, const std::string& title,
                           const std::string& name, UtcMs at_ms, UtcMs now, const Media& media) {
  std::vector<Change> changes;
  channels::Item item;
  item.id = fresh_id(channel, 'i');
  item.media = title;
  item.name = name;
  const Facts* facts = media.find(title);
  if (facts != nullptr && facts->kind == wire::Kind::image) {
    item.kind = ItemKind::album;
    item.media.clear();
    item.pictures = {title};
    item.picture_ms = 10 * second_ms;
  } else if (facts != nullptr && facts->length_ms < min_length_ms) {
    item.length_ms = minute_ms;  // a document
  }
  if (at_ms == 0 && !channel.lists.empty()) {
    changes.push_back(add_items(channel.lists.front().id, {item}, "", media));
    return changes;
  }
  // A list of its own, so that nothing else is moved.
  List list;
  list.id = fresh_id(channel, 'g');
  list.name = std::string(gifts_list) + " " + list.id;
  list.items = {};
  changes.push_back(add_list(list));
  changes.push_back(add_items(list.id, {item}, "", media));
  Slot slot;
  slot.id = fresh_id(channel, 's');
  slot.list = list.id;
  slot.rank = 1;  // before what returns every day
  const UtcMs at = at_ms == 0 ? now + minute_ms : at_ms;
  const std::int64_t clock = zone.wall_ms(at) - std::int64_t{zone.local_day(at)} * day_ms;
  Day day = zone.local_day(at);
  if (zone.to_utc(day, clock) <= now) {
    day = zone.local_day(now);
    if (zone.to_utc(day, clock) <= now) ++day;
  }
  slot.fixed = Fixed{clock, day, "", {}, {}};
  changes.push_back(add_slot(slot, ""));
  return changes;
}

Result<void> GiftPlaces::place_one(const ReceivedGift& gift, UtcMs now) {
  const auto channel = television_.find(gift.words.channel);
  if (!channel) return {};
  const Timeline& timeline = **channel;
  Television::Edit edit;
  edit.channel = timeline.channel().id;
  edit.what = "gift: " + printable(gift.title_name);
  edit.changes = placed(timeline.channel(), timeline.zone(), gift.title, gift.title_name,
                        gift.words.place_ms, now, television_.media(edit.channel));
  edit.also = [key = placed_key(gift.id)](store::Batch& batch) {
    put(batch, key, Writer().u8(1).view());
  };
  auto after = television_.tried(edit);
  if (!after) return pass_on(after.error());
  return television_.keep(edit, std::move(*after));
}

Result<void> GiftPlaces::place(UtcMs now) {
  const auto briefs = gifts_.briefs();
  if (!briefs) return pass_on(briefs.error());
  for (const ReceivedBrief& brief : *briefs) {
    if (!is_accepted(brief.state)) continue;
    const auto done = records_.get(placed_key(brief.id));
    if (!done) return pass_on(done.error());
    if (*done) continue;
    const auto gift = gifts_.received_gift(brief.id);
    if (!gift) return pass_on(gift.error());
    if (!*gift || (*gift)->words.channel.empty()) continue;
    // Its length is known with its torrent.
    if (television_.media().find((*gift)->title) == nullptr) continue;
    const auto put_there = place_one(**gift, now);
    if (!put_there)
      spdlog::warn("television: a gift could not be placed: {}", put_there.error().sentence);
  }
  return {};
}

}  // namespace hearth::node
