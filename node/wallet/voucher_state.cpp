#include "node/wallet/voucher_state.h"

namespace hearth::node {

std::optional<VoucherState> next_state(VoucherState state, VoucherEvent event) {
  using S = VoucherState;
  switch (event) {
    case VoucherEvent::give:
      if (state == S::held) return S::given;
      break;
    case VoucherEvent::put_back:
      if (state == S::given) return S::held;
      break;
    case VoucherEvent::bring_back:
      if (state == S::given) return S::exchanging;
      break;
    case VoucherEvent::exchange:
      if (state == S::exchanging || state == S::given || state == S::held) return S::exchanged;
      break;
    case VoucherEvent::keep_away:
      if (state == S::exchanging) return S::given;
      break;
    case VoucherEvent::take:
      if (state == S::held) return S::redeeming;
      break;
    case VoucherEvent::release:
      if (state == S::redeeming || state == S::refunding) return S::held;
      break;
    case VoucherEvent::redeem:
      if (state == S::redeeming) return S::redeemed;
      break;
    case VoucherEvent::refuse:
      if (state == S::redeeming || state == S::refunding || state == S::exchanging)
        return S::refused;
      break;
    case VoucherEvent::give_back:
      if (state == S::held) return S::refunding;
      break;
    case VoucherEvent::refund:
      if (state == S::refunding) return S::refunded;
      break;
  }
  return std::nullopt;
}

std::string_view name_of(VoucherState state) {
  switch (state) {
    case VoucherState::held:
      return "held";
    case VoucherState::given:
      return "given";
    case VoucherState::redeeming:
      return "redeeming";
    case VoucherState::redeemed:
      return "redeemed";
    case VoucherState::refused:
      return "refused";
    case VoucherState::refunding:
      return "refunding";
    case VoucherState::refunded:
      return "refunded";
    case VoucherState::exchanging:
      return "exchanging";
    case VoucherState::exchanged:
      return "exchanged";
  }
  return "unknown";
}

}  // namespace hearth::node
