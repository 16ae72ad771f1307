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

class BooksView {
 public:
  explicit BooksView(const store::View& view) : view_(view) {}

  /// The empty tree when nothing was ever written.
  Result<Tree> tree() const;
  Result<std::vector<money::Currency>> currencies() const;

  Result<std::optional<Account>> account(const AccountId& id) const;
  Result<std::optional<books::HomeRow>> home(const identity::HomeAddress& home) const;
  Result<std::optional<books::OfferRow>> offer(const OfferId& id) const;
  Result<std::optional<books::DepositRow>> deposit(const identity::HomeAddress& home,
                                                   const money::Amount& amount,
                                                   std::string_view reference) const;
  Result<std::optional<books::AnswerRow>> purchase(const RequestId& id) const;
  Result<std::optional<books::AnswerRow>> redemption(const VoucherInput& voucher) const;
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

  /// Journal indices above `after` that post to the account, ascending, at most `limit`.
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
