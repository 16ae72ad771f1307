// One command to the books in small numbers instead of keys and hashes, so that a list of them can
// be made from a seed, shortened, and read by a person. World (world.h) makes the real thing of it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger::model {

enum class Kind {
  open,
  offer,
  deposit,
  withdraw,
  purchase,
  redeem,
  refund,
  exchange,
  adjust,
  transfer,
  state,
  limits,
  fees,
  epoch,
  commit,  ///< what was applied since the last one is kept
  lose,    ///< it could not be written: none of it happened
  restart,
};
inline constexpr std::size_t command_kinds = 14;  ///< those that are commands

/// Whose balance: a home's pocket, an offer's escrow, or one of the ledger's own.
struct Place {
  AccountKind kind = AccountKind::wallet;
  int owner = 0;     ///< home or offer; else 0
  int slot = 0;      ///< pocket or epoch; else 0
  int currency = 0;  ///< index into currency_codes
  auto operator<=>(const Place&) const = default;
};

inline constexpr const char* currency_codes[] = {"EUR", "JPY", "BHD", "USD"};
inline constexpr int currencies_known = 4;
inline constexpr int currencies_kept = 3;  ///< the first ones; the last is not kept

/// Which fields count depends on the kind.
struct Command {
  Kind kind = Kind::commit;
  int home = 0;    ///< or the offer's seller
  int pocket = 0;  ///< that pays, or is paid from
  int other = 0;   ///< transfer: pocket paid to
  Place account;   ///< deposit, withdraw, adjust, state, refund (credited)
  int offer = 0;
  std::uint32_t epoch = 0, fresh_epoch = 0;
  int currency = 0;
  std::int64_t minor = 0;  ///< amount, price, or fixed fee
  std::int64_t vouchers = 1;
  int homes = 1;    ///< offer: that may redeem one voucher
  int id = 0;       ///< request, voucher, reference or adjustment
  int content = 0;  ///< the same id with another content is another request
  AccountState state = AccountState::open;
  Limits limits;
  int basis_points = 0;
  bool bad_form = false;  ///< a name, reference, reason or operator that nobody may write
  UtcMs at_ms = 0;
};

std::string text(const Command& command);
std::string text(const Place& place);

/// Commands from a seed: mostly sensible ones that follow from each other, some at the ends of what
/// numbers hold, some repeated with the same or other content.
std::vector<Command> random_commands(std::uint64_t seed, std::size_t count);

}  // namespace hearth::ledger::model
