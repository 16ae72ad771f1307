#include "player/shell/window_grab.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <unistd.h>

namespace hearth::player {
namespace {

struct CloseDisplay {
  void operator()(Display* display) const { XCloseDisplay(display); }
};

struct FreeImage {
  void operator()(XImage* image) const { XDestroyImage(image); }
};

bool is_ours(Display* display, Window window, Atom pid_atom) {
  Atom type = 0;
  int format = 0;
  unsigned long count = 0, rest = 0;
  unsigned char* data = nullptr;
  const int status = XGetWindowProperty(display, window, pid_atom, 0, 1, False, XA_CARDINAL, &type,
                                        &format, &count, &rest, &data);
  const bool ours = status == Success && data != nullptr && format == 32 && count == 1 &&
                    static_cast<pid_t>(*reinterpret_cast<unsigned long*>(data)) == getpid();
  if (data != nullptr) XFree(data);
  return ours;
}

/// Window managers put windows into frames: look a few levels deep.
Window find_own(Display* display, Window parent, Atom pid_atom, int depth) {
  Window root = 0, above = 0, found = 0;
  Window* children = nullptr;
  unsigned count = 0;
  if (XQueryTree(display, parent, &root, &above, &children, &count) == 0) return 0;
  for (unsigned i = 0; i < count && found == 0; ++i) {
    if (is_ours(display, children[i], pid_atom)) {
      found = children[i];
    } else if (depth > 0) {
      found = find_own(display, children[i], pid_atom, depth - 1);
    }
  }
  if (children != nullptr) XFree(children);
  return found;
}

std::uint8_t channel(unsigned long pixel, unsigned long mask) {
  if (mask == 0) return 0;
  const int shift = __builtin_ctzl(mask);
  const unsigned long most = mask >> shift;
  return static_cast<std::uint8_t>(((pixel & mask) >> shift) * 255 / most);
}

Pixels pixels_of(XImage& image) {
  Pixels out{image.width, image.height, {}};
  const std::size_t row_size = static_cast<std::size_t>(image.width) * 4;
  out.data.resize(row_size * static_cast<std::size_t>(image.height));
  // As nearly every server keeps them: B, G, R and a byte of nothing.
  const bool as_they_are = image.bits_per_pixel == 32 && image.byte_order == LSBFirst &&
                           image.blue_mask == 0xFF && image.green_mask == 0xFF00 &&
                           image.red_mask == 0xFF0000;
  for (int row = 0; row < image.height; ++row) {
    std::uint8_t* to = out.data.data() + row_size * static_cast<std::size_t>(row);
    if (as_they_are) {
      std::memcpy(to, image.data + static_cast<std::ptrdiff_t>(row) * image.bytes_per_line,
                  row_size);
      continue;
    }
    for (int column = 0; column < image.width; ++column, to += 4) {
      const unsigned long pixel = XGetPixel(&image, column, row);
      to[0] = channel(pixel, image.blue_mask);
      to[1] = channel(pixel, image.green_mask);
      to[2] = channel(pixel, image.red_mask);
    }
  }
  return out;
}

}  // namespace

Result<Pixels> grab_own_window() {
  const auto none = fail(Code::unsupported_media,
                         "This TV's output gives no picture of itself. Playing goes on.");
  const char* name = std::getenv("DISPLAY");
  if (name == nullptr || *name == '\0') return none;
  // A window may go while it is looked at; Xlib's own answer to that would end the process.
  XSetErrorHandler([](Display*, XErrorEvent*) { return 0; });
  const std::unique_ptr<Display, CloseDisplay> display(XOpenDisplay(nullptr));
  if (!display) return none;
  const Atom pid_atom = XInternAtom(display.get(), "_NET_WM_PID", False);
  const Window window = find_own(display.get(), DefaultRootWindow(display.get()), pid_atom, 3);
  XWindowAttributes looks{};
  if (window == 0 || XGetWindowAttributes(display.get(), window, &looks) == 0 ||
      looks.map_state != IsViewable) {
    return none;
  }
  // What lies outside the screen cannot be read.
  Window child = 0;
  int x = 0, y = 0;
  XTranslateCoordinates(display.get(), window, looks.root, 0, 0, &x, &y, &child);
  const int left = std::max(0, -x), top = std::max(0, -y);
  const int width = std::min(looks.width, WidthOfScreen(looks.screen) - x) - left;
  const int height = std::min(looks.height, HeightOfScreen(looks.screen) - y) - top;
  if (width <= 0 || height <= 0) return none;
  const std::unique_ptr<XImage, FreeImage> image(
      XGetImage(display.get(), window, left, top, static_cast<unsigned>(width),
                static_cast<unsigned>(height), AllPlanes, ZPixmap));
  if (!image) return none;
  return pixels_of(*image);
}

}  // namespace hearth::player
