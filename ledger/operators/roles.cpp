#include "ledger/operators/roles.h"

#include <algorithm>

namespace hearth::ledger {
namespace {

constexpr CommandRule rules[] = {
    {"card", Role::auditor},
    {"status", Role::auditor},
    {"accounts", Role::auditor},
    {"account", Role::auditor},
    {"statement", Role::auditor},
    {"offers", Role::auditor},
    {"limits", Role::auditor},
    {"fees", Role::auditor},
    {"payments", Role::auditor},
    {"audit", Role::auditor},
    {"export", Role::auditor},
    {"keys", Role::auditor},
    {"checkpoint", Role::auditor},
    {"verify", Role::auditor},
    {"stats", Role::auditor},
    {"progress", Role::auditor},
    {"operators", Role::auditor},
    {"directory", Role::auditor},
    {"deposit", Role::teller, true},
    {"withdraw", Role::teller, true},
    {"adjust", Role::owner, true},
    {"freeze", Role::owner, true},
    {"unfreeze", Role::owner, true},
    {"close", Role::owner, true},
    {"limits-set", Role::owner, true},
    {"fees-set", Role::owner, true},
    {"payments-retry", Role::teller, true},
    {"keys-rotate", Role::owner, true, false},
    {"directory-remove", Role::owner, true},
    {"operator-add", Role::owner, true},
    {"operator-remove", Role::owner, true},
    {"backup", Role::owner, true, false},
};

}  // namespace

std::span<const CommandRule> command_rules() {
  return rules;
}

const CommandRule* rule_of(std::string_view command) {
  const auto found =
      std::find_if(std::begin(rules), std::end(rules),
                   [command](const CommandRule& rule) { return rule.command == command; });
  return found == std::end(rules) ? nullptr : found;
}

bool may(Role role, const CommandRule& rule) {
  return role >= rule.role;
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::auditor:
      return "auditor";
    case Role::teller:
      return "teller";
    case Role::owner:
      return "owner";
  }
  return "?";
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const Role role : {Role::auditor, Role::teller, Role::owner})
    if (role_name(role) == name) return role;
  return std::nullopt;
}

}  // namespace hearth::ledger
