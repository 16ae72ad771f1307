#include "common/wire/document_fields.h"
#include "ledger/access/access.h"
#include "ledger/access/voucher_check.h"

namespace hearth::ledger {
namespace {

/// Where the money goes: whoever holds the voucher may name any wallet.
Result<AccountId> credited_account(std::string_view text, const money::Currency& currency) {
  const auto account = parse_account(text);
  if (!account || account->kind != AccountKind::wallet || account->currency != currency) {
    return fail(Code::unknown_account,
                "The refund names no wallet in the offer's currency, " +
                    std::string(currency.code()) +
                    ". Nothing was moved, and the voucher is as good as before.");
  }
  return AccountId::wallet(account->home, currency, account->pocket);
}

}  // namespace

Result<PreparedRefund> prepare_refund(const AccessSources& sources, std::string_view jws,
                                      UtcMs now) {
  const auto request = wire::read_refund(jws);
  if (!request) return pass_on(request.error());
  RefundCommand command{.voucher = wire::voucher_input(request->one_time_key),
                        .request_hash = crypto::sha256(as_bytes(jws)),
                        .offer = request->offer,
                        .epoch = request->epoch,
                        .credited = {},
                        .at_ms = now};
  const auto known = sources.engine.voucher(command.voucher);
  if (!known) return pass_on(known.error());
  if (*known) {
    if ((*known)->end != VoucherEnd::refunded || (*known)->request_hash != command.request_hash)
      return access::voucher_spent();
    const auto offer = access::find_offer(sources, request->offer);
    if (!offer) return pass_on(offer.error());
    return PreparedRefund{refund_answer_of(**known, offer->price), command, offer->price};
  }

  const auto offer = access::check_voucher(
      sources, {request->offer, request->epoch, command.voucher, request->token});
  if (!offer) return pass_on(offer.error());
  if (!wire::refundable(offer->terms, now)) {
    return fail(Code::refund_ended,
                "The seller's terms give the price back only up to a day that has passed. Nothing "
                "was moved, and the voucher can still be redeemed.");
  }
  const auto credited = credited_account(request->account, offer->price.currency);
  if (!credited) return pass_on(credited.error());
  command.credited = *credited;
  return PreparedRefund{std::nullopt, command, offer->price};
}

/// No balance in it: the holder of a voucher need not be the home whose wallet it names.
Bytes refund_answer_of(const VoucherFacts& facts, const money::Amount& price) {
  const wire::Json answer = {{"refunded", wire::money_to_json(price)},
                             {"journal_index", facts.journal_index}};
  return to_bytes(as_bytes(answer.dump()));
}

}  // namespace hearth::ledger
