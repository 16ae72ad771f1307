// Asks the people before the TV about gifts that wait, one after the other while nothing plays, and
// carries out what they say with the remote control. "Later" leaves a gift for the command line,
// and for the next start. docs/protocol.md §11.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "node/gifts/gifts.h"
#include "node/screen/screen.h"

namespace hearth::node {

class GiftPrompts {
 public:
  /// Whether who watches now may know of it.
  using Shows = std::function<Result<bool>(const ReceivedGift&)>;
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
  std::set<std::string> later_;
  std::string shown_;
};

/// "A gift from …"; what a stranger calls itself is said to be a stranger's. Pure.
std::string giver_headline(const std::string& who, bool is_contact);
/// What the TV says about the parcel; `contact` is null for a stranger's. Pure.
GiftPrompt prompt_of(const std::vector<ReceivedGift>& parcel, const Contact* contact,
                     Bytes picture);

}  // namespace hearth::node
