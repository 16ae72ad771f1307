#include "node/screen/screen.h"

#include <algorithm>

#include "common/base/files.h"
#include "common/base/process.h"
#include "node/screen/player_process.h"
#include "node/screen/tv_link.h"

namespace hearth::node {
namespace {

constexpr std::int64_t player_start_ms = 10'000;
constexpr std::size_t max_connections = 32;

tl::unexpected<Error> no_tv() {
  return fail(Code::no_player,
              "No TV is running in this home. Start hearthd with --player auto on a machine with a "
              "screen, or connect hearth-player to its socket.");
}

class NodeScreen final : public Screen {
 public:
  NodeScreen(Titles& titles, std::shared_ptr<TvLink> tv, std::unique_ptr<net::FrameServer> server,
             std::shared_ptr<PlayerProcess> player)
      : titles_(titles),
        tv_(std::move(tv)),
        server_(std::move(server)),
        player_(std::move(player)) {}

  net::Task<Result<void>> play(wire::TitleId id, std::int64_t start_ms, std::string note,
                               std::string from) override {
    const auto title = titles_.title(id);
    if (!title) co_return pass_on(title.error());
    // Whether it can be read is known now; the TV would only find out later.
    if (auto reader = titles_.open_reader(id); !reader) co_return pass_on(reader.error());
    const UtcMs deadline = now_ms() + player_start_ms;
    while (player_ && !tv_->connected() && now_ms() < deadline) {
      co_await tv_->changed().wait(deadline - now_ms());
    }
    if (!tv_->connected()) co_return no_tv();
    link::Play order;
    order.stream = to_hex(id);
    order.name = title->manifest.name;
    order.kind = title->manifest.kind;
    order.media_type = title->manifest.media_type;
    order.size = title->manifest.size;
    order.start_ms = start_ms;
    order.note = std::move(note);
    order.from = std::move(from);
    tv_->play(std::move(order));
    co_return Result<void>{};
  }

  Result<void> command(const std::string& order, std::int64_t value) override {
    if (order == "stop") tv_->forget_order();  // also of a channel
    if (!tv_->connected()) return no_tv();
    if (order == "stop") {
      tv_->send(link::Stop{});
    } else if (order == "pause") {
      tv_->send(link::Pause{});
    } else if (order == "resume") {
      tv_->send(link::Resume{});
    } else if (order == "seek" && value >= 0 && value <= link::max_ms) {
      tv_->send(link::Seek{value});
    } else if (order == "page" && (value == 1 || value == -1)) {
      tv_->send(link::Page{static_cast<int>(value)});
    } else {
      return fail(Code::usage,
                  "The TV knows stop, pause, resume, seek (milliseconds from the "
                  "beginning) and page (1 or -1).");
    }
    return {};
  }

  Result<void> press(link::Key key) override {
    if (!tv_->connected()) return no_tv();
    tv_->send(link::Press{key});
    return {};
  }
  void use(Programmes* programmes) override { tv_->use(programmes); }
  Result<void> tune(const std::string& channel) override {
    if (!tv_->connected()) return no_tv();
    return tv_->tune(channel);
  }
  void on_gifts_wanted(std::function<void()> told) override {
    tv_->on_gifts_wanted(std::move(told));
  }

  void notify(const std::string& headline, const std::string& text, int seconds) override {
    tv_->send(link::Notify{headline, text, std::clamp(seconds, 1, 60)});
  }
  void show_home(const std::string& name, int waiting_gifts) override {
    tv_->show_home({name, std::clamp(waiting_gifts, 0, 100'000)});
  }
  void ask_gift(const GiftPrompt& prompt) override {
    tv_->ask({prompt.gift, prompt.headline, prompt.title, prompt.details, prompt.note,
              prompt.meaning, prompt.picture});
  }
  void on_answer(std::function<void(const std::string& gift, GiftChoice choice)> told) override {
    tv_->on_answer([told = std::move(told)](const link::Answered& answered) {
      told(answered.prompt, static_cast<GiftChoice>(answered.choice));
    });
  }
  net::Task<Result<Bytes>> screenshot() override { return tv_->screenshot(); }
  const ScreenState& state() const override { return tv_->state(); }
  net::Signal& changed() override { return tv_->changed(); }

  net::Task<void> stop() override {
    tv_->forget_order();
    if (player_) {  // one that was started by somebody else waits for the next node
      tv_->send(link::Quit{});
      co_await player_->stop();
    }
    server_->stop();
    co_await tv_->stop();
  }

 private:
  Titles& titles_;
  std::shared_ptr<TvLink> tv_;
  std::unique_ptr<net::FrameServer> server_;
  std::shared_ptr<PlayerProcess> player_;
};

std::shared_ptr<PlayerProcess> make_player(net::Loop& loop, const ScreenOptions& options,
                                           const std::shared_ptr<TvLink>& tv) {
  const auto program =
      options.player_program.empty() ? executable_dir() / "hearth-player" : options.player_program;
  PlayerProcess::Options how;
  how.argv = {program.string(), "--socket", (options.dir / "player.sock").string()};
  how.log_file = options.dir / "log" / "player.log";
  how.died = [tv] { tv->player_died(); };
  return std::make_shared<PlayerProcess>(loop, std::move(how));
}

}  // namespace

Result<std::unique_ptr<Screen>> Screen::start(net::Loop& loop, Titles& titles,
                                              ScreenOptions options) {
  auto tv = std::make_shared<TvLink>(loop, titles, options.dir);
  auto server = net::FrameServer::start(loop, options.dir / "player.sock", max_connections,
                                        [tv](std::shared_ptr<net::FrameConnection> connection) {
                                          return TvLink::serve(tv, std::move(connection));
                                        });
  if (!server) return pass_on(server.error());
  std::shared_ptr<PlayerProcess> player;
  if (options.start_player) {
    if (auto dir = ensure_private_dir(options.dir / "log"); !dir) return pass_on(dir.error());
    player = make_player(loop, options, tv);
    player->start();
  }
  return std::make_unique<NodeScreen>(titles, std::move(tv), std::move(*server), std::move(player));
}

}  // namespace hearth::node
