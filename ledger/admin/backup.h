// `hearth-ledger backup` and `restore` (docs/decisions/0018). A backup is a directory:
//   books/        the store at one moment, taken while the ledger goes on
//   backup.json   when, how many records, the tree's root, whose books
// It is opened and audited before anybody is told that it is there, and again before a restored
// directory gets its name. Keys are not in it: whoever has them can sign receipts and make
// vouchers, and they hardly ever change, so they go to a place of their own (0600).
//
// Blocking, as long as copying and auditing take.
#pragma once

#include <filesystem>
#include <optional>

#include "common/base/clock.h"
#include "common/store/store.h"
#include "ledger/admin/audit.h"
#include "ledger/admin/ledger_dir.h"

namespace hearth::ledger {

struct BackupFacts {
  UtcMs made_ms = 0;
  std::uint64_t records = 0;
  Digest root{};
  crypto::SignPublicKey ledger{};
  std::string url;  ///< under which it is reached; may be empty
};

struct BackupOrder {
  std::filesystem::path to;                      ///< must not be there, or be empty
  std::optional<std::filesystem::path> keys_to;  ///< the same; keys are copied to it
};

/// Code::already_initialised (a place is taken), Code::corrupt (the copy's audit is not clean),
/// Code::disk_full, Code::io. On failure nothing is left behind.
Result<BackupFacts> make_backup(const LedgerDir& dir, const store::Store& store,
                                const BackupOrder& order, UtcMs now, const AuditProgress& progress);

/// Makes the data directory `dir`, which must not be there or be empty, from a backup; with
/// `keys_from` also its keys, which must be those of these books.
Result<BackupFacts> restore_backup(const std::filesystem::path& from,
                                   const std::optional<std::filesystem::path>& keys_from,
                                   const LedgerDir& dir, const AuditProgress& progress);

}  // namespace hearth::ledger
