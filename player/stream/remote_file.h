// A title as a file: ranges of it, read over the node's socket (docs/protocol.md §11, stream
// connection). Blocking, with plain file descriptors: mpv reads on threads of its own, documents
// are fetched on a worker. When the node restarts, a read waits, reconnects and goes on.
//
// Threads: one reads; cancel() from any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/link/frames.h"
#include "common/link/messages.h"

namespace hearth::player {

struct StreamPatience {
  int first_open_ms = 15'000;  ///< for the node to answer at the beginning
  int reconnect_ms = 90'000;   ///< for a node that went away
  int answer_ms = 180'000;     ///< for the bytes of one read
};

class RemoteFile {
 public:
  RemoteFile(std::filesystem::path socket, std::string stream, StreamPatience patience = {});
  ~RemoteFile();
  RemoteFile(const RemoteFile&) = delete;
  RemoteFile& operator=(const RemoteFile&) = delete;

  /// Code::unreachable, Code::interrupted when cancelled, Code::bad_answer; the node's refusal
  /// comes as Code::not_found with its sentence.
  Result<void> open();
  std::uint64_t size() const { return size_; }
  /// At most link::max_read bytes; fewer only at the end. Code::io with the node's sentence.
  Result<Bytes> read(std::uint64_t offset, std::size_t length);
  /// Ends what blocks now, and everything later, with Code::interrupted.
  void cancel();

 private:
  Result<void> connect_once(int patience_ms);
  Result<void> reopen(int patience_ms);
  Result<Bytes> read_once(std::uint64_t offset, std::size_t length);
  Result<void> send(const std::string& json);
  Result<link::Frame> receive(std::size_t limit, int patience_ms);
  Result<void> receive_exactly(std::span<std::uint8_t> out, std::int64_t deadline_ms);
  bool pause(int ms);  ///< false: cancelled
  void drop_connection();

  const std::filesystem::path socket_;
  const std::string stream_;
  const StreamPatience patience_;
  std::uint64_t size_ = 0;
  bool known_size_ = false;
  std::mutex mutex_;
  // Guards: fd_ (closing and shutting down), cancelled_ for waiting.
  std::condition_variable wake_;
  int fd_ = -1;
  std::atomic<bool> cancelled_{false};
};

/// Sequential reading with read-ahead: blocks of 256 KiB growing to 1 MiB; a seek starts small.
class ReadAhead {
 public:
  explicit ReadAhead(RemoteFile& file) : file_(file) {}
  /// 0 at the end.
  Result<std::size_t> read(std::span<std::uint8_t> out);
  void seek(std::uint64_t offset) { position_ = offset; }

 private:
  RemoteFile& file_;
  std::uint64_t position_ = 0;
  std::uint64_t block_start_ = 0;
  Bytes block_;
  std::size_t next_length_ = 256u << 10;
};

}  // namespace hearth::player
