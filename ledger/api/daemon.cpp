#include "ledger/api/daemon.h"

#include <algorithm>
#include <csignal>
#include <thread>

#include <unistd.h>

#include "common/base/log.h"
#include "common/base/process.h"
#include "ledger/admin/admin.h"
#include "ledger/admin/books_check.h"
#include "ledger/admin/key_rotation.h"
#include "ledger/api/admin_routes.h"
#include "ledger/engine/books_store.h"
#include "ledger/operators/desk.h"

namespace hearth::ledger {
namespace {

/// What runs on the pool after the last answer only reads (an audit, a backup): it is not waited
/// for longer than this.
constexpr std::size_t office_threads = 3;  // one may be busy with an audit, another with a backup
constexpr unsigned pool_grace_s = 20;
constexpr Fees first_fees{500, 0};
constexpr std::size_t spare_files = 4352;  ///< for the books, logs and the other ports

void end_now(int) {
  _exit(0);
}

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
  if (options.fee_basis_points < -1 || options.fee_basis_points > 10'000) {
    return fail(Code::usage, "--fee-basis-points goes from 0 to 10000 (100 %).");
  }
  if (options.fee_fixed < -1 || options.fee_fixed > 1'000'000'000) {
    return fail(Code::usage, "--fee-fixed goes from 0 to 1000000000 minor units.");
  }
  Policy out;
  out.evaluate = options.evaluate;
  auto currencies = currency_list(options.currencies);
  if (!currencies) return pass_on(std::move(currencies.error()));
  out.currencies = std::move(*currencies);
  if (options.fee_basis_points >= 0 || options.fee_fixed >= 0) {
    out.fees = first_fees;
    if (options.fee_basis_points >= 0)
      out.fees->basis_points = static_cast<int>(options.fee_basis_points);
    if (options.fee_fixed >= 0) out.fees->fixed = options.fee_fixed;
  }
  return out;
}

Result<ServiceOptions> service_options(const DaemonOptions& options) {
  auto policy = policy_of(options);
  if (!policy) return pass_on(std::move(policy.error()));
  auto listen = net::parse_endpoint(options.listen);
  if (!listen) return pass_on(std::move(listen.error()));
  ServiceOptions out;
  out.listen = std::move(*listen);
  out.tracker_advertise = options.tracker_advertise;
  out.policy = std::move(*policy);
  const std::pair<const std::string&, std::optional<net::Endpoint>&> ports[] = {
      {options.tracker_listen, out.tracker_listen},
      {options.metrics_listen, out.metrics_listen},
      {options.webhook_listen, out.webhook_listen}};
  for (const auto& [text, endpoint] : ports) {
    if (text.empty()) continue;
    auto parsed = net::parse_endpoint(text);
    if (!parsed) return pass_on(std::move(parsed.error()));
    endpoint = std::move(*parsed);
  }
  if (auto good = check_limits(options.limits); !good) return pass_on(std::move(good.error()));
  auto providers = payments::configured_providers(options.payments, options.dir);
  if (!providers) return pass_on(std::move(providers.error()));
  out.policy.providers = std::move(*providers);
  out.policy.limits = options.limits;
  const std::size_t files = raise_open_files();
  const auto most =
      static_cast<std::int64_t>(files > 2 * spare_files ? files - spare_files : files / 2);
  if (out.policy.limits.max_connections > most) {
    spdlog::warn("the system allows {} open files: at most {} connections", files, most);
    out.policy.limits.max_connections = most;
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
  daemon->stop_ms_ = options.limits.stop_timeout_ms;
  daemon->lock_.emplace(std::move(*lock));
  auto done = daemon->open(LedgerDir{options.dir}, service->policy, options.accept_restored);
  if (done) done = daemon->serve(std::move(*service));
  if (done) done = daemon->serve_admin();
  if (done) done = daemon->tell(options);
  if (!done) return pass_on(std::move(done.error()));
  return daemon;
}

Daemon::~Daemon() = default;

Result<void> Daemon::open(const LedgerDir& dir, const Policy& policy, bool accept_restored) {
  dir_ = dir;
  auto keys = load_or_make_ledger_keys(dir_, now_ms());
  if (!keys) return pass_on(std::move(keys.error()));
  keys_ = std::move(*keys);
  auto store = open_books(dir_.books());
  if (!store) return pass_on(std::move(store.error()));
  store_ = std::move(*store);
  if (auto good = check_books(*store_, now_ms()); !good) return good;
  const Transparency::Options checkpoints{dir_.checkpoint(), accept_restored};
  if (auto whole = Transparency::check(*store_, keys_.signing.public_key(), checkpoints); !whole)
    return whole;
  Engine::Options engine_options;
  engine_options.currencies = policy.currencies;
  engine_options.fees = policy.fees;
  engine_options.first_fees = first_fees;
  auto engine = Engine::start(*store_, engine_options);
  if (!engine) return pass_on(std::move(engine.error()));
  engine_ = std::move(*engine);
  auto transparency = Transparency::open(*store_, *engine_, keys_.signing, checkpoints, now_ms());
  if (!transparency) return pass_on(std::move(transparency.error()));
  transparency_ = std::move(*transparency);
  if (auto settled = settle_epochs(dir_, keys_, *engine_, *store_, now_ms()); !settled)
    return settled;
  const std::size_t cores = std::max(2u, std::thread::hardware_concurrency());
  pool_ = std::make_unique<net::Pool>(loop_, cores);
  return {};
}

Result<void> Daemon::serve(ServiceOptions service) {
  auto started =
      Service::start(loop_, *pool_, *store_, *engine_, keys_, *transparency_, std::move(service));
  if (!started) return pass_on(std::move(started.error()));
  service_ = std::move(*started);
  return {};
}

Result<void> Daemon::serve_admin() {
  net::Server::Options options;
  options.unix_path = dir_.admin_socket();
  options.limits.max_body = 64 * 1024;
  options.limits.max_connections = 32;
  office_ = std::make_unique<net::Pool>(loop_, office_threads);
  AdminContext here{dir_, *store_, engine_.get(), true, {}};
  here.keys = &keys_;
  here.transparency = transparency_.get();
  here.board = &board_;
  const auto context = std::make_shared<AdminContext>(here);
  service_->take_orders(std::make_shared<OperatorDesk>(here, keys_.signing.public_key()), *office_);
  auto started =
      net::Server::start(loop_, std::move(options), [this, context](net::Request request) {
        if (request.method == "GET") return service_->operate(std::move(request));
        return handle_admin_request(*office_, context, std::move(request));
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
  if (service_->metrics_port() != 0) spdlog::info("metrics on port {}", service_->metrics_port());
  if (service_->webhook_port() != 0)
    spdlog::info("payment events on port {}", service_->webhook_port());
  return {};
}

net::Task<void> Daemon::stop() {
  spdlog::info("stopping");
  net::Task<void> admin_ends = admin_->stop(stop_ms_);
  co_await service_->stop(stop_ms_);
  co_await std::move(admin_ends);
  std::signal(SIGALRM, end_now);
  alarm(pool_grace_s);
  loop_.stop();
}

void Daemon::run() {
  loop_.on_signal([this] { net::spawn(loop_, stop(), "stopping"); });
  loop_.run();
  spdlog::info("stopped");
}

}  // namespace hearth::ledger
