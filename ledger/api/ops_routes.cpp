// /healthz, /readyz and /metrics: for the operator's own machines. The port of homes answers
// /healthz alone; how much a ledger earns is nobody's business there.
#include "ledger/api/ops_routes.h"

#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

net::Response plain_text(std::string_view text, const char* type) {
  net::Response out;
  out.headers["content-type"] = type;
  out.body = to_bytes(as_bytes(text));
  return out;
}

Sizes sizes_of(const Rooms& rooms, const net::Server& homes_port) {
  return {homes_port.counts(), rooms.mailboxes.size(), rooms.mailboxes.bytes(),
          rooms.tracker->peer_count(), rooms.catalogue.torrents().size()};
}

}  // namespace

net::Task<net::Response> handle_ops_request(RoomsPtr rooms, const net::Server& homes_port,
                                            net::Request request) {
  if (request.method != "GET") {
    const Error wrong{Code::usage, "This port takes GET only."};
    co_return net::problem_response(wrong);
  }
  if (request.path == "/healthz") co_return plain_text("ok\n", "text/plain");
  if (request.path == "/metrics") {
    const std::string text =
        write_metrics(rooms->metrics, rooms->engine.stats(), sizes_of(*rooms, homes_port));
    co_return plain_text(text, "text/plain; version=0.0.4; charset=utf-8");
  }
  if (request.path == "/readyz") {
    const auto ready = rooms->engine.ready();
    if (ready) co_return plain_text("ready\n", "text/plain");
    net::Response out = net::problem_response(ready.error());
    out.status = 503;
    co_return out;
  }
  const Error nothing{Code::not_found, "Here are /healthz, /readyz and /metrics."};
  co_return net::problem_response(nothing);
}

}  // namespace hearth::ledger
