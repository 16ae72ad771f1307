// Whether a voucher is what it says it is; for whatever spends one. Internal to this room.
#pragma once

#include "ledger/access/lookup.h"

namespace hearth::ledger::access {

/// The voucher as its holder shows it.
struct ShownVoucher {
  wire::OfferId offer{};
  std::uint32_t epoch = 0;
  VoucherInput input{};
  crypto::poprf::Output token{};
};
/// The POPRF evaluated again and compared in constant time; the offer that the voucher is for.
/// Code::unknown_offer, Code::unknown_epoch, Code::voucher_invalid, in this order.
Result<OfferEntry> check_voucher(const AccessSources& sources, const ShownVoucher& shown);

/// Code::voucher_spent.
tl::unexpected<Error> voucher_spent();

}  // namespace hearth::ledger::access
