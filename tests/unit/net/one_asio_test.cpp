// libtorrent carries a copy of Asio of its own; both copies in one process must get along
// (common/net/README.md).
#include <chrono>
#include <utility>

#include <doctest/doctest.h>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/settings_pack.hpp>

#include "tests/unit/net/net_fixture.h"

namespace hearth::net {

TEST_CASE("net: a server and a libtorrent session in one process") {
  Loop loop;
  const auto server = start(loop, tls_options());
  libtorrent::settings_pack settings;
  settings.set_str(libtorrent::settings_pack::listen_interfaces, "127.0.0.1:0");
  settings.set_bool(libtorrent::settings_pack::enable_dht, false);
  settings.set_bool(libtorrent::settings_pack::enable_lsd, false);
  settings.set_bool(libtorrent::settings_pack::enable_upnp, false);
  settings.set_bool(libtorrent::settings_pack::enable_natpmp, false);
  settings.set_int(libtorrent::settings_pack::alert_mask, libtorrent::alert_category::status);
  for (int round = 0; round < 3; ++round) {
    libtorrent::session session(settings);
    for (int i = 0; i < 20; ++i) {
      const auto response =
          run(loop, https_request(loop, pinned(*server), post("/", "body"), 30'000));
      REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
      CHECK(as_text(response->body) == "body");
    }
    bool listens = false;
    while (!listens && session.wait_for_alert(std::chrono::seconds(30)) != nullptr) {
      std::vector<libtorrent::alert*> alerts;
      session.pop_alerts(&alerts);
      for (const libtorrent::alert* alert : alerts) {
        listens =
            listens || libtorrent::alert_cast<libtorrent::listen_succeeded_alert>(alert) != nullptr;
      }
    }
    CHECK(listens);
  }
}

}  // namespace hearth::net
