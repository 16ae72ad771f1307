#include <algorithm>

#include <openssl/evp.h>
#include <sodium.h>

#include "common/base/assert.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::age {
namespace {

constexpr std::size_t tag_size = 16;
constexpr std::size_t block_size = 16;
constexpr std::uint64_t reorder_reach = 2048;  // chunks to each side

using ChunkNonce = std::array<std::uint8_t, 12>;

/// 11 bytes of counter, big-endian, then whether it is the last chunk.
ChunkNonce chunk_nonce(std::uint64_t index, bool last) {
  ChunkNonce out{};
  for (std::size_t i = 0; i < 8; ++i) {
    out[10 - i] = static_cast<std::uint8_t>(index >> 8 * i);
  }
  out[11] = last ? 1 : 0;
  return out;
}

/// OpenSSL's ChaCha20-Poly1305, three times as fast here as libsodium's. One context a thread,
/// so that sealing and opening allocate nothing.
class Cipher {
 public:
  static Cipher& of_this_thread() {
    thread_local Cipher cipher;
    return cipher;
  }

  void seal(ByteView key, const ChunkNonce& nonce, ByteView plain, std::uint8_t* out) {
    int size = 0;
    HEARTH_ASSERT(EVP_EncryptInit_ex2(context_, algorithm(), key.data(), nonce.data(), nullptr) ==
                  1);
    HEARTH_ASSERT(
        EVP_EncryptUpdate(context_, out, &size, plain.data(), static_cast<int>(plain.size())) == 1);
    HEARTH_ASSERT(EVP_EncryptFinal_ex(context_, out + size, &size) == 1);
    HEARTH_ASSERT(
        EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, tag_size, out + plain.size()) == 1);
  }

  /// What is in `out` after a failure must not be used.
  bool open(ByteView key, const ChunkNonce& nonce, ByteView cipher, std::uint8_t* out) {
    const ByteView body = cipher.first(cipher.size() - tag_size);
    std::array<std::uint8_t, tag_size> tag;
    std::copy(cipher.end() - tag_size, cipher.end(), tag.begin());
    int size = 0;
    HEARTH_ASSERT(EVP_DecryptInit_ex2(context_, algorithm(), key.data(), nonce.data(), nullptr) ==
                  1);
    HEARTH_ASSERT(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    HEARTH_ASSERT(
        EVP_DecryptUpdate(context_, out, &size, body.data(), static_cast<int>(body.size())) == 1);
    return EVP_DecryptFinal_ex(context_, out + size, &size) == 1;
  }

 private:
  Cipher() : context_(EVP_CIPHER_CTX_new()) { HEARTH_ASSERT(context_ != nullptr); }
  Cipher(const Cipher&) = delete;
  ~Cipher() { EVP_CIPHER_CTX_free(context_); }
  static EVP_CIPHER* algorithm() {
    static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
    HEARTH_ASSERT(fetched != nullptr);
    return fetched;
  }
  EVP_CIPHER_CTX* context_;
};

/// Whether a whole chunk for `nonce` stands at the beginning of `cipher`, with bytes after it.
/// One pass of Poly1305, finished at every length.
bool begins_with_chunk(ByteView key, const ChunkNonce& nonce, ByteView cipher) {
  Secret<32> one_time_key;
  crypto_stream_chacha20_ietf(one_time_key.data(), 32, nonce.data(), key.data());
  crypto_onetimeauth_poly1305_state whole_blocks;
  crypto_onetimeauth_poly1305_init(&whole_blocks, one_time_key.data());
  bool found = false;
  for (std::size_t size = 0; !found && size + tag_size < cipher.size(); ++size) {
    const std::size_t rest = size % block_size;
    if (size > 0 && rest == 0) {
      crypto_onetimeauth_poly1305_update(&whole_blocks, cipher.data() + size - block_size,
                                         block_size);
    }
    crypto_onetimeauth_poly1305_state state = whole_blocks;
    std::array<std::uint8_t, block_size> block{};
    if (rest > 0) {
      std::copy_n(cipher.data() + size - rest, rest, block.begin());
      crypto_onetimeauth_poly1305_update(&state, block.data(), block.size());
    }
    block.fill(0);  // length of no associated data, length of the ciphertext, little-endian
    for (std::size_t i = 0; i < 8; ++i) block[8 + i] = static_cast<std::uint8_t>(size >> 8 * i);
    crypto_onetimeauth_poly1305_update(&state, block.data(), block.size());
    std::array<std::uint8_t, tag_size> tag;
    crypto_onetimeauth_poly1305_final(&state, tag.data());
    found = equal(tag, cipher.subspan(size, tag_size));
  }
  wipe(&whole_blocks, sizeof whole_blocks);
  return found;
}

tl::unexpected<Error> truncated() {
  return fail(Code::age_truncated,
              "The encrypted file ends before its last chunk: a part of it is missing.");
}

tl::unexpected<Error> trailing() {
  return fail(Code::age_trailing, "The encrypted file goes on after its last chunk.");
}

}  // namespace

struct PayloadKey::Impl {
  Secret<32> key;

  bool opens(std::uint64_t index, bool last, ByteView cipher, std::uint8_t* out) const {
    return Cipher::of_this_thread().open(key.view(), chunk_nonce(index, last), cipher, out);
  }

  /// Why a chunk did not open. `scratch` has room for its plaintext.
  tl::unexpected<Error> diagnose(std::uint64_t index, bool last, ByteView cipher,
                                 std::uint8_t* scratch) const {
    if (opens(index, !last, cipher, scratch)) return last ? truncated() : trailing();
    if (begins_with_chunk(key.view(), chunk_nonce(index, true), cipher)) return trailing();
    const std::uint64_t first = index > reorder_reach ? index - reorder_reach : 0;
    for (std::uint64_t other = first; other < index + reorder_reach; ++other) {
      if (other == index) continue;
      if (opens(other, false, cipher, scratch) || opens(other, true, cipher, scratch)) {
        return fail(Code::age_reordered,
                    "A chunk of the encrypted file stands in another one's place.");
      }
    }
    return fail(Code::age_tampered, "A chunk of the encrypted file was changed.");
  }
};

std::uint64_t chunk_count(std::uint64_t plain_size) {
  return plain_size == 0 ? 1 : (plain_size - 1) / chunk_plain + 1;
}

std::uint64_t payload_size(std::uint64_t plain_size) {
  return nonce_size + plain_size + chunk_count(plain_size) * tag_size;
}

PayloadKey::PayloadKey(const FileKey& key, const Nonce& nonce) : impl_(std::make_unique<Impl>()) {
  Bytes bytes = hkdf_sha256(key.view(), nonce, "payload", 32);
  std::copy(bytes.begin(), bytes.end(), impl_->key.data());
  wipe(bytes.data(), bytes.size());
}

PayloadKey::~PayloadKey() = default;
PayloadKey::PayloadKey(PayloadKey&&) noexcept = default;

void PayloadKey::seal(std::uint64_t index, bool last, ByteView plain, std::uint8_t* out) const {
  HEARTH_ASSERT(plain.size() <= chunk_plain);
  HEARTH_ASSERT(last ? (index == 0 || !plain.empty()) : plain.size() == chunk_plain);
  Cipher::of_this_thread().seal(impl_->key.view(), chunk_nonce(index, last), plain, out);
}

Result<void> PayloadKey::open(std::uint64_t index, std::uint64_t count, ByteView cipher,
                              std::uint8_t* out) const {
  HEARTH_ASSERT(index < count && cipher.size() <= chunk_cipher);
  const bool last = index + 1 == count;
  if (cipher.size() < tag_size || (!last && cipher.size() != chunk_cipher)) return truncated();
  if (impl_->opens(index, last, cipher, out)) {
    if (index > 0 && cipher.size() == tag_size) {
      return fail(Code::age_tampered, "The encrypted file ends in an empty chunk, as none does.");
    }
    return {};
  }
  auto why = impl_->diagnose(index, last, cipher, out);
  wipe(out, cipher.size() - tag_size);
  return why;
}

}  // namespace hearth::crypto::age
