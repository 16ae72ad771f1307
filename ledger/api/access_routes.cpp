#include "ledger/api/engine_wait.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

net::Response stored_answer(Bytes body, const char* type) {
  net::Response out;
  out.headers["content-type"] = type;
  out.body = std::move(body);
  return out;
}

}  // namespace

RouteResult post_purchase(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto prepare = [rooms, body = std::move(request.body), now = rooms->now()](
                     Engine::Answer<PurchaseFacts> answer) -> Result<std::optional<Bytes>> {
    auto prepared = prepare_purchase(rooms->access(), as_text(body), now);
    if (!prepared) return pass_on(std::move(prepared.error()));
    if (!prepared->stored) {
      rooms->engine.submit_purchase(prepared->command, std::move(prepared->evaluation),
                                    std::move(answer));
    }
    return std::move(prepared->stored);
  };
  const auto sign = [&keys = rooms->keys](const PurchaseFacts& facts) {
    return receipt_of(facts, keys.signing);
  };
  EngineWait<Bytes> wait(rooms->loop);
  wait.begin<PurchaseFacts>(rooms->pool, std::move(prepare), sign);
  auto receipt = co_await wait.done();
  if (!receipt) co_return pass_on(std::move(receipt.error()));
  co_return stored_answer(std::move(*receipt), "application/jose");
}

/// Whoever knows the id may ask: it is 16 random bytes that only the buyer's home and the books
/// know. The answer to a purchase that named a key is sealed to it; in any case nothing in a
/// receipt can be spent without the buyer's blinds.
RouteResult get_purchase(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto id = hex_id<16>(parts[2], Code::not_found, "purchase");
  if (!id) co_return pass_on(id.error());
  auto work = [&engine = rooms->engine, &keys = rooms->keys, id = *id]() -> Result<Bytes> {
    auto facts = engine.purchase(id);
    if (!facts) return pass_on(std::move(facts.error()));
    if (!*facts) return fail(Code::not_found, "There is no such purchase at this ledger.");
    const auto receipt = receipt_of(**facts, keys.signing);
    if (!receipt) return pass_on(receipt.error());
    return sealed_for_buyer(**facts, *receipt);
  };
  auto receipt = co_await net::on_pool(rooms->pool, std::move(work));
  if (!receipt) co_return pass_on(std::move(receipt.error()));
  const bool is_sealed = as_text(*receipt).starts_with("age-encryption.org/");
  co_return stored_answer(std::move(*receipt),
                          is_sealed ? "application/octet-stream" : "application/jose");
}

RouteResult post_redemption(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), sources = rooms->access(), now = rooms->now()] {
    return prepare_redemption(sources, as_text(body), now);
  };
  auto prepared = co_await net::on_pool(rooms->pool, std::move(work));
  if (!prepared) co_return pass_on(std::move(prepared.error()));
  if (prepared->stored) {
    co_return stored_answer(std::move(*prepared->stored), "application/json");
  }
  EngineWait<VoucherFacts> wait(rooms->loop);
  rooms->engine.submit_redemption(prepared->command, std::move(prepared->access_key),
                                  wait.answer());
  const auto facts = co_await wait.done();
  if (!facts) co_return pass_on(facts.error());
  co_return stored_answer(access_answer_of(*facts), "application/json");
}

}  // namespace hearth::ledger
