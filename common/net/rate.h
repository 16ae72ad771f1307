// Token buckets: so many a second on average, so many at once. Pure: the time is passed in,
// milliseconds of any clock that does not run backwards. A rate of 0 is no bound.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace hearth::net {

struct Rate {
  double per_s = 0;  ///< 0: no bound
  double burst = 0;  ///< so many at once after a quiet time; at least 1 where there is a rate
  bool bounded() const { return per_s > 0; }
};

class TokenBucket {
 public:
  /// 0: taken. Else the milliseconds until one can be taken; nothing was taken.
  std::int64_t take(const Rate& rate, std::int64_t now_ms) {
    if (!rate.bounded()) return 0;
    const double most = std::max(rate.burst, 1.0);
    if (!begun_) tokens_ = most;
    if (begun_ && now_ms > at_ms_) {
      tokens_ = std::min(most, tokens_ + static_cast<double>(now_ms - at_ms_) * rate.per_s / 1000);
    }
    at_ms_ = begun_ ? std::max(at_ms_, now_ms) : now_ms;
    begun_ = true;
    if (tokens_ >= 1) {
      tokens_ -= 1;
      return 0;
    }
    return std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::ceil((1 - tokens_) * 1000 / rate.per_s)));
  }

 private:
  double tokens_ = 0;
  std::int64_t at_ms_ = 0;
  bool begun_ = false;
};

/// A bucket for each key. At most `max_keys`: the one that was used longest ago is forgotten, and
/// is full when it comes back. Not thread-safe.
template <class Key>
class RateTable {
 public:
  explicit RateTable(Rate rate, std::size_t max_keys = 100'000)
      : rate_(rate), max_keys_(std::max<std::size_t>(max_keys, 1)) {}

  /// As TokenBucket::take.
  std::int64_t take(const Key& key, std::int64_t now_ms) {
    if (!rate_.bounded()) return 0;
    auto found = places_.find(key);
    if (found == places_.end()) {
      if (places_.size() >= max_keys_) {
        places_.erase(by_use_.front().first);
        by_use_.pop_front();
      }
      found = places_.emplace(key, by_use_.emplace(by_use_.end(), key, TokenBucket())).first;
    } else {
      by_use_.splice(by_use_.end(), by_use_, found->second);
    }
    return found->second->second.take(rate_, now_ms);
  }
  std::size_t size() const { return places_.size(); }

 private:
  using Entries = std::list<std::pair<Key, TokenBucket>>;
  Rate rate_;
  std::size_t max_keys_;
  Entries by_use_;  ///< used longest ago first
  std::map<Key, typename Entries::iterator> places_;
};

/// What Retry-After says: whole seconds, rounded up, at least 1 (RFC 9110 §10.2.3).
inline std::int64_t retry_after_s(std::int64_t wait_ms) {
  return std::max<std::int64_t>(1, (wait_ms + 999) / 1000);
}

}  // namespace hearth::net
