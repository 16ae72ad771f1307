#include "ledger/tracker/wire.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/names.h"

namespace hearth::ledger {
namespace {

/// The one value of `name`; nullptr when it is missing or stands there twice.
const std::string* only(const QueryPairs& query, std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : query) {
    if (key != name) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  return found;
}

std::optional<std::uint64_t> number(const std::string* text) {
  if (text == nullptr || text->empty()) return std::nullopt;
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return out;
}

std::optional<wire::InfoHash> info_hash(std::string_view text) {
  wire::InfoHash out{};
  if (text.size() != out.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), out.begin());
  return out;
}

tl::unexpected<Error> wrong(std::string_view name) {
  return fail(Code::usage, std::string(name) + " is missing or not of the form it should have");
}

void put_text(Bytes& out, std::string_view text) {
  append(out, as_bytes(std::to_string(text.size()) + ":"));
  append(out, as_bytes(text));
}

void put_number(Bytes& out, std::string_view name, std::uint64_t value) {
  put_text(out, name);
  append(out, as_bytes("i" + std::to_string(value) + "e"));
}

std::string compact(const std::vector<PeerAddress>& peers, bool ipv4) {
  std::string out;
  for (const PeerAddress& peer : peers) {
    if (peer.is_ipv4() != ipv4) continue;
    out.append(peer.ip.begin() + (ipv4 ? 12 : 0), peer.ip.end());
    out.push_back(static_cast<char>(peer.port >> 8));
    out.push_back(static_cast<char>(peer.port & 0xff));
  }
  return out;
}

}  // namespace

Result<Announce> read_announce(const QueryPairs& query, std::string_view remote_ip) {
  Announce out;
  const std::string* hash = only(query, "info_hash");
  const auto swarm = hash == nullptr ? std::nullopt : info_hash(*hash);
  if (!swarm) return wrong("info_hash");
  out.swarm = *swarm;
  const std::string* peer_id = only(query, "peer_id");
  if (peer_id == nullptr || peer_id->size() != 20) return wrong("peer_id");
  const auto port = number(only(query, "port"));
  if (!port || *port > 65'535) return wrong("port");
  const auto left = number(only(query, "left"));
  if (!left) return wrong("left");
  out.left = *left;
  // An unknown or repeated event is taken as a regular announce.
  const std::string* event = only(query, "event");
  out.stopped = event != nullptr && *event == "stopped";
  out.completed = event != nullptr && *event == "completed";
  const auto want = number(only(query, "numwant"));
  out.want = want ? static_cast<std::size_t>(std::min<std::uint64_t>(*want, Tracker::max_want))
                  : Tracker::default_want;
  auto peer = peer_address(remote_ip, static_cast<std::uint16_t>(*port));
  if (!peer) return pass_on(std::move(peer.error()));
  out.peer = *peer;
  return out;
}

Result<std::vector<wire::InfoHash>> read_scrape(const QueryPairs& query) {
  std::vector<wire::InfoHash> out;
  for (const auto& [key, value] : query) {
    if (key != "info_hash") continue;
    const auto hash = info_hash(value);
    if (!hash || out.size() >= max_scrape) return wrong("info_hash");
    out.push_back(*hash);
  }
  if (out.empty()) return fail(Code::usage, "name the torrents to scrape with info_hash");
  return out;
}

Bytes announce_answer(const SwarmAnswer& answer) {
  Bytes out{'d'};
  put_number(out, "complete", answer.counts.complete);
  put_number(out, "incomplete", answer.counts.incomplete);
  put_number(out, "interval", Tracker::interval_s);
  put_text(out, "peers");
  put_text(out, compact(answer.peers, true));
  put_text(out, "peers6");
  put_text(out, compact(answer.peers, false));
  out.push_back('e');
  return out;
}

Bytes scrape_answer(std::vector<std::pair<wire::InfoHash, SwarmCounts>> files) {
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  files.erase(std::unique(files.begin(), files.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              files.end());
  Bytes out{'d'};
  put_text(out, "files");
  out.push_back('d');
  for (const auto& [hash, counts] : files) {
    put_text(out, as_text(hash));
    out.push_back('d');
    put_number(out, "complete", counts.complete);
    put_number(out, "downloaded", counts.downloaded);
    put_number(out, "incomplete", counts.incomplete);
    out.push_back('e');
  }
  append(out, as_bytes("ee"));
  return out;
}

Bytes failure_answer(const Error& error) {
  Bytes out{'d'};
  put_text(out, "failure reason");
  put_text(out, printable(error.sentence));
  out.push_back('e');
  return out;
}

}  // namespace hearth::ledger
