// The pinned client against the TLS server, and the command line's client over a unix socket.
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/process.h"
#include "tests/unit/net/net_fixture.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::net {
namespace {

constexpr std::int64_t timeout_ms = 30'000;

Result<Response> ask(Loop& loop, const PinnedServer& server, Request request,
                     ClientLimits limits = {}, std::int64_t within_ms = timeout_ms) {
  return run(loop, https_request(loop, server, std::move(request), within_ms, limits));
}

Task<void> count_one(Loop& loop, PinnedServer server, int number, int& right, int& done) {
  const std::string body = "request " + std::to_string(number);
  Request request = post("/n", body);
  const auto response = co_await https_request(loop, server, std::move(request), timeout_ms);
  if (response && as_text(response->body) == body) ++right;
  ++done;
}

Task<int> ask_in_parallel(Loop& loop, PinnedServer server, int count) {
  int right = 0;
  int done = 0;
  for (int i = 0; i < count; ++i) {
    spawn(loop, count_one(loop, server, i, right, done), "a parallel request");
  }
  while (done < count) co_await sleep_ms(1);
  co_return right;
}

/// A handler that does not answer before it is let go.
struct Gate {
  explicit Gate(Loop& loop) : entered(loop), let_go(loop) {}
  Signal entered;
  Signal let_go;
  int inside = 0;
  bool open = false;

  Task<Response> pass(Request) {
    ++inside;
    entered.notify_all();
    while (!open) co_await let_go.wait(test_deadline_ms);
    co_return json_response(200, "{\"done\":true}");
  }
};

struct Stopped {
  Result<Response> response = fail(Code::internal, "not set");
  bool refused_meanwhile = false;
};

Task<void> keep_response(Loop& loop, PinnedServer server, Stopped& stopped, bool& done) {
  Request request = get("/");
  stopped.response = co_await https_request(loop, server, std::move(request), timeout_ms);
  done = true;
}

Task<void> stop_server(Server& server, std::int64_t grace_ms, bool& done) {
  co_await server.stop(grace_ms);
  done = true;
}

Task<Stopped> stop_during_a_request(Loop& loop, Server& server, Gate& gate, bool let_go) {
  Stopped stopped;
  bool answered = false;
  bool ended = false;
  spawn(loop, keep_response(loop, pinned(server), stopped, answered), "a request under way");
  while (gate.inside == 0) co_await gate.entered.wait(test_deadline_ms);
  spawn(loop, stop_server(server, let_go ? test_deadline_ms : 10, ended), "stopping");
  co_await sleep_ms(0);
  Request request = get("/");
  const auto late = co_await https_request(loop, pinned(server), std::move(request), timeout_ms);
  stopped.refused_meanwhile = !late && late.error().code == Code::unreachable;
  if (let_go) {
    gate.open = true;
    gate.let_go.notify_all();
  }
  while (!answered || !ended) co_await sleep_ms(1);
  gate.open = true;
  gate.let_go.notify_all();
  co_return stopped;
}

}  // namespace

TEST_CASE("client: a request over TLS 1.3 arrives as it was sent, the answer as it was given") {
  Loop loop;
  const auto server = start(loop, tls_options());
  Request request = post("/v1/a%20b", std::string("binary\0body", 11));
  request.query = "x=1&y=%ff";
  const auto response = ask(loop, pinned(*server), request);
  REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
  CHECK(response->status == 200);
  CHECK(response->headers.at("x-method") == "POST");
  CHECK(response->headers.at("x-path") == "/v1/a%20b");
  CHECK(response->headers.at("x-query") == "x=1&y=%ff");
  CHECK(response->headers.at("x-remote") == "127.0.0.1");
  CHECK(response->body == request.body);
}

TEST_CASE("client: sizes of bodies, both ways") {
  Loop loop;
  Server::Options options = tls_options();
  options.body_limit = [](std::string_view path) -> std::size_t {
    return path == "/large" ? 20'000'000 : 0;
  };
  const auto server = start(loop, std::move(options));
  for (const std::size_t size : {0u, 1u, 16'383u, 16'384u, 16'385u, 1'048'576u}) {
    CAPTURE(size);
    const auto response = ask(loop, pinned(*server), post("/", std::string(size, 'x')));
    REQUIRE(response.has_value());
    CHECK(response->body.size() == size);
  }
  const std::string large(8'000'000, 'x');
  const auto refused = accepted(ask(loop, pinned(*server), post("/", large)));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::too_large);
  const auto taken = ask(loop, pinned(*server), post("/large", large));
  REQUIRE(taken.has_value());
  CHECK(taken->body.size() == large.size());
  const auto too_much = ask(loop, pinned(*server), post("/large", large), {.max_body = 1000});
  REQUIRE_FALSE(too_much.has_value());
  CHECK(too_much.error().code == Code::too_large);
}

TEST_CASE("server: who may not send a large body is told before it is read") {
  Loop loop;
  Server::Options options = tls_options();
  options.limits.max_body = 1'000;
  options.body_limit = [](std::string_view) -> std::size_t { return 20'000'000; };
  std::vector<std::string> asked;
  options.refuse_large = [&asked](const Request& request) -> std::optional<Response> {
    asked.push_back(request.path);
    CHECK(request.body.empty());
    if (request.path != "/closed") return std::nullopt;
    return problem_response({Code::no_session, "Not for you; nothing was done."});
  };
  const auto server = start(loop, std::move(options));
  const std::string large(8'000'000, 'x');
  CHECK(ask(loop, pinned(*server), post("/closed", std::string(1'000, 'x')))->body.size() == 1'000);
  CHECK(asked.empty());
  const auto refused = accepted(ask(loop, pinned(*server), post("/closed", large)));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::no_session);
  const auto taken = ask(loop, pinned(*server), post("/open", large));
  REQUIRE(taken.has_value());
  CHECK(taken->body.size() == large.size());
  CHECK(asked == std::vector<std::string>{"/closed", "/open"});
}

TEST_CASE("client: a server with another key gets nothing") {
  Loop loop;
  int requests = 0;
  const auto server = start(loop, tls_options(), [&requests](Request request) {
    ++requests;
    return echo(std::move(request));
  });
  PinnedServer other = pinned(*server);
  other.pin[0] ^= 1;
  const auto refused = ask(loop, other, post("/", "a secret"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::wrong_pin);
  CHECK(refused.error().sentence.find("Nothing was sent") != std::string::npos);
  const auto no_socket = run(loop, wss_connect(loop, other, "/", timeout_ms));
  REQUIRE_FALSE(no_socket.has_value());
  CHECK(no_socket.error().code == Code::wrong_pin);
  CHECK(requests == 0);
}

TEST_CASE("client: nobody there") {
  Loop loop;
  PinnedServer gone{"", test_identity().pin};
  {
    const auto server = start(loop, tls_options());
    gone = pinned(*server);
  }
  const auto refused = ask(loop, gone, get("/"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::unreachable);
  CHECK(refused.error().sentence.find("nothing was sent") != std::string::npos);
  const auto no_url = ask(loop, {"ftp://x", {}}, get("/"));
  REQUIRE_FALSE(no_url.has_value());
  CHECK(no_url.error().code == Code::usage);
}

TEST_CASE("client: time runs out before and after the request is sent") {
  Loop loop;
  Gate gate(loop);
  const SilentListener silent;
  const PinnedServer nobody{"https://127.0.0.1:" + std::to_string(silent.port()), {}};
  const auto before = ask(loop, nobody, get("/"), {}, 50);
  REQUIRE_FALSE(before.has_value());
  CHECK(before.error().code == Code::timeout);
  CHECK(before.error().sentence.find("nothing was sent") != std::string::npos);

  const auto slow = start(loop, tls_options(),
                          [&gate](Request request) { return gate.pass(std::move(request)); });
  const auto after = ask(loop, pinned(*slow), get("/"), {}, 2'000);
  REQUIRE_FALSE(after.has_value());
  CHECK(after.error().code == Code::timeout);
  CHECK(after.error().sentence.find("Repeating it is safe") != std::string::npos);
  CHECK(gate.inside == 1);
  gate.open = true;
  gate.let_go.notify_all();
}

TEST_CASE("server: older TLS is refused, 1.3 is spoken") {
  Loop loop;
  const auto server = start(loop, tls_options());
  const std::string where = "127.0.0.1:" + std::to_string(server->port());
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    CAPTURE(version);
    const auto output = beside(loop, [&] {
      const std::vector<std::string> argv{"openssl", "s_client", version, "-connect", where};
      return run_process(argv, as_bytes("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
                         1'000'000, 30'000);
    });
    REQUIRE(output.has_value());
    const bool modern = version == "-tls1_3";
    CHECK((output->exit_code == 0) == modern);
    const std::string_view said = as_text(output->out);
    CHECK((said.find("New, TLSv1.3") != std::string_view::npos) == modern);
    CHECK(said.find("Session-ID: 0") == std::string_view::npos);
    CHECK(said.find("New Session Ticket") == std::string_view::npos);
  }
}

TEST_CASE("server: many requests at once") {
  Loop loop;
  const auto server = start(loop, tls_options());
  CHECK(run(loop, ask_in_parallel(loop, pinned(*server), 200)) == 200);
}

TEST_CASE("server: stop lets a request under way finish") {
  Loop loop;
  Gate gate(loop);
  const auto server = start(loop, tls_options(),
                            [&gate](Request request) { return gate.pass(std::move(request)); });
  const Stopped stopped = run(loop, stop_during_a_request(loop, *server, gate, true));
  REQUIRE(stopped.response.has_value());
  CHECK(as_text(stopped.response->body) == "{\"done\":true}");
  CHECK(stopped.refused_meanwhile);
}

TEST_CASE("server: stop cuts what does not finish within the grace time") {
  Loop loop;
  Gate gate(loop);
  const auto server = start(loop, tls_options(),
                            [&gate](Request request) { return gate.pass(std::move(request)); });
  const Stopped stopped = run(loop, stop_during_a_request(loop, *server, gate, false));
  REQUIRE_FALSE(stopped.response.has_value());
  CHECK(stopped.response.error().sentence.find("Repeating it is safe") != std::string::npos);
}

TEST_CASE("server: an address in use is told") {
  Loop loop;
  const auto first = start(loop, {.address = "127.0.0.1"});
  Server::Options options{.address = "127.0.0.1", .port = first->port()};
  const auto second = Server::start(loop, options, echo);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == Code::io);
  CHECK(second.error().sentence.find("Another program listens there") != std::string::npos);
}

TEST_CASE("unix socket: private from the start, one server at a time, stale files replaced") {
  Loop loop;
  const TempDir dir;
  const auto path = dir.path() / "control.sock";
  auto server = start(loop, {.unix_path = path});
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);

  const auto second = Server::start(loop, {.unix_path = path}, echo);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == Code::locked);
  const auto response =
      beside(loop, [&] { return unix_request(path, post("/p", "body"), timeout_ms); });
  REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
  CHECK(as_text(response->body) == "body");
  CHECK(response->headers.at("x-remote") == "");

  server.reset();
  CHECK_FALSE(std::filesystem::exists(path));
  const auto nobody = unix_request(path, get("/"), timeout_ms);
  REQUIRE_FALSE(nobody.has_value());
  CHECK(nobody.error().code == Code::unreachable);

  // What a killed program leaves behind: a socket file that nobody listens on.
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  close(fd);
  REQUIRE(std::filesystem::exists(path));
  CHECK(Server::start(loop, {.unix_path = path}, echo).has_value());

  std::ofstream(dir.path() / "file") << "not a socket";
  const auto in_the_way = Server::start(loop, {.unix_path = dir.path() / "file"}, echo);
  REQUIRE_FALSE(in_the_way.has_value());
  CHECK(in_the_way.error().code == Code::io);
  CHECK(std::filesystem::exists(dir.path() / "file"));
  const auto too_long =
      Server::start(loop, {.unix_path = dir.path() / std::string(120, 'x')}, echo);
  REQUIRE_FALSE(too_long.has_value());
  CHECK(too_long.error().code == Code::usage);
}

TEST_CASE("unix socket: a large answer") {
  Loop loop;
  const TempDir dir;
  const auto path = dir.path() / "control.sock";
  const auto server = start(loop, {.unix_path = path}, [](Request) -> Task<Response> {
    Response response;
    response.body = Bytes(20'000'000, 0x5a);
    co_return response;
  });
  const auto response = beside(loop, [&] { return unix_request(path, get("/"), timeout_ms); });
  REQUIRE(response.has_value());
  CHECK(response->body == Bytes(20'000'000, 0x5a));
}

}  // namespace hearth::net
