#include "common/base/codec.h"
#include "common/crypto/age/age.h"
#include "common/crypto/poprf.h"
#include "ledger/access/access.h"
#include "ledger/access/lookup.h"
#include "ledger/access/purchase_wishes.h"

namespace hearth::ledger {
namespace {

using wire::PurchaseRequest;

/// The pocket that pays.
Result<std::uint32_t> check_request(const PurchaseRequest& request, UtcMs now) {
  if (!access::is_fresh(request.issued_ms, now)) {
    return fail(Code::stale_request,
                "The purchase was signed more than five minutes ago, or in the future. Nothing "
                "was charged; check this home's clock and buy again.");
  }
  const auto account = parse_account(request.billing_account);
  if (!account || account->kind != AccountKind::wallet || account->home != request.home ||
      account->currency != request.price.currency) {
    return fail(Code::billing_refused,
                "The billing account is not a wallet of the home that signed. Nothing was "
                "charged.");
  }
  return account->pocket;
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

/// How an evaluation lies beside its record: u8 count, the elements, the proof's c and s; then the
/// key to which later answers are sealed, of a purchase that named one.
Bytes encode_evaluation(const crypto::poprf::Evaluated& evaluated,
                        const std::optional<crypto::BoxPublicKey>& encryption) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(evaluated.elements.size()));
  for (const auto& element : evaluated.elements) out.raw(element);
  out.raw(evaluated.proof.c).raw(evaluated.proof.s);
  if (encryption) out.raw(*encryption);
  return out.take();
}

struct KeptEvaluation {
  crypto::poprf::Evaluated evaluated;
  std::optional<crypto::BoxPublicKey> encryption;
};
std::optional<KeptEvaluation> decode_evaluation(ByteView bytes) {
  Reader in(bytes);
  KeptEvaluation out;
  for (std::size_t left = in.u8(); left > 0 && in.ok(); --left)
    out.evaluated.elements.push_back(in.fixed<32>());
  out.evaluated.proof = {in.fixed<32>(), in.fixed<32>()};
  if (!in.done()) out.encryption = in.fixed<32>();
  return in.done() ? std::optional(std::move(out)) : std::nullopt;
}

tl::unexpected<Error> damaged_evaluation() {
  return fail(Code::corrupt,
              "The purchase was made, but what its receipt is made of is damaged in the "
              "ledger's books. Tell the ledger's operator.");
}

Result<PreparedPurchase> prepare_new(const AccessSources& sources, const PurchaseRequest& request,
                                     const crypto::Sha256Digest& request_hash, UtcMs now) {
  const auto pocket = check_request(request, now);
  if (!pocket) return pass_on(pocket.error());
  const auto offer = access::find_offer(sources, request.offer);
  if (!offer) return pass_on(offer.error());
  if (auto good = check_offer(request, *offer, now); !good) {
    return pass_on(std::move(good.error()));
  }
  if (auto good = access::check_wishes(sources, request, *offer, now); !good) {
    return pass_on(std::move(good.error()));
  }
  const auto* key = access::epoch_for_purchase(sources.keys, request.epoch, now);
  if (key == nullptr) return access::unknown_epoch();
  const Bytes info = wire::access_info(request.offer, request.epoch);
  auto evaluated = access::evaluate(sources, *key, request.blinded, info);
  if (!evaluated) return pass_on(access::key_alarm(std::move(evaluated.error()), request.epoch));
  if (sources.has_source && !sources.has_source(offer->info_hash, now)) {
    return fail(Code::no_source,
                "No complete source of this title is online, so it could not be delivered. "
                "Nothing was charged; try again later.");
  }
  return PreparedPurchase{.command = {.request_id = request.request_id,
                                      .request_hash = request_hash,
                                      .home = request.home,
                                      .offer = request.offer,
                                      .epoch = request.epoch,
                                      .vouchers = static_cast<std::int64_t>(request.blinded.size()),
                                      .at_ms = now,
                                      .pocket = *pocket},
                          .evaluation = encode_evaluation(*evaluated, request.encryption)};
}

/// The receipt of a purchase that was made before; nullopt: none was.
Result<std::optional<Bytes>> known_purchase(const AccessSources& sources,
                                            const wire::RequestId& request_id,
                                            const crypto::Sha256Digest& request_hash) {
  const auto known = sources.engine.purchase(request_id);
  if (!known) return pass_on(known.error());
  if (!*known) return std::optional<Bytes>();
  if ((*known)->request_hash != request_hash)
    return fail(Code::idempotency_mismatch,
                "Another purchase was made under this request id. Nothing was charged.");
  auto receipt = receipt_of(**known, sources.keys.signing);
  if (!receipt) return pass_on(std::move(receipt.error()));
  return std::optional(std::move(*receipt));
}

}  // namespace

Result<PreparedPurchase> prepare_purchase(const AccessSources& sources, std::string_view jws,
                                          UtcMs now) {
  const auto request = wire::read_purchase(jws);
  if (!request) return pass_on(request.error());
  if (sources.admit) {
    if (auto admitted = sources.admit(request->home); !admitted) {
      return pass_on(std::move(admitted.error()));
    }
  }
  const auto request_hash = crypto::sha256(as_bytes(jws));
  auto prepared = prepare_new(sources, *request, request_hash, now);
  if (prepared) return prepared;
  auto known = known_purchase(sources, request->request_id, request_hash);
  if (!known) return pass_on(std::move(known.error()));
  if (*known) return PreparedPurchase{.stored = std::move(*known)};
  return prepared;
}

Result<Bytes> receipt_of(const PurchaseFacts& facts, const crypto::SignKey& signing) {
  auto kept = decode_evaluation(facts.evaluation);
  if (!kept) return damaged_evaluation();
  const wire::Receipt receipt{.request_id = facts.request_id,
                              .request_hash = facts.request_hash,
                              .journal_index = facts.journal_index,
                              .offer = facts.offer,
                              .epoch = facts.epoch,
                              .paid = facts.paid,
                              .balance_after = facts.balance_after,
                              .evaluated = std::move(kept->evaluated.elements),
                              .proof = kept->evaluated.proof,
                              .at_ms = facts.at_ms};
  return to_bytes(as_bytes(wire::write_receipt(receipt, signing)));
}

Result<Bytes> sealed_for_buyer(const PurchaseFacts& facts, ByteView answer) {
  const auto kept = decode_evaluation(facts.evaluation);
  if (!kept) return damaged_evaluation();
  return kept->encryption ? crypto::age::seal_file(answer, {*kept->encryption}) : to_bytes(answer);
}

}  // namespace hearth::ledger
