#include "node/print/card_face.h"

#include <cairo-pdf.h>
#include <glib.h>

#include "common/base/typed_text.h"
#include "node/print/ink.h"
#include "node/print/qr.h"

namespace hearth::node {
namespace {

// Points; the paper is A5 on its side.
constexpr double page_width = 595, page_height = 420;
constexpr double margin = 16, inner = 44;
constexpr double qr_edge = 152;
constexpr double pixels_per_point = 200.0 / 72;
constexpr double pi = 3.14159265358979;

constexpr Ink white{1, 1, 1}, paper_ink{0.992, 0.980, 0.961}, text_ink{0.043, 0.051, 0.071},
    muted_ink{0.36, 0.38, 0.43}, line_ink{0.89, 0.86, 0.82}, ember{1, 0.604, 0.302},
    deep_ember{0.80, 0.35, 0.13};

void rounded(cairo_t* cr, double x, double y, double width, double height, double radius) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -pi / 2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, pi / 2);
  cairo_arc(cr, x + radius, y + height - radius, radius, pi / 2, pi);
  cairo_arc(cr, x + radius, y + radius, radius, pi, 3 * pi / 2);
  cairo_close_path(cr);
}

void draw_modules(cairo_t* cr, const QrCode& code, double x, double y, double edge) {
  use(cr, text_ink);
  const double module = edge / code.size;
  for (int row = 0; row < code.size; ++row) {
    for (int column = 0; column < code.size; ++column) {
      if (code.at(column, row))
        cairo_rectangle(cr, x + column * module, y + row * module, module, module);
    }
  }
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
  cairo_fill(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

/// First letter of the title on ember, for what has no picture.
void draw_initial(cairo_t* cr, const std::string& title, double x, double y, double edge) {
  cairo_save(cr);
  rounded(cr, x, y, edge, edge, 10);
  cairo_clip(cr);
  cairo_pattern_t* glow = cairo_pattern_create_linear(x, y, x + edge, y + edge);
  cairo_pattern_add_color_stop_rgb(glow, 0, ember.r, ember.g, ember.b);
  cairo_pattern_add_color_stop_rgb(glow, 1, deep_ember.r, deep_ember.g, deep_ember.b);
  cairo_set_source(cr, glow);
  cairo_paint(cr);
  cairo_pattern_destroy(glow);
  cairo_restore(cr);
  const char* end = title.empty() ? nullptr : g_utf8_next_char(title.c_str());
  if (end == nullptr) return;
  char* capital = g_utf8_strup(title.c_str(), end - title.c_str());
  write(cr, capital, {"Inter Bold 60", white, 90}, x + 14, y + edge - 80, edge);
  g_free(capital);
}

/// Returns the width that it took.
double draw_poster(cairo_t* cr, const CardFace& face, double x, double y) {
  const Picture& picture = face.poster;
  if (picture.pixels.empty()) {
    draw_initial(cr, face.title, x, y, 110);
    return 110;
  }
  const double width = picture.width > picture.height ? 150 : 110;
  const double scale = width / picture.width;
  const double height = scale * picture.height;
  Bytes pixels = picture.pixels;
  cairo_surface_t* surface = cairo_image_surface_create_for_data(
      pixels.data(), CAIRO_FORMAT_RGB24, picture.width, picture.height, picture.width * 4);
  cairo_save(cr);
  rounded(cr, x, y, width, height, 10);
  cairo_clip(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, scale, scale);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_finish(surface);  // a PDF takes its copy of the pixels here
  cairo_surface_destroy(surface);
  return width;
}

void draw_left(cairo_t* cr, const CardFace& face) {
  const double top = inner + 26;
  const double column = inner + draw_poster(cr, face, inner, top) + 20;
  const double width = page_width - inner - qr_edge - 34 - column;
  write(cr, "A GIFT FOR YOU", {"Inter Semi-Bold 11", deep_ember, 20}, inner, inner, 300);
  double y = top - 4;
  const bool is_long = face.title.size() > 40;
  y += write(cr, face.title, {is_long ? "Inter Bold 17" : "Inter Bold 24", text_ink, 70, 1.05},
             column, y, width);
  y += 4;
  y += write(cr, face.kind, {"Inter 11", muted_ink, 16}, column, y, width);
  y += 10;
  constexpr double from_line = 246;
  const double for_note = from_line - 22 - y;
  if (!face.note.empty()) {
    y += write(cr, face.note, {"Inter Italic 12", text_ink, for_note, 1.25}, column, y, width);
    y += 8;
  }
  if (!face.from.empty())
    write(cr, "From " + face.from, {"Inter Semi-Bold 12", text_ink, 18}, column, y, width);
}

/// The prefix alone, the rest in groups: "HEARTHGIFT1 QYQQ …".
std::string to_be_typed(const std::string& card) {
  const std::size_t end = card.find('1') + 1;
  return upper_case(card.substr(0, end) + " " + in_groups(card.substr(end)));
}

void draw_claim(cairo_t* cr, const CardFace& face, double y) {
  constexpr double left = 176, gap = 28;
  use(cr, line_ink);
  cairo_set_line_width(cr, 0.8);
  cairo_move_to(cr, inner, y);
  cairo_line_to(cr, page_width - inner, y);
  cairo_stroke(cr);
  const std::string how =
      "Scan the code with a home's Hearth, or type the text there after: hearth gift claim. "
      "Capitals "
      "and blanks do not matter. It can be claimed once: keep it like money.";
  double at = y + 14;
  at += write(cr, "How to claim", {"Inter Semi-Bold 10", text_ink, 16}, inner, at, left) + 3;
  at += write(cr, how, {"Inter 8.5", muted_ink, 62, 1.25}, inner, at, left) + 4;
  write(cr, face.until, {"Inter Semi-Bold 8.5", deep_ember, 12}, inner, at, left);
  write(cr, to_be_typed(face.text), {"Inter Medium 9.6", text_ink, 130, 1.4}, inner + left + gap,
        y + 13, page_width - 2 * inner - left - gap);
}

void draw_face(cairo_t* cr, const CardFace& face, const QrCode& code) {
  use(cr, white);
  cairo_paint(cr);
  rounded(cr, margin, margin, page_width - 2 * margin, page_height - 2 * margin, 20);
  use(cr, paper_ink);
  cairo_fill_preserve(cr);
  use(cr, line_ink);
  cairo_set_line_width(cr, 0.8);
  cairo_stroke(cr);

  draw_left(cr, face);
  const double qr_x = page_width - inner - qr_edge;
  rounded(cr, qr_x - 14, inner - 8, qr_edge + 28, qr_edge + 28, 12);
  use(cr, white);
  cairo_fill(cr);
  draw_modules(cr, code, qr_x, inner + 6, qr_edge);
  draw_claim(cr, face, 266);
  rounded(cr, page_width - inner - 48, page_height - 41, 8, 8, 4);
  use(cr, ember);
  cairo_fill(cr);
  write(cr, "Hearth", {"Inter Semi-Bold 10", text_ink, 14}, page_width - inner - 35,
        page_height - 43, 60);
}

}  // namespace

Result<Bytes> draw_card(const CardFace& face, Paper paper) {
  const auto code = make_qr(face.uri);
  if (!code) return pass_on(code.error());
  Bytes out;
  const bool as_png = paper == Paper::png;
  cairo_surface_t* surface =
      as_png ? cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                          static_cast<int>(page_width * pixels_per_point),
                                          static_cast<int>(page_height * pixels_per_point))
             : cairo_pdf_surface_create_for_stream(take_bytes, &out, page_width, page_height);
  if (!as_png) {
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "A gift for you");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Hearth");
  }
  cairo_t* cr = cairo_create(surface);
  if (as_png) cairo_scale(cr, pixels_per_point, pixels_per_point);
  draw_face(cr, face, *code);
  if (!as_png) cairo_show_page(cr);
  return drawn(cr, surface, out, as_png);
}

Result<Bytes> draw_qr_png(const std::string& text) {
  const auto code = make_qr(text);
  if (!code) return pass_on(code.error());
  constexpr int module = 8, quiet = 4;
  const int edge = (code->size + 2 * quiet) * module;
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, edge, edge);
  cairo_t* cr = cairo_create(surface);
  use(cr, white);
  cairo_paint(cr);
  draw_modules(cr, *code, quiet * module, quiet * module, code->size * module);
  Bytes out;
  return drawn(cr, surface, out, true);
}

}  // namespace hearth::node
