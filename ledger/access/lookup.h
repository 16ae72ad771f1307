// What several of the requests look up. Internal to this room.
#pragma once

#include "ledger/access/access.h"
#include "ledger/catalogue/records.h"

namespace hearth::ledger::access {

/// Code::unknown_offer.
Result<OfferEntry> find_offer(const AccessSources& sources, const wire::OfferId& id);
/// Of any epoch there ever was. nullptr: no such epoch.
const crypto::poprf::KeyPair* find_epoch(const LedgerKeys& keys, std::uint32_t epoch);
/// Of an epoch that new vouchers may have: the current one, the one before in its grace.
const crypto::poprf::KeyPair* epoch_for_purchase(const LedgerKeys& keys, std::uint32_t epoch,
                                                 UtcMs now);
/// AccessSources::evaluate, or the real one.
Result<crypto::poprf::Evaluated> evaluate(const AccessSources& sources,
                                          const crypto::poprf::KeyPair& key,
                                          const std::vector<crypto::poprf::Element>& blinded,
                                          ByteView info);
/// An evaluation that fails for want of an inverse means that the key is known to others: an alarm
/// in the log, and a sentence that tells strangers nothing. Other errors pass unchanged.
Error key_alarm(Error error, std::uint32_t epoch);
/// Signed within five minutes of now.
bool is_fresh(UtcMs issued_ms, UtcMs now);
tl::unexpected<Error> unknown_offer();
tl::unexpected<Error> unknown_epoch();

}  // namespace hearth::ledger::access
