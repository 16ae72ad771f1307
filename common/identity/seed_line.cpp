#include "common/identity/seed_line.h"

#include "common/base/bech32.h"
#include "common/base/codec.h"
#include "common/base/typed_text.h"

namespace hearth::identity {
namespace {

constexpr std::string_view prefix = "hearthseed";
constexpr std::uint8_t version = 1;
constexpr std::size_t text_size = 70;

tl::unexpected<Error> bad(const std::string& why) {
  return fail(Code::bad_seed_line, why + " Nothing was restored; read the line again.");
}

}  // namespace

std::string seed_line(const crypto::Seed& seed) {
  Writer out;
  out.u8(version).raw(seed.view());
  return bech32::encode(prefix, out.view());
}

Result<crypto::Seed> parse_seed_line(std::string_view given) {
  if (given.size() > max_typed) return bad("This is too long to be a seed line.");
  const std::string text = lower_case(without_blanks(given));
  if (!text.starts_with(std::string(prefix) + "1")) {
    return bad("This is not a seed line: one begins with hearthseed1.");
  }
  if (text.size() < text_size) {
    return bad("The end of the seed line is missing: it has " + std::to_string(text.size()) +
               " of " + std::to_string(text_size) + " characters.");
  }
  if (text.size() > text_size) {
    return bad("The seed line has " + std::to_string(text.size() - text_size) +
               " characters too many.");
  }
  const auto decoded = bech32::decode(text);
  if (!decoded) return bad("The seed line was mistyped. " + decoded.error().sentence);
  Reader in(decoded->data);
  const bool known = in.u8() == version;
  const crypto::Seed seed(in.fixed<32>());
  if (!known) return bad("The seed line was made by a newer Hearth; this one is too old for it.");
  if (!in.done()) return bad("This is not a seed line: its parts do not fit.");
  return seed;
}

}  // namespace hearth::identity
