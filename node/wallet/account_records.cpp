#include "node/wallet/account_records.h"

#include "node/wallet/purchase.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_text = 8 * 1024;
/// A copy of the request that is still under way at the ledger has its answer within this time.
constexpr UtcMs under_way_ms = 60'000;

}  // namespace

std::string_view name_of(AccountRequest::State state) {
  switch (state) {
    case AccountRequest::State::pending:
      return "pending";
    case AccountRequest::State::done:
      return "done";
    case AccountRequest::State::refused:
      return "refused";
  }
  return "unknown";
}

Bytes encode(const AccountRequest& request) {
  Writer out;
  out.u8(format).i64(request.amount.minor).text(request.amount.currency.code());
  out.text(request.id).u8(static_cast<std::uint8_t>(request.what));
  out.u8(static_cast<std::uint8_t>(request.state)).text(request.request_jws);
  out.i64(request.begun_ms).raw(request.offer).u32(request.from).u32(request.to);
  out.i64(request.balance).u64(request.journal_index);
  out.text(request.problem_code).text(request.problem);
  return out.take();
}

Result<AccountRequest> decode_account_request(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
  const std::int64_t minor = in.i64();
  const auto currency = money::Currency::from_code(in.text(3));
  if (!known || !currency) return damaged("refund or transfer");
  AccountRequest request({minor, *currency});
  request.id = in.text(max_text);
  const std::uint8_t what = in.u8();
  request.what = static_cast<AccountRequest::What>(what);
  const std::uint8_t state = in.u8();
  request.state = static_cast<AccountRequest::State>(state);
  request.request_jws = in.text(wire::max_jws);
  request.begun_ms = in.i64();
  request.offer = in.fixed<32>();
  request.from = in.u32();
  request.to = in.u32();
  request.balance = in.i64();
  request.journal_index = in.u64();
  request.problem_code = in.text(max_text);
  request.problem = in.text(max_text);
  if (!in.done() || what < 1 || what > 2 || state < 1 || state > 3) {
    return damaged("refund or transfer");
  }
  return request;
}

AccountAnswer account_answer(Code code, UtcMs age_ms) {
  switch (code) {
    case Code::voucher_spent:
    case Code::voucher_invalid:
      return AccountAnswer::voucher_spent;
    case Code::refund_ended:
      return AccountAnswer::refused;
    case Code::stale_request:
      // A clock that is wrong stays wrong: signing anew would not help.
      if (age_ms <= wire::request_freshness_ms) return AccountAnswer::refused;
      return age_ms <= wire::request_freshness_ms + under_way_ms ? AccountAnswer::ask_again
                                                                 : AccountAnswer::too_late;
    default:
      return purchase_answer(code) == PurchaseAnswer::ask_again ? AccountAnswer::ask_again
                                                                : AccountAnswer::refused;
  }
}

}  // namespace hearth::node
