// What this home can show of a channel's items, and when: the schedule's Media from what library,
// purchases and deliveries have. Facts are kept; states are asked anew after refresh().
//
// An airing is decided shortly before it begins: what cannot be played then is late, and stays so
// ("channel/late/…"), so that the last seven days keep saying what was shown.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "node/channels/media.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// How much of a title is in this home. Append only.
enum class Here : std::uint8_t {
  no = 1,        ///< nothing, and nothing is on its way
  for_sale = 2,  ///< an offer that is not bought
  coming = 3,    ///< bought, or being bought or fetched
  begun = 4,     ///< can be played while the rest arrives
  whole = 5,
};

struct KnownMedia {
  channels::Facts facts;               ///< its price is there as long as it is for sale
  std::optional<money::Amount> price;  ///< of an offer
  std::string title;                   ///< hex
  std::string media_type;
  std::uint64_t size = 0;
  std::uint64_t missing_bytes = 0;
  Here here = Here::no;
};
/// By title id or offer id, hex; nullopt: this home knows nothing of it. `before`: what was said
/// last, or nullptr; then only its state is asked anew.
using LookUp =
    std::function<std::optional<KnownMedia>(const std::string& media, const KnownMedia* before)>;

/// An airing that cannot be played so long before it begins is late.
inline constexpr std::int64_t decided_ms = 25'000;
inline constexpr std::uint64_t usual_bytes_per_second = 512 * 1024;
/// Airings that are remembered as late: a channel of missing clips has thousands a day. Above it
/// the oldest are forgotten.
inline constexpr std::size_t max_late = 50'000;
/// How long before its airing so many bytes must be bought: half as long again as they take, and
/// until it is decided. 0: no rate was measured yet.
std::int64_t fetch_ms(std::uint64_t bytes, std::uint64_t bytes_per_second);

/// Whether a programme that begins at `start` can be shown; pure. `refused`: it will not be bought.
channels::Availability availability_of(const KnownMedia& media, UtcMs start, UtcMs now,
                                       std::uint64_t bytes_per_second, bool refused);

class HomeMedia {
 public:
  HomeMedia(Records& records, LookUp look_up, std::function<UtcMs()> clock);
  ~HomeMedia();
  Result<void> load();

  /// nullptr: unknown. Lives as long as this does.
  const KnownMedia* find(std::string_view media) const;
  /// From which age on it is: of all its media, and 0 of what nobody knows.
  std::int64_t min_age(const channels::Item& item) const;
  /// As the schedule sees it: offers that a channel may not buy are late there. Lives as long as
  /// this does.
  const channels::Media& of(const std::string& channel) const;
  /// States have changed.
  void refresh();
  void set_rate(std::uint64_t bytes_per_second) { rate_ = bytes_per_second; }
  std::uint64_t rate() const { return rate_; }
  /// Offers that this channel does not buy, for now.
  void set_refused(const std::string& channel, std::set<std::string> offers);
  /// The airing of `media` that begins at `start` is not shown, for ever. True: it is news.
  Result<bool> note_late(const std::string& media, UtcMs start);
  /// Later than seven days ago; older notes are dropped.
  Result<void> forget_old();

 private:
  struct Kept {
    KnownMedia media;
    std::uint64_t looked = 0;
  };
  class OfChannel;
  channels::Availability at(const std::string& channel, const channels::Item& item,
                            UtcMs start) const;
  channels::Availability one_at(const std::string& channel, const std::string& media,
                                UtcMs start) const;

  Records& records_;
  LookUp look_up_;
  std::function<UtcMs()> clock_;
  mutable std::map<std::string, Kept, std::less<>> kept_;
  mutable std::map<std::string, std::unique_ptr<OfChannel>> channels_;
  std::map<std::string, std::set<std::string>> refused_;
  std::set<std::pair<UtcMs, std::string>> late_;
  std::uint64_t looks_ = 1;
  std::uint64_t rate_ = 0;
};

}  // namespace hearth::node
