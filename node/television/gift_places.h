// Puts accepted gifts where their givers wished them: into the channel of that name, at that time,
// or after what is there. Each is put once ("channel/placed/…", in the commit of the edit),
// whatever the people of this home change afterwards.
//
// Threads: loop thread only.
#pragma once

#include "node/gifts/gift_store.h"
#include "node/television/television.h"

namespace hearth::node {

class GiftPlaces {
 public:
  GiftPlaces(Records& records, const GiftStore& gifts, Television& television)
      : records_(records), gifts_(gifts), television_(television) {}
  /// Places what was accepted and is not placed yet; one whose channel is not there waits.
  Result<void> place(UtcMs now);

 private:
  Result<void> place_one(const ReceivedGift& gift, UtcMs now);

  Records& records_;
  const GiftStore& gifts_;
  Television& television_;
};

/// The changes that put a title on a channel: at `at_ms` (its clock time on the next day when that
/// is over), or with 0 at the end of its first list. Pure.
std::vector<channels::Change> placed(const channels::Channel& channel, const channels::Zone& zone,
                                     const std::string& title, const std::string& name, UtcMs at_ms,
                                     UtcMs now, const channels::Media& media);

}  // namespace hearth::node
