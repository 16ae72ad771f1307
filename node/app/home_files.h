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

namespace hearth::node {

enum class Role { home, seed };
Result<Role> role_from_name(const std::string& name);

struct HomeFiles {
  identity::LedgerCard ledger;
  crypto::Seed wallet;  ///< a seed server has one too, but uses it for nothing that others see
};

/// Code::not_initialised, Code::not_private, Code::corrupt.
Result<HomeFiles> load_home_files(const std::filesystem::path& dir);

struct NewHome {
  std::string card;  ///< text, or the path of a file that holds it
  std::string name;
  Role role = Role::home;
  std::string proxy{};  ///< socks5://…: the only road, from the first word on; empty: none
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

}  // namespace hearth::node
