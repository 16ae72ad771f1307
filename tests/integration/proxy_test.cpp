// A home that has no road but a proxy, in a network of its own: a stock SOCKS server on its
// doorstep, a ledger and other homes far away, which it could reach directly. A capture of its
// only cable says whether it ever did.
#include <fstream>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"
#include "tests/support/namespaces.h"

using namespace hearth::test;

namespace {

constexpr std::uint16_t proxy_port = 1080;
/// All that may be on the cable.
const std::string through_the_proxy =
    "tcp and host " + std::string(doorstep) + " and port " + std::to_string(proxy_port);
const std::string around_the_proxy = "not arp and not (" + through_the_proxy + ")";

/// True when this process is in a network of its own; made at the first question.
bool own_network() {
  static const TempDir scratch;
  static const bool moved = move_into_own_network(scratch.path());
  if (!moved) MESSAGE("passed over: network namespaces need root, or user namespaces");
  return moved;
}

std::string dante_settings(const fs::path& file) {
  std::ofstream out(file);
  out << "logoutput: stderr\ninternal: " << doorstep << " port = " << proxy_port
      << "\nexternal: " << far_away
      << "\nsocksmethod: none\nclientmethod: none\nuser.privileged: root\nuser.unprivileged: root\n"
         "client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n"
         "socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n";
  REQUIRE(out.flush().good());
  return file.string();
}

bool somebody_listens() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(proxy_port);
  REQUIRE(::inet_pton(AF_INET, doorstep, &at.sin_addr) == 1);
  const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
  ::close(fd);
  return connected;
}

/// A ledger and a seller far away, a proxy, and Bert behind it.
struct Street {
  explicit Street(std::vector<std::string> proxy_argv, std::string proxy_url,
                  const std::vector<std::string>& bert_flags = {})
      : town({}, "hearth-ledgerd", far_away),
        proxy("proxy", std::move(proxy_argv), town.dir() / "proxy.log") {
    fs::create_directories(town.dir() / "scratch");
    std::ofstream(town.dir() / "hosts.home") << "127.0.0.1 localhost\n";
    abroad.address = far_away;
    behind.prefix = in_the_home(town.dir());
    behind.card =
        town.card_with_url("https://" + std::string(far_name) + ":" + std::to_string(town.port()));
    behind.init_flags = {"--proxy", std::move(proxy_url)};
    proxy.start();
    eventually("the proxy listens", 30, somebody_listens);
    seller = &town.add_home("A", {}, abroad);
    capture = std::make_unique<Capture>(town.dir(), "road");
    bert = &town.add_home("B", bert_flags, behind);
  }
  void nothing_went_around() {
    CHECK(bert->daemon().stop() == 0);
    CHECK(capture->packets(through_the_proxy).size() > 100);
    const auto around = capture->packets(around_the_proxy);
    CHECK_MESSAGE(around.empty(), around.size(), " packets, the first: ", around.front());
  }
  Town town;
  Daemon proxy;
  Place abroad, behind;
  Home* seller = nullptr;
  Home* bert = nullptr;
  std::unique_ptr<Capture> capture;
};

}  // namespace

TEST_CASE("the capture would tell: without a proxy it shows the home at the ledger") {
  if (!own_network()) return;
  Town town({}, "hearth-ledgerd", far_away);
  std::ofstream(town.dir() / "hosts.home") << "127.0.0.1 localhost\n";
  Place open;
  open.prefix = in_the_home(town.dir());
  open.address = "10.77.0.2";
  Capture capture(town.dir(), "open");
  Home& careless = town.add_home("careless", {}, open);
  CHECK(careless.daemon().stop() == 0);
  CHECK_FALSE(capture.packets("tcp and host " + std::string(far_away)).empty());

  // By name it would ask a name server, and the capture would show that as well.
  Capture asking(town.dir(), "asking");
  std::vector<std::string> argv = in_the_home(town.dir());
  argv.insert(argv.end(),
              {bin("hearth"), "--data", (town.dir() / "other").string(), "init", "--ledger",
               town.card_with_url("https://" + std::string(far_name) + ":7400"), "--name", "O"});
  CHECK(run(argv).exit_code == 1);
  CHECK_FALSE(asking.packets("udp port 53").empty());
}

TEST_CASE("buy, give, receive, fetch: all of it through a stock proxy, nothing beside it") {
  if (!own_network()) return;
  std::unique_ptr<Street> street;
  const std::string host = std::string(doorstep) + ":" + std::to_string(proxy_port);
  SUBCASE("microsocks") {
    street = std::make_unique<Street>(
        std::vector<std::string>{"microsocks", "-i", doorstep, "-p", std::to_string(proxy_port)},
        "socks5://" + host);
  }
  SUBCASE("microsocks, with a name and a password") {
    street = std::make_unique<Street>(
        std::vector<std::string>{"microsocks", "-i", doorstep, "-p", std::to_string(proxy_port),
                                 "-u", "bert", "-P", "a:b"},
        "socks5://bert:a%3Ab@" + host);
  }
  SUBCASE("dante") {
    const TempDir settings;
    street = std::make_unique<Street>(
        std::vector<std::string>{"danted", "-f", dante_settings(settings.path() / "danted.conf")},
        "socks5://" + host);
  }
  if (!street) return;
  Town& town = street->town;
  Home &a = *street->seller, &b = *street->bert;
  const std::string film =
      town.publish(a, town.make_file("film.bin", 2'000'000, 31), "1.00 EUR").at("offer");
  const std::string song =
      town.publish(a, town.make_file("song.bin", 400'000, 32), "0.50 EUR").at("offer");
  town.deposit(b, "5.00 EUR", "x1");
  b.ok({"buy", film});
  eventually("B has the film", 60, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(b) == 400);

  town.befriend(a, b);
  town.deposit(a, "5.00 EUR", "x2");
  a.ok({"gift", "send", song, "--to", "B"});
  eventually("the gift arrives through the proxy", 60,
             [&] { return !gift(b, "received", "song.bin").is_null(); });
  b.ok({"gift", "accept", gift(b, "received", "song.bin").at("gift")});
  eventually("B has the song", 60, [&] { return complete_with_key(b, "song.bin"); });
  b.ok({"gift", "send", film, "--to", "A", "--note", "from behind the hedge"});
  eventually("A hears of it", 60, [&] { return !gift(a, "received", "film.bin").is_null(); });
  CHECK(balance(b) == 300);

  street->nothing_went_around();
  town.audit_clean();
}

TEST_CASE("a seller behind a proxy: a seed that can be called takes the title from it") {
  if (!own_network()) return;
  Street street({"microsocks", "-i", doorstep, "-p", std::to_string(proxy_port)},
                "socks5://" + std::string(doorstep) + ":" + std::to_string(proxy_port));
  Home& seed = street.town.add_seed("seed", {}, street.abroad);
  const std::string offer =
      street.town.publish(*street.bert, street.town.make_file("b.bin", 300'000, 33), "1.00 EUR")
          .at("offer");
  eventually("the seed mirrors it", 90, [&] { return mirrored(seed) == 1; });
  street.town.deposit(*street.seller, "5.00 EUR", "x1");
  street.seller->ok({"buy", offer});
  eventually("A has it from the seed", 60,
             [&] { return complete_with_key(*street.seller, "b.bin"); });
  street.nothing_went_around();
}

TEST_CASE("the proxy dies in the middle: told, resumed when it is back, and no other road taken") {
  if (!own_network()) return;
  Street street({"microsocks", "-i", doorstep, "-p", std::to_string(proxy_port)},
                "socks5://" + std::string(doorstep) + ":" + std::to_string(proxy_port),
                {"--download-limit", "400000"});
  Town& town = street.town;
  Home& b = *street.bert;
  const std::string offer =
      town.publish(*street.seller, town.make_file("film.bin", 4'000'000, 34), "1.00 EUR")
          .at("offer");
  town.deposit(b, "5.00 EUR", "x1");
  b.ok({"buy", offer});
  eventually("a part of it is there", 60, [&] {
    const Json one = transfer(b, "film.bin");
    return !one.is_null() && one.at("done_bytes").get<std::uint64_t>() > 300'000;
  });
  street.proxy.kill9();
  // With the server gone its connections are too.
  const std::string said = b.refused({"catalogue"}, "proxy_failed");
  CHECK_MESSAGE(said.find("nothing went around it") != std::string::npos, said);
  eventually("the status says so", 30,
             [&] { return b.ok({"status"}).dump().find("proxy") != std::string::npos; });
  CHECK_FALSE(complete_with_key(b, "film.bin"));
  street.proxy.start();
  eventually("B has the film after all", 120, [&] { return complete_with_key(b, "film.bin"); });
  street.nothing_went_around();
  town.audit_clean();
}
