// Gifts, their pictures and wishes as they lie in the store. Reading and writing only; what may
// happen to a gift is decided in sent_gifts.h and received_gifts.h.
//
// Threads: loop thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/gifts/gift_records.h"

namespace hearth::node {

class GiftStore {
 public:
  explicit GiftStore(Records& records) : records_(records) {}

  // By time. Code::corrupt.
  Result<std::vector<SentGift>> sent() const;
  Result<std::vector<ReceivedGift>> received() const;
  /// The briefs of all that was ever received; cheap, as a stranger's flood makes it be asked
  /// often.
  Result<std::vector<ReceivedBrief>> briefs() const;
  /// Gifts that were received before there were briefs; once.
  Result<void> complete_briefs();
  Result<std::optional<SentGift>> sent_gift(const std::string& id) const;
  Result<std::optional<ReceivedGift>> received_gift(const std::string& id) const;

  /// Every gift of that title.
  Result<std::vector<ReceivedGift>> received_of(const std::string& title) const;

  /// By id or unique prefix of it (>= 4): the whole parcel that the gift belongs to, in the order
  /// of its parts. Code::unknown_gift.
  Result<std::vector<SentGift>> find_sent(const std::string& id) const;
  Result<std::vector<ReceivedGift>> find_received(const std::string& id) const;
  /// The gift and its fellows of the same home, as far as they are here.
  Result<std::vector<SentGift>> parcel_of(const SentGift& gift) const;
  Result<std::vector<ReceivedGift>> parcel_of(const ReceivedGift& gift) const;

  void put(store::Batch& batch, const SentGift& gift) const;
  void put(store::Batch& batch, const ReceivedGift& gift) const;
  void erase(store::Batch& batch, const SentGift& gift) const;
  /// Empty: it has none.
  Result<Bytes> picture(const std::string& gift) const;
  void put_picture(store::Batch& batch, const std::string& gift, ByteView jpeg) const;
  void erase_picture(store::Batch& batch, const std::string& gift) const;

  // Gifts that came outside of the home's hours ("gift/after-hours/…").
  Result<std::vector<std::string>> after_hours() const;
  void put_after_hours(store::Batch& batch, const std::string& gift) const;
  void erase_after_hours(store::Batch& batch, const std::string& gift) const;

  Result<std::vector<Wish>> wishes() const;
  Result<std::optional<Wish>> wish(bool outgoing, const std::string& id) const;
  void put(store::Batch& batch, const Wish& wish) const;

 private:
  Records& records_;
};

/// How many parcels wait; a parcel counts once.
int count_waiting(const std::vector<ReceivedBrief>& gifts);

}  // namespace hearth::node
