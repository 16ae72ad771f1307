#include "player/shell/node_link.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "player/stream/unix_socket.h"

namespace hearth::player {
namespace {
constexpr std::int64_t retry_ms = 500;
constexpr std::size_t max_unsent = 2 * link::max_frame;
}  // namespace

void NodeLink::drop() {
  if (fd_ >= 0) {
    close(fd_);
    spdlog::info("the node is away");
  }
  fd_ = -1;
  out_.clear();
  written_ = 0;
  decoder_ = link::FrameDecoder(link::max_order + 1);
}

bool NodeLink::try_connect(std::int64_t now_ms) {
  if (fd_ >= 0 || now_ms < next_try_ms_) return false;
  next_try_ms_ = now_ms + retry_ms;
  fd_ = connect_unix(socket_, true);
  if (fd_ < 0) return false;
  spdlog::info("connected to the node");
  queue(link::FrameType::json, as_bytes(link::encode(link::Hello{})));
  return true;
}

std::vector<link::Order> NodeLink::read() {
  std::vector<link::Order> orders;
  std::array<std::uint8_t, 16384> part;
  const ssize_t n = recv(fd_, part.data(), part.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return orders;
  if (n <= 0) {
    drop();
    return orders;
  }
  decoder_.push(ByteView(part).first(static_cast<std::size_t>(n)));
  while (true) {
    auto frame = decoder_.next();
    if (!frame) {
      spdlog::warn("{}", frame.error().sentence);
      drop();
      return orders;
    }
    if (!frame->has_value()) return orders;
    if ((*frame)->type != link::FrameType::json) continue;
    auto order = link::decode_order((*frame)->body);
    if (order) {
      orders.push_back(std::move(*order));
    } else {
      spdlog::warn("an order was not understood: {}", order.error().sentence);
    }
  }
}

void NodeLink::queue(link::FrameType type, ByteView body) {
  if (fd_ < 0) return;
  if (out_.size() - written_ + body.size() > max_unsent) return drop();
  append(out_, link::encode_frame(type, body));
  write_some();
}

void NodeLink::write_some() {
  while (wants_to_write()) {
    const ssize_t n =
        ::send(fd_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return drop();
    written_ += static_cast<std::size_t>(n);
  }
  out_.clear();
  written_ = 0;
}

void NodeLink::send(const link::Event& event) {
  queue(link::FrameType::json, as_bytes(link::encode(event)));
}

void NodeLink::send_bytes(ByteView body) {
  queue(link::FrameType::bytes, body);
}

}  // namespace hearth::player
