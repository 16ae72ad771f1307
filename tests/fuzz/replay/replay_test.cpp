// Feeds every target its seeds (tests/fuzz/corpus/<target>/) and 2,000 seeded mutations of them.
// A target that finds a fault stops the program; the input is named before it is fed.
#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/files.h"

extern "C" {
int fuzz_json(const std::uint8_t* data, std::size_t size);
int fuzz_jws_documents(const std::uint8_t* data, std::size_t size);
int fuzz_age_header(const std::uint8_t* data, std::size_t size);
int fuzz_cards(const std::uint8_t* data, std::size_t size);
int fuzz_ledger_answers(const std::uint8_t* data, std::size_t size);
int fuzz_link(const std::uint8_t* data, std::size_t size);
int fuzz_notes(const std::uint8_t* data, std::size_t size);
int fuzz_typed_lines(const std::uint8_t* data, std::size_t size);
int fuzz_drops(const std::uint8_t* data, std::size_t size);
int fuzz_home_records(const std::uint8_t* data, std::size_t size);
int fuzz_pages(const std::uint8_t* data, std::size_t size);
int fuzz_page_request(const std::uint8_t* data, std::size_t size);
int fuzz_channels(const std::uint8_t* data, std::size_t size);
int fuzz_channel_files(const std::uint8_t* data, std::size_t size);
int fuzz_iptv(const std::uint8_t* data, std::size_t size);
int fuzz_webhook(const std::uint8_t* data, std::size_t size);
int fuzz_records(const std::uint8_t* data, std::size_t size);
int fuzz_tracker(const std::uint8_t* data, std::size_t size);
int fuzz_requests(const std::uint8_t* data, std::size_t size);
int fuzz_orders(const std::uint8_t* data, std::size_t size);
int fuzz_room_rows(const std::uint8_t* data, std::size_t size);
}

namespace hearth {
namespace {

constexpr int mutations = 2'000;

struct Target {
  const char* name;
  int (*feed)(const std::uint8_t*, std::size_t);
};

const Target targets[] = {{"fuzz_json", fuzz_json},
                          {"fuzz_jws_documents", fuzz_jws_documents},
                          {"fuzz_age_header", fuzz_age_header},
                          {"fuzz_cards", fuzz_cards},
                          {"fuzz_ledger_answers", fuzz_ledger_answers},
                          {"fuzz_link", fuzz_link},
                          {"fuzz_notes", fuzz_notes},
                          {"fuzz_typed_lines", fuzz_typed_lines},
                          {"fuzz_drops", fuzz_drops},
                          {"fuzz_home_records", fuzz_home_records},
                          {"fuzz_page_request", fuzz_page_request},
                          {"fuzz_pages", fuzz_pages},
                          {"fuzz_channels", fuzz_channels},
                          {"fuzz_channel_files", fuzz_channel_files},
                          {"fuzz_iptv", fuzz_iptv},
                          {"fuzz_webhook", fuzz_webhook},
                          {"fuzz_records", fuzz_records},
                          {"fuzz_tracker", fuzz_tracker},
                          {"fuzz_requests", fuzz_requests},
                          {"fuzz_orders", fuzz_orders},
                          {"fuzz_room_rows", fuzz_room_rows}};

std::vector<Bytes> corpus_of(const Target& target) {
  const auto dir = std::filesystem::path(HEARTH_SOURCE_DIR) / "tests/fuzz/corpus" / target.name;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Bytes> out;
  for (const auto& file : files) out.push_back(read_file(file, 1024 * 1024).value());
  return out;
}

Bytes mutated(Bytes bytes, const std::vector<Bytes>& others, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t rounds = 1 + below(4); rounds-- > 0;) {
    const auto at = static_cast<long>(below(bytes.size()));
    switch (bytes.empty() ? 1 : below(5)) {
      case 0:
        bytes[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:
        bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(random()));
        break;
      case 2:
        bytes.erase(bytes.begin() + at);
        break;
      case 3:
        bytes.resize(static_cast<std::size_t>(at));
        break;
      default: {
        const Bytes& other = others[below(others.size())];
        const ByteView part = ByteView(other).first(below(other.size() + 1));
        bytes.insert(bytes.begin() + at, part.begin(), part.end());
      }
    }
  }
  return bytes;
}

TEST_CASE("every decoder answers on its corpus and on mutations of it") {
  for (const Target& target : targets) {
    const auto corpus = corpus_of(target);
    CAPTURE(target.name);
    REQUIRE(corpus.size() >= 3);
    for (const Bytes& bytes : corpus) CHECK(target.feed(bytes.data(), bytes.size()) == 0);
    for (int seed = 0; seed < mutations; ++seed) {
      INFO("seed of the mutation: ", seed);
      std::mt19937_64 random(static_cast<std::uint64_t>(seed));
      const Bytes input = mutated(corpus[random() % corpus.size()], corpus, random);
      CHECK(target.feed(input.data(), input.size()) == 0);
    }
  }
}

}  // namespace
}  // namespace hearth
