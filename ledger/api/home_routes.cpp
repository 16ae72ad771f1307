#include <algorithm>

#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "ledger/access/devices.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_request_jws = 8 * 1024;

struct HomeRequest {
  identity::HomeAddress home;
  std::string name;                   ///< "hearth/home/1"
  std::optional<DeviceList> devices;  ///< "hearth/home/1", when it names any
  std::uint64_t after = 0;            ///< "hearth/statement/1"
  std::size_t limit = 0;
};

DeviceList devices_field(wire::Fields& fields) {
  DeviceList out;
  out.issued_ms = wire::time_field(fields, "issued_ms");
  for (const wire::Json& device : fields.array("devices", max_devices)) {
    const auto bytes =
        device.is_string() ? from_hex(device.get_ref<const std::string&>()) : std::nullopt;
    if (bytes && bytes->size() == sizeof(DeviceId))
      std::copy(bytes->begin(), bytes->end(), out.devices.emplace_back().begin());
    else
      fields.refuse("A device of the home is not 32 hex digits.");
  }
  return out;
}

Result<HomeRequest> read_home_request(Rooms& rooms, std::string_view jws, std::string_view typ) {
  const auto verified = wire::verify_jws(jws, typ, max_request_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "request");
  HomeRequest out;
  out.home = wire::home_field(fields, "home");
  if (typ == "hearth/home/1") {
    out.name = wire::name_field(fields, "name");
    if (fields.has("devices")) out.devices = devices_field(fields);
  } else {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    out.after = static_cast<std::uint64_t>(fields.integer_or("after", 0, most, 0));
    out.limit = static_cast<std::size_t>(fields.integer_or("limit", 1, 200, 200));
  }
  if (!fields.ok()) return pass_on(fields.error());
  if (out.home.key != verified->signer) {
    return fail(Code::wrong_signer,
                "The request is not signed by the home that it names. Nothing was done.");
  }
  if (auto admitted = rooms.admit(out.home); !admitted) return pass_on(admitted.error());
  if (auto fresh = wire::check_fresh(verified->payload, rooms.now()); !fresh) {
    return pass_on(std::move(fresh.error()));
  }
  return out;
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

Result<net::Response> statement(const Engine& engine, const HomeRequest& request) {
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
    return read_home_request(all, as_text(body), "hearth/home/1");
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
    const auto asked = read_home_request(all, as_text(body), "hearth/statement/1");
    if (!asked) return pass_on(asked.error());
    return statement(all.engine, *asked);
  };
  co_return co_await net::on_pool(rooms->pool, std::move(work));
}

}  // namespace hearth::ledger
