#include "node/web/pairing.h"

#include "common/base/typed_text.h"
#include "common/crypto/secret.h"

namespace hearth::node {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static_assert(alphabet.size() == 32);

}  // namespace

std::string code_from(const std::array<std::uint8_t, 8>& random) {
  std::string out;
  for (const std::uint8_t byte : random) {
    if (out.size() == 4) out.push_back('-');
    out.push_back(alphabet[byte % alphabet.size()]);
  }
  return out;
}

std::string code_as_typed(std::string_view text) {
  std::string out;
  for (const char c : upper_case(without_blanks(text.substr(0, 64)))) {
    if (c == '-') continue;
    if (out.size() == 4) out.push_back('-');
    out.push_back(c);
  }
  return out;
}

void Pairing::open(Open what, std::int64_t now_ms) {
  open_ = std::move(what);
  closes_ms_ = now_ms + pairing_open_ms;
  wrong_ = 0;
}

const Pairing::Open* Pairing::now_open(std::int64_t now_ms) const {
  return open_ && now_ms < closes_ms_ ? &*open_ : nullptr;
}

std::int64_t Pairing::left_ms(std::int64_t now_ms) const {
  return now_open(now_ms) == nullptr ? 0 : closes_ms_ - now_ms;
}

Pairing::Verdict Pairing::attempt(std::string_view code, std::string_view secret,
                                  std::int64_t now_ms) {
  if (now_open(now_ms) == nullptr) {
    close();
    return Verdict::closed;
  }
  const std::string typed = code_as_typed(code);
  const bool right = secret.empty() ? crypto::equal(as_bytes(typed), as_bytes(open_->code))
                                    : crypto::equal(as_bytes(secret), as_bytes(open_->secret));
  if (right) {
    close();
    return Verdict::right;
  }
  if (++wrong_ < max_wrong_codes) return Verdict::wrong;
  close();
  return Verdict::last_wrong;
}

}  // namespace hearth::node
