#include "player/shell/documents.h"

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include "common/base/log.h"
#include "player/shell/picture_files.h"
#include "player/stream/remote_file.h"

namespace hearth::player {
namespace {

using What = DocumentNews::What;

constexpr std::size_t max_pdf_bytes = 256u << 20, fetch_step = 1u << 20;
constexpr int max_workers = 4;  ///< with those that were left behind
std::atomic<int> workers{0};

constexpr const char* damaged = "The document is damaged, or protected by a password.";

/// Draws one page in the middle of a dark window.
std::optional<Bytes> draw_page(poppler::document& document, const RenderPage& what) {
  const std::unique_ptr<poppler::page> page(document.create_page(what.page));
  if (!page) return std::nullopt;
  const poppler::rectf box = page->page_rect();
  const bool turned = page->orientation() == poppler::page::landscape ||
                      page->orientation() == poppler::page::seascape;
  const double w = turned ? box.height() : box.width(), h = turned ? box.width() : box.height();
  if (!std::isfinite(w) || !std::isfinite(h) || w < 1 || h < 1) return std::nullopt;
  const int window_w = what.canvas.window_width, window_h = what.canvas.window_height;
  const double scale = std::min(window_w * 0.96 / w, window_h * 0.95 / h);
  poppler::page_renderer renderer;
  renderer.set_render_hints(poppler::page_renderer::antialiasing |
                            poppler::page_renderer::text_antialiasing);
  renderer.set_image_format(poppler::image::format_argb32);
  poppler::image image = renderer.render_page(page.get(), 72 * scale, 72 * scale);
  if (!image.is_valid()) return std::nullopt;
  Pixels pixels = dark_window(window_w, window_h);
  const int left = std::max(0, (window_w - image.width()) / 2);
  const int top = std::max(0, (window_h - image.height()) / 2);
  const int columns = std::min(image.width(), window_w - left);
  for (int y = 0; y < image.height() && top + y < window_h; ++y) {
    std::memcpy(pixels.data.data() + (static_cast<std::size_t>(top + y) * window_w + left) * 4,
                image.const_data() + static_cast<std::ptrdiff_t>(y) * image.bytes_per_row(),
                static_cast<std::size_t>(columns) * 4);
  }
  return bmp_file(pixels);
}

}  // namespace

struct Documents::Worker {
  Worker(const std::filesystem::path& socket, FetchDocument fetch_what, Post post_to)
      : what(std::move(fetch_what)), post(std::move(post_to)), file(socket, what.stream) {
    ++workers;
  }
  ~Worker() { --workers; }

  void run() {
    const auto bytes = fetch();
    if (!bytes) return;
    if (what.form == DocumentForm::pdf) return pages_of(*bytes);
    say(What::text, std::string(as_text(*bytes)));
  }

  std::optional<Bytes> fetch() {
    if (auto opened = file.open(); !opened) return failed(opened.error());
    const bool pdf = what.form == DocumentForm::pdf;
    const std::size_t most = pdf ? max_pdf_bytes : max_document_bytes;
    if (pdf && file.size() > most) {
      say(What::not_showable, "It is too large to be shown page by page.");
      return std::nullopt;
    }
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), most));
    Bytes out;
    while (out.size() < wanted) {
      auto part = file.read(out.size(), std::min(fetch_step, wanted - out.size()));
      if (!part) return failed(part.error());
      append(out, *part);
    }
    return out;
  }

  std::optional<Bytes> failed(const Error& error) {
    if (error.code != Code::interrupted) say(What::failed, error.sentence);
    return std::nullopt;
  }

  /// poppler reads from `bytes`, so the document stays on this stack.
  void pages_of(const Bytes& bytes) {
    const std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(
        reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size())));
    if (!document || document->is_locked()) return say(What::not_showable, damaged);
    DocumentNews news{What::pdf, what.run, what.form, {}, document->pages(), {}};
    send(std::move(news));
    while (const auto next = next_page()) {
      auto image = draw_page(*document, *next);
      if (!image) return say(What::not_showable, damaged);
      send({What::page,
            what.run,
            what.form,
            {},
            next->page,
            std::make_shared<const Bytes>(std::move(*image))});
    }
  }

  std::optional<RenderPage> next_page() {
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return dropped || page.has_value(); });
    if (dropped) return std::nullopt;
    return std::exchange(page, std::nullopt);
  }

  void say(What kind, std::string text) {
    send({kind, what.run, what.form, std::move(text), 0, {}});
  }

  void send(DocumentNews news) {
    const std::lock_guard lock(mutex);
    if (!dropped) post(std::move(news));
  }

  void drop() {
    file.cancel();
    const std::lock_guard lock(mutex);
    dropped = true;
    wake.notify_all();
  }

  const FetchDocument what;
  const Post post;
  RemoteFile file;
  std::mutex mutex;
  // Guards: page, dropped; and that nothing is posted after drop().
  std::condition_variable wake;
  std::optional<RenderPage> page;
  bool dropped = false;
};

Documents::Documents(std::filesystem::path socket, Post post)
    : socket_(std::move(socket)), post_(std::move(post)) {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
}

Documents::~Documents() {
  drop();
}

void Documents::fetch(const FetchDocument& what) {
  drop();
  if (workers >= max_workers) {
    post_({What::not_showable,
           what.run,
           what.form,
           "Earlier documents still keep this TV busy. Try it again later.",
           0,
           {}});
    return;
  }
  worker_ = std::make_shared<Worker>(socket_, what, post_);
  std::thread([worker = worker_] {
    try {
      worker->run();
    } catch (const std::exception& e) {
      spdlog::warn("a document could not be shown: {}", e.what());
      worker->say(What::not_showable, damaged);
    }
  }).detach();
}

void Documents::render(const RenderPage& what) {
  if (!worker_ || worker_->what.run != what.run) return;
  const std::lock_guard lock(worker_->mutex);
  worker_->page = what;
  worker_->wake.notify_all();
}

void Documents::drop() {
  if (worker_) worker_->drop();
  worker_.reset();
}

}  // namespace hearth::player
