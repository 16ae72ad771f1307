// A home that serves its page, and phones that are paired with it.
#pragma once

#include <doctest/doctest.h>

#include "tests/integration/browser.h"
#include "tests/integration/steps.h"

namespace hearth::test {

/// A home with its page, and a browser before it.
class PageHome {
 public:
  PageHome()
      : port_(free_port()),
        home_(town_.add_home("Linden Street", {"--listen", "127.0.0.1:" + std::to_string(port_),
                                               "--allow-host", "hearth.home.arpa"})) {}
  Town& town() { return town_; }
  Home& home() { return home_; }
  Browser browser() const { return Browser(port_); }
  std::uint16_t port() const { return port_; }
  Browser paired(const std::string& role, const std::string& profile = {}) {
    std::vector<std::string> words{"pair", "--as", role};
    if (!profile.empty()) words.insert(words.end(), {"--profile", profile});
    Browser out(port_);
    const Answered answer = out.pair({{"code", home_.ok(words).at("code")}}, role);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return out;
  }

 private:
  Town town_;
  std::uint16_t port_;
  Home& home_;
};

inline void check_headers(const Answered& answer) {
  CHECK(answer.header("content-security-policy").find("default-src 'none'") == 0);
  CHECK(answer.header("content-security-policy").find("frame-ancestors 'none'") !=
        std::string::npos);
  CHECK(answer.header("x-content-type-options") == "nosniff");
  CHECK(answer.header("referrer-policy") == "no-referrer");
  CHECK(answer.header("cross-origin-opener-policy") == "same-origin");
  CHECK(answer.header("cross-origin-resource-policy") == "same-origin");
  CHECK(answer.header("access-control-allow-origin").empty());
}

}  // namespace hearth::test
