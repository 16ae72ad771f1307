// The operator's commands, one function for all roads: hearth-ledgerd serves `POST /admin/COMMAND`
// on DIR/admin.sock and signed orders over TLS by calling run_admin(), and `hearth-ledger` calls it
// in its own process when no daemon runs. Who may run what is decided before, by roles.h. Arguments
// and documents: docs/accounting.md §8.
//
// Threads: any; it blocks (audit and backup for minutes), so a daemon calls it on a pool thread.
// Reads work on a snapshot and never hold up the writer.
#pragma once

#include <string>
#include <string_view>

#include "common/store/store.h"
#include "common/wire/json.h"
#include "ledger/admin/audit.h"
#include "ledger/admin/ledger_dir.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

struct LedgerKeys;
class ProgressBoard;
class Transparency;

struct AdminContext {
  LedgerDir dir;
  const store::Store& store;
  /// Writes go through it. Null in a process that only reads: changes are then Code::internal.
  Engine* engine = nullptr;
  bool running = false;                  ///< called by the daemon
  AuditProgress progress{};              ///< of an audit; may be empty
  std::string operator_name = "owner";   ///< who gives the order; stands in the records
  bool remote = false;                   ///< over TLS: paths on this machine are not the operator's
  LedgerKeys* keys = nullptr;            ///< the running daemon's; null: those of the directory
  Transparency* transparency = nullptr;  ///< the running daemon's
  ProgressBoard* board = nullptr;        ///< the running daemon's: where long work shows itself
};

/// The commands of roles.h. Code::usage for an unknown one or bad arguments, else the command's
/// own errors.
Result<wire::Json> run_admin(AdminContext& context, std::string_view command,
                             const wire::Json& args);

}  // namespace hearth::ledger
