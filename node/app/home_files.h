// What a node's data directory holds beside its store: the wallet seed (wallet.seed), the pinned
// ledger card (ledger.card) and the configuration (config.toml). `hearth init` makes it, hearthd
// reads it. A directory with a ledger.card is initialised: it is written last.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/base/error.h"
#include "common/identity/cards.h"
#include "common/identity/home.h"
#include "common/net/proxy.h"

namespace hearth::node {

enum class Role { home, seed };
Result<Role> role_from_name(const std::string& name);

struct HomeFiles {
  identity::LedgerCard ledger;
  crypto::Seed wallet;       ///< a seed server has one too, but uses it for nothing that others see
  std::uint64_t device = 0;  ///< which of this home's machines it is; the first one is 0
};

/// Code::not_initialised, Code::not_private, Code::corrupt.
Result<HomeFiles> load_home_files(const std::filesystem::path& dir);

struct NewHome {
  std::string card;  ///< the ledger's
  std::string name;
  Role role = Role::home;
  std::string proxy{};  ///< socks5://…: the only road, from the first word on; empty: none
  /// Of a home that was before: the ledger must know it, and this machine becomes its device.
  std::optional<crypto::Seed> restored{};
};
struct MadeHome {
  identity::HomeAddress address;
  std::string name;
  std::string ledger_url;
  Role role = Role::home;
};
/// Asks the ledger first: its pin, its key list, and (role home) registers the home. Then writes
/// the directory; when anything fails nothing stays behind. Blocking. Code::already_initialised.
Result<MadeHome> make_home(const std::filesystem::path& dir, const NewHome& wanted);

/// Between the making of a restored home and the end of its recovery: hearthd does not start.
bool is_being_restored(const std::filesystem::path& dir);
/// The proxy that it began with, and goes on with.
Result<std::optional<net::Proxy>> road_of_restore(const std::filesystem::path& dir);
Result<void> end_restore(const std::filesystem::path& dir);

}  // namespace hearth::node
