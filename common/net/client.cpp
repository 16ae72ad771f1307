#include "common/net/client.h"

#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/vector_body.hpp>

#include "common/net/client_rules.h"
#include "common/net/http_text.h"
#include "common/net/websocket.h"

namespace hearth::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using GenericEndpoint = asio::generic::stream_protocol::endpoint;

namespace {

constexpr std::uint32_t max_response_header = 32 * 1024;
constexpr std::size_t max_message = 512 * 1024;
constexpr std::int64_t websocket_idle_ms = 60'000;
constexpr std::size_t max_unix_response = 64 * 1024 * 1024;

/// Sends the request and reads the answer. `to` names the server in sentences.
template <class Stream>
Task<Result<Response>> exchange(Stream& stream, Deadline& deadline, Request request,
                                std::string host, std::size_t max_body, std::string to) {
  const auto head = request_head(request, host);
  if (!head) co_return pass_on(head.error());
  error_code ec;
  const std::array<asio::const_buffer, 2> out{asio::buffer(*head), asio::buffer(request.body)};
  co_await asio::async_write(stream, out, asio::redirect_error(asio::use_awaitable, ec));
  if (deadline.passed()) co_return pass_on(no_answer_in_time(to));
  // A failed write is no reason to leave: a server that refuses may answer before it has read
  // everything.
  boost::beast::flat_buffer buffer(256 * 1024);
  http::response_parser<http::vector_body<std::uint8_t>> parser;
  parser.header_limit(max_response_header);
  parser.body_limit(max_body);
  parser.skip(request.method == "HEAD");
  co_await http::async_read_header(stream, buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, ec));
  // Beast 1.74 forgets its own check of the announced length when it parses eagerly.
  if (!ec && parser.content_length() && *parser.content_length() > max_body) {
    ec = http::error::body_limit;
  }
  if (!ec) {
    co_await http::async_read(stream, buffer, parser,
                              asio::redirect_error(asio::use_awaitable, ec));
  }
  if (deadline.passed()) co_return pass_on(no_answer_in_time(to));
  if (ec) co_return pass_on(unreadable_answer(to, ec, max_body));
  auto message = parser.release();
  Response response;
  response.status = static_cast<int>(message.result_int());
  response.headers = to_headers(message.base());
  response.body = std::move(message.body());
  co_return response;
}

/// A look-up that is left to itself when the time is over: getaddrinfo cannot be interrupted.
struct LookUp {
  explicit LookUp(asio::io_context& context) : resolver(context), done(context) {}
  asio::ip::tcp::resolver resolver;
  asio::steady_timer done;
  error_code ec = asio::error::timed_out;
  std::vector<GenericEndpoint> found;
};

Task<tl::expected<std::vector<GenericEndpoint>, error_code>> look_up(Loop& loop, Address address,
                                                                     std::int64_t timeout_ms) {
  error_code ec;
  const auto numeric = asio::ip::make_address(address.host, ec);
  if (!ec) {
    const asio::ip::tcp::endpoint endpoint(numeric, address.port);
    co_return std::vector<GenericEndpoint>{GenericEndpoint(endpoint)};
  }
  const auto look = std::make_shared<LookUp>(loop.context());
  look->done.expires_after(std::chrono::milliseconds(timeout_ms));
  look->resolver.async_resolve(address.host, std::to_string(address.port),
                               [look](error_code failed, const auto& results) {
                                 look->ec = failed;
                                 for (const auto& entry : results) {
                                   look->found.emplace_back(entry.endpoint());
                                 }
                                 look->done.cancel();
                               });
  co_await look->done.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  if (look->ec) co_return tl::unexpected(look->ec);
  co_return std::move(look->found);
}

/// Connects to the first endpoint that answers.
Task<error_code> connect_to(PlainStream& stream, Deadline& deadline,
                            std::vector<GenericEndpoint> endpoints) {
  error_code ec = asio::error::host_not_found;
  auto& socket = stream.socket();
  for (const GenericEndpoint& endpoint : endpoints) {
    error_code ignored;
    socket.close(ignored);
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec || deadline.passed()) break;
  }
  if (deadline.passed()) ec = asio::error::timed_out;
  co_return ec;
}

Task<Result<void>> connect_directly(Loop& loop, PlainStream& stream, Deadline& deadline,
                                    Address address, std::int64_t timeout_ms) {
  auto endpoints = co_await look_up(loop, address, timeout_ms);
  if (!endpoints) co_return pass_on(does_not_answer(address.url(), endpoints.error()));
  const error_code ec = co_await connect_to(stream, deadline, std::move(*endpoints));
  if (ec) co_return pass_on(does_not_answer(address.url(), ec));
  co_return Result<void>();
}

/// The proxy resolves the address; only the proxy's own name is looked up here.
Task<Result<void>> connect_through(Loop& loop, PlainStream& stream, Deadline& deadline, Proxy proxy,
                                   Address address, std::int64_t timeout_ms) {
  Address at;
  at.host = proxy.host;
  at.port = proxy.port;
  auto endpoints = co_await look_up(loop, std::move(at), timeout_ms);
  if (!endpoints) co_return pass_on(proxy_does_not_answer(proxy, endpoints.error()));
  error_code ec = co_await connect_to(stream, deadline, std::move(*endpoints));
  SocksTalk talk(proxy, address.host, address.port);
  while (!ec && talk.wanted() > 0) {
    const Bytes out = talk.to_send();
    co_await asio::async_write(stream, asio::buffer(out),
                               asio::redirect_error(asio::use_awaitable, ec));
    Bytes in(talk.wanted());
    if (!ec) {
      co_await asio::async_read(stream, asio::buffer(in),
                                asio::redirect_error(asio::use_awaitable, ec));
    }
    if (deadline.passed()) ec = asio::error::timed_out;
    if (ec) break;
    if (auto taken = talk.take(in); !taken) co_return taken;
  }
  if (ec) co_return pass_on(proxy_does_not_answer(proxy, ec));
  co_return Result<void>();
}

/// Reaches the server, shakes hands and checks the pin; not a byte of the request is sent here.
Task<Result<void>> connect(Loop& loop, TlsStream& stream, Deadline& deadline, Address address,
                           PinnedServer server, std::int64_t timeout_ms) {
  deadline.set(timeout_ms);
  PlainStream& plain = lowest(stream);
  Result<void> reached;
  if (server.proxy) {
    reached = co_await connect_through(loop, plain, deadline, *server.proxy, address, timeout_ms);
  } else {
    reached = co_await connect_directly(loop, plain, deadline, address, timeout_ms);
  }
  if (!reached) co_return reached;
  error_code ec;
  plain.socket().set_option(asio::ip::tcp::no_delay(true), ec);
  expect_pin(stream, server.pin);
  co_await stream.async_handshake(TlsStream::Side::client,
                                  asio::redirect_error(asio::use_awaitable, ec));
  if (pin_mismatch(stream)) co_return pass_on(other_key(address.url()));
  if (deadline.passed()) ec = asio::error::timed_out;
  if (ec) co_return pass_on(does_not_answer(address.url(), ec));
  co_return Result<void>();
}

/// Over a unix socket there is nobody in between and nothing to resolve.
Task<void> request_over_unix(asio::io_context& context, std::string path, Request request,
                             std::int64_t timeout_ms, std::shared_ptr<Result<Response>> result) {
  PlainStream stream(context);
  Deadline deadline(stream);
  deadline.set(timeout_ms);
  error_code ec;
  const GenericEndpoint endpoint{asio::local::stream_protocol::endpoint(path)};
  co_await stream.socket().async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) {
    *result = fail(Code::unreachable, "Nothing answers on " + path + " (" + ec.message() +
                                          "); nothing was sent. Start the program that listens "
                                          "there, then try again.");
    co_return;
  }
  *result =
      co_await exchange(stream, deadline, std::move(request), "localhost", max_unix_response, path);
}

}  // namespace

Task<Result<Response>> https_request(Loop& loop, PinnedServer server, Request request,
                                     std::int64_t timeout_ms, ClientLimits limits) {
  const auto address = parse_https_url(server.url);
  if (!address) co_return pass_on(address.error());
  TlsStream stream(PlainStream(loop.context()), client_context());
  Deadline deadline(lowest(stream));
  const auto connected = co_await connect(loop, stream, deadline, *address, server, timeout_ms);
  if (!connected) co_return pass_on(connected.error());
  auto response = co_await exchange(stream, deadline, std::move(request), address->authority,
                                    limits.max_body, address->url());
  // The answer is complete, so its end is said but not waited for.
  lowest(stream).close();
  co_return response;
}

Task<Result<std::shared_ptr<WebSocket>>> wss_connect(Loop& loop, PinnedServer server,
                                                     std::string path, std::int64_t timeout_ms) {
  const auto address = parse_https_url(server.url);
  if (!address) co_return pass_on(address.error());
  Request request;
  const std::size_t question = std::min(path.find('?'), path.size());
  request.path = path.substr(0, question);
  if (question < path.size()) request.query = path.substr(question + 1);
  if (const auto head = request_head(request, address->authority); !head) {
    co_return pass_on(head.error());
  }
  using WsStream = websocket::stream<TlsStream>;
  auto ws = std::make_unique<WsStream>(PlainStream(loop.context()), client_context());
  {
    Deadline deadline(lowest(ws->next_layer()));
    const auto connected =
        co_await connect(loop, ws->next_layer(), deadline, *address, server, timeout_ms);
    if (!connected) co_return pass_on(connected.error());
    set_timeouts(*ws, websocket_idle_ms);
    websocket::response_type answer;
    error_code ec;
    co_await ws->async_handshake(answer, address->authority, path,
                                 asio::redirect_error(asio::use_awaitable, ec));
    if (deadline.passed()) co_return pass_on(no_answer_in_time(address->url()));
    if (ec == websocket::error::upgrade_declined) {
      co_return fail(Code::bad_answer,
                     "The ledger at " + address->url() + " refused the connection (HTTP status " +
                         std::to_string(answer.result_int()) + "); nothing was lost.");
    }
    if (ec) co_return pass_on(unreadable_answer(address->url(), ec, max_message));
  }
  co_return make_handle(start_websocket<TlsStream>(loop, std::move(ws), max_message));
}

Result<Response> unix_request(const std::filesystem::path& socket, Request request,
                              std::int64_t timeout_ms) {
  if (socket.native().size() >= 108) {
    return fail(Code::usage, "The path of the socket " + socket.string() +
                                 " is longer than the 107 bytes that the system allows.");
  }
  asio::io_context context(1);
  const auto result = std::make_shared<Result<Response>>();
  asio::co_spawn(
      context, request_over_unix(context, socket.string(), std::move(request), timeout_ms, result),
      [](std::exception_ptr error) {
        if (error) detail::escaped_exception("a request over a unix socket", error);
      });
  context.run();
  return std::move(*result);
}

}  // namespace hearth::net
