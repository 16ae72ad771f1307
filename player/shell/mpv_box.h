// libmpv, held in one place: options that keep media from strangers inside its bounds, the
// stream protocols, and mpv's events as values of ours. No mpv type leaves mpv_box.cpp and
// mpv_streams.cpp.
//
// Threads: one thread uses it; mpv's own threads only write to wakeup_fd(). Stream callbacks run
// on mpv's threads and never call libmpv.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "player/core/actions.h"

namespace hearth::player {

struct MpvOptions {
  std::filesystem::path socket;  ///< where streams are read from
  std::string vo, ao;            ///< empty: chosen by what this machine has
  std::string geometry = "1280x720";
  bool fullscreen = false;
};

struct Happening {
  enum class What {
    window,    ///< canvas, picture
    tracks,    ///< flag: there is a picture
    choices,   ///< tracks
    playing,   ///< first picture or sound
    progress,  ///< position, duration
    stalled,   ///< flag
    paused,    ///< flag
    ended,
    failed,  ///< text: a sentence
    key,
    shutdown,
  };
  What what;
  int run = 0;
  bool flag = false;
  std::int64_t position_ms = 0, duration_ms = 0;
  Canvas canvas;
  PictureMargins picture;
  std::string text;
  std::vector<Track> tracks;
  link::Key key = link::Key::ok;
};

/// Pixels as BGRX (a logo: as BGRA, multiplied), top row first.
struct Pixels {
  int width = 0, height = 0;
  Bytes data;
};

class MpvBox {
 public:
  static Result<std::unique_ptr<MpvBox>> start(MpvOptions options);
  virtual ~MpvBox() = default;
  virtual int wakeup_fd() const = 0;
  virtual std::vector<Happening> drain() = 0;
  virtual void load(const LoadMedia& media) = 0;
  /// Shows `image` (a whole BMP file) until something else is loaded.
  virtual void load_page(int run, std::shared_ptr<const Bytes> image) = 0;
  virtual void unload() = 0;
  /// Opens it beside what plays, which it follows; at most one.
  virtual void load_next(const LoadNext& media) = 0;
  /// Another picture to the sound that plays, which began with one.
  virtual void show_beside(const std::string& stream) = 0;
  virtual void play_next() = 0;
  virtual void drop_next() = 0;
  virtual void set_volume(const SetVolume& volume) = 0;
  virtual void choose(const ChooseTrack& track) = 0;
  virtual void set_pause(bool paused) = 0;
  virtual void seek(std::int64_t position_ms) = 0;
  virtual void set_picture_room(const PictureMargins& room) = 0;
  /// Layer 1 lies under layer 2.
  virtual void draw(int layer, const std::string& ass, const Canvas& canvas) = 0;
  virtual void move_picture(const PictureMove& move) = 0;
  /// Over the picture, its upper left corner there in pixels of the window; empty takes it away.
  virtual void show_logo(const Pixels& pixels, int left, int top) = 0;
  virtual std::string current_vo() = 0;
  /// What mpv itself can give: with the display where the vo can, else the picture with subtitles.
  virtual Result<Pixels> screenshot(bool window) = 0;
};

}  // namespace hearth::player
