#include "player/shell/mpv_box.h"

#include <algorithm>
#include <clocale>
#include <cmath>
#include <cstring>
#include <map>

#include <mpv/client.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/log.h"
#include "player/core/keyboard.h"
#include "player/shell/mpv_node.h"
#include "player/shell/mpv_options.h"
#include "player/shell/mpv_streams.h"
#include "player/shell/mpv_tracks.h"

namespace hearth::player {
namespace {

using What = Happening::What;

enum Observed : std::uint64_t {
  time_pos = 1,
  duration,
  pause_flag,
  for_cache,
  seeking,
  window,
  track_list
};

/// Its last picture stays until something else is ordered, though time goes on.
constexpr const char* held = ",keep-open=always";

std::int64_t milliseconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return 0;
  return std::llround(seconds * 1000);
}

std::string sentence_for(int mpv_error) {
  switch (mpv_error) {
    case MPV_ERROR_UNKNOWN_FORMAT:
    case MPV_ERROR_NOTHING_TO_PLAY:
      return "The file is of a form that this TV cannot show. It is kept; open it on a computer.";
    case MPV_ERROR_AO_INIT_FAILED:
    case MPV_ERROR_VO_INIT_FAILED:
      return "The picture or the sound of this TV cannot be used right now. Restart the player.";
    default:
      return "The title could not be opened. It is kept; try it again.";
  }
}

class Box final : public MpvBox {
 public:
  Box(MpvOptions options, int wakeup_fd)
      : options_(std::move(options)), streams_(options_.socket), wakeup_fd_(wakeup_fd) {}

  ~Box() override {
    streams_.cancel_all();
    if (mpv_ != nullptr) {
      mpv_set_wakeup_callback(mpv_, nullptr, nullptr);
      mpv_terminate_destroy(mpv_);
    }
    close(wakeup_fd_);
  }

  Result<void> initialise() {
    std::setlocale(LC_NUMERIC, "C");  // mpv_create() refuses another decimal point
    mpv_ = mpv_create();
    if (mpv_ == nullptr) return fail(Code::internal, "libmpv could not be started.");
    for (const auto& [name, value] : mpv_settings(options_, this_machine())) {
      const int error = mpv_set_option_string(mpv_, name.c_str(), value.c_str());
      if (error < 0)
        spdlog::debug("mpv has no option {}={}: {}", name, value, mpv_error_string(error));
    }
    mpv_request_log_messages(mpv_, "warn");
    mpv_set_wakeup_callback(
        mpv_, [](void* box) { static_cast<Box*>(box)->wake(); }, this);
    if (const int error = mpv_initialize(mpv_); error < 0) {
      return fail(Code::internal,
                  std::string("libmpv could not be started: ") + mpv_error_string(error) + ".");
    }
    if (!streams_.attach(mpv_)) return fail(Code::internal, "libmpv takes no streams.");
    mpv_hook_add(mpv_, 0, "on_preloaded", 0);
    mpv_observe_property(mpv_, time_pos, "time-pos", MPV_FORMAT_DOUBLE);
    mpv_observe_property(mpv_, duration, "duration", MPV_FORMAT_DOUBLE);
    mpv_observe_property(mpv_, pause_flag, "pause", MPV_FORMAT_FLAG);
    mpv_observe_property(mpv_, for_cache, "paused-for-cache", MPV_FORMAT_FLAG);
    mpv_observe_property(mpv_, seeking, "seeking", MPV_FORMAT_FLAG);
    mpv_observe_property(mpv_, window, "osd-dimensions", MPV_FORMAT_NODE);
    mpv_observe_property(mpv_, track_list, "track-list", MPV_FORMAT_NODE);
    for (const auto& [name, key] : keyboard()) {
      const std::string order = "script-message hearth-key " + std::string(link::key_name(key));
      command({"keybind", name, order.c_str()});
    }
    return {};
  }

  int wakeup_fd() const override { return wakeup_fd_; }

  std::vector<Happening> drain() override {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(wakeup_fd_, &count, sizeof count);
    std::vector<Happening> out;
    while (true) {
      const mpv_event* event = mpv_wait_event(mpv_, 0);
      if (event->event_id == MPV_EVENT_NONE) return out;
      take(*event, out);
      if (event->event_id == MPV_EVENT_SHUTDOWN) return out;
    }
  }

  void load(const LoadMedia& media) override {
    streams_.forget_failures();
    runs_.clear();
    std::string options = media_options(media.kind, media.start_ms, url_beside(media.beside));
    if (media.hold) options += held;
    load_url(media.run, MpvStreams::url(media.run, media.stream), "replace", options);
  }

  void load_next(const LoadNext& media) override {
    drop_next();
    load_url(media.run, MpvStreams::url(media.run, media.stream), "append",
             media_options(media.kind, media.start_ms, url_beside(media.beside)) + held);
  }

  void show_beside(const std::string& stream) override {
    const std::string url = url_beside(stream);
    command({"video-add", url.c_str(), "select", "", "", "yes"});
  }

  void play_next() override {
    const char* words[] = {"playlist-next", "force", nullptr};
    mpv_command(mpv_, words);
  }

  void drop_next() override {
    // Forgets all but what plays.
    const char* words[] = {"playlist-clear", nullptr};
    mpv_command(mpv_, words);
  }

  void set_volume(const SetVolume& volume) override {
    // mpv's scale is cubic: half of it sounds like half.
    double percent = volume.percent;
    int muted = volume.muted ? 1 : 0;
    mpv_set_property_async(mpv_, 0, "volume", MPV_FORMAT_DOUBLE, &percent);
    mpv_set_property_async(mpv_, 0, "mute", MPV_FORMAT_FLAG, &muted);
  }

  void choose(const ChooseTrack& track) override {
    const std::string id = track.id == 0 ? "no" : std::to_string(track.id);
    const char* name = track.kind == TrackKind::audio ? "aid" : "sid";
    command({"set", name, id.c_str()});
  }

  void load_page(int run, std::shared_ptr<const Bytes> image) override {
    streams_.set_page(std::move(image));
    runs_.clear();
    load_url(run, MpvStreams::page_url(run), "replace", "start=none,aid=no");
  }

  void unload() override {
    // Not async: a queued stop would be overtaken by the loadfile that follows it.
    const char* words[] = {"stop", nullptr};
    mpv_command(mpv_, words);
    streams_.set_page(nullptr);
  }

  void set_pause(bool paused) override {
    int flag = paused ? 1 : 0;
    mpv_set_property_async(mpv_, 0, "pause", MPV_FORMAT_FLAG, &flag);
  }

  void seek(std::int64_t position_ms) override {
    const std::string seconds = std::to_string(static_cast<double>(position_ms) / 1000);
    command({"seek", seconds.c_str(), "absolute"});
  }

  void set_picture_room(const PictureMargins& room) override {
    const std::pair<const char*, double> sides[] = {{"video-margin-ratio-left", room.left},
                                                    {"video-margin-ratio-right", room.right},
                                                    {"video-margin-ratio-top", room.top},
                                                    {"video-margin-ratio-bottom", room.bottom}};
    for (auto [name, value] : sides) {
      mpv_set_property_async(mpv_, 0, name, MPV_FORMAT_DOUBLE, &value);
    }
  }

  void move_picture(const PictureMove& move) override {
    const std::pair<const char*, double> values[] = {
        {"video-zoom", move.zoom}, {"video-pan-x", move.x}, {"video-pan-y", move.y}};
    for (auto [name, value] : values) {
      mpv_set_property_async(mpv_, 0, name, MPV_FORMAT_DOUBLE, &value);
    }
  }

  void draw(int layer, const std::string& ass, const Canvas& canvas) override {
    NodeMap overlay;
    overlay.text("name", "osd-overlay")
        .number("id", layer)
        .number("z", layer)
        .text("format", ass.empty() ? "none" : "ass-events")
        .text("data", ass)
        .number("res_x", std::lround(canvas.width()))
        .number("res_y", std::lround(Canvas::height()));
    mpv_command_node_async(mpv_, 0, overlay.node());
  }

  void show_logo(const Pixels& pixels, int left, int top) override {
    if (pixels.data.empty()) return command({"overlay-remove", "0"});
    // mpv reads them at once; the command is not queued.
    const std::string from =
        "&" + std::to_string(reinterpret_cast<std::uintptr_t>(pixels.data.data()));
    const std::string x = std::to_string(left), y = std::to_string(top),
                      w = std::to_string(pixels.width), h = std::to_string(pixels.height),
                      stride = std::to_string(pixels.width * 4);
    const char* words[] = {"overlay-add", "0",       x.c_str(), y.c_str(),      from.c_str(), "0",
                           "bgra",        w.c_str(), h.c_str(), stride.c_str(), nullptr};
    if (const int error = mpv_command(mpv_, words); error < 0) {
      spdlog::warn("a logo is not shown: {}", mpv_error_string(error));
    }
  }

  std::string current_vo() override {
    char* name = mpv_get_property_string(mpv_, "current-vo");
    const std::string out = name == nullptr ? "" : name;
    mpv_free(name);
    return out;
  }

  Result<Pixels> screenshot(bool of_window) override {
    const char* words[] = {"screenshot-raw", of_window ? "window" : "subtitles", nullptr};
    OwnedNode answer;
    const int error = mpv_command_ret(mpv_, words, &answer.node);
    const mpv_node* data = error < 0 ? nullptr : member(answer.node, "data");
    const std::int64_t w = integer_member(answer.node, "w"), h = integer_member(answer.node, "h");
    const std::int64_t stride = integer_member(answer.node, "stride");
    if (data == nullptr || data->format != MPV_FORMAT_BYTE_ARRAY || w <= 0 || h <= 0 || w > 16384 ||
        h > 16384 || stride < w * 4 ||
        data->u.ba->size < static_cast<std::size_t>(stride * (h - 1) + w * 4)) {
      return fail(Code::unsupported_media, "This TV's output gives no picture of itself.");
    }
    Pixels pixels{static_cast<int>(w), static_cast<int>(h), {}};
    pixels.data.resize(static_cast<std::size_t>(w * h * 4));
    const auto* from = static_cast<const std::uint8_t*>(data->u.ba->data);
    for (std::int64_t y = 0; y < h; ++y) {
      std::memcpy(pixels.data.data() + y * w * 4, from + y * stride,
                  static_cast<std::size_t>(w * 4));
    }
    return pixels;
  }

 private:
  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wakeup_fd_, &one, sizeof one);
  }

  void command(std::vector<const char*> words) {
    words.push_back(nullptr);
    mpv_command_async(mpv_, 0, words.data());
  }

  /// What it says is nobody's failure: the sound goes on without it.
  static std::string url_beside(const std::string& stream) {
    return stream.empty() ? "" : MpvStreams::url(0, stream);
  }

  void load_url(int run, const std::string& url, const char* how, const std::string& options) {
    NodeMap words;
    words.text("name", "loadfile").text("url", url).text("flags", how).text("options", options);
    OwnedNode answer;
    const int error = mpv_command_node(mpv_, words.node(), &answer.node);
    if (error < 0) {
      spdlog::error("mpv did not take a title: {}", mpv_error_string(error));
      return;
    }
    runs_[integer_member(answer.node, "playlist_entry_id")] = run;
  }

  Happening here(What what) const {
    Happening out{};
    out.what = what;
    out.run = current_run_;
    return out;
  }

  void take(const mpv_event& event, std::vector<Happening>& out) {
    switch (event.event_id) {
      case MPV_EVENT_START_FILE:
        return started(*static_cast<mpv_event_start_file*>(event.data));
      case MPV_EVENT_HOOK:
        return preloaded(*static_cast<mpv_event_hook*>(event.data), out);
      case MPV_EVENT_PLAYBACK_RESTART:
        out.push_back(here(What::playing));
        return;
      case MPV_EVENT_END_FILE:
        return ended(*static_cast<mpv_event_end_file*>(event.data), out);
      case MPV_EVENT_PROPERTY_CHANGE:
        return changed(event.reply_userdata, *static_cast<mpv_event_property*>(event.data), out);
      case MPV_EVENT_CLIENT_MESSAGE: {
        const auto& message = *static_cast<mpv_event_client_message*>(event.data);
        if (message.num_args != 2 || std::string_view(message.args[0]) != "hearth-key") return;
        const auto key = link::key_from_name(message.args[1]);
        if (!key) return;
        out.push_back(here(What::key));
        out.back().key = *key;
        return;
      }
      case MPV_EVENT_LOG_MESSAGE: {
        const auto& message = *static_cast<mpv_event_log_message*>(event.data);
        std::string_view text = message.text;
        while (text.ends_with('\n')) text.remove_suffix(1);
        spdlog::debug("mpv {}: {}", message.prefix, text);
        return;
      }
      case MPV_EVENT_SHUTDOWN:
        out.push_back(here(What::shutdown));
        return;
      default:
        return;
    }
  }

  void started(const mpv_event_start_file& start) {
    const auto run = runs_.find(start.playlist_entry_id);
    current_run_ = run == runs_.end() ? -1 : run->second;
    position_ms_ = duration_ms_ = 0;
    // An entry that we did not load can only have come out of a title.
    if (current_run_ < 0) command({"stop"});
  }

  void preloaded(const mpv_event_hook& hook, std::vector<Happening>& out) {
    OwnedNode tracks;
    FirstTracks first;
    if (mpv_get_property(mpv_, "track-list", MPV_FORMAT_NODE, &tracks.node) >= 0) {
      first = first_tracks(tracks.node);
    }
    const auto [sound, picture, beside] = first;
    if (beside > 0) {
      const std::string id = std::to_string(beside);
      mpv_set_property_string(mpv_, "file-local-options/vid", id.c_str());
    }
    if (sound > 0 && !picture) {
      const Canvas canvas = canvas_;
      const PictureMargins room = audio_picture_room(canvas, false);
      const int width = static_cast<int>(canvas.window_width * (1 - room.left - room.right)) & ~1;
      const int height = static_cast<int>(canvas.window_height * (1 - room.top - room.bottom)) & ~1;
      const std::string graph =
          visualisation(sound, std::clamp(width, 320, 1920), std::clamp(height, 80, 540));
      mpv_set_property_string(mpv_, "file-local-options/lavfi-complex", graph.c_str());
    }
    if (sound > 0 || picture) {
      out.push_back(here(What::tracks));
      out.back().flag = picture;
    }
    mpv_hook_continue(mpv_, hook.id);
  }

  void ended(const mpv_event_end_file& end, std::vector<Happening>& out) {
    if (end.reason != MPV_END_FILE_REASON_EOF && end.reason != MPV_END_FILE_REASON_ERROR &&
        end.reason != MPV_END_FILE_REASON_REDIRECT) {
      return;
    }
    // mpv takes a failed read for the end of the file; the stream knows better.
    const std::string why = streams_.failure(current_run_);
    if (end.reason == MPV_END_FILE_REASON_EOF && why.empty()) {
      out.push_back(here(What::ended));
      return;
    }
    out.push_back(here(What::failed));
    out.back().text = !why.empty() ? why
                      : end.reason == MPV_END_FILE_REASON_REDIRECT
                          ? sentence_for(MPV_ERROR_UNKNOWN_FORMAT)
                          : sentence_for(end.error);
    spdlog::info("a title ended early: {}", end.error < 0 ? mpv_error_string(end.error) : "stream");
  }

  void changed(std::uint64_t what, const mpv_event_property& property,
               std::vector<Happening>& out) {
    const bool flag = property.format == MPV_FORMAT_FLAG && *static_cast<int*>(property.data) != 0;
    switch (what) {
      case time_pos:
      case duration: {
        if (property.format != MPV_FORMAT_DOUBLE) return;
        (what == time_pos ? position_ms_ : duration_ms_) =
            milliseconds(*static_cast<double*>(property.data));
        Happening progress = here(What::progress);
        progress.position_ms = position_ms_;
        progress.duration_ms = duration_ms_;
        // Only the last of a drain counts.
        if (!out.empty() && out.back().what == What::progress) out.pop_back();
        out.push_back(progress);
        return;
      }
      case pause_flag:
        out.push_back(here(What::paused));
        out.back().flag = flag;
        return;
      case for_cache:
      case seeking:
        (what == for_cache ? waits_for_cache_ : seeks_) = flag;
        out.push_back(here(What::stalled));
        out.back().flag = waits_for_cache_ || seeks_;
        return;
      case track_list:
        if (property.format != MPV_FORMAT_NODE) return;
        out.push_back(here(What::choices));
        out.back().tracks = tracks_of(*static_cast<mpv_node*>(property.data));
        for (const int id : past_pictures(*static_cast<mpv_node*>(property.data))) {
          const std::string word = std::to_string(id);
          command({"video-remove", word.c_str()});
        }
        return;
      case window:
        if (property.format == MPV_FORMAT_NODE) {
          window_changed(*static_cast<mpv_node*>(property.data), out);
        }
        return;
      default:
        return;
    }
  }

  void window_changed(const mpv_node& dimensions, std::vector<Happening>& out) {
    const auto w = integer_member(dimensions, "w"), h = integer_member(dimensions, "h");
    if (w <= 0 || h <= 0 || w > 65535 || h > 65535) return;
    canvas_ = Canvas{static_cast<int>(w), static_cast<int>(h)};
    const double scale = Canvas::height() / static_cast<double>(h);
    const auto margin = [&](const char* side) {
      return static_cast<double>(integer_member(dimensions, side)) * scale;
    };
    Happening happening = here(What::window);
    happening.canvas = canvas_;
    happening.picture = {margin("ml"), margin("mr"), margin("mt"), margin("mb")};
    out.push_back(std::move(happening));
  }

  MpvOptions options_;
  MpvStreams streams_;
  int wakeup_fd_;
  mpv_handle* mpv_ = nullptr;
  std::map<std::int64_t, int> runs_;  ///< playlist entry -> run
  int current_run_ = -1;
  std::int64_t position_ms_ = 0, duration_ms_ = 0;
  bool waits_for_cache_ = false, seeks_ = false;
  Canvas canvas_;
};

}  // namespace

Result<std::unique_ptr<MpvBox>> MpvBox::start(MpvOptions options) {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return fail(Code::internal, "No descriptor is left for the player.");
  auto box = std::make_unique<Box>(std::move(options), fd);
  if (auto ready = box->initialise(); !ready) return pass_on(ready.error());
  return box;
}

}  // namespace hearth::player
