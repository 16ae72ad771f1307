// What the command line asks of a running node: one coroutine a command, JSON arguments in, the
// document of docs/api.md out. Arguments are checked here; decisions are the rooms'.
//
// Threads: loop thread only.
#pragma once

#include <map>
#include <string>

#include "common/net/http.h"
#include "node/api/jobs.h"
#include "node/app/rooms.h"

namespace hearth::node {

class Commands {
 public:
  Commands(net::Loop& loop, Rooms& rooms) : loop_(loop), rooms_(rooms) {}
  /// POST /api/<command>, GET /api/jobs/<id>.
  net::Task<net::Response> handle(net::Request request);

 private:
  using Answer = net::Task<Result<wire::Json>>;
  using Command = Answer (Commands::*)(wire::Json);
  static const std::map<std::string, Command>& table();
  net::Task<Result<net::Response>> answer(net::Request request);

  // commands_home.cpp
  Answer id(wire::Json arguments);
  Answer status(wire::Json arguments);
  Answer transfers(wire::Json arguments);

  // commands_contacts.cpp
  Answer contacts_card(wire::Json arguments);
  Answer contacts_add(wire::Json arguments);
  Answer contacts_list(wire::Json arguments);

  // commands_library.cpp
  Answer library_add(wire::Json arguments);
  Answer library_list(wire::Json arguments);
  Answer publish(wire::Json arguments);
  net::Task<void> run_publish(PublishOrder order, std::shared_ptr<Job> job);
  Answer play(wire::Json arguments);
  Answer stop(wire::Json arguments);
  net::Task<Result<net::Response>> screenshot();
  net::Task<Result<net::Response>> torrent(wire::Json arguments);
  net::Task<Result<Bytes>> torrent_bytes(std::string what);
  bool is_private(const Title& title) const;

  // commands_keeping.cpp
  Answer library_remove(wire::Json arguments);
  Answer library_fetch(wire::Json arguments);
  Result<Title> title_argument(const wire::Json& arguments) const;

  // commands_money.cpp
  Answer catalogue(wire::Json arguments);
  Answer buy(wire::Json arguments);
  Answer wallet_history(wire::Json arguments);
  Answer wallet_vouchers(wire::Json arguments);
  net::Task<Result<wire::Offer>> find_offer(std::string what);
  Result<void> add_receipt(wire::Json& document, const PurchaseRecord& purchase) const;
  Answer deliver_held(wire::Offer offer, VoucherRecord voucher, Wanted wanted);

  // commands_accounts.cpp
  Answer wallet_balance(wire::Json arguments);
  Answer wallet_refund(wire::Json arguments);
  Answer wallet_transfer(wire::Json arguments);
  Result<VoucherRecord> find_voucher(const std::string& what) const;
  Result<void> add_open_requests(wire::Json& pending) const;

  // commands_proofs.cpp
  Answer wallet_verify(wire::Json arguments);

  // commands_gifts.cpp
  struct GiftParcel {
    Contact to;
    std::vector<SentGifts::What> what;
    GiftWords words;
    Bytes picture;
    std::uint32_t pocket = 0;
  };
  Answer gift_send(wire::Json arguments);
  Answer gift_take_back(wire::Json arguments);
  Answer gift_wish(wire::Json arguments);
  Answer gift_grant(wire::Json arguments);
  net::Task<Result<SentGifts::What>> find_gift(std::string what);
  Answer send_parcel(GiftParcel parcel);
  Answer sent_document(std::string id);

  // commands_gift_list.cpp
  Answer gift_list(wire::Json arguments);
  Answer gift_show(wire::Json arguments);
  Answer gift_accept(wire::Json arguments);
  Answer gift_decline(wire::Json arguments);
  Answer gift_thank(wire::Json arguments);
  Answer gift_wishes(wire::Json arguments);

  net::Loop& loop_;
  Rooms& rooms_;
  Jobs jobs_;
};

}  // namespace hearth::node
