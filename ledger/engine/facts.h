// What was applied, as the books keep it: everything that an answer is made of. The same command
// again gets the same facts, so an answer that is a pure function of them has the same bytes.
#pragma once

#include <cstdint>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger {

inline constexpr std::size_t max_kept_bytes = 64 * 1024;

/// A command that concerns one account.
struct Booked {
  std::uint64_t journal_index = 0;
  std::int64_t balance_after = 0;  ///< of that account, minor units, when it was applied
  bool repeated = false;           ///< it was applied before; these are the first facts
};

struct PurchaseFacts {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};
  std::uint64_t journal_index = 0;
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::uint32_t pocket = 0;
  std::int64_t vouchers = 0;
  money::Amount paid;
  money::Amount balance_after;
  UtcMs at_ms = 0;
  Bytes evaluation;
  bool repeated = false;
};

/// Between two pockets; `booked` is about the one that paid.
struct TransferFacts {
  crypto::Sha256Digest request_hash{};
  Booked booked;
};

/// Append only.
enum class VoucherEnd : std::uint8_t { redeemed = 1, refunded = 2, exchanged = 3 };

struct VoucherFacts {
  VoucherEnd end = VoucherEnd::redeemed;
  std::uint64_t journal_index = 0;
  crypto::Sha256Digest request_hash{};
  Bytes kept;  ///< as it was submitted
  bool repeated = false;
};

}  // namespace hearth::ledger
