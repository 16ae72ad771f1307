// The two ends of a voucher at the ledger (docs/protocol.md §6.2-§6.5). Each prepare_ function
// verifies a signed request in the documented order of precedence and does all its cryptography,
// so that the engine's writer thread has only to move the money. Neither changes anything: what
// they prepare is submitted to the engine, which decides about money and about vouchers that are
// already spent. What it answers are facts; receipt_of() and access_answer_of() make the documents
// from them, always the same bytes from the same facts.
//
// A purchase's form, signature and signer are checked while it is decoded; then known request
// ids, then the other outcomes of §6.2 in their order. `no_source` belongs to the tracker, so the
// caller asks it between prepare_purchase() and the engine.
// Threads: any; they take milliseconds and read the store, so pool threads.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "common/store/store.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

/// What both ends look things up in; all outlive the calls.
struct AccessSources {
  const LedgerKeys& keys;
  const Engine& engine;
  const store::View& store;
  /// Whether the home, known by its signature, may ask now; before anything dear. May be empty.
  std::function<Result<void>(const identity::HomeAddress&)> admit{};
};

struct PreparedPurchase {
  std::optional<Bytes> stored;  ///< the request is known: this is its receipt, nothing else is set
  PurchaseCommand command;
  wire::InfoHash info_hash{};  ///< of the title; it must have a complete source
  Bytes evaluation;            ///< for the engine to keep
};
Result<PreparedPurchase> prepare_purchase(const AccessSources& sources, std::string_view jws,
                                          UtcMs now);

/// The signed receipt (§6.3). Code::corrupt when the kept evaluation is not one.
Result<Bytes> receipt_of(const PurchaseFacts& facts, const crypto::SignKey& signing);

struct PreparedRedemption {
  std::optional<Bytes> stored;  ///< the redemption is known: this is its answer
  RedeemCommand command;
  Bytes access_key;  ///< for the engine to keep
};
Result<PreparedRedemption> prepare_redemption(const AccessSources& sources, std::string_view jws,
                                              UtcMs now);

/// The answer of §6.5.
Bytes access_answer_of(const VoucherFacts& facts);

/// The seller's file key, as the ledger's escrow can open it; refused with a sentence otherwise.
Result<crypto::age::FileKey> open_sealed_key(ByteView sealed_key, const crypto::BoxKey& escrow);

}  // namespace hearth::ledger
