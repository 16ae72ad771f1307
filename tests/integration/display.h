// An X server of the test's own: homes started after it with --player auto show their TV there.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/daemons.h"

namespace hearth::test {

class Display {
 public:
  explicit Display(const Town& town)
      : server_("Xvfb",
                {"Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp",
                 "-noreset"},
                town.dir() / "display") {
    server_.start();
    std::string number;
    eventually("the X server tells its display", 30, [&] {
      REQUIRE_FALSE(server_.ended());
      number = number_in(server_.log_text());
      return !number.empty();
    });
    ::setenv("DISPLAY", (":" + number).c_str(), 1);
    ::unsetenv("WAYLAND_DISPLAY");
  }

 private:
  /// The line of digits: beside a server that has :0, complaints stand before it.
  static std::string number_in(const std::string& log) {
    std::istringstream lines(log.substr(0, log.rfind('\n') + 1));
    for (std::string line; std::getline(lines, line);) {
      const bool digits = line.find_first_not_of("0123456789") == std::string::npos;
      if (!line.empty() && digits) return line;
    }
    return {};
  }

  Daemon server_;
};

/// DIR/name: a film of that length that a TV can play.
inline fs::path make_film(const Town& town, const std::string& name, int seconds) {
  const fs::path film = town.dir() / name;
  const Outcome made = run({"ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                            "testsrc2=size=320x180:rate=10:duration=" + std::to_string(seconds),
                            "-pix_fmt", "yuv420p", film.string()});
  REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  return film;
}

}  // namespace hearth::test
