#include "ledger/api/service.h"

#include <random>

#include "common/base/log.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t tracker_sweep_ms = 15'000;
constexpr std::int64_t mailbox_sweep_ms = 60 * 60 * 1000;

Tracker::Random seeded_random() {
  std::uint64_t seed = 0;
  crypto::random_bytes(reinterpret_cast<std::uint8_t*>(&seed), sizeof seed);
  return [generator = std::mt19937_64(seed)](std::uint64_t below) mutable {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(generator);
  };
}

Result<RoomsPtr> furnish(net::Loop& loop, net::Pool& pool, store::Store& store, Engine& engine,
                         const LedgerKeys& keys, Policy policy) {
  auto catalogue = Catalogue::load(store);
  if (!catalogue) return pass_on(std::move(catalogue.error()));
  auto mailboxes = Mailboxes::load(store, policy.mailbox_limits);
  if (!mailboxes) return pass_on(std::move(mailboxes.error()));
  RoomsPtr rooms(new Rooms{loop,
                           pool,
                           store,
                           engine,
                           keys,
                           std::move(policy),
                           std::move(*catalogue),
                           Tracker(seeded_random()),
                           std::move(*mailboxes),
                           std::string(),
                           {},
                           {}});
  for (const auto& [sequence, torrent] : rooms->catalogue.torrents()) {
    rooms->tracker.add_torrent(torrent.file.info_hash, torrent.file.title);
  }
  return rooms;
}

std::string signed_keys(const LedgerKeys& keys, const Policy& policy, std::string tracker_url) {
  wire::LedgerKeys list;
  for (const auto& epoch : keys.epochs.all()) {
    list.epochs.push_back({epoch.epoch, epoch.pair.public_key, epoch.from_ms});
  }
  list.escrow = keys.escrow.public_key();
  list.currencies = policy.currencies;
  list.tracker_url = std::move(tracker_url);
  return wire::write_ledger_keys(list, keys.signing);
}

net::Task<void> commit_quietly(RoomsPtr rooms, store::Batch batch) {
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(std::move(batch), wait.answer());
  const auto done = co_await wait.done();
  if (!done) spdlog::warn("expired drops are still on disk: {}", done.error().sentence);
}

/// These end with the service, which owns the rooms.
void sweep_tracker(std::weak_ptr<Rooms> weak) {
  const RoomsPtr rooms = weak.lock();
  if (!rooms) return;
  rooms->tracker.expire(rooms->now());
  rooms->loop.after(tracker_sweep_ms, [weak] { sweep_tracker(weak); });
}

void sweep_mailboxes(std::weak_ptr<Rooms> weak) {
  const RoomsPtr rooms = weak.lock();
  if (!rooms) return;
  store::Batch batch = rooms->mailboxes.expire(rooms->now());
  if (!batch.empty()) {
    net::spawn(rooms->loop, commit_quietly(rooms, std::move(batch)), "mailbox expiry");
  }
  rooms->loop.after(mailbox_sweep_ms, [weak] { sweep_mailboxes(weak); });
}

std::string host_and_port(const std::string& address, std::uint16_t port) {
  const bool ipv6 = address.find(':') != std::string::npos;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(net::Loop& loop, net::Pool& pool,
                                                store::Store& store, Engine& engine,
                                                const LedgerKeys& keys, ServiceOptions options) {
  auto rooms = furnish(loop, pool, store, engine, keys, options.policy);
  if (!rooms) return pass_on(std::move(rooms.error()));
  std::unique_ptr<Service> service(new Service());
  service->rooms_ = std::move(*rooms);
  if (auto listening = service->listen(options); !listening) {
    return pass_on(std::move(listening.error()));
  }
  std::weak_ptr<Rooms> weak = service->rooms_;
  loop.post([weak] {
    sweep_tracker(weak);
    sweep_mailboxes(weak);
  });
  return service;
}

Result<void> Service::listen(ServiceOptions& options) {
  std::string tracker_url = options.tracker_advertise;
  if (options.tracker_listen) {
    net::Server::Options plain;
    plain.address = options.tracker_listen->address;
    plain.port = options.tracker_listen->port;
    plain.limits.max_body = 1024;
    plain.limits.idle_ms = 15'000;
    auto started =
        net::Server::start(rooms_->loop, std::move(plain), [rooms = rooms_](net::Request request) {
          return handle_tracker_request(rooms, std::move(request));
        });
    if (!started) return pass_on(std::move(started.error()));
    tracker_server_ = std::move(*started);
    if (tracker_url.empty()) {
      tracker_url = "http://" +
                    host_and_port(options.tracker_listen->address, tracker_server_->port()) +
                    "/announce";
    }
  }
  // Complete before the first request can ask for it.
  rooms_->keys_jws = signed_keys(rooms_->keys, rooms_->policy, std::move(tracker_url));

  net::Server::Options tls;
  tls.address = options.listen.address;
  tls.port = options.listen.port;
  tls.tls = rooms_->keys.tls;
  tls.limits.max_body = 64 * 1024;
  tls.limits.max_message = 8 * 1024;  // clients send only openings and acknowledgements
  tls.body_limit = body_limit;
  auto started = net::Server::start(
      rooms_->loop, std::move(tls),
      [rooms = rooms_](net::Request request) { return handle_request(rooms, std::move(request)); },
      [rooms = rooms_](net::Request request, std::shared_ptr<net::WebSocket> socket) {
        return handle_socket(rooms, std::move(request), std::move(socket));
      });
  if (!started) return pass_on(std::move(started.error()));
  server_ = std::move(*started);
  return {};
}

net::Task<void> Service::stop(std::int64_t grace_ms) {
  if (tracker_server_) co_await tracker_server_->stop(grace_ms);
  co_await server_->stop(grace_ms);
}

}  // namespace hearth::ledger
