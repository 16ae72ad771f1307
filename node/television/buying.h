// Buys and fetches ahead what channels will show, notes what came too late, and tells the owner
// what is wrong. Whether and when to buy is decided in ahead.h; the purchase is the wallet's own
// (Purchases, Deliveries), with its idempotence: a title that is here or on its way, a held voucher
// and an open purchase are never paid again. The request says by when a first piece is wanted, so
// that what did not come in time goes back for its price by itself.
//
// What a channel has spent is counted from the wallet's purchases, which say which channel they
// were for: there is no second book.
//
// Threads: loop thread only. docs/protocol.md §6.2.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "node/ledger_link/ledger_values.h"
#include "node/television/ahead.h"
#include "node/television/shelf.h"
#include "node/television/television.h"
#include "node/wallet/purchases.h"

namespace hearth::node {

/// In Intent::note of what a channel buys.
std::string note_of_channel(const std::string& channel);

class Buying {
 public:
  struct Rooms {
    Television& television;
    const Shelf& shelf;
    Titles& titles;
    Wallet& wallet;
    Purchases& purchases;
    Deliveries& deliveries;
    /// Tells the people before the TV.
    std::function<void(const std::string& headline, const std::string& text)> tell;
    /// Whether the home's rules let a channel fetch it: what other homes put on theirs is asked
    /// about. Code::rule_refused.
    std::function<Result<void>(const std::string& channel, const wire::Offer& offer)> may_fetch;
    /// What is sold under that name.
    std::function<net::Task<Result<CataloguePage>>(const std::string& name)> sold;
  };
  Buying(net::Loop& loop, Rooms rooms);
  void start();
  void stop();
  /// Minor units that the channel has spent in this local month, in that currency.
  Result<std::int64_t> spent(const std::string& channel, const std::string& currency,
                             UtcMs now) const;

 private:
  net::Task<void> run();
  net::Task<void> look_at(std::string channel);
  net::Task<void> buy(std::string channel, WantedOffer wanted);
  /// Looks for what the seller asks now, and tells the owner.
  net::Task<void> tell_ended(std::string channel, wire::Offer offer);
  /// False, and the owner is told: not within the rules.
  bool may_fetch(const channels::Channel& channel, const WantedOffer& wanted);
  bool waits(const std::string& offer) const;
  /// Offers that are shown within the time that is looked at, each with its next airing.
  std::vector<WantedOffer> wanted(const channels::Timeline& timeline, UtcMs now) const;
  void note_late(const channels::Timeline& timeline, UtcMs now);
  void note(const channels::Channel& channel, const std::string& media, const std::string& name,
            const std::string& sentence);
  void measure();
  UtcMs next_look(UtcMs now) const;

  net::Loop& loop_;
  Rooms rooms_;
  std::map<std::string, UtcMs> not_before_;  ///< offer: tried in vain, again from then on
  bool stopping_ = false;
};

}  // namespace hearth::node
