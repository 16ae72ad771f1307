// Reading the books: over a snapshot of a running ledger or over the store of a stopped one.
// Every read can fail with the store's own errors, or with Code::corrupt when a value is damaged.
// Holds no state; `view` outlives it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "common/store/store.h"
#include "ledger/engine/books_keys.h"
#include "ledger/journal/record.h"
#include "ledger/journal/tree.h"

namespace hearth::ledger {

namespace books {
/// What a purchase was answered with, from its row and its record; nullopt: not of one purchase.
std::optional<PurchaseFacts> purchase_facts(const RequestId& id, RequestRow row,
                                            const Record& record);
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

  /// The request's record and row together; nullopt: no such purchase.
  Result<std::optional<PurchaseFacts>> purchase(const RequestId& id) const;
  /// nullopt: no such transfer.
  Result<std::optional<TransferFacts>> transfer(const RequestId& id) const;
  Result<std::optional<VoucherFacts>> voucher(const VoucherInput& voucher) const;
  Result<std::optional<Record>> record(std::uint64_t index) const;

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
    std::uint64_t index = 0;
    std::int64_t balance_after = 0;
  };
  /// Records above `after` that post to the account, ascending, at most `limit`.
  Result<std::vector<Entry>> entries_with_balance(const AccountId& account, std::uint64_t after,
                                                  std::size_t limit) const;
  /// Their indices.
  Result<std::vector<std::uint64_t>> entries(const AccountId& account, std::uint64_t after,
                                             std::size_t limit) const;
  Result<bool> has_entry(const AccountId& account, std::uint64_t index) const;

 private:
  template <class Decode>
  auto read(const Bytes& key, Decode decode) const -> Result<decltype(decode(ByteView{}))>;
  /// Calls visit(id, value) for each key that begins with `prefix` + `id_start`; `id` is what
  /// stands after `prefix`. Step::damaged ends with Code::corrupt.
  enum class Step { next, stop, damaged };
  Result<void> each(std::string_view prefix, ByteView id_start,
                    const std::function<Step(ByteView id, ByteView value)>& visit) const;

  const store::View& view_;
};

}  // namespace hearth::ledger
