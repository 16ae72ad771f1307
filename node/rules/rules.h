// What this home lets in, shows and spends, as its people decided: who may push what, how much and
// when; profiles with an age rating; spending limits. The refusals are for the sender to read:
// kind, and no more of this home's rules than the sender needs. docs/api.md, "The rules of a home".
//
// Pure: no clock, no store; local time comes in as Moment (local_time.h makes it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/money/amount.h"
#include "common/wire/documents.h"

namespace hearth::node {

/// Append only: stored, as are all enums here.
enum class Pushers : std::uint8_t { nobody = 1, contacts = 2, anyone = 3 };
enum class Reception : std::uint8_t { ask = 1, accept = 2 };
enum class OutOfHours : std::uint8_t { wait = 1, refuse = 2 };
std::string_view name_of(Pushers pushers);
std::string_view name_of(Reception reception);
std::string_view name_of(OutOfHours behaviour);

/// Minutes of the local day, from (in) to (out); may go over midnight. Equal: always.
struct Hours {
  int from = 0, to = 0;
  bool contain(int minute_of_day) const;
  bool operator==(const Hours&) const = default;
};

inline constexpr std::int64_t no_rating_limit = 21;

/// Of a home's screen: titles rated above `max_age` are neither listed nor played under it.
struct Profile {
  std::string name;
  std::int64_t max_age = no_rating_limit;
  bool operator==(const Profile&) const = default;
};
inline constexpr std::size_t max_profiles = 16;

/// Minor units, 0: no limit of that kind.
struct SpendingLimit {
  std::string currency;
  std::int64_t purchase = 0, day = 0, month = 0;
  bool empty() const { return purchase == 0 && day == 0 && month == 0; }
  bool operator==(const SpendingLimit&) const = default;
};
inline constexpr std::size_t max_spending_limits = 8;

struct HomeRules {
  Pushers pushers = Pushers::anyone;
  Reception reception = Reception::ask;  ///< of contacts; strangers' gifts always ask
  std::uint8_t kinds = 0x0f;             ///< bit n: wire::Kind n may come
  std::uint64_t max_size = 0;            ///< bytes of one title, 0: any
  std::uint64_t month_quota = 0;         ///< bytes received in a calendar month, 0: any
  std::int64_t max_age = no_rating_limit;
  Hours hours;
  OutOfHours out_of_hours = OutOfHours::wait;
  bool share_played = false;  ///< givers are told that their gift was played
  std::vector<SpendingLimit> spending;
  std::vector<Profile> profiles;
  std::string profile;  ///< the one in use; empty: everything is shown

  bool takes(wire::Kind kind) const { return (kinds >> static_cast<int>(kind) & 1) != 0; }
  /// What the screen may show now.
  std::int64_t shown_age() const;
  bool shows(std::int64_t min_age) const { return min_age <= shown_age(); }
  const Profile* find_profile(std::string_view name) const;
  bool operator==(const HomeRules&) const = default;
};

/// As a screen with a profile of its own sees the home: the stricter one of that profile and the
/// one in use. A profile that is gone shows what is for everybody alone.
HomeRules seen_under(HomeRules rules, const std::string& profile);

/// One title that somebody wants to push to this home.
struct Offering {
  enum class From { stranger, contact, blocked };
  From from = From::stranger;
  bool muted = false;                  ///< arrives without a prompt on the TV
  std::optional<Reception> reception;  ///< the contact's own, before the home's
  bool must_ask = false;               ///< the purchase says that the receiver is to be asked
  wire::Kind kind = wire::Kind::data;
  std::uint64_t size = 0;
  std::int64_t min_age = 0;  ///< the greater one of terms and restrictions
};

struct Moment {
  UtcMs now = 0;
  int minute_of_day = 0;  ///< local
  UtcMs day_began = 0;    ///< local midnight, as UTC
  UtcMs month_began = 0;
  std::uint64_t received_month = 0;  ///< bytes accepted since month_began
};

struct Verdict {
  enum class What { accept, ask, refuse };
  What what = What::ask;
  bool quiet = false;    ///< ask, and leave the TV in peace
  std::string sentence;  ///< refuse: for the sender
  bool later = false;    ///< nothing but the hours holds it: to be decided when they begin
};

/// Whether somebody may show this home a channel; as to titles, each one is asked about before it
/// is bought. Nobody's channel is accepted without a person. The first that applies: blocked · who
/// · hours.
Verdict decide_channel(const HomeRules& rules, const Offering& who, const Moment& now);

/// The first that applies: blocked · who · kind · rating · size · quota · hours · ask or accept.
Verdict decide(const HomeRules& rules, const Offering& what, const Moment& now);

/// What was paid already; of the amount's currency.
struct Spent {
  std::int64_t day = 0, month = 0;
};

enum class SpendVerdict { allowed, over_purchase, over_day, over_month, no_limit_for_currency };
/// Precedence as in SpendVerdict. Once any limit is set, a currency without one is not free.
SpendVerdict may_spend(const HomeRules& rules, const Spent& spent, const money::Amount& amount);
/// For the person who wants to pay; `limit` as written in the rules.
std::string spend_sentence(const HomeRules& rules, SpendVerdict verdict,
                           const money::Amount& amount);

/// "rules/home". Every stored form of the past is read.
Bytes encode(const HomeRules& rules);
std::optional<HomeRules> decode_rules(ByteView stored);

}  // namespace hearth::node
