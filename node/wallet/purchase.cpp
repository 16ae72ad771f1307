#include "node/wallet/purchase.h"

#include "node/wallet/blinded_vouchers.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

tl::unexpected<Error> not_believed(const std::string& what) {
  return fail(Code::proof_invalid,
              "The ledger's receipt is not to be believed: " + what +
                  ". The receipt is kept as evidence (hearth wallet history); show it to the "
                  "ledger's operator. Buying again asks for the same receipt and pays nothing.");
}

/// Empty when the receipt answers exactly this request.
std::string first_difference(const wire::PurchaseRequest& request, const std::string& request_jws,
                             const wire::Receipt& receipt) {
  if (receipt.request_hash != crypto::sha256(as_bytes(request_jws)) ||
      receipt.request_id != request.request_id) {
    return "it answers another request";
  }
  if (receipt.offer != request.offer) return "it is for another offer";
  if (receipt.epoch != request.epoch) return "it is for another epoch";
  if (receipt.evaluated.size() != request.blinded.size()) {
    return "it holds another number of vouchers";
  }
  const auto due =
      money::checked_mul(request.price.minor, static_cast<std::int64_t>(request.blinded.size()));
  if (!due || !(receipt.paid == money::Amount{*due, request.price.currency})) {
    return "it charges " + money::format(receipt.paid) + ", which is not the price";
  }
  return {};
}

}  // namespace

std::string wallet_account(const identity::HomeAddress& home, const money::Currency& currency,
                           std::uint32_t pocket) {
  std::string account = "wallet/" + home.text() + "/" + std::string(currency.code());
  if (pocket != 0) account += "/" + std::to_string(pocket);
  return account;
}

Result<std::string> make_purchase(const identity::HomeKeys& home, std::uint64_t n,
                                  const wire::Offer& offer, const wire::LedgerKeys::Epoch& epoch,
                                  std::uint32_t count, UtcMs now, const Wanted& wanted) {
  const crypto::Seed purchase = purchase_seed(home.seed(), n);
  const auto parts = blind_vouchers(purchase, count, offer.id, epoch);
  if (!parts) return pass_on(parts.error());
  const wire::PurchaseRequest request{
      .request_id = request_id(purchase),
      .home = home.address(),
      .offer = offer.id,
      .epoch = epoch.epoch,
      .price = offer.price,
      .terms = offer.terms,
      .billing_account = wallet_account(home.address(), offer.price.currency, wanted.pocket),
      .device = device_id(home.seed(), wanted.machine),
      .blinded = parts->elements(),
      .issued_ms = now,
      .encryption = purchase_encryption(purchase).public_key(),
      .services = wanted.services,
      .restrictions = wanted.restrictions};
  return wire::write_purchase(request, home.identity());
}

Result<std::vector<wire::Voucher>> finish_purchase(const identity::HomeKeys& home, std::uint64_t n,
                                                   const std::string& request_jws,
                                                   const std::string& receipt_jws,
                                                   const crypto::SignPublicKey& ledger,
                                                   const wire::LedgerKeys& keys) {
  const auto request = wire::read_purchase(request_jws);
  if (!request) return pass_on(request.error());
  const auto receipt = wire::read_receipt(receipt_jws, ledger);
  if (!receipt) return not_believed(receipt.error().sentence);
  const std::string difference = first_difference(*request, request_jws, *receipt);
  if (!difference.empty()) return not_believed(difference);
  const auto* epoch = find_epoch(keys, request->epoch);
  if (epoch == nullptr) {
    return not_believed("its epoch is not in the ledger's signed list of keys");
  }
  const auto parts =
      blind_vouchers(purchase_seed(home.seed(), n),
                     static_cast<std::uint32_t>(request->blinded.size()), request->offer, *epoch);
  if (!parts) return pass_on(parts.error());
  auto vouchers =
      unblind_vouchers(*parts, receipt->evaluated, receipt->proof, request->offer, *epoch);
  if (!vouchers) return not_believed(vouchers.error().sentence);
  return vouchers;
}

PurchaseAnswer purchase_answer(Code code) {
  switch (code) {
    case Code::idempotency_mismatch:
    case Code::stale_request:
    case Code::wrong_signer:
    case Code::bad_signature:
    case Code::billing_refused:
    case Code::unknown_offer:
    case Code::offer_ended:
    case Code::price_differs:
    case Code::unknown_epoch:
    case Code::bad_element:
    case Code::no_source:
    case Code::unknown_account:
    case Code::currency_unknown:
    case Code::amount_invalid:
    case Code::overflow:
    case Code::insufficient_funds:
    case Code::account_frozen:
    case Code::account_closed:
    case Code::limit_exceeded:
    case Code::unknown_device:
    case Code::service_refused:
    case Code::not_giftable:
    case Code::usage:
    case Code::too_large:
      return PurchaseAnswer::not_charged;
    default:
      return PurchaseAnswer::ask_again;
  }
}

}  // namespace hearth::node
