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
#include "node/television/words.h"

namespace hearth::node {

class Commands {
 public:
  /// `viewer`: the profile of a child's phone, which sees less than the home; empty: the home.
  Commands(net::Loop& loop, Rooms& rooms, std::string viewer = {})
      : loop_(loop), rooms_(rooms), viewer_(std::move(viewer)) {}
  /// Of the API, in order; without screenshot and torrent, which no document answers.
  static std::vector<std::string> names();
  /// POST /api/<command>, GET /api/jobs/<id>.
  net::Task<net::Response> handle(net::Request request);
  /// For the page: the JPEG of a title or an offer, of a gift, as other homes sent it. Empty: none.
  net::Task<Result<Bytes>> poster(std::string id);
  Result<Bytes> gift_picture(const std::string& gift) const;
  /// Bytes that a request to this path may have.
  static std::size_t body_limit(std::string_view path);

 private:
  using Answer = net::Task<Result<wire::Json>>;
  using Command = Answer (Commands::*)(wire::Json);
  static const std::map<std::string, Command>& table();
  net::Task<Result<net::Response>> answer(net::Request request);

  struct GiftParcel {
    Contact to;
    std::vector<SentGifts::What> what;
    GiftWords words;
    Bytes picture;
    std::uint32_t pocket = 0;
    std::string pin;
  };

  // commands_home.cpp
  Answer id(wire::Json arguments);
  Answer status(wire::Json arguments);
  Answer transfers(wire::Json arguments);

  // commands_contacts.cpp
  Answer contacts_card(wire::Json arguments);
  Answer contacts_add(wire::Json arguments);
  Answer contacts_list(wire::Json arguments);
  Answer contacts_accept(wire::Json arguments);
  Answer contacts_decline(wire::Json arguments);
  Answer contacts_remove(wire::Json arguments);
  Answer contacts_rename(wire::Json arguments);
  Answer contacts_mute(wire::Json arguments);
  Answer contacts_unmute(wire::Json arguments);
  Answer contacts_reception(wire::Json arguments);
  Answer contacts_block(wire::Json arguments);
  Answer contacts_unblock(wire::Json arguments);
  Answer directory_publish(wire::Json arguments);
  Answer directory_show(wire::Json arguments);
  Answer directory_clear(wire::Json arguments);
  Answer changed_contact(Result<Contact> contact);
  net::Task<Result<Contact>> found_contact(std::string address, std::string as, std::string note,
                                           bool accept_change);
  net::Task<Result<Contact>> receiver(std::string name);
  Result<wire::Json> directory_document() const;

  // commands_rules.cpp
  Answer rules_show(wire::Json arguments);
  net::Task<Result<HomeRules>> rules_to_change(std::string pin);
  Answer rules_set(wire::Json arguments);
  Answer profile_add(wire::Json arguments);
  Answer profile_list(wire::Json arguments);
  Answer profile_use(wire::Json arguments);
  Answer profile_remove(wire::Json arguments);
  Answer pin_set(wire::Json arguments);
  Answer pin_clear(wire::Json arguments);
  Result<wire::Json> rules_document() const;
  Result<wire::Json> store_profiles(const HomeRules& rules);

  // commands_phones.cpp
  Answer pair_open(wire::Json arguments);
  Answer pair_close(wire::Json arguments);
  Answer phones_list(wire::Json arguments);
  Answer phones_rename(wire::Json arguments);
  Answer phones_remove(wire::Json arguments);

  // commands_limits.cpp
  Result<HomeRules> seen_rules() const;
  Result<wire::Json> hide_from_tv(const HomeRules& rules, wire::Json done);
  Result<std::int64_t> rating_of(const Title& title) const;
  Result<void> may_see(std::int64_t min_age, const std::string& name) const;
  Result<void> may_accept(const ReceivedGift& gift) const;
  net::Task<Result<bool>> may_pay(std::vector<money::Amount> prices, std::string pin);
  net::Task<Result<PurchaseRecord>> bought(wire::Offer offer, Intent intent, Wanted wanted,
                                           std::string pin);
  bool is_under_way(const GiftParcel& parcel) const;
  Result<std::vector<money::Amount>> to_pay(const GiftParcel& parcel) const;

  // commands_library.cpp
  Answer library_add(wire::Json arguments);
  Answer library_list(wire::Json arguments);
  Answer publish(wire::Json arguments);
  net::Task<void> run_publish(PublishOrder order, std::shared_ptr<Job> job);
  Answer play(wire::Json arguments);
  Answer stop(wire::Json arguments);
  Answer remote(wire::Json arguments);
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
  Answer wallet_alarm(wire::Json arguments);
  Answer wallet_alarm_accept(wire::Json arguments);

  // commands_gifts.cpp
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

  // commands_channels.cpp
  Answer channel_create(wire::Json arguments);
  Answer channel_list(wire::Json arguments);
  Answer channel_show(wire::Json arguments);
  Answer channel_check(wire::Json arguments);
  Answer channel_versions(wire::Json arguments);
  Answer channel_delete(wire::Json arguments);
  Result<const channels::Timeline*> channel_argument(wire::Fields& fields) const;

  // commands_guide.cpp
  Answer guide(wire::Json arguments);
  Answer tune(wire::Json arguments);
  wire::Json programme_document(const std::string& channel, const ShownProgramme& shown,
                                std::int64_t shown_age, bool details) const;

  // commands_channel_edit.cpp
  struct ChannelEdit {
    const channels::Timeline* timeline = nullptr;  ///< until the next wait
    Television::Edit edit;
    bool dry_run = false;
    std::string pin;
  };
  using Words = Said (*)(const Scene&, wire::Fields&);
  Answer channel_set(wire::Json arguments);
  Answer channel_schedule(wire::Json arguments);
  Answer channel_fill(wire::Json arguments);
  Answer channel_move(wire::Json arguments);
  Answer channel_remove(wire::Json arguments);
  Answer channel_repeat(wire::Json arguments);
  Answer channel_skip(wire::Json arguments);
  Answer channel_edit(wire::Json arguments);
  Answer channel_undo(wire::Json arguments);
  Answer edit_by_words(wire::Json arguments, std::string what, Words words);
  Answer finish_edit(ChannelEdit order);
  Result<ChannelEdit> begin_edit(wire::Fields& fields, std::string what) const;

  // commands_channel_items.cpp
  struct FoundItem {
    channels::Item item;
    std::string offer_jws;
  };
  struct FoundItems {
    std::vector<channels::Item> items;
    std::vector<std::string> offers;
  };
  struct NamedItems {
    wire::Json changes;
    std::vector<std::string> offers;
  };
  Answer channel_add(wire::Json arguments);
  net::Task<Result<FoundItem>> item_from_words(std::string what, std::int64_t seconds);
  net::Task<Result<FoundItems>> items_from_words(wire::Json what, std::int64_t seconds);
  net::Task<Result<NamedItems>> named_items(wire::Json changes);

  // commands_channel_files.cpp
  struct Imported {
    channels::Channel channel;
    std::vector<std::string> offers, left_out;
    std::string from;
  };
  Answer channel_export(wire::Json arguments);
  Answer channel_import(wire::Json arguments);
  Result<Imported> imported_playout(const std::string& text, channels::Channel empty) const;
  Result<Imported> imported_file(const std::string& text, channels::Channel empty,
                                 bool named) const;

  // commands_sharing.cpp
  Answer channel_share(wire::Json arguments);
  Answer channel_unshare(wire::Json arguments);
  Answer channel_subscribe(wire::Json arguments);
  Answer channel_offers(wire::Json arguments);
  Answer channel_accept(wire::Json arguments);
  Answer channel_decline(wire::Json arguments);
  Result<std::string> name_of_home(const identity::HomeAddress& home) const;
  Result<wire::Json> shown_channel(const channels::Timeline& timeline) const;
  Result<wire::Json> shared_in_document(const SharedIn& record) const;
  Result<wire::Json> shared_out_document(const SharedOut& record) const;
  Result<wire::Json> share_wish_document(const ShareWish& wish) const;
  // commands_iptv.cpp
  Answer iptv_create(wire::Json arguments);
  Answer iptv_list(wire::Json arguments);
  Answer iptv_revoke(wire::Json arguments);
  wire::Json iptv_document(const IptvToken& token) const;
  Result<std::vector<std::string>> token_channels(wire::Fields& fields) const;

  // commands_recovery.cpp
  Answer wallet_seed(wire::Json arguments);

  // commands_cards.cpp
  Answer gift_card(wire::Json arguments);
  Answer gift_cards(wire::Json arguments);
  Answer gift_claim(wire::Json arguments);
  Answer void_card(CardRecord card);
  Result<VoucherRecord> take_shared(const wire::Voucher& voucher);
  Result<wire::Json> card_document(const CardRecord& record) const;
  net::Task<Result<VoucherRecord>> voucher_for_card(std::string what, std::uint32_t pocket,
                                                    std::string pin, wire::Json& receipt);

  net::Loop& loop_;
  Rooms& rooms_;
  const std::string viewer_;
  Jobs jobs_;
};

}  // namespace hearth::node
