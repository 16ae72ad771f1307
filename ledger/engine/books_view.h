// Reading the books: over a snapshot of a running ledger or over the store of a stopped one.
// Every read can fail with the store's own errors, or with Code::corrupt when a value is damaged.
// Holds no state; `view` outlives it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "common/store/store.h"
#include "ledger/engine/books_keys.h"
#include "ledger/journal/stored.h"
#include "ledger/journal/tree.h"

namespace hearth::ledger {

namespace books {
/// What a purchase was answered with; nullopt: not the record of that purchase.
std::optional<PurchaseFacts> purchase_facts(const RequestId& id, Kept kept);
std::optional<TransferFacts> transfer_facts(const RequestId& id, const Kept& kept);
}  // namespace books

class BooksView {
 public:
  explicit BooksView(const store::View& view) : view_(view) {}

  /// The empty tree when nothing was ever written.
  Result<Tree> tree() const;
  Result<std::vector<money::Currency>> currencies() const;

  Result<std::optional<Account>> account(const AccountId& id) const;
  Result<std::optional<books::HomeRow>> home(const identity::HomeAddress& home) const;
  Result<std::optional<books::OfferRow>> offer(const OfferId& id) const;
  /// Of a deposit or a withdrawal (books::deposits, books::withdrawals).
  Result<std::optional<books::BookingRow>> booking(std::string_view letter,
                                                   const AccountId& account, std::int64_t minor,
                                                   std::string_view reference) const;
  Result<std::optional<books::AdjustmentRow>> adjustment(const AdjustmentId& id) const;
  Result<std::optional<books::RequestRow>> request(const RequestId& id) const;
  Result<std::optional<books::SpentRow>> spent_voucher(const VoucherInput& voucher) const;
  Result<std::optional<books::StateRow>> state(const AccountId& id) const;
  Result<std::optional<books::LimitsRow>> limits_row(const AccountId& main_wallet) const;
  Result<std::optional<books::FeesRow>> fees_row(const money::Currency& currency) const;
  Result<std::optional<books::EpochRow>> epoch(std::uint32_t epoch) const;
  /// In force; none were set: zeros.
  Result<Limits> limits(const identity::HomeAddress& home, const money::Currency& currency) const;
  Result<Spent> spent(const identity::HomeAddress& home, const money::Currency& currency) const;
  Result<Fees> fees(const money::Currency& currency) const;

  /// nullopt: no such purchase.
  Result<std::optional<PurchaseFacts>> purchase(const RequestId& id) const;
  /// nullopt: no such transfer.
  Result<std::optional<TransferFacts>> transfer(const RequestId& id) const;
  Result<std::optional<VoucherFacts>> voucher(const VoucherInput& voucher) const;
  /// A further home's redemption of the voucher by this request; nullopt: there is none.
  Result<std::optional<VoucherFacts>> share(const VoucherInput& voucher,
                                            const crypto::Sha256Digest& request_hash) const;
  Result<std::optional<Record>> record(std::uint64_t index) const;
  Result<std::optional<Kept>> kept(std::uint64_t index) const;

  /// In the order of their ids; `visit` returns false to stop.
  Result<void> each_account(
      const std::function<bool(const AccountId&, const Account&)>& visit) const;
  Result<void> each_home(
      const std::function<bool(const identity::HomeAddress&, const books::HomeRow&)>& visit) const;
  Result<void> each_offer(const std::function<bool(const books::OfferRow&)>& visit) const;
  /// A home's wallets, or an offer's escrows (one per epoch).
  Result<std::vector<std::pair<AccountId, Account>>> accounts_of(
      AccountKind kind, const std::array<std::uint8_t, 32>& subject) const;

  struct EpochEntry {
    std::uint32_t epoch = 0;
    std::uint64_t index = 0;  ///< of its record
    EpochKey key{};
    UtcMs from_ms = 0;
  };
  Result<std::vector<EpochEntry>> epochs() const;  ///< ascending
  Result<void> each_spending(
      const std::function<bool(const AccountId& main_wallet, const Limits&)>& visit) const;
  Result<void> each_fees(
      const std::function<bool(const money::Currency&, const books::FeesRow&)>& visit) const;

  struct Entry {
    Record record;
    Posting posting;  ///< to the account
    std::int64_t balance_after = 0;
  };
  /// Records above `after` that post to the account, ascending, at most `limit`. What it reads is
  /// bounded by them and a waypoint's worth, however many entries the account has.
  Result<std::vector<Entry>> entries(const AccountId& account, std::uint64_t after,
                                     std::size_t limit) const;

 private:
  Result<std::optional<Kept>> kept_request(const RequestId& id) const;
  template <class Decode>
  auto read(const Bytes& key, Decode decode) const -> Result<decltype(decode(ByteView{}))>;
  /// Calls visit(id, value) for each key that begins with `prefix` + `id_start`; `id` is what
  /// stands after `prefix`. Step::damaged ends with Code::corrupt.
  enum class Step { next, stop, damaged };
  Result<void> each(std::string_view prefix, ByteView id_start,
                    const std::function<Step(ByteView id, ByteView value)>& visit) const;

  /// Index of the first waypoint above `after`; without one, of the last entry; 0: none there.
  Result<std::uint64_t> entry_to_walk_from(const AccountId& account, std::uint64_t after) const;
  /// The entries from `from` back to those above `after`, ascending.
  Result<std::vector<Entry>> walk_back(const AccountId& account, std::uint64_t from,
                                       std::uint64_t after) const;

  const store::View& view_;
};

}  // namespace hearth::ledger
