// libtorrent's alerts as values of our own: the one place where alerts are looked into. A notice
// outlives the alert that it was made from. Only this room's .cpp files include it.
#pragma once

#include <optional>
#include <vector>

#include <libtorrent/session.hpp>
#include <libtorrent/torrent_handle.hpp>

#include "node/swarm/swarm.h"

namespace hearth::node {

struct SwarmTorrent;

struct Notice {
  enum class What {
    listening,      ///< TCP; `port`
    listen_failed,  ///< `error`
    added,          ///< `error` when it was not
    checked,
    resume_rejected,
    piece,        ///< `piece` has verified
    hash_failed,  ///< `piece`
    piece_bytes,  ///< `piece`, `bytes` or `error`
    finished,
    flushed,       ///< what was written is in the file
    disk_problem,  ///< `error`
    resume_data,   ///< `bytes`, `have`
    no_resume_data,
    removed,
    status,
    lost  ///< alerts were dropped: ask for everything again
  };
  What what{};
  lt::torrent_handle torrent;
  const SwarmTorrent* added_as = nullptr;  ///< added: the adder's userdata; may be gone
  std::uint32_t piece = 0;
  std::uint16_t port = 0;
  Bytes bytes;
  std::vector<bool> have;
  std::optional<Error> error;
  SwarmStatus status;
};

/// Takes all alerts that wait, in order.
std::vector<Notice> take_notices(lt::session& session);

}  // namespace hearth::node
