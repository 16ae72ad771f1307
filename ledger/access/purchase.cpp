#include "common/crypto/poprf.h"
#include "ledger/access/access.h"
#include "ledger/access/lookup.h"

namespace hearth::ledger {
namespace {

using wire::PurchaseRequest;

Result<void> check_request(const PurchaseRequest& request, UtcMs now) {
  if (request.issued_ms < now - wire::request_freshness_ms ||
      request.issued_ms > now + wire::request_freshness_ms) {
    return fail(Code::stale_request,
                "The purchase was signed more than five minutes ago, or in the future. Nothing "
                "was charged; check this home's clock and buy again.");
  }
  const std::string account =
      "wallet/" + request.home.text() + "/" + std::string(request.price.currency.code());
  if (request.billing_account != account) {
    return fail(Code::billing_refused,
                "The billing account is not the wallet of the home that signed. Nothing was "
                "charged.");
  }
  return {};
}

Result<void> check_offer(const PurchaseRequest& request, const OfferEntry& offer, UtcMs now) {
  if (offer.terms.sold_until_ms != 0 && offer.terms.sold_until_ms <= now) {
    return fail(Code::offer_ended, "The offer is past its end. Nothing was charged.");
  }
  if (request.price != offer.price || request.terms != offer.terms) {
    return fail(Code::price_differs,
                "The offer's price is " + money::format(offer.price) +
                    "; the purchase names another price or other terms. Nothing was charged; "
                    "look at the offer again.");
  }
  return {};
}

/// Everything of the receipt but what the books decide.
wire::Receipt draft(const PurchaseRequest& request, const PurchaseCommand& command,
                    crypto::poprf::Evaluated evaluated) {
  return wire::Receipt{.request_id = request.request_id,
                       .request_hash = command.request_hash,
                       .journal_index = 0,
                       .offer = request.offer,
                       .epoch = request.epoch,
                       .paid = request.price,
                       .balance_after = request.price,
                       .evaluated = std::move(evaluated.elements),
                       .proof = evaluated.proof,
                       .at_ms = command.at_ms};
}

}  // namespace

Result<PreparedPurchase> prepare_purchase(const AccessSources& sources, std::string_view jws,
                                          UtcMs now) {
  const auto request = wire::read_purchase(jws);
  if (!request) return pass_on(request.error());
  PreparedPurchase out;
  out.command = {.request_id = request->request_id,
                 .request_hash = crypto::sha256(as_bytes(jws)),
                 .home = request->home,
                 .offer = request->offer,
                 .epoch = request->epoch,
                 .vouchers = static_cast<std::int64_t>(request->blinded.size()),
                 .at_ms = now};
  bool mismatch = false;
  out.stored =
      sources.engine.stored_purchase(request->request_id, out.command.request_hash, mismatch);
  if (mismatch) {
    return fail(Code::idempotency_mismatch,
                "Another purchase was made under this request id. Nothing was charged.");
  }
  if (out.stored) return out;

  if (auto good = check_request(*request, now); !good) return pass_on(std::move(good.error()));
  const auto offer = access::find_offer(sources, request->offer);
  if (!offer) return pass_on(offer.error());
  if (auto good = check_offer(*request, *offer, now); !good) {
    return pass_on(std::move(good.error()));
  }
  const auto* key = access::epoch_for_purchase(sources.keys, request->epoch, now);
  if (key == nullptr) return access::unknown_epoch();
  auto evaluated = crypto::poprf::blind_evaluate(*key, request->blinded,
                                                 wire::access_info(request->offer, request->epoch),
                                                 crypto::poprf::random_scalar());
  if (!evaluated) return pass_on(access::key_alarm(std::move(evaluated.error()), request->epoch));

  out.info_hash = offer->info_hash;
  out.receipt = [receipt = draft(*request, out.command, std::move(*evaluated)),
                 signing = sources.keys.signing](const AppliedPurchase& applied) {
    wire::Receipt whole = receipt;
    whole.journal_index = applied.journal_index;
    whole.paid = applied.paid;
    whole.balance_after = applied.balance_after;
    whole.at_ms = applied.at_ms;
    return to_bytes(as_bytes(wire::write_receipt(whole, signing)));
  };
  return out;
}

}  // namespace hearth::ledger
