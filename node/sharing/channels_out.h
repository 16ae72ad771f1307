// This home's channels that other homes see, and what those ask for. Each change of a channel goes
// to each of them by itself, as a whole, with a later revision; only what they may have is in it.
// docs/protocol.md §7.8.
//
// Threads: loop thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/sharing/sharing_rooms.h"

namespace hearth::node {

class ChannelsOut {
 public:
  explicit ChannelsOut(const SharingRooms& rooms) : rooms_(rooms) {}

  // A person's decisions; each is one commit, the letters follow with sync().
  /// The same again: the one that is there. Code::contact_pending, Code::unreachable,
  /// Code::not_allowed (another home's channel), Code::too_large.
  Result<SharedOut> share(const std::string& channel, const Contact& to, const std::string& note);
  /// With that home, or with all. How many that were. Code::not_found.
  Result<std::size_t> unshare(const std::string& channel, const std::optional<Contact>& with);
  /// Contacts get it when they ask for it.
  Result<void> set_open(const std::string& channel, bool open);
  Result<bool> is_open(const std::string& channel) const;
  /// A wish that came. Code::not_found.
  Result<ShareWish> refuse(const std::string& wish, const std::string& note);

  Result<std::vector<SharedOut>> list() const;
  Result<std::vector<ShareWish>> wishes() const;

  /// Their word about a share, or their wish.
  Result<void> take(store::Batch& batch, const identity::HomeAddress& from,
                    const wire::ChannelWord& word);
  /// A letter has arrived, or never will.
  Result<void> settled(store::Batch& batch, const std::string& share, const Error* why);
  /// Sends what is new, ends what is over, forgets what was long ago. `all`: what they may have
  /// may be different too.
  Result<void> sync(bool all);

 private:
  Result<SharedOut> begin(store::Batch& batch, const std::string& channel,
                          const identity::HomeAddress& to, const std::string& note,
                          const std::string& wish);
  /// Code::not_allowed: another home's.
  Result<void> is_own(const std::string& channel) const;
  Result<void> take_wish(store::Batch& batch, const Contact& from, const wire::ChannelWord& word);
  Result<void> send_new(SharedOut record, const channels::Channel& channel, const Contact& to);
  Result<void> put_letters(store::Batch& batch, const SharedOut& record,
                           const channels::Channel& document, const Contact& to);
  Result<void> send(store::Batch& batch, wire::ChannelShare letter, const Contact& to,
                    const std::string& about);
  /// For one more that goes to that home: the oldest that is over is forgotten. Code::too_large.
  Result<void> make_room(store::Batch& batch, const std::vector<SharedOut>& all,
                         const identity::HomeAddress& to);
  /// A banner, unless that home is muted.
  void tell(const Contact& about, const std::string& headline, const std::string& text);
  Result<void> note_problem(SharedOut record, const std::string& problem);
  Result<void> end(store::Batch& batch, SharedOut record);
  Result<void> commit(const store::Batch& batch);

  SharingRooms rooms_;
  std::map<std::string, std::int64_t> looked_;  ///< share: version of its channel
};

/// What Outbox calls the letters of a share.
std::string about_share(const std::string& share);
/// The share; empty: it is about something else.
std::string share_of_about(const std::string& about);

}  // namespace hearth::node
