#include "node/library/publish_pass.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/library/disk_room.h"

namespace hearth::node {
namespace {

namespace age = crypto::age;

constexpr std::size_t block_size = 4 * 1024 * 1024;
constexpr std::size_t queued_blocks = 4;

tl::unexpected<Error> io_failure(const std::string& what, int error) {
  if (error == ENOSPC || error == EDQUOT) {
    return fail(Code::disk_full,
                "The disk is full. Nothing was published and nothing is left behind; make room and "
                "publish again.");
  }
  return fail(Code::io, what + ": " + std::strerror(error) + ". Nothing was published.");
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<FileStamp> stamp_of(int fd) {
  struct stat st {};
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
    return fail(Code::io, "This is not a file that can be read. Nothing was published.");
  }
  return FileStamp{static_cast<std::uint64_t>(st.st_size),
                   st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1'000'000};
}

/// Hashes blocks on a thread of its own, in order.
class HashingThread {
 public:
  explicit HashingThread(std::uint32_t piece_length)
      : hasher_(piece_length), thread_([this] { run(); }) {}
  ~HashingThread() {
    end();
    if (thread_.joinable()) thread_.join();
  }
  void push(Bytes block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.size() < queued_blocks; });
    queue_.push_back(std::move(block));
    changed_.notify_all();
  }
  PieceHashes finish() {
    end();
    thread_.join();
    return hasher_.finish();
  }

 private:
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ended_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const Bytes block = std::move(queue_.front());
      queue_.pop_front();
      changed_.notify_all();
      lock.unlock();
      hasher_.update(block);
      lock.lock();
    }
  }

  PieceHasher hasher_;  ///< the thread's until it is joined
  std::mutex mutex_;
  // Guards: queue_, ended_.
  std::condition_variable changed_;
  std::deque<Bytes> queue_;
  bool ended_ = false;
  std::thread thread_;
};

/// Gathers the cipher's chunks into blocks; each goes to the file and to the hashing thread.
class CipherFile {
 public:
  CipherFile(int fd, std::uint32_t piece_length) : fd_(fd), hashing_(piece_length) {
    block_.reserve(block_size + age::chunk_cipher);
  }
  Result<void> push(ByteView bytes) {
    append(block_, bytes);
    return block_.size() >= block_size ? flush() : Result<void>{};
  }
  Result<PieceHashes> finish() {
    if (auto flushed = flush(); !flushed) return pass_on(flushed.error());
    if (fsync(fd_) != 0) return io_failure("The ciphertext could not be saved", errno);
    return hashing_.finish();
  }

 private:
  Result<void> flush() {
    for (std::size_t at = 0; at < block_.size();) {
      const ssize_t n = write(fd_, block_.data() + at, block_.size() - at);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_failure("The ciphertext could not be written", errno);
      at += static_cast<std::size_t>(n);
    }
    Bytes full;
    full.reserve(block_size + age::chunk_cipher);
    std::swap(full, block_);
    hashing_.push(std::move(full));
    return {};
  }

  int fd_;
  Bytes block_;
  HashingThread hashing_;
};

Result<void> encrypt_all(const PublishPass& pass, int source, age::Encryptor& encryptor) {
  Bytes block(block_size);
  std::uint64_t done = 0;
  while (true) {
    const ssize_t n = read(source, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_failure("The file could not be read to its end", errno);
    if (n == 0) return encryptor.finish();
    done += static_cast<std::uint64_t>(n);
    if (done > pass.size) break;
    const ByteView plain = ByteView(block).first(static_cast<std::size_t>(n));
    if (auto pushed = encryptor.push(plain); !pushed) return pushed;
    if (pass.progress && !pass.progress(done, pass.size)) {
      return fail(Code::interrupted, "Publishing was stopped. Nothing was published.");
    }
  }
  return fail(Code::io,
              "The file grew while it was read. Nothing was published; try again when it "
              "rests.");
}

Result<PieceHashes> write_part(const PublishPass& pass, int source, int target) {
  const std::uint64_t cipher_size = age::payload_size(pass.size);
  if (const int error = posix_fallocate(target, 0, static_cast<off_t>(cipher_size))) {
    return io_failure("The room for the ciphertext could not be taken", error);
  }
  posix_fadvise(source, 0, 0, POSIX_FADV_SEQUENTIAL);
  CipherFile out(target, piece_length_for(cipher_size));
  age::Encryptor encryptor(pass.key, crypto::random_array<age::nonce_size>(),
                           [&out](ByteView bytes) { return out.push(bytes); });
  if (auto done = encrypt_all(pass, source, encryptor); !done) return pass_on(done.error());
  auto hashes = out.finish();
  if (!hashes) return hashes;
  const auto after = stamp_of(source);
  if (!after || *after != FileStamp{pass.size, pass.modified_ms} || hashes->size != cipher_size) {
    return fail(Code::io,
                "The file changed while it was read. Nothing was published; try again when "
                "it rests.");
  }
  return hashes;
}

}  // namespace

Result<FileStamp> file_stamp(const std::filesystem::path& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd() < 0) {
    return fail(Code::io, path.string() + " cannot be read: " + std::strerror(errno) + ".");
  }
  return stamp_of(file.fd());
}

Result<PieceHashes> run_publish_pass(const PublishPass& pass) {
  const File source(open(pass.source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (source.fd() < 0) return io_failure("The file cannot be opened", errno);
  const auto before = stamp_of(source.fd());
  if (!before) return pass_on(before.error());
  if (*before != FileStamp{pass.size, pass.modified_ms}) {
    return fail(Code::io,
                "The file has changed since it was added to the library. Nothing was "
                "published; add it again.");
  }
  if (auto room = check_room(pass.part.parent_path(), age::payload_size(pass.size)); !room) {
    return pass_on(room.error());
  }
  const File target(open(pass.part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (target.fd() < 0) return io_failure("The ciphertext cannot be created", errno);
  auto hashes = write_part(pass, source.fd(), target.fd());
  if (!hashes) unlink(pass.part.c_str());
  return hashes;
}

}  // namespace hearth::node
