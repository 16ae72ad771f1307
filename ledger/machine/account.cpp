#include "ledger/machine/account.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "common/base/assert.h"
#include "common/base/bytes.h"
#include "common/base/names.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t subject_at = 1;
constexpr std::size_t slot_at = 33;
constexpr std::size_t currency_at = 37;
constexpr std::array<std::uint8_t, 32> no_subject{};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos || parts.size() == 5) return parts;
    text.remove_prefix(slash + 1);
  }
}

/// Decimal digits without a leading zero or sign.
std::optional<std::uint32_t> slot_number(std::string_view text) {
  std::uint32_t out = 0;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, out);
  if (number.ec != std::errc() || number.ptr != end) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return out;
}

Result<AccountText> parse_wallet(std::string_view address, std::string_view code,
                                 std::string_view pocket) {
  auto home = identity::parse_home_address(address);
  if (!home) return pass_on(home.error());
  auto currency = money::Currency::from_code(code);
  if (!currency) return pass_on(currency.error());
  AccountText out{AccountKind::wallet, *home, {}, 0, 0, *currency};
  if (pocket.empty()) return out;
  const auto number = slot_number(pocket);
  if (!number || *number < 1 || *number > max_pocket)
    return fail(Code::usage, "A wallet's further pockets have the numbers 1 to 99.");
  out.pocket = *number;
  return out;
}

Result<AccountText> parse_escrow(std::string_view offer, std::string_view epoch) {
  AccountText out{AccountKind::escrow, {}, {}, 0, 0, std::nullopt};
  const auto id = from_hex(offer);
  const auto number = slot_number(epoch);
  if (!id || id->size() != out.offer.size())
    return fail(Code::usage, "An escrow account names its offer by 64 hex digits.");
  if (!number) return fail(Code::usage, "An escrow account ends in the number of an epoch.");
  out.epoch = *number;
  std::copy(id->begin(), id->end(), out.offer.begin());
  return out;
}

}  // namespace

std::string_view account_kind_name(AccountKind kind) {
  constexpr std::string_view names[] = {"?", "wallet", "escrow", "cash", "fees", "adjustments"};
  const auto number = static_cast<std::size_t>(kind);
  return names[number < std::size(names) ? number : 0];
}

AccountId::AccountId(AccountKind kind, const std::array<std::uint8_t, 32>& subject,
                     std::uint32_t slot, const money::Currency& currency) {
  raw_[0] = static_cast<std::uint8_t>(kind);
  std::copy(subject.begin(), subject.end(), raw_.begin() + subject_at);
  for (std::size_t i = 0; i < 4; ++i)
    raw_[slot_at + i] = static_cast<std::uint8_t>(slot >> (8 * (3 - i)));
  const std::string_view code = currency.code();
  std::copy(code.begin(), code.end(), raw_.begin() + currency_at);
}

AccountId AccountId::wallet(const identity::HomeAddress& home, const money::Currency& currency,
                            std::uint32_t pocket) {
  HEARTH_ASSERT(pocket <= max_pocket);
  return {AccountKind::wallet, home.key, pocket, currency};
}
AccountId AccountId::escrow(const OfferId& offer, std::uint32_t epoch,
                            const money::Currency& currency) {
  return {AccountKind::escrow, offer, epoch, currency};
}
AccountId AccountId::cash(const money::Currency& currency) {
  return {AccountKind::cash, no_subject, 0, currency};
}
AccountId AccountId::fees(const money::Currency& currency) {
  return {AccountKind::fees, no_subject, 0, currency};
}
AccountId AccountId::adjustments(const money::Currency& currency) {
  return {AccountKind::adjustments, no_subject, 0, currency};
}

std::optional<AccountId> AccountId::from_raw(ByteView raw) {
  if (raw.size() != size) return std::nullopt;
  AccountId id;
  std::copy(raw.begin(), raw.end(), id.raw_.begin());
  if (!money::Currency::from_code(as_text(raw.subspan(currency_at)))) return std::nullopt;
  const bool has_subject = id.offer() != no_subject;
  switch (id.kind()) {
    case AccountKind::wallet:
      return id.pocket() <= max_pocket ? std::optional(id) : std::nullopt;
    case AccountKind::escrow:
      return id;
    case AccountKind::cash:
    case AccountKind::fees:
    case AccountKind::adjustments:
      return !has_subject && id.slot() == 0 ? std::optional(id) : std::nullopt;
  }
  return std::nullopt;
}

identity::HomeAddress AccountId::home() const {
  return {offer()};
}

OfferId AccountId::offer() const {
  OfferId out;
  std::copy_n(raw_.begin() + subject_at, out.size(), out.begin());
  return out;
}

std::uint32_t AccountId::slot() const {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | raw_[slot_at + i];
  return out;
}

money::Currency AccountId::currency() const {
  auto currency = money::Currency::from_code(as_text(ByteView(raw_).subspan(currency_at)));
  HEARTH_ASSERT(currency.has_value());
  return *currency;
}

bool AccountId::is_in(const money::Currency& currency) const {
  return as_text(ByteView(raw_).subspan(currency_at)) == currency.code();
}

std::string AccountId::text() const {
  const std::string code(as_text(ByteView(raw_).subspan(currency_at)));
  std::string out(account_kind_name(kind()));
  if (kind() == AccountKind::escrow)
    return out + "/" + to_hex(offer()) + "/" + std::to_string(epoch());
  if (kind() == AccountKind::wallet) out += "/" + home().text();
  out += "/" + code;
  if (kind() == AccountKind::wallet && pocket() != 0) out += "/" + std::to_string(pocket());
  return out;
}

Result<AccountText> parse_account(std::string_view text) {
  if (text.size() <= 200) {
    const auto parts = split(text);
    if (parts.size() == 3 && parts[0] == "wallet") return parse_wallet(parts[1], parts[2], "");
    if (parts.size() == 4 && parts[0] == "wallet" && !parts[3].empty())
      return parse_wallet(parts[1], parts[2], parts[3]);
    if (parts.size() == 3 && parts[0] == "escrow") return parse_escrow(parts[1], parts[2]);
    for (const auto kind : {AccountKind::cash, AccountKind::fees, AccountKind::adjustments}) {
      if (parts.size() != 2 || parts[0] != account_kind_name(kind)) continue;
      auto currency = money::Currency::from_code(parts[1]);
      if (!currency) return pass_on(currency.error());
      return AccountText{kind, {}, {}, 0, 0, *currency};
    }
  }
  return fail(Code::usage, "'" + printable(text, 100) +
                               "' is not an account. Accounts are wallet/HOME/EUR, "
                               "wallet/HOME/EUR/1, escrow/OFFER/EPOCH, cash/EUR, fees/EUR and "
                               "adjustments/EUR.");
}

}  // namespace hearth::ledger
