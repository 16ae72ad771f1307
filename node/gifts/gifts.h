// Gifts of this home, both ways ("gift/out/…", "gift/in/…"), and wishes. Every change of a gift,
// its voucher, its delivery and the answer to the other home is one commit. What is due by the
// clock (a gift that runs out, or may be opened) is done when its time comes, or when a node that
// was off then starts again. docs/protocol.md §7.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/gifts/received_gifts.h"
#include "node/gifts/sent_gifts.h"

namespace hearth::node {

class Gifts {
 public:
  struct Told {
    std::function<void(const ReceivedGift&)> arrival;  ///< a gift waits, or came by rule
    std::function<void(const SentGift&)> thanks;
    std::function<void(const Wish&)> wish;
    std::function<void()> change;  ///< anything of what is shown
  };
  using OnHello = std::function<Result<void>(store::Batch&, const identity::HomeAddress& from,
                                             const wire::Hello& hello, UtcMs now)>;
  /// A letter or a word about a channel: no gift, and the same road.
  using OnChannel = std::function<Result<void>(store::Batch&, const wire::OpenedDrop& drop)>;
  Gifts(net::Loop& loop, LedgerLink& ledger, const GiftRooms& rooms, ReceivedGifts::Decide decide);
  /// All told after the commit.
  void on(Told told) { told_ = std::move(told); }
  void on_hello(OnHello taker) { hello_ = std::move(taker); }
  void on_channel(OnChannel taker) { channel_ = std::move(taker); }
  void start();
  void stop();

  const GiftStore& store() const { return store_; }
  SentGifts& given() { return sent_; }

  // One drop from the mailbox; garbage is logged and taken, a failure keeps it there.
  Result<void> take_drop(ByteView drop, const std::function<void(store::Batch&)>& cursor);

  // By id or unique prefix of it (>= 4), each for the whole parcel. Code::unknown_gift,
  // Code::gift_state.
  Result<std::vector<SentGift>> take_back(const std::string& id, UtcMs now);
  /// Code::not_yet too.
  Result<std::vector<ReceivedGift>> accept(const std::string& id, UtcMs now);
  Result<std::vector<ReceivedGift>> decline(const std::string& id, const std::string& reason,
                                            UtcMs now);
  Result<ReceivedGift> thank(const std::string& id, const std::string& text, UtcMs now);
  Result<void> decline_from(const identity::HomeAddress& from, const std::string& reason);
  /// The TV shows the title now.
  Result<void> note_played(const std::string& title_hex, bool shared);

  /// Asks that home for an offer. The same again is the same wish.
  Result<Wish> wish(const Contact& to, const wire::OfferId& offer, const std::string& note,
                    UtcMs now);
  /// One that came and was not granted yet. Code::not_found, Code::gift_state.
  Result<Wish> find_wish(const std::string& id) const;
  int waiting() const;
  /// Bytes that were accepted since then.
  Result<std::uint64_t> received_since(UtcMs since) const {
    return received_.received_since(since);
  }

  // Seams to the outbox, the deliveries, the purchases and the exchanges.
  Result<void> drop_settled(store::Batch& batch, const std::string& id, const Error* why);
  Result<void> fetch_event(store::Batch& batch, const std::string& id, ReceivedEvent event);
  Result<void> bought(store::Batch& batch, const PurchaseRecord& purchase,
                      const VoucherRecord& voucher);
  Result<void> exchange_ended(store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh);
  /// After a commit of those: goes on with what follows.
  void go_on();

 private:
  net::Task<void> run();
  net::Task<bool> fetch_offers();
  Result<std::int64_t> do_due(UtcMs now);
  Result<void> let_in_due(UtcMs now);
  Result<void> take_wish(store::Batch& batch, const identity::HomeAddress& from,
                         const wire::Wish& wish, std::optional<Wish>& made);
  Result<void> commit(const store::Batch& batch);

  net::Loop& loop_;
  LedgerLink& ledger_;
  GiftRooms rooms_;
  GiftStore store_;
  SentGifts sent_;
  ReceivedGifts received_;
  Told told_;
  OnHello hello_;
  OnChannel channel_;
  net::Signal wake_;
  bool stopping_ = false;
};

}  // namespace hearth::node
