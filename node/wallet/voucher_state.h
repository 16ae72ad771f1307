// The life of a voucher in this home's wallet. A voucher is in one state at a time, so it is
// given once or redeemed once. Pure; the wallet stores the outcome.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::node {

/// Append only: stored.
enum class VoucherState : std::uint8_t {
  held = 1,        ///< free to be given or redeemed
  given = 2,       ///< in a gift that is under way or with its receiver
  redeeming = 3,   ///< a delivery to this home holds it
  redeemed = 4,    ///< turned into a key here
  refused = 5,     ///< the ledger does not take it: spent by somebody else, or not its own
  refunding = 6,   ///< a refund of it is stored, perhaps sent
  refunded = 7,    ///< given back for its price
  exchanging = 8,  ///< an exchange of it is stored, perhaps sent: it comes back from a gift
  exchanged = 9,   ///< given up for a fresh one
};

enum class VoucherEvent {
  give,        ///< sealed into a gift
  put_back,    ///< its gift was never sent
  bring_back,  ///< its gift will not be used: it is exchanged, for its receiver knows it
  exchange,    ///< the fresh one is in the wallet
  keep_away,   ///< the receiver was faster: it stays given
  take,        ///< a delivery to this home begins
  release,     ///< that delivery, or the refund, ended and the ledger has not spent the voucher
  redeem,      ///< the key is on the disk
  refuse,      ///< the ledger refused it for good
  give_back,   ///< a refund begins
  refund,      ///< its price is in the wallet
};

/// nullopt: this cannot happen to a voucher in that state.
std::optional<VoucherState> next_state(VoucherState state, VoucherEvent event);
std::string_view name_of(VoucherState state);

}  // namespace hearth::node
