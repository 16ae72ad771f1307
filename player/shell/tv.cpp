#include "player/shell/tv.h"

#include <chrono>
#include <csignal>
#include <ctime>
#include <mutex>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/log.h"
#include "player/core/tv_set.h"
#include "player/shell/cec.h"
#include "player/shell/documents.h"
#include "player/shell/mpris.h"
#include "player/shell/node_link.h"
#include "player/shell/picture_files.h"
#include "player/shell/window_grab.h"

namespace hearth::player {
namespace {

constexpr std::int64_t state_every_ms = 250;

std::int64_t now_steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t now_utc_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

WallTime local_time(std::int64_t utc_ms) {
  const auto at = static_cast<std::time_t>(utc_ms / 1000);
  std::tm local{};
  localtime_r(&at, &local);
  char time[16], weekday[32], month[32];
  std::strftime(time, sizeof time, "%H:%M", &local);
  std::strftime(weekday, sizeof weekday, "%A", &local);
  std::strftime(month, sizeof month, "%B", &local);
  return {time, std::string(weekday) + ", " + std::to_string(local.tm_mday) + " " + month, utc_ms};
}

/// News from the documents' workers, which may outlive the loop.
struct Inbox {
  std::mutex mutex;
  // Guards: news.
  std::vector<DocumentNews> news;
  int wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  ~Inbox() { close(wakeup); }

  void post(DocumentNews one) {
    {
      const std::lock_guard lock(mutex);
      news.push_back(std::move(one));
    }
    const std::uint64_t count = 1;
    [[maybe_unused]] const ssize_t n = write(wakeup, &count, sizeof count);
  }
  std::vector<DocumentNews> take() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = read(wakeup, &count, sizeof count);
    const std::lock_guard lock(mutex);
    return std::exchange(news, {});
  }
};

class Tv {
 public:
  Tv(std::unique_ptr<MpvBox> mpv, const std::filesystem::path& socket, int signals,
     std::unique_ptr<Cec> cec)
      : mpv_(std::move(mpv)),
        node_(socket),
        documents_(socket, [inbox = inbox_](DocumentNews news) { inbox->post(std::move(news)); }),
        signals_(signals),
        cec_(std::move(cec)),
        mpris_(Mpris::connect({[this](link::Key key) { press(key); },
                               [this](double volume) {
                                 set_.volume(static_cast<int>(volume * 100 + 0.5), now_steady_ms());
                               }})) {}

  void run() {
    while (!leaving_) {
      const std::int64_t now = now_steady_ms();
      if (node_.try_connect(now)) greeted_ = false;
      for (const Happening& happening : mpv_->drain()) take(happening);
      for (DocumentNews& news : inbox_->take()) take(std::move(news));
      set_.tick(now_steady_ms(), now_utc_ms());
      // The node is told only after the window is there.
      if (node_.connected() && window_ && !greeted_) greet();
      act();
      draw();
      tell_state();
      tell_bus();
      wait();
    }
  }

 private:
  void greet() {
    greeted_ = true;
    node_.send(link::Ready{show_.canvas().window_width, show_.canvas().window_height});
    set_.connected(true);
    told_ = set_.state();
  }

  void wait() {
    if (mpris_) mpris_->process();
    pollfd fds[6] = {{mpv_->wakeup_fd(), POLLIN, 0},
                     {inbox_->wakeup, POLLIN, 0},
                     {signals_, POLLIN, 0},
                     {node_.fd(), POLLIN, 0},
                     {mpris_ ? mpris_->fd() : -1, mpris_ ? mpris_->events() : short{0}, 0},
                     {cec_ ? cec_->fd() : -1, POLLIN, 0}};
    if (node_.wants_to_write()) fds[3].events |= POLLOUT;
    poll(fds, 6, static_cast<int>(set_.patience_ms(now_steady_ms(), now_utc_ms())));
    if (fds[2].revents != 0) leaving_ = true;
    if (mpris_ && fds[4].revents != 0) mpris_->process();
    if (fds[5].revents != 0) {
      for (const link::Key key : cec_->take()) press(key);
    }
    if ((fds[3].revents & POLLOUT) != 0) node_.write_some();
    if ((fds[3].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && node_.connected()) {
      for (const link::Order& order : node_.read()) {
        set_.order(order, now_steady_ms(), now_utc_ms());
      }
    }
    if (!node_.connected() && greeted_) {
      greeted_ = false;
      set_.connected(false);
    }
  }

  void take(const Happening& h) {
    using What = Happening::What;
    switch (h.what) {
      case What::window:
        show_.window(h.canvas, h.picture);
        window_ = true;
        return;
      case What::tracks:
        return show_.media_tracks(h.run, h.flag);
      case What::choices:
        return set_.tracks(h.tracks);
      case What::playing:
        return show_.media_playing(h.run, now_steady_ms());
      case What::progress:
        return show_.media_progress(h.run, h.position_ms, h.duration_ms);
      case What::stalled:
        return show_.media_stalled(h.flag);
      case What::paused:
        return show_.media_paused(h.flag);
      case What::ended:
        return show_.media_ended(h.run);
      case What::failed:
        return show_.failed(h.run, h.text);
      case What::key:
        return press(h.key);
      case What::shutdown:
        leaving_ = true;
        return;
    }
  }

  void take(DocumentNews news) {
    using What = DocumentNews::What;
    switch (news.what) {
      case What::text:
        return show_.text_arrived(news.run, news.form, std::move(news.text), now_steady_ms());
      case What::pdf:
        return show_.pdf_arrived(news.run, news.number, now_steady_ms());
      case What::page:
        page_ = std::move(news.image);
        return show_.pdf_page_ready(news.run, news.number);
      case What::not_showable:
        return show_.not_showable(news.run, news.text);
      case What::failed:
        return show_.failed(news.run, news.text);
    }
  }

  void press(link::Key key) { set_.key(key, now_steady_ms(), now_utc_ms()); }

  void tell_bus() {
    if (!mpris_) return;
    const link::State state = set_.state();
    const bool shown = !state.stream.empty() || !state.channel.empty();
    MprisView view;
    view.status = state.state == link::PlayState::paused           ? "Paused"
                  : shown && state.state != link::PlayState::ended ? "Playing"
                                                                   : "Stopped";
    view.title = set_.name_on();
    view.id = state.channel + state.stream;
    view.length_ms = state.duration_ms;
    view.position_ms = state.position_ms;
    view.volume = set_.volume() / 100.0;
    mpris_->show(view);
  }

  void act() {
    for (const Action& action : set_.take_actions()) {
      std::visit([this](const auto& one) { carry_out(one); }, action);
    }
  }

  void carry_out(const LoadMedia& a) { mpv_->load(a); }
  void carry_out(const LoadPageImage& a) {
    if (page_) mpv_->load_page(a.run, page_);
  }
  void carry_out(const LoadGiftPicture& a) { mpv_->load_page(a.run, a.jpeg); }
  void carry_out(const LoadNext& a) { mpv_->load_next(a); }
  void carry_out(const PlayNext&) { mpv_->play_next(); }
  void carry_out(const DropNext&) { mpv_->drop_next(); }
  void carry_out(const SetVolume& a) { mpv_->set_volume(a); }
  void carry_out(const ChooseTrack& a) { mpv_->choose(a); }
  void carry_out(const ShowBeside& a) { mpv_->show_beside(a.stream); }
  void carry_out(const MovePicture& a) { mpv_->move_picture(a.move); }
  void carry_out(const ShowLogo& a) {
    if (!a.logo) return mpv_->show_logo({}, 0, 0);
    const Canvas& canvas = show_.canvas();
    const Pixels pixels =
        logo_pixels(a.logo->png, canvas.window_width * a.logo->width_percent / 100,
                    canvas.window_height / 5, a.logo->opacity_percent);
    const LogoPlace place = logo_place(canvas, a.logo->corner, pixels.width, pixels.height);
    mpv_->show_logo(pixels, place.x, place.y);
  }
  void carry_out(const Unload&) { mpv_->unload(); }
  void carry_out(const SetPause& a) { mpv_->set_pause(a.paused); }
  void carry_out(const SeekTo& a) { mpv_->seek(a.position_ms); }
  void carry_out(const FetchDocument& a) { documents_.fetch(a); }
  void carry_out(const RenderPage& a) { documents_.render(a); }
  void carry_out(const DropDocument&) {
    documents_.drop();
    page_.reset();
  }
  void carry_out(const SetPictureRoom& a) { mpv_->set_picture_room(a.room); }
  void carry_out(const Capture& a) {
    auto png = picture();
    node_.send(link::ScreenshotTaken{a.request, png.has_value(),
                                     png ? std::string() : png.error().sentence});
    if (png) node_.send_bytes(*png);
  }
  void carry_out(const Leave&) { leaving_ = true; }
  void carry_out(const link::Event& event) { node_.send(event); }

  Result<Bytes> picture() {
    const bool x11 = mpv_->current_vo() == "x11";
    auto pixels = x11 ? grab_own_window() : mpv_->screenshot(true);
    if (!pixels && !x11) pixels = grab_own_window();
    if (!pixels) pixels = mpv_->screenshot(false);
    if (!pixels) return pass_on(pixels.error());
    return png_file(std::move(*pixels), link::max_frame - 1);
  }

  void draw() {
    const std::string layers[] = {set_.scene(), set_.top()};
    const bool resized = !(drawn_canvas_ == show_.canvas());
    for (int i = 0; i < 2; ++i) {
      if (layers[i] == drawn_[i] && !resized) continue;
      mpv_->draw(i + 1, layers[i], show_.canvas());
      drawn_[i] = layers[i];
    }
    drawn_canvas_ = show_.canvas();
  }

  void tell_state() {
    const link::State state = set_.state();
    if (!greeted_ || state == told_) return;
    link::State without_time = state;
    without_time.position_ms = told_.position_ms;
    const std::int64_t now = now_steady_ms();
    // Each change at once; the passing of time four times a second.
    if (without_time == told_ && now - told_ms_ < state_every_ms) return;
    node_.send(state);
    told_ = state;
    told_ms_ = now;
  }

  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  std::unique_ptr<MpvBox> mpv_;
  NodeLink node_;
  Documents documents_;
  TvSet set_{local_time};
  Show& show_ = set_.show();
  int signals_;
  std::unique_ptr<Cec> cec_;
  std::unique_ptr<Mpris> mpris_;
  bool leaving_ = false, window_ = false, greeted_ = false;
  std::shared_ptr<const Bytes> page_;
  std::string drawn_[2];
  Canvas drawn_canvas_;
  link::State told_;
  std::int64_t told_ms_ = 0;
};

}  // namespace

Result<void> run_tv(MpvOptions options, const std::string& cec) {
  std::signal(SIGPIPE, SIG_IGN);
  // Blocked before mpv starts its threads, so that only the loop sees them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  sigprocmask(SIG_BLOCK, &ending, nullptr);
  const int signals = signalfd(-1, &ending, SFD_CLOEXEC);
  const std::filesystem::path socket = options.socket;
  auto mpv = MpvBox::start(std::move(options));
  if (!mpv) return pass_on(mpv.error());
  auto remote = cec == "off" ? nullptr : Cec::start(cec == "auto" ? "" : cec);
  Tv(std::move(*mpv), socket, signals, std::move(remote)).run();
  close(signals);
  return {};
}

}  // namespace hearth::player
