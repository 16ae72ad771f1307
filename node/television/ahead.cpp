#include "node/television/ahead.h"

#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::int64_t least_ahead_ms = 12LL * 3600 * 1000;

AheadStep step_of(const WantedOffer& one, const channels::Budget& budget, std::int64_t& spent,
                  UtcMs now, std::uint64_t rate) {
  if (one.here != Here::for_sale) return AheadStep::nothing;
  if (one.price.currency.code() != budget.currency) return AheadStep::other_currency;
  if (one.price.minor > budget.title) return AheadStep::too_dear;
  const auto after = money::checked_add(spent, one.price.minor);
  if (!after || *after > budget.month) return AheadStep::over_budget;
  if (one.start - now < fetch_ms(one.size, rate)) return AheadStep::late;
  spent = *after;
  return one.start - now <= ahead_ms(one.size, rate) ? AheadStep::buy : AheadStep::wait;
}

}  // namespace

bool raises(const channels::Budget& before, const channels::Budget& after) {
  if (after.currency.empty()) return false;
  return before.currency != after.currency || after.title > before.title ||
         after.month > before.month;
}

std::int64_t ahead_ms(std::uint64_t bytes, std::uint64_t bytes_per_second) {
  return least_ahead_ms + 3 * fetch_ms(bytes, bytes_per_second);
}

std::vector<AheadDecision> decide_ahead(const std::vector<WantedOffer>& wanted,
                                        const channels::Budget& budget, std::int64_t spent,
                                        UtcMs now, std::uint64_t bytes_per_second) {
  std::vector<AheadDecision> out;
  out.reserve(wanted.size());
  for (const WantedOffer& one : wanted)
    out.push_back({one, step_of(one, budget, spent, now, bytes_per_second)});
  return out;
}

std::string ahead_sentence(const AheadDecision& decision, const channels::Budget& budget) {
  const std::string name = "\"" + printable(decision.wanted.name) + "\"";
  const std::string costs = name + " costs " + money::format(decision.wanted.price);
  const std::string after = " It was not bought and nothing was paid; fallback is shown.";
  const auto currency = money::Currency::from_code(budget.currency);
  const auto amount = [&](std::int64_t minor) {
    return currency ? money::format({minor, *currency}) : std::string("nothing");
  };
  switch (decision.step) {
    case AheadStep::late:
      return name + " could not be here in time for its programme." + after;
    case AheadStep::other_currency:
      return costs + ", and the channel has no budget in that currency." + after;
    case AheadStep::too_dear:
      return costs + ", and the channel may pay " + amount(budget.title) + " for a title." + after;
    case AheadStep::over_budget:
      return costs + ", which is more than is left of this month's " + amount(budget.month) + "." +
             after;
    case AheadStep::nothing:
    case AheadStep::wait:
    case AheadStep::buy:
      break;
  }
  return {};
}

}  // namespace hearth::node
