#include "common/base/names.h"
#include "common/crypto/secret.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/lookup.h"
#include "ledger/admin/waiting.h"

namespace hearth::ledger::admin {
namespace {

/// What every command about the money of one account needs to know.
struct MoneyOrder {
  AccountId account;
  money::Amount amount;
  std::string note;  ///< reference or reason
};

/// `note` names the member with the reference or reason.
Result<MoneyOrder> read_money_order(AdminContext& context, wire::Fields& fields, const char* note,
                                    std::size_t max_note) {
  const std::string account_text = fields.required_text("account", 500);
  const std::string amount_text = fields.required_text("amount", 60);
  const std::string note_text = fields.required_text(note, max_note);
  if (!fields.ok()) return pass_on(fields.error());
  const auto amount = money::parse(amount_text);
  if (!amount) return pass_on(amount.error());
  if (amount->minor <= 0)
    return fail(Code::amount_invalid, "The amount must be above zero; nothing was done.");
  auto text = checked_note(note_text, max_note);
  if (!text) return pass_on(text.error());
  if (text->empty())
    return fail(Code::usage, std::string("A ") + note +
                                 " is needed: it stands in the journal. Nothing was done.");
  const auto account = find_account(BooksView(context.store), account_text, amount->currency);
  if (!account) return pass_on(account.error());
  if (account->currency() != amount->currency)
    return fail(Code::amount_invalid,
                "The account is kept in " + std::string(account->currency().code()) +
                    ", the amount is in " + std::string(amount->currency.code()) +
                    "; nothing was done.");
  return MoneyOrder{*account, *amount, std::move(*text)};
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

Result<Json> move_money(AdminContext& context, const Json& args, bool in) {
  wire::Fields fields(args, in ? "deposit" : "withdrawal");
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto order = read_money_order(context, fields, "reference", max_reference_bytes);
  if (!order) return pass_on(order.error());
  const auto booked = wait_for<Booked>([&](auto answer) {
    if (in)
      (*engine)->submit_deposit(
          {order->account, order->amount.minor, order->note, context.operator_name, now_ms()},
          std::move(answer));
    else
      (*engine)->submit_withdrawal(
          {order->account, order->amount.minor, order->note, context.operator_name, now_ms()},
          std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  auto out = booked_document(context, order->account, *booked);
  if (!out) return out;
  (*out)["amount"] = wire::money_document(order->amount);
  (*out)["reference"] = order->note;
  if (!in) (*out)["withdrawn"] = true;
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
  return move_money(context, args, true);
}

Result<Json> withdraw(AdminContext& context, const Json& args) {
  return move_money(context, args, false);
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
  const auto order = read_money_order(context, fields, "reason", max_reason_bytes);
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
