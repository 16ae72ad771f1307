// The operator's commands, each a function from arguments to a document, grouped in a .cpp by what
// they are about; run_admin() (admin.h) finds them. Documents: docs/accounting.md §8.
#pragma once

#include "ledger/admin/admin.h"

namespace hearth::ledger::admin {

using wire::Json;

// commands_books.cpp
Result<Json> card(AdminContext& context, const Json& args);
Result<Json> status(AdminContext& context, const Json& args);
Result<Json> accounts(AdminContext& context, const Json& args);
Result<Json> account(AdminContext& context, const Json& args);
Result<Json> offers(AdminContext& context, const Json& args);
Result<Json> audit_books(AdminContext& context, const Json& args);
Result<Json> progress(AdminContext& context, const Json& args);

// commands_report.cpp
Result<Json> statement(AdminContext& context, const Json& args);
Result<Json> export_books(AdminContext& context, const Json& args);

// commands_money.cpp
Result<Json> deposit(AdminContext& context, const Json& args);
Result<Json> withdraw(AdminContext& context, const Json& args);
Result<Json> adjust(AdminContext& context, const Json& args);
Result<Json> freeze(AdminContext& context, const Json& args);
Result<Json> unfreeze(AdminContext& context, const Json& args);
Result<Json> close(AdminContext& context, const Json& args);

// commands_rules.cpp
Result<Json> limits(AdminContext& context, const Json& args);
Result<Json> limits_set(AdminContext& context, const Json& args);
Result<Json> fees(AdminContext& context, const Json& args);
Result<Json> fees_set(AdminContext& context, const Json& args);

// commands_keeping.cpp
Result<Json> backup_books(AdminContext& context, const Json& args);
Result<Json> verify(AdminContext& context, const Json& args);
Result<Json> stats(AdminContext& context, const Json& args);

// commands_keys.cpp
Result<Json> keys(AdminContext& context, const Json& args);
Result<Json> keys_rotate(AdminContext& context, const Json& args);
Result<Json> checkpoint(AdminContext& context, const Json& args);

// commands_payments.cpp
Result<Json> payments(AdminContext& context, const Json& args);
Result<Json> payments_retry(AdminContext& context, const Json& args);

// commands_directory.cpp
Result<Json> directory(AdminContext& context, const Json& args);
Result<Json> directory_remove(AdminContext& context, const Json& args);

// commands_operators.cpp
Result<Json> operators(AdminContext& context, const Json& args);
Result<Json> operator_add(AdminContext& context, const Json& args);
Result<Json> operator_remove(AdminContext& context, const Json& args);

/// Tells how far work is: the context's own way, and the daemon's board under the order's word.
class Progress {
 public:
  Progress(AdminContext& context, std::string word) : context_(context), word_(std::move(word)) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Lives as long as this.
  AuditProgress tell() const;

 private:
  AdminContext& context_;
  const std::string word_;  ///< empty: nobody watches the board
};

/// The engine, or the sentence that this process only reads.
Result<Engine*> writing(AdminContext& context);

}  // namespace hearth::ledger::admin
