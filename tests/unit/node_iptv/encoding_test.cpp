// What is taken over, what is encoded, and what ffmpeg is told.
#include "node/iptv/encoding.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace hearth::node {
namespace {

Probed h264() {
  Probed out;
  out.video = out.audio = true;
  out.video_codec = "h264";
  out.pixel_format = "yuv420p";
  out.width = 1280;
  out.height = 720;
  return out;
}

Encoding of(const Probed& media) {
  Encoding out;
  out.media = media;
  out.length_ms = 90'500;
  return out;
}

bool has(const std::vector<std::string>& words, std::vector<std::string> together) {
  return std::search(words.begin(), words.end(), together.begin(), together.end()) != words.end();
}

std::string graph_of(const std::vector<std::string>& words) {
  return *(std::find(words.begin(), words.end(), "-filter_complex") + 1);
}

}  // namespace

TEST_CASE("what ffprobe says") {
  const auto read = [](std::string_view json) { return read_probed(as_bytes(json)); };
  const auto film = read(
      R"({"streams":[{"codec_type":"video","codec_name":"mjpeg","disposition":{"attached_pic":1}},
          {"codec_type":"video","codec_name":"h264","pix_fmt":"yuv420p","width":1280,"height":720,
           "field_order":"progressive","disposition":{"attached_pic":0}},
          {"codec_type":"audio","codec_name":"aac"},{"codec_type":"subtitle"}]})");
  REQUIRE(film.has_value());
  CHECK(*film == h264());
  CHECK(fits(*film));
  const auto turned = read(
      R"({"streams":[{"codec_type":"video","codec_name":"h264","pix_fmt":"yuv420p","width":1280,
          "height":720,"side_data_list":[{"rotation":-90}]}]})");
  REQUIRE(turned.has_value());
  CHECK(turned->turned);
  CHECK_FALSE(turned->audio);
  for (const char* nothing : {"", "{}", "[]", R"({"streams":[]})", R"({"streams":{}})",
                              R"({"streams":[{"codec_type":"subtitle"}]})",
                              R"({"streams":[{"codec_type":"video","width":"x"}]})"})
    CHECK_FALSE(read(nothing).has_value());
}

TEST_CASE("pictures are taken over where every device can decode them") {
  CHECK(fits(h264()));
  const auto unfit = [](auto change) {
    Probed media = h264();
    change(media);
    return !fits(media);
  };
  CHECK(unfit([](Probed& m) { m.video_codec = "hevc"; }));
  CHECK(unfit([](Probed& m) { m.pixel_format = "yuv420p10le"; }));
  CHECK(unfit([](Probed& m) { m.width = 3840; }));
  CHECK(unfit([](Probed& m) { m.height = 0; }));
  CHECK(unfit([](Probed& m) { m.turned = true; }));
  CHECK(unfit([](Probed& m) { m.interlaced = true; }));
  CHECK(unfit([](Probed& m) { m.video = false; }));
  Encoding whole = of(h264());
  CHECK(takes_over(whole));
  whole.in_point_ms = 5'000;
  CHECK_FALSE(takes_over(whole));  // it would begin before the item before it has ended
  whole.first = true;
  CHECK(takes_over(whole));
  whole.watermark = channels::Watermark{};
  CHECK(takes_over(whole));  // there is no logo
  whole.logo_path = "/proc/1/fd/9";
  CHECK_FALSE(takes_over(whole));
}

TEST_CASE("a film that fits: its pictures as they are, its sound at -16 LUFS") {
  const auto words = ffmpeg_words(of(h264()));
  CHECK(has(words, {"-map", "0:v:0", "-map", "[a]", "-c:v", "copy"}));
  CHECK(has(words, {"-t", "90.500"}));
  CHECK(has(words, {"-f", "concat", "-safe", "0", "-i", "pipe:0"}));
  CHECK(has(words, {"-protocol_whitelist", "pipe,http,tcp"}));
  CHECK(graph_of(words).find("loudnorm=I=-16") != std::string::npos);
  CHECK(has(words, {"-output_ts_offset", "1000"}));
}

TEST_CASE("a film that does not: encoded into the frame that all have") {
  Probed media = h264();
  media.video_codec = "vp9";
  media.interlaced = true;
  Encoding encoding = of(media);
  encoding.in_point_ms = 61'007;
  encoding.watermark = channels::Watermark{channels::Corner::bottom_left, 10, 80};
  encoding.logo_path = "/proc/1/fd/9";
  const auto words = ffmpeg_words(encoding);
  CHECK(media_script("u", encoding.in_point_ms).find("inpoint 61.007") != std::string::npos);
  CHECK(has(words, {"[v]", "-map", "[a]", "-c:v", "libx264"}));
  CHECK(has(words, {"-bf", "0"}));
  CHECK(has(words, {"-i", "/proc/1/fd/9"}));
  const std::string graph = graph_of(words);
  CHECK(graph.find("yadif") != std::string::npos);
  CHECK(graph.find("overlay=x=30:y=H-h-30") != std::string::npos);
  CHECK(graph.find("aa=0.80") != std::string::npos);
}

TEST_CASE("sound alone has a picture, pictures alone have silence") {
  Probed sound;
  sound.audio = true;
  Encoding song = of(sound);
  song.picture_path = "/proc/1/fd/8";
  const auto words = ffmpeg_words(song);
  CHECK(has(words, {"-protocol_whitelist", "file"}));
  CHECK(has(words, {"-i", "/proc/1/fd/8"}));
  CHECK(graph_of(words).find("[1:v:0]") == 0);
  CHECK(graph_of(words).find("[0:a:0]") != std::string::npos);
  Encoding card = of({});
  card.picture_path = "/proc/1/fd/8";
  CHECK(graph_of(ffmpeg_words(card)).find("anullsrc") != std::string::npos);
  CHECK_FALSE(has(ffmpeg_words(card), {"-f", "concat"}));
}

TEST_CASE("a title's address is among nobody's words") {
  const std::string url = "http://127.0.0.1:5/secret";
  CHECK(media_script(url).find(url) != std::string::npos);
  for (const auto& words : {ffmpeg_words(of(h264())), ffprobe_words()}) {
    for (const std::string& word : words) CHECK(word.find("http://") == std::string::npos);
  }
}

}  // namespace hearth::node
