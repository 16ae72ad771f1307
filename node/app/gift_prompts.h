// Asks the people before the TV about gifts that wait, one after the other while nothing plays, and
// carries out what they say with the remote control; after them about channels of other homes.
// "Later" leaves a gift for the command line, and for the next start. docs/protocol.md §11.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "node/gifts/gifts.h"
#include "node/screen/screen.h"
#include "node/sharing/share_records.h"

namespace hearth::node {

class GiftPrompts {
 public:
  /// Whether who watches now may know of it.
  using Shows = std::function<Result<bool>(const ReceivedGift&)>;
  /// What else is asked about: who is the first that waits and is not among `later`, and what was
  /// said to it. Code::not_found: it is none of these.
  struct Also {
    std::function<Result<GiftPrompt>(const std::set<std::string>& later)> next;
    std::function<Result<void>(const std::string& id, bool accept)> answered;
  };
  void also_ask(Also also) { also_ = std::move(also); }
  GiftPrompts(Gifts& gifts, Contacts& contacts, Screen& screen, Shows shows);
  /// What waits may have changed: shows the first gift that may be asked about, or none.
  void show();

 private:
  Result<GiftPrompt> next() const;
  void answered(const std::string& gift, GiftChoice choice);

  Gifts& gifts_;
  Contacts& contacts_;
  Screen& screen_;
  Shows shows_;
  Also also_;
  std::set<std::string> later_;
  std::string shown_;
};

/// What the TV says about a channel that another home would like to show. Pure.
GiftPrompt prompt_of(const SharedIn& channel, const std::string& from);
/// "A gift from …"; what a stranger calls itself is said to be a stranger's. Pure.
std::string giver_headline(const std::string& who, bool is_contact);
/// What the TV says about the parcel; `contact` is null for a stranger's. Pure.
GiftPrompt prompt_of(const std::vector<ReceivedGift>& parcel, const Contact* contact,
                     Bytes picture);

}  // namespace hearth::node
