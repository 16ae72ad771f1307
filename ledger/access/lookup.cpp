#include "ledger/access/lookup.h"

#include "common/base/log.h"

namespace hearth::ledger {
namespace access {

bool is_fresh(UtcMs issued_ms, UtcMs now) {
  return issued_ms >= now - wire::request_freshness_ms &&
         issued_ms <= now + wire::request_freshness_ms;
}

tl::unexpected<Error> unknown_offer() {
  return fail(Code::unknown_offer, "This ledger has no such offer. Nothing was charged or spent.");
}

tl::unexpected<Error> unknown_epoch() {
  return fail(Code::unknown_epoch,
              "This ledger has no key of that epoch. Nothing was charged or spent; fetch the "
              "ledger's keys again.");
}

Result<OfferEntry> find_offer(const AccessSources& sources, const wire::OfferId& id) {
  auto entry = load_offer(sources.store, id);
  if (!entry) return pass_on(std::move(entry.error()));
  if (!*entry) return unknown_offer();
  return std::move(**entry);
}

const crypto::poprf::KeyPair* find_epoch(const LedgerKeys& keys, std::uint32_t epoch) {
  const auto* found = keys.epochs.find(epoch);
  return found ? &found->pair : nullptr;
}

const crypto::poprf::KeyPair* epoch_for_purchase(const LedgerKeys& keys, std::uint32_t epoch,
                                                 UtcMs now) {
  const auto* found = keys.epochs.for_purchase(epoch, now);
  return found ? &found->pair : nullptr;
}

Result<crypto::poprf::Evaluated> evaluate(const AccessSources& sources,
                                          const crypto::poprf::KeyPair& key,
                                          const std::vector<crypto::poprf::Element>& blinded,
                                          ByteView info) {
  if (sources.evaluate) return sources.evaluate(key, blinded, info);
  return crypto::poprf::blind_evaluate(key, blinded, info, crypto::poprf::random_scalar());
}

Error key_alarm(Error error, std::uint32_t epoch) {
  if (error.code != Code::internal) return error;
  spdlog::critical(
      "a request hit the inverse of the voucher key of epoch {}: that key is known to somebody. "
      "Rotate it (hearth-ledger keys rotate), and find out how it got out",
      epoch);
  return {Code::internal,
          "The ledger cannot work with its voucher key on this request. Nothing was charged or "
          "spent; its operator is told."};
}

}  // namespace access

}  // namespace hearth::ledger
