// The page's live view: one WebSocket a page, told which of what it shows has changed.
#include "common/base/log.h"
#include "node/web/page.h"

namespace hearth::node {
namespace {

constexpr std::int64_t between_messages_ms = 200;
constexpr std::int64_t look_at_socket_ms = 15'000;
constexpr std::int64_t look_at_rooms_ms = 60'000;
constexpr std::size_t max_watching = 128;

}  // namespace

std::optional<net::Response> Page::refuse_upgrade(const net::Request& request) const {
  if (auto refused = refuse_host(request)) return refused;
  const Route route = route_of(request.method, request.path);
  if (route.what != Route::What::events) {
    return net::problem_response({Code::not_found, "There is no WebSocket here."});
  }
  auto own = check_origin(request.headers, own_origin(request));
  if (!own) return net::problem_response(own.error());
  const auto phone = session_of(request);
  if (!phone) return net::problem_response(phone.error());
  if (watching_ < max_watching) return std::nullopt;
  return net::problem_response({Code::busy,
                                "As many pages as this home serves are open. Nothing was done; "
                                "close some of them."});
}

/// Ends when the page goes, when its phone is removed, and with the daemon.
net::Task<void> Page::watch(net::Request request, std::shared_ptr<net::WebSocket> socket) {
  const std::string token = token_of(request);
  ++watching_;
  Changes::Mark mark = rooms_.changes->now();
  while (!stopping_ && rooms_.phones->is_paired(token, now_ms())) {
    const Topics changed = rooms_.changes->since(mark);
    if (changed != no_topics) {
      std::string message = changed_message(changed);
      const auto sent = co_await socket->write(std::move(message));
      if (!sent) break;
      co_await net::sleep_ms(between_messages_ms);
      continue;
    }
    co_await rooms_.changes->signal().wait(look_at_socket_ms);
    // The page has nothing to say; what it says all the same ends it, as its own end does.
    const auto said = co_await socket->read(0);
    if (said || said.error().code != Code::timeout) break;
  }
  --watching_;
}

/// Titles keep their records themselves, and progress is in no record at all.
net::Task<void> Page::note_titles() {
  while (!stopping_) {
    const bool changed = co_await rooms_.titles->changed().wait(look_at_rooms_ms);
    if (changed) rooms_.changes->note(only(Topic::library) | only(Topic::transfers));
  }
}

net::Task<void> Page::note_screen() {
  while (!stopping_) {
    const bool changed = co_await rooms_.screen->changed().wait(look_at_rooms_ms);
    if (changed) rooms_.changes->note(only(Topic::tv));
  }
}

}  // namespace hearth::node
