#include "ledger/access/voucher_check.h"

#include "common/crypto/poprf.h"

namespace hearth::ledger::access {

Result<OfferEntry> check_voucher(const AccessSources& sources, const ShownVoucher& shown) {
  auto offer = find_offer(sources, shown.offer);
  if (!offer) return offer;
  const auto* key = find_epoch(sources.keys, shown.epoch);
  if (key == nullptr) return unknown_epoch();
  const auto expected =
      crypto::poprf::evaluate(*key, shown.input, wire::access_info(shown.offer, shown.epoch));
  if (!expected) return pass_on(key_alarm(expected.error(), shown.epoch));
  if (!crypto::equal(*expected, shown.token)) {
    return fail(Code::voucher_invalid,
                "This is not a voucher of this ledger for this offer. Nothing was spent.");
  }
  return offer;
}

tl::unexpected<Error> voucher_spent() {
  return fail(Code::voucher_spent,
              "This voucher was redeemed, refunded or exchanged already, by another request. "
              "Nothing was spent now.");
}

}  // namespace hearth::ledger::access
