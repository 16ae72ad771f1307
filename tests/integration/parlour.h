// A home with channels and its page, and what a program before it does.
#pragma once

#include <sstream>

#include <doctest/doctest.h>

#include "tests/integration/browser.h"
#include "tests/integration/steps.h"

namespace hearth::test {

inline std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

struct Parlour {
  Town town;
  std::uint16_t port = free_port();
  Home& home;
  Browser browser{port};

  explicit Parlour(std::vector<std::string> flags = {})
      : home(town.add_home("Linden Street", with_page(std::move(flags), port))) {}
  static std::vector<std::string> with_page(std::vector<std::string> flags, std::uint16_t port) {
    flags.insert(flags.end(), {"--listen", "127.0.0.1:" + std::to_string(port)});
    return flags;
  }

  std::string token(const std::vector<std::string>& words) {
    std::vector<std::string> all{"iptv", "create"};
    all.insert(all.end(), words.begin(), words.end());
    const std::string url = home.ok(all).at("url");
    return url.substr(url.find("/iptv/"));
  }
  std::string at(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port) + path;
  }
  /// Makes media with ffmpeg, publishes them, and puts them on the channel.
  void add(const std::string& channel, const std::string& name,
           const std::vector<std::string>& words, const std::vector<std::string>& flags = {},
           const std::vector<std::string>& terms = {"--private"}) {
    const fs::path file = town.dir() / name;
    std::vector<std::string> ffmpeg{"ffmpeg", "-v", "error", "-nostdin"};
    ffmpeg.insert(ffmpeg.end(), words.begin(), words.end());
    ffmpeg.push_back(file.string());
    const Outcome made = run(ffmpeg);
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
    publish(channel, file, flags, terms);
  }
  void publish(const std::string& channel, const fs::path& file,
               const std::vector<std::string>& flags = {},
               const std::vector<std::string>& terms = {"--private"}) {
    const std::string name = file.filename().string();
    home.ok({"library", "add", file.string()});
    std::vector<std::string> publishing{"publish", name};
    publishing.insert(publishing.end(), terms.begin(), terms.end());
    home.ok(publishing);
    std::vector<std::string> adding{"channel", "add", channel, name};
    adding.insert(adding.end(), flags.begin(), flags.end());
    home.ok(adding);
  }
  std::string id(const std::string& channel) const {
    return home.ok({"channel", "show", channel}).at("channel");
  }
};

}  // namespace hearth::test
