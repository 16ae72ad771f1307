#include <algorithm>

#include "common/base/assert.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::age {
namespace {

tl::unexpected<Error> ends_too_early() {
  return fail(Code::age_truncated,
              "The encrypted file ends before its last chunk, or its end was changed.");
}

/// Moves from the front of `from` into `buffer` until it holds `wanted` bytes.
void top_up(Bytes& buffer, ByteView& from, std::size_t wanted) {
  const std::size_t taken = std::min(wanted - buffer.size(), from.size());
  append(buffer, from.first(taken));
  from = from.subspan(taken);
}

}  // namespace

Encryptor::Encryptor(const FileKey& key, const Nonce& nonce, Sink sink)
    : payload_key_(key, nonce), sink_(std::move(sink)), sealed_(chunk_cipher), nonce_(nonce) {
  buffer_.reserve(chunk_plain);
}

Result<void> Encryptor::start() {
  if (started_) return {};
  started_ = true;
  return sink_(nonce_);
}

Result<void> Encryptor::push(ByteView plain) {
  if (const auto begun = start(); !begun) return begun;
  plain_size_ += plain.size();
  while (!plain.empty()) {
    // A full buffer waits for one more byte: only then is it known not to be the last chunk.
    if (buffer_.size() == chunk_plain) {
      if (const auto emitted = emit(false); !emitted) return emitted;
    }
    top_up(buffer_, plain, chunk_plain);
  }
  return {};
}

Result<void> Encryptor::finish() {
  if (const auto begun = start(); !begun) return begun;
  return emit(true);
}

Result<void> Encryptor::emit(bool last) {
  payload_key_.seal(index_++, last, buffer_, sealed_.data());
  const std::size_t size = buffer_.size() + (chunk_cipher - chunk_plain);
  buffer_.clear();
  return sink_(ByteView(sealed_).first(size));
}

Decryptor::Decryptor(const FileKey& key, Sink sink, std::optional<std::uint64_t> plain_size)
    : key_(key), sink_(std::move(sink)), plain_(chunk_plain) {
  if (plain_size) payload_left_ = payload_size(*plain_size);
  buffer_.reserve(chunk_cipher);
}

Result<void> Decryptor::push(ByteView cipher) {
  if (payload_left_) {
    if (cipher.size() > *payload_left_) {
      return fail(Code::age_trailing, "The encrypted file is longer than it was published.");
    }
    *payload_left_ -= cipher.size();
  }
  if (!payload_key_) {
    top_up(buffer_, cipher, nonce_size);
    if (buffer_.size() < nonce_size) return {};
    Nonce nonce;
    std::copy(buffer_.begin(), buffer_.end(), nonce.begin());
    payload_key_ = std::make_unique<PayloadKey>(key_, nonce);
    buffer_.clear();
  }
  while (!cipher.empty()) {
    if (buffer_.size() == chunk_cipher) {
      if (const auto opened = open_chunk(false); !opened) return opened;
    }
    top_up(buffer_, cipher, chunk_cipher);
  }
  return {};
}

Result<void> Decryptor::finish() {
  if (!payload_key_ || buffer_.empty() || payload_left_.value_or(0) != 0) return ends_too_early();
  const bool maybe_cut = !payload_left_ && buffer_.size() < chunk_cipher;
  auto opened = open_chunk(true);
  if (!opened && maybe_cut && opened.error().code == Code::age_tampered) return ends_too_early();
  return opened;
}

Result<void> Decryptor::open_chunk(bool last) {
  auto opened = payload_key_->open(index_, last ? index_ + 1 : more_follow, buffer_, plain_.data());
  if (!opened) return opened;
  ++index_;
  const std::size_t size = buffer_.size() - (chunk_cipher - chunk_plain);
  buffer_.clear();
  return sink_(ByteView(plain_).first(size));
}

Bytes seal_file(ByteView plain, const std::vector<BoxPublicKey>& recipients) {
  const FileKey key = new_file_key();
  Bytes out = write_header(key, recipients);
  out.reserve(out.size() + payload_size(plain.size()));
  Encryptor encryptor(key, random_array<nonce_size>(), [&](ByteView part) -> Result<void> {
    append(out, part);
    return {};
  });
  HEARTH_ASSERT(encryptor.push(plain) && encryptor.finish());
  return out;
}

Result<Bytes> open_file(ByteView file, const BoxKey& identity) {
  const auto header = open_header(file, identity);
  if (!header) return pass_on(header.error());
  Bytes out;
  Decryptor decryptor(header->key, [&](ByteView part) -> Result<void> {
    append(out, part);
    return {};
  });
  if (const auto pushed = decryptor.push(file.subspan(header->size)); !pushed) {
    return pass_on(pushed.error());
  }
  if (const auto finished = decryptor.finish(); !finished) return pass_on(finished.error());
  return out;
}

}  // namespace hearth::crypto::age
