// Connecting to the node's unix socket. Everything else about a connection is read, write, poll.
#pragma once

#include <filesystem>

namespace hearth::player {

/// A connected descriptor (close-on-exec), or -1. Never waits longer than the backlog takes.
int connect_unix(const std::filesystem::path& socket, bool nonblocking);

}  // namespace hearth::player
