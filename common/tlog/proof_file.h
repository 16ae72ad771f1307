// Proof files (C2SP tlog-proof): everything that shows offline that one leaf is in a signed log:
// its index, the inclusion proof and the checkpoint. Hearth puts into the `extra` line what opens
// the leaf: salt (16 bytes) || record; the leaf is SHA-256 of them. docs/protocol.md §15. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/tlog/checkpoint.h"

namespace hearth::tlog {

inline constexpr std::size_t max_proof_file = 128 * 1024;
inline constexpr std::size_t max_extra_bytes = 16 * 1024;

struct ProofFile {
  Bytes extra;  ///< empty: no such line
  std::uint64_t index = 0;
  Proof hashes;
  std::string checkpoint;  ///< the signed note
};

std::string write_proof(const ProofFile& proof);
/// Form only. Code::usage, Code::too_large.
Result<ProofFile> parse_proof(std::string_view text);

/// What the leaf of an opened record commits to: SHA-256 of salt and record.
Digest commitment_of_opened(ByteView extra);
/// The checkpoint, when it is signed by `ledger` and holds the leaf that `extra` opens.
/// Code::proof_invalid, Code::bad_signature.
Result<Checkpoint> verify_proof(const ProofFile& proof, const crypto::SignPublicKey& ledger);

}  // namespace hearth::tlog
