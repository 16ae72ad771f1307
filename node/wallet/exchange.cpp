#include "node/wallet/exchange.h"

#include "node/wallet/blinded_vouchers.h"
#include "node/wallet/derivations.h"
#include "node/wallet/purchase.h"
#include "node/wallet/wallet_records.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_text = 8 * 1024;

tl::unexpected<Error> not_believed(const std::string& what) {
  return fail(Code::proof_invalid,
              "The ledger's answer to an exchange is not to be believed: " + what +
                  ". It is kept as evidence; show it to the ledger's operator. The exchange goes "
                  "on with the same request, so nothing is lost.");
}

/// Empty when the answer is to exactly this request.
std::string first_difference(const wire::ExchangeRequest& request, const std::string& request_jws,
                             const wire::Exchanged& answer) {
  if (answer.request_hash != crypto::sha256(as_bytes(request_jws)) ||
      answer.request_id != request.request_id) {
    return "it answers another request";
  }
  if (answer.offer != request.offer) return "it is for another offer";
  if (answer.epoch != request.fresh_epoch) return "it is for another epoch";
  return {};
}

}  // namespace

Bytes encode(const Exchange& exchange) {
  Writer out;
  out.u8(format).text(exchange.id);
  write_voucher(out, exchange.old);
  out.u8(static_cast<std::uint8_t>(exchange.aim.what)).text(exchange.aim.gift);
  out.u8(static_cast<std::uint8_t>(exchange.state)).u64(exchange.m);
  out.text(exchange.request_jws).text(exchange.answer_jws).text(exchange.fresh);
  out.text(exchange.problem_code).text(exchange.problem).i64(exchange.begun_ms);
  return out.take();
}

Result<Exchange> decode_exchange(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
  Exchange exchange;
  exchange.id = in.text(max_text);
  exchange.old = read_voucher(in);
  const std::uint8_t what = in.u8();
  exchange.aim.what = static_cast<Aim::What>(what);
  exchange.aim.gift = in.text(max_text);
  const std::uint8_t state = in.u8();
  exchange.state = static_cast<Exchange::State>(state);
  exchange.m = in.u64();
  exchange.request_jws = in.text(wire::max_jws);
  exchange.answer_jws = in.text(wire::max_jws);
  exchange.fresh = in.text(max_text);
  exchange.problem_code = in.text(max_text);
  exchange.problem = in.text(max_text);
  exchange.begun_ms = in.i64();
  if (!known || !in.done() || what < 1 || what > 3 || state < 1 || state > 5) {
    return damaged("exchange");
  }
  return exchange;
}

Result<std::string> make_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                  const wire::Voucher& old, const wire::LedgerKeys::Epoch& fresh) {
  const crypto::Seed seed = exchange_seed(wallet, m);
  const auto parts = blind_vouchers(seed, 1, old.offer, fresh);
  if (!parts) return pass_on(parts.error());
  return wire::write_exchange(old, request_id(seed), fresh.epoch,
                              parts->blinded.front().blinded_element);
}

Result<std::uint32_t> fresh_epoch_of(const std::string& request_jws) {
  const auto request = wire::read_exchange(request_jws);
  if (!request) return pass_on(request.error());
  return request->fresh_epoch;
}

Result<wire::Voucher> finish_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                      const std::string& request_jws, const std::string& answer_jws,
                                      const crypto::SignPublicKey& ledger,
                                      const wire::LedgerKeys& keys) {
  const auto request = wire::read_exchange(request_jws);
  if (!request) return pass_on(request.error());
  const auto answer = wire::read_exchanged(answer_jws, ledger);
  if (!answer) return not_believed(answer.error().sentence);
  const std::string difference = first_difference(*request, request_jws, *answer);
  if (!difference.empty()) return not_believed(difference);
  const auto* epoch = find_epoch(keys, request->fresh_epoch);
  if (epoch == nullptr) {
    return not_believed("its epoch is not in the ledger's signed list of keys");
  }
  const auto parts = blind_vouchers(exchange_seed(wallet, m), 1, request->offer, *epoch);
  if (!parts) return pass_on(parts.error());
  const auto vouchers =
      unblind_vouchers(*parts, {answer->evaluated}, answer->proof, request->offer, *epoch);
  if (!vouchers) return not_believed(vouchers.error().sentence);
  return vouchers->front();
}

ExchangeAnswer exchange_answer(Code code) {
  if (code == Code::voucher_spent || code == Code::voucher_invalid) return ExchangeAnswer::refused;
  if (code == Code::unknown_epoch) return ExchangeAnswer::new_epoch;
  if (code == Code::idempotency_mismatch) return ExchangeAnswer::new_number;
  return purchase_answer(code) == PurchaseAnswer::ask_again ? ExchangeAnswer::ask_again
                                                            : ExchangeAnswer::refused;
}

}  // namespace hearth::node
