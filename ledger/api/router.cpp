#include <algorithm>
#include <array>

#include "common/base/log.h"
#include "common/wire/documents.h"
#include "ledger/api/feed.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

struct Route {
  const char* method;
  std::vector<std::string_view> path;  ///< "*": any one part
  RouteHandler handler;
};

const std::vector<Route>& routes() {
  static const std::vector<Route> table{
      {"GET", {"healthz"}, get_health},
      {"GET", {"v1", "keys"}, get_keys},
      {"POST", {"v1", "homes"}, post_home},
      {"POST", {"v1", "statement"}, post_statement},
      {"POST", {"v1", "torrents"}, post_torrent},
      {"GET", {"v1", "torrents", "*"}, get_torrent},
      {"POST", {"v1", "offers"}, post_offer},
      {"GET", {"v1", "offers"}, get_offers},
      {"GET", {"v1", "offers", "*"}, get_offer},
      {"POST", {"v1", "purchases"}, post_purchase},
      {"POST", {"v1", "redemptions"}, post_redemption},
      {"GET", {"v1", "sources", "*"}, get_sources},
      {"GET", {"announce"}, get_announce},
      {"GET", {"scrape"}, get_scrape},
      {"PUT", {"v1", "mailboxes", "*"}, put_mailbox},
      {"POST", {"v1", "mailboxes", "*", "drops"}, post_drop},
  };
  return table;
}

bool matches(const Route& route, const std::vector<std::string>& parts) {
  return std::equal(route.path.begin(), route.path.end(), parts.begin(), parts.end(),
                    [](std::string_view wanted, const std::string& part) {
                      return wanted == "*" || wanted == part;
                    });
}

net::Response no_such_path() {
  return net::problem_response({Code::not_found, "The ledger has nothing at this path."});
}

/// 405 is no code of §9: the request is not of the form it should have.
net::Response wrong_method(const std::string& allowed) {
  const wire::Json body{{"type", "about:blank"},
                        {"title", code_name(Code::usage)},
                        {"status", 405},
                        {"detail", "This path takes " + allowed + " only."}};
  net::Response out = net::json_response(405, body.dump());
  out.headers["content-type"] = "application/problem+json";
  out.headers["allow"] = allowed;
  return out;
}

bool is_tracker_path(const std::vector<std::string>& parts) {
  return parts.size() == 1 && (parts[0] == "announce" || parts[0] == "scrape");
}

}  // namespace

std::string query_value(std::string_view query, std::string_view name) {
  for (auto& [key, value] : net::parse_query(query)) {
    if (key == name) return std::move(value);
  }
  return {};
}

std::size_t body_limit(std::string_view path) {
  if (path == "/v1/torrents") return 6 * 1024 * 1024;
  if (path == "/v1/offers") return 256 * 1024;
  if (path.starts_with("/v1/mailboxes/") && path.ends_with("/drops")) return wire::max_drop;
  return 64 * 1024;
}

net::Task<net::Response> handle_request(RoomsPtr rooms, net::Request request) {
  std::vector<std::string> parts = net::path_parts(request.path);
  const Route* found = nullptr;
  std::string allowed;
  for (const Route& route : routes()) {
    if (!matches(route, parts)) continue;
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
    if (request.method == route.method) found = &route;
  }
  if (found == nullptr) co_return allowed.empty() ? no_such_path() : wrong_method(allowed);
  Result<net::Response> result =
      co_await found->handler(std::move(rooms), std::move(request), std::move(parts));
  if (result) co_return std::move(*result);
  if (code_http_status(result.error().code) >= 500) {
    spdlog::warn("{} {}: {}", found->method, found->path.back(), code_name(result.error().code));
  }
  co_return net::problem_response(result.error());
}

net::Task<net::Response> handle_tracker_request(RoomsPtr rooms, net::Request request) {
  if (!is_tracker_path(net::path_parts(request.path))) co_return no_such_path();
  co_return co_await handle_request(std::move(rooms), std::move(request));
}

net::Task<void> handle_socket(RoomsPtr rooms, net::Request request,
                              std::shared_ptr<net::WebSocket> socket) {
  const std::vector<std::string> parts = net::path_parts(request.path);
  if (parts.size() == 4 && parts[0] == "v1" && parts[1] == "mailboxes" && parts[3] == "events") {
    co_await serve_mailbox(std::move(rooms), parts[2], std::move(socket));
  } else if (parts.size() == 3 && parts[0] == "v1" && parts[1] == "mirror" &&
             parts[2] == "events") {
    co_await serve_mirror(std::move(rooms), request.query, std::move(socket));
  } else {
    const Error nothing{Code::not_found, "The ledger has no events at this path."};
    co_await refuse(socket, nothing);
  }
}

}  // namespace hearth::ledger
