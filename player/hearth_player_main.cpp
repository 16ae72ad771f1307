// hearth-player: the TV of a home. It shows what the node orders and never holds a key.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/cli/manual.h"
#include "player/shell/tv.h"

namespace {

/// Media from strangers is decoded here: no new rights, no core files with its contents, and an
/// end to what a broken file can make a decoder ask for.
void fence_in() {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit data{rlim_t{3} << 30, rlim_t{3} << 30};
  setrlimit(RLIMIT_DATA, &data);
#endif
}

/// A bare display, as on a TV box, belongs to the player; on somebody's desktop it is a window.
bool fills_the_screen(const std::string& wish) {
  if (wish != "auto") return wish == "yes";
  return std::getenv("XDG_CURRENT_DESKTOP") == nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The TV of a home: shows what hearthd orders.", "hearth-player"};
  hearth::player::MpvOptions options;
  std::string socket, fullscreen = "auto", cec = "auto", log_level = "info";
  app.set_version_flag("--version", HEARTH_VERSION);
  app.add_option("--socket", socket, "the node's player.sock")->required();
  app.add_option("--fullscreen", fullscreen, "auto, yes or no")
      ->check(CLI::IsMember({"auto", "yes", "no"}));
  app.add_option("--geometry", options.geometry, "size of the window, e.g. 1280x720");
  app.add_option("--vo", options.vo, "mpv's video output instead of the one that fits");
  app.add_option("--ao", options.ao, "mpv's audio output instead of the first that works");
  app.add_option(
      "--cec", cec,
      "the HDMI-CEC adapter for the television's remote control: auto, off, or its port");
  app.add_option("--log-level", log_level, "trace, debug, info, warn or error")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
  hearth::cli::offer_manual(
      app, {"hearth-player",
            1,
            "2026-11-22",
            "the TV of a Hearth home",
            "Shows what hearthd(8) orders over its player socket; hearthd starts it. It holds no "
            "key of the home: what it decodes comes from strangers.",
            {{"Exit status", "0 ended; 1 it could not start or go on; 2 wrong usage."}},
            {"hearthd(8)", "hearth(1)"}});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? 0 : 2;
  }
  hearth::init_log("hearth-player", log_level);
  fence_in();
  options.socket = socket;
  options.fullscreen = fills_the_screen(fullscreen);
  const auto done = hearth::player::run_tv(options, cec);
  if (!done) std::fprintf(stderr, "%s\n", done.error().sentence.c_str());
  spdlog::default_logger()->flush();
  std::fflush(nullptr);
  // A worker may still draw a hostile page; it must not meet destructors of globals.
  _exit(done ? 0 : 1);
}
