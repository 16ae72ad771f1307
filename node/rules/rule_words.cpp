#include "node/rules/rule_words.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "common/base/names.h"

namespace hearth::node {
namespace {

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(Code::usage, what + " Nothing was changed.");
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Splits at the first `mark`.
std::pair<std::string, std::string> split(const std::string& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::optional<int> minute(const std::string& text) {
  const auto [hours, minutes] = split(text, ':');
  const auto h = number(hours), m = number(minutes);
  if (!h || !m || minutes.size() != 2 || *h > 23 || *m > 59) return std::nullopt;
  return static_cast<int>(*h * 60 + *m);
}

std::string clock_text(int minute_of_day) {
  const std::string hours = std::to_string(minute_of_day / 60);
  const std::string minutes = std::to_string(minute_of_day % 60);
  return std::string(hours.size() < 2 ? "0" : "") + hours + ":" + (minutes.size() < 2 ? "0" : "") +
         minutes;
}

Result<void> set_push(HomeRules& rules, const std::string& value) {
  for (const Pushers one : {Pushers::nobody, Pushers::contacts, Pushers::anyone}) {
    if (value != name_of(one)) continue;
    rules.pushers = one;
    return {};
  }
  return refuse("push is nobody, contacts or anyone.");
}

Result<void> set_reception(HomeRules& rules, const std::string& value) {
  for (const Reception one : {Reception::ask, Reception::accept}) {
    if (value != name_of(one)) continue;
    rules.reception = one;
    return {};
  }
  return refuse("reception is ask or accept.");
}

Result<void> set_out_of_hours(HomeRules& rules, const std::string& value) {
  for (const OutOfHours one : {OutOfHours::wait, OutOfHours::refuse}) {
    if (value != name_of(one)) continue;
    rules.out_of_hours = one;
    return {};
  }
  return refuse("out-of-hours is wait or refuse.");
}

Result<void> set_kinds(HomeRules& rules, const std::string& value) {
  std::uint8_t kinds = value == "all" ? 0x0f : 0;
  std::string rest = value == "all" ? std::string() : value;
  while (!rest.empty()) {
    const auto [first, others] = split(rest, ',');
    const auto kind = wire::kind_from_name(first);
    if (!kind) return refuse("kinds are all, or some of video,audio,image,data.");
    kinds = static_cast<std::uint8_t>(kinds | 1 << static_cast<int>(*kind));
    rest = others;
  }
  if (kinds == 0) return refuse("kinds are all, or some of video,audio,image,data.");
  rules.kinds = kinds;
  return {};
}

Result<void> set_bytes(std::uint64_t& bytes, const std::string& value) {
  static const std::map<std::string, std::uint64_t> units = {
      {"kB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000}};
  if (value == "none") {
    bytes = 0;
    return {};
  }
  const auto [count, unit] = split(value, ' ');
  const auto whole = number(count);
  const auto found = units.find(unit);
  if (!whole || *whole == 0 || *whole > 1'000'000 || found == units.end())
    return refuse("A size is none, or a whole number of kB, MB, GB or TB, like \"4 GB\".");
  bytes = *whole * found->second;
  return {};
}

Result<std::int64_t> age(const std::string& value) {
  if (value == "none") return no_rating_limit;
  const auto years = number(value);
  if (!years || *years > static_cast<std::uint64_t>(no_rating_limit))
    return refuse("An age is none, or 0 to 21 years.");
  return static_cast<std::int64_t>(*years);
}

Result<void> set_max_age(HomeRules& rules, const std::string& value) {
  const auto years = age(value);
  if (!years) return pass_on(years.error());
  rules.max_age = *years;
  return {};
}

Result<void> set_hours(HomeRules& rules, const std::string& value) {
  if (value == "always") {
    rules.hours = {};
    return {};
  }
  const auto [from, to] = split(value, '-');
  const auto first = minute(from), last = minute(to);
  if (!first || !last || *first == *last)
    return refuse("hours are always, or from and to, like 08:00-20:00.");
  rules.hours = {*first, *last};
  return {};
}

Result<void> set_share_played(HomeRules& rules, const std::string& value) {
  if (value != "yes" && value != "no") return refuse("share-played is yes or no.");
  rules.share_played = value == "yes";
  return {};
}

/// "5.00 EUR"; "none EUR": no limit of this kind in that currency; "none": in none.
Result<void> set_spending(HomeRules& rules, std::int64_t SpendingLimit::*limit,
                          const std::string& value) {
  const auto [word, currency] = split(value, ' ');
  const bool none = word == "none";
  const auto amount = money::parse(none ? "0 " + (currency.empty() ? "EUR" : currency) : value);
  if (!amount || (!none && amount->minor <= 0))
    return refuse("A spending limit is none, or an amount of money, like \"5.00 EUR\".");
  const auto clear = [&](SpendingLimit& one) { one.*limit = 0; };
  if (none && currency.empty()) {
    std::for_each(rules.spending.begin(), rules.spending.end(), clear);
  } else {
    const std::string code(amount->currency.code());
    auto found = std::find_if(rules.spending.begin(), rules.spending.end(),
                              [&](const auto& one) { return one.currency == code; });
    if (found == rules.spending.end()) {
      if (rules.spending.size() >= max_spending_limits)
        return refuse("There are limits in " + std::to_string(max_spending_limits) +
                      " currencies already.");
      found = rules.spending.insert(found, SpendingLimit{code});
    }
    (*found).*limit = amount->minor;
  }
  std::erase_if(rules.spending, [](const auto& one) { return one.empty(); });
  return {};
}

using Setter = Result<void> (*)(HomeRules&, const std::string&);

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> all = {
      {"push", set_push},
      {"reception", set_reception},
      {"kinds", set_kinds},
      {"max-size", [](HomeRules& r, const std::string& v) { return set_bytes(r.max_size, v); }},
      {"month-quota",
       [](HomeRules& r, const std::string& v) { return set_bytes(r.month_quota, v); }},
      {"max-age", set_max_age},
      {"hours", set_hours},
      {"out-of-hours", set_out_of_hours},
      {"share-played", set_share_played},
      {"spend-purchase",
       [](HomeRules& r, const std::string& v) {
         return set_spending(r, &SpendingLimit::purchase, v);
       }},
      {"spend-day",
       [](HomeRules& r, const std::string& v) { return set_spending(r, &SpendingLimit::day, v); }},
      {"spend-month",
       [](HomeRules& r, const std::string& v) {
         return set_spending(r, &SpendingLimit::month, v);
       }},
  };
  return all;
}

}  // namespace

Result<void> set_rule(HomeRules& rules, const std::string& key, const std::string& value) {
  const auto found = setters().find(key);
  if (found != setters().end()) return found->second(rules, value);
  std::string keys;
  for (const auto& [name, setter] : setters()) keys += (keys.empty() ? "" : ", ") + name;
  return refuse("There is no rule " + printable(key) + ". Rules are " + keys + ".");
}

std::string hours_text(const Hours& hours) {
  if (hours.from == hours.to) return "always";
  return clock_text(hours.from) + "-" + clock_text(hours.to);
}

Result<void> put_profile(HomeRules& rules, const std::string& name, std::int64_t max_age) {
  const auto checked = checked_name(name);
  if (!checked) return pass_on(checked.error());
  if (max_age < 0 || max_age > no_rating_limit) return refuse("An age is 0 to 21 years.");
  const auto found = std::find_if(rules.profiles.begin(), rules.profiles.end(),
                                  [&](const auto& one) { return one.name == *checked; });
  if (found != rules.profiles.end()) {
    found->max_age = max_age;
    return {};
  }
  if (rules.profiles.size() >= max_profiles) {
    return fail(Code::too_large, "There are " + std::to_string(max_profiles) +
                                     " profiles already. Nothing was changed; remove one first.");
  }
  rules.profiles.push_back({*checked, max_age});
  return {};
}

Result<void> remove_profile(HomeRules& rules, const std::string& name) {
  if (std::erase_if(rules.profiles, [&](const auto& one) { return one.name == name; }) == 0) {
    return fail(Code::not_found, "There is no profile " + printable(name) +
                                     ". Nothing was changed; see hearth profile list.");
  }
  if (rules.profile == name) rules.profile.clear();
  return {};
}

Result<void> use_profile(HomeRules& rules, const std::string& name) {
  if (!name.empty() && rules.find_profile(name) == nullptr) {
    return fail(Code::not_found, "There is no profile " + printable(name) +
                                     ". Nothing was changed; see hearth profile list.");
  }
  rules.profile = name;
  return {};
}

}  // namespace hearth::node
