// The control connection to the node: orders in, events out. Non-blocking; lives in the player's
// poll loop. When the node is away it is tried again every half second: the picture goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/link/frames.h"
#include "common/link/messages.h"

namespace hearth::player {

class NodeLink {
 public:
  explicit NodeLink(std::filesystem::path socket) : socket_(std::move(socket)) {}
  ~NodeLink() { drop(); }
  NodeLink(const NodeLink&) = delete;
  NodeLink& operator=(const NodeLink&) = delete;

  /// -1 when not connected.
  int fd() const { return fd_; }
  bool connected() const { return fd_ >= 0; }
  bool wants_to_write() const { return fd_ >= 0 && written_ < out_.size(); }
  /// Connects when it is time; true at the moment a connection is there.
  bool try_connect(std::int64_t now_ms);
  /// What arrived; may end the connection.
  std::vector<link::Order> read();
  void write_some();
  void send(const link::Event& event);
  void send_bytes(ByteView body);

 private:
  void queue(link::FrameType type, ByteView body);
  void drop();

  std::filesystem::path socket_;
  int fd_ = -1;
  std::int64_t next_try_ms_ = 0;
  link::FrameDecoder decoder_{link::max_order + 1};
  Bytes out_;
  std::size_t written_ = 0;
};

}  // namespace hearth::player
