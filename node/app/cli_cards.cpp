#include "node/app/cli_cards.h"

#include <filesystem>

#include "common/base/clock.h"
#include "common/base/files.h"
#include "node/print/card_face.h"

namespace hearth::node {
namespace {

std::string kind_words(const wire::Json& document) {
  const std::string kind = document.value("kind", "");
  std::string words = "A document";
  if (kind == "video") words = "Film";
  if (kind == "audio") words = "Music";
  if (kind == "image") words = "Picture";
  const auto minutes = (document.value("duration_ms", std::uint64_t{0}) + 30'000) / 60'000;
  if (minutes == 0) return words;
  words += ", ";
  if (minutes >= 60) words += std::to_string(minutes / 60) + " h ";
  return words + std::to_string(minutes % 60) + " min";
}

}  // namespace

Result<void> check_card_file(const std::string& file) {
  if (file.empty() || file.ends_with(".pdf") || file.ends_with(".png")) return {};
  return fail(Code::usage,
              "A card is drawn into a file that ends in .pdf or .png. Nothing was bought or made.");
}

Result<void> print_card(wire::Json& document, const std::string& file) {
  const auto poster = from_base64url(document.value("poster", ""));
  const PosterBox box = poster_box(document.value("width", std::uint32_t{0}),
                                   document.value("height", std::uint32_t{0}));
  document.erase("poster");
  if (file.empty()) return {};
  CardFace face;
  face.title = document.value("name", "");
  face.kind = kind_words(document);
  face.from = document.value("from", "");
  face.note = document.value("note", "");
  face.text = document.value("text", "");
  face.uri = document.value("uri", "");
  const auto until = document.value("redeem_until_ms", UtcMs{0});
  if (until != 0) face.until = "Good until " + format_utc(until).substr(0, 10) + ".";
  if (poster) face.poster = decode_poster(*poster, box);
  const auto drawn = draw_card(face, file.ends_with(".png") ? Paper::png : Paper::pdf);
  if (!drawn) return pass_on(drawn.error());
  const auto path = std::filesystem::absolute(file).lexically_normal();
  auto written = write_file_atomic(path, *drawn, 0600);  // whoever reads it has the voucher
  if (!written) return written;
  document["file"] = path.string();
  return {};
}

}  // namespace hearth::node
