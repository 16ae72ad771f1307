// The routes of docs/protocol.md §8, one handler each; grouped in a .cpp per room.
#pragma once

#include "common/net/server.h"
#include "common/wire/json.h"
#include "ledger/api/rooms.h"

namespace hearth::ledger {

// router.cpp
net::Task<net::Response> handle_request(RoomsPtr rooms, net::Request request);
/// Only /announce and /scrape, for the plain port.
net::Task<net::Response> handle_tracker_request(RoomsPtr rooms, net::Request request);
/// Only POST /v1/payments/webhook/NAME, for a plain port behind the operator's own TLS proxy.
net::Task<net::Response> handle_webhook_request(RoomsPtr rooms, net::Request request);
net::Task<void> handle_socket(RoomsPtr rooms, net::Request request,
                              std::shared_ptr<net::WebSocket> socket);

// home_routes.cpp
RouteResult get_health(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_keys(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_home(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_statement(RoomsPtr, net::Request, std::vector<std::string>);

// operator_routes.cpp
RouteResult post_operator(RoomsPtr, net::Request, std::vector<std::string>);

// catalogue_routes.cpp
RouteResult post_torrent(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_torrent(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_offer(RoomsPtr, net::Request, std::vector<std::string>);

// search_routes.cpp
RouteResult get_offers(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_offer(RoomsPtr, net::Request, std::vector<std::string>);

// access_routes.cpp
RouteResult post_purchase(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_purchase(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_redemption(RoomsPtr, net::Request, std::vector<std::string>);

// voucher_routes.cpp
RouteResult post_exchange(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_exchange(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_voucher(RoomsPtr, net::Request, std::vector<std::string>);

// directory_routes.cpp
RouteResult put_directory(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_directory(RoomsPtr, net::Request, std::vector<std::string>);

// account_routes.cpp
RouteResult post_refund(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_transfer(RoomsPtr, net::Request, std::vector<std::string>);

// payment_routes.cpp
RouteResult post_webhook(RoomsPtr, net::Request, std::vector<std::string>);

// transparency_routes.cpp
RouteResult get_log_checkpoint(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_log_tile(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_log_consistency(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_log_epochs(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_purchase_proof(RoomsPtr, net::Request, std::vector<std::string>);

// tracker_routes.cpp
RouteResult get_sources(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_announce(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult get_scrape(RoomsPtr, net::Request, std::vector<std::string>);

// mailbox_routes.cpp
RouteResult put_mailbox(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_notebook(RoomsPtr, net::Request, std::vector<std::string>);
RouteResult post_drop(RoomsPtr, net::Request, std::vector<std::string>);

// mailbox_feed.cpp, mirror_feed.cpp
net::Task<void> serve_mailbox(RoomsPtr, std::string key, std::shared_ptr<net::WebSocket>);
net::Task<void> serve_mirror(RoomsPtr, std::string query, std::shared_ptr<net::WebSocket>);

/// A 200 with `json`.
inline net::Response json_answer(const wire::Json& json) {
  return net::json_response(200, json.dump());
}
}  // namespace hearth::ledger
