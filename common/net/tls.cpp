#include "common/net/tls.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "common/base/files.h"
#include "common/crypto/hash.h"
#include "common/net/tls_pin.h"

namespace hearth::net {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr std::size_t max_pem = 64 * 1024;
constexpr long twenty_years_s = 20L * 365 * 24 * 3600;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

tl::unexpected<Error> openssl_failed(const char* doing) {
  return fail(Code::internal, std::string("OpenSSL failed at ") + doing +
                                  "; nothing was written. Check the system's OpenSSL set-up.");
}

Result<std::string> make_key_pem() {
  const Key key(EVP_EC_gen("P-256"));
  const Memory out(BIO_new(BIO_s_mem()));
  if (!key || !out ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return openssl_failed("making a TLS key");
  }
  return text_of(out.get());
}

Key read_key(const std::string& pem) {
  const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
}

Certificate read_certificate(const std::string& pem) {
  const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
}

/// The name says nothing: peers look at the key alone.
Result<std::string> make_certificate_pem(EVP_PKEY* key) {
  const Certificate certificate(X509_new());
  if (!certificate) return openssl_failed("making a certificate");
  X509* x = certificate.get();
  const auto serial = crypto::random_array<8>();
  std::uint64_t number = 1;
  for (const std::uint8_t byte : serial) number = (number << 7) | (byte & 0x7f);
  X509_NAME* name = X509_get_subject_name(x);
  const auto* common_name = reinterpret_cast<const unsigned char*>("hearth");
  const Memory out(BIO_new(BIO_s_mem()));
  const bool made =
      out && X509_set_version(x, X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), number) == 1 &&
      // A day back, for clocks that differ.
      X509_gmtime_adj(X509_getm_notBefore(x), -24L * 3600) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(x), twenty_years_s) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
      X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1 &&
      X509_sign(x, key, EVP_sha256()) > 0 && PEM_write_bio_X509(out.get(), x) == 1;
  if (!made) return openssl_failed("making a certificate");
  return text_of(out.get());
}

Result<std::string> read_or_make_key(const std::filesystem::path& path,
                                     const std::filesystem::path& certificate) {
  auto stored = read_private_file(path, max_pem);
  if (stored) return std::string(as_text(*stored));
  if (stored.error().code != Code::not_found) return pass_on(stored.error());
  if (std::filesystem::exists(certificate)) {
    return fail(Code::corrupt,
                certificate.string() + " is there, but its key " + path.string() +
                    " is missing. Restore the key from a backup. Without one, remove the "
                    "certificate: a new pair is made then, and every home has to pin it afresh.");
  }
  auto made = make_key_pem();
  if (!made) return made;
  if (auto written = write_file_atomic(path, as_bytes(*made), 0600); !written) {
    return pass_on(written.error());
  }
  return made;
}

Result<std::string> read_or_make_certificate(const std::filesystem::path& path, EVP_PKEY* key) {
  auto stored = read_file(path, max_pem);
  if (stored) return std::string(as_text(*stored));
  if (stored.error().code != Code::not_found) return pass_on(stored.error());
  auto made = make_certificate_pem(key);
  if (!made) return made;
  if (auto written = write_file_atomic(path, as_bytes(*made), 0644); !written) {
    return pass_on(written.error());
  }
  return made;
}

}  // namespace

std::optional<identity::TlsPin> pin_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return std::nullopt;
  const identity::TlsPin pin =
      crypto::sha256({static_cast<const std::uint8_t*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return pin;
}

Result<TlsIdentity> load_or_make_tls_identity(const std::filesystem::path& dir) {
  const auto key_path = dir / "tls.key";
  const auto certificate_path = dir / "tls.crt";
  auto key_pem = read_or_make_key(key_path, certificate_path);
  if (!key_pem) return pass_on(key_pem.error());
  const Key key = read_key(*key_pem);
  if (!key) {
    return fail(Code::corrupt,
                key_path.string() + " is not a private key in PEM form. Restore it from a backup.");
  }
  auto certificate_pem = read_or_make_certificate(certificate_path, key.get());
  if (!certificate_pem) return pass_on(certificate_pem.error());
  const Certificate certificate = read_certificate(*certificate_pem);
  if (!certificate || X509_check_private_key(certificate.get(), key.get()) != 1) {
    return fail(Code::corrupt, certificate_path.string() +
                                   " is not the certificate of tls.key. Remove it: it is made "
                                   "again from the key, and the pin stays the same.");
  }
  const auto pin = pin_of(certificate.get());
  if (!pin) return openssl_failed("reading the certificate's key");
  return TlsIdentity{std::move(*key_pem), std::move(*certificate_pem), *pin};
}

}  // namespace hearth::net
