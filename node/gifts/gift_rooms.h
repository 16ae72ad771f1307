// What the two ends of gifts share: the rooms that they put their parts of a commit into.
#pragma once

#include <functional>

#include "node/contacts/contacts.h"
#include "node/delivery/deliveries.h"
#include "node/gifts/gift_store.h"
#include "node/gifts/outbox.h"
#include "node/wallet/exchanges.h"

namespace hearth::node {

struct GiftRooms {
  Records& records;
  Wallet& wallet;
  Contacts& contacts;
  Outbox& outbox;
  Exchanges& exchanges;
  Deliveries& deliveries;
  Titles& titles;
  const identity::HomeKeys& keys;
  crypto::SignPublicKey ledger_key;  ///< only homes of the same ledger can be reached
  /// This home's card as that home is to have it, for its answers.
  std::function<std::string(const identity::HomeAddress& to)> card_for;
};

}  // namespace hearth::node
