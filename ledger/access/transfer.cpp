#include "common/wire/document_fields.h"
#include "ledger/access/access.h"
#include "ledger/access/lookup.h"

namespace hearth::ledger {

static_assert(wire::max_pocket == max_pocket);

Result<PreparedTransfer> prepare_transfer(const AccessSources& sources, std::string_view jws,
                                          UtcMs now) {
  const auto request = wire::read_transfer(jws);
  if (!request) return pass_on(request.error());
  if (sources.admit) {
    if (auto admitted = sources.admit(request->home); !admitted) {
      return pass_on(std::move(admitted.error()));
    }
  }
  PreparedTransfer out{.stored = std::nullopt,
                       .command = {.request_id = request->request_id,
                                   .request_hash = crypto::sha256(as_bytes(jws)),
                                   .home = request->home,
                                   .from_pocket = request->from_pocket,
                                   .to_pocket = request->to_pocket,
                                   .amount = request->amount,
                                   .at_ms = now}};
  const auto known = sources.engine.transfer(request->request_id);
  if (!known) return pass_on(known.error());
  if (*known) {
    if ((*known)->request_hash != out.command.request_hash)
      return fail(Code::idempotency_mismatch,
                  "Another transfer was made under this request id. Nothing was moved now.");
    out.stored = transfer_answer_of((*known)->booked, request->amount.currency);
    return out;
  }
  if (!access::is_fresh(request->issued_ms, now)) {
    return fail(Code::stale_request,
                "The transfer was signed more than five minutes ago, or in the future. Nothing "
                "was moved; check this home's clock and ask again.");
  }
  return out;
}

Bytes transfer_answer_of(const Booked& booked, const money::Currency& currency) {
  const wire::Json answer = {
      {"journal_index", booked.journal_index},
      {"balance_after", wire::money_to_json({booked.balance_after, currency})}};
  return to_bytes(as_bytes(answer.dump()));
}

}  // namespace hearth::ledger
