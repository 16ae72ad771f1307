#include "node/library/reader.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace hearth::node {
namespace {

namespace age = crypto::age;
using Steady = std::chrono::steady_clock;

constexpr std::size_t longest_read = 8 * 1024 * 1024;
constexpr std::uint64_t window_bytes = 4 * 1024 * 1024;
constexpr std::uint64_t cache_bytes = 16 * 1024 * 1024;

std::int64_t left_ms(Steady::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
  return std::max<std::int64_t>(left, 0);
}

Error cancelled() {
  return {Code::interrupted, "Reading was stopped."};
}

Result<Bytes> read_at(int fd, std::uint64_t from, std::size_t size) {
  Bytes out(size);
  for (std::size_t at = 0; at < size;) {
    const ssize_t n = pread(fd, out.data() + at, size - at, static_cast<off_t>(from + at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return fail(Code::io, std::string("The stored title cannot be read: ") +
                                std::strerror(errno) + ". Check the disk.");
    }
    if (n == 0) {
      return fail(Code::age_truncated,
                  "The stored copy of this title is shorter than it should be. "
                  "Fetch the title again; it costs nothing.");
    }
    at += static_cast<std::size_t>(n);
  }
  return out;
}

/// What a pool thread needs to turn ciphertext into the wanted plaintext; no pointer into the
/// reader.
struct OpenJob {
  age::FileKey key;
  std::uint64_t size = 0;
  std::uint64_t first_chunk = 0, last_chunk = 0;
  std::uint64_t offset = 0;
  std::size_t length = 0;
  std::optional<age::Nonce> nonce;
  Bytes cipher;
  std::filesystem::path data;  ///< when set, cipher and nonce are read from there
  std::uint64_t begin = 0, end = 0;
};

Result<Bytes> open_chunks(OpenJob& job) {
  const age::PayloadKey key(job.key, *job.nonce);
  const std::uint64_t count = age::chunk_count(job.size);
  Bytes plain((job.last_chunk - job.first_chunk + 1) * age::chunk_plain);
  std::size_t filled = 0;
  ByteView rest = job.cipher;
  for (std::uint64_t chunk = job.first_chunk; chunk <= job.last_chunk; ++chunk) {
    const ByteView cipher = rest.first(std::min(rest.size(), age::chunk_cipher));
    rest = rest.subspan(cipher.size());
    if (auto opened = key.open(chunk, count, cipher, plain.data() + filled); !opened) {
      return fail(opened.error().code,
                  "The stored copy of this title is damaged, or its key is not the right one (" +
                      opened.error().sentence + "). Fetch the title again; it costs nothing.");
    }
    filled += cipher.size() - 16;
  }
  const std::size_t skip =
      static_cast<std::size_t>(job.offset - job.first_chunk * age::chunk_plain);
  const auto begin = plain.begin() + static_cast<std::ptrdiff_t>(skip);
  return Bytes(begin, begin + static_cast<std::ptrdiff_t>(job.length));
}

Result<Bytes> open_from_file(OpenJob& job) {
  const int fd = open(job.data.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return fail(Code::io, std::string("The stored title cannot be opened: ") +
                              std::strerror(errno) + ". Fetch the title again; it costs nothing.");
  }
  auto nonce = read_at(fd, 0, age::nonce_size);
  auto cipher = read_at(fd, job.begin, static_cast<std::size_t>(job.end - job.begin));
  close(fd);
  if (!nonce) return nonce;
  if (!cipher) return cipher;
  job.nonce.emplace();
  std::copy(nonce->begin(), nonce->end(), job.nonce->begin());
  job.cipher = std::move(*cipher);
  return open_chunks(job);
}

}  // namespace

TitleReader::TitleReader(net::Loop& loop, net::Pool& pool, Swarm& swarm, std::weak_ptr<bool> alive,
                         ReaderSource source)
    : loop_(loop),
      pool_(pool),
      swarm_(swarm),
      alive_(std::move(alive)),
      source_(std::move(source)),
      arrived_(loop) {}

void TitleReader::cancel() {
  cancelled_ = true;
  arrived_.notify_all();
}

net::Task<Result<Bytes>> TitleReader::read(std::uint64_t offset, std::size_t length,
                                           std::int64_t timeout_ms) {
  return read_range(shared_from_this(), offset, length, timeout_ms);
}

TitleReader::Span TitleReader::span_of(std::uint64_t offset, std::size_t length) const {
  Span out;
  out.first = offset / age::chunk_plain;
  out.last = (offset + length - 1) / age::chunk_plain;
  out.begin = age::nonce_size + out.first * age::chunk_cipher;
  out.end = std::min(age::nonce_size + (out.last + 1) * age::chunk_cipher,
                     age::payload_size(source_.size));
  return out;
}

std::vector<std::uint32_t> TitleReader::pieces_of(const Span& span) const {
  std::vector<std::uint32_t> out;
  const std::uint64_t first = span.begin / source_.piece_length;
  if (!nonce_ && first != 0) out.push_back(0);
  for (std::uint64_t piece = first; piece <= (span.end - 1) / source_.piece_length; ++piece) {
    out.push_back(static_cast<std::uint32_t>(piece));
  }
  return out;
}

net::Task<Result<Bytes>> TitleReader::read_range(Self self, std::uint64_t offset,
                                                 std::size_t length, std::int64_t timeout_ms) {
  if (self->cancelled_ || self->alive_.expired()) co_return pass_on(cancelled());
  const std::uint64_t size = self->source_.size;
  if (offset >= size || length == 0) co_return Bytes{};
  length = static_cast<std::size_t>(
      std::min<std::uint64_t>(std::min(length, longest_read), size - offset));
  const Span span = self->span_of(offset, length);
  OpenJob job{self->source_.key, size,    span.first, span.last, offset, length, {}, {}, {},
              span.begin,        span.end};
  const bool complete = self->swarm_.status(self->source_.info_hash).complete;
  if (complete) {
    job.data = self->source_.data;
  } else {
    auto cipher = co_await cipher_from_swarm(self, span, timeout_ms);
    if (!cipher) co_return cipher;
    job.cipher = std::move(*cipher);
    job.nonce = self->nonce_;
  }
  auto shared = std::make_shared<OpenJob>(std::move(job));
  auto work = [shared] {
    return shared->data.empty() ? open_chunks(*shared) : open_from_file(*shared);
  };
  auto plain = co_await net::on_pool(self->pool_, std::move(work));
  if (self->cancelled_) co_return pass_on(cancelled());
  co_return plain;
}

net::Task<Result<Bytes>> TitleReader::cipher_from_swarm(Self self, Span span,
                                                        std::int64_t timeout_ms) {
  const std::vector<std::uint32_t> pieces = self->pieces_of(span);
  const auto until = Steady::now() + std::chrono::milliseconds(timeout_ms);
  self->failed_.clear();
  self->ask_for(pieces, timeout_ms);
  self->want_window(pieces.back());
  while (true) {
    if (self->cancelled_ || self->alive_.expired()) co_return pass_on(cancelled());
    std::size_t there = 0;
    for (const std::uint32_t piece : pieces) {
      if (const auto bad = self->failed_.find(piece); bad != self->failed_.end()) {
        // Another read that shared the wait may have had less patience.
        if (bad->second.code != Code::timeout || left_ms(until) == 0) {
          co_return pass_on(bad->second);
        }
        self->failed_.erase(bad);
      }
      there += self->cache_.contains(piece) ? 1 : 0;
    }
    if (there == pieces.size()) break;
    // Another read of this reader may have pushed one out of the cache.
    self->ask_for(pieces, std::max<std::int64_t>(left_ms(until), 1));
    if (left_ms(until) == 0) {
      co_return fail(Code::timeout,
                     "The part of the title that is needed next has not arrived in "
                     "time. It is still being fetched; try again.");
    }
    co_await self->arrived_.wait(left_ms(until));
  }
  co_return self->gather(span);
}

void TitleReader::ask_for(const std::vector<std::uint32_t>& pieces, std::int64_t timeout_ms) {
  int deadline_ms = 0;
  for (const std::uint32_t piece : pieces) {
    if (!cache_.contains(piece) && fetching_.insert(piece).second) {
      net::spawn(loop_, fetch(shared_from_this(), piece, deadline_ms, timeout_ms), "fetch a piece");
    }
    deadline_ms += 10;
  }
}

net::Task<void> TitleReader::fetch(Self self, std::uint32_t piece, int deadline_ms,
                                   std::int64_t timeout_ms) {
  if (self->alive_.expired()) co_return;
  auto bytes =
      co_await self->swarm_.read_piece(self->source_.info_hash, piece, deadline_ms, timeout_ms);
  self->fetching_.erase(piece);
  if (bytes) {
    self->cache_[piece] = {std::make_shared<const Bytes>(std::move(*bytes)), ++self->uses_};
  } else {
    self->failed_.insert_or_assign(piece, bytes.error());
  }
  self->arrived_.notify_all();
}

void TitleReader::want_window(std::uint32_t last_piece) {
  const std::uint32_t ahead =
      static_cast<std::uint32_t>(std::max<std::uint64_t>(window_bytes / source_.piece_length, 1));
  swarm_.want_soon(source_.info_hash, last_piece + 1, last_piece + ahead);
}

Bytes TitleReader::gather(const Span& span) {
  if (!nonce_) {
    const Bytes& first = *cache_.at(0).bytes;
    nonce_.emplace();
    std::copy_n(first.begin(), age::nonce_size, nonce_->begin());
  }
  Bytes out;
  out.reserve(static_cast<std::size_t>(span.end - span.begin));
  for (std::uint64_t at = span.begin; at < span.end;) {
    const auto piece = static_cast<std::uint32_t>(at / source_.piece_length);
    Cached& cached = cache_.at(piece);
    cached.used = ++uses_;
    const std::uint64_t skip = at - std::uint64_t{piece} * source_.piece_length;
    const std::uint64_t part = std::min<std::uint64_t>(cached.bytes->size() - skip, span.end - at);
    append(out, ByteView(*cached.bytes).subspan(skip, part));
    at += part;
  }
  trim_cache();
  return out;
}

void TitleReader::trim_cache() {
  while (cache_.size() > 1 && cache_.size() * source_.piece_length > cache_bytes) {
    const auto oldest = std::min_element(
        cache_.begin(), cache_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    cache_.erase(oldest);
  }
}

}  // namespace hearth::node
