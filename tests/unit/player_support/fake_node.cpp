#include "fake_node.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hearth::test {
namespace {

bool read_exactly(int fd, std::uint8_t* out, std::size_t size) {
  while (size > 0) {
    const ssize_t n = recv(fd, out, size, 0);
    if (n <= 0) return false;
    out += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<link::Frame> read_frame(int fd) {
  link::HeaderBytes bytes{};
  if (!read_exactly(fd, bytes.data(), bytes.size())) return std::nullopt;
  const auto header = link::parse_frame_header(bytes);
  if (!header) return std::nullopt;
  link::Frame frame{header->type, Bytes(header->body_size)};
  if (!read_exactly(fd, frame.body.data(), frame.body.size())) return std::nullopt;
  return frame;
}

bool write_frame(int fd, link::FrameType type, ByteView body) {
  const Bytes frame = link::encode_frame(type, body);
  std::size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t n = ::send(fd, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool write_json(int fd, const std::string& json) {
  return write_frame(fd, link::FrameType::json, as_bytes(json));
}

}  // namespace

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "hearth-player-XXXXXX").string();
  path = mkdtemp(name.data());
}

TempDir::~TempDir() {
  std::error_code ec;
  std::filesystem::remove_all(path, ec);
}

FakeNode::FakeNode(std::filesystem::path socket) : socket_(std::move(socket)) {
  start();
}

FakeNode::~FakeNode() {
  stop();
}

void FakeNode::start() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_.c_str(), sizeof address.sun_path - 1);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(socket_.c_str());
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 16) != 0) {
    std::abort();
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

void FakeNode::stop() {
  if (listener_ < 0) return;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  listener_ = -1;
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_fds_) shutdown(fd, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (auto& thread : threads) thread.join();
  const std::lock_guard lock(mutex_);
  done_.clear();
  ready_.reset();
}

void FakeNode::accept_all() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    join_done();
    const std::lock_guard lock(mutex_);
    open_fds_.push_back(fd);
    threads_.emplace_back([this, fd] {
      serve(fd);
      close_connection(fd);
    });
  }
}

/// A player opens thousands of streams in an evening.
void FakeNode::join_done() {
  std::vector<std::thread> ended;
  {
    const std::lock_guard lock(mutex_);
    for (const std::thread::id id : done_) {
      const auto at = std::find_if(threads_.begin(), threads_.end(),
                                   [&](const std::thread& one) { return one.get_id() == id; });
      if (at == threads_.end()) continue;
      ended.push_back(std::move(*at));
      threads_.erase(at);
    }
    done_.clear();
  }
  for (auto& thread : ended) thread.join();
}

void FakeNode::close_connection(int fd) {
  const std::lock_guard lock(mutex_);
  std::erase(open_fds_, fd);
  std::erase(stream_fds_, fd);
  if (control_ == fd) control_ = -1;
  close(fd);
  done_.push_back(std::this_thread::get_id());
}

void FakeNode::serve(int fd) {
  const auto frame = read_frame(fd);
  if (!frame) return;
  const auto hello = link::decode_hello(frame->body);
  if (!hello) return;
  hello->control ? serve_control(fd) : serve_stream(fd, hello->stream);
}

void FakeNode::serve_control(int fd) {
  {
    const std::lock_guard lock(mutex_);
    control_ = fd;
    changed_.notify_all();
  }
  while (auto frame = read_frame(fd)) {
    if (frame->type == link::FrameType::json) tell(frame->body);
    const std::lock_guard lock(mutex_);
    if (frame->type == link::FrameType::bytes) {
      if (png_for_) shots_.insert_or_assign(*png_for_, frame->body);
      png_for_.reset();
    } else if (const auto event = link::decode_event(frame->body)) {
      if (const auto* ready = std::get_if<link::Ready>(&*event)) ready_ = *ready;
      if (const auto* state = std::get_if<link::State>(&*event)) states_.push_back(*state);
      if (const auto* shot = std::get_if<link::ScreenshotTaken>(&*event)) {
        if (shot->ok) {
          png_for_ = shot->request;
        } else {
          shots_.insert_or_assign(shot->request, fail(Code::io, shot->sentence));
        }
      }
    }
    changed_.notify_all();
  }
}

void FakeNode::tell(ByteView json) {
  const auto event = link::decode_event(json);
  const std::lock_guard lock(listener_mutex_);
  if (told_ && event && !std::holds_alternative<link::State>(*event)) told_(*event);
}

void FakeNode::on_events(std::function<void(const link::Event&)> listener) {
  const std::lock_guard lock(listener_mutex_);
  told_ = std::move(listener);
}

void FakeNode::serve_stream(int fd, const std::string& stream) {
  Bytes memory;
  std::filesystem::path file;
  std::uint64_t size = 0;
  bool known = false;
  {
    const std::lock_guard lock(mutex_);
    stream_fds_.push_back(fd);
    ++opened_;
    if (const auto found = memory_.find(stream); found != memory_.end()) {
      memory = found->second.bytes;
      size = found->second.size;
      known = true;
    } else if (const auto on_disk = files_.find(stream); on_disk != files_.end()) {
      file = on_disk->second;
      size = std::filesystem::file_size(file);
      known = true;
    }
    changed_.notify_all();
  }
  if (!write_json(fd, link::encode(link::StreamOpened{known, size, "No such title."}))) return;
  std::ifstream in(file, std::ios::binary);
  while (const auto frame = read_frame(fd)) {
    const auto request = link::decode_read_request(frame->body);
    if (!request) return;
    if (meddle) {
      if (const auto instead = meddle(stream, *request)) {
        if (!write_frame(fd, link::FrameType::bytes, *instead)) return;
        continue;
      }
    }
    Bytes body(1, link::read_ok);
    if (request->offset < size) {
      const auto n = static_cast<std::size_t>(
          std::min<std::uint64_t>(request->length, size - request->offset));
      body.resize(1 + n);
      if (file.empty()) {
        for (std::size_t i = 0; i < n; ++i) {
          body[1 + i] = memory[static_cast<std::size_t>((request->offset + i) % memory.size())];
        }
      } else {
        in.seekg(static_cast<std::streamoff>(request->offset));
        in.read(reinterpret_cast<char*>(body.data() + 1), static_cast<std::streamsize>(n));
      }
    }
    if (!write_frame(fd, link::FrameType::bytes, body)) return;
    const std::lock_guard lock(mutex_);
    served_ += body.size() - 1;
    changed_.notify_all();
  }
}

void FakeNode::serve_file(const std::string& stream, const std::filesystem::path& file) {
  const std::lock_guard lock(mutex_);
  files_[stream] = file;
}

void FakeNode::serve_bytes(const std::string& stream, Bytes bytes, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t whole = size == 0 ? bytes.size() : size;
  memory_[stream] = Memory{std::move(bytes), whole};
}

void FakeNode::send(const link::Order& order) {
  const std::lock_guard lock(mutex_);
  if (control_ >= 0) write_json(control_, link::encode(order));
}

bool FakeNode::wait_ready(int timeout_ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                           [this] { return ready_.has_value(); });
}

std::optional<link::State> FakeNode::wait_state(
    const std::function<bool(const link::State&)>& wanted, int timeout_ms) {
  std::unique_lock lock(mutex_);
  std::optional<link::State> found;
  changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
    const auto at = std::find_if(states_.begin(), states_.end(), wanted);
    if (at != states_.end()) found = *at;
    return found.has_value();
  });
  return found;
}

std::optional<link::State> FakeNode::wait_state(const std::string& stream, link::PlayState state,
                                                int timeout_ms) {
  return wait_state([&](const link::State& s) { return s.stream == stream && s.state == state; },
                    timeout_ms);
}

Result<Bytes> FakeNode::screenshot(int timeout_ms) {
  std::int64_t request = 0;
  {
    const std::lock_guard lock(mutex_);
    request = next_request_++;
  }
  send(link::TakeScreenshot{request});
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                      [&] { return shots_.contains(request); });
  if (!came) return fail(Code::timeout, "no screenshot came");
  return shots_.at(request);
}

void FakeNode::forget_states() {
  const std::lock_guard lock(mutex_);
  states_.clear();
}

std::uint64_t FakeNode::bytes_served() const {
  const std::lock_guard lock(mutex_);
  return served_;
}

int FakeNode::streams_opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

void FakeNode::cut_streams() {
  const std::lock_guard lock(mutex_);
  for (const int fd : stream_fds_) shutdown(fd, SHUT_RDWR);
}

}  // namespace hearth::test
