// Providers of the configuration file:
//   [payments.stripe]
//   kind = "webhook"
//   secret_file = "stripe.secret"    # 0600; relative to the data directory
// The file holds one secret in each line: two while the provider changes from one to the next.
// Reads files: at the start of the daemon.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "ledger/payments/provider.h"

namespace hearth::ledger::payments {

using Settings = std::map<std::string, std::string>;
using Providers = std::map<std::string, std::shared_ptr<const PaymentProvider>, std::less<>>;

inline constexpr std::size_t max_providers = 16;
inline constexpr std::size_t min_secret = 16;  ///< bytes

/// By name. Code::usage, Code::not_found, Code::not_private; each says which provider.
Result<Providers> configured_providers(const std::map<std::string, Settings>& tables,
                                       const std::filesystem::path& data_dir);

/// The lines of a secret file. Code::usage when there is none, or one is shorter than min_secret.
Result<std::vector<std::string>> read_secrets(std::string_view text);

}  // namespace hearth::ledger::payments
