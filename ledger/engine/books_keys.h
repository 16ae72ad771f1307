// Where the books lie in the store: every key begins with "b/", then one letter, then the id in
// fixed-width bytes (integers big-endian, so that keys order as numbers do). Other rooms keep to
// other prefixes. Values begin with a format version. docs/accounting.md §6 lists them all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "ledger/machine/machine.h"

namespace hearth::ledger::books {

inline constexpr std::string_view prefix = "b/";
inline constexpr std::string_view accounts = "b/a";    ///< account id → balance, voucher counts
inline constexpr std::string_view currencies = "b/c";  ///< → currencies kept
inline constexpr std::string_view deposits = "b/d";    ///< hash of what makes it one → answer
inline constexpr std::string_view entries = "b/e";     ///< account id, journal index → nothing
inline constexpr std::string_view homes = "b/h";       ///< home → name
inline constexpr std::string_view journal = "b/j";     ///< journal index → record
inline constexpr std::string_view offers = "b/o";      ///< offer id → terms
inline constexpr std::string_view requests = "b/r";    ///< purchase's request id → answer
inline constexpr std::string_view spent = "b/s";       ///< voucher → answer
inline constexpr std::string_view tree = "b/t";        ///< → size, root, edge

Bytes key(std::string_view letter, ByteView id);
Bytes journal_key(std::uint64_t index);
Bytes entry_key(const AccountId& account, std::uint64_t index);
/// A deposit is known again by home, amount, currency and reference.
Bytes deposit_key(const identity::HomeAddress& home, const money::Amount& amount,
                  std::string_view reference);

struct HomeRow {
  std::uint64_t index = 0;  ///< of the record that opened it
  std::string name;
};
struct OfferRow {
  std::uint64_t index = 0;
  OfferTerms terms;
};
struct DepositRow {
  std::uint64_t index = 0;
  std::int64_t balance_after = 0;
};
/// What a purchase or a redemption was answered with.
struct AnswerRow {
  std::uint64_t index = 0;
  crypto::Sha256Digest request_hash{};
  Bytes answer;
};

Bytes encode(const Account& account);
Bytes encode(const HomeRow& row);
Bytes encode(const OfferRow& row);
Bytes encode(const DepositRow& row);
Bytes encode(const AnswerRow& row);
Bytes encode(const std::vector<money::Currency>& currencies);

/// nullopt: damaged.
std::optional<Account> decode_account(ByteView value);
std::optional<HomeRow> decode_home(ByteView value);
std::optional<OfferRow> decode_offer(const OfferId& id, ByteView value);
std::optional<DepositRow> decode_deposit(ByteView value);
std::optional<AnswerRow> decode_answer(ByteView value);
std::optional<std::vector<money::Currency>> decode_currencies(ByteView value);

}  // namespace hearth::ledger::books
