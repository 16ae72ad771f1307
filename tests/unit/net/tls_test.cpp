#include "common/net/tls.h"

#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/base/process.h"
#include "common/crypto/hash.h"
#include "tests/unit/net/net_fixture.h"

namespace hearth::net {
namespace {

std::string openssl(const std::vector<std::string>& arguments, ByteView input = {}) {
  std::vector<std::string> argv{"openssl"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto output = run_process(argv, input, 1'000'000, 30'000);
  REQUIRE(output.has_value());
  CHECK(output->exit_code == 0);
  return std::string(as_text(output->out));
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("tls: a pair is made once and stays") {
  const TempDir dir;
  const auto first = load_or_make_tls_identity(dir.path());
  REQUIRE(first.has_value());
  CHECK(mode_of(dir.path() / "tls.key") == 0600);
  const auto second = load_or_make_tls_identity(dir.path());
  REQUIRE(second.has_value());
  CHECK(second->key_pem == first->key_pem);
  CHECK(second->certificate_pem == first->certificate_pem);
  CHECK(second->pin == first->pin);

  const TempDir other;
  CHECK(load_or_make_tls_identity(other.path())->pin != first->pin);
}

TEST_CASE("tls: the openssl program agrees about key, dates and pin") {
  const TempDir dir;
  const auto made = load_or_make_tls_identity(dir.path());
  REQUIRE(made.has_value());
  const std::string certificate = (dir.path() / "tls.crt").string();
  const std::string text = openssl({"x509", "-in", certificate, "-noout", "-text"});
  CHECK(text.find("ASN1 OID: prime256v1") != std::string::npos);
  CHECK(text.find("ecdsa-with-SHA256") != std::string::npos);
  openssl({"verify", "-CAfile", certificate, certificate});
  // Still valid in 19 years.
  openssl({"x509", "-in", certificate, "-noout", "-checkend", "599184000"});
  const std::string public_pem = openssl({"x509", "-in", certificate, "-noout", "-pubkey"});
  const std::string der = openssl({"pkey", "-pubin", "-outform", "DER"}, as_bytes(public_pem));
  CHECK(crypto::sha256(as_bytes(der)) == made->pin);
}

TEST_CASE("tls: half a pair") {
  const TempDir dir;
  const auto made = load_or_make_tls_identity(dir.path());
  REQUIRE(made.has_value());
  std::filesystem::remove(dir.path() / "tls.crt");
  const auto again = load_or_make_tls_identity(dir.path());
  REQUIRE(again.has_value());
  CHECK(again->pin == made->pin);

  std::filesystem::remove(dir.path() / "tls.key");
  const auto refused = load_or_make_tls_identity(dir.path());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::corrupt);
}

TEST_CASE("tls: damaged or public files are refused") {
  const TempDir dir;
  REQUIRE(load_or_make_tls_identity(dir.path()).has_value());
  chmod((dir.path() / "tls.key").c_str(), 0644);
  const auto readable = load_or_make_tls_identity(dir.path());
  REQUIRE_FALSE(readable.has_value());
  CHECK(readable.error().code == Code::not_private);
  chmod((dir.path() / "tls.key").c_str(), 0600);

  const TempDir other;
  REQUIRE(load_or_make_tls_identity(other.path()).has_value());
  std::filesystem::copy_file(other.path() / "tls.crt", dir.path() / "tls.crt",
                             std::filesystem::copy_options::overwrite_existing);
  const auto mixed = load_or_make_tls_identity(dir.path());
  REQUIRE_FALSE(mixed.has_value());
  CHECK(mixed.error().code == Code::corrupt);

  std::ofstream(dir.path() / "tls.key") << "nonsense";
  const auto nonsense = load_or_make_tls_identity(dir.path());
  REQUIRE_FALSE(nonsense.has_value());
  CHECK(nonsense.error().code == Code::corrupt);
}

}  // namespace hearth::net
