#include "node/wallet/derivations.h"

#include <algorithm>

#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> first_bytes(const crypto::Seed& seed) {
  static_assert(N <= crypto::Seed::size());
  std::array<std::uint8_t, N> out;
  std::copy_n(seed.data(), N, out.begin());
  return out;
}

}  // namespace

crypto::Seed purchase_seed(const crypto::Seed& wallet, std::uint64_t n) {
  return crypto::derive(wallet, "purchase", n);
}

crypto::Seed exchange_seed(const crypto::Seed& wallet, std::uint64_t m) {
  return crypto::derive(wallet, "exchange", m);
}

wire::RequestId request_id(const crypto::Seed& purchase) {
  return first_bytes<16>(crypto::derive(purchase, "request id", 0));
}

crypto::BoxKey purchase_encryption(const crypto::Seed& purchase) {
  return crypto::BoxKey::from_seed(crypto::derive(purchase, "purchase encryption", 0));
}

crypto::Seed one_time_seed(const crypto::Seed& purchase, std::uint64_t i) {
  return crypto::derive(purchase, "voucher key", i);
}

crypto::poprf::Scalar voucher_blind(const crypto::Seed& purchase, std::uint64_t i) {
  const crypto::Seed low = crypto::derive(purchase, "voucher blind", 2 * i);
  const crypto::Seed high = crypto::derive(purchase, "voucher blind", 2 * i + 1);
  std::array<std::uint8_t, 64> wide;
  std::copy_n(low.data(), 32, wide.begin());
  std::copy_n(high.data(), 32, wide.begin() + 32);
  const crypto::poprf::Scalar blind = crypto::poprf::scalar_from_uniform(wide);
  crypto::wipe(wide.data(), wide.size());
  return blind;
}

crypto::BoxKey access_recipient(const crypto::Seed& one_time_seed) {
  return crypto::BoxKey::from_seed(crypto::derive(one_time_seed, "access recipient", 0));
}

crypto::BoxKey shared_recipient(const crypto::Seed& wallet, const crypto::Seed& one_time_seed) {
  const auto voucher = crypto::SignKey::from_seed(one_time_seed).public_key();
  const crypto::Seed own = crypto::derive(wallet, "shared recipients", 0);
  return crypto::BoxKey::from_seed(crypto::derive(own, to_hex(wire::voucher_input(voucher)), 0));
}

identity::DropToken drop_token(const crypto::Seed& wallet, std::uint64_t n) {
  return first_bytes<32>(crypto::derive(wallet, "drop token", n));
}

std::array<std::uint8_t, 16> device_id(const crypto::Seed& wallet, std::uint64_t machine) {
  return first_bytes<16>(crypto::derive(wallet, "device", machine));
}

}  // namespace hearth::node
