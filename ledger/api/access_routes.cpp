#include "ledger/api/engine_wait.h"
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
  auto work = [body = std::move(request.body), sources = rooms->access(), now = rooms->now()] {
    return prepare_purchase(sources, as_text(body), now);
  };
  auto prepared = co_await net::on_pool(rooms->pool, std::move(work));
  if (!prepared) co_return pass_on(std::move(prepared.error()));
  if (prepared->stored) {
    co_return stored_answer(std::move(*prepared->stored), "application/jose");
  }
  if (rooms->tracker.complete_sources(prepared->info_hash, rooms->now()) == 0) {
    co_return fail(Code::no_source,
                   "No complete source of this title is online, so it could not be delivered. "
                   "Nothing was charged; try again later.");
  }
  EngineWait<Bytes> wait(rooms->loop);
  rooms->engine.submit_purchase(prepared->command, std::move(prepared->receipt), wait.answer());
  auto receipt = co_await wait.done();
  if (!receipt) co_return pass_on(std::move(receipt.error()));
  co_return stored_answer(std::move(*receipt), "application/jose");
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
  EngineWait<Bytes> wait(rooms->loop);
  rooms->engine.submit_redemption(prepared->command, std::move(prepared->access), wait.answer());
  auto access = co_await wait.done();
  if (!access) co_return pass_on(std::move(access.error()));
  co_return stored_answer(std::move(*access), "application/json");
}

}  // namespace hearth::ledger
