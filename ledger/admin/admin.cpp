#include "ledger/admin/admin.h"

#include <map>

#include "common/base/names.h"
#include "ledger/admin/commands.h"

namespace hearth::ledger {

namespace admin {

Result<Engine*> writing(AdminContext& context) {
  if (context.engine) return context.engine;
  return fail(Code::internal, "This process only reads the books; nothing was changed.");
}

}  // namespace admin

Result<wire::Json> run_admin(AdminContext& context, std::string_view command,
                             const wire::Json& args) {
  using Run = Result<wire::Json> (*)(AdminContext&, const wire::Json&);
  static const std::map<std::string_view, Run> commands{
      {"account", admin::account},
      {"accounts", admin::accounts},
      {"adjust", admin::adjust},
      {"audit", admin::audit_books},
      {"backup", admin::backup_books},
      {"card", admin::card},
      {"checkpoint", admin::checkpoint},
      {"close", admin::close},
      {"deposit", admin::deposit},
      {"directory", admin::directory},
      {"directory-remove", admin::directory_remove},
      {"export", admin::export_books},
      {"fees", admin::fees},
      {"fees-set", admin::fees_set},
      {"freeze", admin::freeze},
      {"keys", admin::keys},
      {"keys-rotate", admin::keys_rotate},
      {"limits", admin::limits},
      {"limits-set", admin::limits_set},
      {"offers", admin::offers},
      {"operator-add", admin::operator_add},
      {"operator-remove", admin::operator_remove},
      {"operators", admin::operators},
      {"payments", admin::payments},
      {"payments-retry", admin::payments_retry},
      {"progress", admin::progress},
      {"statement", admin::statement},
      {"stats", admin::stats},
      {"status", admin::status},
      {"unfreeze", admin::unfreeze},
      {"verify", admin::verify},
      {"withdraw", admin::withdraw},
  };
  const auto found = commands.find(command);
  if (found == commands.end())
    return fail(Code::usage, "The ledger has no command '" + printable(command, 40) + "'.");
  if (!args.is_object())
    return fail(Code::usage, "The arguments of a command are one JSON object.");
  return found->second(context, args);
}

}  // namespace hearth::ledger
