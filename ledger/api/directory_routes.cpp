#include <algorithm>

#include "ledger/api/engine_wait.h"
#include "ledger/api/routes.h"
#include "ledger/directory/directory.h"

namespace hearth::ledger {
namespace {

/// The address that a request comes from, as the directory writes it.
std::string own_address(const net::Request& request) {
  const auto entry = wire::directory_entry(wire::DirectoryKind::ip, request.remote_ip);
  return entry ? entry->value : std::string();
}

Result<wire::DirectoryList> read_list(Rooms& rooms, std::string_view jws, const std::string& from) {
  auto list = wire::read_directory(jws);
  if (!list) return list;
  if (auto admitted = rooms.admit(list->home); !admitted) return pass_on(admitted.error());
  const UtcMs age = rooms.now() - list->issued_ms;
  if (age > wire::request_freshness_ms || age < -wire::request_freshness_ms) {
    return fail(Code::stale_request,
                "The list was signed more than five minutes ago, or in the future. Nothing was "
                "changed; check this home's clock.");
  }
  const auto other = std::find_if(
      list->entries.begin(), list->entries.end(), [&](const wire::DirectoryEntry& entry) {
        return entry.kind == wire::DirectoryKind::ip && entry.value != from;
      });
  if (other == list->entries.end()) return list;
  return fail(Code::wrong_signer,
              "This request comes from " + from +
                  "; only that address can be published as ip. Nothing was changed.");
}

tl::unexpected<Error> nobody() {
  return fail(Code::not_found, "No home is in the directory under this address.");
}

}  // namespace

RouteResult put_directory(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto read = [body = std::move(request.body), from = own_address(request), &all = *rooms] {
    return read_list(all, as_text(body), from);
  };
  const auto list = co_await net::on_pool(rooms->pool, std::move(read));
  if (!list) co_return pass_on(list.error());
  const Turn turn = co_await take_turn(rooms->directory_turns);
  auto prepare = [&store = rooms->store, list = *list] { return prepare_list(store, list); };
  auto batch = co_await net::on_pool(rooms->pool, std::move(prepare));
  if (!batch) co_return pass_on(std::move(batch.error()));
  // An opened account: what an unknown key says of itself is not kept.
  const auto known = rooms->engine.balances(list->home);
  if (!known) co_return pass_on(known.error());
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(std::move(*batch), wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) co_return pass_on(stored.error());
  co_return json_answer(wire::Json::object());
}

RouteResult get_directory(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  if (rooms->directory_rates.take(request.remote_ip, net::steady_ms()) != 0) {
    co_return fail(Code::rate_limited,
                   "This address asks the directory too often. Nothing was done; ask again in a "
                   "moment.");
  }
  const auto entry = wire::parse_directory_name(parts[2] + ":" + parts[3]);
  if (!entry) co_return nobody();
  if (!*entry) co_return pass_on(entry->error());
  auto work = [&store = rooms->store, wanted = **entry] { return find_entry(store, wanted); };
  const auto found = co_await net::on_pool(rooms->pool, std::move(work));
  if (!found) co_return pass_on(found.error());
  if (!*found) co_return nobody();
  co_return json_answer({{"home", (*found)->home.text()}, {"card", (*found)->card}});
}

}  // namespace hearth::ledger
