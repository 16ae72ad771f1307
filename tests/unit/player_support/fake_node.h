// A node for the player's tests: serves files from disk over a real unix socket, gives orders,
// keeps what the player reports. Blocking, one thread a connection.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/link/frames.h"
#include "common/link/messages.h"

namespace hearth::test {

/// A directory of its own, removed at the end.
struct TempDir {
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path path;
};

class FakeNode {
 public:
  explicit FakeNode(std::filesystem::path socket);
  ~FakeNode();

  void serve_file(const std::string& stream, const std::filesystem::path& file);
  /// `bytes` again and again until `size` (0: once).
  void serve_bytes(const std::string& stream, Bytes bytes, std::uint64_t size = 0);
  /// Instead of the right answer to a read: the body of the bytes frame.
  std::function<std::optional<Bytes>(const std::string& stream, const link::ReadRequest&)> meddle;

  void send(const link::Order& order);
  /// Told of every event but states, on the control connection's thread. Waits for the listener
  /// before it to come back.
  void on_events(std::function<void(const link::Event&)> listener);
  bool wait_ready(int timeout_ms);
  /// Until a state is reported for which `wanted` holds; nullopt after the time.
  std::optional<link::State> wait_state(const std::function<bool(const link::State&)>& wanted,
                                        int timeout_ms);
  std::optional<link::State> wait_state(const std::string& stream, link::PlayState state,
                                        int timeout_ms);
  /// The PNG.
  Result<Bytes> screenshot(int timeout_ms);
  /// Forgets what was reported so far.
  void forget_states();
  std::uint64_t bytes_served() const;
  int streams_opened() const;
  /// Closes every stream connection, as a dying node does.
  void cut_streams();
  void stop();
  void start();

 private:
  void accept_all();
  void join_done();
  void close_connection(int fd);
  void serve(int fd);
  void serve_control(int fd);
  void tell(ByteView json);
  void serve_stream(int fd, const std::string& stream);

  std::filesystem::path socket_;
  int listener_ = -1, control_ = -1;
  std::mutex listener_mutex_;
  // Guards: told_. Taken before mutex_.
  std::function<void(const link::Event&)> told_;
  mutable std::mutex mutex_;
  // Guards: everything below.
  std::condition_variable changed_;
  std::map<std::string, std::filesystem::path> files_;
  struct Memory {
    Bytes bytes;
    std::uint64_t size = 0;
  };
  std::map<std::string, Memory> memory_;
  std::optional<link::Ready> ready_;
  std::deque<link::State> states_;
  std::map<std::int64_t, Result<Bytes>> shots_;
  std::optional<std::int64_t> png_for_;
  std::int64_t next_request_ = 1;
  std::uint64_t served_ = 0;
  int opened_ = 0;
  std::vector<int> open_fds_, stream_fds_;
  std::vector<std::thread> threads_;
  std::vector<std::thread::id> done_;  ///< of threads_, to be joined
  std::thread acceptor_;
};

}  // namespace hearth::test
