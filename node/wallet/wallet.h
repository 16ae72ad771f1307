// The wallet on disk: purchases ("purchase/…"), vouchers ("voucher/…"), the offers they are for
// ("wallet/offer/…") and the purchase counter ("wallet/next"). No network here: purchases.h
// carries requests to the ledger. A purchase is stored before it is sent, and its vouchers are
// stored in the commit that ends it, so money is never spent without a voucher to show for it.
//
// Threads: loop thread only. docs/protocol.md §2, §6, §13.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/identity/home.h"
#include "common/wire/documents.h"
#include "node/wallet/purchase.h"
#include "node/wallet/records.h"
#include "node/wallet/voucher_state.h"

namespace hearth::node {

/// What happens with the voucher once it is there; part of the purchase, so that it happens after
/// a crash too.
struct Intent {
  /// Append only: stored.
  enum class What : std::uint8_t { keep = 1, deliver = 2, gift = 3 };
  What what = What::keep;
  identity::HomeAddress to{};  ///< gift
  std::string note;            ///< gift
  std::string gift;            ///< gift: its id, hex, fixed before anything is paid
  bool approved = false;       ///< not stored: a person gave the PIN, limits do not hold
  bool same_aim(const Intent& other) const { return what == other.what && to == other.to; }
};

/// Append only: stored.
enum class PurchaseState : std::uint8_t {
  pending = 1,   ///< stored, perhaps sent; the same request is sent until it is answered
  finished = 2,  ///< paid, vouchers are there
  refused = 3,   ///< the ledger said no; nothing was charged
  disputed = 4,  ///< the receipt failed its checks; it is kept
};
std::string_view name_of(PurchaseState state);

struct PurchaseRecord {
  std::uint64_t n = 0;
  PurchaseState state = PurchaseState::pending;
  wire::OfferId offer{};
  std::uint32_t count = 1;
  Intent intent;
  bool intent_done = false;
  std::string request_jws;
  std::string receipt_jws;
  UtcMs begun_ms = 0;
  std::string problem_code, problem;  ///< refused and disputed: why
  std::string voucher;                ///< finished: id of its first voucher
  std::uint32_t pocket = 0;           ///< of this home's wallet, that pays
  bool open() const { return state == PurchaseState::pending || state == PurchaseState::disputed; }
};

struct VoucherRecord {
  std::string id;  ///< hex of the POPRF input; means nothing to anybody else
  wire::Voucher voucher;
  VoucherState state = VoucherState::held;
  std::string gift;  ///< hex: the gift it went into, or came with
  bool received = false;
  UtcMs since_ms = 0;
};
std::string voucher_id(const wire::Voucher& voucher);

class Wallet {
 public:
  Wallet(Records& records, const identity::HomeKeys& home, std::uint64_t machine = 0)
      : records_(records), home_(home), machine_(machine) {}

  /// Numbers the purchase and stores it with its request.
  Result<PurchaseRecord> begin(const wire::Offer& offer, const wire::LedgerKeys::Epoch& epoch,
                               const Intent& intent, UtcMs now, const Wanted& wanted = {});
  /// Vouchers and the end of the purchase in one commit. On Code::proof_invalid the receipt is
  /// stored and the purchase is disputed.
  Result<PurchaseRecord> finish(std::uint64_t n, const std::string& receipt_jws,
                                const crypto::SignPublicKey& ledger, const wire::LedgerKeys& keys,
                                UtcMs now);
  Result<void> refuse(std::uint64_t n, const Error& why);
  Result<PurchaseRecord> purchase(std::uint64_t n) const;
  Result<std::vector<PurchaseRecord>> purchases() const;
  /// An open purchase of this offer with the same aim.
  Result<std::optional<PurchaseRecord>> open_purchase(const wire::OfferId& offer,
                                                      const Intent& intent) const;
  void put_purchase(store::Batch& batch, const PurchaseRecord& record) const;
  /// The ledger seals the access key to it. Of a voucher that is good for several homes each home
  /// has one of its own.
  crypto::BoxKey recipient_of(const wire::Voucher& voucher, const wire::Terms& terms) const;
  /// Opens what the ledger says later about purchase `n`.
  crypto::BoxKey encryption_of(std::uint64_t n) const;

  Result<std::vector<VoucherRecord>> vouchers() const;
  Result<VoucherRecord> voucher(const std::string& id) const;
  Result<std::optional<VoucherRecord>> held_for(const wire::OfferId& offer) const;
  /// Puts the voucher's next state into `batch`. Code::gift_state when the event cannot happen.
  Result<void> move(store::Batch& batch, VoucherRecord record, VoucherEvent event,
                    const std::string& gift, UtcMs now) const;
  void put_voucher(store::Batch& batch, const VoucherRecord& record) const;

  void remember_offer(store::Batch& batch, const std::string& offer_jws) const;
  Result<wire::Offer> offer(const wire::OfferId& id) const;

 private:
  Records& records_;
  const identity::HomeKeys& home_;
  std::uint64_t machine_;
};

}  // namespace hearth::node
