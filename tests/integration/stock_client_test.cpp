// A stock BitTorrent client (Debian's qbittorrent-nox) in the swarm: it fetches a title's
// ciphertext with the torrent that `hearth torrent` saves, announces to the ledger's plain tracker,
// counts as a complete source, and a home that pays fetches from it alone.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

std::string loopback(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

/// A profile that keeps to loopback: no DHT, no local discovery, no other interface.
fs::path write_profile(const fs::path& dir, std::uint16_t port, std::uint16_t page_port) {
  const fs::path config = dir / "profile" / "qBittorrent" / "config";
  fs::create_directories(config);
  std::ofstream(config / "qBittorrent.conf")
      << "[LegalNotice]\nAccepted=true\n[BitTorrent]\nSession\\Interface=lo\n"
         "Session\\InterfaceName=lo\nSession\\InterfaceAddress=127.0.0.1\n"
         "Session\\DHTEnabled=false\nSession\\LSDEnabled=false\nSession\\PeXEnabled=false\n"
         "Session\\QueueingSystemEnabled=false\nSession\\Port="
      << port << "\n[Network]\nPortForwardingEnabled=false\n"
      << "[Preferences]\nWebUI\\Address=127.0.0.1\nWebUI\\LocalHostAuth=false\nWebUI\\Port="
      << page_port << "\n";
  return dir / "profile";
}

int complete_sources(const Home& home, const std::string& offer) {
  for (const Json& one : rows(home.ok({"catalogue"}), "offers")) {
    if (one.at("offer") == offer) return one.at("complete_sources");
  }
  return -1;
}

}  // namespace

TEST_CASE("a stock client fetches the ciphertext and serves a home that pays") {
  const std::uint16_t tracker = free_port(), client_port = free_port(), page_port = free_port();
  Town town({"--tracker-listen", loopback(tracker)});
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const std::string offer =
      town.publish(a, town.make_file("film.bin", 2'000'000, 5), "1.00 EUR").at("offer");
  town.deposit(b, "5.00 EUR", "x1");

  // The seller's own copy, and what a home that has nothing gets from the ledger, are the same.
  const fs::path torrent = town.dir() / "film.torrent", other = town.dir() / "other.torrent";
  a.ok({"torrent", "film.bin", torrent.string()});
  b.ok({"torrent", offer, other.string()});
  CHECK(fs::file_size(torrent) == fs::file_size(other));
  b.refused({"torrent", "nothing of that name", other.string()}, "unknown_offer");

  const fs::path saved = town.dir() / "saved";
  Daemon client(
      "qbittorrent-nox",
      {"qbittorrent-nox", "--profile=" + write_profile(town.dir(), client_port, page_port).string(),
       "--save-path=" + saved.string(), "--skip-dialog=true", torrent.string()},
      town.dir() / "client.log");
  client.start();
  eventually("the stock client is a complete source beside A", 90, [&] {
    REQUIRE_MESSAGE(!client.ended(), "qbittorrent-nox ended:\n", client.log_text());
    return complete_sources(b, offer) == 2;
  });

  CHECK(a.daemon().stop() == 0);
  b.ok({"buy", offer});
  eventually("B has it from the stock client, and its key", 90,
             [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(b) == 400);
  town.audit_clean();
}
