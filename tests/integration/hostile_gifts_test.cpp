// A stranger who has a home's card: what it may drop into the home's mailbox, and what comes of it.
// Each hostile drop is one refusal, costs the home next to nothing, and keeps no gift of a friend
// from arriving.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "common/wire/gift_documents.h"
#include "tests/bench/tls_load.h"
#include "tests/integration/market.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth;
using namespace hearth::test;

namespace {

using test::Home;

UtcMs now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// JPEG markers that claim 65,500 × 65,500 pixels: 12 GiB for whoever believes them.
Bytes giant_picture() {
  Bytes out{0xff, 0xd8, 0xff, 0xc0, 0x00, 0x11, 0x08, 0xff, 0xdc, 0xff, 0xdc, 0x03,
            0x01, 0x22, 0x00, 0x02, 0x11, 0x01, 0x03, 0x11, 0x01, 0xff, 0xda, 0x00,
            0x0c, 0x03, 0x01, 0x00, 0x02, 0x11, 0x03, 0x11, 0x00, 0x3f, 0x00};
  out.insert(out.end(), 4000, 0x55);
  out.insert(out.end(), {0xff, 0xd9});
  return out;
}

/// Markers alone: small, so that many letters of it fit into memory.
Bytes empty_picture() {
  Bytes out = giant_picture();
  out.erase(out.begin() + 35, out.end() - 2);
  return out;
}

/// Whoever has the card of a home, and its own keys; no node, the protocol alone.
class Stranger {
 public:
  Stranger(const Town& town, const Home& victim)
      : keys_(crypto::Seed(crypto::sha256(as_bytes("a stranger")))), line_(town.card()) {
    const auto card =
        identity::parse_contact_card(victim.ok({"contacts", "card"}).at("card").get<std::string>());
    REQUIRE(card);
    victim_ = *card;
  }
  const identity::HomeKeys& keys() const { return keys_; }
  const identity::ContactCard& victim() const { return victim_; }

  /// A private gift of this stranger, good in every way.
  wire::Gift gift(const std::string& name, Bytes poster = giant_picture()) const {
    wire::Manifest manifest;
    manifest.home = keys_.address();
    manifest.name = name;
    manifest.kind = wire::Kind::image;
    manifest.media_type = "image/jpeg";
    manifest.title = crypto::random_array<32>();
    manifest.info_hash = crypto::random_array<20>();
    manifest.size = 1'000'000;
    manifest.piece_length = 256 * 1024;
    manifest.poster = std::move(poster);
    manifest.issued_ms = now();
    identity::ContactCard own = victim_;
    own.home = keys_.address();
    own.encryption = keys_.encryption().public_key();
    own.mailbox = keys_.mailbox().public_key();
    own.name = "A stranger";
    wire::Gift out;
    out.id = crypto::random_array<16>();
    out.to = victim_.home;
    out.from_card = identity::write_contact_card(own, keys_.identity());
    out.manifest_jws = wire::write_manifest(manifest, keys_.identity());
    out.file_key = crypto::age::new_file_key();
    out.sent_ms = now();
    return out;
  }
  Bytes sealed(const wire::Gift& gift) const {
    auto out = wire::seal_gift(gift, keys_.identity(), victim_.encryption);
    REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().sentence));
    return *out;
  }
  /// Any text at all, sealed to the victim.
  Bytes sealed_text(const std::string& text) const {
    return crypto::age::seal_file(as_bytes(text), {victim_.encryption});
  }
  std::string signed_text(const std::string& type, const Json& payload) const {
    return wire::sign_jws(type, payload, keys_.identity());
  }
  std::string mailbox_path() const {
    return "/v1/mailboxes/" + to_base64url(victim_.mailbox) + "/drops";
  }
  /// The HTTP status; 0: no answer.
  int drop(const Bytes& bytes) {
    net::Request request;
    request.method = "POST";
    request.path = mailbox_path();
    request.headers["content-type"] = "application/octet-stream";
    request.headers["hearth-drop-token"] = to_base64url(victim_.drop_token);
    request.headers["idempotency-key"] = to_hex(crypto::random_array<16>());
    request.body = bytes;
    const auto response = line_.send(std::move(request));
    return response ? response->status : 0;
  }

 private:
  identity::HomeKeys keys_;
  Line line_;
  identity::ContactCard victim_;
};

/// Letters that are sealed beforehand, so that who sends them does nothing but send: the requests
/// of so many connections.
std::vector<std::vector<std::string>> flood_of(const Stranger& stranger, std::size_t letters,
                                               std::size_t connections) {
  std::vector<std::vector<std::string>> requests(connections);
  std::vector<std::thread> sealers;
  for (std::size_t first = 0; first < connections; ++first) {
    requests[first].reserve(letters / connections + 1);
    sealers.emplace_back([&, first] {
      const std::string path = stranger.mailbox_path();
      const std::string token = to_base64url(stranger.victim().drop_token);
      for (std::size_t i = first; i < letters; i += connections) {
        const Bytes sealed = stranger.sealed(stranger.gift("flood.jpg", empty_picture()));
        std::string request =
            bench::post(path, "application/octet-stream", std::string(as_text(sealed)));
        request.insert(request.find("\r\n") + 2,
                       "Hearth-Drop-Token: " + token +
                           "\r\nIdempotency-Key: " + to_hex(crypto::random_array<16>()) + "\r\n");
        requests[first].push_back(std::move(request));
      }
    });
  }
  for (auto& sealer : sealers) sealer.join();
  return requests;
}

std::size_t refusals(const Home& home) {
  const std::string log = home.daemon_log();
  std::size_t count = 0;
  for (std::size_t at = log.find("gifts: a "); at != std::string::npos;
       at = log.find("gifts: a ", at + 1))
    ++count;
  return count;
}

/// The most memory that a daemon has had since this was made, as the kernel keeps it.
class Peak {
 public:
  explicit Peak(const Daemon& daemon) : proc_("/proc/" + std::to_string(daemon.pid())) {
    std::ofstream(proc_ / "clear_refs") << "5";
    at_first_ = bytes();
  }
  std::uint64_t at_first() const { return at_first_; }
  std::uint64_t bytes() const {
    std::ifstream status(proc_ / "status");
    std::uint64_t kib = 0;
    for (std::string word; status >> word;)
      if (word == "VmHWM:" && status >> kib) return kib * 1024;
    FAIL("the kernel does not tell a peak");
    return 0;
  }

 private:
  fs::path proc_;
  std::uint64_t at_first_ = 0;
};

std::size_t received(const Home& home) {
  std::size_t count = 0;
  for (const Json& one : rows(home.ok({"gift", "list"}), "gifts"))
    count += one.at("direction") == "received";
  return count;
}

/// Everything sent before it has been looked at when this friendly gift is there.
void friend_gets_through(Stranger& stranger, const Home& home, const std::string& name) {
  REQUIRE(stranger.drop(stranger.sealed(stranger.gift(name))) == 202);
  eventually("the gift " + name + " is there", 60,
             [&] { return !gift(home, "received", name).is_null(); });
}

}  // namespace

TEST_CASE("hostile drops: one refusal each, and the home goes on") {
  Town town({"--rate-per-address", "0"});
  Home& home = town.add_home("C");
  Stranger stranger(town, home);
  friend_gets_through(stranger, home, "first.jpg");
  const std::size_t before = refusals(home);

  const wire::Gift good = stranger.gift("good.jpg");
  const auto payload_with = [&](const char* member, const Json& value) {
    Json payload{{"id", to_hex(crypto::random_array<16>())},
                 {"to", good.to.text()},
                 {"from_card", good.from_card},
                 {"note", ""},
                 {"sent_ms", good.sent_ms},
                 {"manifest", good.manifest_jws},
                 {"file_key", to_base64url(good.file_key->view())}};
    payload[member] = value;
    return stranger.sealed_text(stranger.signed_text("hearth/gift/1", payload));
  };
  const identity::HomeKeys other(crypto::Seed(crypto::sha256(as_bytes("another home"))));
  identity::ContactCard others_card = stranger.victim();
  others_card.home = other.address();
  struct Row {
    const char* what;
    Bytes drop;
  };
  const std::vector<Row> rows{
      {"no age file", to_bytes(as_bytes("hello"))},
      {"an age file for nobody here",
       crypto::age::seal_file(as_bytes("x"), {other.encryption().public_key()})},
      {"an age file cut short",
       [&] {
         Bytes cut = stranger.sealed(good);
         cut.resize(cut.size() - 20);
         return cut;
       }()},
      {"no JWS", stranger.sealed_text(std::string(200'000, 'x'))},
      {"deep JSON",
       stranger.sealed_text(stranger.signed_text(
           "hearth/gift/1", Json::parse(std::string(500, '[') + std::string(500, ']'))))},
      {"a document of another type", stranger.sealed_text(good.manifest_jws)},
      {"a terminal's escapes in the note", payload_with("note", "\x1b[2J\x07")},
      {"a note that turns the line round", payload_with("note", "\u202egnp.exe")},
      {"a note of 3,000 bytes", payload_with("note", std::string(3000, 'n'))},
      {"meant for another home", payload_with("to", other.address().text())},
      {"with somebody else's card",
       payload_with("from_card", identity::write_contact_card(others_card, other.identity()))},
      {"with a card that is none", payload_with("from_card", "hearth:card?d=x.y.z")},
      {"a key of 15 bytes", payload_with("file_key", to_base64url(Bytes(15)))},
      {"a time in no calendar", payload_with("sent_ms", std::int64_t{-1})},
  };
  std::size_t sent = 0;
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(stranger.drop(row.drop) == 202);
    ++sent;
  }
  CHECK(stranger.drop(Bytes(wire::max_drop + 1)) == 413);
  friend_gets_through(stranger, home, "second.jpg");
  CHECK(refusals(home) - before == sent);
  CHECK(received(home) == 2);

  // The same drop twice, and the same gift under another envelope: one gift.
  const Bytes twice = stranger.sealed(good);
  CHECK(stranger.drop(twice) == 202);
  CHECK(stranger.drop(twice) == 202);
  CHECK(stranger.drop(stranger.sealed(good)) == 202);
  friend_gets_through(stranger, home, "third.jpg");
  CHECK(received(home) == 4);
  const std::string shown = run({bin("hearth"), "--data", home.dir().string(), "gift", "list"}).out;
  CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE("a flood of drops: the mailbox is bounded, the home's memory too") {
  const char* wanted = std::getenv("HEARTH_HOSTILE_DROPS");
  const int drops = wanted != nullptr ? std::atoi(wanted) : 3'000;
  // Nothing but the mailbox's own bounds: whoever has many addresses is held by no other.
  Town town({"--rate-per-address", "0", "--max-connections-per-address", "0",
             "--rate-per-connection", "0"});
  Home& home = town.add_home("C");
  Stranger stranger(town, home);
  friend_gets_through(stranger, home, "first.jpg");

  SUBCASE("while the home listens") {
    constexpr std::size_t connections = 16;
    constexpr double at_most_s = 3'600;
    const std::size_t refused_before = refusals(home);
    const auto letters = flood_of(stranger, static_cast<std::size_t>(drops), connections);
    const Peak peak(home.daemon());
    const bench::LoadResult sent = bench::run_load(town.port(), letters, at_most_s);
    const std::size_t taken = sent.latencies_ms.size();
    CHECK(taken + sent.refused == static_cast<std::size_t>(drops));
    CHECK((sent.refused == 0 || sent.refusal.starts_with("507 ")));  // the mailbox is full
    // What the ledger took costs the home one refusal each, but for the few that may wait.
    eventually("the home has seen all of it", 600,
               [&] { return refusals(home) - refused_before + received(home) == taken + 1; });
    CHECK(received(home) <= 50);
    CHECK(peak.bytes() < peak.at_first() + 128 * 1024 * 1024);
    MESSAGE(drops, " drops in ", sent.seconds, " s: ", taken, " taken, ", sent.refused,
            " refused by the ledger; the home had ", peak.at_first() / 1024, " KiB and at most ",
            peak.bytes() / 1024);
  }
  SUBCASE("while the home is away: a thousand wait, the rest is refused") {
    CHECK(home.daemon().stop() == 0);
    int taken = 0, full = 0;
    const Bytes same = stranger.sealed(stranger.gift("flood.jpg"));
    for (int i = 0; i < 1'050; ++i) {
      const int status = stranger.drop(same);
      taken += status == 202;
      full += status == 507;
    }
    CHECK(taken == 1'000);
    CHECK(full == 50);
    home.start();
    eventually("the mailbox is empty again", 120, [&] { return stranger.drop(same) == 202; });
    CHECK(received(home) == 2);
  }
  CHECK_FALSE(home.daemon().ended());
}
