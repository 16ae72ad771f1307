#include "node/screen/tv_link.h"

#include <algorithm>
#include <sstream>

#include "common/base/files.h"
#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::int64_t hello_ms = 5'000, write_ms = 20'000, screenshot_ms = 10'000;
constexpr std::int64_t one_day_ms = 24LL * 3600 * 1000;
constexpr std::size_t max_outgoing = 256;
constexpr int max_deaths = 3;

template <class... T>
struct Cases : T... {
  using T::operator()...;
};
template <class... T>
Cases(T...) -> Cases<T...>;

Bytes json_body(const std::string& json) {
  return to_bytes(as_bytes(json));
}

}  // namespace

TvLink::TvLink(net::Loop& loop, Titles& titles, std::filesystem::path dir)
    : loop_(loop),
      titles_(titles),
      allowed_file_(dir / "player.stream"),
      changed_(loop),
      outgoing_changed_(loop),
      shots_changed_(loop),
      streams_changed_(loop),
      channels_({[this](const link::Order& order) { send(order); },
                 [this](std::vector<std::string> streams) {
                   allow({streams.begin(), streams.end()});
                 },
                 [this] { order_.reset(); }}) {
  // A player that outlived this node goes on reading what it was told to play.
  const auto stored = read_file(allowed_file_, 4096);
  std::istringstream lines(stored ? std::string(as_text(*stored)) : "");
  for (std::string line; std::getline(lines, line);) allowed_.insert(line);
}

void TvLink::allow(std::set<std::string> streams) {
  if (allowed_ == streams) return;
  allowed_ = std::move(streams);
  std::string lines;
  for (const std::string& stream : allowed_) lines += stream + "\n";
  if (auto kept = write_file_atomic(allowed_file_, as_bytes(lines), 0600); !kept) {
    spdlog::warn("{}", kept.error().sentence);
  }
}

void TvLink::use(Programmes* programmes) {
  programmes_ = programmes;
  channels_.use(programmes);
  if (programmes == nullptr) return channels_.leave();
  if (control_) channels_.connected();
  net::spawn(loop_, watch_programmes(shared_from_this(), programmes), "changes of the channels");
}

net::Task<void> TvLink::watch_programmes(std::shared_ptr<TvLink> self, Programmes* programmes) {
  while (self->programmes_ == programmes && !self->stopping_) {
    const bool changed = co_await programmes->changed().wait(one_day_ms);
    if (changed && self->programmes_ == programmes && !self->stopping_) self->channels_.changed();
  }
}

net::Task<void> TvLink::serve(std::shared_ptr<TvLink> self,
                              std::shared_ptr<net::FrameConnection> connection) {
  const auto frame = co_await connection->read(link::max_json, hello_ms);
  if (!frame || frame->type != link::FrameType::json || self->stopping_) co_return;
  const auto hello = link::decode_hello(frame->body);
  if (!hello) {
    spdlog::warn("a player was turned away: {}", hello.error().sentence);
    co_return;
  }
  if (hello->control) {
    co_await serve_control(self, connection);
  } else {
    co_await serve_stream(self, connection, hello->stream);
  }
}

net::Task<void> TvLink::serve_control(std::shared_ptr<TvLink> self,
                                      std::shared_ptr<net::FrameConnection> connection) {
  if (self->control_) self->control_->close();  // the newest player is the TV
  self->control_ = connection;
  self->outgoing_.clear();
  self->ready_ = self->compared_ = false;
  self->png_for_.reset();
  self->send(self->home_);
  if (!self->prompt_.prompt.empty()) self->send(self->prompt_);
  self->channels_.connected();
  net::spawn(self->loop_, write_orders(self, connection), "orders to the player");
  while (self->control_ == connection) {
    auto frame = co_await connection->read(link::max_frame, one_day_ms);
    if (self->control_ != connection) co_return;
    if (!frame && frame.error().code == Code::timeout) continue;
    if (!frame) break;
    self->take(std::move(*frame));
  }
  if (self->control_ == connection) self->disconnected();
}

void TvLink::disconnected() {
  if (control_) control_->close();
  control_.reset();
  ready_ = compared_ = false;
  state_.connected = false;
  for (auto& [request, shot] : shots_) {
    shot->done = true;
    shot->result = fail(Code::no_player, "The TV stopped before it gave its picture.");
  }
  shots_changed_.notify_all();
  outgoing_changed_.notify_all();
  changed_.notify_all();
}

net::Task<void> TvLink::write_orders(std::shared_ptr<TvLink> self,
                                     std::shared_ptr<net::FrameConnection> connection) {
  while (self->control_ == connection) {
    if (self->outgoing_.empty()) {
      co_await self->outgoing_changed_.wait(one_day_ms);
      continue;
    }
    const link::Order order = std::move(self->outgoing_.front());
    self->outgoing_.pop_front();
    const auto written =
        co_await connection->write(link::FrameType::json, json_body(link::encode(order)), write_ms);
    if (!written) {
      connection->close();
      co_return;
    }
  }
}

void TvLink::send(const link::Order& order) {
  if (!control_) return;
  if (outgoing_.size() >= max_outgoing) return control_->close();
  outgoing_.push_back(order);
  outgoing_changed_.notify_all();
}

void TvLink::show_home(link::HomeScreen home) {
  home_ = std::move(home);
  send(home_);
}

void TvLink::ask(link::Prompt prompt) {
  const bool nothing = prompt.prompt.empty() && prompt_.prompt.empty();
  prompt_ = std::move(prompt);
  if (!nothing) send(prompt_);
}

void TvLink::play(link::Play order) {
  channels_.leave();
  state_.channel.clear();
  allow({order.stream});
  state_.title_id = order.stream;
  state_.name = order.name;
  state_.state = "opening";
  state_.position_ms = order.start_ms;
  state_.duration_ms = 0;
  state_.page = state_.pages = 0;
  state_.sentence.clear();
  deaths_ = 0;
  order_ = order;
  order_seen_ = false;
  send(order);
  changed_.notify_all();
}

void TvLink::forget_order() {
  order_.reset();
  channels_.leave();
}

void TvLink::player_died() {
  prompt_.picture.clear();  // it may have been what the decoder died of
  channels_.player_died();
  if (!order_ || ++deaths_ < max_deaths) return;
  order_.reset();
  state_.state = "failed";
  state_.sentence = "The TV stopped " + std::to_string(max_deaths) +
                    " times while it showed this title. The title is kept; it is not tried again.";
  spdlog::warn("a title was given up: the player died {} times with it", max_deaths);
  changed_.notify_all();
}

void TvLink::take(link::Frame frame) {
  if (frame.type == link::FrameType::bytes) {
    if (png_for_) finish_shot(*png_for_, std::move(frame.body));
    png_for_.reset();
    return;
  }
  const auto event = link::decode_event(frame.body);
  if (!event) {
    spdlog::warn("an event of the player was not understood: {}", event.error().sentence);
    return;
  }
  std::visit(Cases{[this](const link::Ready& ready) {
                     spdlog::info("the TV is ready, {}x{}", ready.width, ready.height);
                     ready_ = state_.connected = true;
                     changed_.notify_all();
                   },
                   [this](const link::State& state) { take(state); },
                   [this](const link::ScreenshotTaken& taken) { take(taken); },
                   [this](const link::Answered& answered) { take(answered); },
                   [this](const link::TunedOut&) { channels_.leave(); },
                   [this](const link::GiftsWanted&) {
                     if (gifts_wanted_) gifts_wanted_();
                   },
                   [this](const auto& of_channels) { channels_.take(of_channels); }},
             *event);
}

/// What a channel shows is no title that was ordered: nothing of it is replayed or remembered.
void TvLink::take_channel_state(const link::State& state) {
  if (order_ && !order_seen_) return;  // said before the order was there
  compared_ = true;
  state_.state = std::string(link::state_name(state.state));
  state_.channel = state.channel;
  state_.lag_ms = channels_.lag_ms();
  state_.title_id.clear();
  state_.name = channels_.name_on();
  state_.position_ms = state.position_ms;
  state_.duration_ms = state.duration_ms;
  state_.page = state.page;
  state_.pages = state.pages;
  state_.sentence.clear();
  changed_.notify_all();
}

void TvLink::take(const link::State& state) {
  if (!state.channel.empty()) return take_channel_state(state);
  const bool shows_order =
      order_ && state.stream == order_->stream && state.state != link::PlayState::idle;
  if (!compared_) {
    compared_ = true;
    if (order_ && !shows_order) {
      link::Play again = *order_;
      again.start_ms = state_.position_ms;
      order_seen_ = false;
      send(again);
      return;
    }
  }
  if (order_ && !order_seen_ && !shows_order) return;  // said before the order was there
  state_.channel.clear();
  state_.lag_ms = 0;
  order_seen_ = true;
  state_.state = std::string(link::state_name(state.state));
  if (state.state == link::PlayState::idle) state_.title_id = state_.name = "";
  state_.position_ms = state.position_ms;
  state_.duration_ms = state.duration_ms;
  state_.page = state.page;
  state_.pages = state.pages;
  state_.sentence = state.sentence;
  const bool over = state.state == link::PlayState::idle || state.state == link::PlayState::ended ||
                    state.state == link::PlayState::failed;
  if (over) order_.reset();
  changed_.notify_all();
}

void TvLink::take(const link::Answered& answered) {
  if (answered.prompt != prompt_.prompt) return;  // taken away meanwhile
  prompt_ = {};
  if (answered_) answered_(answered);
}

void TvLink::take(const link::ScreenshotTaken& taken) {
  if (taken.ok) {
    png_for_ = taken.request;
  } else {
    finish_shot(taken.request, fail(Code::unsupported_media, taken.sentence));
  }
}

void TvLink::finish_shot(std::int64_t request, Result<Bytes> result) {
  const auto shot = shots_.find(request);
  if (shot == shots_.end()) return;
  shot->second->done = true;
  shot->second->result = std::move(result);
  shots_changed_.notify_all();
}

net::Task<Result<Bytes>> TvLink::screenshot() {
  const std::shared_ptr<TvLink> self = shared_from_this();
  if (!ready_) {
    co_return fail(Code::no_player, "No TV is running in this home, so there is no picture of it.");
  }
  const std::int64_t request = next_request_++;
  const auto shot = std::make_shared<Shot>();
  shots_[request] = shot;
  send(link::TakeScreenshot{request});
  const UtcMs deadline = now_ms() + screenshot_ms;
  while (!shot->done && now_ms() < deadline) {
    co_await shots_changed_.wait(deadline - now_ms());
  }
  shots_.erase(request);
  if (!shot->done) co_return fail(Code::timeout, "The TV did not give its picture in time.");
  co_return std::move(shot->result);
}

net::Task<void> TvLink::stop() {
  const std::shared_ptr<TvLink> self = shared_from_this();
  stopping_ = true;
  order_.reset();
  if (control_) disconnected();
  const UtcMs deadline = now_ms() + 5'000;
  while (!readers_.empty() && now_ms() < deadline) {
    for (const auto& reader : readers_) reader->cancel();
    co_await streams_changed_.wait(200);
  }
}

}  // namespace hearth::node
