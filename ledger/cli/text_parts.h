// The texts of single commands, and what they share. Each takes the command's document and throws
// Json::exception when a member is missing: as_text_for_people() catches that.
#pragma once

#include "ledger/cli/table.h"
#include "ledger/cli/text.h"

namespace hearth::ledger::text {

using wire::Json;

std::string money(const Json& amount);
std::string number(const Json& value);
/// Names and references: what strangers wrote.
std::string name(const Json& value);
std::string printed(const Json& value);
std::string time(const Json& at_ms);
/// The table of an account's entries.
std::string entries(const Json& rows);

std::string booked(const Json& document);  ///< deposit, withdraw, adjust
std::string state(const Json& document);   ///< freeze, unfreeze, close
std::string limits(const Json& document);
std::string fees(const Json& document);
std::string payments(const Json& document);
std::string payment_retried(const Json& document);
std::string backup(const Json& document);
std::string restored(const Json& document);
std::string keys(const Json& document);
std::string rotated(const Json& document);
std::string checkpoint(const Json& document);
std::string verified(const Json& document);
std::string operators(const Json& document);
std::string directory(const Json& document);
std::string directory_removed(const Json& document);
std::string operator_added(const Json& document);
std::string operator_removed(const Json& document);

}  // namespace hearth::ledger::text
