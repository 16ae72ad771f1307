#include "player/stream/remote_file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "player/stream/unix_socket.h"

namespace hearth::player {
namespace {

constexpr int retry_ms = 250, hello_ms = 15'000;
constexpr std::size_t block_first = 256u << 10, block_most = 1u << 20;

std::int64_t now_steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

tl::unexpected<Error> cancelled() {
  return fail(Code::interrupted, "Reading was ended because something else is shown.");
}
tl::unexpected<Error> lost() {
  return fail(
      Code::unreachable,
      "The home's node does not answer. Nothing is lost; play it again once the node runs.");
}
tl::unexpected<Error> nonsense() {
  return fail(Code::bad_answer,
              "The home's node sent something else than the title. Restart it, then play again.");
}

}  // namespace

RemoteFile::RemoteFile(std::filesystem::path socket, std::string stream, StreamPatience patience)
    : socket_(std::move(socket)), stream_(std::move(stream)), patience_(patience) {}

RemoteFile::~RemoteFile() {
  drop_connection();
}

void RemoteFile::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
  wake_.notify_all();
}

void RemoteFile::drop_connection() {
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool RemoteFile::pause(int ms) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return cancelled_.load(); });
}

Result<void> RemoteFile::send(const std::string& json) {
  const Bytes frame = link::encode_frame(link::FrameType::json, as_bytes(json));
  std::size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t n = ::send(fd_, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return lost();
    sent += static_cast<std::size_t>(n);
  }
  return {};
}

Result<void> RemoteFile::receive_exactly(std::span<std::uint8_t> out, std::int64_t deadline_ms) {
  while (!out.empty()) {
    const std::int64_t left = deadline_ms - now_steady_ms();
    if (left <= 0) return lost();
    pollfd waiting{fd_, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (cancelled_) return cancelled();
    if (ready < 0 && errno != EINTR) return lost();
    if (ready <= 0) continue;
    const ssize_t n = recv(fd_, out.data(), out.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (cancelled_) return cancelled();
    if (n <= 0) return lost();
    out = out.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<link::Frame> RemoteFile::receive(std::size_t limit, int patience_ms) {
  const std::int64_t deadline = now_steady_ms() + patience_ms;
  link::HeaderBytes bytes{};
  if (auto got = receive_exactly(bytes, deadline); !got) return pass_on(got.error());
  const auto header = link::parse_frame_header(bytes, limit);
  if (!header) return nonsense();
  link::Frame frame{header->type, Bytes(header->body_size)};
  if (auto got = receive_exactly(frame.body, deadline); !got) return pass_on(got.error());
  return frame;
}

Result<void> RemoteFile::connect_once(int patience_ms) {
  drop_connection();
  const int fd = connect_unix(socket_, false);
  if (fd < 0) return lost();
  {
    const std::lock_guard lock(mutex_);
    fd_ = fd;
    if (cancelled_) return cancelled();
  }
  if (auto sent = send(link::encode(link::Hello{false, stream_})); !sent) return sent;
  const auto frame = receive(link::max_json, patience_ms);
  if (!frame) return pass_on(frame.error());
  if (frame->type != link::FrameType::json) return nonsense();
  const auto opened = link::decode_stream_opened(frame->body);
  if (!opened) return nonsense();
  if (!opened->ok) return fail(Code::not_found, opened->sentence);
  if (known_size_ && opened->size != size_) return nonsense();
  size_ = opened->size;
  known_size_ = true;
  return {};
}

Result<void> RemoteFile::reopen(int patience_ms) {
  const std::int64_t deadline = now_steady_ms() + patience_ms;
  while (true) {
    auto done = connect_once(std::min(patience_ms, hello_ms));
    if (done || done.error().code == Code::interrupted || done.error().code == Code::bad_answer) {
      return done;
    }
    // At the first open a refusal is final; a node that just restarted may need a moment.
    if (!known_size_ && done.error().code == Code::not_found) return done;
    if (now_steady_ms() + retry_ms > deadline) return done;
    if (!pause(retry_ms)) return cancelled();
  }
}

Result<void> RemoteFile::open() {
  return reopen(patience_.first_open_ms);
}

Result<Bytes> RemoteFile::read_once(std::uint64_t offset, std::size_t length) {
  if (fd_ < 0) return lost();
  if (auto sent = send(link::encode(link::ReadRequest{offset, length})); !sent) {
    return pass_on(sent.error());
  }
  auto frame = receive(length + 4096, patience_.answer_ms);
  if (!frame) return pass_on(frame.error());
  if (frame->type != link::FrameType::bytes || frame->body.empty()) return nonsense();
  const std::uint8_t status = frame->body.front();
  frame->body.erase(frame->body.begin());
  if (status != link::read_ok) return fail(Code::io, std::string(as_text(frame->body)));
  if (frame->body.size() > length) return nonsense();
  return std::move(frame->body);
}

Result<Bytes> RemoteFile::read(std::uint64_t offset, std::size_t length) {
  if (offset >= size_) return Bytes{};
  length =
      static_cast<std::size_t>(std::min<std::uint64_t>({length, link::max_read, size_ - offset}));
  while (true) {
    if (cancelled_) return cancelled();
    auto bytes = read_once(offset, length);
    if (bytes) {
      // Fewer bytes before the end would put everything after them in the wrong place.
      if (bytes->size() != length) return nonsense();
      return bytes;
    }
    if (cancelled_) return cancelled();
    if (bytes.error().code != Code::unreachable) return bytes;
    if (auto again = reopen(patience_.reconnect_ms); !again) return pass_on(again.error());
  }
}

Result<std::size_t> ReadAhead::read(std::span<std::uint8_t> out) {
  if (out.empty() || position_ >= file_.size()) return 0;
  const std::uint64_t block_end = block_start_ + block_.size();
  if (position_ < block_start_ || position_ >= block_end) {
    next_length_ = position_ == block_end && !block_.empty()
                       ? std::min(next_length_ * 2, block_most)
                       : block_first;
    auto bytes = file_.read(position_, next_length_);
    if (!bytes) return pass_on(bytes.error());
    if (bytes->empty()) return 0;
    block_ = std::move(*bytes);
    block_start_ = position_;
  }
  const std::size_t at = static_cast<std::size_t>(position_ - block_start_);
  const std::size_t n = std::min(out.size(), block_.size() - at);
  std::memcpy(out.data(), block_.data() + at, n);
  position_ += n;
  return n;
}

}  // namespace hearth::player
