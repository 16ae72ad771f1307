#include "node/recovery/recovered.h"

#include "node/wallet/blinded_vouchers.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

tl::unexpected<Error> not_believed(const std::string& why) {
  return fail(Code::proof_invalid,
              "The ledger's stored answer is not to be believed: " + why +
                  ". Nothing was lost by that; ask the ledger's operator, then restore again.");
}

Result<std::vector<wire::Voucher>> vouchers_of(const crypto::Seed& seed, const wire::OfferId& offer,
                                               std::uint32_t epoch_number,
                                               const std::vector<crypto::poprf::Element>& evaluated,
                                               const crypto::poprf::Proof& proof,
                                               const wire::LedgerKeys& keys) {
  const auto* epoch = find_epoch(keys, epoch_number);
  if (epoch == nullptr) return not_believed("its epoch is not in the ledger's signed list of keys");
  const auto parts =
      blind_vouchers(seed, static_cast<std::uint32_t>(evaluated.size()), offer, *epoch);
  if (!parts) return pass_on(parts.error());
  auto vouchers = unblind_vouchers(*parts, evaluated, proof, offer, *epoch);
  if (!vouchers) return not_believed(vouchers.error().sentence);
  return vouchers;
}

}  // namespace

Result<RecoveredPurchase> recover_purchase(const crypto::Seed& wallet, std::uint64_t n,
                                           const std::string& receipt_jws,
                                           const crypto::SignPublicKey& ledger,
                                           const wire::LedgerKeys& keys) {
  const auto receipt = wire::read_receipt(receipt_jws, ledger);
  if (!receipt) return not_believed(receipt.error().sentence);
  const crypto::Seed purchase = purchase_seed(wallet, n);
  if (receipt->request_id != request_id(purchase)) {
    return not_believed("it answers another purchase");
  }
  auto vouchers = vouchers_of(purchase, receipt->offer, receipt->epoch, receipt->evaluated,
                              receipt->proof, keys);
  if (!vouchers) return pass_on(vouchers.error());
  return RecoveredPurchase{*receipt, std::move(*vouchers)};
}

Result<wire::Voucher> recover_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                       const std::string& answer_jws,
                                       const crypto::SignPublicKey& ledger,
                                       const wire::LedgerKeys& keys) {
  const auto answer = wire::read_exchanged(answer_jws, ledger);
  if (!answer) return not_believed(answer.error().sentence);
  const crypto::Seed seed = exchange_seed(wallet, m);
  if (answer->request_id != request_id(seed)) return not_believed("it answers another exchange");
  const auto vouchers =
      vouchers_of(seed, answer->offer, answer->epoch, {answer->evaluated}, answer->proof, keys);
  if (!vouchers) return pass_on(vouchers.error());
  return vouchers->front();
}

}  // namespace hearth::node
