// The tracker's HTTP forms: queries in (BEP 3, hostile), bencoded answers out (BEP 3, 7, 23, 48).
// Pure. Answers are always compact; a refusal is a 200 with a `failure reason`, as clients expect.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/tracker/tracker.h"

namespace hearth::ledger {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t max_scrape = 64;

/// The peer's address is the connection's; `ip` in the query is ignored. Code::usage.
Result<Announce> read_announce(const QueryPairs& query, std::string_view remote_ip);
/// 1 to 64 info-hashes; Code::usage.
Result<std::vector<wire::InfoHash>> read_scrape(const QueryPairs& query);

Bytes announce_answer(const SwarmAnswer& answer);
/// Unknown torrents are left out by the caller, as BEP 48 says.
Bytes scrape_answer(std::vector<std::pair<wire::InfoHash, SwarmCounts>> files);
Bytes failure_answer(const Error& error);

}  // namespace hearth::ledger
