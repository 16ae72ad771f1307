#include "node/rules/house_rules.h"

#include <limits>
#include <set>

#include "common/crypto/password.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

constexpr std::string_view rules_key = "rules/home";
constexpr std::string_view pin_key = "rules/pin";
constexpr const char* pin_needed_sentence =
    "This needs the PIN of this home. Nothing was done; give it with --pin, or let hearth ask for "
    "it at a terminal.";

/// What is too large to keep is the largest that can be kept: above every limit.
std::int64_t sum_of(std::int64_t before, std::optional<std::int64_t> more) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  return more ? money::checked_add(before, *more).value_or(largest) : largest;
}

}  // namespace

Result<HomeRules> HouseRules::rules() const {
  const auto value = records_.get(rules_key);
  if (!value) return pass_on(value.error());
  if (!*value) return HomeRules();
  auto rules = decode_rules(**value);
  if (!rules) return damaged("set of rules");
  return std::move(*rules);
}

Result<void> HouseRules::store(const HomeRules& rules) {
  store::Batch batch;
  put(batch, rules_key, encode(rules));
  return records_.commit(batch);
}

Result<Verdict> HouseRules::judge(const Offering& what, std::uint64_t received_month,
                                  UtcMs now) const {
  const auto home = rules();
  if (!home) return pass_on(home.error());
  Moment moment = local_moment(now);
  moment.received_month = received_month;
  return decide(*home, what, moment);
}

Result<Verdict> HouseRules::judge_channel(const Offering& who, UtcMs now) const {
  const auto home = rules();
  if (!home) return pass_on(home.error());
  return decide_channel(*home, who, local_moment(now));
}

Result<PinState> HouseRules::pin_state() const {
  const auto value = records_.get(pin_key);
  if (!value) return pass_on(value.error());
  if (!*value) return PinState();
  auto state = decode_pin(**value);
  if (!state) return damaged("PIN");
  return std::move(*state);
}

Result<void> HouseRules::store_pin(const PinState& state) {
  store::Batch batch;
  if (state.hash.empty()) erase(batch, pin_key);
  if (!state.hash.empty()) put(batch, pin_key, encode(state));
  return records_.commit(batch);
}

Result<bool> HouseRules::has_pin() const {
  const auto state = pin_state();
  if (!state) return pass_on(state.error());
  return !state->hash.empty();
}

net::Task<Result<void>> HouseRules::check_pin(std::string pin) {
  const auto state = pin_state();
  if (!state) co_return pass_on(state.error());
  if (state->hash.empty()) co_return Result<void>();
  if (pin.empty()) co_return fail(Code::pin_needed, pin_needed_sentence);
  const auto trying = begin_try(*state, now_ms());
  if (!trying) co_return fail(Code::pin_needed, pause_sentence(*state, now_ms()));
  auto counted = store_pin(*trying);
  if (!counted) co_return counted;
  const auto compare = [hash = state->hash, given = std::move(pin)] {
    return crypto::password_matches(hash, given);
  };
  const bool right = co_await net::on_pool(pool_, compare);
  if (!right) co_return fail(Code::pin_needed, wrong_sentence(*trying));
  auto now = pin_state();
  if (!now) co_return pass_on(now.error());
  // Another command may have changed the PIN meanwhile: this one was right for the old one only.
  if (now->hash != state->hash) co_return fail(Code::pin_needed, pin_needed_sentence);
  const PinState cleared = after_right(*now);
  co_return store_pin(cleared);
}

net::Task<Result<void>> HouseRules::set_pin(std::string old, std::string fresh) {
  if (!fresh.empty()) {
    auto formed = node::check_pin(fresh);
    if (!formed) co_return formed;
  }
  auto allowed = co_await check_pin(std::move(old));
  if (!allowed) co_return allowed;
  PinState state;
  if (!fresh.empty()) {
    const auto make = [given = std::move(fresh)] { return hash_pin(given); };
    auto hash = co_await net::on_pool(pool_, make);
    if (!hash) co_return pass_on(hash.error());
    state.hash = std::move(*hash);
  }
  co_return store_pin(state);
}

Result<Spent> HouseRules::spent(const money::Currency& currency, UtcMs now) const {
  const auto purchases = wallet_.purchases();
  if (!purchases) return pass_on(purchases.error());
  const Moment moment = local_moment(now);
  Spent sum;
  Result<void> counted;
  const auto count = [&](const wire::OfferId& id, std::int64_t times, UtcMs at) {
    if (at < moment.month_began || !counted) return;
    const auto offer = wallet_.offer(id);
    if (!offer) counted = pass_on(offer.error());
    if (!offer || offer->price.currency != currency) return;
    const auto paid = money::checked_mul(offer->price.minor, times);
    sum.month = sum_of(sum.month, paid);
    if (at >= moment.day_began) sum.day = sum_of(sum.day, paid);
  };
  std::set<std::string> bought;
  for (const auto& purchase : *purchases) {
    if (purchase.state == PurchaseState::refused) continue;
    bought.insert(purchase.intent.gift);
    count(purchase.offer, purchase.count, purchase.begun_ms);
  }
  const auto promised = promised_ ? promised_() : std::vector<Promise>();
  if (!promised) return pass_on(promised.error());
  for (const auto& one : *promised) {
    if (!bought.contains(one.gift)) count(one.offer, 1, one.at_ms);
  }
  if (!counted) return pass_on(counted.error());
  return sum;
}

Result<void> HouseRules::may_spend(const money::Amount& amount, UtcMs now) const {
  const auto home = rules();
  if (!home) return pass_on(home.error());
  if (home->spending.empty()) return {};
  const auto paid = spent(amount.currency, now);
  if (!paid) return pass_on(paid.error());
  const SpendVerdict verdict = node::may_spend(*home, *paid, amount);
  if (verdict == SpendVerdict::allowed) return {};
  const std::string sentence = spend_sentence(*home, verdict, amount) + " Nothing was charged; ";
  const auto pin = has_pin();
  if (!pin) return pass_on(pin.error());
  if (*pin) return fail(Code::pin_needed, sentence + "the PIN allows it all the same.");
  return fail(Code::limit_exceeded, sentence + "see hearth rules show.");
}

}  // namespace hearth::node
