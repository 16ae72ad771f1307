#include "common/base/files.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// `doing`: "write the file", "read the file", …
tl::unexpected<Error> file_error(std::string_view doing, const fs::path& path, int error) {
  const std::string subject = "Could not " + std::string(doing) + " " + path.string() + ": ";
  if (error == ENOSPC || error == EDQUOT) {
    return fail(Code::disk_full, subject +
                                     "there is no room on the disk. What was there before is "
                                     "unchanged. Free some space and try again.");
  }
  if (error == ENOENT) return fail(Code::not_found, subject + "it does not exist.");
  return fail(Code::io, subject + std::generic_category().message(error) + ".");
}

int write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return 0;
}

int fill_and_sync(int fd, ByteView bytes, unsigned mode) {
  if (fchmod(fd, static_cast<mode_t>(mode)) != 0) return errno;  // whatever the umask is
  if (const int error = write_all(fd, bytes); error != 0) return error;
  return fsync(fd) == 0 ? 0 : errno;
}

Result<Bytes> read_open_file(int fd, const fs::path& path, const struct stat& info,
                             std::size_t max_bytes) {
  Bytes out(std::min<std::size_t>(static_cast<std::size_t>(info.st_size), max_bytes) + 1);
  std::size_t size = 0;
  while (true) {
    const ssize_t n = read(fd, out.data() + size, out.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error("read the file", path, errno);
    if (n == 0) break;
    size += static_cast<std::size_t>(n);
    if (size > max_bytes) {
      return fail(Code::too_large, "The file " + path.string() + " is larger than the " +
                                       std::to_string(max_bytes) + " bytes that it may have.");
    }
    if (size == out.size()) out.resize(std::min(out.size() * 2, max_bytes + 1));
  }
  out.resize(size);
  return out;
}

Result<Bytes> read_checked(const fs::path& path, std::size_t max_bytes, bool must_be_private) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) return file_error("read the file", path, errno);
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) return file_error("read the file", path, errno);
  if (!S_ISREG(info.st_mode)) return fail(Code::io, path.string() + " is not a regular file.");
  if (must_be_private && ((info.st_mode & 077) != 0 || info.st_uid != geteuid())) {
    return fail(Code::not_private, "The file " + path.string() +
                                       " holds a key and can be read by others. Run chmod 600 on "
                                       "it; if it may have been copied, make a new key.");
  }
  return read_open_file(fd.get(), path, info, max_bytes);
}

}  // namespace

Result<void> write_file_atomic(const fs::path& path, ByteView bytes, unsigned mode) {
  static std::atomic<unsigned> counter{0};
  const fs::path dir = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::path temporary = dir / ("." + path.filename().string() + ".new-" +
                                    std::to_string(getpid()) + "-" + std::to_string(counter++));
  // A leftover of a process that was killed and had this number is nobody's any more.
  unlink(temporary.c_str());
  int error = 0;
  {
    const Descriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open()) return file_error("write the file", path, errno);
    error = fill_and_sync(file.get(), bytes, mode);
  }
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(temporary.c_str());
    return file_error("write the file", path, error);
  }
  const Descriptor directory(open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || fsync(directory.get()) != 0) {
    return file_error("make durable the directory", dir, errno);
  }
  return {};
}

Result<Bytes> read_file(const fs::path& path, std::size_t max_bytes) {
  return read_checked(path, max_bytes, false);
}

Result<Bytes> read_private_file(const fs::path& path, std::size_t max_bytes) {
  return read_checked(path, max_bytes, true);
}

Result<void> ensure_private_dir(const fs::path& dir) {
  std::error_code error;
  if (dir.has_parent_path()) fs::create_directories(dir.parent_path(), error);
  if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return file_error("create the directory", dir, errno);
  }
  struct stat info {};
  if (stat(dir.c_str(), &info) != 0) return file_error("look at the directory", dir, errno);
  if (!S_ISDIR(info.st_mode)) return fail(Code::io, dir.string() + " is not a directory.");
  if (info.st_uid != geteuid()) {
    return fail(Code::not_private, "The directory " + dir.string() +
                                       " belongs to another user. Nothing was changed; name a "
                                       "directory of your own with --data.");
  }
  if ((info.st_mode & 077) != 0) {
    return fail(Code::not_private, "The directory " + dir.string() +
                                       " can be entered by others, and keys are kept there. "
                                       "Nothing was changed; run chmod 700 on it.");
  }
  return {};
}

Result<DirLock> DirLock::take(const fs::path& dir, std::chrono::milliseconds patience) {
  const fs::path path = dir / "lock";
  Descriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.open()) return file_error("open the lock", path, errno);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  int held = 0;
  while ((held = flock(fd.get(), LOCK_EX | LOCK_NB)) != 0 && errno == EWOULDBLOCK &&
         std::chrono::steady_clock::now() < deadline) {
    poll(nullptr, 0, 20);
  }
  if (held != 0) {
    if (errno != EWOULDBLOCK) return file_error("take the lock", path, errno);
    char text[16] = {};
    const ssize_t n = pread(fd.get(), text, sizeof text - 1, 0);
    const std::string holder = n > 0 ? "process " + std::string(text, text + n) : "another process";
    return fail(Code::locked, "The directory " + dir.string() + " is in use by " + holder +
                                  ". Nothing was changed; stop that one first.");
  }
  const std::string pid = std::to_string(getpid());
  if (ftruncate(fd.get(), 0) != 0 || pwrite(fd.get(), pid.data(), pid.size(), 0) < 0) {
    return file_error("write the lock", path, errno);
  }
  return DirLock(fd.release());
}

DirLock::DirLock(DirLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DirLock::~DirLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace hearth
