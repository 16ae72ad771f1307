#include "common/crypto/age/age.h"

#include <string>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"

namespace hearth::crypto::age {
namespace {

BoxKey new_box_key() {
  return BoxKey::from_seed(Seed(random_array<32>()));
}

Bytes counting(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return out;
}

struct Payload {
  FileKey key = new_file_key();
  Bytes plain;
  Bytes cipher;  ///< nonce and chunks

  explicit Payload(std::size_t size) : plain(counting(size)) {
    Encryptor encryptor(key, random_array<nonce_size>(), [this](ByteView part) -> Result<void> {
      append(cipher, part);
      return {};
    });
    REQUIRE(encryptor.push(plain));
    REQUIRE(encryptor.finish());
    CHECK(encryptor.plain_size() == size);
  }
  std::size_t chunk_start(std::size_t index) const { return nonce_size + index * chunk_cipher; }
};

Result<Bytes> decrypt(const Payload& payload, std::optional<std::uint64_t> size = std::nullopt,
                      std::size_t step = 100'000) {
  Bytes out;
  Decryptor decryptor(
      payload.key,
      [&](ByteView part) -> Result<void> {
        append(out, part);
        return {};
      },
      size);
  for (std::size_t at = 0; at < payload.cipher.size(); at += step) {
    const ByteView rest = ByteView(payload.cipher).subspan(at);
    const auto pushed = decryptor.push(rest.first(std::min(step, rest.size())));
    if (!pushed) return pass_on(pushed.error());
  }
  if (const auto finished = decryptor.finish(); !finished) return pass_on(finished.error());
  return out;
}

void check_refused(const Payload& payload, Code with_size, Code without_size) {
  const auto sized = decrypt(payload, payload.plain.size());
  REQUIRE_FALSE(sized);
  CHECK(code_name(sized.error().code) == code_name(with_size));
  const auto unsized_result = decrypt(payload);
  REQUIRE_FALSE(unsized_result);
  CHECK(code_name(unsized_result.error().code) == code_name(without_size));
}

const std::size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200'000};

TEST_CASE("payloads of every border size come back, pushed in any portions") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const Payload payload(size);
    CHECK(payload.cipher.size() == payload_size(size));
    for (const std::size_t step : {1'000'000, 65'552, 4'096, 997}) {
      const auto plain = decrypt(payload, std::nullopt, step);
      REQUIRE(plain);
      CHECK(*plain == payload.plain);
      CHECK(decrypt(payload, size, step).value() == payload.plain);
    }
  }
}

TEST_CASE("every chunk opens alone") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const Payload payload(size);
    Nonce nonce;
    std::copy_n(payload.cipher.begin(), nonce_size, nonce.begin());
    const PayloadKey key(payload.key, nonce);
    const std::uint64_t count = chunk_count(size);
    for (std::uint64_t i = count; i-- > 0;) {
      const ByteView rest = ByteView(payload.cipher).subspan(payload.chunk_start(i));
      const ByteView cipher = rest.first(std::min(rest.size(), chunk_cipher));
      Bytes plain(cipher.size() - 16);
      REQUIRE(key.open(i, count, cipher, plain.data()));
      CHECK(std::equal(plain.begin(), plain.end(), payload.plain.begin() + i * chunk_plain));
    }
  }
}

TEST_CASE("counts and sizes") {
  CHECK(chunk_count(0) == 1);
  CHECK(chunk_count(1) == 1);
  CHECK(chunk_count(65536) == 1);
  CHECK(chunk_count(65537) == 2);
  CHECK(payload_size(0) == 32);
  CHECK(payload_size(65536) == 16 + 65552);
  CHECK(payload_size(65537) == 16 + 65552 + 17);
}

TEST_CASE("a changed byte is tampering") {
  for (const std::size_t at : {16UL, 40'000UL, 65'567UL, 65'568UL, 131'119UL}) {
    CAPTURE(at);
    Payload payload(2 * chunk_plain);
    payload.cipher[at] ^= 1;
    check_refused(payload, Code::age_tampered, Code::age_tampered);
  }
  Payload short_end(chunk_plain + 5);
  short_end.cipher.back() ^= 1;
  check_refused(short_end, Code::age_tampered, Code::age_truncated);
  Payload nonce(10 * chunk_plain);
  nonce.cipher[3] ^= 1;
  check_refused(nonce, Code::age_tampered, Code::age_tampered);
}

TEST_CASE("an end that is missing is truncation, wherever the cut is") {
  for (const std::size_t keep : {0UL, 3UL, 16UL, 17UL, 31UL, 32UL, 1'000UL, 65'567UL, 65'568UL,
                                 65'569UL, 131'120UL, 131'130UL, 131'136UL}) {
    CAPTURE(keep);
    Payload payload(2 * chunk_plain + 1);
    REQUIRE(keep < payload.cipher.size());
    payload.cipher.resize(keep);
    check_refused(payload, Code::age_truncated, Code::age_truncated);
  }
}

TEST_CASE("chunks in each other's place, doubled or left out are reordering") {
  Payload payload(5 * chunk_plain + 100);
  auto& cipher = payload.cipher;
  const auto at = [&](std::size_t i) {
    return cipher.begin() + static_cast<long>(payload.chunk_start(i));
  };
  SUBCASE("neighbours swapped") {
    std::swap_ranges(at(1), at(2), at(2));
  }
  SUBCASE("the first and a later one swapped") {
    std::swap_ranges(at(0), at(1), at(4));
  }
  SUBCASE("one stands twice") {
    std::copy(at(1), at(2), at(2));
  }
  SUBCASE("one is left out, another one added") {
    const Bytes moved(at(1), at(2));
    cipher.erase(at(1), at(2));
    cipher.insert(at(3), moved.begin(), moved.end());
  }
  check_refused(payload, Code::age_reordered, Code::age_reordered);
}

TEST_CASE("bytes after the last chunk are told from a change") {
  for (const std::size_t size : {0UL, 1UL, 1'000UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL}) {
    for (const std::size_t more : {1UL, 15UL, 16UL, 1'000UL, 70'000UL}) {
      CAPTURE(size);
      CAPTURE(more);
      Payload payload(size);
      payload.cipher.resize(payload.cipher.size() + more, 0x5a);
      check_refused(payload, Code::age_trailing, Code::age_trailing);
    }
  }
}

TEST_CASE("single chunks tell the four apart too") {
  Payload payload(3 * chunk_plain);
  Nonce nonce;
  std::copy_n(payload.cipher.begin(), nonce_size, nonce.begin());
  const PayloadKey key(payload.key, nonce);
  Bytes out(chunk_plain);
  const auto code = [&](std::uint64_t index, std::uint64_t count, std::size_t chunk) {
    const auto cipher = ByteView(payload.cipher).subspan(payload.chunk_start(chunk), chunk_cipher);
    const auto opened = key.open(index, count, cipher, out.data());
    return opened ? std::string("opened") : std::string(code_name(opened.error().code));
  };
  CHECK(code(0, 3, 0) == "opened");
  CHECK(code(2, 3, 2) == "opened");
  CHECK(code(1, 2, 1) == "age_truncated");
  CHECK(code(2, 4, 2) == "age_trailing");
  CHECK(code(0, 3, 1) == "age_reordered");
  CHECK(code(1, 3, 2) == "age_reordered");
  payload.cipher[payload.chunk_start(1)] ^= 0x80;
  CHECK(code(1, 3, 1) == "age_tampered");
  CHECK(out == Bytes(chunk_plain, 0));  // nothing of what was not verified
}

TEST_CASE("headers open for each recipient and for nobody else") {
  const BoxKey first = new_box_key(), second = new_box_key();
  const FileKey key = new_file_key();
  Bytes header = write_header(key, {first.public_key(), second.public_key()});
  const std::size_t size = header.size();
  append(header, as_bytes("and what follows\n"));
  for (const BoxKey* identity : {&first, &second}) {
    const auto opened = open_header(header, *identity);
    REQUIRE(opened);
    CHECK(equal(opened->key.view(), key.view()));
    CHECK(opened->size == size);
  }
  const auto other = open_header(header, new_box_key());
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Code::age_no_match);
}

TEST_CASE("no changed byte of a header is accepted, and no cut one") {
  const BoxKey identity = new_box_key();
  const Bytes header = write_header(new_file_key(), {identity.public_key()});
  REQUIRE(open_header(header, identity));
  for (std::size_t at = 0; at < header.size(); ++at) {
    for (const int bit : {0, 3, 5, 7}) {
      CAPTURE(at);
      CAPTURE(bit);
      Bytes changed = header;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1U << bit);
      const auto opened = open_header(changed, identity);
      REQUIRE_FALSE(opened);
      const bool named = opened.error().code == Code::age_header ||
                         opened.error().code == Code::age_no_match ||
                         opened.error().code == Code::age_mac;
      CHECK(named);
    }
    CHECK_FALSE(open_header(ByteView(header).first(at), identity));
  }
}

/// A header whose stanza is real, with other lines put before its MAC.
std::string with_stanza(const BoxKey& identity, const std::string& more) {
  const Bytes header = write_header(new_file_key(), {identity.public_key()});
  std::string text(as_text(header));
  return text.insert(text.find("---"), more);
}

TEST_CASE("the header's form is strict; stanzas of other types are stepped over") {
  const BoxKey identity = new_box_key();
  struct Row {
    const char* what;
    std::string stanza;
    Code code;
  };
  const std::string body64(64, 'A');
  // A stanza that parses is then missed by the MAC; one that does not is no header at all.
  const Row rows[] = {
      {"grease", "-> grease arg1 arg2\nAAAA\n", Code::age_mac},
      {"empty body", "-> x\n\n", Code::age_mac},
      {"full line, then an empty one", "-> x\n" + body64 + "\n\n", Code::age_mac},
      {"full line with none after it", "-> x\n" + body64 + "\n", Code::age_header},
      {"line too long", "-> x\n" + body64 + "AAAA\n", Code::age_header},
      {"padding", "-> x\nAAA=\n", Code::age_header},
      {"bits left over", "-> x\nAAB\n", Code::age_header},
      {"no type", "-> \nAAAA\n", Code::age_header},
      {"two spaces", "-> a  b\nAAAA\n", Code::age_header},
      {"space at the end", "-> a \nAAAA\n", Code::age_header},
      {"control character", "-> a\x01\nAAAA\n", Code::age_header},
      {"carriage return", "-> a\r\nAAAA\r\n", Code::age_header},
      {"no arrow", "x\nAAAA\n", Code::age_header},
      {"X25519 without share", "-> X25519\nAAAA\n", Code::age_mac},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto opened = open_header(as_bytes(with_stanza(identity, row.stanza)), identity);
    REQUIRE_FALSE(opened);
    CHECK(code_name(opened.error().code) == code_name(row.code));
  }
}

TEST_CASE("a share of small order is refused") {
  const BoxKey identity = new_box_key();
  const std::string text = "age-encryption.org/v1\n-> X25519 " + to_base64(BoxPublicKey{}, false) +
                           "\n" + to_base64(Bytes(32, 1), false) + "\n--- " +
                           to_base64(Bytes(32, 2), false) + "\n";
  const auto opened = open_header(as_bytes(text), identity);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::age_header);
  CHECK_FALSE(is_box_key(BoxPublicKey{}));
  CHECK(is_box_key(identity.public_key()));
}

TEST_CASE("a header that does not end is refused after 16 KiB") {
  std::string text = "age-encryption.org/v1\n";
  for (int i = 0; i < 3'000; ++i) text += "-> x\nAAAA\n";
  const auto opened = open_header(as_bytes(text), new_box_key());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::age_header);
}

TEST_CASE("recipients and identities as text") {
  // A published test identity.
  const auto identity = identity_from_text(
      "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU");
  REQUIRE(identity);
  CHECK(identity_text(*identity) ==
        "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU");
  const std::string text = recipient_text(identity->public_key());
  CHECK(recipient_from_text(text).value() == identity->public_key());
  CHECK_FALSE(recipient_from_text(text.substr(0, text.size() - 1)));
  CHECK_FALSE(recipient_from_text(recipient_text(BoxPublicKey{})));
  CHECK_FALSE(identity_from_text(text));
  CHECK_FALSE(identity_from_text(
      "age-secret-key-184jmzmvqh3e6u0psl869004y3u2nyv7r30eu99csednph02yuvfszw44vu"));
}

TEST_CASE("whole files") {
  const BoxKey identity = new_box_key();
  for (const std::size_t size : sizes) {
    const Bytes plain = counting(size);
    const Bytes sealed = seal_file(plain, {identity.public_key()});
    CHECK(open_file(sealed, identity).value() == plain);
    CHECK_FALSE(open_file(sealed, new_box_key()));
  }
}

}  // namespace
}  // namespace hearth::crypto::age
