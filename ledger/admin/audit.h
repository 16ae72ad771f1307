// `hearth-ledger audit`: replays the journal from the first record into fresh state (replay.h) and
// compares it, in both directions, with everything that the books store: every balance, voucher
// count and state, home, offer, answer, spent voucher, entry, what is in force, the tree and its
// tiles, and with the last checkpoint that was signed. Works on any view, best on a snapshot.
// Reads rows in the order in which they lie. Three threads: the journal is read, hashed and decoded
// on one, replayed on the caller's, and the rows beside it are added up on the third. Keeps
// accounts, offers and homes in memory, not the journal.
#pragma once

#include <functional>

#include "common/crypto/sign.h"
#include "ledger/admin/replay.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {

struct AuditReport {
  std::uint64_t records = 0;
  std::uint64_t accounts = 0, homes = 0, offers = 0;
  Replay::Counts counts;
  Digest root{};
  std::optional<Difference> difference;  ///< the first one found; the journal comes first
};

/// May be empty. Called on the calling thread.
using AuditProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// `key`: the ledger's long-term key, which must have signed the last checkpoint; nullptr: its
/// signature is not checked. An Error is a store that cannot be read; books that do not agree are a
/// report.
Result<AuditReport> audit(const store::View& view, const AuditProgress& progress,
                          const crypto::SignPublicKey* key = nullptr);

}  // namespace hearth::ledger
