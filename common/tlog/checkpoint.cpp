#include "common/tlog/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "common/base/bytes.h"

namespace hearth::tlog {
namespace {

constexpr std::uint64_t max_count = INT64_MAX;

/// Takes one line off the front, without its line feed.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

bool parse_count(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && value <= max_count && std::to_string(value) == text;
}

std::string log_origin(const crypto::SignPublicKey& ledger) {
  return "hearth-ledger/" + to_hex(ByteView(crypto::sha256(ledger)).first(16));
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const crypto::SignKey& ledger) {
  const std::string origin = log_origin(ledger.public_key());
  return sign_note(
      origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n",
      origin, ledger);
}

Result<Checkpoint> read_checkpoint(std::string_view note, const crypto::SignPublicKey& ledger) {
  const auto parsed = parse_note(note);
  if (!parsed) return pass_on(parsed.error());
  const std::string origin = log_origin(ledger);
  std::string_view text = parsed->text;
  if (take_line(text) != origin)
    return fail(Code::bad_signature, "The checkpoint is one of another ledger.");
  if (auto good = verify_note(*parsed, origin, ledger); !good) return pass_on(good.error());
  Checkpoint out;
  const bool counted = parse_count(take_line(text), out.size);
  const auto root = from_base64(take_line(text));
  if (!counted || !root || root->size() != out.root.size())
    return fail(Code::usage, "The checkpoint does not hold a size and a root.");
  std::copy(root->begin(), root->end(), out.root.begin());
  while (!text.empty())
    if (take_line(text).empty())
      return fail(Code::usage, "The checkpoint has an empty line in its text.");
  return out;
}

}  // namespace hearth::tlog
