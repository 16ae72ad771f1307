// What a home does with its own accounts: an unused voucher's money back (docs/protocol.md §6.7),
// money from one pocket to another (§6.8).
#include "ledger/api/engine_wait.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

net::Response json_bytes(Bytes body) {
  net::Response out;
  out.headers["content-type"] = "application/json";
  out.body = std::move(body);
  return out;
}

}  // namespace

RouteResult post_refund(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), sources = rooms->access(), now = rooms->now()] {
    return prepare_refund(sources, as_text(body), now);
  };
  auto prepared = co_await net::on_pool(rooms->pool, std::move(work));
  if (!prepared) co_return pass_on(std::move(prepared.error()));
  if (prepared->stored) co_return json_bytes(std::move(*prepared->stored));
  EngineWait<VoucherFacts> wait(rooms->loop);
  rooms->engine.submit_refund(prepared->command, wait.answer());
  const auto facts = co_await wait.done();
  if (!facts) co_return pass_on(facts.error());
  co_return json_bytes(refund_answer_of(*facts, prepared->price));
}

RouteResult post_transfer(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), sources = rooms->access(), now = rooms->now()] {
    return prepare_transfer(sources, as_text(body), now);
  };
  auto prepared = co_await net::on_pool(rooms->pool, std::move(work));
  if (!prepared) co_return pass_on(std::move(prepared.error()));
  if (prepared->stored) co_return json_bytes(std::move(*prepared->stored));
  EngineWait<Booked> wait(rooms->loop);
  rooms->engine.submit_transfer(prepared->command, wait.answer());
  const auto booked = co_await wait.done();
  if (!booked) co_return pass_on(booked.error());
  co_return json_bytes(transfer_answer_of(*booked, prepared->command.amount.currency));
}

}  // namespace hearth::ledger
