#include "common/crypto/age/age.h"
#include "common/crypto/poprf.h"
#include "ledger/access/access.h"
#include "ledger/access/lookup.h"

namespace hearth::ledger {
namespace {

tl::unexpected<Error> invalid_voucher() {
  return fail(Code::voucher_invalid,
              "This is not a voucher of this ledger for this offer. Nothing was spent.");
}

/// The answer's text up to the journal index, so that the writer thread only adds a number.
Result<std::string> access_answer(const AccessSources& sources, const wire::Redemption& request) {
  const auto text = load_offer_text(sources.store, request.offer);
  if (!text) return pass_on(text.error());
  if (!*text) return access::unknown_offer();
  const auto key = open_sealed_key((*text)->sealed_key, sources.keys.escrow);
  if (!key) {
    return fail(Code::corrupt,
                "The title's key cannot be opened at the ledger. The voucher is not spent; tell "
                "the ledger's operator.");
  }
  const Bytes header = crypto::age::write_header(*key, {request.recipient});
  return R"({"access_key":")" + to_base64url(header) + R"(","journal_index":)";
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
  bool spent_by_other = false;
  out.stored = sources.engine.stored_redemption(out.command.voucher, out.command.request_hash,
                                                spent_by_other);
  if (spent_by_other) {
    return fail(Code::voucher_spent,
                "This voucher was redeemed already, by another request. Nothing was spent now.");
  }
  if (out.stored) return out;

  if (const auto offer = access::find_offer(sources, request->offer); !offer) {
    return pass_on(offer.error());
  }
  const auto* key = access::find_epoch(sources.keys, request->epoch);
  if (key == nullptr) return access::unknown_epoch();
  const auto expected = crypto::poprf::evaluate(*key, out.command.voucher,
                                                wire::access_info(request->offer, request->epoch));
  if (!expected) return pass_on(access::key_alarm(expected.error(), request->epoch));
  if (!crypto::equal(*expected, request->token)) return invalid_voucher();

  auto answer = access_answer(sources, *request);
  if (!answer) return pass_on(std::move(answer.error()));
  out.access = [begin = std::move(*answer)](const AppliedRedemption& applied) {
    return to_bytes(as_bytes(begin + std::to_string(applied.journal_index) + "}"));
  };
  return out;
}

}  // namespace hearth::ledger
