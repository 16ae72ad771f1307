// Room on the disk, asked before something large is begun.
#pragma once

#include <cstdint>
#include <filesystem>

#include "common/base/error.h"

namespace hearth::node {

/// Kept free for the node's own records.
inline constexpr std::uint64_t reserved_bytes = 64ull * 1024 * 1024;

/// Code::disk_full when `bytes` more would leave less than the reserve; Code::io.
Result<void> check_room(const std::filesystem::path& dir, std::uint64_t bytes);

}  // namespace hearth::node
