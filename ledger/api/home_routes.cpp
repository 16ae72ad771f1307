#include <algorithm>

#include "common/wire/document_fields.h"
#include "ledger/access/devices.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

/// A request that holds, if its home has not sent too many.
template <class Request>
Result<Request> admitted(Result<Request> request, Rooms& rooms) {
  if (!request) return request;
  if (auto good = rooms.admit(request->home); !good) return pass_on(std::move(good.error()));
  return request;
}

std::string signed_keys(const Rooms& rooms) {
  wire::LedgerKeys list;
  for (const auto& epoch : rooms.keys.epochs.all())
    list.epochs.push_back({epoch.epoch, epoch.pair.public_key, epoch.from_ms});
  list.escrow = rooms.keys.escrow.public_key();
  list.currencies = rooms.policy.currencies;
  list.tracker_url = rooms.tracker_url;
  return wire::write_ledger_keys(list, rooms.keys.signing);
}

Result<net::Response> statement(const Engine& engine, const StatementRequest& request) {
  const auto wallets = engine.wallets(request.home);
  if (!wallets) return pass_on(wallets.error());
  const auto entries = engine.statement(request.home, request.after, request.limit);
  if (!entries) return pass_on(entries.error());
  wire::Json out{{"balances", wire::Json::array()},
                 {"pockets", wire::Json::array()},
                 {"entries", wire::Json::array()}};
  for (const auto& [pocket, balance] : *wallets) {
    const wire::Json amount = wire::money_to_json(balance);
    if (pocket == 0) out["balances"].push_back(amount);
    if (pocket != 0) out["pockets"].push_back({{"pocket", pocket}, {"balance", amount}});
  }
  for (const auto& entry : *entries) {
    wire::Json one{{"index", entry.index},
                   {"at_ms", entry.at_ms},
                   {"kind", entry.kind},
                   {"amount", wire::money_to_json(entry.amount)},
                   {"reference", entry.reference}};
    if (entry.offer) one["offer"] = to_hex(*entry.offer);
    if (entry.pocket != 0) one["pocket"] = entry.pocket;
    out["entries"].push_back(std::move(one));
  }
  return json_answer(out);
}

/// The newest list wins, whatever arrives or is written first. One lookup on the loop thread: what
/// others have submitted from here is then either in the store or among those on their way.
Result<void> check_newest(const Rooms& rooms, const identity::HomeAddress& home,
                          const DeviceList& list) {
  const auto stored = load_devices(rooms.store, home);
  if (!stored) return pass_on(stored.error());
  UtcMs newest = *stored ? (*stored)->issued_ms : 0;
  const auto [from, to] = rooms.device_lists.equal_range(home);
  for (auto one = from; one != to; ++one) newest = std::max(newest, one->second);
  if (list.issued_ms >= newest) return {};
  return fail(Code::stale_request,
              "A newer list of this home's devices is in force. Its devices were not changed.");
}

net::Task<Result<void>> keep_devices(RoomsPtr rooms, identity::HomeAddress home, DeviceList list) {
  if (auto newest = check_newest(*rooms, home, list); !newest) co_return newest;
  const auto under_way = rooms->device_lists.emplace(home, list.issued_ms);
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(put_devices(home, list), wait.answer());
  const auto stored = co_await wait.done();
  rooms->device_lists.erase(under_way);
  if (!stored) co_return pass_on(stored.error());
  co_return Result<void>();
}

}  // namespace

RouteResult get_health(RoomsPtr, net::Request, std::vector<std::string>) {
  net::Response out;
  out.headers["content-type"] = "text/plain";
  out.body = to_bytes(as_bytes("ok"));
  co_return out;
}

/// Signed anew each time: an epoch may have been added.
RouteResult get_keys(RoomsPtr rooms, net::Request, std::vector<std::string>) {
  net::Response out;
  out.headers["content-type"] = "application/jose";
  out.body = to_bytes(as_bytes(signed_keys(*rooms)));
  co_return out;
}

RouteResult post_home(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), &all = *rooms] {
    return admitted(read_home_opening(as_text(body), all.now()), all);
  };
  const auto home = co_await net::on_pool(rooms->pool, std::move(work));
  if (!home) co_return pass_on(home.error());
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_open(home->home, home->name, rooms->now(), wait.answer());
  const auto opened = co_await wait.done();
  if (!opened) co_return pass_on(opened.error());
  if (home->devices) {
    RoomsPtr keeping = rooms;
    const auto kept = co_await keep_devices(std::move(keeping), home->home, *home->devices);
    if (!kept) co_return pass_on(kept.error());
  }
  const std::string address = home->home.text();
  co_return json_answer(
      {{"home", address},
       {"account", "wallet/" + address + "/" + rooms->policy.currencies.front()}});
}

RouteResult post_statement(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), &all = *rooms]() -> Result<net::Response> {
    const auto asked = admitted(read_statement_request(as_text(body), all.now()), all);
    if (!asked) return pass_on(asked.error());
    return statement(all.engine, *asked);
  };
  co_return co_await net::on_pool(rooms->pool, std::move(work));
}

}  // namespace hearth::ledger
