#include "node/wallet/purchase.h"

#include <algorithm>

#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

struct VoucherParts {
  std::vector<crypto::Seed> seeds;
  std::vector<Bytes> inputs;
  std::vector<crypto::poprf::Blinded> blinded;
};

Result<VoucherParts> voucher_parts(const crypto::Seed& purchase, std::uint32_t count, ByteView info,
                                   const crypto::poprf::Element& poprf_key) {
  VoucherParts parts;
  for (std::uint32_t i = 0; i < count; ++i) {
    parts.seeds.push_back(one_time_seed(purchase, i));
    const auto one_time = crypto::SignKey::from_seed(parts.seeds.back());
    parts.inputs.push_back(to_bytes(wire::voucher_input(one_time.public_key())));
    auto blinded =
        crypto::poprf::blind(parts.inputs.back(), info, poprf_key, voucher_blind(purchase, i));
    if (!blinded) return pass_on(blinded.error());
    parts.blinded.push_back(std::move(*blinded));
  }
  return parts;
}

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
  auto parts =
      voucher_parts(purchase, count, wire::access_info(offer.id, epoch.epoch), epoch.poprf_key);
  if (!parts) return pass_on(parts.error());
  wire::PurchaseRequest request{
      .request_id = request_id(purchase),
      .home = home.address(),
      .offer = offer.id,
      .epoch = epoch.epoch,
      .price = offer.price,
      .terms = offer.terms,
      .billing_account = wallet_account(home.address(), offer.price.currency, wanted.pocket),
      .device = device_id(home.seed()),
      .blinded = {},
      .issued_ms = now,
      .encryption = purchase_encryption(purchase).public_key(),
      .services = wanted.services,
      .restrictions = wanted.restrictions};
  for (const auto& blinded : parts->blinded) request.blinded.push_back(blinded.blinded_element);
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
  const auto epoch = std::find_if(keys.epochs.begin(), keys.epochs.end(),
                                  [&](const auto& e) { return e.epoch == request->epoch; });
  if (epoch == keys.epochs.end()) {
    return not_believed("its epoch is not in the ledger's signed list of keys");
  }

  const Bytes info = wire::access_info(request->offer, request->epoch);
  auto parts =
      voucher_parts(purchase_seed(home.seed(), n),
                    static_cast<std::uint32_t>(request->blinded.size()), info, epoch->poprf_key);
  if (!parts) return pass_on(parts.error());
  const auto tokens = crypto::poprf::finalize(parts->inputs, parts->blinded, receipt->evaluated,
                                              receipt->proof, info, epoch->poprf_key);
  if (!tokens) return not_believed(tokens.error().sentence);
  std::vector<wire::Voucher> vouchers;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    vouchers.push_back({request->offer, request->epoch, parts->seeds[i], (*tokens)[i]});
  }
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
