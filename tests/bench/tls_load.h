// A load of ready-made HTTP requests over TLS 1.3: each connection sends one, waits for its whole
// answer, and sends the next, until the time is over or its requests are used up. One thread for
// all of them, as pgbench works; nothing is verified but the status.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hearth::bench {

struct LoadResult {
  double seconds = 0;
  std::vector<double> latencies_ms;  ///< of answers with status 2xx
  std::uint64_t refused = 0;         ///< other answers
  std::string refusal;               ///< the last of them
};

/// `requests[i]` are the requests of connection i. Throws std::runtime_error when a connection
/// cannot be made or breaks.
LoadResult run_load(std::uint16_t port, const std::vector<std::vector<std::string>>& requests,
                    double seconds);

/// One request on a connection of its own; the answer's body. Throws on a status that is not 2xx.
std::string ask_once(std::uint16_t port, const std::string& request);

/// POST with a body and Content-Length, keep-alive.
std::string post(const std::string& path, const std::string& media_type, const std::string& body);
std::string get(const std::string& path);

}  // namespace hearth::bench
