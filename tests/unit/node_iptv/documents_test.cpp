// What the outputs write: M3U, XMLTV, HLS, the tuner's documents and its discovery.
#include <doctest/doctest.h>

#include "common/wire/json.h"
#include "node/iptv/hdhomerun.h"
#include "node/iptv/hls.h"
#include "node/iptv/m3u.h"
#include "node/iptv/xmltv.h"

namespace hearth::node {
namespace {

const std::string base = "http://home.local:8480/iptv/TOKEN";
const std::vector<ListedChannel> two = {{"aa11", 4, "Evening", true},
                                        {"bb22", 12, "Kids \"&\" <more>", false}};
constexpr UtcMs eight = 1'798'747'200'000;  // 2026-12-31 20:00 UTC

std::string xml(std::string_view text) {
  std::string out;
  append_xml(out, text);
  return out;
}

std::size_t count(const std::string& text, const std::string& of) {
  std::size_t out = 0;
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++out;
  return out;
}

}  // namespace

TEST_CASE("the playlist names each channel as the guide does") {
  const std::string m3u = write_m3u("Linden \"4\"", two, base, StreamForm::ts);
  CHECK(m3u ==
        "#EXTM3U url-tvg=\"http://home.local:8480/iptv/TOKEN/xmltv.xml\" "
        "x-tvg-url=\"http://home.local:8480/iptv/TOKEN/xmltv.xml\"\n"
        "#EXTINF:-1 tvg-id=\"aa11.hearth\" tvg-chno=\"4\" tvg-name=\"Evening\" "
        "tvg-logo=\"http://home.local:8480/iptv/TOKEN/logo/aa11.png\" group-title=\"Linden '4'\" "
        "catchup=\"default\" catchup-days=\"7\" "
        "catchup-source=\"http://home.local:8480/iptv/TOKEN/catchup/aa11/{utc}/{duration}.ts\","
        "Evening\n"
        "http://home.local:8480/iptv/TOKEN/channel/aa11.ts\n"
        "#EXTINF:-1 tvg-id=\"bb22.hearth\" tvg-chno=\"12\" tvg-name=\"Kids '&' <more>\" "
        "group-title=\"Linden '4'\" catchup=\"default\" catchup-days=\"7\" "
        "catchup-source=\"http://home.local:8480/iptv/TOKEN/catchup/bb22/{utc}/{duration}.ts\","
        "Kids '&' <more>\n"
        "http://home.local:8480/iptv/TOKEN/channel/bb22.ts\n");
  CHECK(write_m3u("x", two, base, StreamForm::hls).find("/channel/aa11.m3u8\n") !=
        std::string::npos);
}

TEST_CASE("a name cannot begin a line of its own") {
  const std::vector<ListedChannel> odd = {{"aa11", 1, "a\r\n#EXTINF:-1,b\nhttp://evil", false}};
  CHECK(count(write_m3u("x", odd, base, StreamForm::ts), "\n") == 3);
}

TEST_CASE("the guide's times are whole seconds in UTC; an end is the next one's start") {
  XmltvWriter writer("Linden & Co", two, base);
  writer.add(two[0], {{eight - 500, eight + 90'250, "Film <1>", "About it", 12},
                      {eight + 90'250, eight + 90'900, "too short to be told", "", 0},
                      {eight + 90'900, eight + 4 * 3'600'000, "", " \n", 0}});
  CHECK(writer.finish() ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n"
        "<tv source-info-name=\"Linden &amp; Co\" generator-info-name=\"Hearth " HEARTH_VERSION
        "\">\n"
        "<channel id=\"aa11.hearth\"><display-name>Evening</display-name>"
        "<display-name>4</display-name><icon "
        "src=\"http://home.local:8480/iptv/TOKEN/logo/aa11.png\"/></channel>\n"
        "<channel id=\"bb22.hearth\"><display-name>Kids &quot;&amp;&quot; &lt;more&gt;"
        "</display-name><display-name>12</display-name></channel>\n"
        "<programme start=\"20261231195959 +0000\" stop=\"20261231200130 +0000\" "
        "channel=\"aa11.hearth\"><title>Film &lt;1&gt;</title><desc>About it</desc>"
        "<rating system=\"age\"><value>12</value></rating></programme>\n"
        "<programme start=\"20261231200130 +0000\" stop=\"20270101000000 +0000\" "
        "channel=\"aa11.hearth\"><title>Evening</title></programme>\n"
        "</tv>\n");
}

TEST_CASE("text that XML cannot carry") {
  CHECK(xml("Müller & Söhne") == "Müller &amp; Söhne");
  CHECK(xml("a\x01"
            "b\tc") == "a b c");
  CHECK(xml("\xc2\x85x\xef\xbf\xbfy") == " x y");
  CHECK(xml("a\xff\xfe").find('\xff') == std::string::npos);
  CHECK(xml("]]>") == "]]&gt;");
}

TEST_CASE("an HLS playlist") {
  HlsWindow window;
  window.run = 7;
  window.fresh_before = 3;
  window.segments = {{10, 4'000, eight, true}, {11, 2'120, eight + 4'000, false}};
  CHECK(write_playlist(window, "aa11/") ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:10\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:3\n#EXT-X-DISCONTINUITY\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-12-31T20:00:00.000Z\n#EXTINF:4.000,\naa11/7-10.ts\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-12-31T20:00:04.000Z\n#EXTINF:2.120,\naa11/7-11.ts\n");
}

TEST_CASE("the tuner's documents") {
  const TunerFace face{tuner_device(as_bytes("home1abc")), "Linden <4>", base, 4};
  CHECK(is_tuner_device(face.device));
  CHECK(is_tuner_device(0x10a1b2c7) != is_tuner_device(0x10a1b2c6));
  CHECK(tuner_device(as_bytes("home1abd")) != face.device);
  const auto discover = wire::parse_json(as_bytes(discover_document(face)), 10'000);
  REQUIRE(discover.has_value());
  CHECK(discover->at("BaseURL") == base);
  CHECK(discover->at("LineupURL") == base + "/lineup.json");
  CHECK(discover->at("TunerCount") == 4);
  CHECK(discover->at("DeviceID").get<std::string>().size() == 8);
  const auto lineup = wire::parse_json(as_bytes(lineup_document(two, base)), 10'000);
  REQUIRE(lineup.has_value());
  CHECK(lineup->at(0).at("GuideNumber") == "4");
  CHECK(lineup->at(1).at("URL") == base + "/channel/bb22.ts");
  CHECK(device_document(face).find("Hearth: Linden &lt;4&gt;") != std::string::npos);
}

TEST_CASE("discovery: who asks for this tuner, and what is answered") {
  const TunerFace face{tuner_device(as_bytes("home1abc")), "Linden", base, 4};
  // As hdhomerun_config sends it: any tuner, any device; with Ethernet's check sum.
  const Bytes any = *from_hex("0002000c0104000000010204ffffffff4e507f35");
  CHECK(asks_for_tuner(any, face.device));
  for (std::size_t i = 0; i < any.size(); ++i) {
    Bytes damaged = any;
    damaged[i] ^= 0x10;
    CHECK_FALSE(asks_for_tuner(damaged, face.device));
    CHECK_FALSE(asks_for_tuner(ByteView(any).first(i), face.device));
  }
  const Bytes reply = discover_reply(face);
  CHECK(reply[1] == 3);
  CHECK(as_text(reply).find(base + "/lineup.json") != std::string::npos);
  CHECK_FALSE(asks_for_tuner(reply, face.device));
}

}  // namespace hearth::node
