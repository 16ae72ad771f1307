// What a home that only waits for events costs the ledger: hearth-ledgerd in a process of its own,
// so many homes (10,000, or the first argument) connected from this one, each over TLS with its
// mailbox open. Prints the growth of the daemon's anonymous memory for each; at most 40 KiB.
// The support of the tests asserts; outside of test cases that wants a context.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/process.h"
#include "common/crypto/hash.h"
#include "common/net/client.h"
#include "common/net/task.h"
#include "common/net/tls.h"
#include "common/wire/documents.h"
#include "tests/bench/measure.h"
#include "tests/support/daemons.h"

using namespace hearth;

namespace {

constexpr std::int64_t timeout_ms = 120'000;
constexpr std::size_t side_by_side = 64;
constexpr double most_kib = 40;

struct Crowd {
  net::Loop loop;
  net::PinnedServer server;
  std::size_t wanted = 0;
  std::size_t next = 0;
  std::size_t running = 0;
  std::vector<std::shared_ptr<net::WebSocket>> sockets;
  std::string trouble;
};

std::string opening(const crypto::SignKey& key, const std::string& challenge) {
  return wire::sign_jws(
      "hearth/mailbox-open/1",
      wire::with_issued({{"mailbox", to_base64url(key.public_key())}, {"challenge", challenge}},
                        now_ms()),
      key);
}

/// Registers a mailbox, connects and opens it.
net::Task<Result<std::shared_ptr<net::WebSocket>>> arrive(Crowd& crowd, std::size_t number) {
  const auto key = crypto::SignKey::from_seed(
      crypto::derive(crypto::Seed(crypto::sha256(as_bytes("crowd"))), "home", number));
  const std::string path = "/v1/mailboxes/" + to_base64url(key.public_key());
  net::Request definition;
  definition.method = "PUT";
  definition.path = path;
  const wire::Json document{{"mailbox", to_base64url(key.public_key())},
                            {"drop_tokens", wire::Json::array()}};
  definition.body = to_bytes(
      as_bytes(wire::sign_jws("hearth/mailbox/1", wire::with_issued(document, now_ms()), key)));
  const auto defined =
      co_await net::https_request(crowd.loop, crowd.server, std::move(definition), timeout_ms);
  if (!defined) co_return pass_on(defined.error());
  if (defined->status != 200) co_return fail(Code::bad_answer, "a mailbox was refused");
  std::string events = path + "/events";
  auto socket = co_await net::wss_connect(crowd.loop, crowd.server, std::move(events), timeout_ms);
  if (!socket) co_return pass_on(socket.error());
  const auto hello = co_await (*socket)->read(timeout_ms);
  if (!hello) co_return pass_on(hello.error());
  const auto challenge = wire::parse_json(*hello, 4096);
  if (!challenge) co_return pass_on(challenge.error());
  std::string answer = opening(key, challenge->value("challenge", ""));
  const auto sent = co_await (*socket)->write(std::move(answer));
  if (!sent) co_return pass_on(sent.error());
  co_return std::move(*socket);
}

net::Task<void> bring(Crowd& crowd) {
  while (crowd.next < crowd.wanted && crowd.trouble.empty()) {
    auto socket = co_await arrive(crowd, crowd.next++);
    if (socket) {
      crowd.sockets.push_back(std::move(*socket));
    } else {
      crowd.trouble = socket.error().sentence;
    }
  }
  if (--crowd.running == 0) crowd.loop.stop();
}

void bring_to(Crowd& crowd, std::size_t count) {
  crowd.wanted = count;
  crowd.running = side_by_side;
  for (std::size_t i = 0; i < side_by_side; ++i) net::spawn(crowd.loop, bring(crowd), "a home");
  crowd.loop.run();
  if (crowd.trouble.empty()) return;
  std::fprintf(stderr, "after %zu homes: %s\n", crowd.sockets.size(), crowd.trouble.c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context asserts;
  asserts.setAsDefaultForAssertsOutOfTestCases();
  const std::size_t homes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const std::size_t files = raise_open_files();
  if (homes + 500 > files) {
    std::fprintf(stderr, "this system allows %zu open files: too few for %zu homes\n", files,
                 homes);
    return 1;
  }
  const test::TempDir dir;
  const auto port = test::free_port();
  const auto url = "127.0.0.1:" + std::to_string(port);
  test::Daemon ledger("ledger",
                      {test::bin("hearth-ledgerd"), "--data", (dir.path() / "ledger").string(),
                       "--listen", url, "--max-connections-per-address", "0", "--rate-per-address",
                       "0", "--idle-timeout-ms", "600000", "--log-level", "warn"},
                      dir.path() / "ledger.log");
  ledger.start();
  test::eventually("the ledger listens", 60,
                   [&] { return std::filesystem::exists(dir.path() / "ledger" / "url"); });
  const auto identity = net::load_or_make_tls_identity(dir.path() / "ledger" / "keys");
  if (!identity) {
    std::fprintf(stderr, "%s\n", identity.error().sentence.c_str());
    return 1;
  }
  Crowd crowd;
  crowd.server = {"https://" + url, identity->pin};
  // The first ones make the daemon's heap grow to what any use needs.
  const std::size_t before = std::min<std::size_t>(homes / 10, 500);
  bring_to(crowd, before);
  const auto small = static_cast<double>(ledger.anonymous_memory());
  const double begun = bench::seconds_now();
  bring_to(crowd, homes);
  const double took = bench::seconds_now() - begun;
  const auto large = static_cast<double>(ledger.anonymous_memory());
  const double each = (large - small) / static_cast<double>(homes - before) / 1024;
  std::printf("%s",
              bench::table({{"homes waiting", "KiB each", "at most", "daemon MiB", "arrivals/s"},
                            {bench::whole(static_cast<double>(homes)), bench::fixed(each, 1),
                             bench::fixed(most_kib, 0), bench::fixed(large / 1024 / 1024, 1),
                             bench::whole(static_cast<double>(homes - before) / took)}})
                  .c_str());
  ledger.kill9();
  return each <= most_kib ? 0 : 1;
}
