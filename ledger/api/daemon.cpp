#include "ledger/api/daemon.h"

#include <algorithm>
#include <thread>

#include "common/base/log.h"
#include "ledger/admin/admin.h"
#include "ledger/api/admin_routes.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t grace_ms = 2'000;

Result<std::vector<std::string>> currency_list(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const auto currency = money::Currency::from_code(text.substr(at, end - at));
    if (!currency) return pass_on(currency.error());
    out.emplace_back(currency->code());
    at = end + 1;
  }
  return out;
}

Result<Policy> policy_of(const DaemonOptions& options) {
  if (options.fee_basis_points < 0 || options.fee_basis_points > 10'000) {
    return fail(Code::usage, "--fee-basis-points goes from 0 to 10000 (100 %).");
  }
  if (options.fee_fixed < 0 || options.fee_fixed > 1'000'000'000) {
    return fail(Code::usage, "--fee-fixed goes from 0 to 1000000000 minor units.");
  }
  Policy out;
  auto currencies = currency_list(options.currencies);
  if (!currencies) return pass_on(std::move(currencies.error()));
  out.currencies = std::move(*currencies);
  out.fee_basis_points = static_cast<int>(options.fee_basis_points);
  out.fee_fixed = options.fee_fixed;
  return out;
}

Result<ServiceOptions> service_options(const DaemonOptions& options) {
  auto policy = policy_of(options);
  if (!policy) return pass_on(std::move(policy.error()));
  auto listen = net::parse_endpoint(options.listen);
  if (!listen) return pass_on(std::move(listen.error()));
  ServiceOptions out{std::move(*listen), std::nullopt, options.tracker_advertise,
                     std::move(*policy)};
  if (!options.tracker_listen.empty()) {
    auto tracker = net::parse_endpoint(options.tracker_listen);
    if (!tracker) return pass_on(std::move(tracker.error()));
    out.tracker_listen = std::move(*tracker);
  }
  return out;
}

/// "127.0.0.1:0" with the port that was given.
std::string listening_url(const std::string& listen, std::uint16_t port) {
  return "https://" + listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonOptions& options) {
  auto service = service_options(options);
  if (!service) return pass_on(std::move(service.error()));
  if (auto made = ensure_private_dir(options.dir); !made) return pass_on(std::move(made.error()));
  auto lock = DirLock::take(options.dir);
  if (!lock) return pass_on(std::move(lock.error()));
  std::unique_ptr<Daemon> daemon(new Daemon());
  daemon->lock_.emplace(std::move(*lock));
  auto done = daemon->open(LedgerDir{options.dir}, service->policy);
  if (done) done = daemon->serve(std::move(*service));
  if (done) done = daemon->serve_admin();
  if (done) done = daemon->tell(options);
  if (!done) return pass_on(std::move(done.error()));
  return daemon;
}

Daemon::~Daemon() = default;

Result<void> Daemon::open(const LedgerDir& dir, const Policy& policy) {
  dir_ = dir;
  auto keys = load_or_make_ledger_keys(dir_, now_ms());
  if (!keys) return pass_on(std::move(keys.error()));
  keys_ = std::move(*keys);
  auto store = store::open_rocksdb(dir_.books());
  if (!store) return pass_on(std::move(store.error()));
  store_ = std::move(*store);
  Engine::Options engine_options;
  engine_options.currencies = policy.currencies;
  auto engine = Engine::start(*store_, engine_options);
  if (!engine) return pass_on(std::move(engine.error()));
  engine_ = std::move(*engine);
  const std::size_t cores = std::max(2u, std::thread::hardware_concurrency());
  pool_ = std::make_unique<net::Pool>(loop_, cores);
  return {};
}

Result<void> Daemon::serve(ServiceOptions service) {
  auto started = Service::start(loop_, *pool_, *store_, *engine_, keys_, std::move(service));
  if (!started) return pass_on(std::move(started.error()));
  service_ = std::move(*started);
  return {};
}

Result<void> Daemon::serve_admin() {
  net::Server::Options options;
  options.unix_path = dir_.admin_socket();
  options.limits.max_body = 64 * 1024;
  options.limits.max_connections = 32;
  const auto context =
      std::make_shared<AdminContext>(AdminContext{dir_, *store_, engine_.get(), true, {}});
  auto started =
      net::Server::start(loop_, std::move(options), [this, context](net::Request request) {
        return handle_admin_request(*pool_, context, std::move(request));
      });
  if (!started) return pass_on(std::move(started.error()));
  admin_ = std::move(*started);
  return {};
}

/// Where it is to be found; everything answers by now.
Result<void> Daemon::tell(const DaemonOptions& options) {
  const std::string here = listening_url(options.listen, service_->port());
  url_ = options.advertise.empty() ? here : options.advertise;
  if (auto stored = store_advertised_url(dir_, url_); !stored) return stored;
  spdlog::info("listening on {}{}", here, url_ == here ? "" : ", advertised as " + url_);
  if (service_->tracker_port() != 0) {
    spdlog::info("tracker for stock clients on port {}", service_->tracker_port());
  }
  return {};
}

net::Task<void> Daemon::stop() {
  spdlog::info("stopping");
  co_await admin_->stop(grace_ms);
  co_await service_->stop(grace_ms);
  loop_.stop();
}

void Daemon::run() {
  loop_.on_signal([this] { net::spawn(loop_, stop(), "stopping"); });
  loop_.run();
  spdlog::info("stopped");
}

}  // namespace hearth::ledger
