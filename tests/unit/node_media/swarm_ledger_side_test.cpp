// Announcer and mirror against a small ledger of the test's own: tracker, torrents, mirror events.
#include <set>

#include "common/net/server.h"
#include "common/net/tls.h"
#include "node/swarm/announcer.h"
#include "node/swarm/mirror.h"
#include "node_media/home_fixture.h"

namespace hearth::node {
namespace {

struct SmallLedger {
  SmallLedger(net::Loop& loop, const std::filesystem::path& dir) {
    std::filesystem::create_directories(dir);
    auto identity = net::load_or_make_tls_identity(dir);
    REQUIRE(identity);
    net::Server::Options options;
    options.address = "127.0.0.1";
    options.tls = *identity;
    auto started = net::Server::start(
        loop, options, [this](net::Request request) { return answer(std::move(request)); },
        [this](net::Request request, std::shared_ptr<net::WebSocket> socket) {
          return tell(std::move(request), std::move(socket));
        });
    REQUIRE(started);
    server = std::move(*started);
    pinned = {"https://127.0.0.1:" + std::to_string(server->port()), identity->pin};
  }

  net::Task<net::Response> answer(net::Request request) {
    net::Response response;
    if (request.path == "/announce") {
      response.body = announce(request);
    } else {
      const auto parts = net::path_parts(request.path);
      const auto found = parts.size() == 3 ? torrents.find(parts[2]) : torrents.end();
      if (found == torrents.end()) {
        co_return net::problem_response({Code::unknown_torrent, "There is no such torrent."});
      }
      response.body = found->second;
    }
    co_return response;
  }

  Bytes announce(const net::Request& request) {
    std::map<std::string, std::string> values;
    for (auto& [name, value] : net::parse_query(request.query)) values[name] = value;
    const auto port = static_cast<std::uint16_t>(std::stoi(values["port"]));
    if (!values["event"].empty()) events.push_back(values["event"]);
    if (values["left"] == "0") complete_ports.insert(port);
    peer_ids.insert(values["peer_id"]);
    ports.insert(port);
    std::string packed;
    for (const std::uint16_t one : ports) {
      packed += std::string("\x7f\x00\x00\x01", 4);
      packed += static_cast<char>(one >> 8);
      packed += static_cast<char>(one & 0xff);
    }
    const std::string body =
        "d8:intervali5e5:peers" + std::to_string(packed.size()) + ":" + packed + "e";
    return to_bytes(as_bytes(body));
  }

  net::Task<void> tell(net::Request request, std::shared_ptr<net::WebSocket> socket) {
    asked_after.push_back(request.query);
    const std::size_t after = std::stoul(request.query.substr(request.query.find('=') + 1));
    for (std::size_t i = after; i < registered.size(); ++i) {
      co_await socket->write("{\"sequence\":" + std::to_string(i + 1) + ",\"info_hash\":\"" +
                             registered[i] + "\",\"size\":1}");
    }
    co_await socket->read(60'000);
  }

  std::unique_ptr<net::Server> server;
  net::PinnedServer pinned;
  std::map<std::string, Bytes> torrents;
  std::vector<std::string> registered;
  std::vector<std::string> events, asked_after;
  std::set<std::uint16_t> ports, complete_ports;
  std::set<std::string> peer_ids;
};

/// A seed server's swarm side; it has no titles and no keys.
struct SeedServer {
  SeedServer(net::Loop& loop, net::Pool& pool, store::Store& store,
             const std::filesystem::path& dir, const SmallLedger& ledger,
             std::uint64_t limit_bytes) {
    std::filesystem::create_directories(dir);
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
    SwarmOptions options;
    options.listen = {"127.0.0.1", 0};
    options.resume_dir = dir / "resume";
    swarm = Swarm::start(loop, options).value();
    announcer = Announcer::start(loop, *swarm, ledger.pinned);
    mirror = Mirror::start(loop, pool, store, store.claim().value(), *swarm, *announcer,
                           ledger.pinned, {dir / "titles", limit_bytes})
                 .value();
  }
  std::unique_ptr<Swarm> swarm;
  std::unique_ptr<Announcer> announcer;
  std::unique_ptr<Mirror> mirror;
};

net::Task<void> until(std::function<bool()> condition) {
  while (!condition()) co_await net::sleep_ms(10);
}

}  // namespace

TEST_CASE("a seed server learns of titles from the ledger, finds the home, fetches and seeds") {
  TempDir dir;
  net::Loop loop;
  SmallLedger ledger(loop, dir.path() / "ledger");
  Home a(loop, dir.path() / "a");
  net::Pool pool(loop, 1);
  const auto store = store::open_memory();
  Titles::Published one, large;
  run_task(loop, publish_content(a, "one.bin", random_content(900'000, 1), one));
  run_task(loop, publish_content(a, "large.bin", random_content(3'000'000, 2), large));
  const wire::InfoHash id = one.title.manifest.info_hash;
  for (const auto* published : {&one, &large}) {
    const std::string hash = to_hex(published->title.manifest.info_hash);
    ledger.torrents[hash] = published->torrent;
    ledger.registered.push_back(hash);
  }
  auto announcer = Announcer::start(loop, *a.swarm, ledger.pinned);
  announcer->track(id);
  run_task(loop, until([&] { return announcer->announced_complete(id); }));
  CHECK(ledger.complete_ports.contains(a.swarm->port()));

  {
    SeedServer seed(loop, pool, *store, dir.path() / "seed", ledger, 2'000'000);
    run_task(loop, until([&] { return seed.swarm->status(id).complete; }));
    run_task(loop, until([&] { return seed.announcer->announced_complete(id); }));
    CHECK(ledger.complete_ports.contains(seed.swarm->port()));
    CHECK(std::count(ledger.events.begin(), ledger.events.end(), "completed") == 1);
    // The larger one would have broken the limit.
    run_task(loop, until([&] { return seed.mirror->status().size() == 2; }));
    CHECK(seed.swarm->status(large.title.manifest.info_hash).total_bytes == 0);
    CHECK(ledger.asked_after == std::vector<std::string>{"after=0"});
    run_task(loop, seed.announcer->stop());
    CHECK(ledger.events.back() == "stopped");
    run_task(loop, seed.swarm->stop());
  }
  // A new process: from its own records, the cursor where it was; now there is room for both.
  SeedServer seed(loop, pool, *store, dir.path() / "seed", ledger, 0);
  CHECK(seed.mirror->status().size() == 2);
  run_task(loop, until([&] { return seed.swarm->status(id).complete; }));
  CHECK(seed.swarm->status(id).downloaded == 0);
  CHECK(seed.swarm->status(large.title.manifest.info_hash).total_bytes > 0);
  run_task(loop, until([&] { return ledger.asked_after.size() == 2; }));
  CHECK(ledger.asked_after.back() == "after=2");
  CHECK(ledger.peer_ids.size() >= 3);
  run_task(loop, announcer->stop());
}

}  // namespace hearth::node
