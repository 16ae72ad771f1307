#include <algorithm>

#include "common/base/codec.h"
#include "common/base/names.h"
#include "node/rules/rules.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_name = 1024;
constexpr int minutes_of_day = 24 * 60;

bool is_limit(const SpendingLimit& limit) {
  return money::Currency::from_code(limit.currency) && limit.purchase >= 0 && limit.day >= 0 &&
         limit.month >= 0 && !limit.empty();
}

bool is_profile(const Profile& profile) {
  return checked_name(profile.name) && profile.max_age >= 0 && profile.max_age <= no_rating_limit;
}

template <class All, class Same>
bool all_differ(const All& all, Same same) {
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (std::any_of(std::next(one), all.end(),
                    [&](const auto& other) { return same(*one, other); }))
      return false;
  }
  return true;
}

bool is_consistent(const HomeRules& rules) {
  const auto is_minute = [](int minute) { return minute >= 0 && minute < minutes_of_day; };
  return is_minute(rules.hours.from) && is_minute(rules.hours.to) && rules.kinds <= 0x0f &&
         rules.max_age >= 0 && rules.max_age <= no_rating_limit &&
         std::all_of(rules.spending.begin(), rules.spending.end(), is_limit) &&
         std::all_of(rules.profiles.begin(), rules.profiles.end(), is_profile) &&
         all_differ(rules.spending,
                    [](const auto& a, const auto& b) { return a.currency == b.currency; }) &&
         all_differ(rules.profiles,
                    [](const auto& a, const auto& b) { return a.name == b.name; }) &&
         (rules.profile.empty() || rules.find_profile(rules.profile) != nullptr);
}

bool read_lists(Reader& in, HomeRules& rules) {
  const std::size_t limits = in.u8();
  if (limits > max_spending_limits) return false;
  for (std::size_t i = 0; i < limits; ++i) {
    SpendingLimit one;
    one.currency = in.text(3);
    one.purchase = in.i64();
    one.day = in.i64();
    one.month = in.i64();
    rules.spending.push_back(std::move(one));
  }
  const std::size_t profiles = in.u8();
  if (profiles > max_profiles) return false;
  for (std::size_t i = 0; i < profiles; ++i) {
    Profile one;
    one.name = in.text(max_name);
    one.max_age = in.u8();
    rules.profiles.push_back(std::move(one));
  }
  rules.profile = in.text(max_name);
  return in.done();
}

}  // namespace

Bytes encode(const HomeRules& rules) {
  Writer out;
  out.u8(format).u8(static_cast<std::uint8_t>(rules.pushers));
  out.u8(static_cast<std::uint8_t>(rules.reception)).u8(rules.kinds);
  out.u64(rules.max_size).u64(rules.month_quota).u8(static_cast<std::uint8_t>(rules.max_age));
  out.u16(static_cast<std::uint16_t>(rules.hours.from));
  out.u16(static_cast<std::uint16_t>(rules.hours.to));
  out.u8(static_cast<std::uint8_t>(rules.out_of_hours)).u8(rules.share_played ? 1 : 0);
  out.u8(static_cast<std::uint8_t>(rules.spending.size()));
  for (const auto& one : rules.spending)
    out.text(one.currency).i64(one.purchase).i64(one.day).i64(one.month);
  out.u8(static_cast<std::uint8_t>(rules.profiles.size()));
  for (const auto& one : rules.profiles)
    out.text(one.name).u8(static_cast<std::uint8_t>(one.max_age));
  out.text(rules.profile);
  return out.take();
}

std::optional<HomeRules> decode_rules(ByteView stored) {
  Reader in(stored);
  const bool known = in.u8() == format;
  HomeRules rules;
  const std::uint8_t pushers = in.u8(), reception = in.u8();
  rules.pushers = static_cast<Pushers>(pushers);
  rules.reception = static_cast<Reception>(reception);
  rules.kinds = in.u8();
  rules.max_size = in.u64();
  rules.month_quota = in.u64();
  rules.max_age = in.u8();
  rules.hours.from = in.u16();
  rules.hours.to = in.u16();
  const std::uint8_t behaviour = in.u8();
  rules.out_of_hours = static_cast<OutOfHours>(behaviour);
  const std::uint8_t share_played = in.u8();
  rules.share_played = share_played == 1;
  const bool in_range = pushers >= 1 && pushers <= 3 && reception >= 1 && reception <= 2 &&
                        behaviour >= 1 && behaviour <= 2 && share_played <= 1;
  if (!known || !in.ok() || !in_range) return std::nullopt;
  if (!read_lists(in, rules) || !is_consistent(rules)) return std::nullopt;
  return rules;
}

}  // namespace hearth::node
