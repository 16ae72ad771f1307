// Small files, whole: keys, configuration, cards. Blocking; call on a pool thread where it
// matters. Every error says the path and what to do.
#pragma once

#include <chrono>
#include <filesystem>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth {

/// Temp file in the same directory, fsync, rename, fsync of the directory. `mode` e.g. 0600.
Result<void> write_file_atomic(const std::filesystem::path& path, ByteView bytes, unsigned mode);
/// Code::not_found, Code::too_large above `max_bytes`, Code::io.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes);
/// As read_file, but refuses (Code::not_private) a file that others can read.
Result<Bytes> read_private_file(const std::filesystem::path& path, std::size_t max_bytes);
/// Creates the directory 0700 when it is missing; refuses (Code::not_private) one that group or
/// others can enter or that another user owns.
Result<void> ensure_private_dir(const std::filesystem::path& dir);

/// Holds DIR/lock with flock until destroyed; Code::locked names the process that has it.
/// Another holder is given `patience` to leave: a command that looks at a stopped daemon's
/// directory, or a daemon that is just ending, should not stop the next one from starting.
class DirLock {
 public:
  static Result<DirLock> take(const std::filesystem::path& dir,
                              std::chrono::milliseconds patience = std::chrono::seconds(10));
  DirLock(DirLock&& other) noexcept;
  DirLock& operator=(DirLock&&) = delete;
  ~DirLock();

 private:
  explicit DirLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace hearth
