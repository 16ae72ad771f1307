// Carries deliveries out: torrent from the ledger, pieces from the swarm, the voucher for the key
// once a first piece has verified, then the rest. Each step is stored before the next begins; all
// of it goes on after a restart, and waits for ever when others are away.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "node/delivery/delivery.h"
#include "node/gifts/gift_state.h"
#include "node/ledger_link/ledger_link.h"
#include "node/library/titles.h"
#include "node/swarm/announcer.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

struct DeliveryOrder {
  std::string offer_jws;     ///< with `voucher`
  std::string manifest_jws;  ///< with `file_key`: a private title
  std::string voucher;       ///< id of a voucher in the wallet
  std::optional<crypto::age::FileKey> file_key;
  std::string gift;          ///< hex
  UtcMs by_ms = 0;           ///< a first piece is wanted by then; 0: whenever
  std::uint32_t pocket = 0;  ///< that gets the price back when nothing came by then
};

class Deliveries {
 public:
  /// Tells the gift that a delivery belongs to how far it is, in the delivery's commit.
  using GiftHook =
      std::function<Result<void>(store::Batch&, const std::string& gift, ReceivedEvent event)>;
  Deliveries(net::Loop& loop, Records& records, Wallet& wallet, LedgerLink& ledger, Titles& titles,
             Announcer& announcer);
  void set_gift_hook(GiftHook hook) { gift_hook_ = std::move(hook); }
  /// Nothing came in time: gives the voucher, which is held again, back for its price. Called again
  /// after a restart while the voucher is still held.
  using LateHook = std::function<void(const std::string& voucher, std::uint32_t pocket)>;
  void set_late_hook(LateHook hook) { late_hook_ = std::move(hook); }

  /// Whether this home has the title's key, or is getting it.
  Result<bool> has(const wire::TitleId& title) const;
  /// Bought once means fetched for ever: the bytes of a title that was deleted here. Nothing to do
  /// for one that is here. Code::disk_full.
  Result<void> fetch_again(const Title& title) const;
  /// Puts the delivery into `batch`. False: this home has the title, or is getting it (again, if it
  /// was deleted); nothing was put and the voucher stays free. Call resume() after the commit.
  Result<bool> begin(store::Batch& batch, const DeliveryOrder& order, UtcMs now) const;
  /// The same for a voucher that the wallet holds, as one commit of its own, and runs it.
  Result<void> take_held(const DeliveryOrder& order, UtcMs now);
  /// Ends the delivery that holds this voucher, so that the voucher is free again. False: there is
  /// none, or the ledger may have seen the redemption already; nothing was changed.
  Result<bool> call_off(const std::string& voucher);
  /// Runs every stored delivery that is not running.
  void resume();
  void stop();

  Result<std::vector<Delivery>> list() const;
  Result<std::optional<Delivery>> of(const std::string& title_hex) const;
  /// What keeps an active delivery from going on at the moment; null: nothing.
  const Error* trouble(const std::string& title_hex) const;

 private:
  net::Task<void> run(std::string title_hex);
  net::Task<Result<void>> take(Step step, Delivery delivery);
  net::Task<Result<void>> fetch_torrent(Delivery delivery);
  net::Task<Result<void>> redeem(Delivery delivery);
  net::Task<Result<void>> finish(Delivery delivery);
  Result<void> not_shown(Delivery delivery);
  Result<void> settle_voucher(Delivery delivery);
  Result<void> give_up(Delivery delivery, const Error& why);
  Result<void> end_late(Delivery delivery);
  /// To the wallet, if the late delivery's voucher is still held.
  void give_back(const Delivery& delivery) const;
  TitleView look(const Delivery& delivery) const;
  void put_delivery(store::Batch& batch, Delivery& delivery) const;
  Result<void> tell_gift(store::Batch& batch, const Delivery& delivery, ReceivedEvent event);

  net::Loop& loop_;
  Records& records_;
  Wallet& wallet_;
  LedgerLink& ledger_;
  Titles& titles_;
  Announcer& announcer_;
  GiftHook gift_hook_;
  LateHook late_hook_;
  net::Signal wake_;
  std::set<std::string> running_;
  std::map<std::string, Error> trouble_;
  bool stopping_ = false;
};

}  // namespace hearth::node
