#include "common/crypto/hash.h"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>
#include <sodium.h>

#include "common/base/assert.h"
#include "common/base/codec.h"

namespace hearth::crypto {
namespace {

/// Fetched once: looking an algorithm up costs more than hashing a short message.
EVP_MD* algorithm(Hasher::Kind kind) {
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  EVP_MD* const found = kind == Hasher::Kind::sha1     ? sha1
                        : kind == Hasher::Kind::sha256 ? sha256
                                                       : sha512;
  HEARTH_ASSERT(found != nullptr);
  return found;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// One context for each thread: making one costs as much as hashing a short message.
template <std::size_t N>
std::array<std::uint8_t, N> digest(Hasher::Kind kind, ByteView data) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::array<std::uint8_t, N> out;
  unsigned size = 0;
  HEARTH_ASSERT(EVP_DigestInit_ex2(context.get(), algorithm(kind), nullptr) == 1 &&
                EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
                EVP_DigestFinal_ex(context.get(), out.data(), &size) == 1);
  HEARTH_ASSERT(size == N);
  return out;
}

}  // namespace

Sha256Digest sha256(ByteView data) {
  return digest<32>(Hasher::Kind::sha256, data);
}
Sha512Digest sha512(ByteView data) {
  return digest<64>(Hasher::Kind::sha512, data);
}

struct Hasher::Impl {
  EVP_MD* md;
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  explicit Impl(Kind kind) : md(algorithm(kind)) { start(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { EVP_MD_CTX_free(context); }
  void start() { HEARTH_ASSERT(EVP_DigestInit_ex2(context, md, nullptr) == 1); }
};

Hasher::Hasher(Kind kind) : impl_(std::make_unique<Impl>(kind)) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;

Hasher& Hasher::update(ByteView data) {
  HEARTH_ASSERT(EVP_DigestUpdate(impl_->context, data.data(), data.size()) == 1);
  return *this;
}

Bytes Hasher::finish() {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(impl_->md)));
  HEARTH_ASSERT(EVP_DigestFinal_ex(impl_->context, out.data(), nullptr) == 1);
  impl_->start();
  return out;
}

Sha256Digest hmac_sha256(ByteView key, ByteView data) {
  Sha256Digest out;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, data.data(), data.size());
  crypto_auth_hmacsha256_final(&state, out.data());
  wipe(&state, sizeof state);
  return out;
}

Bytes hkdf_sha256(ByteView input_key, ByteView salt, std::string_view info, std::size_t out_size) {
  HEARTH_ASSERT(out_size <= 255 * 32);
  const Sha256Digest zeros{};
  Sha256Digest key = hmac_sha256(salt.empty() ? ByteView(zeros) : salt, input_key);
  Bytes out;
  out.reserve(out_size + 32);
  Bytes block;
  for (std::uint8_t counter = 1; out.size() < out_size; ++counter) {
    append(block, as_bytes(info));
    block.push_back(counter);
    Sha256Digest next = hmac_sha256(key, block);
    append(out, next);
    wipe(block.data(), block.size());
    block.assign(next.begin(), next.end());
    wipe(next.data(), next.size());
  }
  wipe(block.data(), block.size());
  wipe(key.data(), key.size());
  if (out.size() > out_size) wipe(out.data() + out_size, out.size() - out_size);
  out.resize(out_size);
  return out;
}

Seed derive(const Seed& parent, std::string_view label, std::uint64_t index) {
  const Bytes info = Writer().raw(as_bytes(label)).u64(index).take();
  Bytes bytes = hkdf_sha256(parent.view(), as_bytes("hearth"), as_text(info), Seed::size());
  Seed out;
  std::copy(bytes.begin(), bytes.end(), out.data());
  wipe(bytes.data(), bytes.size());
  return out;
}

void random_bytes(std::uint8_t* out, std::size_t size) {
  randombytes_buf(out, size);
}

}  // namespace hearth::crypto
