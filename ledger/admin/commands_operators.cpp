#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/waiting.h"
#include "ledger/operators/operator_rows.h"

namespace hearth::ledger::admin {
namespace {

Json operator_document(const Operator& who) {
  return {{"name", who.name},
          {"role", role_name(who.role)},
          {"key", operator_key_text(who.key)},
          {"added_ms", who.added_ms}};
}

Result<void> commit(Engine& engine, store::Batch batch) {
  const auto done = wait_for<std::uint64_t>(
      [&](auto answer) { engine.submit_side(std::move(batch), std::move(answer)); });
  if (!done) return pass_on(done.error());
  return {};
}

}  // namespace

Result<Json> operators(AdminContext& context, const Json&) {
  const auto all = list_operators(context.store);
  if (!all) return pass_on(all.error());
  Json rows = Json::array();
  for (const Operator& who : *all) rows.push_back(operator_document(who));
  return Json{{"operators", std::move(rows)}};
}

Result<Json> operator_add(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "operator add");
  const std::string name_text = fields.required_text("name", 100);
  const std::string key_text = fields.required_text("key", 200);
  const std::string role_text = fields.required_text("role", 20);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto name = checked_operator_name(name_text);
  if (!name) return pass_on(name.error());
  const auto key = parse_operator_key(key_text);
  if (!key) return pass_on(key.error());
  const auto role = role_from_name(role_text);
  if (!role) return fail(Code::usage, "A role is auditor, teller or owner. Nothing was changed.");
  const auto all = list_operators(context.store);
  if (!all) return pass_on(all.error());
  for (const Operator& other : *all) {
    if (other.key == *key && other.name == *name && other.role == *role) {
      Json out = operator_document(other);
      out["repeated"] = true;
      return out;
    }
    if (other.name == *name)
      return fail(Code::already_initialised,
                  "There is an operator " + *name +
                      " already. Remove that one first, or choose another name. Nothing was "
                      "changed.");
    if (other.key == *key)
      return fail(Code::already_initialised, "This key is already the operator " + other.name +
                                                 "'s. Remove that one first. Nothing was changed.");
  }
  const Operator who{*key, *name, *role, now_ms()};
  store::Batch batch;
  put_operator(batch, who);
  if (auto done = commit(**engine, std::move(batch)); !done) return pass_on(done.error());
  Json out = operator_document(who);
  out["repeated"] = false;
  return out;
}

Result<Json> operator_remove(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "operator remove");
  const std::string name = fields.required_text("name", 100);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto all = list_operators(context.store);
  if (!all) return pass_on(all.error());
  for (const Operator& who : *all) {
    if (who.name != name) continue;
    store::Batch batch;
    erase_operator(batch, who.key);
    if (auto done = commit(**engine, std::move(batch)); !done) return pass_on(done.error());
    return operator_document(who);
  }
  return fail(Code::not_found, "There is no operator '" + printable(name, 60) +
                                   "'; `hearth-ledger operator list` shows them.");
}

}  // namespace hearth::ledger::admin
