// BitTorrent for the rest of the node: torrents in, pieces and progress out, in our own types.
// libtorrent's types do not leave this room. libtorrent has threads of its own; its alert
// notification only posts a drain to the loop thread, and nothing here blocks on it.
//
// Threads: loop thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/proxy.h"
#include "common/net/server.h"
#include "common/net/task.h"
#include "common/wire/documents.h"

namespace hearth::node {

struct SwarmOptions {
  net::Endpoint listen{"0.0.0.0", 0};
  std::filesystem::path resume_dir;  ///< resume data, one file a torrent
  std::int64_t upload_limit = 0;     ///< bytes per second, 0: none; local peers included
  std::int64_t download_limit = 0;
  /// The only road: nothing listens then, and nothing but TCP through the proxy goes out.
  std::optional<net::Proxy> proxy{};
};

/// What a .torrent file says, checked: one file, hybrid, bounds of docs/protocol.md §3.
struct TorrentInfo {
  wire::TitleId title{};
  wire::InfoHash info_hash{};
  std::uint64_t size = 0;
  std::uint32_t piece_length = 0;
  std::uint32_t pieces = 0;
  bool is_private = false;
};
/// Code::bad_torrent. Pure.
Result<TorrentInfo> read_torrent(ByteView torrent);

struct SwarmStatus {
  std::uint64_t done_bytes = 0, total_bytes = 0;
  std::uint64_t down_rate = 0, up_rate = 0;
  std::uint64_t uploaded = 0, downloaded = 0;  ///< payload, this session
  std::uint32_t peers = 0, seeds = 0;
  bool complete = false;
  bool checking = false;
  std::uint32_t corrupt_pieces = 0;  ///< pieces that failed their hash so far
  std::optional<Error> problem;      ///< disk_full, io: paused until retry()
};

class Swarm {
 public:
  static Result<std::unique_ptr<Swarm>> start(net::Loop& loop, SwarmOptions options);
  virtual ~Swarm() = default;
  /// Saves resume data of all torrents, flushes, then closes. Bounded by 10 s.
  virtual net::Task<void> stop() = 0;

  /// 0: nobody can call this node.
  virtual std::uint16_t port() const = 0;
  /// `data` is the path of the one file. `complete`: this process has just written and hashed it.
  virtual Result<void> add(Bytes torrent, std::filesystem::path data, bool complete) = 0;
  virtual void remove(const wire::InfoHash& id) = 0;
  virtual void retry(const wire::InfoHash& id) = 0;
  virtual void add_peers(const wire::InfoHash& id, const std::vector<net::Endpoint>& peers) = 0;
  virtual SwarmStatus status(const wire::InfoHash& id) const = 0;
  virtual bool has_piece(const wire::InfoHash& id, std::uint32_t piece) const = 0;
  /// The piece's bytes as soon as it has verified; asks for it with the given deadline.
  /// Code::timeout, Code::not_found (torrent removed), Code::io.
  virtual net::Task<Result<Bytes>> read_piece(const wire::InfoHash& id, std::uint32_t piece,
                                              int deadline_ms, std::int64_t timeout_ms) = 0;
  /// Pieces that a player will want soon: deadlines rise from the first to the last one.
  virtual void want_soon(const wire::InfoHash& id, std::uint32_t first, std::uint32_t last) = 0;

  struct Event {
    /// `problem`: status().problem is set, or a piece failed its hash. `peers_wanted`: incomplete
    /// and without a peer. `status`: rates, peers or bytes changed.
    enum class What { piece, complete, problem, removed, peers_wanted, status };
    What what;
    wire::InfoHash id{};
    std::uint32_t piece = 0;
  };
  /// Adds a listener, called on the loop thread until the swarm goes.
  virtual void on_event(std::function<void(const Event&)> listener) = 0;
};

}  // namespace hearth::node
