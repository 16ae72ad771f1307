// Watching a channel by the list and the wall clock: what is on the screen at each moment, when
// the next item is opened and when it begins, and how far behind live a person watches. Pure: it
// drives a Show, and tells the node through it. docs/protocol.md §11.
//
//   tune ─▶ (node says Air) ─▶ item ─▶ next item, opened ahead, at its moment of the list …
//                              dead air and unplayable items: a card; the next comes in time
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "player/core/air_list.h"
#include "player/core/change_time.h"
#include "player/core/show.h"

namespace hearth::player {

class Watching {
 public:
  explicit Watching(Show& show) : show_(show) {}

  // In.
  void tune(const std::string& channel);                         ///< live
  void watch(const std::string& channel, std::int64_t list_ms);  ///< catch-up
  void leave();
  void take(link::Air air, std::int64_t utc_ms);
  void set_pause(bool paused, std::int64_t utc_ms);
  void seek_by(std::int64_t ms, std::int64_t utc_ms);
  void to_start(std::int64_t utc_ms);
  void to_live();
  void tick(std::int64_t utc_ms);
  /// The node waits for a person (a PIN): it is not asked again meanwhile.
  void be_patient(std::int64_t utc_ms) {
    if (asked_ && asked_->utc_ms != 0) asked_->utc_ms = utc_ms;
  }
  /// The node is there again: it is told what is on, or asked.
  void reconnected(std::int64_t utc_ms);

  // Out.
  bool on() const { return !channel_.empty(); }
  const std::string& channel() const { return channel_; }
  std::int64_t list_ms(std::int64_t utc_ms) const;
  std::int64_t lag_ms(std::int64_t utc_ms) const { return utc_ms - list_ms(utc_ms); }
  bool live(std::int64_t utc_ms) const { return lag_ms(utc_ms) < live_within_ms; }
  bool paused() const { return paused_at_.has_value(); }
  /// Nothing of this channel was told yet.
  bool waiting() const { return asked_.has_value() && list_.air().channel != channel_; }
  const AirList& list() const { return list_; }
  const link::AirItem* now_on(std::int64_t utc_ms) const { return list_.at(list_ms(utc_ms)); }
  const link::AirItem* next_on(std::int64_t utc_ms) const { return list_.after(list_ms(utc_ms)); }
  /// The item on the screen can be shown, and is.
  bool shows_item() const { return !showing_.empty(); }
  /// When tick() has something to do; nullopt: at leisure.
  std::optional<std::int64_t> deadline_utc_ms() const { return deadline_; }
  std::vector<link::Event> take_events() { return std::exchange(events_, {}); }

  static constexpr std::int64_t live_within_ms = 1'500;

 private:
  void begin(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms);
  void open_ahead(const link::AirItem& item, std::int64_t at_ms);
  void follow(std::int64_t at_ms, std::int64_t utc_ms);
  void turn_pictures(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms);
  void keep_in_step(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms);
  void began(std::int64_t utc_ms);
  void move_to(std::int64_t target_ms, std::int64_t utc_ms);
  void show_nothing();
  void report(const std::string& item, std::int64_t drift_ms, const std::string& sentence,
              std::int64_t utc_ms);
  void ask(std::int64_t utc_ms);
  void jump(std::int64_t list_ms, std::int64_t utc_ms);
  link::Play play_of(const link::AirItem& item, std::int64_t position_ms) const;

  Show& show_;
  AirList list_;
  std::string channel_;
  std::int64_t lag_ms_ = 0;
  std::optional<std::int64_t> paused_at_;  ///< list time
  std::string showing_;                    ///< item on the screen; empty: a card
  std::string reported_;                   ///< item that the node was told about last
  std::string next_;                       ///< item that is open beside it
  struct Asked {
    std::int64_t at_ms = 0;   ///< list time; 0: live
    std::int64_t utc_ms = 0;  ///< when; 0: at the next tick
    std::int64_t request = 0;
  };
  std::optional<Asked> asked_;
  std::int64_t last_ask_utc_ms_ = 0;
  std::int64_t begun_utc_ms_ = 0;  ///< when the order to show the item was given
  std::int64_t due_ms_ = 0;        ///< list time at which its first picture was meant to be seen
  bool begins_ = false, opened_ahead_ = false;
  /// From the order to the first picture: of what was opened ahead, and from nothing.
  ChangeTime change_takes_{25}, opening_takes_{80};
  std::int64_t corrected_utc_ms_ = 0;
  std::optional<std::int64_t> deadline_;
  std::int64_t request_ = 0;
  std::vector<link::Event> events_;
};

}  // namespace hearth::player
