// Epochs of the voucher key (docs/protocol.md §6.6). A new epoch's key derives from the master
// seed; its record is in the journal before it is listed or used, so everybody can see that all
// homes are given the same keys. The books decide which epochs there are; the key file's list is
// a copy, made true at each start.
// Threads: any that may wait for the engine.
#pragma once

#include "common/store/store.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

struct RotatedKey {
  std::uint32_t epoch = 0;
  crypto::poprf::Element poprf_key{};
  UtcMs from_ms = 0;
  std::uint64_t journal_index = 0;
};

/// Begins the next epoch: record, key file, then `keys`, which every room sees at once. New
/// vouchers have it from now on; those of epochs before stay good. A failure after the record is
/// repaired by the next start.
Result<RotatedKey> rotate_keys(const LedgerDir& dir, LedgerKeys& keys, Engine& engine, UtcMs now);

/// Before the first request is served: `keys` and key file get every epoch of the books, and the
/// books every epoch of the key file. Code::corrupt: keys and books do not belong together.
Result<void> settle_epochs(const LedgerDir& dir, LedgerKeys& keys, Engine& engine,
                           const store::View& books, UtcMs now);

}  // namespace hearth::ledger
