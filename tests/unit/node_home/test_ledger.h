// A ledger of a few lines for the wallet's tests: it signs receipts and evaluates blinded
// elements as the real one does, and can be told to lie.
#pragma once

#include <string>

#include "common/crypto/hash.h"
#include "common/crypto/poprf.h"
#include "common/identity/home.h"
#include "common/wire/documents.h"

namespace hearth::test {

inline crypto::Seed seed_of(std::uint8_t byte) {
  std::array<std::uint8_t, 32> bytes;
  bytes.fill(byte);
  return crypto::Seed(bytes);
}

inline money::Amount eur(std::int64_t minor) {
  return {minor, *money::Currency::from_code("EUR")};
}

class TestLedger {
 public:
  explicit TestLedger(std::uint8_t which = 7)
      : key(crypto::SignKey::from_seed(seed_of(which))),
        poprf(crypto::poprf::derive_key_pair(seed_of(static_cast<std::uint8_t>(which + 1)),
                                             as_bytes("test"))) {}

  wire::LedgerKeys keys() const {
    wire::LedgerKeys list;
    list.epochs = {{1, poprf.public_key, 1'000}};
    list.escrow = crypto::BoxKey::from_seed(seed_of(9)).public_key();
    list.currencies = {"EUR"};
    return list;
  }

  /// The receipt that an honest ledger would sign, still open to changes.
  wire::Receipt receipt_for(const std::string& request_jws) const {
    const auto request = wire::read_purchase(request_jws);
    const auto evaluated = crypto::poprf::blind_evaluate(
        poprf, request->blinded, wire::access_info(request->offer, request->epoch),
        crypto::poprf::random_scalar());
    const auto count = static_cast<std::int64_t>(request->blinded.size());
    return {request->request_id,
            crypto::sha256(as_bytes(request_jws)),
            42,
            request->offer,
            request->epoch,
            {request->price.minor * count, request->price.currency},
            eur(1650),
            evaluated->elements,
            evaluated->proof,
            5'000};
  }
  /// The answer to an exchange, as an honest ledger makes it.
  wire::Exchanged exchanged_for(const std::string& request_jws) const {
    const auto request = wire::read_exchange(request_jws);
    const auto evaluated = crypto::poprf::blind_evaluate(
        poprf, {request->blinded}, wire::access_info(request->offer, request->fresh_epoch),
        crypto::poprf::random_scalar());
    return {request->request_id,
            crypto::sha256(as_bytes(request_jws)),
            request->offer,
            request->fresh_epoch,
            evaluated->elements.front(),
            evaluated->proof,
            43};
  }
  std::string sign(const wire::Exchanged& answer) const {
    return wire::write_exchanged(answer, key);
  }
  std::string sign(const wire::Receipt& receipt) const { return wire::write_receipt(receipt, key); }

  /// Whether this ledger would take the voucher.
  bool takes(const wire::Voucher& voucher) const {
    const auto one_time = crypto::SignKey::from_seed(voucher.one_time_seed);
    const auto input = wire::voucher_input(one_time.public_key());
    const auto output =
        crypto::poprf::evaluate(poprf, input, wire::access_info(voucher.offer, voucher.epoch));
    return output && *output == voucher.token;
  }

  crypto::SignKey key;
  crypto::poprf::KeyPair poprf;
};

inline std::string manifest_of(const crypto::SignKey& publisher, const std::string& name,
                               std::uint8_t which) {
  wire::Manifest manifest;
  manifest.home.key = publisher.public_key();
  manifest.name = name;
  manifest.kind = wire::Kind::video;
  manifest.media_type = "video/mp4";
  manifest.title.fill(which);
  manifest.info_hash.fill(which);
  manifest.size = 3'000'000;
  manifest.piece_length = 256 * 1024;
  manifest.issued_ms = 1'000;
  return wire::write_manifest(manifest, publisher);
}

inline wire::Offer offer_of(const std::string& name, std::int64_t price, std::uint8_t which = 5,
                            wire::Terms terms = {}) {
  const auto seller = crypto::SignKey::from_seed(seed_of(77));
  auto offer =
      wire::write_offer(manifest_of(seller, name, which), eur(price), terms, 2'000, seller);
  if (!offer) throw std::runtime_error(offer.error().sentence);
  return *offer;
}

}  // namespace hearth::test
