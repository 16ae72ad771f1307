// age v1 (C2SP age.md) with X25519 recipients. The header and the payload are separate here:
// the swarm carries nonce + payload, an access key is a header (docs/protocol.md §3).
// header ++ nonce ++ payload is a file that the stock `age` opens.
//
// Payload: a 16-byte nonce, then chunks of 64 KiB plaintext + 16-byte tag (STREAM, ChaCha20-
// Poly1305); the last chunk carries a flag in its nonce and may be empty only when the whole
// plaintext is empty.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/crypto/secret.h"
#include "common/crypto/sign.h"

namespace hearth::crypto::age {

using FileKey = Secret<16>;
using Nonce = std::array<std::uint8_t, 16>;

inline constexpr std::size_t chunk_plain = 64 * 1024;
inline constexpr std::size_t chunk_cipher = chunk_plain + 16;
inline constexpr std::size_t nonce_size = 16;
inline constexpr std::size_t max_header = 16 * 1024;
inline constexpr std::uint64_t more_follow = UINT64_MAX;

FileKey new_file_key();

/// "age1…" and "AGE-SECRET-KEY-1…" (bech32).
std::string recipient_text(const BoxPublicKey& key);
Result<BoxPublicKey> recipient_from_text(std::string_view text);
std::string identity_text(const BoxKey& key);
Result<BoxKey> identity_from_text(std::string_view text);

/// The text header with its MAC line, ending in a line feed. Callers refuse recipients that are
/// no is_box_key(); the stanza of one that slips through opens for nobody.
Bytes write_header(const FileKey& key, const std::vector<BoxPublicKey>& recipients);

struct Header {
  FileKey key;
  std::size_t size;  ///< where the payload begins when it follows in the same file
};
/// `in` may go on after the header. Unknown stanzas are skipped. Code::age_header,
/// Code::age_no_match, Code::age_mac.
Result<Header> open_header(ByteView in, const BoxKey& identity);

/// Number of chunks and ciphertext size (nonce included) of a plaintext of `plain_size` bytes.
std::uint64_t chunk_count(std::uint64_t plain_size);
std::uint64_t payload_size(std::uint64_t plain_size);

/// Seals and opens single chunks. Thread-safe: const after construction.
class PayloadKey {
 public:
  PayloadKey(const FileKey& key, const Nonce& nonce);
  ~PayloadKey();
  PayloadKey(PayloadKey&&) noexcept;
  /// `plain` at most chunk_plain; writes plain.size() + 16 bytes to `out`.
  void seal(std::uint64_t index, bool last, ByteView plain, std::uint8_t* out) const;
  /// Chunk `index` of `count` (`more_follow` when the count is not known and this is not the last
  /// one). Writes cipher.size() - 16 bytes to `out`. On failure tells apart:
  /// Code::age_truncated (opens as a non-last chunk where the last was due), age_trailing
  /// (all of it, or its beginning, opens as the last where more follow), age_reordered (opens at
  /// another index; up to 4096 are tried), age_tampered.
  Result<void> open(std::uint64_t index, std::uint64_t count, ByteView cipher,
                    std::uint8_t* out) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Streaming writer: push any amounts, then finish(). Emits nonce and chunks in order.
class Encryptor {
 public:
  using Sink = std::function<Result<void>(ByteView)>;
  Encryptor(const FileKey& key, const Nonce& nonce, Sink sink);
  Result<void> push(ByteView plain);
  Result<void> finish();
  std::uint64_t plain_size() const { return plain_size_; }

 private:
  Result<void> start();
  Result<void> emit(bool last);
  PayloadKey payload_key_;
  Sink sink_;
  Bytes buffer_;
  Bytes sealed_;
  std::uint64_t index_ = 0;
  std::uint64_t plain_size_ = 0;
  Nonce nonce_;
  bool started_ = false;
};

/// Streaming reader of nonce + payload. With `plain_size` (from a signed manifest) every failure
/// is told apart. Without it a short last chunk that opens in no way counts as truncated: from
/// its bytes alone a cut and a change look the same.
class Decryptor {
 public:
  using Sink = std::function<Result<void>(ByteView)>;
  Decryptor(const FileKey& key, Sink sink, std::optional<std::uint64_t> plain_size = std::nullopt);
  Result<void> push(ByteView cipher);
  /// Code::age_truncated when the last chunk has not come.
  Result<void> finish();

 private:
  Result<void> open_chunk(bool last);
  FileKey key_;
  std::unique_ptr<PayloadKey> payload_key_;
  Sink sink_;
  std::optional<std::uint64_t> payload_left_;  ///< bytes that may still come, nonce included
  Bytes buffer_;
  Bytes plain_;
  std::uint64_t index_ = 0;
};

/// A small whole file (gifts): header for `recipients` + payload.
Bytes seal_file(ByteView plain, const std::vector<BoxPublicKey>& recipients);
Result<Bytes> open_file(ByteView file, const BoxKey& identity);

}  // namespace hearth::crypto::age
