// Gifts that came to this home. The home's rules are asked before anything is fetched: a gift is
// refused, waits for a person, or is accepted by itself. Accepting exchanges the voucher for a
// fresh one that the giver does not know; only then is the giver told, and the title fetched.
// docs/protocol.md §7.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/gifts/gift_rooms.h"
#include "node/rules/rules.h"

namespace hearth::node {

class ReceivedGifts {
 public:
  /// This home's rules, for a gift whose title is known.
  using Decide = std::function<Result<Verdict>(const identity::HomeAddress& from, Offering what,
                                               std::uint64_t received_month)>;
  ReceivedGifts(const GiftRooms& rooms, Decide decide)
      : rooms_(rooms), store_(rooms.records), decide_(std::move(decide)) {}

  /// Stores it and answers. The gift as it is afterwards; nullopt: known already, or none. Of a
  /// flood nothing is stored, and only a contact is answered.
  Result<std::optional<ReceivedGift>> take(store::Batch& batch, const identity::HomeAddress& from,
                                           const wire::Gift& gift, UtcMs now) const;
  /// The offer that did not fit into the drop.
  Result<void> put_offer(store::Batch& batch, ReceivedGift gift, const wire::Offer& offer,
                         UtcMs now) const;
  /// The whole parcel, as far as it waits. Code::unknown_gift, Code::gift_state, Code::not_yet.
  Result<std::vector<ReceivedGift>> put_accept(store::Batch& batch, const std::string& id,
                                               UtcMs now) const;
  Result<std::vector<ReceivedGift>> put_decline(store::Batch& batch, const std::string& id,
                                                const std::string& reason, UtcMs now) const;
  /// Every waiting gift of that home.
  Result<void> put_decline_from(store::Batch& batch, const identity::HomeAddress& from,
                                const std::string& reason, UtcMs now) const;
  Result<ReceivedGift> put_thanks(store::Batch& batch, const std::string& id,
                                  const std::string& text, UtcMs now) const;
  /// The title was shown; its giver is told when this home shares that.
  Result<void> put_played(store::Batch& batch, const std::string& title, bool shared,
                          UtcMs now) const;
  /// What has run out. The next moment at which anything is due; 0: none.
  Result<UtcMs> put_run_out(store::Batch& batch, UtcMs now) const;
  /// Whose day has come, and all that waits for the home's hours once they have begun: each is to
  /// be let in, in a commit of its own.
  Result<std::vector<std::string>> to_let_in(UtcMs now) const;
  /// Decided again, as if it came now. The gift as it is afterwards; nullopt: it waits no more.
  Result<std::optional<ReceivedGift>> put_let_in(store::Batch& batch, const std::string& id,
                                                 UtcMs now) const;

  /// Bytes that were accepted since then.
  Result<std::uint64_t> received_since(UtcMs since) const;

  // Seams to the deliveries and the exchanges.
  Result<void> fetch_event(store::Batch& batch, const std::string& id, ReceivedEvent event) const;
  Result<void> exchange_ended(store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh,
                              UtcMs now) const;

 private:
  enum class Told { not_yet, already };  ///< the giver, that it was delivered
  Result<void> admit(store::Batch& batch, ReceivedGift& gift, UtcMs now,
                     Told told = Told::not_yet) const;
  Result<Verdict> judged(const ReceivedGift& gift, UtcMs now) const;
  Result<bool> too_many(const ReceivedGift& gift) const;
  Result<ReceivedGift> loaded(const std::string& id) const;
  Result<Offering> offering_of(const ReceivedGift& gift) const;
  Result<void> find_used(store::Batch& batch, ReceivedGift& gift, UtcMs now) const;
  Result<void> accept_one(store::Batch& batch, ReceivedGift& gift, UtcMs now) const;
  Result<void> begin_delivery(store::Batch& batch, ReceivedGift& gift, VoucherRecord* voucher,
                              UtcMs now) const;
  Result<void> end_unused(store::Batch& batch, ReceivedGift& gift, ReceivedEvent event,
                          const std::string& reason, UtcMs now) const;
  Result<void> answer(store::Batch& batch, const ReceivedGift& gift, wire::GiftAnswer::State state,
                      const std::string& thanks = {}) const;
  bool was_wished(const ReceivedGift& gift) const;
  Result<void> grant_wish(store::Batch& batch, const ReceivedGift& gift) const;

  GiftRooms rooms_;
  GiftStore store_;
  Decide decide_;
};

}  // namespace hearth::node
