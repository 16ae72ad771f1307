// Which of the API's commands a phone may send, by its role. A command that is in no row is for
// nobody but the unix socket: a new one has to be thought about first (a test compares this table
// with the commands that there are). Pure.
#pragma once

#include <span>
#include <string_view>

#include "common/wire/json.h"
#include "node/web/phone.h"

namespace hearth::node {

enum class Audience {
  nobody,     ///< the unix socket alone
  owners,     ///< how the home is run: rules, PIN, phones, who is shut out
  grown_ups,  ///< owners and members: money, gifts, contacts, publishing
  everybody,  ///< children too: what is here, playing it, accepting, by their profile
};

struct AccessRow {
  std::string_view command;
  Audience audience;
};
std::span<const AccessRow> access_table();

bool may_send(PhoneRole role, std::string_view command);
/// Code::not_allowed: not for this role, or with an argument that names a file of the machine.
Result<void> check_access(PhoneRole role, std::string_view command, const wire::Json& arguments);
/// Same, without arguments: for what is no command.
bool is_grown_up(PhoneRole role);

}  // namespace hearth::node
