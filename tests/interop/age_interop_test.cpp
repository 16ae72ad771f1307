// Hearth's age against the stock `age` and `age-keygen`, in both directions.
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/base/process.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "tests/support/temp_dir.h"

namespace hearth::crypto::age {
namespace {

constexpr int timeout_ms = 120'000;
constexpr std::uint64_t gibibyte = 1ULL << 30;
constexpr std::size_t portion = 1024 * 1024;
const std::uint64_t sizes[] = {0, 1, 65535, 65536, 65537, gibibyte};

std::string run(const std::vector<std::string>& argv) {
  const auto done = run_process(argv, {}, 1024 * 1024, timeout_ms);
  REQUIRE_MESSAGE(done, done.error().sentence);
  REQUIRE_MESSAGE(done->exit_code == 0, done->err);
  return std::string(as_text(done->out));
}

/// Test content that differs at every place, made anywhere without keeping it.
Bytes content(std::uint64_t from, std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = (from + i) * 0x9e3779b97f4a7c15ULL;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&word), 8,
                out.begin() + static_cast<long>(i));
  }
  return out;
}

template <class Sink>
Bytes produce(std::uint64_t size, Sink&& sink) {
  Hasher hasher(Hasher::Kind::sha256);
  for (std::uint64_t at = 0; at < size; at += portion) {
    const Bytes part = content(at, std::min<std::uint64_t>(portion, size - at));
    hasher.update(part);
    sink(part);
  }
  return hasher.finish();
}

template <class Sink>
void read_portions(const std::filesystem::path& path, Sink&& sink) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  Bytes buffer(portion);
  while (in.read(reinterpret_cast<char*>(buffer.data()), portion) || in.gcount() > 0) {
    sink(ByteView(buffer).first(static_cast<std::size_t>(in.gcount())));
  }
}

Bytes hash_of(const std::filesystem::path& path) {
  Hasher hasher(Hasher::Kind::sha256);
  read_portions(path, [&](ByteView part) { hasher.update(part); });
  return hasher.finish();
}

void write(std::ofstream& out, ByteView part) {
  out.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
}

/// One identity of age-keygen's, known to both sides.
struct Identity {
  test::TempDir dir;
  std::filesystem::path file = dir / "key.txt";
  BoxKey key = make();

  std::string recipient() const { return recipient_text(key.public_key()); }

 private:
  BoxKey make() const {
    run({"age-keygen", "-o", file.string()});
    const auto text = read_private_file(file, 4096);
    REQUIRE(text);
    const std::string lines(as_text(*text));
    const std::size_t start = lines.find("AGE-SECRET-KEY-");
    REQUIRE(start != std::string::npos);
    const auto identity = identity_from_text(lines.substr(start, lines.find('\n', start) - start));
    REQUIRE(identity);
    return *identity;
  }
};

TEST_CASE("age-keygen derives the same recipient, from its key and from ours") {
  const Identity identity;
  CHECK(run({"age-keygen", "-y", identity.file.string()}) == identity.recipient() + "\n");

  const BoxKey ours = BoxKey::from_seed(Seed(random_array<32>()));
  const auto file = identity.dir / "ours.txt";
  REQUIRE(write_file_atomic(file, as_bytes(identity_text(ours) + "\n"), 0600));
  CHECK(run({"age-keygen", "-y", file.string()}) == recipient_text(ours.public_key()) + "\n");
}

TEST_CASE("what Hearth seals, header and payload apart, stock age opens as one file") {
  const Identity identity;
  const auto sealed = identity.dir / "sealed.age";
  const auto opened = identity.dir / "opened";
  for (const std::uint64_t size : sizes) {
    CAPTURE(size);
    const FileKey key = new_file_key();
    Bytes written_hash;
    {
      std::ofstream out(sealed, std::ios::binary);
      write(out, write_header(key, {identity.key.public_key()}));
      Encryptor encryptor(key, random_array<nonce_size>(), [&](ByteView part) -> Result<void> {
        write(out, part);
        return {};
      });
      written_hash = produce(size, [&](ByteView part) { REQUIRE(encryptor.push(part)); });
      REQUIRE(encryptor.finish());
      REQUIRE(out.flush());
    }
    std::ofstream(opened).close();  // age makes no file for an empty plaintext
    run({"age", "-d", "-i", identity.file.string(), "-o", opened.string(), sealed.string()});
    CHECK(std::filesystem::file_size(opened) == size);
    CHECK(hash_of(opened) == written_hash);
  }
}

TEST_CASE("what stock age seals, Hearth opens") {
  const Identity identity;
  const auto plain = identity.dir / "plain";
  const auto sealed = identity.dir / "sealed.age";
  for (const std::uint64_t size : sizes) {
    CAPTURE(size);
    Bytes written_hash;
    {
      std::ofstream out(plain, std::ios::binary);
      written_hash = produce(size, [&](ByteView part) { write(out, part); });
      REQUIRE(out.flush());
    }
    run({"age", "-r", identity.recipient(), "-o", sealed.string(), plain.string()});
    Hasher hasher(Hasher::Kind::sha256);
    std::uint64_t opened_size = 0;
    std::unique_ptr<Decryptor> decryptor;
    read_portions(sealed, [&](ByteView part) {
      if (!decryptor) {
        const auto header = open_header(part, identity.key);
        REQUIRE(header);
        decryptor = std::make_unique<Decryptor>(header->key, [&](ByteView chunk) -> Result<void> {
          hasher.update(chunk);
          opened_size += chunk.size();
          return {};
        });
        part = part.subspan(header->size);
      }
      REQUIRE(decryptor->push(part));
    });
    REQUIRE(decryptor);
    REQUIRE(decryptor->finish());
    CHECK(opened_size == size);
    CHECK(hasher.finish() == written_hash);
  }
}

TEST_CASE("stock age refuses what Hearth refuses") {
  const Identity identity;
  const auto file = identity.dir / "file.age";
  const Bytes good = seal_file(content(0, 2 * chunk_plain), {identity.key.public_key()});
  const auto both_refuse = [&](const Bytes& bytes) {
    REQUIRE(write_file_atomic(file, bytes, 0600));
    const auto stock =
        run_process({"age", "-d", "-i", identity.file.string(), "-o", "/dev/null", file.string()},
                    {}, 1024, timeout_ms);
    REQUIRE(stock);
    CHECK(stock->exit_code != 0);
    CHECK_FALSE(open_file(bytes, identity.key));
  };
  Bytes tampered = good;
  tampered[good.size() / 2] ^= 1;
  both_refuse(tampered);
  both_refuse(Bytes(good.begin(), good.end() - 1));
  both_refuse(Bytes(good.begin(), good.end() - static_cast<long>(chunk_cipher)));
  Bytes trailing = good;
  trailing.push_back(0);
  both_refuse(trailing);
  Bytes header = good;
  header[30] ^= 1;
  both_refuse(header);
}

}  // namespace
}  // namespace hearth::crypto::age
