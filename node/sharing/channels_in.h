// Channels that other homes show to this one: they wait for a person unless this home asked for
// them, are taken wholly or in part, and follow their home's changes by themselves. On the air they
// are channels as any other, under this home's number, budget and rules; only their home edits
// them. docs/protocol.md §7.8.
//
// Threads: loop thread only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/sharing/sharing_rooms.h"

namespace hearth::node {

class ChannelsIn {
 public:
  explicit ChannelsIn(const SharingRooms& rooms) : rooms_(rooms) {}

  // A person's decisions; each is one commit. All take an id or a unique beginning of it (>= 4).
  struct Choice {
    std::int32_t number = 0;  ///< 0: as before, at first the sender's if it is free
    std::optional<std::vector<std::string>> only;  ///< lists and items; empty: all of it
    std::optional<channels::Budget> budget;        ///< else as before, at first none
  };
  /// Also of an accepted one, to take other parts. Nothing is stored: what would be.
  /// Code::not_found, Code::changed_meanwhile (it is over), Code::usage (the number is taken).
  Result<SharedIn> chosen(const std::string& id, const Choice& choice) const;
  /// On the air when it returns.
  Result<SharedIn> accept(SharedIn chosen);
  /// A waiting or an accepted one; its home is told.
  Result<SharedIn> decline(const std::string& id, const std::string& note);
  /// "Let us see that channel." The same again is the same wish, said once more.
  Result<ShareWish> ask(const Contact& of, const std::string& channel, const std::string& note);

  Result<std::vector<SharedIn>> list() const;
  Result<std::vector<ShareWish>> wishes() const;
  /// As its home sent it. Code::not_found: not here yet.
  Result<ChannelFile> file(const SharedIn& record) const;
  /// The home whose channel it is; nullopt: this one's own.
  Result<std::optional<SharedIn>> of_channel(const std::string& channel) const;
  /// Whether what is on that channel may be bought: not when its home has just ended it.
  /// Code::rule_refused.
  Result<void> may_buy(const std::string& channel) const;
  /// For Television: its home's alone, but for number and budget.
  Result<void> may_edit(const channels::Channel& before, const channels::Channel& after) const;

  Result<void> take(store::Batch& batch, const identity::HomeAddress& from,
                    const wire::ChannelShare& letter);
  /// Puts on the air what is accepted and newer, takes off what is over, forgets what was long ago.
  Result<void> sync();
  /// Offers on accepted channels that this home knows nothing of.
  std::vector<std::string> unknown_offers() const;

 private:
  // channels_in_letters.cpp
  Result<SharedIn> fresh(store::Batch& batch, const Contact& from,
                         const wire::ChannelShare& letter);
  Result<void> take_refusal(store::Batch& batch, const Contact& from,
                            const wire::ChannelShare& letter);
  Result<std::optional<std::string>> joined(const wire::ChannelShare& letter) const;
  Result<void> complete(store::Batch& batch, const Contact& from, SharedIn record,
                        const std::string& text);
  Result<void> admit(store::Batch& batch, const Contact& from, SharedIn& record);

  Result<SharedIn> found(const std::string& id) const;
  Result<void> apply(const SharedIn& record);
  Result<void> take_off(const SharedIn& record);
  Result<void> say(store::Batch& batch, const SharedIn& record, wire::ChannelWord::State what,
                   const std::string& note);
  SharedIn with_own(SharedIn record) const;

  SharingRooms rooms_;
};

}  // namespace hearth::node
