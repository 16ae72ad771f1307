// Where the books lie in the store: every key begins with "b/", then one letter, then the id in
// fixed-width bytes (integers big-endian, so that keys order as numbers do). Other rooms keep to
// other prefixes. Values begin with a format version. docs/accounting.md §6 lists them all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "ledger/engine/facts.h"
#include "ledger/machine/machine.h"

namespace hearth::ledger::books {

/// Of the whole: books of another format are not read. It is the version byte of `currencies`,
/// which the first record of all books writes. 1 had a row for every entry of an account.
inline constexpr std::uint8_t books_format = 2;

inline constexpr std::string_view prefix = "b/";
inline constexpr std::string_view accounts = "b/a";     ///< account id → balance, counts, state
inline constexpr std::string_view currencies = "b/c";   ///< → currencies kept
inline constexpr std::string_view deposits = "b/d";     ///< hash of what makes it one → answer
inline constexpr std::string_view entries = "b/e";      ///< account id, index → a waypoint
inline constexpr std::string_view states = "b/f";       ///< account id → state set last
inline constexpr std::string_view spending = "b/g";     ///< main wallet → spent on day, in month
inline constexpr std::string_view homes = "b/h";        ///< home → name
inline constexpr std::string_view journal = "b/j";      ///< journal index → record
inline constexpr std::string_view epochs = "b/k";       ///< epoch → POPRF public key
inline constexpr std::string_view limits = "b/l";       ///< main wallet → limits in force
inline constexpr std::string_view offers = "b/o";       ///< offer id → terms
inline constexpr std::string_view fees = "b/p";         ///< currency → fees in force
inline constexpr std::string_view requests = "b/r";     ///< request id → its record
inline constexpr std::string_view spent = "b/s";        ///< voucher → answer
inline constexpr std::string_view tree = "b/t";         ///< → size, root, edge
inline constexpr std::string_view shares = "b/v";       ///< voucher, number → answer
inline constexpr std::string_view withdrawals = "b/w";  ///< as deposits
inline constexpr std::string_view adjustments = "b/x";  ///< adjustment id → answer

Bytes key(std::string_view letter, ByteView id);
Bytes journal_key(std::uint64_t index);
Bytes entry_key(const AccountId& account, std::uint64_t index);
/// A deposit or a withdrawal (`letter`) is known again by account, amount and reference.
Bytes booking_key(std::string_view letter, const AccountId& account, std::int64_t minor,
                  std::string_view reference);
Bytes fees_key(const money::Currency& currency);
Bytes epoch_key(std::uint32_t epoch);
/// Of the answer that the `number`th home which redeemed the voucher got; from 2 on.
Bytes share_key(const VoucherInput& voucher, std::uint8_t number);

struct HomeRow {
  std::uint64_t index = 0;  ///< of the record that opened it
  std::string name;
};
struct OfferRow {
  std::uint64_t index = 0;
  OfferTerms terms;
};
/// Of a deposit or a withdrawal.
struct BookingRow {
  std::uint64_t index = 0;
  std::int64_t balance_after = 0;
};
struct AdjustmentRow {
  std::uint64_t index = 0;
  crypto::Sha256Digest content{};  ///< content_of
  std::int64_t balance_after = 0;
};
/// Where the record of a request with an id of its own is: what it was answered with is there.
struct RequestRow {
  std::uint64_t index = 0;
};
struct SpentRow {
  VoucherEnd end = VoucherEnd::redeemed;
  std::uint64_t index = 0;
  crypto::Sha256Digest request_hash{};
  Bytes kept;
};
struct StateRow {
  std::uint64_t index = 0;
  AccountState state = AccountState::open;
};
struct LimitsRow {
  std::uint64_t index = 0;
  Limits limits;
};
struct FeesRow {
  std::uint64_t index = 0;
  Fees fees;
};
struct EpochRow {
  std::uint64_t index = 0;
  EpochKey key{};
  UtcMs from_ms = 0;
};

/// What makes an adjustment the same one again.
crypto::Sha256Digest content_of(const AdjustCommand& command);

Bytes encode(const Account& account);
Bytes encode(const HomeRow& row);
Bytes encode(const OfferRow& row);
Bytes encode(const BookingRow& row);
Bytes encode(const AdjustmentRow& row);
Bytes encode(const RequestRow& row);
Bytes encode(const SpentRow& row);
Bytes encode(const StateRow& row);
Bytes encode(const LimitsRow& row);
Bytes encode(const Spent& row);
Bytes encode(const FeesRow& row);
Bytes encode(const EpochRow& row);
Bytes encode(const std::vector<money::Currency>& currencies);

/// The entries of an account are found from the last one back: each record names the one before it
/// (Standing). Every so many of them there is a row to begin from.
inline constexpr std::uint64_t entries_per_waypoint = 16;
Bytes encode_waypoint();

/// nullopt: damaged.
std::optional<Account> decode_account(ByteView value);
std::optional<HomeRow> decode_home(ByteView value);
std::optional<OfferRow> decode_offer(const OfferId& id, ByteView value);
std::optional<BookingRow> decode_booking(ByteView value);
std::optional<AdjustmentRow> decode_adjustment(ByteView value);
std::optional<RequestRow> decode_request(ByteView value);
std::optional<SpentRow> decode_spent(ByteView value);
std::optional<StateRow> decode_state(ByteView value);
std::optional<LimitsRow> decode_limits(ByteView value);
std::optional<Spent> decode_spending(ByteView value);
std::optional<FeesRow> decode_fees(ByteView value);
std::optional<EpochRow> decode_epoch(ByteView value);
std::optional<std::vector<money::Currency>> decode_currencies(ByteView value);
bool is_waypoint(ByteView value);

}  // namespace hearth::ledger::books
