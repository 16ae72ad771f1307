#include "node/swarm/tracker_reply.h"

#include <algorithm>

#include <arpa/inet.h>
#include <libtorrent/bdecode.hpp>

#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_reply = 64 * 1024;
constexpr std::size_t max_peers = 200;

// Compact form: address bytes, then the port, both big-endian.
void take_peers(lt::string_view packed, int family, std::size_t address_size,
                std::vector<net::Endpoint>& out) {
  const std::size_t step = address_size + 2;
  for (std::size_t at = 0; at + step <= packed.size() && out.size() < max_peers; at += step) {
    char text[INET6_ADDRSTRLEN] = {};
    if (inet_ntop(family, packed.data() + at, text, sizeof text) == nullptr) continue;
    const auto high = static_cast<std::uint8_t>(packed[at + address_size]);
    const auto low = static_cast<std::uint8_t>(packed[at + address_size + 1]);
    const auto port = static_cast<std::uint16_t>(high << 8 | low);
    if (port != 0) out.push_back({text, port});
  }
}

}  // namespace

Result<TrackerReply> read_tracker_reply(ByteView body) {
  const auto bad = [](const std::string& why) {
    return fail(Code::bad_answer, "The ledger's tracker answered " + why + ".");
  };
  if (body.size() > max_reply) return bad("with too many bytes");
  try {
    lt::error_code ec;
    const auto* text = reinterpret_cast<const char*>(body.data());
    const lt::bdecode_node root = lt::bdecode(
        lt::span<const char>(text, static_cast<std::ptrdiff_t>(body.size())), ec, nullptr, 8, 5000);
    if (ec || root.type() != lt::bdecode_node::dict_t) return bad("something that is not bencoded");
    const lt::string_view reason = root.dict_find_string_value("failure reason");
    if (!reason.empty()) {
      return fail(Code::unknown_torrent,
                  "The ledger's tracker says: " +
                      printable(std::string_view(reason.data(), reason.size())) + ".");
    }
    TrackerReply out;
    out.interval_s = std::clamp<std::int64_t>(root.dict_find_int_value("interval", 30), 5, 30 * 60);
    take_peers(root.dict_find_string_value("peers"), AF_INET, 4, out.peers);
    take_peers(root.dict_find_string_value("peers6"), AF_INET6, 16, out.peers);
    return out;
  } catch (const std::exception&) {
    return bad("something that is not bencoded");
  }
}

}  // namespace hearth::node
