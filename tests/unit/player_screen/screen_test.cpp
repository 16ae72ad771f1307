// What a person sees: hearth-player under Xvfb, orders over its socket, pictures back.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "stage.h"

using namespace hearth;
using namespace hearth::test;
using link::PlayState;
using wire::Kind;

namespace {

const std::filesystem::path samples = "/usr/share/forensics-samples/original-files";
constexpr Rgb ground{0x0B, 0x0D, 0x12}, ember{0xFF, 0x9A, 0x4D}, white{255, 255, 255};

Bytes text_bytes(std::string_view text) {
  return to_bytes(as_bytes(text));
}

const char* const a_letter = R"(# The summer at the lake

Dear *Grandma*, dear **Grandpa**, we have put together what we remember: the boat, the rain
on the second day, and how `Max` swam to the island and back.

## What you will see

- the house before and after the storm
- Anna's first fish, which was *very* small
- the fire on the last evening

1. Start with the film.
2. Then the pictures.

> We thought of you when the bread came out of the oven.

```
07:40  train to the mountains
12:15  lunch at the station
```

---

### And then

It rained. Nobody minded, because there were cards, and soup, and the long story about the dog
that could open doors. You will have to ask Max about the ending, he tells it best.
)";

}  // namespace

TEST_CASE("idle: the home's name, a clock, gifts that wait") {
  NEEDS_A_DISPLAY();
  node.send(link::HomeScreen{"Lindenstraße 7", 2});
  const auto seen = stage.picture("01-idle", [](const Picture& p) {
    return near(p.at(20, 360), ground, 6) && p.share(ember, 12, 0, 0.8, 1, 1) > 0.00005 &&
           p.share({0xF4, 0xF1, 0xEC}, 12, 0.3, 0.3, 0.7, 0.55) > 0.02;
  });
  REQUIRE(seen);
  CHECK(seen->width == 1280);
  CHECK(seen->height == 720);
}

TEST_CASE("video: the picture moves, time passes, the banner comes and goes") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media(
      "film.mkv", {"-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=14", "-f", "lavfi", "-i",
                   "sine=440:d=14", "-c:v", "mpeg4", "-q:v", "4", "-c:a", "aac"}));
  const auto file = stage.dir() / "film.mkv";
  node.serve_file("film", file);
  stage.play("film", "The summer at the lake", Kind::video, "video/x-matroska",
             std::filesystem::file_size(file),
             "We thought you would like the part with the boat. Look at minute three!", "Anna");
  REQUIRE(node.wait_state("film", PlayState::opening, 5'000));
  REQUIRE(node.wait_state("film", PlayState::playing, 15'000));
  const auto banner = stage.picture("02-video-banner", [](const Picture& p) {
    return p.colours() > 20 && p.share(ember, 12, 0, 0.6, 0.4, 1) > 0.001;
  });
  CHECK(banner);
  const auto later = node.wait_state(
      [](const link::State& s) { return s.stream == "film" && s.position_ms > 1000; }, 10'000);
  REQUIRE(later);
  CHECK(later->duration_ms > 13'000);
  CHECK(later->duration_ms < 15'500);

  SUBCASE("pause shows the bar and stops time; resume goes on; the end is told") {
    node.send(link::Seek{9'000});
    node.send(link::Pause{});
    REQUIRE(node.wait_state(
        [](const link::State& s) { return s.state == PlayState::paused && s.position_ms >= 8'500; },
        10'000));
    const auto bar = stage.picture("03-video-paused", [](const Picture& p) {
      return p.share(ember, 12, 0.05, 0.85, 0.6, 1) > 0.004 &&
             p.share(ground, 48, 0.05, 0.92, 0.95, 0.95) > 0.5;
    });
    CHECK(bar);
    node.send(link::Resume{});
    CHECK(node.wait_state("film", PlayState::ended, 20'000));
  }
  SUBCASE("stop goes back to the idle screen") {
    node.forget_states();
    node.send(link::Stop{});
    CHECK(node.wait_state("", PlayState::idle, 5'000));
  }
  SUBCASE("starting in the middle") {
    node.forget_states();
    stage.play("film", "The summer at the lake", Kind::video, "video/x-matroska", 1, "", "",
               10'000);
    const auto state = node.wait_state(
        [](const link::State& s) { return s.state == PlayState::playing && s.position_ms > 0; },
        10'000);
    REQUIRE(state);
    CHECK(state->position_ms >= 9'500);
  }
}

TEST_CASE("a connection that breaks is made again, and the film goes on") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media("long.mkv", {"-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=30",
                                        "-c:v", "mpeg4", "-b:v", "30M", "-q:v", "2"}));
  const auto file = stage.dir() / "long.mkv";
  REQUIRE(std::filesystem::file_size(file) > (8u << 20));
  node.serve_file("long", file);
  stage.play("long", "A long film", Kind::video, "video/x-matroska", 1);
  REQUIRE(node.wait_state("long", PlayState::playing, 15'000));
  node.stop();
  node.start();
  REQUIRE(node.wait_ready(10'000));
  node.forget_states();
  node.send(link::Seek{25'000});
  CHECK(node.wait_state(
      [](const link::State& s) { return s.state == PlayState::playing && s.position_ms > 25'200; },
      20'000));
}

TEST_CASE("a film of 4 GiB does not fill the memory") {
  NEEDS_A_DISPLAY();
  // MPEG-TS may be repeated as it is: one clip of 20 s, again and again.
  REQUIRE(stage.make_media("part.ts", {"-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=20", "-c:v",
                                       "mpeg2video", "-b:v", "20M", "-q:v", "2"}));
  const auto part = read_file(stage.dir() / "part.ts", 256 << 20);
  REQUIRE(part);
  const std::uint64_t size = std::uint64_t{4} << 30;
  node.serve_bytes("huge", *part, size);
  stage.play("huge", "A very long film", Kind::video, "video/mp2t", size);
  REQUIRE(node.wait_state("huge", PlayState::playing, 15'000));
  REQUIRE(node.wait_state(
      [&](const link::State& s) { return s.stream == "huge" && s.position_ms > 4'000; }, 20'000));
  CHECK(node.bytes_served() > (8u << 20));
  const std::int64_t resident_kib = stage.player_resident_kib();
  MESSAGE("the player's memory: " << resident_kib / 1024 << " MiB");
  CHECK(resident_kib > 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident_kib < 300 * 1024);
#endif
}

TEST_CASE("photo: stands still, all of it is seen") {
  NEEDS_A_DISPLAY();
  const auto file = samples / "pic2/IMG_20191224_234846.jpg";
  REQUIRE(std::filesystem::exists(file));
  node.serve_file("photo", file);
  stage.play("photo", "Christmas Eve", Kind::image, "image/jpeg", std::filesystem::file_size(file),
             "", "Anna");
  REQUIRE(node.wait_state("photo", PlayState::playing, 15'000));
  CHECK(stage.picture("04-photo", [](const Picture& p) { return p.colours() > 20; }));
}

TEST_CASE("a photo that says in its EXIF that it lies on its side is stood up") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media(
      "flat.jpg", {"-f", "lavfi", "-i", "color=red:s=200x200", "-f", "lavfi", "-i",
                   "color=blue:s=200x200", "-filter_complex", "hstack", "-frames:v", "1"}));
  auto flat = read_file(stage.dir() / "flat.jpg", 1 << 20);
  REQUIRE(flat);
  // APP1 behind SOI: TIFF with the single tag Orientation = 6 (turn right by 90 degrees).
  const Bytes exif = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                      0,    1,    1, 18, 0,   3,   0,   0,   0, 1, 0,   6,   0, 0,  0, 0, 0, 0};
  flat->insert(flat->begin() + 2, exif.begin(), exif.end());
  node.serve_bytes("turned", *flat);
  stage.play("turned", "", Kind::image, "image/jpeg", flat->size());
  REQUIRE(node.wait_state("turned", PlayState::playing, 15'000));
  CHECK(stage.picture("04-photo-turned", [](const Picture& p) {
    const Rgb upper = p.at(640, 100), lower = p.at(640, 400);
    return upper.r > 200 && upper.b < 60 && lower.b > 200 && lower.r < 60;
  }));
}

TEST_CASE("music without a cover: title, bars that dance, progress") {
  NEEDS_A_DISPLAY();
  const auto file = samples / "audio1/debian.mp3";
  REQUIRE(std::filesystem::exists(file));
  node.serve_file("music", file);
  stage.play("music", "A word about Debian", Kind::audio, "audio/mpeg",
             std::filesystem::file_size(file), "Listen with the lights off.", "Theo");
  REQUIRE(node.wait_state("music", PlayState::playing, 15'000));
  CHECK(stage.picture("05-music", [](const Picture& p) {
    return near(p.at(4, 4), ground, 6) && near(p.at(1276, 716), ground, 6) &&
           p.share({0xF4, 0xF1, 0xEC}, 16, 0, 0.05, 0.7, 0.2) > 0.005 &&
           p.share(ground, 6, 0.05, 0.4, 0.95, 0.8) < 0.97;
  }));
}

TEST_CASE("music with a cover") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media(
      "cover.png",
      {"-f", "lavfi", "-i", "gradients=s=600x600:c0=0x2255AA:c1=0x44CCAA:d=1", "-frames:v", "1"}));
  REQUIRE(stage.make_media(
      "song.mp3", {"-f", "lavfi", "-i", "sine=330:d=12", "-i", (stage.dir() / "cover.png").string(),
                   "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic"}));
  node.serve_file("song", stage.dir() / "song.mp3");
  stage.play("song", "Evening in the north", Kind::audio, "audio/mpeg", 1,
             "From the record we spoke about.", "Theo");
  REQUIRE(node.wait_state("song", PlayState::playing, 15'000));
  const auto seen = stage.picture("06-music-cover", [](const Picture& p) {
    const Rgb cover = p.at(280, 320);
    return cover.g > 60 && cover.b > 90 && near(p.at(4, 300), ground, 6) &&
           near(p.at(1270, 700), ground, 6);
  });
  CHECK(seen);
}

TEST_CASE("Markdown as pages") {
  NEEDS_A_DISPLAY();
  node.serve_bytes("letter", text_bytes(a_letter));
  stage.play("letter", "letter.md", Kind::data, "text/markdown", 1000, "", "Anna");
  const auto first = node.wait_state("letter", PlayState::playing, 10'000);
  REQUIRE(first);
  const auto pages = node.wait_state([](const link::State& s) { return s.pages > 1; }, 5'000);
  REQUIRE(pages);
  CHECK(pages->page == 1);
  const auto page_one = stage.picture("07-markdown", [](const Picture& p) {
    return p.share({0xF4, 0xF1, 0xEC}, 16, 0.1, 0.05, 0.9, 0.9) > 0.01 &&
           near(p.at(4, 4), ground, 6);
  });
  REQUIRE(page_one);
  node.send(link::Page{1});
  CHECK(node.wait_state([](const link::State& s) { return s.page == 2; }, 5'000));
  CHECK(stage.picture("08-markdown-2", [&](const Picture& p) { return p.rgb != page_one->rgb; }));
}

TEST_CASE("PDF: the page is white paper on the dark ground") {
  NEEDS_A_DISPLAY();
  const auto file = samples / "text1/a-text.pdf";
  REQUIRE(std::filesystem::exists(file));
  node.serve_file("pdf", file);
  stage.play("pdf", "a-text.pdf", Kind::data, "application/pdf", std::filesystem::file_size(file));
  const auto state = node.wait_state("pdf", PlayState::playing, 15'000);
  REQUIRE(state);
  CHECK(state->pages >= 1);
  CHECK(stage.picture("09-pdf", [](const Picture& p) {
    return p.share(white, 4, 0.4, 0.1, 0.6, 0.9) > 0.5 && near(p.at(20, 360), ground, 8);
  }));
}

TEST_CASE("a file of another kind: its card") {
  NEEDS_A_DISPLAY();
  node.serve_bytes("zip", text_bytes("PK\3\4"));
  stage.play("zip", "Holiday backup.zip", Kind::data, "application/zip", 48'231'004, "", "Anna");
  CHECK(node.wait_state("zip", PlayState::playing, 5'000));
  CHECK(stage.picture("10-card", [](const Picture& p) {
    return p.share({0x15, 0x19, 0x22}, 6, 0.2, 0.3, 0.8, 0.7) > 0.4;
  }));
}

TEST_CASE("a toast over what is shown") {
  NEEDS_A_DISPLAY();
  node.send(
      link::Notify{"A gift from Anna", "The summer at the lake. Open it on the home's page.", 20});
  CHECK(stage.picture("11-toast", [](const Picture& p) {
    return p.share({0x1C, 0x21, 0x2C}, 8, 0.55, 0.05, 0.95, 0.2) > 0.3;
  }));
  node.send(link::Notify{"", "", 1});
}

TEST_CASE("a gift is asked about: its picture, who gives what, and the keys") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media("cake.jpg", {"-f", "lavfi", "-i", "color=c=0x3060C0:size=640x480",
                                        "-frames:v", "1", "-q:v", "6"}));
  std::ifstream in(stage.dir() / "cake.jpg", std::ios::binary);
  const Bytes jpeg{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(jpeg.size() <= link::max_prompt_picture);
  node.send(link::Prompt{"gift", "A gift from Grandma", "Summer at the lake and 2 more",
                         "3 titles, 1.2 GB together", "For the long evenings.\nSee you on Sunday!",
                         "Accepting costs nothing. It fetches 1.2 GB from other homes, and tells "
                         "Grandma that you accepted.",
                         jpeg});
  CHECK(stage.picture("12-gift", [](const Picture& p) {
    return p.share({0x30, 0x60, 0xC0}, 24, 0.06, 0.22, 0.43, 0.7) > 0.95 &&  // all of it
           p.share({0xF4, 0xF1, 0xEC}, 12, 0.45, 0.1, 0.95, 0.6) > 0.005 &&
           p.share(ember, 12, 0, 0.8, 0.3, 1) > 0.001;  // OK
  }));
  node.send(link::Prompt{});
  CHECK(stage.picture("13-gift-gone", [](const Picture& p) {
    return p.share({0x30, 0x60, 0xC0}, 24, 0, 0, 1, 1) < 0.001;
  }));
}

TEST_CASE("what cannot be shown says so, and the player lives on") {
  NEEDS_A_DISPLAY();
  struct Row {
    const char* what;
    const char* stream;
    Bytes bytes;
  };
  // Playlists and scripts of formats that would open other files, and noise.
  const auto secret = (samples / "pic1/debian.png").string();
  const Row rows[] = {
      {"noise", "noise", Bytes(50'000, 0x5A)},
      {"an M3U playlist", "m3u", text_bytes("#EXTM3U\n#EXTINF:1,x\n" + secret + "\n")},
      {"an HLS playlist", "hls",
       text_bytes("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://" + secret +
                  "\n#EXT-X-ENDLIST\n")},
      {"an edit list", "edl", text_bytes("# mpv EDL v0\n" + secret + ",0,5\n")},
      {"a concat script", "concat", text_bytes("ffconcat version 1.0\nfile '" + secret + "'\n")},
      {"a cue sheet", "cue",
       text_bytes("FILE \"" + secret + "\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n")},
      {"an empty file", "empty", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    node.serve_bytes(row.stream, row.bytes);
    stage.play(row.stream, row.what, Kind::video, "video/mp4", row.bytes.size());
    const auto state = node.wait_state(row.stream, PlayState::failed, 15'000);
    REQUIRE(state);
    CHECK(state->sentence.size() > 20);
  }
  node.serve_bytes("broken", Bytes(200'000, 1));
  node.meddle = [](const std::string& stream, const link::ReadRequest&) -> std::optional<Bytes> {
    if (stream != "broken") return std::nullopt;
    Bytes body =
        text_bytes("?The next part has not arrived. Nothing is lost; play it again later.");
    body[0] = link::read_failed;
    return body;
  };
  stage.play("broken", "A film that stays away", Kind::video, "video/mp4", 200'000);
  const auto state = node.wait_state("broken", PlayState::failed, 15'000);
  REQUIRE(state);
  CHECK(state->sentence == "The next part has not arrived. Nothing is lost; play it again later.");
  CHECK(stage.picture("12-failure", [](const Picture& p) {
    return p.share({0xFF, 0x6B, 0x6B}, 10, 0.4, 0.2, 0.6, 0.6) > 0.0005;
  }));
}
