// Signed notes (C2SP signed-note): text, an empty line, and lines "— name base64(key id ||
// signature)". Only Ed25519 (type 0x01). Notes come from strangers: bounded, strict UTF-8, and
// signatures by unknown keys are ignored. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"
#include "common/crypto/sign.h"

namespace hearth::tlog {

inline constexpr std::size_t max_note_bytes = 64 * 1024;
inline constexpr std::size_t max_note_signatures = 64;

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;
};
struct SignedNote {
  std::string text;  ///< with its final line feed
  std::vector<NoteSignature> signatures;
};

/// The first four bytes of SHA-256(name || LF || 0x01 || key), big-endian.
std::uint32_t note_key_id(std::string_view name, const crypto::SignPublicKey& key);
/// "name+<key id, hex>+<base64 of 0x01 || key>": how other tools take a verifier's key.
std::string verifier_key(std::string_view name, const crypto::SignPublicKey& key);

/// `text` ends with a line feed; `name` has neither blanks nor '+'.
std::string sign_note(std::string_view text, std::string_view name, const crypto::SignKey& key);
/// Form only. Code::usage, Code::too_large.
Result<SignedNote> parse_note(std::string_view note);
/// Code::bad_signature unless `key` signed it under `name`.
Result<void> verify_note(const SignedNote& note, std::string_view name,
                         const crypto::SignPublicKey& key);

}  // namespace hearth::tlog
