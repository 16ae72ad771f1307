// What can be made again of a home's money from its wallet seed and the ledger's stored answers:
// the requests are gone, so each answer is checked against what derives from the seed.
// docs/protocol.md §2, §16. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/identity/home.h"
#include "common/wire/documents.h"

namespace hearth::node {

/// Numbers are asked for upwards until so many in a row are unknown: a purchase that the ledger
/// refused leaves a gap.
inline constexpr std::uint64_t gap_limit = 20;

class GapScan {
 public:
  explicit GapScan(std::uint64_t first) : next_(first), after_last_(first) {}
  bool wants_more() const { return next_ - after_last_ < gap_limit; }
  std::uint64_t number() const { return next_; }
  void note(bool known) {
    ++next_;
    if (known) after_last_ = next_;
  }
  /// What this home may number next.
  std::uint64_t after_last() const { return after_last_; }

 private:
  std::uint64_t next_, after_last_;
};

struct RecoveredPurchase {
  wire::Receipt receipt;
  std::vector<wire::Voucher> vouchers;
};

/// Of the receipt of purchase `n`. Code::proof_invalid.
Result<RecoveredPurchase> recover_purchase(const crypto::Seed& wallet, std::uint64_t n,
                                           const std::string& receipt_jws,
                                           const crypto::SignPublicKey& ledger,
                                           const wire::LedgerKeys& keys);
/// The fresh voucher of exchange `m`. Code::proof_invalid.
Result<wire::Voucher> recover_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                       const std::string& answer_jws,
                                       const crypto::SignPublicKey& ledger,
                                       const wire::LedgerKeys& keys);

}  // namespace hearth::node
