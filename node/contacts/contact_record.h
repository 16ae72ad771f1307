// One home that this home knows, and what has to happen between two homes until each is the other's
// contact: one asks, the other's people say yes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/identity/cards.h"
#include "common/wire/gift_documents.h"
#include "node/rules/rules.h"

namespace hearth::node {

/// Append only: stored.
enum class ContactState : std::uint8_t {
  invited = 1,  ///< this home asked, they have not answered
  asked = 2,    ///< they ask; a person here decides
  confirmed = 3,
  blocked = 4,
  gone = 5,  ///< they have removed this home, or never wanted it
};
std::string_view name_of(ContactState state);

struct Contact {
  std::string name;  ///< as this home calls it; unique
  identity::ContactCard card;
  std::string card_text;
  UtcMs added_ms = 0;
  ContactState state = ContactState::confirmed;
  ContactState before = ContactState::confirmed;  ///< blocked: what it was
  bool muted = false;                             ///< gifts arrive without a prompt on the TV
  std::optional<Reception> reception;  ///< of this contact's gifts, before the home's rule
  std::uint64_t token = 0;             ///< number of the drop token that they have of this home
  std::string problem;                 ///< why asking failed
  std::string note;                    ///< asked: their words; invited: this home's

  /// This home counts it as one of its own, and has given it a drop token.
  bool known() const { return state == ContactState::invited || state == ContactState::confirmed; }
};

enum class ContactEvent {
  we_ask,    ///< a person here adds their card
  they_ask,  ///< their hello
  they_accept,
  they_leave,
  we_accept,
  we_block,
  we_unblock,
};

struct ContactStep {
  ContactState state;                       ///< reached
  std::optional<wire::Hello::State> reply;  ///< what they are told
  bool takes_card = false;                  ///< the card that came is the one to use from now on
};
/// `from` nullopt: not known yet. nullopt: nothing changes.
std::optional<ContactStep> next_step(std::optional<ContactState> from, ContactEvent event,
                                     ContactState before = ContactState::confirmed);

Bytes encode(const Contact& contact);
/// Also version 1, of homes that only ever added cards: confirmed, drop token 0.
std::optional<Contact> decode_contact(ByteView stored);

}  // namespace hearth::node
