// Gifts that were held back by the clock alone: until their day, or until the home's hours.
#include "common/base/log.h"
#include "node/gifts/gift_words.h"
#include "node/gifts/received_gifts.h"

namespace hearth::node {

Result<std::vector<std::string>> ReceivedGifts::to_let_in(UtcMs now) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  std::vector<std::string> ids;
  for (const auto& brief : *all) {
    if (brief.state != ReceivedState::waiting || !brief.auto_accept || brief.needs_offer) continue;
    if (now >= brief.opens_ms) ids.push_back(brief.id);
  }
  const auto held = store_.after_hours();
  if (!held) return pass_on(held.error());
  // What the hours hold they hold alike: the first one that is still held speaks for the rest.
  for (const auto& id : *held) {
    const auto gift = store_.received_gift(id);
    if (!gift) return pass_on(gift.error());
    if (!*gift || (*gift)->state != ReceivedState::waiting) continue;
    const auto verdict = judged(**gift, now);
    if (!verdict) return pass_on(verdict.error());
    if (verdict->later) return ids;
    break;
  }
  ids.insert(ids.end(), held->begin(), held->end());
  return ids;
}

Result<std::optional<ReceivedGift>> ReceivedGifts::put_let_in(store::Batch& batch,
                                                              const std::string& id,
                                                              UtcMs now) const {
  auto gift = store_.received_gift(id);
  if (!gift) return pass_on(gift.error());
  store_.erase_after_hours(batch, id);
  if (!*gift || (*gift)->state != ReceivedState::waiting) return std::optional<ReceivedGift>();
  auto admitted = admit(batch, **gift, now, Told::already);
  if (!admitted) return pass_on(admitted.error());
  return std::move(*gift);
}

}  // namespace hearth::node
