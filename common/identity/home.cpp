#include "common/identity/home.h"

#include <algorithm>

#include "common/base/bech32.h"
#include "common/crypto/hash.h"

namespace hearth::identity {
namespace {

constexpr std::string_view prefix = "home";
constexpr std::size_t max_address_text = 200;

}  // namespace

std::string HomeAddress::text() const {
  return bech32::encode(prefix, key);
}

std::string HomeAddress::grouped() const {
  const std::string word = text();
  const std::size_t head = prefix.size() + 1;
  std::string out = word.substr(0, head);
  for (std::size_t at = head; at < word.size(); at += 4) out += ' ' + word.substr(at, 4);
  return out;
}

Result<HomeAddress> parse_home_address(std::string_view text) {
  const auto refuse = [](std::string_view why) {
    return fail(Code::usage, "This is not a home address: " + std::string(why));
  };
  if (text.size() > max_address_text) return refuse("it is too long.");
  std::string word;
  word.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(word),
               [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  const auto decoded = bech32::decode(word);
  if (!decoded) return refuse(decoded.error().sentence);
  if (decoded->prefix != prefix) return refuse("it does not begin with home1.");
  HomeAddress out;
  if (decoded->data.size() != out.key.size()) return refuse("it has the wrong length.");
  std::copy(decoded->data.begin(), decoded->data.end(), out.key.begin());
  return out;
}

HomeKeys::HomeKeys(const crypto::Seed& seed)
    : seed_(seed),
      identity_(crypto::SignKey::from_seed(crypto::derive(seed, "home identity"))),
      encryption_(crypto::BoxKey::from_seed(crypto::derive(seed, "home encryption"))),
      mailbox_(crypto::SignKey::from_seed(crypto::derive(seed, "mailbox"))) {}

}  // namespace hearth::identity
