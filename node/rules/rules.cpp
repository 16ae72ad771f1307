#include "node/rules/rules.h"

#include <algorithm>

namespace hearth::node {
namespace {

std::string plural_of(wire::Kind kind) {
  switch (kind) {
    case wire::Kind::video:
      return "videos";
    case wire::Kind::audio:
      return "music or other sound";
    case wire::Kind::image:
      return "pictures";
    case wire::Kind::data:
      break;
  }
  return "documents or other data";
}

Verdict refuse(std::string sentence) {
  return {Verdict::What::refuse, false, std::move(sentence), false};
}

bool has_room(const HomeRules& rules, const Offering& what, const Moment& now) {
  if (rules.month_quota == 0) return true;
  return now.received_month <= rules.month_quota &&
         what.size <= rules.month_quota - now.received_month;
}

Verdict let_in(const HomeRules& rules, const Offering& what) {
  const bool contact = what.from == Offering::From::contact;
  const Reception own = what.reception.value_or(rules.reception);
  const bool by_itself = contact && own == Reception::accept && !what.must_ask;
  return {by_itself ? Verdict::What::accept : Verdict::What::ask, what.muted, {}, false};
}

/// A sum that is too large to keep is above every limit.
bool above(std::int64_t spent, std::int64_t amount, std::int64_t limit) {
  if (limit == 0) return false;
  const auto sum = money::checked_add(spent, amount);
  return !sum || *sum > limit;
}

const SpendingLimit* limit_of(const HomeRules& rules, std::string_view currency) {
  const auto found = std::find_if(rules.spending.begin(), rules.spending.end(),
                                  [&](const auto& one) { return one.currency == currency; });
  return found == rules.spending.end() ? nullptr : &*found;
}

}  // namespace

bool Hours::contain(int minute_of_day) const {
  if (from == to) return true;
  if (from < to) return from <= minute_of_day && minute_of_day < to;
  return from <= minute_of_day || minute_of_day < to;
}

const Profile* HomeRules::find_profile(std::string_view wanted) const {
  const auto found = std::find_if(profiles.begin(), profiles.end(),
                                  [&](const auto& one) { return one.name == wanted; });
  return found == profiles.end() ? nullptr : &*found;
}

std::int64_t HomeRules::shown_age() const {
  const Profile* used = find_profile(profile);
  return used == nullptr ? no_rating_limit : used->max_age;
}

HomeRules seen_under(HomeRules rules, const std::string& profile) {
  if (profile.empty()) return rules;
  const Profile* own = rules.find_profile(profile);
  if ((own == nullptr ? 0 : own->max_age) >= rules.shown_age()) return rules;
  if (own == nullptr) rules.profiles.push_back({profile, 0});
  rules.profile = profile;
  return rules;
}

Verdict decide(const HomeRules& rules, const Offering& what, const Moment& now) {
  using From = Offering::From;
  if (what.from == From::blocked) return refuse("This home does not take this gift.");
  if (rules.pushers == Pushers::nobody) return refuse("This home takes no gifts at the moment.");
  if (rules.pushers == Pushers::contacts && what.from != From::contact) {
    return refuse("This home takes gifts from its contacts only; ask it to add you.");
  }
  if (!rules.takes(what.kind))
    return refuse("This home does not take " + plural_of(what.kind) + ".");
  if (what.min_age > rules.max_age) {
    return refuse("This home does not take titles of this age rating.");
  }
  if (rules.max_size != 0 && what.size > rules.max_size) {
    return refuse("This title is larger than what this home takes.");
  }
  if (!has_room(rules, what, now)) {
    return refuse("This home has received a lot lately; please try again next month.");
  }
  const bool open = rules.hours.contain(now.minute_of_day);
  if (!open && rules.out_of_hours == OutOfHours::refuse) {
    return refuse("This home takes no gifts at this time of day; please try again later.");
  }
  if (!open) return {Verdict::What::ask, true, {}, true};
  return let_in(rules, what);
}

Verdict decide_channel(const HomeRules& rules, const Offering& who, const Moment& now) {
  if (who.from != Offering::From::contact) return refuse("This home does not take this channel.");
  if (rules.pushers == Pushers::nobody) return refuse("This home takes no channels at the moment.");
  const bool open = rules.hours.contain(now.minute_of_day);
  if (!open && rules.out_of_hours == OutOfHours::refuse)
    return refuse("This home takes no channels at this time of day; please try again later.");
  return {Verdict::What::ask, who.muted || !open, {}};
}

SpendVerdict may_spend(const HomeRules& rules, const Spent& spent, const money::Amount& amount) {
  if (amount.minor == 0 || rules.spending.empty()) return SpendVerdict::allowed;
  const SpendingLimit* limit = limit_of(rules, amount.currency.code());
  if (limit == nullptr) return SpendVerdict::no_limit_for_currency;
  if (above(0, amount.minor, limit->purchase)) return SpendVerdict::over_purchase;
  if (above(spent.day, amount.minor, limit->day)) return SpendVerdict::over_day;
  if (above(spent.month, amount.minor, limit->month)) return SpendVerdict::over_month;
  return SpendVerdict::allowed;
}

std::string spend_sentence(const HomeRules& rules, SpendVerdict verdict,
                           const money::Amount& amount) {
  const SpendingLimit* limit = limit_of(rules, amount.currency.code());
  const auto text = [&](std::int64_t minor) { return money::format({minor, amount.currency}); };
  const std::string price = money::format(amount);
  if (limit == nullptr) {
    return price + " is in a currency for which this home has set no spending limit.";
  }
  switch (verdict) {
    case SpendVerdict::over_purchase:
      return price + " is more than this home spends at once (" + text(limit->purchase) + ").";
    case SpendVerdict::over_day:
      return "With " + price + " more, this home would spend over " + text(limit->day) + " today.";
    case SpendVerdict::over_month:
      return "With " + price + " more, this home would spend over " + text(limit->month) +
             " this month.";
    case SpendVerdict::allowed:
    case SpendVerdict::no_limit_for_currency:
      break;
  }
  return {};
}

std::string_view name_of(Pushers pushers) {
  switch (pushers) {
    case Pushers::nobody:
      return "nobody";
    case Pushers::contacts:
      return "contacts";
    case Pushers::anyone:
      break;
  }
  return "anyone";
}

std::string_view name_of(Reception reception) {
  return reception == Reception::accept ? "accept" : "ask";
}

std::string_view name_of(OutOfHours behaviour) {
  return behaviour == OutOfHours::refuse ? "refuse" : "wait";
}

}  // namespace hearth::node
