// Printed gift cards, read by stock programs: zbarimg finds the QR code on the PNG and on the PDF's
// page, pdftotext the text that is to be typed.
#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/base/process.h"
#include "common/base/typed_text.h"
#include "common/crypto/hash.h"
#include "common/wire/gift_card.h"
#include "node/print/card_face.h"
#include "node/print/qr.h"
#include "tests/support/temp_dir.h"

namespace hearth::node {
namespace {

constexpr int timeout_ms = 60'000;

std::string run(const std::vector<std::string>& argv) {
  const auto done = run_process(argv, {}, 16 * 1024 * 1024, timeout_ms);
  REQUIRE_MESSAGE(done, done.error().sentence);
  REQUIRE_MESSAGE(done->exit_code == 0, done->err);
  return std::string(as_text(done->out));
}

std::string scanned(const std::filesystem::path& picture) {
  return run({"zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture.string()});
}

/// A JPEG as a title's poster would be.
Bytes a_poster(const std::string& size) {
  const auto made = run_process({"ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                                 "testsrc=size=" + size, "-frames:v", "1", "-f", "mjpeg", "pipe:1"},
                                {}, 1024 * 1024, timeout_ms);
  REQUIRE(made);
  REQUIRE(made->exit_code == 0);
  return made->out;
}

CardFace a_face(std::uint8_t which) {
  wire::GiftCard card;
  card.voucher.offer.fill(which);
  card.voucher.one_time_seed = crypto::Seed(crypto::sha256(Bytes{which}));
  card.voucher.token.fill(static_cast<std::uint8_t>(which * 3));
  CardFace face;
  face.title = "The long way home";
  face.kind = "Film, 1 h 32 min";
  face.from = "Linden Street 4";
  face.note = "For the long evenings.\nSee you on Sunday!";
  face.text = wire::gift_card_text(card);
  face.uri = wire::gift_card_uri(card);
  return face;
}

void must_be_readable(const CardFace& face, const test::TempDir& dir, const std::string& name) {
  CAPTURE(name);
  const auto png = dir / (name + ".png"), pdf = dir / (name + ".pdf");
  const auto picture = draw_card(face, Paper::png);
  REQUIRE(picture);
  REQUIRE(write_file_atomic(png, *picture, 0600));
  CHECK(scanned(png) == face.uri + "\n");

  const auto document = draw_card(face, Paper::pdf);
  REQUIRE(document);
  REQUIRE(write_file_atomic(pdf, *document, 0600));
  const std::string text = run({"pdftotext", "-raw", pdf.string(), "-"});
  CHECK(without_blanks(text).find(upper_case(face.text)) != std::string::npos);
  const auto page = dir / (name + "-page");
  run({"pdftoppm", "-png", "-singlefile", "-r", "150", pdf.string(), page.string()});
  CHECK(scanned(page.string() + ".png") == face.uri + "\n");
  const auto read = wire::parse_gift_card(scanned(page.string() + ".png"));
  REQUIRE(read);
  CHECK(wire::gift_card_text(*read) == face.text);
}

TEST_CASE("a printed gift card is scanned and typed by stock programs") {
  const test::TempDir dir;
  must_be_readable(a_face(1), dir, "plain");

  CardFace film = a_face(2);
  film.poster = decode_poster(a_poster("320x180"), poster_box(1920, 1080));
  CHECK(film.poster.pixels.size() == 480 * 320 * 4);
  must_be_readable(film, dir, "film");

  CardFace book = a_face(3);
  book.poster = decode_poster(a_poster("200x300"), poster_box(600, 900));
  book.until = "Good until 31 January 2027.";
  book.title =
      "A name that is as long as names may be, with many words in it, so that it takes "
      "three lines and then ends somewhere";
  for (int i = 0; i < 60; ++i) book.note += "many words <b>& signs</b> ";
  must_be_readable(book, dir, "crowded");

  CardFace bare = a_face(4);
  bare.title = "\u00c4pfel & B\u00e4ume \u2014 \u6620\u753b";
  bare.kind = bare.from = bare.note = std::string();
  must_be_readable(bare, dir, "bare");
}

TEST_CASE("a QR code alone is scanned too") {
  const test::TempDir dir;
  const std::string text = "hearth:card?d=eyJ";
  const auto picture = draw_qr_png(text);
  REQUIRE(picture);
  REQUIRE(write_file_atomic(dir / "qr.png", *picture, 0600));
  CHECK(scanned(dir / "qr.png") == text + "\n");
}

TEST_CASE("what is no poster is drawn as none") {
  const PosterBox box = poster_box(0, 0);
  CHECK(decode_poster({}, box).pixels.empty());
  CHECK(decode_poster(as_bytes("no picture at all"), box).pixels.empty());
  Bytes cut = a_poster("320x180");
  cut.resize(300);
  CHECK(decode_poster(cut, box).pixels.empty());
}

TEST_CASE("a terminal's half blocks are the code's modules") {
  const auto code = make_qr("HEARTH");
  REQUIRE(code);
  const std::string drawn = half_blocks(*code, false);
  // Read back: each character is two modules, light ones are drawn.
  int y = -2;
  for (std::size_t at = 0; at < drawn.size(); y += 2) {
    int x = -2;
    for (; drawn[at] != '\n'; ++x) {
      const std::string_view rest = std::string_view(drawn).substr(at);
      const bool full = rest.starts_with("\u2588");
      const bool upper = full || rest.starts_with("\u2580");
      const bool lower = full || rest.starts_with("\u2584");
      CHECK(upper == !code->at(x, y));
      if (y + 1 < code->size + 2) CHECK(lower == !code->at(x, y + 1));
      at += rest.starts_with(" ") ? 1 : 3;
    }
    CHECK(x == code->size + 2);
    ++at;
  }
  CHECK(y >= code->size + 2);
  CHECK_FALSE(make_qr(std::string(5'000, 'x')));
}

}  // namespace
}  // namespace hearth::node
