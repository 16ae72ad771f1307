#include "node/wallet/blinded_vouchers.h"

#include <algorithm>

#include "node/wallet/derivations.h"

namespace hearth::node {

std::vector<crypto::poprf::Element> BlindedVouchers::elements() const {
  std::vector<crypto::poprf::Element> out;
  for (const auto& one : blinded) out.push_back(one.blinded_element);
  return out;
}

Result<BlindedVouchers> blind_vouchers(const crypto::Seed& seed, std::uint32_t count,
                                       const wire::OfferId& offer,
                                       const wire::LedgerKeys::Epoch& epoch) {
  const Bytes info = wire::access_info(offer, epoch.epoch);
  BlindedVouchers parts;
  for (std::uint32_t i = 0; i < count; ++i) {
    parts.seeds.push_back(one_time_seed(seed, i));
    const auto one_time = crypto::SignKey::from_seed(parts.seeds.back());
    parts.inputs.push_back(to_bytes(wire::voucher_input(one_time.public_key())));
    auto blinded =
        crypto::poprf::blind(parts.inputs.back(), info, epoch.poprf_key, voucher_blind(seed, i));
    if (!blinded) return pass_on(blinded.error());
    parts.blinded.push_back(std::move(*blinded));
  }
  return parts;
}

Result<std::vector<wire::Voucher>> unblind_vouchers(
    const BlindedVouchers& parts, const std::vector<crypto::poprf::Element>& evaluated,
    const crypto::poprf::Proof& proof, const wire::OfferId& offer,
    const wire::LedgerKeys::Epoch& epoch) {
  const Bytes info = wire::access_info(offer, epoch.epoch);
  const auto tokens =
      crypto::poprf::finalize(parts.inputs, parts.blinded, evaluated, proof, info, epoch.poprf_key);
  if (!tokens) return pass_on(tokens.error());
  std::vector<wire::Voucher> vouchers;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    vouchers.push_back({offer, epoch.epoch, parts.seeds[i], (*tokens)[i]});
  }
  return vouchers;
}

const wire::LedgerKeys::Epoch* find_epoch(const wire::LedgerKeys& keys, std::uint32_t epoch) {
  const auto found = std::find_if(keys.epochs.begin(), keys.epochs.end(),
                                  [&](const auto& one) { return one.epoch == epoch; });
  return found == keys.epochs.end() ? nullptr : &*found;
}

}  // namespace hearth::node
