#include "common/base/codec.h"
#include "common/crypto/poprf.h"
#include "ledger/access/access.h"
#include "ledger/access/voucher_check.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::string_view exchange_prefix = "exchange/";

Bytes exchange_key(const wire::RequestId& id) {
  return Writer().raw(as_bytes(exchange_prefix)).raw(id).take();
}

/// Beside the exchange in the books: all that its answer says and its record does not.
struct Fresh {
  wire::RequestId request_id{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  crypto::poprf::Element evaluated{};
  crypto::poprf::Proof proof{};
};

Bytes encode(const Fresh& fresh) {
  Writer out;
  out.u8(version).raw(fresh.request_id).raw(fresh.offer).u32(fresh.epoch).raw(fresh.evaluated);
  return out.raw(fresh.proof.c).raw(fresh.proof.s).take();
}

std::optional<Fresh> decode(ByteView kept) {
  Reader in(kept);
  if (in.u8() != version) return std::nullopt;
  Fresh out{in.fixed<16>(), in.fixed<32>(), in.u32(), in.fixed<32>(), {}};
  out.proof = {in.fixed<32>(), in.fixed<32>()};
  return in.done() ? std::optional(out) : std::nullopt;
}

Result<Fresh> evaluate(const AccessSources& sources, const wire::ExchangeRequest& request,
                       const crypto::poprf::KeyPair& key) {
  const auto evaluated = access::evaluate(sources, key, {request.blinded},
                                          wire::access_info(request.offer, request.fresh_epoch));
  if (!evaluated) return pass_on(access::key_alarm(evaluated.error(), request.fresh_epoch));
  return Fresh{request.request_id, request.offer, request.fresh_epoch, evaluated->elements.front(),
               evaluated->proof};
}

}  // namespace

Result<PreparedExchange> prepare_exchange(const AccessSources& sources, std::string_view jws,
                                          UtcMs now) {
  const auto request = wire::read_exchange(jws);
  if (!request) return pass_on(request.error());
  PreparedExchange out;
  out.command = {.voucher = wire::voucher_input(request->one_time_key),
                 .request_hash = crypto::sha256(as_bytes(jws)),
                 .offer = request->offer,
                 .epoch = request->epoch,
                 .fresh_epoch = request->fresh_epoch,
                 .at_ms = now};
  const auto known = sources.engine.voucher(out.command.voucher);
  if (!known) return pass_on(known.error());
  if (*known) {
    if ((*known)->end != VoucherEnd::exchanged ||
        (*known)->request_hash != out.command.request_hash)
      return access::voucher_spent();
    auto answer = exchange_answer_of(**known, sources.keys.signing);
    if (!answer) return pass_on(std::move(answer.error()));
    out.stored = std::move(*answer);
    return out;
  }

  const auto* key = access::epoch_for_purchase(sources.keys, request->fresh_epoch, now);
  if (key == nullptr) return access::unknown_epoch();
  const auto offer = access::check_voucher(
      sources, {request->offer, request->epoch, out.command.voucher, request->token});
  if (!offer) return pass_on(offer.error());
  const auto taken = load_exchange(sources.store, request->request_id);
  if (!taken) return pass_on(taken.error());
  if (*taken && **taken != out.command.voucher) {
    return fail(Code::idempotency_mismatch,
                "Another exchange was made under this request id. Nothing was spent.");
  }
  const auto fresh = evaluate(sources, *request, *key);
  if (!fresh) return pass_on(fresh.error());
  out.kept = encode(*fresh);
  out.side.put(exchange_key(request->request_id),
               Writer().u8(version).raw(out.command.voucher).take());
  return out;
}

Result<std::optional<VoucherInput>> load_exchange(const store::View& view,
                                                  const wire::RequestId& id) {
  const auto value = view.get(exchange_key(id));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<VoucherInput>();
  Reader in(**value);
  const bool is_known = in.u8() == version;
  const VoucherInput voucher = in.fixed<32>();
  if (is_known && in.done()) return std::optional(voucher);
  return fail(Code::corrupt, "The ledger's note of this exchange is damaged.");
}

Result<Bytes> exchange_answer_of(const VoucherFacts& facts, const crypto::SignKey& signing) {
  const auto fresh = decode(facts.kept);
  if (!fresh || facts.end != VoucherEnd::exchanged)
    return fail(Code::corrupt,
                "The voucher was exchanged, but what the answer is made of is damaged in the "
                "ledger's books. Tell the ledger's operator.");
  const wire::Exchanged answer{.request_id = fresh->request_id,
                               .request_hash = facts.request_hash,
                               .offer = fresh->offer,
                               .epoch = fresh->epoch,
                               .evaluated = fresh->evaluated,
                               .proof = fresh->proof,
                               .journal_index = facts.journal_index};
  return to_bytes(as_bytes(wire::write_exchanged(answer, signing)));
}

}  // namespace hearth::ledger
