#include "common/base/process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/assert.h"

extern char** environ;

namespace hearth {
namespace {

constexpr std::size_t max_kept_stderr = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read_end, write_end;
  bool make() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
    return true;
  }
};

/// Everything the child needs, made before fork: after it only system calls are allowed.
struct Launch {
  std::string program;
  std::vector<char*> argv, envp;
  int in = -1, out = -1, err = -1;  ///< -1: inherit
  bool own_group = false;
  int parent_death_signal = 0;  ///< 0: it goes on when this process ends
  pid_t parent = getpid();
};

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
    if (colon > 0 && access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return "";
}

Result<Launch> prepare(const std::vector<std::string>& argv,
                       const std::vector<std::string>& extra_env) {
  HEARTH_ASSERT(!argv.empty());
  Launch launch;
  launch.program = find_program(argv[0]);
  if (launch.program.empty()) {
    return fail(Code::not_found, "The program " + argv[0] + " is not installed.");
  }
  for (const auto& word : argv) launch.argv.push_back(const_cast<char*>(word.c_str()));
  launch.argv.push_back(nullptr);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view inherited(*entry);
    const std::string_view name = inherited.substr(0, inherited.find('=') + 1);
    const bool replaced = std::any_of(extra_env.begin(), extra_env.end(),
                                      [&](const auto& extra) { return extra.starts_with(name); });
    if (!replaced) launch.envp.push_back(*entry);
  }
  for (const auto& entry : extra_env) launch.envp.push_back(const_cast<char*>(entry.c_str()));
  launch.envp.push_back(nullptr);
  return launch;
}

/// In the child. Reports errno through `report` and never returns.
[[noreturn]] void become(const Launch& launch, int report) {
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (launch.own_group) setpgid(0, 0);
  if (launch.parent_death_signal != 0) {
    prctl(PR_SET_PDEATHSIG, launch.parent_death_signal);
    if (getppid() != launch.parent) _exit(127);  // it ended before the signal was asked for
  }
  const int standard[] = {launch.in, launch.out, launch.err};
  bool ready = true;
  for (int fd = 0; fd < 3; ++fd) {
    if (standard[fd] >= 0) ready = ready && dup2(standard[fd], fd) == fd;
  }
  if (ready) {
    // Marked instead of closed, so that `report` lives until exec has succeeded.
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
      for (int fd = 3; fd < 4096; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    execve(launch.program.c_str(), launch.argv.data(), launch.envp.data());
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t n = write(report, &error, sizeof error);
  _exit(127);
}

tl::unexpected<Error> cannot_start(const std::string& program, int error) {
  return fail(Code::io, "The program " + program + " could not be started: " +
                            std::generic_category().message(error) + ".");
}

Result<pid_t> start(const Launch& launch) {
  Pipe report;
  if (!report.make()) return cannot_start(launch.program, errno);
  const pid_t child = fork();
  if (child < 0) return cannot_start(launch.program, errno);
  if (child == 0) become(launch, report.write_end.get());
  report.write_end.reset();
  int error = 0;
  ssize_t n = 0;
  do {
    n = read(report.read_end.get(), &error, sizeof error);
  } while (n < 0 && errno == EINTR);
  if (n <= 0) return child;
  waitpid(child, nullptr, 0);
  return cannot_start(launch.program, error);
}

/// The child's input as a file in memory: no deadlock, no SIGPIPE, and it can be sought in.
Descriptor input_file(ByteView input) {
  if (input.empty()) return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Descriptor file(memfd_create("input", MFD_CLOEXEC));
  while (!input.empty()) {
    const ssize_t n = write(file.get(), input.data(), input.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Descriptor();
    input = input.subspan(static_cast<std::size_t>(n));
  }
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// Collects what a running child writes, until it ends or breaks a limit.
class Collector {
 public:
  Collector(pid_t child, Descriptor out, Descriptor err, std::size_t max_out, int timeout_ms)
      : child_(child),
        alive_(static_cast<int>(syscall(SYS_pidfd_open, child, 0))),
        out_(std::move(out)),
        err_(std::move(err)),
        max_out_(max_out),
        deadline_(Clock::now() + std::chrono::milliseconds(timeout_ms)) {
    fcntl(out_.get(), F_SETFL, O_NONBLOCK);
    fcntl(err_.get(), F_SETFL, O_NONBLOCK);
  }

  Result<ProcessOutput> run(const std::string& name) {
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      if (left <= 0) {
        end(SIGKILL);
        return fail(Code::timeout, "The program " + name + " took too long and was stopped.");
      }
      pollfd wanted[] = {
          {out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}, {alive_.get(), POLLIN, 0}};
      poll(wanted, 3, static_cast<int>(std::min<long long>(left, 60'000)));
      // Read after the look at the child: what it wrote before it ended is then complete.
      drain();
      if (output_.out.size() > max_out_) {
        end(SIGKILL);
        return fail(Code::too_large, "The program " + name + " wrote more than the " +
                                         std::to_string(max_out_) + " bytes that it may.");
      }
      if ((wanted[2].revents & POLLIN) != 0) break;
    }
    const int status = end(0);
    output_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return std::move(output_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void drain() {
    std::uint8_t chunk[16 * 1024];
    const auto read_from = [&](Descriptor& from, auto&& keep) {
      while (from.get() >= 0) {
        const ssize_t n = read(from.get(), chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) continue;
        if (n == 0) from.reset();
        if (n <= 0 || !keep(ByteView(chunk, static_cast<std::size_t>(n)))) return;
      }
    };
    read_from(out_, [&](ByteView part) {
      append(output_.out, part);
      return output_.out.size() <= max_out_;
    });
    read_from(err_, [&](ByteView part) {
      const std::size_t room = max_kept_stderr - output_.err.size();
      output_.err += as_text(part.first(std::min(room, part.size())));
      return true;
    });
  }

  int end(int signal_number) {
    if (signal_number != 0) kill(-child_, signal_number);
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  pid_t child_;
  Descriptor alive_, out_, err_;
  std::size_t max_out_;
  Clock::time_point deadline_;
  ProcessOutput output_;
};

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& argv, ByteView input,
                                  std::size_t max_out, int timeout_ms) {
  auto launch = prepare(argv, {});
  if (!launch) return pass_on(launch.error());
  const Descriptor in = input_file(input);
  Pipe out, err;
  if (in.get() < 0 || !out.make() || !err.make()) return cannot_start(argv[0], errno);
  launch->in = in.get();
  launch->out = out.write_end.get();
  launch->err = err.write_end.get();
  launch->own_group = true;
  const auto child = start(*launch);
  if (!child) return pass_on(child.error());
  out.write_end.reset();
  err.write_end.reset();
  setpgid(*child, *child);
  return Collector(*child, std::move(out.read_end), std::move(err.read_end), max_out, timeout_ms)
      .run(argv[0]);
}

Result<pid_t> spawn_process(const std::vector<std::string>& argv, const SpawnOptions& options) {
  auto launch = prepare(argv, options.extra_env);
  if (!launch) return pass_on(launch.error());
  const auto open_log = [](const std::filesystem::path& path) {
    if (path.empty()) return Descriptor();
    return Descriptor(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  };
  const Descriptor in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Descriptor out = open_log(options.stdout_file);
  const Descriptor err = open_log(options.stderr_file);
  if ((out.get() < 0 && !options.stdout_file.empty()) ||
      (err.get() < 0 && !options.stderr_file.empty())) {
    return fail(Code::io, "The output file of " + argv[0] + " could not be opened: " +
                              std::generic_category().message(errno) + ".");
  }
  launch->in = in.get();
  launch->out = out.get();
  launch->err = err.get();
  if (options.die_with_parent) launch->parent_death_signal = SIGTERM;
  return start(*launch);
}

Result<PipedProcess> spawn_piped(const std::vector<std::string>& argv, ByteView input) {
  auto launch = prepare(argv, {});
  if (!launch) return pass_on(launch.error());
  const Descriptor in = input_file(input);
  Pipe out, err;
  if (in.get() < 0 || !out.make() || !err.make()) return cannot_start(argv[0], errno);
  fcntl(out.read_end.get(), F_SETFL, O_NONBLOCK);
  fcntl(err.read_end.get(), F_SETFL, O_NONBLOCK);
  fcntl(err.write_end.get(), F_SETFL, O_NONBLOCK);
  launch->in = in.get();
  launch->out = out.write_end.get();
  launch->err = err.write_end.get();
  launch->own_group = true;
  launch->parent_death_signal = SIGKILL;
  const auto child = start(*launch);
  if (!child) return pass_on(child.error());
  setpgid(*child, *child);
  return PipedProcess{*child, out.read_end.release(), err.read_end.release()};
}

void end_process(pid_t pid) {
  kill(-pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<MemoryFile> MemoryFile::make(ByteView bytes) {
  MemoryFile out;
  out.fd_ = input_file(bytes).release();
  if (out.fd_ < 0) {
    return fail(Code::io, "A file in memory could not be made: " +
                              std::generic_category().message(errno) + ". Nothing was changed.");
  }
  return out;
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

MemoryFile::~MemoryFile() {
  if (fd_ >= 0) close(fd_);
}

std::string MemoryFile::path() const {
  return fd_ < 0 ? std::string()
                 : "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
}

std::size_t raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return limit.rlim_cur;
}

std::filesystem::path executable_dir() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path(".") : self.parent_path();
}

}  // namespace hearth
