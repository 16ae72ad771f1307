// What a voucher's holder may ask without a name: a fresh voucher for the old one (docs/protocol.md
// §6.9), and how a voucher ended.
#include "ledger/api/engine_wait.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

net::Response jose(Bytes body) {
  net::Response out;
  out.headers["content-type"] = "application/jose";
  out.body = std::move(body);
  return out;
}

const char* state_of(const std::optional<VoucherFacts>& facts) {
  if (!facts) return "unspent";
  switch (facts->end) {
    case VoucherEnd::redeemed:
      return "redeemed";
    case VoucherEnd::refunded:
      return "refunded";
    case VoucherEnd::exchanged:
      return "exchanged";
  }
  return "unspent";
}

}  // namespace

RouteResult post_exchange(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), sources = rooms->access(), now = rooms->now()] {
    return prepare_exchange(sources, as_text(body), now);
  };
  auto prepared = co_await net::on_pool(rooms->pool, std::move(work));
  if (!prepared) co_return pass_on(std::move(prepared.error()));
  if (prepared->stored) co_return jose(std::move(*prepared->stored));
  EngineWait<VoucherFacts> wait(rooms->loop);
  rooms->engine.submit_exchange(prepared->command, std::move(prepared->kept),
                                std::move(prepared->side), wait.answer());
  auto facts = co_await wait.done();
  if (!facts) co_return pass_on(std::move(facts.error()));
  auto sign = [facts = std::move(*facts), &keys = rooms->keys] {
    return exchange_answer_of(facts, keys.signing);
  };
  auto answer = co_await net::on_pool(rooms->pool, std::move(sign));
  if (!answer) co_return pass_on(std::move(answer.error()));
  co_return jose(std::move(*answer));
}

/// For a home that comes back with nothing but its seed: it knows the id. What is answered can be
/// used only with the blind that made the request.
RouteResult get_exchange(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto id = hex_id<16>(parts[2], Code::not_found, "exchange");
  if (!id) co_return pass_on(id.error());
  auto work = [&engine = rooms->engine, &store = rooms->store, &keys = rooms->keys,
               id = *id]() -> Result<Bytes> {
    const auto voucher = load_exchange(store, id);
    if (!voucher) return pass_on(voucher.error());
    if (!*voucher) return fail(Code::not_found, "There is no such exchange at this ledger.");
    const auto facts = engine.voucher(**voucher);
    if (!facts) return pass_on(facts.error());
    if (!*facts) return fail(Code::not_found, "There is no such exchange at this ledger.");
    return exchange_answer_of(**facts, keys.signing);
  };
  auto answer = co_await net::on_pool(rooms->pool, std::move(work));
  if (!answer) co_return pass_on(std::move(answer.error()));
  co_return jose(std::move(*answer));
}

/// Only who holds the voucher can compute its input; of one that was never issued it says nothing
/// else than of one that nobody has used.
RouteResult get_voucher(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto input = hex_id<32>(parts[2], Code::not_found, "voucher");
  if (!input) co_return pass_on(input.error());
  auto work = [&engine = rooms->engine, input = *input] { return engine.voucher(input); };
  const auto facts = co_await net::on_pool(rooms->pool, std::move(work));
  if (!facts) co_return pass_on(facts.error());
  co_return json_answer({{"state", state_of(*facts)}});
}

}  // namespace hearth::ledger
