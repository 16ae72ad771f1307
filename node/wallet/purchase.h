// The two halves of buying without the network between them: making the request that asks the
// ledger for blinded vouchers, and finishing vouchers from its receipt. Both can be repeated at
// any time from the wallet seed and the stored request (docs/protocol.md §6.2–§6.4). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/identity/home.h"
#include "common/wire/documents.h"

namespace hearth::node {

inline constexpr std::uint32_t max_vouchers_per_purchase = 16;

/// What a purchase asks for beside the title.
struct Wanted {
  Wanted(std::uint32_t pays_from = 0) : pocket(pays_from) {}
  std::uint32_t pocket;       ///< of this home's wallet, that pays
  std::uint64_t machine = 0;  ///< of this home, that asks
  wire::Services services{};
  wire::Restrictions restrictions{};
};

/// The signed request of purchase `n`. Code::bad_element when the epoch's key is none.
Result<std::string> make_purchase(const identity::HomeKeys& home, std::uint64_t n,
                                  const wire::Offer& offer, const wire::LedgerKeys::Epoch& epoch,
                                  std::uint32_t count, UtcMs now, const Wanted& wanted = {});
/// "wallet/<home address>/EUR", and for a pocket above 0 "wallet/<home address>/EUR/3".
std::string wallet_account(const identity::HomeAddress& home, const money::Currency& currency,
                           std::uint32_t pocket);

/// Checks everything that the ledger answered: its signature, that it answers this very request,
/// each field against what was asked, and the DLEQ proof against the epoch's pinned key. Any
/// failure is Code::proof_invalid; the caller keeps the receipt as evidence.
Result<std::vector<wire::Voucher>> finish_purchase(const identity::HomeKeys& home, std::uint64_t n,
                                                   const std::string& request_jws,
                                                   const std::string& receipt_jws,
                                                   const crypto::SignPublicKey& ledger,
                                                   const wire::LedgerKeys& keys);

/// What a refusal by the ledger means for a purchase.
enum class PurchaseAnswer {
  not_charged,  ///< the ledger decided against it: nothing was charged, never will be
  ask_again,    ///< nobody knows whether it was charged: the same request asks again
};
PurchaseAnswer purchase_answer(Code code);

}  // namespace hearth::node
