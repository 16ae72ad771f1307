// The stored form of gifts ("gift/out/…", "gift/in/…") and of drops on their way ("outbox/…").
// Pure.
#pragma once

#include <optional>
#include <string>

#include "common/wire/documents.h"
#include "node/gifts/gift_state.h"
#include "node/wallet/records.h"

namespace hearth::node {

struct SentGift {
  std::string id;  ///< hex
  SentState state = SentState::sending;
  identity::HomeAddress to;
  std::string to_name;
  std::string title_name;
  std::string title;    ///< hex
  std::string offer;    ///< hex; empty: a private title
  std::string voucher;  ///< id in the wallet; empty: a private title
  std::string note;
  std::string reason;  ///< declined, returned
  UtcMs sent_ms = 0, changed_ms = 0;
};

struct ReceivedGift {
  std::string id;  ///< hex
  ReceivedState state = ReceivedState::waiting;
  identity::HomeAddress from;
  std::string from_card;
  std::string title_name;
  std::string title;  ///< hex
  std::string note;
  std::string offer_jws;
  std::string manifest_jws;
  std::optional<wire::Voucher> voucher;          ///< of an offer
  std::optional<crypto::age::FileKey> file_key;  ///< of a private title
  std::string reason;                            ///< declined
  UtcMs sent_ms = 0, received_ms = 0, changed_ms = 0;
};

/// A sealed drop that has not been delivered yet.
struct OutboxEntry {
  std::string idempotency_key;  ///< 32 hex digits; also its name
  crypto::SignPublicKey mailbox{};
  identity::DropToken token{};
  Bytes sealed;
  std::string gift;  ///< hex: the sent gift that it carries; empty: an answer
  UtcMs created_ms = 0;
};

Bytes encode(const SentGift& gift);
Result<SentGift> decode_sent_gift(ByteView bytes);
Bytes encode(const ReceivedGift& gift);
Result<ReceivedGift> decode_received_gift(ByteView bytes);
Bytes encode(const OutboxEntry& entry);
Result<OutboxEntry> decode_outbox_entry(ByteView bytes);

}  // namespace hearth::node
