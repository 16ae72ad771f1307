#include "ledger/api/service.h"

#include <random>
#include <vector>

#include "common/base/log.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/ops_routes.h"
#include "ledger/api/payment_routes.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"
#include "ledger/payments/webhook.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t tracker_sweep_ms = 15'000;
constexpr std::int64_t checkpoint_every_ms = 10'000;
constexpr std::int64_t mailbox_sweep_ms = 60 * 60 * 1000;

Tracker::Random seeded_random() {
  std::uint64_t seed = 0;
  crypto::random_bytes(reinterpret_cast<std::uint8_t*>(&seed), sizeof seed);
  return [generator = std::mt19937_64(seed)](std::uint64_t below) mutable {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(generator);
  };
}

Result<RoomsPtr> furnish(net::Loop& loop, net::Pool& pool, store::Store& store, Engine& engine,
                         const LedgerKeys& keys, Transparency& transparency, Policy policy) {
  auto catalogue = Catalogue::load(store);
  if (!catalogue) return pass_on(std::move(catalogue.error()));
  auto mailboxes = Mailboxes::load(store, policy.mailbox_limits);
  if (!mailboxes) return pass_on(std::move(mailboxes.error()));
  RoomsPtr rooms(new Rooms{loop,
                           pool,
                           store,
                           engine,
                           keys,
                           transparency,
                           std::move(policy),
                           std::move(*catalogue),
                           Guarded<Tracker>(seeded_random()),
                           std::move(*mailboxes),
                           std::string(),
                           {},
                           {}});
  for (const auto& [sequence, torrent] : rooms->catalogue.torrents()) {
    rooms->tracker->add_torrent(torrent.file.info_hash, torrent.file.title);
  }
  return rooms;
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
  rooms->tracker->expire(rooms->now());
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

net::Task<void> sign_on_pool(RoomsPtr rooms) {
  auto work = [&log = rooms->transparency] { return log.latest(); };
  const auto signed_now = co_await net::on_pool(rooms->pool, std::move(work));
  if (!signed_now) spdlog::warn("no checkpoint was signed: {}", signed_now.error().sentence);
}

/// Even when nobody asks: a restored backup is noticed by what was signed.
void keep_signing(std::weak_ptr<Rooms> weak) {
  const RoomsPtr rooms = weak.lock();
  if (!rooms) return;
  net::spawn(rooms->loop, sign_on_pool(rooms), "checkpoint");
  rooms->loop.after(checkpoint_every_ms, [weak] { keep_signing(weak); });
}

std::string host_and_port(const std::string& address, std::uint16_t port) {
  const bool ipv6 = address.find(':') != std::string::npos;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(net::Loop& loop, net::Pool& pool,
                                                store::Store& store, Engine& engine,
                                                const LedgerKeys& keys, Transparency& transparency,
                                                ServiceOptions options) {
  auto rooms = furnish(loop, pool, store, engine, keys, transparency, options.policy);
  if (!rooms) return pass_on(std::move(rooms.error()));
  std::unique_ptr<Service> service(new Service());
  service->rooms_ = std::move(*rooms);
  if (auto listening = service->listen(options); !listening) {
    return pass_on(std::move(listening.error()));
  }
  std::weak_ptr<Rooms> weak = service->rooms_;
  loop.after(checkpoint_every_ms, [weak] { keep_signing(weak); });
  loop.post([weak] {
    sweep_tracker(weak);
    sweep_mailboxes(weak);
    if (const RoomsPtr alive = weak.lock()) settle_payments(alive, false);
  });
  return service;
}

Result<void> Service::listen_plain(ServiceOptions& options) {
  const auto start = [&](const net::Endpoint& at, std::int64_t idle_ms, std::size_t max_body,
                         net::Server::Handler handler) {
    net::Server::Options plain;
    plain.address = at.address;
    plain.port = at.port;
    plain.limits = server_limits(rooms_->policy.limits);
    plain.limits.max_body = max_body;
    plain.limits.idle_ms = idle_ms;
    return net::Server::start(rooms_->loop, std::move(plain), std::move(handler));
  };
  if (options.tracker_listen) {
    auto started =
        start(*options.tracker_listen, 15'000, 1024, [rooms = rooms_](net::Request request) {
          return handle_tracker_request(rooms, std::move(request));
        });
    if (!started) return pass_on(std::move(started.error()));
    tracker_server_ = std::move(*started);
  }
  if (options.webhook_listen) {
    auto started = start(*options.webhook_listen, 60'000, payments::max_event,
                         [rooms = rooms_](net::Request request) {
                           return handle_webhook_request(rooms, std::move(request));
                         });
    if (!started) return pass_on(std::move(started.error()));
    webhook_server_ = std::move(*started);
  }
  if (options.metrics_listen) {
    auto started = start(*options.metrics_listen, 60'000, 1024,
                         [this](net::Request request) { return operate(std::move(request)); });
    if (!started) return pass_on(std::move(started.error()));
    metrics_server_ = std::move(*started);
  }
  return {};
}

Result<void> Service::listen(ServiceOptions& options) {
  if (auto listening = listen_plain(options); !listening) return listening;
  rooms_->tracker_url = options.tracker_advertise;
  if (tracker_server_ && rooms_->tracker_url.empty()) {
    rooms_->tracker_url = "http://" +
                          host_and_port(options.tracker_listen->address, tracker_server_->port()) +
                          "/announce";
  }
  net::Server::Options tls;
  tls.address = options.listen.address;
  tls.port = options.listen.port;
  tls.tls = rooms_->keys.tls;
  tls.limits = server_limits(rooms_->policy.limits);
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

net::Task<net::Response> Service::operate(net::Request request) {
  return handle_ops_request(rooms_, *server_, std::move(request));
}

net::Task<void> Service::stop(std::int64_t grace_ms) {
  std::vector<net::Task<void>> ends;
  for (net::Server* server :
       {server_.get(), webhook_server_.get(), tracker_server_.get(), metrics_server_.get()}) {
    // From here on none of them accepts; only then is one after the other waited for.
    if (server != nullptr) ends.push_back(server->stop(grace_ms));
  }
  for (net::Task<void>& end : ends) co_await std::move(end);
}

}  // namespace hearth::ledger
