#include "node/ledger_link/key_list.h"

#include <algorithm>

namespace hearth::node {
namespace {

bool holds(const wire::LedgerKeys& keys, std::uint32_t epoch,
           const crypto::poprf::Element& poprf_key) {
  return std::any_of(keys.epochs.begin(), keys.epochs.end(),
                     [&](const auto& e) { return e.epoch == epoch && e.poprf_key == poprf_key; });
}

}  // namespace

Result<void> check_key_list(const identity::LedgerCard& card,
                            const std::optional<wire::LedgerKeys>& known,
                            const wire::LedgerKeys& shown) {
  const char* alarm =
      " Nothing was paid or sent. Somebody may be marking this home's vouchers: compare the "
      "ledger's card with other homes before using it again.";
  if (!holds(shown, card.epoch, card.poprf_key)) {
    return fail(Code::wrong_pin,
                std::string("The ledger's list of keys does not hold the key that this home "
                            "pinned.") +
                    alarm);
  }
  if (!known) return {};
  for (const auto& epoch : known->epochs) {
    if (!holds(shown, epoch.epoch, epoch.poprf_key)) {
      return fail(Code::wrong_pin, "The ledger has changed its key of epoch " +
                                       std::to_string(epoch.epoch) + "." + alarm);
    }
  }
  return {};
}

std::vector<wire::LedgerKeys::Epoch> new_epochs(const std::optional<wire::LedgerKeys>& known,
                                                const wire::LedgerKeys& shown) {
  std::vector<wire::LedgerKeys::Epoch> out;
  for (const auto& epoch : shown.epochs)
    if (!known || !holds(*known, epoch.epoch, epoch.poprf_key)) out.push_back(epoch);
  return out;
}

}  // namespace hearth::node
