// Gifts that this home gives. A parcel of several titles is stored as `buying` before anything is
// paid, collects a voucher for each title, and leaves whole in one commit. A voucher whose gift
// will not be used is exchanged for a fresh one before it is held again, because its receiver has
// seen its key; the ledger decides who was first. docs/protocol.md §7.
//
// Threads: loop thread only.
#pragma once

#include <string>
#include <vector>

#include "node/gifts/gift_rooms.h"

namespace hearth::node {

class SentGifts {
 public:
  explicit SentGifts(const GiftRooms& rooms) : rooms_(rooms), store_(rooms.records) {}

  /// What is given: an offer, or a private title of this home.
  struct What {
    std::optional<wire::Offer> offer;
    std::optional<Title> title;
  };
  /// Whether a gift to this contact is possible at all. Code::unreachable: of another ledger.
  Result<void> can_give(const Contact& to) const;
  /// Code::not_giftable.
  static Result<void> can_give(const What& what);

  /// Stores the parcel; nothing is paid or sent yet. The same titles for the same home that are
  /// still `buying` are that parcel again, with the words that it had.
  Result<std::vector<SentGift>> begin(const Contact& to, const std::vector<What>& what,
                                      const GiftWords& words, const Bytes& picture,
                                      std::uint32_t pocket, UtcMs now) const;
  /// The voucher is the gift's; when its parcel is complete with that, it leaves.
  Result<void> put_voucher(store::Batch& batch, const std::string& gift,
                           const VoucherRecord& voucher, UtcMs now) const;
  /// Sends what needs no voucher (any more): private titles alone. True: it has left.
  Result<bool> put_if_ready(store::Batch& batch, const SentGift& gift, UtcMs now) const;
  /// A purchase of before there were parcels: its gift was not stored with it.
  Result<void> put_old_purchase(store::Batch& batch, const PurchaseRecord& purchase,
                                const VoucherRecord& voucher, UtcMs now) const;
  /// Nothing of the parcel is sent; what was bought for it is held.
  Result<void> put_failure(store::Batch& batch, const SentGift& gift, const Error& why,
                           UtcMs now) const;

  /// Asks the ledger for the vouchers of a parcel that nobody accepted yet. Code::gift_state.
  Result<std::vector<SentGift>> put_take_back(store::Batch& batch, const std::string& id,
                                              UtcMs now) const;
  /// What nobody accepted in time. The next such moment; 0: none.
  Result<UtcMs> put_expired(store::Batch& batch, UtcMs now) const;

  // Seams to the outbox, the mailbox and the exchanges.
  Result<void> drop_settled(store::Batch& batch, const std::string& id, const Error* why) const;
  /// The gift after the answer; nullopt: it was no answer to a gift of this home.
  Result<std::optional<SentGift>> take_answer(store::Batch& batch,
                                              const identity::HomeAddress& from,
                                              const wire::GiftAnswer& answer, UtcMs now) const;
  Result<void> exchange_ended(store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh,
                              UtcMs now) const;

 private:
  Result<SentGift> made(const Contact& to, const What& what, UtcMs now) const;
  Result<std::optional<std::vector<SentGift>>> under_way(store::Batch& batch, const Contact& to,
                                                         const std::vector<What>& what) const;
  Result<void> put_parcel(store::Batch& batch, std::vector<SentGift> parcel, UtcMs now) const;
  Result<wire::Gift> wire_gift(const SentGift& gift, const Contact& to) const;
  Result<Bytes> seal(wire::Gift gift, const Contact& to) const;
  Result<void> step(store::Batch& batch, SentGift& gift, SentEvent event, UtcMs now) const;
  Result<void> call_back(store::Batch& batch, SentGift gift, UtcMs now, bool ran_out) const;

  GiftRooms rooms_;
  GiftStore store_;
};

}  // namespace hearth::node
