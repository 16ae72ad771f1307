// A home's channels as streams: ffprobe and VLC play them; nobody gets what is not for them.
#include <algorithm>
#include <fstream>

#include <unistd.h>

#include "tests/integration/parlour.h"

using namespace hearth::test;

namespace {

const std::vector<std::string> tone = {"-f", "lavfi", "-i", "sine=frequency=440:duration=3"};

std::vector<std::string> film(const std::string& size, const std::string& rate,
                              std::vector<std::string> codecs, bool sound = true) {
  std::vector<std::string> out = {"-f", "lavfi", "-i",
                                  "testsrc2=size=" + size + ":rate=" + rate + ":duration=3"};
  if (sound) out.insert(out.end(), tone.begin(), tone.end());
  out.insert(out.end(), codecs.begin(), codecs.end());
  return out;
}

/// Ten items of three seconds whose codecs, sizes and rates differ.
void add_ten(Parlour& parlour) {
  parlour.add(
      "4", "a.mp4",
      film("640x360", "25", {"-c:v", "libx264", "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac"}));
  parlour.add("4", "b.mkv", film("320x240", "15", {"-c:v", "mpeg4", "-c:a", "libmp3lame"}));
  parlour.add("4", "c.mp3", {"-f", "lavfi", "-i", "sine=frequency=880:duration=3"});
  parlour.add(
      "4", "d.webm",
      film("480x270", "30", {"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"}));
  parlour.add(
      "4", "e.mp4",
      film("1280x720", "30", {"-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv420p"}, false));
  parlour.add("4", "f.png",
              {"-f", "lavfi", "-i", "testsrc=size=801x603:duration=1:rate=1", "-frames:v", "1"},
              {"--seconds", "3"});
  parlour.add("4", "g.avi", film("352x288", "24", {"-c:v", "mpeg2video", "-c:a", "ac3"}));
  parlour.home.ok({"channel", "add", "4", "--page", "Back *soon*", "--seconds", "3"});
  parlour.add("4", "h.mov",
              film("360x640", "25",
                   {"-c:v", "libx264", "-bf", "3", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"}));
  parlour.add("4", "i.flac", {"-f", "lavfi", "-i", "sine=frequency=220:duration=3"});
  parlour.add("4", "j.mkv",
              film("640x480", "50", {"-c:v", "libx264", "-pix_fmt", "yuv422p", "-c:a", "flac"}));
}

/// Every packet's decoding time, by track, and whether the tool had anything to say.
struct Played {
  std::string said;
  std::vector<double> decoded[2];
};

Played played(const std::string& url, int seconds) {
  const Outcome probe = run({"timeout", "-k", "5", "150", "ffprobe", "-v", "warning",
                             "-read_intervals", "%+" + std::to_string(seconds), "-show_entries",
                             "packet=stream_index,dts_time", "-of", "csv=p=0", url},
                            170'000);
  Played out;
  out.said = probe.err;
  for (const std::string& line : lines(probe.out)) {
    std::istringstream in(line);
    std::string index, time;
    std::getline(in, index, ',');
    std::getline(in, time, ',');
    if (time.empty() || (index != "0" && index != "1")) continue;
    out.decoded[index == "0" ? 0 : 1].push_back(std::stod(time));
  }
  return out;
}

bool rises(const std::vector<double>& values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] <= values[i - 1]) return false;
  }
  return true;
}

/// Not ended, whether somebody has noticed or not.
bool lives(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  const std::string stat((std::istreambuf_iterator<char>(in)), {});
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] != 'Z';
}

std::vector<int> children(Home& home, const std::string& program) {
  const Outcome found = run({"pgrep", "-P", std::to_string(home.daemon().pid()), "-x", program});
  std::vector<int> out;
  for (const std::string& line : lines(found.out)) out.push_back(std::stoi(line));
  return out;
}

}  // namespace

TEST_CASE("nobody gets parts of a stream that is not for them") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  parlour.add("4", "thriller.mp4",
              {"-f", "lavfi", "-i", "color=c=red:size=320x180:rate=25:duration=600", "-c:v",
               "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"},
              {}, {"--price", "1.00 EUR", "--min-age", "16"});
  const std::string all = parlour.token({"Kodi"});
  const std::string child = parlour.token({"Tablet", "--max-age", "12"});
  const auto segment = [&](const std::string& base) {
    std::string last;
    for (const std::string& line :
         lines(parlour.browser.get(base + "/channel/" + parlour.id("4") + ".m3u8").body)) {
      if (line.ends_with(".ts")) last = "/channel/" + line;
    }
    return last;
  };
  const std::string of_all = segment(all), of_child = segment(child);
  const auto status = [&](const std::string& path) { return parlour.browser.get(path).status; };
  const Answered whole = parlour.browser.get(all + of_all);
  CHECK(whole.status == 200);
  CHECK(whole.body.size() % 188 == 0);
  CHECK(whole.body.size() > 10'000);
  CHECK(status(child + of_child) == 200);
  CHECK(status(child + of_all) == 404);
  CHECK(status(all + of_child) == 404);

  // What was encoded before a child watches is not given out either.
  parlour.home.ok({"profile", "add", "Mia", "--max-age", "6"});
  parlour.home.ok({"profile", "use", "Mia"});
  CHECK(status(all + of_all) == 404);
  parlour.home.ok({"profile", "use"});
  CHECK(status(all + of_all) == 200);
}

TEST_CASE("ten changes of items of mixed codecs: no timestamp goes back, over TS and HLS") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  add_ten(parlour);
  const std::string base = parlour.token({"Kodi"});
  const std::string channel = base + "/channel/" + parlour.id("4");
  for (const char* ending : {".ts", ".m3u8"}) {
    CAPTURE(ending);
    const Played stream = played(parlour.at(channel + ending), 33);
    CHECK_MESSAGE(stream.said.empty(), stream.said);
    REQUIRE(stream.decoded[0].size() > 100);
    CHECK(rises(stream.decoded[0]));
    CHECK(rises(stream.decoded[1]));
    CHECK(stream.decoded[0].back() - stream.decoded[0].front() > 30);
    CHECK(stream.decoded[1].back() - stream.decoded[1].front() > 30);
  }
  // The whole of it decodes as well, sound too; in the stream's own time, not in the frame rate of
  // the item that happens to be the first.
  const Outcome decoded = run({"timeout",
                               "-k",
                               "5",
                               "150",
                               "ffmpeg",
                               "-v",
                               "warning",
                               "-nostdin",
                               "-xerror",
                               "-i",
                               parlour.at(channel + ".ts"),
                               "-t",
                               "15",
                               "-fps_mode",
                               "passthrough",
                               "-enc_time_base",
                               "1:90000",
                               "-f",
                               "null",
                               "-"},
                              170'000);
  CHECK_MESSAGE(decoded.exit_code == 0, decoded.err);
  CHECK_MESSAGE(decoded.err.empty(), decoded.err);
  CHECK(parlour.home.ok({"channel", "check", "4"}).at("troubles").empty());
  CHECK(children(parlour.home, "ffmpeg").size() <= 1);
}

TEST_CASE("what cannot be played is a card, and its owner is told; streams end with the token") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  // Says that it is a film, and is none: between its head and its index is rubbish.
  const fs::path broken = parlour.town.dir() / "broken.mp4";
  parlour.add("4", "good.mp4", film("640x360", "25", {"-c:v", "mpeg4", "-c:a", "aac"}));
  {
    std::ifstream good(parlour.town.dir() / "good.mp4", std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(good)), {});
    const std::size_t data = bytes.find("mdat") + 4, index = bytes.find("moov") - 4;
    REQUIRE(data < index);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(data),
              bytes.begin() + static_cast<std::ptrdiff_t>(index), '\x55');
    std::ofstream(broken, std::ios::binary) << bytes;
  }
  parlour.publish("4", broken, {"--seconds", "4"});
  const std::string base = parlour.token({"Kodi"});
  const std::string channel = base + "/channel/" + parlour.id("4");
  const Played stream = played(parlour.at(channel + ".ts"), 20);
  CHECK(rises(stream.decoded[0]));
  REQUIRE(stream.decoded[0].size() > 100);
  CHECK(stream.decoded[0].back() - stream.decoded[0].front() > 17);
  eventually("the owner is told", 20, [&] {
    for (const Json& one : rows(parlour.home.ok({"channel", "check", "4"}), "troubles")) {
      if (one.at("name") == "broken.mp4") return true;
    }
    return false;
  });

  // Whoever watches is cut off when the token is taken back.
  hearth::net::RawSocket viewer(parlour.port);
  viewer.send_all("GET " + channel + ".ts HTTP/1.1\r\nhost: localhost\r\n\r\n");
  CHECK(viewer.read_until("\r\n\r\n").find("200 OK") != std::string::npos);
  CHECK_FALSE(viewer.read_until("G", 90'000).empty());  // packets begin with it
  parlour.home.ok({"iptv", "revoke", "Kodi"});
  viewer.read_all();
  CHECK(viewer.closed());
  CHECK(parlour.browser.get(channel + ".m3u8").status == 404);
  // A stream that nobody watches ends.
  eventually("ffmpeg has ended", 90, [&] { return children(parlour.home, "ffmpeg").empty(); });
}

TEST_CASE("streams are bounded, and end with the node") {
  Parlour parlour;
  const std::string base = [&] {
    for (int i = 1; i <= 5; ++i)
      parlour.home.ok({"channel", "create", std::to_string(i), "C" + std::to_string(i)});
    return parlour.token({"Kodi"});
  }();
  std::vector<std::unique_ptr<hearth::net::RawSocket>> viewers;
  for (int i = 1; i <= 4; ++i) {
    viewers.push_back(std::make_unique<hearth::net::RawSocket>(parlour.port));
    viewers.back()->send_all("GET " + base + "/channel/" + parlour.id(std::to_string(i)) +
                             ".ts HTTP/1.1\r\nhost: localhost\r\n\r\n");
    CHECK(viewers.back()->read_until("\r\n\r\n").find("video/mp2t") != std::string::npos);
  }
  const Answered fifth = parlour.browser.get(base + "/channel/" + parlour.id("5") + ".ts");
  CHECK(fifth.status == 503);
  CHECK(fifth.header("x-hdhomerun-error").find("805") == 0);
  eventually("an ffmpeg runs", 30, [&] { return !children(parlour.home, "ffmpeg").empty(); });
  std::vector<int> running = children(parlour.home, "ffmpeg");
  CHECK(running.size() <= 4);
  parlour.home.daemon().kill9();
  eventually("none is left", 20,
             [&] { return std::none_of(running.begin(), running.end(), lives); });
}

TEST_CASE("catch-up, and from the start of what is on") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  const std::int64_t made = now_ms();
  parlour.add("4", "red.mp4",
              {"-f", "lavfi", "-i", "color=c=red:size=320x180:rate=25:duration=20", "-c:v",
               "libx264", "-pix_fmt", "yuv420p"});
  const std::string base = parlour.token({"Kodi"});
  const std::string id = parlour.id("4");
  eventually("it is on", 20, [&] {
    const Json on = parlour.home.ok({"channel", "show", "4"}).at("on");
    return !on.is_null() && on.at("name") == "red.mp4" && on.at("start_ms") < now_ms() - 6'000;
  });
  const Json on = parlour.home.ok({"channel", "show", "4"}).at("on");
  const std::int64_t start = on.at("start_ms").get<std::int64_t>() / 1000;
  for (const std::string& path :
       {base + "/catchup/" + id + "/" + std::to_string(start + 1) + "/4.ts",
        base + "/channel/" + id + "/from-start.ts"}) {
    CAPTURE(path);
    const fs::path pixel = parlour.town.dir() / "pixel.rgb";
    const Outcome one = run({"timeout",
                             "-k",
                             "5",
                             "60",
                             "ffmpeg",
                             "-v",
                             "error",
                             "-nostdin",
                             "-y",
                             "-i",
                             parlour.at(path),
                             "-frames:v",
                             "1",
                             "-vf",
                             "crop=8:8,scale=1:1",
                             "-f",
                             "rawvideo",
                             "-pix_fmt",
                             "rgb24",
                             pixel.string()});
    REQUIRE_MESSAGE(one.exit_code == 0, one.err);
    std::ifstream in(pixel, std::ios::binary);
    const std::string rgb((std::istreambuf_iterator<char>(in)), {});
    REQUIRE(rgb.size() == 3);
    CHECK(static_cast<unsigned char>(rgb[0]) > 200);
    CHECK(static_cast<unsigned char>(rgb[1]) < 60);
  }
  const Played part =
      played(parlour.at(base + "/catchup/" + id + "/" + std::to_string(start + 1) + "/4.ts"), 60);
  REQUIRE(part.decoded[0].size() > 90);
  CHECK(rises(part.decoded[0]));
  CHECK(part.decoded[0].back() - part.decoded[0].front() < 8);
  const std::string later = std::to_string(made / 1000 + 86'400);
  CHECK(parlour.browser.get(base + "/catchup/" + id + "/" + later + "/60.ts").status == 404);
  const std::string long_ago = std::to_string(made / 1000 - 8 * 86'400);
  CHECK(parlour.browser.get(base + "/catchup/" + id + "/" + long_ago + "/60.ts").status == 404);
}

TEST_CASE("VLC opens the playlist and shows the channel") {
  Parlour parlour;
  parlour.home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  parlour.add("4", "a.mp4",
              film("640x360", "25", {"-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"}));
  parlour.add(
      "4", "b.webm",
      film("480x270", "30", {"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"}));
  const std::string base = parlour.token({"VLC"});
  const fs::path shots = parlour.town.dir() / "shots";
  fs::create_directories(shots);
  // VLC refuses to run as root: then it is nobody, who may write there.
  std::vector<std::string> words{"timeout", "-k", "5", "100"};
  if (::geteuid() == 0) {
    fs::permissions(parlour.town.dir(), fs::perms::others_exec, fs::perm_options::add);
    fs::permissions(shots, fs::perms::all);
    words.insert(words.end(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  }
  words.insert(words.end(), {"env",          "HOME=" + shots.string(),
                             "cvlc",         "-I",
                             "dummy",        "--no-video-title-show",
                             "--vout",       "dummy",
                             "--aout",       "dummy",
                             "--no-loop",    "--run-time",
                             "12",           "--video-filter",
                             "scene",        "--scene-format",
                             "png",          "--scene-path",
                             shots.string(), "--scene-prefix",
                             "shot",         "--scene-ratio",
                             "25",           parlour.at(base + "/channels.m3u"),
                             "vlc://quit"});
  const Outcome shown = run(words, 120'000);
  std::size_t pictures = 0;
  for (const auto& one : fs::directory_iterator(shots))
    pictures += one.path().extension() == ".png" && one.file_size() > 1'000 ? 1 : 0;
  CHECK_MESSAGE(pictures >= 2, shown.err);
}
