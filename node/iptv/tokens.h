// The tokens of this home ("iptv/token/…"): made and taken back by commands, looked up for each
// request. The store is the state: what is taken back is over with that commit, streams under way
// included, which ask again for each part.
//
// Threads: loop thread only.
#pragma once

#include <string>
#include <vector>

#include "node/iptv/token.h"
#include "node/wallet/records.h"

namespace hearth::node {

class IptvTokens {
 public:
  explicit IptvTokens(Records& records) : records_(records) {}

  struct Made {
    IptvToken token;
    std::string text;  ///< for the path; nobody can say it again
  };
  /// `token`: what it may, without digest and days. Code::name_refused; Code::usage: its name or
  /// its address has one already, or it ends before it begins; Code::too_large: too many.
  Result<Made> make(IptvToken token, UtcMs now);
  /// Those that are over too, by name.
  Result<std::vector<IptvToken>> list() const;
  /// By id, a beginning of it (4 digits or more), or exact name. Code::not_found.
  Result<IptvToken> revoke(const std::string& what);

  /// Of the word in a path: a token's text, or `by_address`. Code::not_found, whatever is wrong.
  Result<IptvToken> find(std::string_view word, std::string_view from_address, UtcMs now) const;
  /// Whether it is still there, and holds.
  bool holds(const IptvToken& token, std::string_view from_address, UtcMs now) const;

 private:
  Records& records_;
};

}  // namespace hearth::node
