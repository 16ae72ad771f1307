#include "node/print/ink.h"

#include <memory>

#include <pango/pangocairo.h>

namespace hearth::node {

void use(cairo_t* cr, const Ink& ink) {
  cairo_set_source_rgb(cr, ink.r, ink.g, ink.b);
}

double write(cairo_t* cr, const std::string& text, const Words& words, double x, double y,
             double width) {
  if (text.empty()) return 0;
  const std::unique_ptr<PangoLayout, decltype(&g_object_unref)> layout(
      pango_cairo_create_layout(cr), g_object_unref);
  const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> font(
      pango_font_description_from_string(words.font), pango_font_description_free);
  pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 72);
  pango_layout_context_changed(layout.get());
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height(layout.get(), static_cast<int>(words.height * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_line_spacing(layout.get(), static_cast<float>(words.spacing));
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  use(cr, words.ink);
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, layout.get());
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

cairo_status_t take_bytes(void* closure, const unsigned char* data, unsigned int size) {
  auto* out = static_cast<Bytes*>(closure);
  out->insert(out->end(), data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

Result<Bytes> drawn(cairo_t* cr, cairo_surface_t* surface, Bytes& out, bool as_png) {
  const cairo_status_t drawing = cairo_status(cr);
  cairo_destroy(cr);
  cairo_status_t written = CAIRO_STATUS_SUCCESS;
  if (as_png) written = cairo_surface_write_to_png_stream(surface, take_bytes, &out);
  cairo_surface_finish(surface);
  const cairo_status_t finished = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  for (const cairo_status_t status : {drawing, written, finished}) {
    if (status != CAIRO_STATUS_SUCCESS)
      return fail(Code::internal, std::string("The picture could not be drawn: ") +
                                      cairo_status_to_string(status) + ". Nothing was changed.");
  }
  return std::move(out);
}

}  // namespace hearth::node
