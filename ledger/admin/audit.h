// `hearth-ledger audit`: replays the journal from the first record into fresh state (replay.h) and
// compares it with everything that the books store: every balance, voucher count, home, offer,
// answer of a deposit, receipt and spent voucher, in both directions, and the tree. Works on any
// view, best on a snapshot. Keeps accounts, offers and homes in memory, not the journal.
#pragma once

#include <functional>

#include "ledger/admin/replay.h"

namespace hearth::ledger {

struct AuditReport {
  std::uint64_t records = 0;
  std::uint64_t accounts = 0, homes = 0, offers = 0;
  Replay::Counts counts;
  Digest root{};
  std::optional<Difference> difference;  ///< the first one found; the journal comes first
};

/// May be empty.
using AuditProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// An Error is a store that cannot be read; books that do not agree are a report.
Result<AuditReport> audit(const store::View& view, const AuditProgress& progress);

}  // namespace hearth::ledger
