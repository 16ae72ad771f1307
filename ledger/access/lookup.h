// What purchases and redemptions both look up. Internal to this room.
#pragma once

#include "ledger/access/access.h"
#include "ledger/catalogue/records.h"

namespace hearth::ledger::access {

/// Code::unknown_offer.
Result<OfferEntry> find_offer(const AccessSources& sources, const wire::OfferId& id);
/// nullptr: no such epoch.
const crypto::poprf::KeyPair* find_epoch(const LedgerKeys& keys, std::uint32_t epoch);
tl::unexpected<Error> unknown_offer();
tl::unexpected<Error> unknown_epoch();

}  // namespace hearth::ledger::access
