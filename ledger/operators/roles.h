// Who may do what: every operator's command with the role that it takes, in one table
// (docs/accounting.md §8). The roads (this process, admin socket, TLS) ask here and nowhere else.
// Whoever can open the data directory or its socket is the owner. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hearth::ledger {

/// Stored. Append only. A higher one may do everything that a lower one may.
enum class Role : std::uint8_t { auditor = 1, teller = 2, owner = 3 };

struct CommandRule {
  std::string_view command;
  Role role;             ///< the least that may run it
  bool changes = false;  ///< writes: needs the engine, and over TLS is done once per request id
  /// Running it a second time with the same arguments changes nothing more.
  bool repeatable = true;
};

/// In the order of the manual.
std::span<const CommandRule> command_rules();
/// nullptr: there is no such command.
const CommandRule* rule_of(std::string_view command);
bool may(Role role, const CommandRule& rule);

std::string_view role_name(Role role);
/// "auditor" "teller" "owner"
std::optional<Role> role_from_name(std::string_view name);

}  // namespace hearth::ledger
