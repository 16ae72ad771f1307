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
constexpr std::size_t epoch_at = 33;
constexpr std::size_t currency_at = 37;
constexpr std::array<std::uint8_t, 32> no_subject{};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos || parts.size() == 4) return parts;
    text.remove_prefix(slash + 1);
  }
}

Result<AccountText> parse_wallet(std::string_view address, std::string_view code) {
  auto home = identity::parse_home_address(address);
  if (!home) return pass_on(home.error());
  auto currency = money::Currency::from_code(code);
  if (!currency) return pass_on(currency.error());
  return AccountText{AccountKind::wallet, *home, {}, 0, *currency};
}

Result<AccountText> parse_escrow(std::string_view offer, std::string_view epoch) {
  AccountText out{AccountKind::escrow, {}, {}, 0, std::nullopt};
  const auto id = from_hex(offer);
  const char* end = epoch.data() + epoch.size();
  const auto number = std::from_chars(epoch.data(), end, out.epoch);
  if (!id || id->size() != out.offer.size())
    return fail(Code::usage, "An escrow account names its offer by 64 hex digits.");
  if (number.ec != std::errc() || number.ptr != end)
    return fail(Code::usage, "An escrow account ends in the number of an epoch.");
  std::copy(id->begin(), id->end(), out.offer.begin());
  return out;
}

}  // namespace

AccountId::AccountId(AccountKind kind, const std::array<std::uint8_t, 32>& subject,
                     std::uint32_t epoch, const money::Currency& currency) {
  raw_[0] = static_cast<std::uint8_t>(kind);
  std::copy(subject.begin(), subject.end(), raw_.begin() + subject_at);
  for (std::size_t i = 0; i < 4; ++i)
    raw_[epoch_at + i] = static_cast<std::uint8_t>(epoch >> (8 * (3 - i)));
  const std::string_view code = currency.code();
  std::copy(code.begin(), code.end(), raw_.begin() + currency_at);
}

AccountId AccountId::wallet(const identity::HomeAddress& home, const money::Currency& currency) {
  return {AccountKind::wallet, home.key, 0, currency};
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

std::optional<AccountId> AccountId::from_raw(ByteView raw) {
  if (raw.size() != size) return std::nullopt;
  AccountId id;
  std::copy(raw.begin(), raw.end(), id.raw_.begin());
  if (!money::Currency::from_code(as_text(raw.subspan(currency_at)))) return std::nullopt;
  const bool has_subject = id.offer() != no_subject;
  switch (id.kind()) {
    case AccountKind::wallet:
      return id.epoch() == 0 ? std::optional(id) : std::nullopt;
    case AccountKind::escrow:
      return id;
    case AccountKind::cash:
    case AccountKind::fees:
      return !has_subject && id.epoch() == 0 ? std::optional(id) : std::nullopt;
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

std::uint32_t AccountId::epoch() const {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | raw_[epoch_at + i];
  return out;
}

money::Currency AccountId::currency() const {
  auto currency = money::Currency::from_code(as_text(ByteView(raw_).subspan(currency_at)));
  HEARTH_ASSERT(currency.has_value());
  return *currency;
}

std::string AccountId::text() const {
  const std::string code(as_text(ByteView(raw_).subspan(currency_at)));
  switch (kind()) {
    case AccountKind::wallet:
      return "wallet/" + home().text() + "/" + code;
    case AccountKind::escrow:
      return "escrow/" + to_hex(offer()) + "/" + std::to_string(epoch());
    case AccountKind::cash:
      return "cash/" + code;
    case AccountKind::fees:
      return "fees/" + code;
  }
  return "?";
}

Result<AccountText> parse_account(std::string_view text) {
  if (text.size() <= 200) {
    const auto parts = split(text);
    if (parts.size() == 3 && parts[0] == "wallet") return parse_wallet(parts[1], parts[2]);
    if (parts.size() == 3 && parts[0] == "escrow") return parse_escrow(parts[1], parts[2]);
    if (parts.size() == 2 && (parts[0] == "cash" || parts[0] == "fees")) {
      auto currency = money::Currency::from_code(parts[1]);
      if (!currency) return pass_on(currency.error());
      const auto kind = parts[0] == "cash" ? AccountKind::cash : AccountKind::fees;
      return AccountText{kind, {}, {}, 0, *currency};
    }
  }
  return fail(Code::usage, "'" + printable(text, 100) +
                               "' is not an account. Accounts are wallet/HOME/EUR, "
                               "escrow/OFFER/EPOCH, cash/EUR and fees/EUR.");
}

}  // namespace hearth::ledger
