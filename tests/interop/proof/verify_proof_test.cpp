// Proof files that we write, before scripts/verify-proof: Python's standard library and the
// specifications, nothing of ours.
#include <fstream>

#include <doctest/doctest.h>

#include "common/base/process.h"
#include "common/tlog/checkpoint.h"
#include "common/tlog/proof_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tree_by_definition.h"

namespace hearth::tlog {
namespace {

const crypto::SignKey& ledger() {
  static const auto key =
      crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("a ledger"))));
  return key;
}

Bytes opened(std::uint64_t index) {
  return to_bytes(as_bytes("sixteen bytes...record " + std::to_string(index)));
}

const test::TreeByDefinition& tree() {
  static const test::TreeByDefinition out(
      [](std::uint64_t index) { return leaf_hash(crypto::sha256(opened(index))); });
  return out;
}

std::string proof_of(std::uint64_t index, std::uint64_t size) {
  return write_proof({opened(index), index, tree().path(index, 0, size),
                      sign_checkpoint({size, tree().root(0, size)}, ledger())});
}

int verify(const test::TempDir& dir, const std::string& proof) {
  const auto path = dir / "a.tlog-proof";
  std::ofstream(path, std::ios::binary) << proof;
  const std::string key = verifier_key(log_origin(ledger().public_key()), ledger().public_key());
  const auto done =
      run_process({"python3", std::string(HEARTH_SOURCE_DIR) + "/scripts/verify-proof", "--key",
                   key, path.string()},
                  {}, 64 * 1024, 60'000);
  REQUIRE_MESSAGE(done, done.error().sentence);
  CAPTURE(done->err);
  return done->exit_code;
}

}  // namespace

TEST_CASE("the independent verifier takes our proof files, and only as they are") {
  const test::TempDir dir;
  for (const auto& [index, size] :
       {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {0, 2}, {6, 7}, {3, 8}, {41, 100}}) {
    CAPTURE(index);
    CAPTURE(size);
    CHECK(verify(dir, proof_of(index, size)) == 0);
  }
  const std::string good = proof_of(41, 100);
  for (std::size_t at = 0; at < good.size(); at += 23) {
    CAPTURE(at);
    std::string bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    CHECK(verify(dir, bad) == 1);
  }
  CHECK(verify(dir, good.substr(0, good.size() / 2)) == 1);
  CHECK(verify(dir, "") == 1);
}

}  // namespace hearth::tlog
