#include "player/shell/mpv_streams.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <mpv/client.h>
#include <mpv/stream_cb.h>

namespace hearth::player {
namespace {

constexpr std::string_view title_scheme = "hearth://", page_scheme = "hearth-page://";

/// One opened title, as mpv's cookie.
struct OpenTitle {
  MpvStreams* streams;
  int run;
  std::shared_ptr<RemoteFile> file;
  ReadAhead ahead;
};

std::int64_t read_title(void* cookie, char* out, std::uint64_t size) {
  auto* title = static_cast<OpenTitle*>(cookie);
  const auto n = title->ahead.read({reinterpret_cast<std::uint8_t*>(out), size});
  if (n) return static_cast<std::int64_t>(*n);
  title->streams->failed(title->run, n.error());
  return -1;
}

std::int64_t seek_title(void* cookie, std::int64_t offset) {
  if (offset < 0) return MPV_ERROR_GENERIC;
  static_cast<OpenTitle*>(cookie)->ahead.seek(static_cast<std::uint64_t>(offset));
  return offset;
}

std::int64_t size_of_title(void* cookie) {
  return static_cast<std::int64_t>(static_cast<OpenTitle*>(cookie)->file->size());
}

void cancel_title(void* cookie) {
  static_cast<OpenTitle*>(cookie)->file->cancel();
}

void close_title(void* cookie) {
  const std::unique_ptr<OpenTitle> title(static_cast<OpenTitle*>(cookie));
  title->streams->closed(title->file);
}

int open_title(void* user, char* url, mpv_stream_cb_info* info) {
  auto* streams = static_cast<MpvStreams*>(user);
  int run = 0;
  const auto file = streams->open(url, run);
  if (!file) return MPV_ERROR_LOADING_FAILED;
  if (const auto opened = file->open(); !opened) {
    streams->failed(run, opened.error());
    streams->closed(file);
    return MPV_ERROR_LOADING_FAILED;
  }
  info->cookie = new OpenTitle{streams, run, file, ReadAhead(*file)};
  info->read_fn = read_title;
  info->seek_fn = seek_title;
  info->size_fn = size_of_title;
  info->close_fn = close_title;
  info->cancel_fn = cancel_title;
  return 0;
}

struct OpenPage {
  std::shared_ptr<const Bytes> image;
  std::size_t position = 0;
};

std::int64_t read_page(void* cookie, char* out, std::uint64_t size) {
  auto* page = static_cast<OpenPage*>(cookie);
  const std::size_t n = std::min<std::uint64_t>(size, page->image->size() - page->position);
  std::memcpy(out, page->image->data() + page->position, n);
  page->position += n;
  return static_cast<std::int64_t>(n);
}

std::int64_t seek_page(void* cookie, std::int64_t offset) {
  auto* page = static_cast<OpenPage*>(cookie);
  if (offset < 0 || static_cast<std::uint64_t>(offset) > page->image->size()) {
    return MPV_ERROR_GENERIC;
  }
  page->position = static_cast<std::size_t>(offset);
  return offset;
}

std::int64_t size_of_page(void* cookie) {
  return static_cast<std::int64_t>(static_cast<OpenPage*>(cookie)->image->size());
}

int open_page(void* user, char*, mpv_stream_cb_info* info) {
  auto image = static_cast<MpvStreams*>(user)->page();
  if (!image) return MPV_ERROR_LOADING_FAILED;
  info->cookie = new OpenPage{std::move(image)};
  info->read_fn = read_page;
  info->seek_fn = seek_page;
  info->size_fn = size_of_page;
  info->close_fn = [](void* cookie) { delete static_cast<OpenPage*>(cookie); };
  return 0;
}

}  // namespace

bool MpvStreams::attach(mpv_handle* mpv) {
  return mpv_stream_cb_add_ro(mpv, "hearth", this, open_title) >= 0 &&
         mpv_stream_cb_add_ro(mpv, "hearth-page", this, open_page) >= 0;
}

std::string MpvStreams::url(int run, const std::string& stream) {
  return std::string(title_scheme) + std::to_string(run) + "/" + stream;
}

std::string MpvStreams::page_url(int run) {
  return std::string(page_scheme) + std::to_string(run);
}

void MpvStreams::set_page(std::shared_ptr<const Bytes> image) {
  const std::lock_guard lock(mutex_);
  page_ = std::move(image);
}

std::shared_ptr<const Bytes> MpvStreams::page() const {
  const std::lock_guard lock(mutex_);
  return page_;
}

std::shared_ptr<RemoteFile> MpvStreams::open(const std::string& url, int& run) {
  std::string_view rest = url;
  if (!rest.starts_with(title_scheme)) return nullptr;
  rest.remove_prefix(title_scheme.size());
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), run);
  if (error != std::errc{} || end == rest.data() + rest.size() || *end != '/') return nullptr;
  auto file =
      std::make_shared<RemoteFile>(socket_, std::string(end + 1, rest.data() + rest.size()));
  const std::lock_guard lock(mutex_);
  if (ended_) return nullptr;
  open_.insert(file);
  return file;
}

void MpvStreams::closed(const std::shared_ptr<RemoteFile>& file) {
  const std::lock_guard lock(mutex_);
  open_.erase(file);
}

void MpvStreams::failed(int run, const Error& error) {
  if (error.code == Code::interrupted) return;
  const std::lock_guard lock(mutex_);
  failures_[run] = error.sentence;
}

std::string MpvStreams::failure(int run) const {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(run);
  return found == failures_.end() ? "" : found->second;
}

void MpvStreams::forget_failures() {
  const std::lock_guard lock(mutex_);
  failures_.clear();
}

void MpvStreams::cancel_all() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  for (const auto& file : open_) file->cancel();
}

}  // namespace hearth::player
