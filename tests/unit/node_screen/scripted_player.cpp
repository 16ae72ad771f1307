#include "scripted_player.h"

#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace hearth::test {

void ScriptedPlayer::connect(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
}

ScriptedPlayer::ScriptedPlayer(const std::filesystem::path& socket) {
  connect(socket);
  write(link::encode_frame(link::FrameType::json, as_bytes(link::encode(link::Hello{}))));
}

ScriptedPlayer::ScriptedPlayer(const std::filesystem::path& socket, const std::string& stream) {
  connect(socket);
  write(link::encode_frame(link::FrameType::json,
                           as_bytes(link::encode(link::Hello{false, stream}))));
}

ScriptedPlayer::ScriptedPlayer(const std::filesystem::path& socket, const Bytes& raw) {
  connect(socket);
  write(raw);
  shutdown(fd_, SHUT_WR);
}

ScriptedPlayer::~ScriptedPlayer() {
  close(fd_);
}

void ScriptedPlayer::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void ScriptedPlayer::send(const link::Event& event) {
  write(link::encode_frame(link::FrameType::json, as_bytes(link::encode(event))));
}

void ScriptedPlayer::send_bytes(const Bytes& body) {
  write(link::encode_frame(link::FrameType::bytes, body));
}

std::optional<link::Frame> ScriptedPlayer::frame() {
  link::HeaderBytes bytes{};
  if (recv(fd_, bytes.data(), bytes.size(), MSG_WAITALL) != static_cast<ssize_t>(bytes.size())) {
    return std::nullopt;
  }
  const auto header = link::parse_frame_header(bytes);
  if (!header) return std::nullopt;
  link::Frame out{header->type, Bytes(header->body_size)};
  std::size_t got = 0;
  while (got < out.body.size()) {
    const ssize_t n = recv(fd_, out.body.data() + got, out.body.size() - got, 0);
    if (n <= 0) return std::nullopt;
    got += static_cast<std::size_t>(n);
  }
  return out;
}

std::optional<link::Order> ScriptedPlayer::next_order() {
  const auto got = frame();
  if (!got) return std::nullopt;
  auto order = link::decode_order(got->body);
  if (!order) return std::nullopt;
  return *order;
}

std::optional<link::StreamOpened> ScriptedPlayer::opened() {
  const auto got = frame();
  if (!got) return std::nullopt;
  const auto decoded = link::decode_stream_opened(got->body);
  if (!decoded) return std::nullopt;
  return *decoded;
}

void ScriptedPlayer::ask(std::uint64_t offset, std::size_t length) {
  write(link::encode_frame(link::FrameType::json,
                           as_bytes(link::encode(link::ReadRequest{offset, length}))));
}

std::size_t ScriptedPlayer::read(std::uint64_t offset, std::size_t length) {
  ask(offset, length);
  const auto got = frame();
  return got ? got->body.size() : 0;
}

bool ScriptedPlayer::closed_by_node() {
  char byte = 0;
  return recv(fd_, &byte, 1, 0) <= 0 && errno != EAGAIN;
}

}  // namespace hearth::test
