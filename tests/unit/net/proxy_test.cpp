// The conversation with a SOCKS5 proxy: as bytes, and over a socket with a proxy that the test
// plays itself and that notes what it was told.
#include "common/net/proxy.h"

#include <set>

#include <doctest/doctest.h>

#include "tests/unit/net/fake_socks.h"
#include "tests/unit/net/net_fixture.h"

namespace hearth::net {
namespace {

constexpr std::int64_t timeout_ms = 30'000;

Result<Response> ask(Loop& loop, const PinnedServer& server, std::int64_t within_ms = timeout_ms) {
  Request request = get("/");
  return run(loop, https_request(loop, server, std::move(request), within_ms));
}

Bytes raw(std::initializer_list<int> values) {
  Bytes out;
  for (const int value : values) out.push_back(static_cast<std::uint8_t>(value));
  return out;
}

/// What a proxy says, step by step; the outcome of the last step.
Result<void> told(SocksTalk& talk, const std::vector<Bytes>& answers) {
  for (const Bytes& answer : answers) {
    REQUIRE(talk.wanted() == answer.size());
    if (auto taken = talk.take(answer); !taken) return taken;
  }
  return {};
}

}  // namespace

TEST_CASE("proxy: what a person may write") {
  struct Row {
    const char* text;
    const char* host;  ///< null: refused
    int port;
    const char* user;
    const char* password;
  };
  const std::vector<Row> rows{
      {"socks5://127.0.0.1:9050", "127.0.0.1", 9050, "", ""},
      {"socks5://127.0.0.1:9050/", "127.0.0.1", 9050, "", ""},
      {"socks5://[::1]:1080", "::1", 1080, "", ""},
      {"socks5://proxy.example.org:1080", "proxy.example.org", 1080, "", ""},
      {"socks5://anna:s3cret@proxy:1", "proxy", 1, "anna", "s3cret"},
      {"socks5://anna:a%40b%3Ac%2B+@proxy:1", "proxy", 1, "anna", "a@b:c++"},
      {"", nullptr, 0, "", ""},
      {"127.0.0.1:9050", nullptr, 0, "", ""},
      {"http://127.0.0.1:9050", nullptr, 0, "", ""},
      {"socks5://127.0.0.1", nullptr, 0, "", ""},
      {"socks5://127.0.0.1:0", nullptr, 0, "", ""},
      {"socks5://127.0.0.1:65536", nullptr, 0, "", ""},
      {"socks5://127.0.0.1:80x", nullptr, 0, "", ""},
      {"socks5://:1080", nullptr, 0, "", ""},
      {"socks5://anna@proxy:1", nullptr, 0, "", ""},
      {"socks5://anna:@proxy:1", nullptr, 0, "", ""},
      {"socks5://:secret@proxy:1", nullptr, 0, "", ""},
      {"socks5://pro xy:1", nullptr, 0, "", ""},
      {"socks5://::1:1080", nullptr, 0, "", ""},
      {"socks5://proxy:1\n", nullptr, 0, "", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto proxy = parse_proxy(row.text);
    REQUIRE(proxy.has_value() == (row.host != nullptr));
    if (!proxy) {
      CHECK(proxy.error().code == Code::usage);
      continue;
    }
    CHECK(proxy->host == row.host);
    CHECK(proxy->port == row.port);
    CHECK(proxy->user == row.user);
    CHECK(proxy->password == row.password);
  }
  const std::string shown = parse_proxy("socks5://anna:s3cret@pro xy:1").error().sentence;
  CHECK_MESSAGE(shown.find("s3cret") == std::string::npos, "a sentence shows no password");
  CHECK(parse_proxy("socks5://anna:s3cret@proxy:1")->text() == "socks5://proxy:1");
}

TEST_CASE("proxy: the conversation, byte by byte (RFC 1928, RFC 1929)") {
  const Proxy proxy{"10.0.0.1", 1080, "anna", "pw"};
  SUBCASE("with a name and a password, to a name") {
    SocksTalk talk(proxy, "ledger.example", 443);
    CHECK(talk.to_send() == raw({5, 2, 2, 0}));
    REQUIRE(told(talk, {raw({5, 2})}));
    CHECK(talk.to_send() == raw({1, 4, 'a', 'n', 'n', 'a', 2, 'p', 'w'}));
    REQUIRE(told(talk, {raw({1, 0})}));
    Bytes connect = raw({5, 1, 0, 3, 14});
    append(connect, as_bytes("ledger.example"));
    append(connect, raw({443 >> 8, 443 & 0xff}));
    CHECK(talk.to_send() == connect);
    REQUIRE(told(talk, {raw({5, 0, 0, 1, 9}), raw({9, 9, 9, 0, 1})}));
    CHECK(talk.wanted() == 0);
    CHECK(talk.to_send().empty());
  }
  SUBCASE("a proxy that wants no name; numeric addresses go as numbers") {
    SocksTalk v4(proxy, "10.1.2.3", 7400);
    REQUIRE(told(v4, {raw({5, 0})}));
    CHECK(v4.to_send() == raw({5, 1, 0, 1, 10, 1, 2, 3, 7400 >> 8, 7400 & 0xff}));
    SocksTalk v6(proxy, "::1", 1);
    REQUIRE(told(v6, {raw({5, 0})}));
    CHECK(v6.to_send() == raw({5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1}));
  }
  SUBCASE("the bound address may be of any kind and is passed over") {
    SocksTalk v6(proxy, "a", 1);
    REQUIRE(told(v6, {raw({5, 0}), raw({5, 0, 0, 4, 1}), Bytes(17)}));
    CHECK(v6.wanted() == 0);
    SocksTalk name(proxy, "a", 1);
    REQUIRE(told(name, {raw({5, 0}), raw({5, 0, 0, 3, 255}), Bytes(257)}));
    CHECK(name.wanted() == 0);
    SocksTalk empty(proxy, "a", 1);
    REQUIRE(told(empty, {raw({5, 0}), raw({5, 0, 0, 3, 0}), Bytes(2)}));
    CHECK(empty.wanted() == 0);
  }
}

TEST_CASE("proxy: refusals, each with its code and a sentence") {
  struct Row {
    std::vector<Bytes> answers;
    Code code;
    const char* says;
  };
  const Bytes open = raw({5, 0});
  const std::vector<Row> rows{
      {{raw({'H', 'T'})}, Code::proxy_failed, "not answer as a SOCKS5 proxy"},
      {{raw({4, 0})}, Code::proxy_failed, "not answer as a SOCKS5 proxy"},
      {{raw({5, 0xff})}, Code::proxy_failed, "neither a name and a password nor none"},
      {{raw({5, 1})}, Code::proxy_failed, "neither a name and a password nor none"},
      {{raw({5, 2}), raw({1, 1})}, Code::proxy_failed, "not take the name"},
      {{open, raw({4, 0, 0, 1, 0})}, Code::proxy_failed, "not answer as a SOCKS5 proxy"},
      {{open, raw({5, 0, 0, 2, 0})}, Code::proxy_failed, "not answer as a SOCKS5 proxy"},
      {{open, raw({5, 1, 0, 1, 0})}, Code::proxy_failed, "could not connect"},
      {{open, raw({5, 2, 0, 1, 0})}, Code::proxy_failed, "not allowed"},
      {{open, raw({5, 3, 0, 1, 0})}, Code::unreachable, "did not get through"},
      {{open, raw({5, 4, 0, 1, 0})}, Code::unreachable, "did not get through"},
      {{open, raw({5, 5, 0, 1, 0})}, Code::unreachable, "refuses"},
      {{open, raw({5, 6, 0, 1, 0})}, Code::unreachable, "did not get through"},
      {{open, raw({5, 7, 0, 1, 0})}, Code::proxy_failed, "could not connect"},
      {{open, raw({5, 255, 0, 1, 0})}, Code::proxy_failed, "could not connect"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    SocksTalk talk({"proxy", 1, "anna", "s3cret"}, "ledger", 443);
    const auto outcome = told(talk, row.answers);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == row.code);
    CHECK(outcome.error().sentence.find(row.says) != std::string::npos);
    CHECK(outcome.error().sentence.find("nothing was sent") != std::string::npos);
    CHECK(outcome.error().sentence.find("s3cret") == std::string::npos);
  }
}

TEST_CASE("proxy: requests go through it, the name unresolved, each under a name of its own") {
  Loop loop;
  const auto server = start(loop, tls_options());
  FakeSocks socks(server->port());
  PinnedServer through{"https://ledger.hearth.invalid:7400", test_identity().pin,
                       Proxy{"127.0.0.1", socks.port()}};
  for (int i = 0; i < 3; ++i) {
    const auto response = ask(loop, through);
    REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
    CHECK(response->status == 200);
  }
  const auto visits = socks.visits();
  REQUIRE(visits.size() == 3);
  std::set<std::string> names;
  for (const auto& visit : visits) {
    CHECK(visit.target == "ledger.hearth.invalid:7400");
    CHECK(visit.user.size() == 32);
    CHECK(visit.password.size() == 32);
    CHECK(visit.user != visit.password);
    names.insert(visit.user);
  }
  CHECK(names.size() == 3);

  through.proxy->user = "anna";
  through.proxy->password = "pw";
  REQUIRE(ask(loop, through));
  CHECK(socks.visits().back().user == "anna");
  CHECK(socks.visits().back().password == "pw");
}

TEST_CASE("proxy: no road but the proxy") {
  Loop loop;
  const auto server = start(loop, tls_options());
  PinnedServer through = pinned(*server);
  SUBCASE("nobody listens there: the server, which could be reached, is not asked") {
    std::uint16_t closed = 0;
    {
      const FakeSocks gone(server->port());
      closed = gone.port();
    }
    through.proxy = Proxy{"127.0.0.1", closed};
    const auto response = ask(loop, through);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Code::proxy_failed);
    CHECK(response.error().sentence.find("nothing went around it") != std::string::npos);
  }
  SUBCASE("a proxy that says nothing") {
    FakeSocks silent(server->port(), FakeSocks::Manner::silent);
    through.proxy = Proxy{"127.0.0.1", silent.port()};
    const auto response = ask(loop, through, 200);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Code::proxy_failed);
    CHECK(response.error().sentence.find("in time") != std::string::npos);
  }
  SUBCASE("a proxy that hangs up in the middle of its own answer") {
    FakeSocks rude(server->port(), FakeSocks::Manner::hangs_up);
    through.proxy = Proxy{"127.0.0.1", rude.port()};
    const auto response = ask(loop, through);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Code::proxy_failed);
  }
  SUBCASE("a proxy that leads to somebody else: the pin tells") {
    const TempDir dir;
    const auto other = load_or_make_tls_identity(dir.path());
    REQUIRE(other);
    FakeSocks liar(server->port());
    through.pin = other->pin;
    through.proxy = Proxy{"127.0.0.1", liar.port()};
    const auto response = ask(loop, through);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Code::wrong_pin);
  }
}

}  // namespace hearth::net
