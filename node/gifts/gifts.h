// Gifts that this home sent ("gift/out/…") and received ("gift/in/…"). Every change of a gift, its
// voucher, its delivery and the answer to the other home is one commit. docs/protocol.md §7.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/contacts/contacts.h"
#include "node/delivery/deliveries.h"
#include "node/gifts/gift_records.h"
#include "node/gifts/outbox.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class Gifts {
 public:
  struct Own {
    const identity::HomeKeys& keys;
    crypto::SignPublicKey ledger_key;  ///< only homes of the same ledger can be reached
    std::string card_text;             ///< for the answer
  };
  Gifts(Records& records, Wallet& wallet, Contacts& contacts, Outbox& outbox,
        Deliveries& deliveries, Own own);
  /// Told after the commit: a gift has arrived.
  void on_arrival(std::function<void(const ReceivedGift&)> told) { arrived_ = std::move(told); }
  /// Told after the commit: the number of waiting gifts may have changed.
  void on_change(std::function<void()> told) { changed_ = std::move(told); }

  // Sending. `id` is a new_id(). Puts gift, voucher and sealed drop into `batch`; kick the outbox
  // after the commit. Code::not_giftable, Code::too_large, Code::unreachable (a home of another
  // ledger).
  Result<SentGift> give_voucher(store::Batch& batch, const Contact& to,
                                const VoucherRecord& voucher, const std::string& id,
                                const std::string& note, UtcMs now);
  Result<SentGift> give_private(store::Batch& batch, const Contact& to, const Title& title,
                                const std::string& note, UtcMs now);
  static std::string new_id();
  /// Whether a gift to this contact is possible at all, before anything is paid.
  Result<void> can_give(const Contact& to) const;

  // Receiving. One drop from the mailbox; garbage is logged and taken, a failure keeps it there.
  Result<void> take_drop(ByteView drop, const std::function<void(store::Batch&)>& cursor);
  /// By id or unique prefix of it (>= 4). Code::unknown_gift, Code::gift_state.
  Result<ReceivedGift> accept(const std::string& id, UtcMs now);
  Result<ReceivedGift> decline(const std::string& id, const std::string& reason, UtcMs now);

  Result<std::vector<SentGift>> sent() const;
  Result<std::vector<ReceivedGift>> received() const;
  Result<SentGift> sent_gift(const std::string& id) const;
  int waiting() const;

  // Seams to the outbox and the deliveries.
  Result<void> drop_settled(store::Batch& batch, const std::string& id, const Error* why);
  Result<void> fetch_event(store::Batch& batch, const std::string& id, ReceivedEvent event);

 private:
  Result<void> put_drop(store::Batch& batch, const Contact& to, const wire::Gift& gift,
                        const SentGift& record, UtcMs now);
  Result<void> answer(store::Batch& batch, const ReceivedGift& gift, wire::GiftAnswer::State state);
  Result<void> take_gift(store::Batch& batch, const identity::HomeAddress& from,
                         const wire::Gift& gift, UtcMs now);
  Result<void> take_answer(store::Batch& batch, const identity::HomeAddress& from,
                           const wire::GiftAnswer& answer, UtcMs now);
  Result<void> step(store::Batch& batch, SentGift gift, SentEvent event, const std::string& reason,
                    UtcMs now);
  Result<std::optional<ReceivedGift>> stored_received(const std::string& id) const;
  Result<ReceivedGift> find_received(const std::string& id) const;

  Records& records_;
  Wallet& wallet_;
  Contacts& contacts_;
  Outbox& outbox_;
  Deliveries& deliveries_;
  Own own_;
  std::function<void(const ReceivedGift&)> arrived_;
  std::function<void()> changed_;
};

}  // namespace hearth::node
