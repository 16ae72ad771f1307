// Child processes: media tools (ffprobe, ffmpeg, pdftoppm), the player, daemons in tests.
// No shell in between: arguments are passed as they are. Blocking; runs on a pool thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth {

struct ProcessOutput {
  int exit_code = 0;  ///< 128 + signal when killed
  Bytes out;
  std::string err;
};

/// Runs to the end. stdout beyond `max_out` or a run beyond `timeout_ms` kills it:
/// Code::too_large, Code::timeout. Code::not_found when the program is not installed.
Result<ProcessOutput> run_process(const std::vector<std::string>& argv, ByteView input,
                                  std::size_t max_out, int timeout_ms);

struct SpawnOptions {
  std::filesystem::path stdout_file;   ///< empty: inherit
  std::filesystem::path stderr_file;   ///< empty: inherit
  std::vector<std::string> extra_env;  ///< "NAME=value"
  bool die_with_parent = false;        ///< PR_SET_PDEATHSIG SIGTERM
};

/// Starts and returns at once.
Result<pid_t> spawn_process(const std::vector<std::string>& argv, const SpawnOptions& options);

/// A child whose output is read while it runs; whoever has it closes both ends and collects it.
struct PipedProcess {
  pid_t pid = -1;
  int out = -1;  ///< its standard output; reading never blocks
  int err = -1;  ///< its standard error; what finds no room there is dropped, so it never waits
};
/// `input` is its standard input. A process group of its own, which ends with this process
/// (SIGKILL).
Result<PipedProcess> spawn_piped(const std::vector<std::string>& argv, ByteView input);
/// Kills its group and collects it.
void end_process(pid_t pid);

/// Bytes in memory as a file that programs of this user, and nobody else, can open by its path
/// while this lives.
class MemoryFile {
 public:
  /// Code::io.
  static Result<MemoryFile> make(ByteView bytes);
  MemoryFile() = default;
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  ~MemoryFile();
  std::string path() const;  ///< empty: there is none

 private:
  int fd_ = -1;
};

/// Raises the limit of open files to what the system allows this process; returns it.
std::size_t raise_open_files();
/// The directory that holds this executable; sister programs live there.
std::filesystem::path executable_dir();

}  // namespace hearth
