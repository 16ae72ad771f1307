// Checkpoints (C2SP tlog-checkpoint): what a ledger signs about its journal: the origin, the
// number of records and the tree's root. The origin names the log for ever; it is made from the
// ledger's long-term key, which homes pin, so it survives another URL. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/tlog/merkle.h"
#include "common/tlog/note.h"

namespace hearth::tlog {

struct Checkpoint {
  std::uint64_t size = 0;
  Digest root{};
  bool operator==(const Checkpoint&) const = default;
};

/// "hearth-ledger/" and the first 16 bytes of the key's SHA-256 in hex; also the name under which
/// the key signs.
std::string log_origin(const crypto::SignPublicKey& ledger);

std::string sign_checkpoint(const Checkpoint& checkpoint, const crypto::SignKey& ledger);
/// Form, origin and signature. Code::usage, Code::too_large, Code::bad_signature.
Result<Checkpoint> read_checkpoint(std::string_view note, const crypto::SignPublicKey& ledger);

/// Decimal without leading zeroes, at most 2^63 - 1 (so that it fits every number in JSON).
bool parse_count(std::string_view text, std::uint64_t& value);

}  // namespace hearth::tlog
