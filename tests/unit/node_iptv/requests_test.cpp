// What strangers send to the outputs: paths, ranges, tokens.
#include <doctest/doctest.h>

#include "node/iptv/iptv_route.h"
#include "node/iptv/range.h"
#include "node/iptv/tokens.h"

namespace hearth::node {
namespace {

using What = IptvRoute::What;

constexpr UtcMs now = 1'798'747'200'000, day = 24 * 3'600'000;

/// The tokens of a home over a store in memory.
struct Home {
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  IptvTokens tokens{records};

  IptvTokens::Made make(const std::string& name, UtcMs until = now + day,
                        const std::string& address = {}) {
    IptvToken token;
    token.name = name;
    token.until_ms = until;
    token.address = address;
    auto made = tokens.make(token, now);
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().sentence));
    return *made;
  }
  bool finds(const std::string& word, const std::string& from = "192.168.1.20",
             UtcMs at = now) const {
    return tokens.find(word, from, at).has_value();
  }
};

std::string code_of(const auto& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

}  // namespace

TEST_CASE("where paths go") {
  struct Row {
    const char* method;
    const char* path;
    What what;
  };
  for (const Row& row : std::vector<Row>{
           {"GET", "/iptv/T0-_k/channels.m3u", What::m3u},
           {"HEAD", "/iptv/T/channels.m3u", What::m3u},
           {"GET", "/iptv/T/xmltv.xml", What::xmltv},
           {"GET", "/iptv/T/discover.json", What::discover},
           {"GET", "/iptv/T/lineup.json", What::lineup},
           {"GET", "/iptv/T/lineup_status.json", What::lineup_status},
           {"POST", "/iptv/T/lineup.post", What::scan},
           {"GET", "/iptv/T/lineup.post", What::nothing},
           {"GET", "/iptv/here/device.xml", What::device},
           {"GET", "/iptv/T/logo/aa.png", What::logo},
           {"GET", "/iptv/T/channel/aa.ts", What::live},
           {"GET", "/iptv/T/channel/aa.m3u8", What::playlist},
           {"GET", "/iptv/T/channel/aa/from-start.ts", What::from_start},
           {"GET", "/iptv/T/channel/aa/7-12.ts", What::segment},
           {"GET", "/iptv/T/catchup/aa/1798747200/3600.ts", What::catch_up},
           {"POST", "/iptv/T/channel/aa.ts", What::nothing},
           {"PUT", "/iptv/T/channels.m3u", What::nothing},
           {"GET", "/iptv/channels.m3u", What::nothing},
           {"GET", "/iptv//channels.m3u", What::nothing},
           {"GET", "/iptv/T/", What::nothing},
           {"GET", "/iptv/T/channels.m3u/", What::nothing},
           {"GET", "/iptv/%54/channels.m3u", What::nothing},
           {"GET", "/iptv/T/channel/../../etc/passwd", What::nothing},
           {"GET", "/iptv/T/channel/..ts", What::nothing},
           {"GET", "/iptv/T/channel/aa/7-.ts", What::nothing},
           {"GET", "/iptv/T/channel/aa/7-99999999999.ts", What::nothing},
           {"GET", "/iptv/T/channel/aa/-1-2.ts", What::nothing},
           {"GET", "/iptv/T/catchup/aa/1798747200/0.ts", What::nothing},
           {"GET", "/iptv/T/catchup/aa/1798747200/86401.ts", What::nothing},
           {"GET", "/iptv/T/catchup/aa/999999999999/60.ts", What::nothing},
           {"GET", "/iptv/T/catchup/aa/-5/60.ts", What::nothing},
           {"GET", "/iptv/T/a/b/c/d/e/f", What::nothing},
       }) {
    CAPTURE(row.path);
    const IptvRoute route = iptv_route(row.method, row.path);
    CHECK(static_cast<int>(route.what) == static_cast<int>(row.what));
    CHECK(route.token.empty() == (row.what == What::nothing));
  }
  const IptvRoute again = iptv_route("GET", "/iptv/T/catchup/aa/1798747200/3600.ts");
  CHECK(again.channel == "aa");
  CHECK(again.from == now);
  CHECK(again.length_ms == 3'600'000);
  const IptvRoute part = iptv_route("GET", "/iptv/T/channel/aa/" + segment_name(7, 12));
  CHECK(part.run == 7);
  CHECK(part.segment == 12);
}

TEST_CASE("ranges") {
  struct Row {
    const char* header;
    std::uint64_t begin, end;
    bool partial, possible;
  };
  for (const Row& row : std::vector<Row>{{"", 0, 100, false, true},
                                         {"bytes=0-", 0, 100, true, true},
                                         {"bytes=10-19", 10, 20, true, true},
                                         {"bytes=90-500", 90, 100, true, true},
                                         {"bytes=-30", 70, 100, true, true},
                                         {"bytes=-300", 0, 100, true, true},
                                         {"bytes=-0", 100, 100, true, false},
                                         {"bytes=100-", 100, 100, true, false},
                                         {"bytes=20-10", 20, 11, true, false},
                                         {"bytes=1-2,5-6", 0, 100, false, true},
                                         {"bytes=a-", 0, 100, false, true},
                                         {"bytes=5", 0, 100, false, true},
                                         {"bytes=-", 0, 100, false, true},
                                         {"items=0-5", 0, 100, false, true},
                                         {"bytes=99999999999999999999-", 0, 100, false, true}}) {
    CAPTURE(row.header);
    const ByteRange range = range_of(row.header, 100);
    CHECK(range.begin == row.begin);
    CHECK(range.end == row.end);
    CHECK(range.partial == row.partial);
    CHECK(range.possible == row.possible);
  }
  CHECK_FALSE(range_of("bytes=0-", 0).possible);
}

TEST_CASE("a token is found by its text, until it is over or taken back") {
  Home home;
  const auto made = home.make("Kodi");
  CHECK(made.text.size() == 43);
  CHECK(home.finds(made.text));
  CHECK(home.finds(made.text, "10.0.0.1"));
  CHECK_FALSE(home.finds(made.text, "10.0.0.1", now + day));
  std::string other = made.text;
  other[5] = other[5] == 'A' ? 'B' : 'A';
  for (const std::string& wrong :
       {std::string(), other, made.text.substr(1), made.text + "A", made.token.id(),
        std::string(by_address), std::string(100'000, 'A')}) {
    CHECK(code_of(home.tokens.find(wrong, "192.168.1.20", now)) == "not_found");
  }
  CHECK(home.tokens.holds(made.token, "", now));
  CHECK(code_of(home.tokens.revoke("Jellyfin")) == "not_found");
  CHECK(home.tokens.revoke(made.token.id().substr(0, 6))->name == "Kodi");
  CHECK_FALSE(home.finds(made.text));
  CHECK_FALSE(home.tokens.holds(made.token, "", now));
}

TEST_CASE("the text of a token is nowhere in the store") {
  Home home;
  const auto made = home.make("Kodi");
  const Bytes secret = *from_base64url(made.text);
  auto scanned = home.records.scan("", [&](std::string_view, ByteView value) -> Result<void> {
    const std::string_view all = as_text(value);
    CHECK(all.find(made.text) == std::string_view::npos);
    CHECK(all.find(as_text(secret)) == std::string_view::npos);
    return {};
  });
  REQUIRE(scanned.has_value());
}

TEST_CASE("a token of an address holds from there alone, and there without its text") {
  Home home;
  const auto made = home.make("TV", now + day, "192.168.1.20");
  CHECK(home.finds(made.text));
  CHECK_FALSE(home.finds(made.text, "192.168.1.21"));
  CHECK(home.finds("here"));
  CHECK_FALSE(home.finds("here", "192.168.1.21"));
  CHECK_FALSE(home.finds("here", ""));
  CHECK_FALSE(home.finds("here", "192.168.1.20", now + day));
}

TEST_CASE("names and addresses have one token each; those that are over make room") {
  Home home;
  home.make("Kodi", now + day, "192.168.1.20");
  IptvToken again;
  again.name = "Kodi";
  again.until_ms = now + 2 * day;
  CHECK(code_of(home.tokens.make(again, now)) == "usage");
  again.name = "Other";
  again.address = "192.168.1.20";
  CHECK(code_of(home.tokens.make(again, now)) == "usage");
  CHECK(code_of(home.tokens.make(again, now + day)) == "ok");
  CHECK(home.tokens.list()->size() == 1);
  again.name = "a/b";
  again.address.clear();
  CHECK(code_of(home.tokens.make(again, now)) == "name_refused");
  again.name = "Past";
  again.until_ms = now;
  CHECK(code_of(home.tokens.make(again, now)) == "usage");
  again.until_ms = now + day;
  for (std::size_t i = 1; i < max_iptv_tokens; ++i) {
    again.name = "n" + std::to_string(i);
    REQUIRE(home.tokens.make(again, now).has_value());
  }
  again.name = "one more";
  CHECK(code_of(home.tokens.make(again, now)) == "too_large");
}

TEST_CASE("what is stored of a token") {
  IptvToken token;
  token.name = "Kodi";
  token.channels = {"aa", "bb"};
  token.max_age = 12;
  token.with_private = false;
  token.address = "fe80::1";
  token.made_ms = 1;
  token.until_ms = 2;
  const Bytes stored = encode(token);
  CHECK(decode_iptv_token(stored) == token);
  for (std::size_t i = 0; i < stored.size(); ++i)
    CHECK_FALSE(decode_iptv_token(ByteView(stored).first(i)).has_value());
  CHECK(token.may_see("bb"));
  CHECK_FALSE(token.may_see("cc"));
  token.channels.clear();
  CHECK(token.may_see("cc"));
}

}  // namespace hearth::node
