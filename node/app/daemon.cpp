#include "node/app/daemon.h"

#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>

#include "common/base/config.h"
#include "common/base/files.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "common/cli/manual.h"
#include "common/net/datagrams.h"
#include "node/api/commands.h"
#include "node/web/page.h"

namespace hearth::node {
namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::int64_t answers_end_ms = 300;
constexpr std::int64_t end_at_last_ms = 8'000;

struct Flags {
  std::string data;
  std::string role = "home";
  std::string name;
  std::string listen;
  std::vector<std::string> allow_hosts;
  std::string listen_tls;
  std::string tuner_listen;
  std::string web_root;
  std::string language;
  std::string swarm_listen = "0.0.0.0:0";
  std::string proxy;
  std::string player = "auto";
  std::string log_level = "info";
  std::int64_t upload_limit = 0, download_limit = 0, mirror_limit = 0;
};

void declare(CLI::App& app, Config& config, Flags& flags) {
  app.add_option("--data", flags.data, "the node's data directory (else $HEARTH_HOME)");
  app.set_version_flag("--version", HEARTH_VERSION);
  config.add("role", flags.role, "home, or seed for a seed server");
  config.add("name", flags.name, "the home's name, as other homes see it");
  config.add("listen", flags.listen,
             "ADDR:PORT of the home's web page; a seed server answers GET /healthz there");
  config.add("listen_tls", flags.listen_tls,
             "a folder with tls.crt and tls.key that browsers believe: the page over HTTPS");
  config.add("allow_host", flags.allow_hosts,
             "a name under which the page may be opened too; may be said several times");
  config.add("tuner_listen", flags.tuner_listen,
             "ADDR:65001 where programs that look for HDHomeRun tuners find the channels; only "
             "devices with an address token (hearth iptv create --address) are answered");
  config.add("web_root", flags.web_root, "a folder to serve the page from, for its developers");
  config.add("language", flags.language, "that the page begins with: en or de (else of $LANG)");
  config.add("swarm_listen", flags.swarm_listen, "ADDR:PORT for BitTorrent peers");
  config.add("proxy", flags.proxy,
             "socks5://[NAME:PASSWORD@]HOST:PORT: the only road to the ledger and to peers");
  config.add("player", flags.player, "auto starts the TV, none does not");
  config.add("upload_limit", flags.upload_limit, "bytes per second to all peers, 0: none");
  config.add("download_limit", flags.download_limit, "bytes per second from all peers, 0: none");
  config.add("mirror_limit", flags.mirror_limit, "bytes that a seed server keeps, 0: the disk's");
  config.add("log_level", flags.log_level, "trace, debug, info, warn or error");
}

Result<NodeOptions> options_of(const Flags& flags, const std::filesystem::path& dir) {
  NodeOptions options;
  options.dir = dir;
  const auto role = role_from_name(flags.role);
  if (!role) return pass_on(role.error());
  options.role = *role;
  const auto name = checked_name(flags.name);
  if (!name) return pass_on(name.error());
  options.name = *name;
  const auto endpoint = net::parse_endpoint(flags.swarm_listen);
  if (!endpoint) return pass_on(endpoint.error());
  options.swarm_listen = *endpoint;
  if (!flags.proxy.empty()) {
    auto proxy = net::parse_proxy(flags.proxy);
    if (!proxy) return pass_on(proxy.error());
    options.proxy = std::move(*proxy);
  }
  if (flags.player != "auto" && flags.player != "none") {
    return fail(Code::usage, "--player is auto or none, not " + flags.player + ".");
  }
  options.start_player = flags.player == "auto";
  if (flags.upload_limit < 0 || flags.download_limit < 0 || flags.mirror_limit < 0) {
    return fail(Code::usage, "A limit is not negative.");
  }
  options.upload_limit = flags.upload_limit;
  options.download_limit = flags.download_limit;
  options.mirror_limit = flags.mirror_limit;
  return options;
}

net::Task<net::Response> healthz(net::Request request) {
  net::Response response;
  const bool known = request.method == "GET" && request.path == "/healthz";
  const std::string_view text = known ? "ok" : "not found";
  response.status = known ? 200 : 404;
  response.headers["content-type"] = "text/plain";
  response.body = to_bytes(as_bytes(text));
  co_return response;
}

struct Servers {
  std::unique_ptr<net::Server> api;
  std::unique_ptr<net::Server> health;  ///< of a seed server
  std::unique_ptr<Page> page;           ///< of a home
  std::unique_ptr<net::Datagrams> tuner;
};

Result<std::string> language_of(const Flags& flags) {
  if (flags.language == "en" || flags.language == "de") return flags.language;
  if (!flags.language.empty()) {
    return fail(Code::usage, "--language is en or de, not " + printable(flags.language) + ".");
  }
  const char* machine = std::getenv("LANG");
  return std::string(machine != nullptr && std::string_view(machine).starts_with("de") ? "de"
                                                                                       : "en");
}

/// None is made: browsers would warn of it.
Result<net::TlsIdentity> page_identity(const std::filesystem::path& dir) {
  std::error_code ignored;
  for (const char* name : {"tls.crt", "tls.key"}) {
    if (std::filesystem::exists(dir / name, ignored)) continue;
    return fail(Code::not_found,
                "There is no " + (dir / name).string() +
                    ". Nothing was started; put the page's certificate (with those "
                    "between it and its root) and its private key there.");
  }
  return net::load_or_make_tls_identity(dir);
}

Result<void> serve_page(net::Loop& loop, Rooms& rooms, Commands& commands, const Flags& flags,
                        Servers& servers) {
  PageOptions options;
  const auto endpoint = net::parse_endpoint(flags.listen);
  if (!endpoint) return pass_on(endpoint.error());
  options.listen = *endpoint;
  options.allow_hosts = flags.allow_hosts;
  options.web_root = flags.web_root;
  if (!flags.listen_tls.empty()) {
    auto identity = page_identity(flags.listen_tls);
    if (!identity) return pass_on(identity.error());
    options.tls = std::move(*identity);
  }
  const auto language = language_of(flags);
  if (!language) return pass_on(language.error());
  options.language = *language;
  auto page = Page::start(loop, rooms, commands, std::move(options));
  if (!page) return pass_on(page.error());
  servers.page = std::move(*page);
  return {};
}

Result<void> serve_tuner(net::Loop& loop, Rooms& rooms, const Flags& flags, Servers& servers) {
  const auto endpoint = net::parse_endpoint(flags.tuner_listen);
  if (!endpoint) return pass_on(endpoint.error());
  auto listening =
      net::Datagrams::listen(loop, *endpoint, [&rooms](ByteView packet, const std::string& from) {
        return rooms.outputs->discovered(packet, from, rooms.phones->url());
      });
  if (!listening) return pass_on(listening.error());
  servers.tuner = std::move(*listening);
  return {};
}

Result<Servers> serve(net::Loop& loop, Rooms& rooms, Commands& commands, const Flags& flags,
                      const std::filesystem::path& dir) {
  Servers servers;
  net::Server::Options api;
  api.unix_path = dir / "hearthd.sock";
  api.body_limit = Commands::body_limit;
  auto started = net::Server::start(
      loop, api, [&commands](net::Request request) { return commands.handle(std::move(request)); });
  if (!started) return pass_on(started.error());
  servers.api = std::move(*started);
  if (flags.listen.empty()) return servers;
  if (rooms.options.role == Role::home) {
    auto served = serve_page(loop, rooms, commands, flags, servers);
    if (!served) return pass_on(served.error());
    if (!flags.tuner_listen.empty()) served = serve_tuner(loop, rooms, flags, servers);
    if (!served) return pass_on(served.error());
    return servers;
  }
  const auto endpoint = net::parse_endpoint(flags.listen);
  if (!endpoint) return pass_on(endpoint.error());
  net::Server::Options health;
  health.address = endpoint->address;
  health.port = endpoint->port;
  started = net::Server::start(loop, health, healthz);
  if (!started) return pass_on(started.error());
  servers.health = std::move(*started);
  return servers;
}

net::Task<void> wind_down(net::Loop& loop, Rooms& rooms, Servers& servers) {
  co_await servers.api->stop(answers_end_ms);
  if (servers.health) co_await servers.health->stop(answers_end_ms);
  if (servers.page) co_await servers.page->stop(answers_end_ms);
  servers.tuner.reset();
  co_await rooms.stop();
  spdlog::info("stopped");
  loop.stop();
}

Result<void> run(const Flags& flags, const std::filesystem::path& dir) {
  auto options = options_of(flags, dir);
  if (!options) return pass_on(options.error());
  const auto files = load_home_files(dir);
  if (!files) return pass_on(files.error());
  if (is_being_restored(dir)) {
    return fail(Code::not_initialised,
                "The restore of this home was not finished. Nothing is lost; go on with it: "
                "hearth --data " +
                    dir.string() + " wallet restore.");
  }
  const auto lock = DirLock::take(dir);
  if (!lock) return pass_on(lock.error());

  net::Loop loop;
  Result<void> outcome;
  {
    net::Pool pool(loop, pool_threads);
    std::unique_ptr<Rooms> rooms;
    std::unique_ptr<Commands> commands;
    Servers servers;
    // Everything begins on the loop thread, which owns the state from the first moment.
    loop.post([&] {
      auto started = Rooms::start(loop, pool, std::move(*options));
      if (started) {
        rooms = std::move(*started);
        commands = std::make_unique<Commands>(loop, *rooms);
        auto serving = serve(loop, *rooms, *commands, flags, dir);
        if (serving) {
          servers = std::move(*serving);
          spdlog::info("running as {} {}", flags.role, HEARTH_VERSION);
          return;
        }
        outcome = pass_on(serving.error());
      } else {
        outcome = pass_on(started.error());
      }
      loop.stop();
    });
    loop.on_signal([&] {
      spdlog::info("stopping");
      loop.after(end_at_last_ms, [] { std::_Exit(0); });
      net::spawn(loop, wind_down(loop, *rooms, servers), "wind down");
    });
    loop.run();
  }
  return outcome;
}

}  // namespace

int run_hearthd(int argc, char** argv) {
  CLI::App app("hearthd: the node of one home, or a seed server");
  Flags flags;
  Config config(app);
  declare(app, config, flags);
  cli::offer_manual(
      app,
      {"hearthd",
       8,
       "2026-11-22",
       "the node of a Hearth home",
       "Shares the home's library with other homes, buys, gives and receives titles, and tells "
       "the TV what to show. With --role seed it is a seed server: it holds ciphertext only. "
       "`hearth init` makes the home; hearth(1) talks to this daemon over hearthd.sock in the "
       "data directory.",
       {{"Environment", "HEARTH_HOME names the data directory unless --data does."},
        {"Exit status", "0 stopped; 1 it could not start or go on; 2 wrong usage."}},
       {"hearth(1)", "hearth-player(1)", "hearth-ledgerd(8)"}});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const std::filesystem::path dir = data_dir(flags.data, "HEARTH_HOME", "hearth");
  auto loaded = config.load(dir / "config.toml");
  init_log("hearthd", flags.log_level);
  auto outcome = loaded ? run(flags, dir) : loaded;
  if (outcome) return 0;
  std::cerr << "hearthd: " << outcome.error().sentence << '\n';
  return outcome.error().code == Code::usage ? 2 : 1;
}

}  // namespace hearth::node
