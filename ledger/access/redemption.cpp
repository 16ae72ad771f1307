#include "common/crypto/age/age.h"
#include "ledger/access/access.h"
#include "ledger/catalogue/catalogue.h"
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

/// Of a voucher that was given up already: this very redemption's facts; nullopt: it may be good
/// for a further home, which the engine decides. Code::voucher_spent.
Result<std::optional<VoucherFacts>> redeemed_before(const AccessSources& sources,
                                                    const RedeemCommand& command,
                                                    const VoucherFacts& first) {
  if (first.end != VoucherEnd::redeemed) return access::voucher_spent();
  if (first.request_hash == command.request_hash) return std::optional(first);
  const auto offer = access::find_offer(sources, command.offer);
  if (!offer || offer->terms.homes == 1) return access::voucher_spent();
  return sources.engine.share(command.voucher, command.request_hash);
}

Result<void> check_time(const wire::Terms& terms, UtcMs now) {
  if (now < terms.not_before_ms)
    return fail(Code::not_yet,
                "The seller's terms let this title be opened only from a later day on. The "
                "voucher is as good as before.");
  if (terms.redeem_until_ms != 0 && now > terms.redeem_until_ms)
    return fail(Code::voucher_expired,
                "The time in which this voucher could be redeemed is over. It was not spent: its "
                "price can be had back with a refund.");
  return {};
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
    const auto again = redeemed_before(sources, out.command, **known);
    if (!again) return pass_on(again.error());
    if (*again) {
      out.stored = access_answer_of(**again);
      return out;
    }
  }

  const auto offer = access::check_voucher(
      sources, {request->offer, request->epoch, out.command.voucher, request->token});
  if (!offer) return pass_on(offer.error());
  if (auto good = check_time(offer->terms, now); !good) return pass_on(std::move(good.error()));
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
