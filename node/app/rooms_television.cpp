#include <algorithm>

#include "common/base/log.h"
#include "node/app/rooms.h"

namespace hearth::node {
namespace {

constexpr int banner_seconds = 8;

}  // namespace

/// The channels, what they show, and what is bought for them.
void Rooms::wire_television() {
  shelf = std::make_unique<Shelf>(
      Shelf::Rooms{*records, *titles, *wallet, *deliveries, [this](const std::string& title) {
                     std::int64_t rating = 0;
                     const auto received = gifts->store().received_of(title);
                     if (!received) return no_rating_limit;
                     for (const auto& gift : *received) rating = std::max(rating, gift.min_age);
                     return rating;
                   }});
  television = std::make_unique<Television>(
      loop_, Television::Rooms{*records,
                               [this](const std::string& media, const KnownMedia* before) {
                                 return shelf->look(media, before);
                               },
                               now_ms, Shelf::remember});
  buying = std::make_unique<Buying>(
      loop_, Buying::Rooms{*television, *shelf, *titles, *wallet, *purchases, *deliveries,
                           [this](const std::string& headline, const std::string& text) {
                             screen->notify(headline, text, banner_seconds);
                           }});
  places = std::make_unique<GiftPlaces>(*records, gifts->store(), *television);
  on_tv =
      std::make_unique<OnTv>(OnTv::Rooms{loop_, pool, *television, *titles, *house_rules, now_ms});
}

void Rooms::place_gifts() {
  const auto placed = places->place(now_ms());
  if (!placed) spdlog::warn("television: {}", placed.error().sentence);
}

Result<void> Rooms::begin_television() {
  auto loaded = television->load();
  if (!loaded) return loaded;
  screen->use(on_tv.get());
  buying->start();
  place_gifts();
  return {};
}

}  // namespace hearth::node
