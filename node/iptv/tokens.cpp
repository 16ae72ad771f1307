#include "node/iptv/tokens.h"

#include <algorithm>

#include "common/base/names.h"
#include "common/crypto/secret.h"

namespace hearth::node {
namespace {

tl::unexpected<Error> no_token() {
  return fail(Code::not_found,
              "There is nothing at this address: its token was taken back, is over, or never was. "
              "Ask the home for another (hearth iptv create NAME).");
}

Result<void> check(const IptvToken& token, const std::vector<IptvToken>& others, UtcMs now) {
  if (token.until_ms <= now) {
    return fail(Code::usage,
                "A token holds until a day that is still to come. Nothing was made; say another "
                "with --until.");
  }
  if (others.size() >= max_iptv_tokens) {
    return fail(Code::too_large, "There are " + std::to_string(max_iptv_tokens) +
                                     " tokens already. Nothing was made; take one back first: "
                                     "hearth iptv revoke NAME.");
  }
  for (const IptvToken& other : others) {
    if (other.name == token.name) {
      return fail(Code::usage, "There is a token " + printable(token.name) +
                                   " already. Nothing was made; take it back first (hearth iptv "
                                   "revoke), or choose another name.");
    }
    if (!token.address.empty() && other.address == token.address) {
      return fail(Code::usage, "The address " + token.address +
                                   " has a token already: " + printable(other.name) +
                                   ". Nothing was made; take it back first (hearth iptv revoke).");
    }
  }
  return {};
}

}  // namespace

Result<IptvTokens::Made> IptvTokens::make(IptvToken token, UtcMs now) {
  auto name = checked_name(token.name);
  if (!name) return pass_on(name.error());
  token.name = std::move(*name);
  auto others = list();
  if (!others) return pass_on(others.error());
  store::Batch batch;
  for (const IptvToken& other : *others) {
    if (other.until_ms <= now) erase(batch, token_key(other));
  }
  std::erase_if(*others, [&](const IptvToken& other) { return other.until_ms <= now; });
  auto possible = check(token, *others, now);
  if (!possible) return pass_on(possible.error());
  const auto secret = crypto::random_array<32>();
  token.digest = crypto::sha256(secret);
  token.made_ms = now;
  put(batch, token_key(token), encode(token));
  auto kept = records_.commit(batch);
  if (!kept) return pass_on(kept.error());
  return Made{std::move(token), to_base64url(secret)};
}

Result<std::vector<IptvToken>> IptvTokens::list() const {
  std::vector<IptvToken> out;
  auto scanned =
      records_.scan(iptv_token_prefix, [&](std::string_view, ByteView value) -> Result<void> {
        auto token = decode_iptv_token(value);
        if (!token) return damaged("token of a device");
        out.push_back(std::move(*token));
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  std::sort(out.begin(), out.end(),
            [](const IptvToken& a, const IptvToken& b) { return a.name < b.name; });
  return out;
}

Result<IptvToken> IptvTokens::revoke(const std::string& what) {
  auto all = list();
  if (!all) return pass_on(all.error());
  std::vector<IptvToken> found;
  for (IptvToken& one : *all) {
    const bool by_id = what.size() >= 4 && one.id().starts_with(what);
    if (by_id || one.name == what) found.push_back(std::move(one));
  }
  if (found.size() != 1) {
    return fail(Code::not_found,
                (found.empty() ? "There is no token " : "Several tokens begin with ") +
                    printable(what) + ". Nothing was changed; hearth iptv list shows all.");
  }
  store::Batch batch;
  erase(batch, token_key(found.front()));
  auto gone = records_.commit(batch);
  if (!gone) return pass_on(gone.error());
  return std::move(found.front());
}

Result<IptvToken> IptvTokens::find(std::string_view word, std::string_view from_address,
                                   UtcMs now) const {
  if (word == by_address) {
    auto all = list();
    if (!all) return pass_on(all.error());
    for (IptvToken& one : *all) {
      if (!one.address.empty() && one.holds(from_address, now)) return std::move(one);
    }
    return no_token();
  }
  IptvToken asked;
  const auto digest = token_digest(word);
  if (!digest) return no_token();
  asked.digest = *digest;
  const auto stored = records_.get(token_key(asked));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return no_token();
  auto token = decode_iptv_token(**stored);
  if (!token) return damaged("token of a device");
  // The id, half of the digest, is no secret; the rest is compared in constant time.
  if (!crypto::equal(token->digest, asked.digest) || !token->holds(from_address, now))
    return no_token();
  return std::move(*token);
}

bool IptvTokens::holds(const IptvToken& token, std::string_view from_address, UtcMs now) const {
  const auto stored = records_.get(token_key(token));
  return stored && *stored && token.holds(from_address, now);
}

}  // namespace hearth::node
