// The stored form of gifts ("gift/out/…", "gift/in/…"), of wishes ("wish/out/…", "wish/in/…") and
// of drops on their way ("outbox/…"). Pictures lie beside their gifts ("gift/picture/…").
// Version 1 of a gift has no words but the note; it is still read. Pure.
#pragma once

#include <optional>
#include <string>

#include "common/wire/gift_documents.h"
#include "node/gifts/gift_state.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// What the giver says with a gift; the same at both ends.
struct GiftWords {
  std::string note;
  bool has_picture = false;
  UtcMs open_from_ms = 0;  ///< nothing of it is shown before; 0: at once
  UtcMs expires_ms = 0;    ///< to be accepted before; 0: no end
  std::string channel;     ///< a wish where to place it; empty: none
  UtcMs place_ms = 0;
  std::string parcel;  ///< hex; empty: a gift of one title
  std::uint8_t part = 1, parts = 1;
  std::string wish;  ///< hex: the wish that it grants; empty: none
};

struct SentGift {
  std::string id;  ///< hex
  SentState state = SentState::sending;
  identity::HomeAddress to;
  std::string to_name;
  std::string title_name;
  std::string title;    ///< hex
  std::string offer;    ///< hex; empty: a private title
  std::string voucher;  ///< id in the wallet; empty: a private title, or not there yet
  std::string reason;   ///< declined, returned, failed, expired
  UtcMs sent_ms = 0, changed_ms = 0;
  GiftWords words;
  std::string thanks;
  std::uint32_t pocket = 0;  ///< that pays while it is `buying`
  bool ran_out = false;      ///< taking_back: because its time is over
};

struct ReceivedGift {
  std::string id;  ///< hex
  ReceivedState state = ReceivedState::waiting;
  identity::HomeAddress from;
  std::string from_card;
  std::string title_name;  ///< empty: the offer is to be fetched from the catalogue
  std::string title;       ///< hex
  std::string offer_jws;
  std::string manifest_jws;
  std::optional<wire::Voucher> voucher;          ///< of an offer
  std::optional<crypto::age::FileKey> file_key;  ///< of a private title
  std::string reason;                            ///< declined, used_up
  UtcMs sent_ms = 0, received_ms = 0, changed_ms = 0;
  GiftWords words;
  std::string thanks;  ///< that were sent
  UtcMs played_ms = 0;
  bool push_asks = false;  ///< the payer's wish: a person decides, whatever the rules say
  std::int64_t min_age = 0;
  UtcMs not_before_ms = 0;  ///< not to be accepted before
  std::uint64_t size = 0;   ///< of the title; 0 while the offer is not here
  UtcMs accepted_ms = 0;
  bool quiet = false;        ///< of a muted contact: no prompt on the TV
  bool auto_accept = false;  ///< the rules let it in; it waits for its time, or for the offer
};

/// What is looked at often of a received gift, without its documents ("gift/brief/…"); written
/// with it.
struct ReceivedBrief {
  std::string id;  ///< hex
  ReceivedState state = ReceivedState::waiting;
  identity::HomeAddress from;
  std::string parcel;  ///< hex; empty: alone
  std::string title;   ///< hex
  std::uint64_t size = 0;
  UtcMs accepted_ms = 0, opens_ms = 0, expires_ms = 0, played_ms = 0;
  bool auto_accept = false;
  bool needs_offer = false;
};
ReceivedBrief brief_of(const ReceivedGift& gift);

struct Wish {
  std::string id;  ///< hex
  bool outgoing = false;
  bool granted = false;
  identity::HomeAddress home;  ///< who is asked, or who asks
  std::string home_name;
  std::string offer;  ///< hex
  std::string note;
  UtcMs at_ms = 0;
};

/// A sealed drop that has not been delivered yet.
struct OutboxEntry {
  std::string idempotency_key;  ///< 32 hex digits; also its name
  crypto::SignPublicKey mailbox{};
  identity::DropToken token{};
  Bytes sealed;
  std::string gift;  ///< hex: the sent gift that it carries; empty: an answer, a wish
  UtcMs created_ms = 0;
};

/// Of the title that was given. Code::not_found while its offer is not here.
Result<wire::Manifest> manifest_of(const ReceivedGift& gift);

Bytes encode(const SentGift& gift);
Result<SentGift> decode_sent_gift(ByteView bytes);
Bytes encode(const ReceivedGift& gift);
Result<ReceivedGift> decode_received_gift(ByteView bytes);
Bytes encode(const ReceivedBrief& brief);
Result<ReceivedBrief> decode_received_brief(ByteView bytes);
Bytes encode(const Wish& wish);
Result<Wish> decode_wish(ByteView bytes);
Bytes encode(const OutboxEntry& entry);
Result<OutboxEntry> decode_outbox_entry(ByteView bytes);

}  // namespace hearth::node
