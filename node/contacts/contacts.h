// The homes that this home knows by name: contact cards that a person added ("contact/…"), and
// this home's own card. docs/protocol.md §4.
//
// Threads: loop thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/identity/cards.h"
#include "node/wallet/records.h"

namespace hearth::node {

struct Contact {
  std::string name;  ///< as this home calls it; unique
  identity::ContactCard card;
  std::string card_text;
  UtcMs added_ms = 0;
};

/// This home's card, the same drop token every time.
std::string own_card(const identity::HomeKeys& home, const identity::LedgerCard& ledger,
                     const std::string& name, UtcMs now);

class Contacts {
 public:
  Contacts(Records& records, identity::HomeAddress own) : records_(records), own_(own) {}
  /// A card of a home that is known already replaces the older one. `as` empty: the card's name.
  /// Code::bad_card (also this home's own), Code::name_refused (taken by another home).
  Result<Contact> add(const std::string& card_text, const std::string& as, UtcMs now);
  Result<std::vector<Contact>> list() const;
  /// By name or home address. Code::unknown_contact.
  Result<Contact> find(const std::string& name_or_address) const;
  Result<std::optional<Contact>> by_home(const identity::HomeAddress& home) const;

 private:
  Records& records_;
  identity::HomeAddress own_;
};

}  // namespace hearth::node
