#include "common/tlog/proof_file.h"

#include <algorithm>

namespace hearth::tlog {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";

tl::unexpected<Error> malformed(const char* what) {
  return fail(Code::usage,
              std::string("This is not a proof file (c2sp.org/tlog-proof): ") + what + ".");
}

/// The next line, when there is one that ends.
bool take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

bool take_word(std::string_view& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return true;
}

}  // namespace

std::string write_proof(const ProofFile& proof) {
  std::string out(first_line);
  out += "\n";
  if (!proof.extra.empty()) out += "extra " + to_base64(proof.extra) + "\n";
  out += "index " + std::to_string(proof.index) + "\n";
  for (const Digest& hash : proof.hashes) out += to_base64(hash) + "\n";
  return out + "\n" + proof.checkpoint;
}

Result<ProofFile> parse_proof(std::string_view text) {
  if (text.size() > max_proof_file)
    return fail(Code::too_large, "This is larger than a proof file may be.");
  ProofFile out;
  std::string_view line;
  if (!take_line(text, line) || line != first_line) return malformed("its first line is another");
  if (!take_line(text, line)) return malformed("it ends too early");
  if (take_word(line, "extra ")) {
    const auto extra = from_base64(line);
    if (!extra || extra->empty() || extra->size() > max_extra_bytes)
      return malformed("its extra data is not base64, or too long");
    out.extra = *extra;
    if (!take_line(text, line)) return malformed("it ends too early");
  }
  if (!take_word(line, "index ") || !parse_count(line, out.index))
    return malformed("it names no index");
  for (;;) {
    if (!take_line(text, line)) return malformed("it ends too early");
    if (line.empty()) break;
    const auto hash = from_base64(line);
    Digest digest;
    if (!hash || hash->size() != digest.size() || out.hashes.size() == max_proof_hashes)
      return malformed("a line of the proof is no hash, or there are too many");
    std::copy(hash->begin(), hash->end(), digest.begin());
    out.hashes.push_back(digest);
  }
  if (auto note = parse_note(text); !note) return pass_on(note.error());
  out.checkpoint = text;
  return out;
}

Digest commitment_of_opened(ByteView extra) {
  return crypto::sha256(extra);
}

Result<Checkpoint> verify_proof(const ProofFile& proof, const crypto::SignPublicKey& ledger) {
  if (proof.extra.empty())
    return fail(Code::proof_invalid, "The proof does not open the record that it is about.");
  auto checkpoint = read_checkpoint(proof.checkpoint, ledger);
  if (!checkpoint) return checkpoint;
  const Digest leaf = leaf_hash(commitment_of_opened(proof.extra));
  if (!verify_inclusion(leaf, proof.index, checkpoint->size, proof.hashes, checkpoint->root))
    return fail(Code::proof_invalid, "The proof does not show that record " +
                                         std::to_string(proof.index) +
                                         " is in the ledger's journal of " +
                                         std::to_string(checkpoint->size) + " records.");
  return checkpoint;
}

}  // namespace hearth::tlog
