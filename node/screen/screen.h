// The node's side of the TV (docs/protocol.md §11): starts hearth-player, keeps it running,
// sends it orders, serves it plaintext ranges, and knows what it shows.
//
// Threads: loop thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/net/task.h"
#include "node/library/titles.h"
#include "node/screen/programmes.h"

namespace hearth::node {

struct ScreenOptions {
  std::filesystem::path dir;  ///< DIR/player.sock is made here
  bool start_player = true;   ///< --player auto; false: --player none (one may still connect)
  std::filesystem::path player_program;  ///< empty: hearth-player beside this executable
};

struct ScreenState {
  bool connected = false;
  std::string state = "idle";  ///< idle opening playing paused buffering ended failed
  std::string title_id;        ///< hex; empty when idle
  std::string name;
  std::int64_t position_ms = 0, duration_ms = 0;
  int page = 0, pages = 0;
  std::string sentence;     ///< why it failed
  std::string channel;      ///< id, when it shows a channel; then there is no title_id
  std::int64_t lag_ms = 0;  ///< so far behind live
};

/// A gift that waits for a person's word, as the TV shows it; without a `gift`: none.
struct GiftPrompt {
  std::string gift;  ///< id
  std::string headline, title, details, note, meaning;
  Bytes picture;  ///< JPEG of the giver, never decoded in this process
};
/// A person's word, given with the remote control.
enum class GiftChoice { accept, later, decline };

class Screen {
 public:
  static Result<std::unique_ptr<Screen>> start(net::Loop& loop, Titles& titles,
                                               ScreenOptions options);
  virtual ~Screen() = default;
  /// Code::no_player (after waiting up to 10 s for one that is starting), Code::not_playable_yet.
  virtual net::Task<Result<void>> play(wire::TitleId title, std::int64_t start_ms, std::string note,
                                       std::string from) = 0;
  virtual Result<void> command(const std::string& order, std::int64_t value) = 0;
  ///< stop, pause, resume, seek (ms), page (+1/-1)
  /// As if it were pressed on the remote control. Code::no_player.
  virtual Result<void> press(link::Key key) = 0;
  /// Where the channels come from; nullptr: there are none (any more).
  virtual void use(Programmes* programmes) = 0;
  /// Live. Code::no_player, Code::not_found.
  virtual Result<void> tune(const std::string& channel) = 0;
  virtual void on_gifts_wanted(std::function<void()> told) = 0;
  virtual void notify(const std::string& headline, const std::string& text, int seconds) = 0;
  virtual void show_home(const std::string& name, int waiting_gifts) = 0;
  /// Shown while nothing plays, until it is answered or another one comes.
  virtual void ask_gift(const GiftPrompt& prompt) = 0;
  virtual void on_answer(std::function<void(const std::string& gift, GiftChoice choice)> told) = 0;
  virtual net::Task<Result<Bytes>> screenshot() = 0;  ///< PNG
  virtual const ScreenState& state() const = 0;
  virtual net::Signal& changed() = 0;
  virtual net::Task<void> stop() = 0;
};

}  // namespace hearth::node
