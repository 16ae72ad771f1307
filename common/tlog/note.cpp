#include "common/tlog/note.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"

namespace hearth::tlog {
namespace {

constexpr std::uint8_t ed25519 = 0x01;
constexpr std::string_view dash = "\xe2\x80\x94 ";  // em dash, blank
constexpr std::size_t max_signature_bytes = 8 * 1024;

tl::unexpected<Error> malformed(const char* what) {
  return fail(Code::usage, std::string("This is not a signed note: ") + what + ".");
}

bool has_space_or_plus(std::string_view name) {
  static constexpr std::string_view spaces[] = {"+",
                                                " ",
                                                "\xc2\x85",
                                                "\xc2\xa0",
                                                "\xe1\x9a\x80",
                                                "\xe2\x80\x80",
                                                "\xe2\x80\x81",
                                                "\xe2\x80\x82",
                                                "\xe2\x80\x83",
                                                "\xe2\x80\x84",
                                                "\xe2\x80\x85",
                                                "\xe2\x80\x86",
                                                "\xe2\x80\x87",
                                                "\xe2\x80\x88",
                                                "\xe2\x80\x89",
                                                "\xe2\x80\x8a",
                                                "\xe2\x80\xa8",
                                                "\xe2\x80\xa9",
                                                "\xe2\x80\xaf",
                                                "\xe2\x81\x9f",
                                                "\xe3\x80\x80"};
  return std::any_of(std::begin(spaces), std::end(spaces), [name](std::string_view space) {
    return name.find(space) != std::string_view::npos;
  });
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return malformed("a signature line does not begin with a dash");
  line.remove_prefix(dash.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return malformed("a signature line has no signature");
  NoteSignature out;
  out.name = line.substr(0, blank);
  if (out.name.empty() || has_space_or_plus(out.name))
    return malformed("a signature line has no valid name");
  const std::string_view encoded = line.substr(blank + 1);
  const auto bytes =
      encoded.size() <= max_signature_bytes * 4 / 3 ? from_base64(encoded) : std::nullopt;
  if (!bytes || bytes->size() < 5) return malformed("a signature is not base64");
  Reader in(*bytes);
  out.key_id = in.u32();
  out.signature.assign(bytes->begin() + 4, bytes->end());
  return out;
}

}  // namespace

std::uint32_t note_key_id(std::string_view name, const crypto::SignPublicKey& key) {
  Bytes hashed = to_bytes(as_bytes(name));
  hashed.push_back('\n');
  hashed.push_back(ed25519);
  append(hashed, key);
  const auto digest = crypto::sha256(hashed);
  Reader in(digest);
  return in.u32();
}

std::string verifier_key(std::string_view name, const crypto::SignPublicKey& key) {
  const Writer id = Writer().u32(note_key_id(name, key));
  const Writer typed = Writer().u8(ed25519).raw(key);
  return std::string(name) + "+" + to_hex(id.view()) + "+" + to_base64(typed.view());
}

std::string sign_note(std::string_view text, std::string_view name, const crypto::SignKey& key) {
  HEARTH_ASSERT(text.ends_with('\n') && !name.empty() && !has_space_or_plus(name));
  const Writer signature =
      Writer().u32(note_key_id(name, key.public_key())).raw(key.sign(as_bytes(text)));
  return std::string(text) + "\n" + std::string(dash) + std::string(name) + " " +
         to_base64(signature.view()) + "\n";
}

Result<SignedNote> parse_note(std::string_view note) {
  if (note.size() > max_note_bytes)
    return fail(Code::too_large, "This is larger than a signed note may be.");
  const bool plain = std::all_of(note.begin(), note.end(), [](char c) {
    return c == '\n' || static_cast<unsigned char>(c) >= 0x20;
  });
  if (!plain || !is_utf8(note)) return malformed("it has bytes that a note does not have");
  const auto gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) return malformed("it has no signatures");
  SignedNote out;
  out.text = note.substr(0, gap + 1);
  for (std::string_view rest = note.substr(gap + 2); !rest.empty();) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return malformed("its last line does not end");
    auto signature = parse_signature(rest.substr(0, end));
    if (!signature) return pass_on(signature.error());
    out.signatures.push_back(std::move(*signature));
    if (out.signatures.size() > max_note_signatures) return malformed("too many signatures");
    rest.remove_prefix(end + 1);
  }
  if (out.signatures.empty()) return malformed("it has no signatures");
  return out;
}

Result<void> verify_note(const SignedNote& note, std::string_view name,
                         const crypto::SignPublicKey& key) {
  const std::uint32_t id = note_key_id(name, key);
  bool verified = false;
  for (const NoteSignature& by : note.signatures) {
    if (by.name != name || by.key_id != id) continue;
    crypto::Signature signature{};
    const bool fits = by.signature.size() == signature.size();
    if (fits) std::copy(by.signature.begin(), by.signature.end(), signature.begin());
    // One bad signature under a known key spoils the note.
    if (!fits || !crypto::verify(as_bytes(note.text), signature, key))
      return fail(Code::bad_signature, "The note's signature does not match its text.");
    verified = true;
  }
  if (!verified)
    return fail(Code::bad_signature, "The note is not signed by the key that it should be.");
  return {};
}

}  // namespace hearth::tlog
