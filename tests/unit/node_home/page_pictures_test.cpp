// Pictures of strangers, as the page gets them: nothing of their bytes is left.
#include <doctest/doctest.h>

#include "common/base/process.h"
#include "node/web/pictures.h"

namespace hearth::node {
namespace {

Bytes made_jpeg() {
  auto made = run_process({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=1200x900",
                           "-frames:v", "1", "-f", "mjpeg", "pipe:1"},
                          {}, 4 * 1024 * 1024, 20'000);
  REQUIRE(made.has_value());
  REQUIRE(made->exit_code == 0);
  return made->out;
}

bool holds(const Bytes& bytes, std::string_view text) {
  return as_text(bytes).find(text) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a picture loses its comments, what follows it, and its size") {
  const std::string_view script = "<script>alert(1)</script>";
  Bytes picture = made_jpeg();
  // FF FE: a comment, right behind the start of the image; and more behind its end.
  Bytes comment = {0xff, 0xfe, 0, static_cast<std::uint8_t>(script.size() + 2)};
  append(comment, as_bytes(script));
  picture.insert(picture.begin() + 2, comment.begin(), comment.end());
  append(picture, as_bytes(script));
  REQUIRE(holds(picture, script));
  const auto anew = encode_anew(picture);
  REQUIRE_MESSAGE(anew.has_value(), (anew ? "" : anew.error().sentence));
  CHECK_FALSE(holds(*anew, script));
  const auto probed = run_process({"ffprobe", "-v", "error", "-show_entries", "stream=width,height",
                                   "-of", "csv=p=0", "-f", "mjpeg", "-i", "pipe:0"},
                                  *anew, 1000, 20'000);
  REQUIRE(probed.has_value());
  CHECK(as_text(probed->out).starts_with("640,480"));
}

TEST_CASE("what is no JPEG, or one that claims to be huge, is none") {
  Bytes huge = made_jpeg();
  // FF C0: the frame's header, with height and width.
  for (std::size_t i = 0; i + 9 < huge.size(); ++i) {
    if (huge[i] != 0xff || huge[i + 1] != 0xc0) continue;
    huge[i + 5] = huge[i + 6] = huge[i + 7] = huge[i + 8] = 0xff;
    break;
  }
  for (const Bytes& bytes :
       {Bytes(), Bytes(100, 0xff), huge,
        to_bytes(as_bytes("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")),
        to_bytes(as_bytes("\x89PNG\r\n\x1a\n")), to_bytes(as_bytes("concat:/etc/passwd"))}) {
    const auto anew = encode_anew(bytes);
    REQUIRE_FALSE(anew.has_value());
    CHECK(anew.error().code == Code::unsupported_media);
  }
}

}  // namespace hearth::node
