#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "common/base/log.h"
#include "common/wire/documents.h"
#include "ledger/api/feed.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

struct Route {
  const char* method;
  std::vector<std::string_view> path;  ///< "*": any one part; "**": the rest, one part at least
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
      {"GET", {"v1", "purchases", "*"}, get_purchase},
      {"GET", {"v1", "purchases", "*", "proof"}, get_purchase_proof},
      {"POST", {"v1", "redemptions"}, post_redemption},
      {"POST", {"v1", "exchanges"}, post_exchange},
      {"GET", {"v1", "exchanges", "*"}, get_exchange},
      {"GET", {"v1", "vouchers", "*"}, get_voucher},
      {"PUT", {"v1", "directory"}, put_directory},
      {"GET", {"v1", "directory", "*", "*"}, get_directory},
      {"POST", {"v1", "refunds"}, post_refund},
      {"POST", {"v1", "transfers"}, post_transfer},
      {"GET", {"v1", "log", "checkpoint"}, get_log_checkpoint},
      {"GET", {"v1", "log", "tile", "**"}, get_log_tile},
      {"GET", {"v1", "log", "consistency"}, get_log_consistency},
      {"GET", {"v1", "log", "epochs"}, get_log_epochs},
      {"GET", {"v1", "sources", "*"}, get_sources},
      {"GET", {"announce"}, get_announce},
      {"GET", {"scrape"}, get_scrape},
      {"PUT", {"v1", "mailboxes", "*"}, put_mailbox},
      {"POST", {"v1", "mailboxes", "*", "drops"}, post_drop},
      {"POST", {"v1", "mailboxes", "*", "notebook"}, post_notebook},
      {"POST", {"v1", "payments", "webhook", "*"}, post_webhook},
      {"POST", {"v1", "operator"}, post_operator},
  };
  return table;
}

bool matches(const Route& route, const std::vector<std::string>& parts) {
  const bool open = route.path.back() == "**";
  if (open && parts.size() < route.path.size()) return false;
  const auto fixed = static_cast<std::ptrdiff_t>(route.path.size() - (open ? 1 : 0));
  return std::equal(route.path.begin(), route.path.begin() + fixed, parts.begin(),
                    open ? parts.begin() + fixed : parts.end(),
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

/// Counts a request for as long as it is under way.
class InFlight {
 public:
  explicit InFlight(RoomsPtr rooms) : rooms_(std::move(rooms)) { ++rooms_->metrics.in_flight; }
  ~InFlight() { --rooms_->metrics.in_flight; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  RoomsPtr rooms_;
};

bool too_many_under_way(const Rooms& rooms) {
  return rooms.metrics.in_flight >= static_cast<std::size_t>(rooms.policy.limits.max_requests);
}

net::Response too_much_work() {
  return net::problem_response(
      {Code::busy,
       "The ledger has as many requests under way as it takes. Nothing was done; send the same "
       "request again in a moment."});
}

/// "/v1/purchases/{}" for the table's {"v1","purchases","*"}; lives as long as the program.
std::string_view route_name(const Route& route) {
  static std::map<const Route*, std::string> names;
  std::string& name = names[&route];
  if (name.empty()) {
    for (const std::string_view part : route.path) {
      name += '/';
      name += part.starts_with('*') ? std::string_view("{}") : part;
    }
  }
  return name;
}

net::Task<net::Response> run_route(RoomsPtr rooms, const Route& route, net::Request request,
                                   std::vector<std::string> parts) {
  const InFlight under_way(rooms);
  const auto begun = std::chrono::steady_clock::now();
  Result<net::Response> result =
      co_await route.handler(rooms, std::move(request), std::move(parts));
  net::Response response = result ? std::move(*result) : net::problem_response(result.error());
  if (!result && response.status >= 500) {
    spdlog::warn("{} {}: {}", route.method, route_name(route), code_name(result.error().code));
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begun);
  rooms->metrics.count_request(route_name(route), response.status, took.count());
  co_return response;
}

}  // namespace

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
  if (too_many_under_way(*rooms)) {
    ++rooms->metrics.refused_busy;
    co_return too_much_work();
  }
  co_return co_await run_route(std::move(rooms), *found, std::move(request), std::move(parts));
}

net::Task<net::Response> handle_webhook_request(RoomsPtr rooms, net::Request request) {
  if (!request.path.starts_with("/v1/payments/webhook/")) co_return no_such_path();
  co_return co_await handle_request(std::move(rooms), std::move(request));
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
