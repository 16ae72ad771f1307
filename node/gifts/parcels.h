// Collects the vouchers of parcels: what the wallet holds, else one purchase after the other. A
// parcel leaves whole, or not at all: when something of it cannot be bought, nothing is sent, and
// what was bought for it is held. Goes on after a restart.
//
// Threads: loop thread only.
#pragma once

#include <map>
#include <set>

#include "node/gifts/gifts.h"
#include "node/wallet/purchases.h"

namespace hearth::node {

class Parcels {
 public:
  Parcels(net::Loop& loop, const GiftRooms& rooms, Gifts& gifts, Purchases& purchases);
  /// `gift`: the id of its first part. Returns when it has left or after `patience_ms`; it goes on
  /// in the background. An error says whether it was given up or goes on.
  net::Task<Result<void>> send(std::string gift, std::int64_t patience_ms);
  void resume();
  void stop();

 private:
  /// Whether there is nothing more to do.
  net::Task<Result<bool>> advance(std::string gift);
  net::Task<Result<bool>> buy(SentGift part);
  net::Task<void> run(std::string gift);
  Result<bool> use_held(const SentGift& part, const VoucherRecord& held);
  Result<bool> give_up(const SentGift& part, const Error& why);
  bool anything_paid(const SentGift& part) const;
  void start(const std::string& gift);

  net::Loop& loop_;
  GiftRooms rooms_;
  Gifts& gifts_;
  Purchases& purchases_;
  net::Signal changed_;
  std::set<std::string> running_;
  std::map<std::string, Error> last_trouble_;
  bool stopping_ = false;
};

}  // namespace hearth::node
