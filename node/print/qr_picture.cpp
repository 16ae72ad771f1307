#include "node/print/qr_picture.h"

#include <algorithm>
#include <array>

#include "common/base/process.h"

namespace hearth::node {
namespace {

constexpr int timeout_ms = 20'000;
constexpr const char* max_pixels = "120000000";  // of the best telephones
/// Pixels of the longer side. Small first: it is quick, and blurs a photo's noise away.
constexpr std::array<int, 2> sides = {1600, 4000};
constexpr std::size_t max_pgm = 4000 * 4000 + 64;
constexpr std::size_t max_codes_text = 64 * 1024;
constexpr int zbar_found_nothing = 4;

enum class Form { none, png, jpeg, webp, pdf };

Form form_of(ByteView file) {
  const std::string_view text = as_text(file.first(std::min<std::size_t>(file.size(), 16)));
  if (text.starts_with("\x89PNG\r\n\x1a\n")) return Form::png;
  if (text.starts_with("\xff\xd8\xff")) return Form::jpeg;
  if (text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP") {
    return Form::webp;
  }
  return text.starts_with("%PDF-") ? Form::pdf : Form::none;
}

/// To grey pixels on standard output, not above `side`, from standard input. ffmpeg is told which
/// form it is, so that it tries no other.
std::vector<std::string> decoder(Form form, const std::string& side) {
  if (form == Form::pdf) {
    return {"pdftoppm", "-gray", "-f", "1", "-l", "1", "-singlefile", "-scale-to", side, "-"};
  }
  const char* demuxer = form == Form::png ? "png_pipe" : "jpeg_pipe";
  if (form == Form::webp) demuxer = "webp_pipe";
  const std::string scale = "scale=w='min(" + side + ",iw)':h='min(" + side +
                            ",ih)':force_original_aspect_ratio=decrease,format=gray";
  return {"ffmpeg", "-v",          "error",    "-nostdin", "-protocol_whitelist",
          "pipe",   "-max_pixels", max_pixels, "-f",       demuxer,
          "-i",     "pipe:0",      "-map",     "0:v:0",    "-frames:v",
          "1",      "-vf",         scale,      "-f",       "image2pipe",
          "-c:v",   "pgm",         "pipe:1"};
}

Result<std::vector<std::string>> codes_in(const Bytes& pgm) {
  const auto found = run_process(
      {"zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "PGM:-"}, pgm,
      max_codes_text, timeout_ms);
  if (!found) return pass_on(found.error());
  if (found->exit_code != 0 && found->exit_code != zbar_found_nothing) {
    return fail(Code::unsupported_media, "The program zbarimg could not look at it.");
  }
  std::vector<std::string> codes;
  std::string_view rest = as_text(found->out);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string one(rest.substr(0, end));
    const bool seen = std::find(codes.begin(), codes.end(), one) != codes.end();
    if (!one.empty() && !seen) codes.push_back(std::move(one));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return codes;
}

}  // namespace

bool is_qr_picture(ByteView file) {
  return form_of(file) != Form::none;
}

Result<std::vector<std::string>> read_qr_picture(ByteView file) {
  const Form form = form_of(file);
  if (form == Form::none) return fail(Code::unsupported_media, "It is no picture.");
  std::vector<std::string> codes;
  for (const int side : sides) {
    const auto decoded =
        run_process(decoder(form, std::to_string(side)), file, max_pgm, timeout_ms);
    if (!decoded) return pass_on(decoded.error());
    if (decoded->exit_code != 0 || decoded->out.empty()) {
      return fail(Code::unsupported_media, "It is damaged, or larger than a picture should be.");
    }
    auto found = codes_in(decoded->out);
    if (!found) return found;
    codes = std::move(*found);
    if (!codes.empty()) break;
  }
  return codes;
}

Result<std::string> card_in_picture(ByteView file, const std::string& name,
                                    const std::string& nothing) {
  const auto codes = read_qr_picture(file);
  if (!codes && codes.error().code == Code::unsupported_media) {
    return fail(Code::unsupported_media, name + " is a picture that cannot be read. " +
                                             codes.error().sentence + " " + nothing);
  }
  if (!codes && codes.error().code == Code::not_found) {
    return fail(Code::not_found, codes.error().sentence + " " + name +
                                     " is a picture, which takes the packages zbar-tools, ffmpeg "
                                     "and poppler-utils to read; the card's text works without. " +
                                     nothing);
  }
  if (!codes) return fail(codes.error().code, codes.error().sentence + " " + nothing);
  if (codes->empty()) {
    return fail(Code::bad_card, "There is no QR code in " + name +
                                    " that can be read. Take the picture again, closer and with "
                                    "more light. " +
                                    nothing);
  }
  if (codes->size() > 1) {
    return fail(Code::bad_card, name + " shows " + std::to_string(codes->size()) +
                                    " QR codes. Cut the picture so that one is left. " + nothing);
  }
  return codes->front();
}

}  // namespace hearth::node
