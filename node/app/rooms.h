// A running node: its rooms, built in order and wired to each other, and taken down in the
// reverse order. A seed server has only the lower ones. Rules live in the rooms; here is only
// who knows whom.
//
// Threads: loop thread only, after start().
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "node/app/gift_prompts.h"
#include "node/app/home_files.h"
#include "node/app/positions.h"
#include "node/app/publisher.h"
#include "node/contacts/directory.h"
#include "node/contacts/notebook.h"
#include "node/delivery/deliveries.h"
#include "node/gifts/gift_cards.h"
#include "node/gifts/gifts.h"
#include "node/gifts/outbox.h"
#include "node/gifts/parcels.h"
#include "node/iptv/outputs.h"
#include "node/ledger_link/ledger_link.h"
#include "node/ledger_link/mailbox.h"
#include "node/library/titles.h"
#include "node/rules/house_rules.h"
#include "node/screen/screen.h"
#include "node/sharing/sharing.h"
#include "node/swarm/announcer.h"
#include "node/swarm/mirror.h"
#include "node/swarm/swarm.h"
#include "node/television/buying.h"
#include "node/television/gift_places.h"
#include "node/television/on_tv.h"
#include "node/wallet/account_requests.h"
#include "node/wallet/exchanges.h"
#include "node/wallet/purchases.h"
#include "node/wallet/receipt_proofs.h"
#include "node/wallet/wallet.h"
#include "node/web/changes.h"
#include "node/web/phones.h"

namespace hearth::node {

struct NodeOptions {
  std::filesystem::path dir;
  Role role = Role::home;
  std::string name;
  net::Endpoint swarm_listen{"0.0.0.0", 0};
  bool start_player = true;
  std::int64_t upload_limit = 0, download_limit = 0;  ///< bytes per second, 0: none
  std::int64_t mirror_limit = 0;                      ///< bytes, 0: what the disk has
  std::optional<net::Proxy> proxy{};                  ///< the only road to ledger and swarm
};

class Rooms {
 public:
  static Result<std::unique_ptr<Rooms>> start(net::Loop& loop, net::Pool& pool,
                                              NodeOptions options);
  ~Rooms();
  /// What the home's people decided ("rules/home"); without a decision, the defaults.
  Result<HomeRules> rules() const;
  /// Whether the profile in use may know of it. A gift whose offer is not here yet has its own
  /// rating.
  Result<bool> shows(const ReceivedGift& gift) const;
  Result<bool> shows(const ReceivedGift& gift, const HomeRules& seen) const;
  void show_waiting();
  /// Says `stopped` to the tracker, saves resume data.
  net::Task<void> stop();

  net::Pool& pool;  ///< for blocking work
  const NodeOptions options;
  const HomeFiles files;
  const identity::HomeKeys keys;
  std::unique_ptr<store::Store> disk;
  std::unique_ptr<Records> records;
  std::unique_ptr<Changes> changes;
  std::unique_ptr<Swarm> swarm;
  std::unique_ptr<Titles> titles;  ///< role home, as all below but announcer and ledger
  std::unique_ptr<Announcer> announcer;
  std::unique_ptr<Mirror> mirror;  ///< role seed
  std::unique_ptr<Screen> screen;
  std::unique_ptr<Positions> positions;
  std::unique_ptr<LedgerLink> ledger;
  std::unique_ptr<Wallet> wallet;
  std::unique_ptr<ReceiptProofs> proofs;
  std::unique_ptr<HouseRules> house_rules;
  std::unique_ptr<Contacts> contacts;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<Deliveries> deliveries;
  std::unique_ptr<Exchanges> exchanges;
  std::unique_ptr<Gifts> gifts;
  std::unique_ptr<GiftCards> cards;
  std::unique_ptr<Purchases> purchases;
  std::unique_ptr<Parcels> parcels;
  std::unique_ptr<GiftPrompts> prompts;
  std::unique_ptr<AccountRequests> account_requests;
  std::unique_ptr<Publisher> publisher;
  std::unique_ptr<Mailbox> mailbox;
  std::unique_ptr<Phones> phones;
  std::unique_ptr<Shelf> shelf;
  std::unique_ptr<Television> television;
  std::unique_ptr<Sharing> sharing;
  std::unique_ptr<Buying> buying;
  std::unique_ptr<GiftPlaces> places;
  std::unique_ptr<OnTv> on_tv;
  std::unique_ptr<Outputs> outputs;

 private:
  Rooms(net::Loop& loop, net::Pool& shared_pool, NodeOptions node_options, HomeFiles home_files);
  Result<void> open();
  Result<void> open_home(std::uint64_t writer_epoch);
  void wire_money();
  void wire_gifts();
  void wire_people();
  void wire_television();
  Result<void> begin_television();
  void wire_sharing();
  Result<GiftPrompt> next_channel(const std::set<std::string>& later) const;
  Result<void> answer_channel(const std::string& id, bool accept);
  Result<void> may_fetch(const std::string& channel, const wire::Offer& offer) const;
  void place_gifts();
  Result<std::vector<HouseRules::Promise>> promised() const;
  Result<void> take_hello(store::Batch& batch, const identity::HomeAddress& from,
                          const wire::Hello& hello, UtcMs now);
  Result<Verdict> judge(const identity::HomeAddress& from, Offering what,
                        std::uint64_t received_month) const;
  void begin_work();
  net::Task<void> greet_ledger();
  net::Task<void> refund_late(std::string voucher, std::uint32_t pocket);
  Result<void> fulfil(PurchaseRecord& purchase, const VoucherRecord& voucher, store::Batch& batch);
  void tell_gift(const ReceivedGift& gift);

  net::Loop& loop_;
  bool stopping_ = false;
};

}  // namespace hearth::node
