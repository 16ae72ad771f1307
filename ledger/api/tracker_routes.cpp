#include "ledger/api/requests.h"
#include "ledger/api/routes.h"
#include "ledger/tracker/wire.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_sources = 50;

net::Response bencoded(Bytes body) {
  net::Response out;
  out.headers["content-type"] = "text/plain";  // what stock trackers send
  out.body = std::move(body);
  return out;
}

}  // namespace

RouteResult get_sources(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto hash = hex_id<20>(parts[2], Code::unknown_torrent, "torrent");
  if (!hash) co_return pass_on(hash.error());
  const auto sources = rooms->tracker->sources(*hash, max_sources, rooms->now());
  if (!sources) co_return pass_on(sources.error());
  wire::Json peers = wire::Json::array();
  for (const PeerAddress& peer : sources->peers) peers.push_back(peer.text());
  co_return json_answer({{"complete", sources->counts.complete},
                         {"incomplete", sources->counts.incomplete},
                         {"peers", std::move(peers)}});
}

RouteResult get_announce(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  const auto announce = read_announce(net::parse_query(request.query), request.remote_ip);
  if (!announce) co_return bencoded(failure_answer(announce.error()));
  const auto answer = rooms->tracker->announce(*announce, rooms->now());
  co_return bencoded(answer ? announce_answer(*answer) : failure_answer(answer.error()));
}

RouteResult get_scrape(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  const auto hashes = read_scrape(net::parse_query(request.query));
  if (!hashes) co_return bencoded(failure_answer(hashes.error()));
  std::vector<std::pair<wire::InfoHash, SwarmCounts>> files;
  for (const wire::InfoHash& hash : *hashes) {
    if (const auto counts = rooms->tracker->scrape(hash, rooms->now())) {
      files.emplace_back(hash, *counts);
    }
  }
  co_return bencoded(scrape_answer(std::move(files)));
}

}  // namespace hearth::ledger
