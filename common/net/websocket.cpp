#include "common/net/websocket.h"

#include <chrono>

namespace hearth::net {
namespace {

constexpr std::size_t max_outbox = 256;
constexpr std::size_t max_inbox = 16;

tl::unexpected<Error> closed_error() {
  return fail(Code::unreachable,
              "The connection was closed by the other side. Nothing was lost that was answered "
              "before; connect again to go on.");
}

class Handle : public WebSocket {
 public:
  explicit Handle(std::shared_ptr<WsQueues> queues) : queues_(std::move(queues)) {}
  ~Handle() override { queues_->close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Task<Result<Bytes>> read(std::int64_t timeout_ms) override {
    return read_from(queues_, timeout_ms);
  }
  Task<Result<void>> write(std::string text) override { return write_to(queues_, std::move(text)); }
  void close() override { queues_->close(); }

 private:
  // The handle may go while these wait, the queues may not.
  static Task<Result<Bytes>> read_from(std::shared_ptr<WsQueues> queues, std::int64_t timeout_ms) {
    using std::chrono::steady_clock;
    const auto end = steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (queues->inbox.empty()) {
      if (queues->closed || queues->closing) co_return closed_error();
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()).count();
      if (left <= 0) {
        co_return fail(Code::timeout, "No message arrived in time; the connection still stands.");
      }
      co_await queues->arrived.wait(left);
    }
    Bytes message = std::move(queues->inbox.front());
    queues->inbox.pop_front();
    queues->inbox_bytes -= message.size();
    queues->room.notify_all();
    co_return message;
  }

  static Task<Result<void>> write_to(std::shared_ptr<WsQueues> queues, std::string text) {
    co_return queues->enqueue(std::move(text));
  }

  std::shared_ptr<WsQueues> queues_;
};

}  // namespace

std::shared_ptr<WebSocket> make_handle(std::shared_ptr<WsQueues> queues) {
  return std::make_shared<Handle>(std::move(queues));
}

Result<void> WsQueues::enqueue(std::string text) {
  if (closed || closing) return closed_error();
  if (outbox.size() >= max_outbox) {
    return fail(Code::busy,
                "The other side reads too slowly: 256 messages wait for it. This message was not "
                "sent; try again later.");
  }
  outbox.push_back(std::move(text));
  work.notify_all();
  return {};
}

void WsQueues::close() {
  closing = true;
  inbox.clear();
  inbox_bytes = 0;
  arrived.notify_all();
  room.notify_all();
  work.notify_all();
}

bool WsQueues::inbox_full() const {
  return !closing && !closed && (inbox.size() >= max_inbox || inbox_bytes >= max_message_);
}

void WsQueues::deliver(Bytes message) {
  if (closing) return;
  inbox_bytes += message.size();
  inbox.push_back(std::move(message));
  arrived.notify_all();
}

void WsQueues::reader_ended() {
  closed = true;
  arrived.notify_all();
  work.notify_all();
}

}  // namespace hearth::net
