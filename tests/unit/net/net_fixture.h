// A loop that tests drive: run(task) spins it until the task has ended, and fails the test when
// that takes longer than a generous deadline.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "common/net/client.h"
#include "common/net/server.h"
#include "common/net/task.h"
#include "common/net/tls.h"
#include "tests/support/temp_dir.h"

namespace hearth::net {

using test::TempDir;

/// One key pair for all tests of the program.
inline const TlsIdentity& test_identity() {
  static const TlsIdentity identity = [] {
    const TempDir dir;
    auto made = load_or_make_tls_identity(dir.path());
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().sentence));
    return *made;
  }();
  return identity;
}

namespace detail {
template <class T>
Task<void> keep_result(Task<T> task, std::shared_ptr<std::optional<T>> result, Loop* loop) {
  result->emplace(co_await std::move(task));
  loop->stop();
}
inline Task<void> stop_after(Task<void> task, std::shared_ptr<bool> done, Loop* loop) {
  co_await std::move(task);
  *done = true;
  loop->stop();
}
}  // namespace detail

inline constexpr std::int64_t test_deadline_ms = 60'000;

template <class T>
T run(Loop& loop, Task<T> task) {
  auto result = std::make_shared<std::optional<T>>();
  spawn(loop, detail::keep_result(std::move(task), result, &loop), "a test");
  auto running = std::make_shared<bool>(true);
  loop.after(test_deadline_ms, [running, &loop] {
    if (*running) loop.stop();
  });
  loop.run();
  *running = false;
  REQUIRE_MESSAGE(result->has_value(), "the task did not end in time");
  return std::move(**result);
}

inline void run(Loop& loop, Task<void> task) {
  auto done = std::make_shared<bool>(false);
  spawn(loop, detail::stop_after(std::move(task), done, &loop), "a test");
  auto running = std::make_shared<bool>(true);
  loop.after(test_deadline_ms, [running, &loop] {
    if (*running) loop.stop();
  });
  loop.run();
  *running = false;
  REQUIRE_MESSAGE(*done, "the task did not end in time");
}

/// Answers with what it got: status 200, the body, method and target in headers.
inline Task<Response> echo(Request request) {
  Response response;
  response.headers["x-method"] = request.method;
  response.headers["x-path"] = request.path;
  response.headers["x-query"] = request.query;
  response.headers["x-remote"] = request.remote_ip;
  response.body = std::move(request.body);
  co_return response;
}

inline std::unique_ptr<Server> start(Loop& loop, Server::Options options,
                                     Server::Handler handler = echo,
                                     Server::WsHandler ws_handler = nullptr) {
  if (options.unix_path.empty() && options.address.empty()) options.address = "127.0.0.1";
  auto server = Server::start(loop, std::move(options), std::move(handler), std::move(ws_handler));
  REQUIRE_MESSAGE(server.has_value(), (server ? "" : server.error().sentence));
  return std::move(*server);
}

/// Runs a blocking `client` on a thread of its own while the loop serves it; gives what it gave.
template <class F>
auto beside(Loop& loop, F client) {
  const auto on_thread = [&loop](auto work) {
    std::thread thread([&] {
      work();
      loop.stop();
    });
    loop.run();
    thread.join();
  };
  if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
    on_thread(client);
  } else {
    std::optional<std::invoke_result_t<F>> result;
    on_thread([&] { result.emplace(client()); });
    return std::move(*result);
  }
}

inline Server::Options tls_options() {
  Server::Options options;
  options.tls = test_identity();
  return options;
}

inline PinnedServer pinned(const Server& server) {
  return {"https://127.0.0.1:" + std::to_string(server.port()), test_identity().pin};
}

inline Request get(std::string path) {
  Request request;
  request.path = std::move(path);
  return request;
}

inline Request post(std::string path, std::string body) {
  Request request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = to_bytes(as_bytes(body));
  return request;
}

}  // namespace hearth::net
