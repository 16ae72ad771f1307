// What both directions of sharing have in common: the rooms that they ask, and how a letter goes
// into another home's mailbox.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "node/contacts/contacts.h"
#include "node/gifts/outbox.h"
#include "node/rules/rules.h"
#include "node/sharing/share_records.h"
#include "node/television/shelf.h"
#include "node/television/television.h"

namespace hearth::node {

struct SharingRooms {
  Records& records;
  Television& television;
  Contacts& contacts;
  Outbox& outbox;
  const identity::HomeKeys& keys;
  crypto::SignPublicKey ledger_key;  ///< only homes of the same ledger can be reached
  std::function<UtcMs()> clock;
  OfferOf offer_of;  ///< as for channel files
  /// Private titles that this home gave that one.
  std::function<Result<std::set<std::string>>(const identity::HomeAddress& to)> given;
  /// Whether that home may show this one a channel.
  std::function<Result<Verdict>(const identity::HomeAddress& from)> admits;
  /// The people before the TV.
  std::function<void(const std::string& headline, const std::string& text)> tell;
};

inline constexpr std::size_t max_shares = 1000;           ///< each way, those that are over too
inline constexpr std::ptrdiff_t max_shares_of_one = 100;  ///< of one other home
/// How long those that are over, and wishes, are remembered: longer than a mailbox keeps a letter.
inline constexpr std::int64_t share_remembered_ms = 40LL * 24 * 3600 * 1000;

/// Both can say and hear things about channels. Code::contact_pending, Code::unreachable.
Result<void> can_share_with(const SharingRooms& rooms, const Contact& contact);
inline bool is_long_ago(const SharingRooms& rooms, UtcMs at) {
  return at + share_remembered_ms < rooms.clock();
}
/// Those that nobody answered for as long, of both ways.
Result<void> forget_wishes(const SharingRooms& rooms);

/// Whether a channel is or was another home's: until it is off the air here, it is not this one's.
Result<bool> is_foreign(const SharingRooms& rooms, const std::string& channel);
/// nullopt: no confirmed contact.
Result<std::optional<Contact>> friend_of(const SharingRooms& rooms,
                                         const identity::HomeAddress& home);
/// `about`: of Outbox; empty: nobody asks what became of it. Kick the outbox after the commit.
void post(const SharingRooms& rooms, store::Batch& batch, const Contact& to, Bytes sealed,
          const std::string& about);
/// Code::corrupt: it is no id.
Result<wire::GiftId> share_id(const std::string& hex);

/// The one whose id begins with `id` (>= 4 characters); nullptr: none or several.
template <class T>
const T* with_id(const std::vector<T>& all, const std::string& id) {
  const T* found = nullptr;
  for (const T& one : all) {
    if (id.size() < 4 || !one.id.starts_with(id)) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

}  // namespace hearth::node
