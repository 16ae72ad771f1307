#include "common/crypto/age/age.h"
#include "ledger/access/access.h"
#include "ledger/access/voucher_check.h"

namespace hearth::ledger {
namespace {

/// The title's key as an age header for the recipient.
Result<Bytes> access_key(const AccessSources& sources, const wire::Redemption& request) {
  const auto text = load_offer_text(sources.store, request.offer);
  if (!text) return pass_on(text.error());
  if (!*text) return access::unknown_offer();
  const auto key = open_sealed_key((*text)->sealed_key, sources.keys.escrow);
  if (!key) {
    return fail(Code::corrupt,
                "The title's key cannot be opened at the ledger. The voucher is not spent; tell "
                "the ledger's operator.");
  }
  return crypto::age::write_header(*key, {request.recipient});
}

}  // namespace

Result<PreparedRedemption> prepare_redemption(const AccessSources& sources, std::string_view jws,
                                              UtcMs now) {
  const auto request = wire::read_redemption(jws);
  if (!request) return pass_on(request.error());
  PreparedRedemption out;
  out.command = {.voucher = wire::voucher_input(request->one_time_key),
                 .request_hash = crypto::sha256(as_bytes(jws)),
                 .offer = request->offer,
                 .epoch = request->epoch,
                 .at_ms = now};
  const auto known = sources.engine.voucher(out.command.voucher);
  if (!known) return pass_on(known.error());
  if (*known) {
    if ((*known)->end != VoucherEnd::redeemed || (*known)->request_hash != out.command.request_hash)
      return access::voucher_spent();
    out.stored = access_answer_of(**known);
    return out;
  }

  const auto offer = access::check_voucher(
      sources, {request->offer, request->epoch, out.command.voucher, request->token});
  if (!offer) return pass_on(offer.error());
  auto sealed = access_key(sources, *request);
  if (!sealed) return pass_on(std::move(sealed.error()));
  out.access_key = std::move(*sealed);
  return out;
}

Bytes access_answer_of(const VoucherFacts& facts) {
  return to_bytes(as_bytes(R"({"access_key":")" + to_base64url(facts.kept) +
                           R"(","journal_index":)" + std::to_string(facts.journal_index) + "}"));
}

}  // namespace hearth::ledger
