// The phones and browsers that are paired with this home ("web/session/…"), and the pairing of the
// next one. The store is the state: a phone that is removed is gone with that commit, its open
// pages included (Changes tells them).
//
// Threads: loop thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/net/rate.h"
#include "node/wallet/records.h"
#include "node/web/pairing.h"

namespace hearth::node {

class Phones {
 public:
  Phones(Records& records, const identity::HomeAddress& home)
      : records_(records), cookie_(cookie_name(home)) {}

  // Pairing.
  struct Shown {
    Pairing::Open what;
    std::string url;  ///< of the page, with the secret behind '#'
    std::int64_t left_ms = 0;
  };
  /// Where people find the page; empty: this node serves none.
  void served_at(std::string url) { url_ = std::move(url); }
  const std::string& url() const { return url_; }
  /// Code::not_found: there is no page. Code::too_large: as many phones as a home has.
  Result<Shown> open(PhoneRole role, const std::string& profile, UtcMs now);
  /// False: none was open.
  bool close();
  struct Paired {
    Phone phone;
    std::string token;
  };
  /// One of `code` and `secret`. Code::pairing_closed, wrong_code, name_refused; rate_limited
  /// whatever the code, when too many were tried.
  Result<Paired> pair(std::string_view code, std::string_view secret, const std::string& name,
                      UtcMs now);

  /// Of a session; notes that it is used. Code::no_session.
  Result<Phone> by_token(std::string_view token, UtcMs now);
  /// Looks only.
  bool is_paired(std::string_view token, UtcMs now) const;
  /// By the time of pairing; without those that are over.
  Result<std::vector<Phone>> list(UtcMs now) const;
  /// By id or unique beginning of it, or exact name. Code::not_found.
  Result<Phone> rename(const std::string& what, const std::string& name, UtcMs now);
  Result<Phone> remove(const std::string& what, UtcMs now);
  Result<void> leave(std::string_view token);

  const std::string& cookie() const { return cookie_; }

 private:
  struct Stored {
    std::string key;
    Phone phone;
  };
  Result<std::vector<Stored>> all() const;
  Result<std::vector<Stored>> paired(UtcMs now) const;
  Result<void> forget_old(UtcMs now);
  Result<Stored> find(const std::string& what, UtcMs now) const;
  Result<std::optional<Phone>> stored(const std::string& key, UtcMs now) const;
  Result<void> put_phone(const std::string& key, const Phone& phone);

  Records& records_;
  const std::string cookie_;
  std::string url_;
  Pairing pairing_;
  net::TokenBucket tries_;
};

}  // namespace hearth::node
