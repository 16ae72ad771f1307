#include "common/base/assert.h"
#include "common/base/names.h"
#include "common/crypto/secret.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/lookup.h"
#include "ledger/admin/waiting.h"
#include "ledger/payments/manual.h"

namespace hearth::ledger::admin {
namespace {

using payments::MoneyOrder;

payments::FindAccount finder(const AdminContext& context) {
  return [&store = context.store](const std::string& text, const money::Currency& currency) {
    return find_account(BooksView(store), text, currency);
  };
}

Result<Json> booked_document(AdminContext& context, const AccountId& account,
                             const Booked& booked) {
  const auto owner = owner_of(BooksView(context.store), account);
  if (!owner) return pass_on(owner.error());
  Json out{{"account", account.text()},
           {"name", *owner},
           {"balance_after", wire::money_document({booked.balance_after, account.currency()})},
           {"journal_index", booked.journal_index},
           {"operator", context.operator_name},
           {"repeated", booked.repeated}};
  if (account.kind() == AccountKind::wallet) out["home"] = account.home().text();
  return out;
}

/// Money that came in or went out, as the operator is told.
Result<Json> moved_document(AdminContext& context, const MoneyOrder& order, const Booked& booked) {
  auto out = booked_document(context, order.account, booked);
  if (!out) return out;
  (*out)["amount"] = wire::money_document(order.amount);
  (*out)["reference"] = order.note;
  return out;
}

Result<Json> set_state(AdminContext& context, const Json& args, AccountState state,
                       const char* state_name) {
  wire::Fields fields(args, "order");
  const std::string account_text = fields.required_text("account", 500);
  const std::string reason_text = fields.required_text("reason", max_reason_bytes);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto reason = checked_note(reason_text, max_reason_bytes);
  if (!reason) return pass_on(reason.error());
  if (reason->empty())
    return fail(Code::usage, "A reason is needed: it stands in the journal. Nothing was done.");
  const auto account = find_account(BooksView(context.store), account_text);
  if (!account) return pass_on(account.error());
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_account_state({*account, state, *reason, context.operator_name, now_ms()},
                                    std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  auto out = booked_document(context, *account, *booked);
  if (!out) return out;
  (*out)["state"] = state_name;
  (*out)["reason"] = *reason;
  return out;
}

}  // namespace

Result<Json> deposit(AdminContext& context, const Json& args) {
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const payments::ManualProvider provider(context.operator_name, finder(context));
  const std::string body = args.dump();
  const auto reading = provider.read({as_bytes(body), {}, now_ms()});
  if (!reading) return pass_on(reading.error());
  const auto* payment = std::get_if<payments::Payment>(&*reading);
  HEARTH_ASSERT(payment != nullptr);  // an operator's word is a payment or an error
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_deposit(payments::deposit_of(*payment, now_ms()), std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  return moved_document(context, {payment->account, payment->amount, payment->reference}, *booked);
}

Result<Json> withdraw(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "withdrawal");
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto order =
      payments::read_money_order(fields, "reference", max_reference_bytes, finder(context));
  if (!order) return pass_on(order.error());
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_withdrawal(
        {order->account, order->amount.minor, order->note, context.operator_name, now_ms()},
        std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  auto out = moved_document(context, *order, *booked);
  if (out) (*out)["withdrawn"] = true;
  return out;
}

Result<Json> adjust(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "adjustment");
  const std::string side = fields.required_text("side", 10);
  AdjustmentId id{};
  if (fields.has("id"))
    id = fields.fixed_hex<16>("id");
  else
    crypto::random_bytes(id.data(), id.size());
  if (!fields.ok()) return pass_on(fields.error());
  if (side != "credit" && side != "debit")
    return fail(Code::usage, "An adjustment is a credit or a debit. Nothing was done.");
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto order =
      payments::read_money_order(fields, "reason", max_reason_bytes, finder(context));
  if (!order) return pass_on(order.error());
  const std::int64_t minor = side == "credit" ? order->amount.minor : -order->amount.minor;
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_adjustment(
        {id, order->account, minor, order->note, context.operator_name, now_ms()},
        std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  auto out = booked_document(context, order->account, *booked);
  if (!out) return out;
  (*out)["id"] = to_hex(id);
  (*out)["amount"] = wire::money_document({minor, order->amount.currency});
  (*out)["reason"] = order->note;
  return out;
}

Result<Json> freeze(AdminContext& context, const Json& args) {
  return set_state(context, args, AccountState::frozen, "frozen");
}

Result<Json> unfreeze(AdminContext& context, const Json& args) {
  return set_state(context, args, AccountState::open, "open");
}

Result<Json> close(AdminContext& context, const Json& args) {
  return set_state(context, args, AccountState::closed, "closed");
}

}  // namespace hearth::ledger::admin
