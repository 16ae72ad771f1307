#include "common/base/process.h"
#include "node/library/media_type.h"
#include "node/library/probe.h"
#include "node_media/home_fixture.h"

namespace hearth::node {
namespace {

void make_media(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-nostdin", "-y"});
  auto made = run_process(arguments, {}, 1'000'000, 60'000);
  REQUIRE_MESSAGE(made, (made ? "" : made.error().sentence));
  REQUIRE_MESSAGE(made->exit_code == 0, made->err);
}

bool is_small_jpeg(const Bytes& poster) {
  return poster.size() > 100 && poster.size() <= 48 * 1024 && poster[0] == 0xff;
}

}  // namespace

TEST_CASE("what a file is, whatever its name says") {
  const TempDir dir;
  const auto at = [&dir](const char* name) { return (dir.path() / name).string(); };

  SUBCASE("a film") {
    make_media({"-f", "lavfi", "-i", "testsrc=s=640x360:d=2", "-f", "lavfi", "-i", "sine=d=2",
                "-c:v", "mpeg4", "-c:a", "aac", at("film.mp4")});
    const Probe probe = probe_file(at("film.mp4"));
    CHECK(probe.kind == wire::Kind::video);
    CHECK(probe.media_type == "video/mp4");
    CHECK(probe.duration_ms >= 1900);
    CHECK(probe.duration_ms <= 2200);
    CHECK(probe.width == 640);
    CHECK(probe.height == 360);
    CHECK(probe.codecs == "mpeg4, aac");
    CHECK(is_small_jpeg(probe.poster));
  }
  SUBCASE("music, named as if it were a film") {
    make_media({"-f", "lavfi", "-i", "sine=d=1", "-f", "wav", at("song.mp4")});
    const Probe probe = probe_file(at("song.mp4"));
    CHECK(probe.kind == wire::Kind::audio);
    CHECK(probe.media_type == "audio/wav");
    CHECK(probe.width == 0);
    CHECK(probe.poster.empty());
  }
  SUBCASE("a picture") {
    make_media({"-f", "lavfi", "-i", "testsrc=s=1600x1200", "-frames:v", "1", at("photo.jpg")});
    const Probe probe = probe_file(at("photo.jpg"));
    CHECK(probe.kind == wire::Kind::image);
    CHECK(probe.media_type == "image/jpeg");
    CHECK(probe.width == 1600);
    CHECK(is_small_jpeg(probe.poster));
  }
  SUBCASE("text is never taken for a film") {
    write_whole(at("story.txt"), as_bytes("Once upon a time\n\x1b"));
    CHECK(probe_file(at("story.txt")).kind == wire::Kind::data);
    write_whole(at("story.txt"), as_bytes("Once upon a time\n"));
    const Probe probe = probe_file(at("story.txt"));
    CHECK(probe.kind == wire::Kind::data);
    CHECK(probe.media_type == "text/plain");
    CHECK(probe.poster.empty());
  }
  SUBCASE("anything else, and what is broken, is data") {
    write_whole(at("broken.mp4"), random_content(5000, 3));
    const Probe probe = probe_file(at("broken.mp4"));
    CHECK(probe.kind == wire::Kind::data);
    CHECK(probe.media_type == "application/octet-stream");
    write_whole(at("empty"), {});
    CHECK(probe_file(at("empty")).kind == wire::Kind::data);
    write_whole(at("fake.pdf"), as_bytes("%PDF-1.4 but no more"));
    CHECK(probe_file(at("fake.pdf")).media_type == "application/pdf");
    CHECK(probe_file(at("fake.pdf")).poster.empty());
  }
}

TEST_CASE("first bytes prove a media type, or none") {
  struct Row {
    std::string_view head;
    const char* type;
  };
  const Row rows[] = {
      {"\xff\xd8\xff\xe0", "image/jpeg"},
      {"\x89PNG\r\n\x1a\n", "image/png"},
      {"GIF89a", "image/gif"},
      {"RIFF....WEBPVP8 ", "image/webp"},
      {"%PDF-1.7", "application/pdf"},
      {"\xef\xbb\xbf%PDF-1.7", "application/pdf"},
      {"RIFF....WAVE", ""},
      {"GIF", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.head);
    CHECK(magic_media_type(as_bytes(row.head)) == row.type);
  }
  CHECK(extension_media_type("A.Film.MKV") == "video/x-matroska");
  CHECK(extension_media_type("README") == "");
  CHECK(looks_like_text(as_bytes("Grüße\t\n")));
  CHECK(looks_like_text(as_bytes("cut \xc3")));
  CHECK_FALSE(looks_like_text(as_bytes("bell \x07")));
  CHECK_FALSE(looks_like_text(as_bytes("\xc3(")));
}

TEST_CASE("what ffprobe says is bounded and need not be believed") {
  CHECK(read_ffprobe(as_bytes("{}"), "x", "").kind == wire::Kind::data);
  CHECK(read_ffprobe(as_bytes("not json"), "x", "").kind == wire::Kind::data);
  CHECK(read_ffprobe(as_bytes(R"({"streams":[{"codec_type":"video","width":-5}],"format":{}})"),
                     "x", "")
            .kind == wire::Kind::data);
  const Probe cover =
      read_ffprobe(as_bytes(R"({"streams":[{"codec_type":"audio","codec_name":"mp3"},
                  {"codec_type":"video","codec_name":"mjpeg","width":9,"height":9,
                   "disposition":{"attached_pic":1}}],
                  "format":{"format_name":"mp3","duration":"12.5"}})"),
                   "song.mp3", "");
  CHECK(cover.kind == wire::Kind::audio);
  CHECK(cover.media_type == "audio/mpeg");
  CHECK(cover.duration_ms == 12'500);
  CHECK(cover.codecs == "mp3");
}

}  // namespace hearth::node
