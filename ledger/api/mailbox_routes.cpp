#include <algorithm>

#include "common/base/crash_point.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

net::Response taken(std::uint64_t sequence) {
  return net::json_response(202, wire::Json{{"sequence", sequence}}.dump());
}

/// The drop is on disk: wakes its owner.
void deliver(Rooms& rooms, const PendingDrop& drop) {
  rooms.mailboxes.confirm(drop);
  const auto [first, last] = rooms.owners.equal_range(drop.mailbox);
  std::for_each(first, last, [](auto& owner) { owner.second->notify_all(); });
}

}  // namespace

RouteResult put_mailbox(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto key = mailbox_of_path(parts[2]);
  if (!key) co_return pass_on(key.error());
  auto work = [body = std::move(request.body), key = *key, now = rooms->now()] {
    return read_mailbox_definition(as_text(body), key, now);
  };
  const auto definition = co_await net::on_pool(rooms->pool, std::move(work));
  if (!definition) co_return pass_on(definition.error());
  auto batch = rooms->mailboxes.prepare_definition(*definition);
  if (!batch) co_return pass_on(std::move(batch.error()));
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(std::move(*batch), wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) co_return pass_on(stored.error());
  rooms->mailboxes.define(*definition);
  co_return json_answer(wire::Json::object());
}

/// For its owner alone: its size tells how many homes he knows.
RouteResult post_notebook(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto key = mailbox_of_path(parts[2]);
  if (!key) co_return pass_on(key.error());
  auto work = [body = std::move(request.body), key = *key, now = rooms->now(),
               &store = rooms->store]() -> Result<std::optional<Bytes>> {
    auto asked = read_notebook_request(as_text(body), key, now);
    if (!asked) return pass_on(asked.error());
    return load_notebook(store, key);
  };
  auto notebook = co_await net::on_pool(rooms->pool, std::move(work));
  if (!notebook) co_return pass_on(notebook.error());
  if (!*notebook) co_return fail(Code::not_found, "This mailbox has no notebook.");
  net::Response out;
  out.headers["content-type"] = "application/octet-stream";
  out.body = std::move(**notebook);
  co_return out;
}

RouteResult post_drop(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto key = mailbox_of_path(parts[2]);
  if (!key) co_return pass_on(key.error());
  const auto head = read_drop_head(request.headers);
  if (!head) co_return pass_on(head.error());
  if (request.body.empty()) co_return fail(Code::usage, "The drop is empty. Nothing was stored.");

  auto drop = rooms->mailboxes.prepare_drop(*key, head->token, head->idempotency, request.body,
                                            rooms->now());
  if (!drop) co_return pass_on(std::move(drop.error()));
  if (drop->batch.empty()) co_return taken(drop->sequence);
  crash_point("ledger.drop.before_commit");
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(drop->batch, wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) {
    // A late answer may still have written it; then the repeated drop is the same record.
    rooms->mailboxes.abandon(*drop);
    co_return pass_on(stored.error());
  }
  crash_point("ledger.drop.after_commit");
  deliver(*rooms, *drop);
  co_return taken(drop->sequence);
}

}  // namespace hearth::ledger
