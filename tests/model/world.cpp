#include "tests/model/world.h"

#include <array>

#include "common/base/assert.h"

namespace hearth::ledger::model {
namespace {

/// Bytes that look like a key and are told apart by three numbers.
template <std::size_t N>
std::array<std::uint8_t, N> bytes_of(int what, int number, int content) {
  std::array<std::uint8_t, N> out{};
  std::uint64_t word = static_cast<std::uint64_t>(what) * 0x9E3779B97F4A7C15ULL ^
                       static_cast<std::uint64_t>(number) * 0xC2B2AE3D27D4EB4FULL ^
                       static_cast<std::uint64_t>(content) * 0x165667B19E3779F9ULL;
  for (std::size_t i = 0; i < N; ++i) {
    word ^= word << 13, word ^= word >> 7, word ^= word << 17;  // xorshift64
    out[i] = static_cast<std::uint8_t>(word >> 24);
  }
  out[0] = static_cast<std::uint8_t>(what);
  for (std::size_t i = 0; i < 4; ++i)
    out[1 + i] = static_cast<std::uint8_t>(static_cast<unsigned>(number) >> (8 * i));
  return out;
}

std::string numbered(const char* what, const Command& command) {
  return what + std::to_string(command.id) + "/" + std::to_string(command.content);
}

}  // namespace

identity::HomeAddress home_of(int home) {
  return {bytes_of<32>(1, home, 0)};
}
OfferId offer_of(int offer) {
  return bytes_of<32>(2, offer, 0);
}
money::Currency currency_of(int currency) {
  static const auto all = [] {
    std::vector<money::Currency> out;
    for (const char* code : currency_codes) out.push_back(money::Currency::from_code(code).value());
    return out;
  }();
  return all.at(static_cast<std::size_t>(currency));
}

AccountId account_of(const Place& place) {
  const money::Currency currency = currency_of(place.currency);
  const auto slot = static_cast<std::uint32_t>(place.slot);
  switch (place.kind) {
    case AccountKind::wallet:
      return AccountId::wallet(home_of(place.owner), currency, slot);
    case AccountKind::escrow:
      return AccountId::escrow(offer_of(place.owner), slot, currency);
    case AccountKind::cash:
      return AccountId::cash(currency);
    case AccountKind::fees:
      return AccountId::fees(currency);
    case AccountKind::adjustments:
      return AccountId::adjustments(currency);
  }
  HEARTH_ASSERT(!"a place of no kind");
  return {};
}

RequestId request_id_of(const Command& command) {
  return bytes_of<16>(3, command.id, 0);
}
VoucherInput voucher_of(const Command& command) {
  return bytes_of<32>(4, command.id, 0);
}
crypto::Sha256Digest request_hash_of(const Command& command) {
  // A refund is never an exchange's bytes, whatever else they share.
  return bytes_of<32>(100 + static_cast<int>(command.kind), command.id, command.content);
}
EpochKey epoch_key_of(const Command& command) {
  return bytes_of<32>(6, static_cast<int>(command.epoch), command.content);
}

std::string name_of(const Command& command) {
  if (command.bad_form) return "a/b";
  return "Home " + std::to_string(command.home) + "." + std::to_string(command.content);
}
std::string words_of(const Command& command) {
  return command.bad_form ? "bell\a" : numbered("words ", command);
}
std::string operator_of(const Command& command) {
  return command.bad_form ? "" : "owner";
}

OpenCommand open_command(const Command& c) {
  return {home_of(c.home), name_of(c), c.at_ms};
}
OfferCommand offer_command(const Command& c) {
  return {offer_of(c.offer), home_of(c.home), {c.minor, currency_of(c.currency)}, c.at_ms, c.homes};
}
DepositCommand deposit_command(const Command& c) {
  return {account_of(c.account), c.minor, words_of(c), operator_of(c), c.at_ms};
}
WithdrawCommand withdraw_command(const Command& c) {
  return {account_of(c.account), c.minor, words_of(c), operator_of(c), c.at_ms};
}
PurchaseCommand purchase_command(const Command& c) {
  PurchaseCommand out;
  out.request_id = request_id_of(c);
  out.request_hash = request_hash_of(c);
  out.home = home_of(c.home);
  out.offer = offer_of(c.offer);
  out.epoch = c.epoch;
  out.vouchers = c.vouchers;
  out.at_ms = c.at_ms;
  out.pocket = static_cast<std::uint32_t>(c.pocket);
  return out;
}
RedeemCommand redeem_command(const Command& c) {
  return {voucher_of(c), request_hash_of(c), offer_of(c.offer), c.epoch, c.at_ms};
}
RefundCommand refund_command(const Command& c) {
  return {voucher_of(c), request_hash_of(c),    offer_of(c.offer),
          c.epoch,       account_of(c.account), c.at_ms};
}
ExchangeCommand exchange_command(const Command& c) {
  return {voucher_of(c), request_hash_of(c), offer_of(c.offer), c.epoch, c.fresh_epoch, c.at_ms};
}
AdjustCommand adjust_command(const Command& c) {
  return {request_id_of(c), account_of(c.account), c.minor, words_of(c), operator_of(c), c.at_ms};
}
TransferCommand transfer_command(const Command& c) {
  return {request_id_of(c),
          request_hash_of(c),
          home_of(c.home),
          static_cast<std::uint32_t>(c.pocket),
          static_cast<std::uint32_t>(c.other),
          {c.minor, currency_of(c.currency)},
          c.at_ms};
}
AccountStateCommand state_command(const Command& c) {
  return {account_of(c.account), c.state, words_of(c), operator_of(c), c.at_ms};
}
LimitsCommand limits_command(const Command& c) {
  return {home_of(c.home), currency_of(c.currency), c.limits, operator_of(c), c.at_ms};
}
FeesCommand fees_command(const Command& c) {
  return {currency_of(c.currency), {c.basis_points, c.minor}, operator_of(c), c.at_ms};
}
EpochCommand epoch_command(const Command& c) {
  return {c.epoch, epoch_key_of(c), c.at_ms, c.at_ms};
}

}  // namespace hearth::ledger::model
