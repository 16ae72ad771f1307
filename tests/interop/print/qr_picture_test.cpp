// Cards read back from pictures as people have them: a photo taken at an angle, a scan, a page of
// a PDF; and from files that are none, or that mean harm.
#include "node/print/qr_picture.h"

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/base/process.h"
#include "node/print/card_face.h"
#include "tests/support/temp_dir.h"

namespace hearth::node {
namespace {

constexpr int timeout_ms = 60'000;
const std::string card = "hearth:card?d=" + std::string(700, 'x') + "AbCdEfG-_0123456789";

/// ffmpeg with `inputs` and a filter, as bytes of the given form.
Bytes drawn(const std::vector<std::string>& inputs, const std::string& filter,
            const std::vector<std::string>& form) {
  std::vector<std::string> argv{"ffmpeg", "-v", "error", "-nostdin"};
  argv.insert(argv.end(), inputs.begin(), inputs.end());
  argv.insert(argv.end(), {"-filter_complex", filter, "-frames:v", "1", "-f", "image2pipe"});
  argv.insert(argv.end(), form.begin(), form.end());
  argv.push_back("pipe:1");
  const auto made = run_process(argv, {}, 64 * 1024 * 1024, timeout_ms);
  REQUIRE_MESSAGE(made, made.error().sentence);
  REQUIRE_MESSAGE(made->exit_code == 0, made->err);
  return made->out;
}
const std::vector<std::string> jpeg = {"-c:v", "mjpeg", "-q:v", "6"}, png = {"-c:v", "png"};

/// A room with things in it, and one that has noise all over.
const std::vector<std::string> room = {"-f", "lavfi", "-i", "testsrc2=size=1800x1350"};

struct Desk {
  test::TempDir dir;
  std::filesystem::path code(const std::string& text, const std::string& name) const {
    const auto picture = draw_qr_png(text);
    REQUIRE(picture);
    REQUIRE(write_file_atomic(dir / name, *picture, 0600));
    return dir / name;
  }
  std::vector<std::string> with(const std::vector<std::filesystem::path>& pictures) const {
    std::vector<std::string> out = room;
    for (const auto& one : pictures) out.insert(out.end(), {"-i", one.string()});
    return out;
  }
};

std::vector<std::string> codes(const Bytes& picture) {
  const auto read = read_qr_picture(picture);
  REQUIRE_MESSAGE(read, read.error().sentence);
  return *read;
}

Code refusal(const Bytes& file) {
  const auto read = read_qr_picture(file);
  return read ? Code::internal : read.error().code;
}

}  // namespace

TEST_CASE("a photo of a card is read, straight, at an angle, far away, and as WebP") {
  const Desk desk;
  const auto inputs = desk.with({desk.code(card, "card.png")});
  const auto placed = [](int side, const std::string& angle) {
    const std::string size = std::to_string(side);
    return "[1:v]scale=" + size + ":" + size + ",format=rgba,rotate=" + angle + ":c=none:ow=rotw(" +
           angle + "):oh=roth(" + angle + ")[q];[0:v][q]overlay=300:120,noise=alls=12:allf=t";
  };
  for (const char* angle : {"0", "0.3", "1.2", "PI"}) {
    CAPTURE(angle);
    CHECK(codes(drawn(inputs, placed(800, angle), jpeg)) == std::vector{card});
  }
  // A telephone's photo of 12 megapixels: read when it is made smaller.
  CHECK(codes(drawn(inputs, placed(700, "0.1") + ",scale=4000:3000", jpeg)) == std::vector{card});
  CHECK(codes(drawn(inputs, placed(800, "0"), {"-c:v", "libwebp"})) == std::vector{card});
  CHECK(codes(drawn(inputs, placed(800, "0"), png)) == std::vector{card});
}

TEST_CASE("a printed gift card's PDF and PNG are read") {
  CardFace face;
  face.title = "The long way home";
  face.text = "hearthgift1qqqq";
  face.uri = "HEARTH:GIFT?C=" + std::string(243, 'Q');
  for (const Paper paper : {Paper::pdf, Paper::png}) {
    const auto file = draw_card(face, paper);
    REQUIRE(file);
    CHECK(is_qr_picture(*file));
    CHECK(codes(*file) == std::vector{face.uri});
  }
}

TEST_CASE("no code and several codes are told apart; the same one twice is one") {
  const Desk desk;
  const auto one = desk.code("hearth:card?d=one", "one.png");
  const auto two = desk.code("hearth:card?d=two", "two.png");
  const std::string both =
      "[1:v]scale=400:400[a];[2:v]scale=400:400[b];[0:v][a]overlay=100:100[c];"
      "[c][b]overlay=1100:700";
  CHECK(codes(drawn(room, "[0:v]null", jpeg)).empty());
  CHECK(codes(drawn(desk.with({one, two}), both, jpeg)).size() == 2);
  CHECK(codes(drawn(desk.with({one, one}), both, jpeg)).size() == 1);
}

TEST_CASE("what is no picture, is cut, or pretends to be huge is refused, and nothing is left") {
  CHECK_FALSE(is_qr_picture({}));
  CHECK_FALSE(is_qr_picture(to_bytes(as_bytes("hearth:card?d=…"))));
  CHECK(refusal(to_bytes(as_bytes("<svg xmlns='http://www.w3.org/2000/svg'/>"))) ==
        Code::unsupported_media);
  const Bytes whole = drawn(room, "[0:v]scale=300:200", png);
  Bytes cut = whole;
  cut.resize(40);
  CHECK(refusal(cut) == Code::unsupported_media);
  // 60,000 pixels a side, in the header alone.
  Bytes huge = whole;
  for (const std::size_t at : {16u, 20u}) {
    huge[at] = huge[at + 1] = 0;
    huge[at + 2] = 0xea;
    huge[at + 3] = 0x60;
  }
  CHECK(refusal(huge) == Code::unsupported_media);
  Bytes empty_pdf = to_bytes(as_bytes("%PDF-1.7\n%%EOF\n"));
  CHECK(refusal(empty_pdf) == Code::unsupported_media);
  // The form is what the bytes say: nothing else is tried, whatever follows.
  Bytes playlist = to_bytes(as_bytes("\xff\xd8\xff#EXTM3U\nfile:///etc/passwd\n"));
  CHECK(refusal(playlist) == Code::unsupported_media);
  CHECK(refusal(to_bytes(as_bytes("RIFF"))) == Code::unsupported_media);
}

}  // namespace hearth::node
