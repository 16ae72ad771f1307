// A home's channels before the programs of others: xmllint and tv_validate_file read the guide;
// devices see what their tokens let them see, and find the home.
#include <fstream>

#include "tests/integration/parlour.h"

using namespace hearth::test;

namespace {

std::size_t count(const std::string& text, const std::string& of) {
  std::size_t out = 0;
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++out;
  return out;
}

}  // namespace

TEST_CASE("the guide is valid, and says what the list says") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening & <Night>", "--zone", "Europe/Berlin"});
  parlour.home.ok({"channel", "create", "7", "Empty"});
  for (const char* name : {"one.bin", "two.bin"}) {
    parlour.publish("4", parlour.town.make_file(name, 20'000, 3), {"--seconds", "5400"});
  }
  const std::string base = parlour.token({"Kodi"});
  const Answered guide = parlour.browser.get(base + "/xmltv.xml");
  REQUIRE(guide.status == 200);
  const fs::path file = parlour.town.dir() / "guide.xml";
  std::ofstream(file, std::ios::binary) << guide.body;
  const Outcome linted = run(
      {"xmllint", "--noout", "--nonet", "--dtdvalid", "/usr/share/xmltv/xmltv.dtd", file.string()});
  CHECK_MESSAGE(linted.exit_code == 0, linted.err);
  const Outcome validated =
      run({"tv_validate_file", "--dtd-file", "/usr/share/xmltv/xmltv.dtd", file.string()});
  CHECK_MESSAGE(validated.exit_code == 0, validated.out, validated.err);
  // No gap, no overlap, seven days back and fourteen ahead.
  std::string before, first;
  int rows = 0;
  const std::string mine = parlour.id("4") + ".hearth";
  for (const std::string& line : lines(guide.body)) {
    if (!line.starts_with("<programme start=") || line.find(mine) == std::string::npos) continue;
    const std::string start = line.substr(18, 20), stop = line.substr(46, 20);
    if (before.empty()) first = start;
    if (!before.empty()) CHECK(start == before);
    CHECK(start < stop);
    before = stop;
    ++rows;
  }
  CHECK(rows > 14 * 16);
  const Json said = parlour.home.ok({"guide", "--channel", "4"});
  const std::string on = said.at("rows").at(0).at("programmes").at(0).at("name");
  CHECK(guide.body.find("<title>" + on + "</title>") != std::string::npos);

  const Answered playlist = parlour.browser.get(base + "/channels.m3u");
  REQUIRE(playlist.status == 200);
  CHECK(playlist.body.starts_with("#EXTM3U url-tvg=\"http://localhost:"));
  CHECK(count(playlist.body, "\n#EXTINF:-1 tvg-id=\"") == 2);
  CHECK(playlist.body.find("tvg-id=\"" + mine + "\" tvg-chno=\"4\"") != std::string::npos);
  const Json discover = parlour.browser.get(base + "/discover.json").json();
  CHECK(discover.at("BaseURL") == parlour.browser.origin() + base);
  CHECK(parlour.browser.get(base + "/lineup.json").json().size() == 2);
  CHECK(parlour.browser.get(base + "/lineup_status.json").status == 200);
  CHECK(parlour.browser.get(base + "/device.xml").status == 200);
}

TEST_CASE("who has no token sees nothing, and a token shows what it may") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening"});
  parlour.home.ok({"channel", "create", "7", "Children"});
  const fs::path thriller = parlour.town.make_file("thriller.bin", 20'000, 3);
  parlour.publish("4", thriller, {"--seconds", "3600"}, {"--price", "1.00 EUR", "--min-age", "16"});
  parlour.publish("4", parlour.town.make_file("birthday.bin", 20'000, 4), {"--seconds", "3600"});
  const std::string all = parlour.token({"Kodi"});
  const std::string child =
      parlour.token({"Tablet", "--channel", "4", "--max-age", "12", "--no-private"});
  const auto body = [&](const std::string& path) { return parlour.browser.get(path).body; };
  CHECK(body(all + "/xmltv.xml").find("thriller.bin") != std::string::npos);
  CHECK(body(all + "/xmltv.xml").find("birthday.bin") != std::string::npos);
  CHECK(body(all + "/channels.m3u").find("Children") != std::string::npos);
  CHECK(body(child + "/xmltv.xml").find("thriller.bin") == std::string::npos);
  CHECK(body(child + "/xmltv.xml").find("birthday.bin") == std::string::npos);
  CHECK(body(child + "/xmltv.xml").find("Children") == std::string::npos);
  CHECK(body(child + "/channels.m3u").find("Children") == std::string::npos);
  CHECK(parlour.browser.get(child + "/channel/" + parlour.id("7") + ".m3u8").status == 404);

  for (const std::string& path : std::vector<std::string>{
           "/iptv/channels.m3u", "/iptv/" + std::string(43, 'A') + "/channels.m3u",
           "/iptv/here/channels.m3u", all.substr(0, all.size() - 1) + "/xmltv.xml",
           all + "/../../api/status", "/iptv/%2e%2e/channels.m3u"}) {
    CAPTURE(path);
    const Answered answer = parlour.browser.get(path);
    CHECK(answer.status == 404);
    CHECK(answer.body.find("Linden") == std::string::npos);
  }
  CHECK(parlour.browser.get(all + "/channels.m3u", {{"host", "evil.example"}}).status == 421);

  // A profile on the TV holds for tokens as well.
  parlour.home.ok({"profile", "add", "Mia", "--max-age", "6"});
  parlour.home.ok({"profile", "use", "Mia"});
  CHECK(body(all + "/xmltv.xml").find("thriller.bin") == std::string::npos);
  parlour.home.ok({"profile", "use"});

  parlour.token({"TV", "--address", "127.0.0.1"});
  CHECK(parlour.browser.get("/iptv/here/lineup.json").status == 200);
  parlour.home.refused({"iptv", "create", "TV"}, "usage");
  parlour.home.refused({"iptv", "create", "Old", "--until", "2020-01-01"}, "usage");
  parlour.home.refused({"iptv", "create", "Odd", "--address", "kitchen"}, "usage");
  parlour.home.refused({"iptv", "create", "None", "--channel", "99"}, "not_found");
  const Json listed = parlour.home.ok({"iptv", "list"});
  CHECK(listed.at("tokens").size() == 3);
  CHECK(listed.dump().find(all.substr(6)) == std::string::npos);

  parlour.home.daemon().kill9();
  parlour.home.start();
  CHECK(parlour.browser.get(all + "/channels.m3u").status == 200);
  parlour.home.ok({"iptv", "revoke", "Kodi"});
  CHECK(parlour.browser.get(all + "/channels.m3u").status == 404);
  parlour.home.refused({"iptv", "revoke", "Kodi"}, "not_found");
}

TEST_CASE("a stock HDHomeRun client finds the home, if its address has a token") {
  Parlour parlour({"--tuner-listen", "127.0.0.1:65001"});
  parlour.home.ok({"channel", "create", "4", "Evening"});
  const auto discovered = [] { return run({"hdhomerun_config", "discover", "127.0.0.1"}).out; };
  CHECK(discovered().find("hdhomerun device") == std::string::npos);
  parlour.token({"Elsewhere", "--address", "127.0.0.9"});
  CHECK(discovered().find("hdhomerun device") == std::string::npos);
  parlour.token({"TV", "--address", "127.0.0.1"});
  CHECK(discovered().find("hdhomerun device") != std::string::npos);
}
