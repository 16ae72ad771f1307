#include "node/library/disk_room.h"

#include <cerrno>
#include <cstring>

#include <sys/statvfs.h>

namespace hearth::node {

Result<void> check_room(const std::filesystem::path& dir, std::uint64_t bytes) {
  struct statvfs disk {};
  if (statvfs(dir.c_str(), &disk) != 0) {
    return fail(Code::io, "The disk of " + dir.string() +
                              " cannot be asked for its room: " + std::strerror(errno) + ".");
  }
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes && free - bytes >= reserved_bytes) return {};
  constexpr std::uint64_t mib = 1024 * 1024;
  return fail(Code::disk_full,
              "There is no room: " + std::to_string(bytes / mib + 1) + " MiB are needed beside " +
                  std::to_string(reserved_bytes / mib) + " that stay free, and " +
                  std::to_string(free / mib) +
                  " MiB are free. Nothing was begun or charged; make room and try again.");
}

}  // namespace hearth::node
