#include "ledger/operators/desk.h"

#include <future>

#include "common/base/log.h"
#include "common/wire/documents.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {
namespace {

using wire::Json;

/// Longer than an order stays fresh: a replay finds either the row or its own staleness.
constexpr UtcMs remembered_ms = 24 * 60 * 60 * 1000LL;

Result<void> commit_side(Engine& engine, store::Batch batch) {
  std::promise<Result<std::uint64_t>> promise;
  auto done = promise.get_future();
  engine.submit_side(std::move(batch), [&promise](Result<std::uint64_t> result) {
    promise.set_value(std::move(result));
  });
  const auto committed = done.get();
  if (!committed) return pass_on(committed.error());
  return {};
}

Result<Json> stored_answer(const OrderRow& row) {
  if (row.refused) return pass_on(wire::read_problem(as_bytes(row.answer), 400));
  Json document = Json::parse(row.answer, nullptr, false);
  if (document.is_discarded())
    return fail(Code::corrupt, "The stored answer of this order is damaged; the order was done.");
  return document;
}

/// A refusal that stays one: asking again later would not have another end.
bool is_final(const Error& error) {
  return code_http_status(error.code) < 500;
}

}  // namespace

Result<Json> OperatorDesk::answer(std::string_view jws, UtcMs now) {
  const auto order = read_order(jws);
  if (!order) return pass_on(order.error());
  if (order->content.ledger != ledger_)
    return fail(Code::not_allowed, "This order was signed for another ledger. Nothing was done.");
  const auto who = find_operator(context_.store, order->signer);
  if (!who) return pass_on(who.error());
  if (!*who)
    return fail(Code::not_allowed,
                "This key is no operator's of this ledger. Its owner adds it with `hearth-ledger "
                "operator add NAME KEY --role ROLE`. Nothing was done.");
  const std::string& command = order->content.order.command;
  const CommandRule* rule = rule_of(command);
  if (!rule) return fail(Code::usage, "The ledger has no such command. Nothing was done.");
  if (!may((*who)->role, *rule))
    return fail(Code::not_allowed, "`" + command + "` takes the role " +
                                       std::string(role_name(rule->role)) + "; " + (*who)->name +
                                       " is " + std::string(role_name((*who)->role)) +
                                       ". Nothing was done.");
  if (rule->changes) return change_once(*order, *rule, (*who)->name, now);
  const Json times{{"issued_ms", order->content.issued_ms}};
  if (auto fresh = wire::check_fresh(times, now); !fresh) return pass_on(fresh.error());
  return run(*order, (*who)->name);
}

Result<Json> OperatorDesk::run(const ReceivedOrder& order, const std::string& name) {
  AdminContext context = context_;
  context.operator_name = name;
  context.remote = true;
  return run_admin(context, order.content.order.command, order.content.order.args);
}

Result<Json> OperatorDesk::change_once(const ReceivedOrder& order, const CommandRule& rule,
                                       const std::string& name, UtcMs now) {
  const auto place = std::make_pair(order.signer, order.content.id);
  {
    const std::lock_guard lock(mutex_);
    if (!under_way_.insert(place).second)
      return fail(Code::busy, "This order is being done; ask again with the same one.");
  }
  const auto leave = [&](int*) {
    const std::lock_guard lock(mutex_);
    under_way_.erase(place);
  };
  int token = 0;
  const std::unique_ptr<int, decltype(leave)> guard(&token, leave);

  const auto before = find_order(context_.store, order.signer, order.content.id);
  if (!before) return pass_on(before.error());
  if (*before) {
    if ((*before)->hash != order.hash)
      return fail(Code::idempotency_mismatch,
                  "Another order with the same request id came before. Nothing was done.");
    if (!(*before)->answer.empty()) return stored_answer(**before);
    if (!rule.repeatable)
      return fail(Code::interrupted,
                  "The ledger stopped while it did this order; whether it was "
                  "done is not known. Look before you give it again.");
  }
  const Json times{{"issued_ms", order.content.issued_ms}};
  if (auto fresh = wire::check_fresh(times, now); !fresh) return pass_on(fresh.error());
  OrderRow row{order.hash, now, false, ""};
  if (auto noted = note(order, row); !noted) return pass_on(noted.error());
  auto result = run(order, name);
  spdlog::info("operator {}: {}: {}", name, rule.command,
               result ? "done" : code_name(result.error().code));
  if (!result && !is_final(result.error())) {
    if (!rule.repeatable) return result;  // it may be half done: a retry must not do it again
    if (auto forgotten = forget(order); !forgotten)
      spdlog::warn("an order that was not done stays noted as begun");
    return result;
  }
  row.refused = !result;
  row.answer = result ? result->dump() : wire::write_problem(result.error());
  // Should this fail, the change is done all the same, and a retry meets its own idempotency.
  if (auto noted = note(order, row); !noted)
    spdlog::warn("the answer of an operator's order could not be kept");
  return result;
}

Result<void> OperatorDesk::note(const ReceivedOrder& order, const OrderRow& row) {
  store::Batch batch;
  if (auto old = erase_old_orders(context_.store, batch, row.at_ms - remembered_ms); !old)
    return old;
  put_order(batch, order.signer, order.content.id, row);
  return commit_side(*context_.engine, std::move(batch));
}

Result<void> OperatorDesk::forget(const ReceivedOrder& order) {
  store::Batch batch;
  erase_order(batch, order.signer, order.content.id);
  return commit_side(*context_.engine, std::move(batch));
}

}  // namespace hearth::ledger
