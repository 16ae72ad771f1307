// What both event feeds share: a WebSocket whose incoming messages are read by a task of their
// own, so that the sending task learns of acknowledgements and of the end at once. Loop thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/net/server.h"
#include "ledger/api/rooms.h"

namespace hearth::ledger {

struct Feed {
  Feed(net::Loop& loop, std::shared_ptr<net::WebSocket> ws)
      : socket(std::move(ws)), changed(std::make_shared<net::Signal>(loop)) {}
  std::shared_ptr<net::WebSocket> socket;
  std::shared_ptr<net::Signal> changed;  ///< something to send, an acknowledgement, or the end
  bool closed = false;
  std::function<void(const Bytes& message)> take;  ///< each incoming message; may be empty
};

/// Starts reading. Ends the feed when the connection does.
void start_reading(net::Loop& loop, std::shared_ptr<Feed> feed);
/// Waits for room in the connection's queue, a minute at most. False: the feed has ended.
net::Task<bool> send(std::shared_ptr<Feed> feed, std::string text);
/// Tells the client why, and closes.
net::Task<void> refuse(std::shared_ptr<net::WebSocket> socket, Error error);

}  // namespace hearth::ledger
