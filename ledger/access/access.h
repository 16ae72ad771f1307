// The ends of a voucher at the ledger, and transfers (docs/protocol.md §6). Each prepare_ function
// verifies a signed request in the documented order of precedence and does all its cryptography,
// so that the engine's writer has only to move the money. Neither changes anything: what
// they prepare is submitted to the engine, which decides about money and about vouchers that are
// already spent. What it answers are facts; receipt_of() and the …_answer_of() make the documents
// from them, always the same bytes from the same facts.
//
// A purchase's form, signature and signer are checked while it is decoded, then the other outcomes
// of §6.2 in their order. A known request id comes before those: it is looked up when one of them
// is in the way of a new purchase; when none is, the engine finds it.
//
// Threads: any; they take milliseconds and read the store, so pool threads.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "common/store/store.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

/// poprf::blind_evaluate() with a random scalar, or what a measuring program puts in its place.
using Evaluate = std::function<Result<crypto::poprf::Evaluated>(
    const crypto::poprf::KeyPair& key, const std::vector<crypto::poprf::Element>& blinded,
    ByteView info)>;

/// What both ends look things up in; all outlive the calls.
struct AccessSources {
  const LedgerKeys& keys;
  const Engine& engine;
  const store::View& store;
  /// Whether the home, known by its signature, may ask now; before anything dear. May be empty.
  std::function<Result<void>(const identity::HomeAddress&)> admit{};
  /// Whether a complete source of the title is online. Empty: there always is.
  std::function<bool(const wire::InfoHash&, UtcMs now)> has_source{};
  Evaluate evaluate{};  ///< empty: the real one
};

struct PreparedPurchase {
  std::optional<Bytes> stored{};  ///< the request is known: its receipt, nothing else is set
  PurchaseCommand command{};
  Bytes evaluation{};  ///< for the engine to keep
};
Result<PreparedPurchase> prepare_purchase(const AccessSources& sources, std::string_view jws,
                                          UtcMs now);

/// The signed receipt (§6.3). Code::corrupt when the kept evaluation is not one.
Result<Bytes> receipt_of(const PurchaseFacts& facts, const crypto::SignKey& signing);

/// As the buyer gets it who asks by the request id alone: an age file when the purchase named a key
/// (§6.2), so that whoever finds the id in some log learns nothing.
Result<Bytes> sealed_for_buyer(const PurchaseFacts& facts, ByteView answer);

struct PreparedRedemption {
  std::optional<Bytes> stored;  ///< the redemption is known: this is its answer
  RedeemCommand command;
  Bytes access_key;  ///< for the engine to keep
};
Result<PreparedRedemption> prepare_redemption(const AccessSources& sources, std::string_view jws,
                                              UtcMs now);

/// The answer of §6.5.
Bytes access_answer_of(const VoucherFacts& facts);

struct PreparedRefund {
  std::optional<Bytes> stored;  ///< the refund is known: this is its answer
  RefundCommand command;
  money::Amount price;  ///< what is given back
};
Result<PreparedRefund> prepare_refund(const AccessSources& sources, std::string_view jws,
                                      UtcMs now);

/// The answer of §6.7; `price` is the offer's.
Bytes refund_answer_of(const VoucherFacts& facts, const money::Amount& price);

struct PreparedExchange {
  std::optional<Bytes> stored;  ///< the exchange is known: this is its answer
  ExchangeCommand command;
  Bytes kept;         ///< for the engine to keep
  store::Batch side;  ///< with it: what load_exchange() finds it by
};
Result<PreparedExchange> prepare_exchange(const AccessSources& sources, std::string_view jws,
                                          UtcMs now);
/// The signed answer (§6.9). Code::corrupt when what was kept is not of an exchange.
Result<Bytes> exchange_answer_of(const VoucherFacts& facts, const crypto::SignKey& signing);
/// The voucher that was given up under this request id; nullopt: there is no such exchange.
Result<std::optional<VoucherInput>> load_exchange(const store::View& view,
                                                  const wire::RequestId& id);

struct PreparedTransfer {
  std::optional<Bytes> stored;  ///< the transfer is known: this is its answer
  TransferCommand command;
};
Result<PreparedTransfer> prepare_transfer(const AccessSources& sources, std::string_view jws,
                                          UtcMs now);

/// The answer of §6.8.
Bytes transfer_answer_of(const Booked& booked, const money::Currency& currency);

}  // namespace hearth::ledger
