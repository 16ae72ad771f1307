// The operator's commands, one function for both roads: hearth-ledgerd serves
// `POST /admin/<command>` on DIR/admin.sock by calling run_admin(), and `hearth-ledger` calls it
// in its own process when no daemon runs. Arguments and documents: docs/accounting.md §8.
//
// Threads: any; it blocks (audit for minutes), so a daemon calls it on a pool thread. Reads work
// on a snapshot and never hold up the writer.
#pragma once

#include <string_view>

#include "common/store/store.h"
#include "common/wire/json.h"
#include "ledger/admin/audit.h"
#include "ledger/admin/ledger_dir.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

struct AdminContext {
  LedgerDir dir;
  const store::Store& store;
  /// Writes go through it. Null in a process that only reads: deposits are then Code::internal.
  Engine* engine = nullptr;
  bool running = false;    ///< called by the daemon; only shown in `status`
  AuditProgress progress{};  ///< of an audit; may be empty
};

/// Commands and arguments: card {}, status {}, accounts {}, account {"id","after","limit"},
/// deposit {"home","amount","reference"}, offers {}, audit {}.
/// Code::usage for an unknown command or bad arguments, else the command's own errors.
Result<wire::Json> run_admin(AdminContext& context, std::string_view command,
                             const wire::Json& args);

}  // namespace hearth::ledger
