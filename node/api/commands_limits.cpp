// What the rules of this home say to other commands: what the profile in use may see, and what may
// be spent.
#include <algorithm>
#include <map>

#include "node/api/commands.h"

namespace hearth::node {
namespace {

constexpr std::int64_t purchase_patience_ms = 20'000;

}  // namespace

/// What the new profile may not see does not go on playing.
Result<wire::Json> Commands::hide_from_tv(const HomeRules& rules, wire::Json done) {
  const ScreenState& tv = rooms_.screen->state();
  if (!tv.connected || tv.title_id.empty()) return done;
  const auto title = rooms_.titles->find(tv.title_id);
  if (!title) return done;
  const auto rating = rating_of(*title);
  if (!rating) return pass_on(rating.error());
  if (rules.shows(*rating)) return done;
  auto stopped = rooms_.screen->command("stop", 0);
  if (!stopped) return pass_on(stopped.error());
  return done;
}

/// The age rating of a title of this home: its offer's, or what a gift of it says.
Result<std::int64_t> Commands::rating_of(const Title& title) const {
  std::int64_t rating = 0;
  if (!title.offer_jws.empty()) {
    const auto offer = wire::read_offer(title.offer_jws);
    if (!offer) return pass_on(offer.error());
    rating = offer->terms.min_age;
  }
  const auto gifts = rooms_.gifts->store().received();
  if (!gifts) return pass_on(gifts.error());
  const std::string id = to_hex(title.manifest.title);
  for (const auto& gift : *gifts) {
    if (gift.title == id) rating = std::max(rating, gift.min_age);
  }
  return rating;
}

Result<HomeRules> Commands::seen_rules() const {
  auto rules = rooms_.house_rules->rules();
  if (!rules) return pass_on(rules.error());
  return seen_under(std::move(*rules), viewer_);
}

/// Code::rule_refused.
Result<void> Commands::may_see(std::int64_t min_age, const std::string& name) const {
  const auto rules = seen_rules();
  if (!rules) return pass_on(rules.error());
  if (rules->shows(min_age)) return {};
  return fail(Code::rule_refused, name + " is for ages from " + std::to_string(min_age) +
                                      ", and the profile " + rules->profile +
                                      " does not show it. Nothing was done or charged; see hearth "
                                      "profile use.");
}

/// A gift that is not shown is not there for whoever watches.
Result<void> Commands::may_accept(const ReceivedGift& gift) const {
  const auto rules = seen_rules();
  if (!rules) return pass_on(rules.error());
  const auto shown = rooms_.shows(gift, *rules);
  if (!shown) return pass_on(shown.error());
  if (*shown) return {};
  return fail(Code::rule_refused,
              "The profile in use does not show this gift. Nothing was changed; see hearth profile "
              "use.");
}

/// True: the PIN was given for it. All of one currency count as one purchase.
net::Task<Result<bool>> Commands::may_pay(std::vector<money::Amount> prices, std::string pin) {
  std::map<money::Currency, std::int64_t> sums;
  for (const auto& price : prices) {
    const auto sum = money::checked_add(sums[price.currency], price.minor);
    if (!sum) co_return fail(Code::overflow, "That is too much money. Nothing was charged.");
    sums[price.currency] = *sum;
  }
  for (const auto& [currency, minor] : sums) {
    const auto allowed = rooms_.house_rules->may_spend({minor, currency}, now_ms());
    if (allowed) continue;
    if (allowed.error().code != Code::pin_needed || pin.empty()) co_return pass_on(allowed.error());
    auto right = co_await rooms_.house_rules->check_pin(std::move(pin));
    if (!right) co_return pass_on(right.error());
    co_return true;
  }
  co_return false;
}

/// The same command again: what it costs is counted already.
bool Commands::is_under_way(const GiftParcel& parcel) const {
  const auto sent = rooms_.gifts->store().sent();
  if (!sent) return false;
  return std::all_of(parcel.what.begin(), parcel.what.end(), [&](const auto& what) {
    return std::any_of(sent->begin(), sent->end(), [&](const auto& gift) {
      return gift.state == SentState::buying && gift.to == parcel.to.card.home && what.offer &&
             gift.offer == to_hex(what.offer->id);
    });
  });
}

/// What the wallet holds already costs nothing.
Result<std::vector<money::Amount>> Commands::to_pay(const GiftParcel& parcel) const {
  std::vector<money::Amount> prices;
  for (const auto& what : parcel.what) {
    if (!what.offer) continue;
    const auto held = rooms_.wallet->held_for(what.offer->id);
    if (!held) return pass_on(held.error());
    if (!*held) prices.push_back(what.offer->price);
  }
  return prices;
}

/// Goes on with a purchase that is open; a new one is begun if the rules or the PIN allow it.
net::Task<Result<PurchaseRecord>> Commands::bought(wire::Offer offer, Intent intent, Wanted wanted,
                                                   std::string pin) {
  const auto open = rooms_.wallet->open_purchase(offer.id, intent);
  if (!open) co_return pass_on(open.error());
  if (!*open) {
    std::vector<money::Amount> prices = {offer.price};
    const auto approved = co_await may_pay(std::move(prices), std::move(pin));
    if (!approved) co_return pass_on(approved.error());
    intent.approved = *approved;
  }
  co_return co_await rooms_.purchases->buy(std::move(offer), std::move(intent), wanted,
                                           purchase_patience_ms);
}

}  // namespace hearth::node
