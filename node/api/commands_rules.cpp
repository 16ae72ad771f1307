#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/rules/rule_words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;

wire::Json kinds_document(const HomeRules& rules) {
  wire::Json kinds = wire::Json::array();
  for (const auto kind :
       {wire::Kind::video, wire::Kind::audio, wire::Kind::image, wire::Kind::data}) {
    if (rules.takes(kind)) kinds.push_back(wire::kind_name(kind));
  }
  return kinds;
}

wire::Json profiles_document(const HomeRules& rules) {
  wire::Json list = wire::Json::array();
  for (const auto& one : rules.profiles) {
    list.push_back(
        {{"name", one.name}, {"max_age", one.max_age}, {"used", one.name == rules.profile}});
  }
  return list;
}

}  // namespace

Result<wire::Json> Commands::rules_document() const {
  const auto rules = rooms_.house_rules->rules();
  if (!rules) return pass_on(rules.error());
  const auto pin = rooms_.house_rules->has_pin();
  if (!pin) return pass_on(pin.error());
  wire::Json spending = wire::Json::array();
  for (const auto& limit : rules->spending) {
    const auto currency = money::Currency::from_code(limit.currency);
    if (!currency) return pass_on(currency.error());
    const auto spent = rooms_.house_rules->spent(*currency, now_ms());
    if (!spent) return pass_on(spent.error());
    wire::Json one = {{"currency", limit.currency},
                      {"spent_day", document(money::Amount{spent->day, *currency})},
                      {"spent_month", document(money::Amount{spent->month, *currency})}};
    const auto add = [&](const char* field, std::int64_t minor) {
      if (minor != 0) one[field] = document(money::Amount{minor, *currency});
    };
    add("purchase", limit.purchase);
    add("day", limit.day);
    add("month", limit.month);
    spending.push_back(std::move(one));
  }
  return wire::Json{{"push", name_of(rules->pushers)},
                    {"reception", name_of(rules->reception)},
                    {"kinds", kinds_document(*rules)},
                    {"max_size", rules->max_size},
                    {"month_quota", rules->month_quota},
                    {"max_age", rules->max_age},
                    {"hours", hours_text(rules->hours)},
                    {"out_of_hours", name_of(rules->out_of_hours)},
                    {"share_played", rules->share_played},
                    {"spending", std::move(spending)},
                    {"profile", rules->profile},
                    {"profiles", profiles_document(*rules)},
                    {"pin", *pin}};
}

Commands::Answer Commands::rules_show(wire::Json) {
  co_return rules_document();
}

/// As they are once the PIN was right: it is checked on a pool thread, and they may change
/// meanwhile.
net::Task<Result<HomeRules>> Commands::rules_to_change(std::string pin) {
  auto allowed = co_await rooms_.house_rules->check_pin(std::move(pin));
  if (!allowed) co_return pass_on(allowed.error());
  co_return rooms_.house_rules->rules();
}

Commands::Answer Commands::rules_set(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string key = fields.required_text("key", max_argument);
  const std::string value = fields.required_text("value", max_argument);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  HomeRules tried;
  auto formed = set_rule(tried, key, value);
  if (!formed) co_return pass_on(formed.error());
  auto rules = co_await rules_to_change(std::move(pin));
  if (!rules) co_return pass_on(rules.error());
  auto set = set_rule(*rules, key, value);
  if (!set) co_return pass_on(set.error());
  auto stored = rooms_.house_rules->store(*rules);
  if (!stored) co_return pass_on(stored.error());
  rooms_.gifts->go_on();  // what waited for the hours
  co_return rules_document();
}

Commands::Answer Commands::profile_list(wire::Json) {
  const auto rules = rooms_.house_rules->rules();
  if (!rules) co_return pass_on(rules.error());
  co_return wire::Json{{"profile", rules->profile}, {"profiles", profiles_document(*rules)}};
}

Commands::Answer Commands::profile_add(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("name", max_argument);
  const std::int64_t max_age = fields.integer_or("max_age", 0, no_rating_limit, no_rating_limit);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto rules = co_await rules_to_change(std::move(pin));
  if (!rules) co_return pass_on(rules.error());
  auto put = put_profile(*rules, name, max_age);
  if (!put) co_return pass_on(put.error());
  co_return store_profiles(*rules);
}

Commands::Answer Commands::profile_remove(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("name", max_argument);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto rules = co_await rules_to_change(std::move(pin));
  if (!rules) co_return pass_on(rules.error());
  auto removed = remove_profile(*rules, name);
  if (!removed) co_return pass_on(removed.error());
  co_return store_profiles(*rules);
}

/// Whoever may see less from now on needs no PIN.
Commands::Answer Commands::profile_use(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.text("name", max_argument);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto rules = rooms_.house_rules->rules();
  if (!rules) co_return pass_on(rules.error());
  const std::int64_t shown_before = rules->shown_age();
  auto used = use_profile(*rules, name);
  if (!used) co_return pass_on(used.error());
  if (rules->shown_age() > shown_before) {
    rules = co_await rules_to_change(std::move(pin));
    if (!rules) co_return pass_on(rules.error());
    used = use_profile(*rules, name);
    if (!used) co_return pass_on(used.error());
  }
  auto document = store_profiles(*rules);
  rooms_.show_waiting();  // the TV asks about what this one may see
  if (document) document = hide_from_tv(*rules, std::move(*document));
  co_return document;
}

Result<wire::Json> Commands::store_profiles(const HomeRules& rules) {
  auto stored = rooms_.house_rules->store(rules);
  if (!stored) return pass_on(stored.error());
  return wire::Json{{"profile", rules.profile}, {"profiles", profiles_document(rules)}};
}

Commands::Answer Commands::pin_set(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string fresh = fields.required_text("fresh", max_pin_text);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto set = co_await rooms_.house_rules->set_pin(std::move(pin), std::move(fresh));
  if (!set) co_return pass_on(set.error());
  co_return wire::Json{{"pin", true}};
}

Commands::Answer Commands::pin_clear(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  std::string none;
  auto set = co_await rooms_.house_rules->set_pin(std::move(pin), std::move(none));
  if (!set) co_return pass_on(set.error());
  co_return wire::Json{{"pin", false}};
}

}  // namespace hearth::node
