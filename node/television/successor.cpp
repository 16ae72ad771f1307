#include "node/television/successor.h"

#include <tuple>

#include "common/base/names.h"

namespace hearth::node {

bool is_ended(const wire::Offer& offer, UtcMs now) {
  return offer.terms.sold_until_ms != 0 && offer.terms.sold_until_ms <= now;
}

std::optional<wire::Offer> successor_of(const wire::Offer& ended,
                                        const std::vector<wire::Offer>& found, UtcMs now) {
  const wire::Offer* best = nullptr;
  for (const wire::Offer& one : found) {
    const bool follows = one.manifest.home == ended.manifest.home &&
                         one.manifest.title == ended.manifest.title && one.id != ended.id &&
                         one.issued_ms >= ended.issued_ms && !is_ended(one, now);
    if (!follows) continue;
    const bool better = best == nullptr || std::tuple(-one.issued_ms, one.price.minor) <
                                               std::tuple(-best->issued_ms, best->price.minor);
    if (better) best = &one;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string ended_sentence(const wire::Offer& ended, const std::optional<wire::Offer>& successor,
                           std::int32_t channel_number) {
  const std::string name = "\"" + printable(ended.manifest.name) + "\"";
  const std::string nothing = " It was not bought and nothing was paid; fallback is shown.";
  if (!successor)
    return name + " is not sold any more for " + money::format(ended.price) + "." + nothing;
  return name + " is not sold any more for " + money::format(ended.price) + ": its seller asks " +
         money::format(successor->price) + " for it now." + nothing +
         " To have it bought within the budget, put the new offer in its place: hearth channel "
         "add " +
         std::to_string(channel_number) + " " + to_hex(successor->id) + ".";
}

}  // namespace hearth::node
