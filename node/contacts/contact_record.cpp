#include "node/contacts/contact_record.h"

#include "common/base/codec.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 2;
constexpr std::size_t max_name = 1024;
constexpr std::size_t max_card = 8 * 1024;
constexpr std::size_t max_words = 2048;

using S = ContactState;
using Said = wire::Hello::State;

bool is_state(std::uint8_t value) {
  return value >= 1 && value <= 5;
}

/// A person's decision here.
std::optional<ContactStep> own_step(std::optional<S> from, ContactEvent event, S before) {
  switch (event) {
    case ContactEvent::we_ask:
      if (from == S::blocked) return std::nullopt;
      if (from == S::asked) return ContactStep{S::confirmed, Said::accepted, true};
      if (from == S::confirmed) return ContactStep{S::confirmed, Said::ask, true};
      return ContactStep{S::invited, Said::ask, true};
    case ContactEvent::we_accept:
      if (from == S::asked) return ContactStep{S::confirmed, Said::accepted};
      return std::nullopt;
    case ContactEvent::we_block:
      if (!from || from == S::blocked) return std::nullopt;
      return ContactStep{S::blocked, {}};
    case ContactEvent::we_unblock:
      if (from != S::blocked) return std::nullopt;
      if (before == S::confirmed) return ContactStep{S::confirmed, Said::accepted};
      if (before == S::invited) return ContactStep{S::invited, Said::ask};
      return ContactStep{before, {}};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<ContactStep> next_step(std::optional<S> from, ContactEvent event, S before) {
  if (event != ContactEvent::they_ask && event != ContactEvent::they_accept &&
      event != ContactEvent::they_leave)
    return own_step(from, event, before);
  if (from == S::blocked) return std::nullopt;
  if (event == ContactEvent::they_ask) {
    // Both asked, or they lost what was agreed: that is a yes already.
    if (from == S::invited || from == S::confirmed)
      return ContactStep{S::confirmed, Said::accepted, true};
    return ContactStep{S::asked, {}, true};
  }
  if (!from) return std::nullopt;
  if (event == ContactEvent::they_accept) {
    if (from == S::invited || from == S::confirmed) return ContactStep{S::confirmed, {}, true};
    return std::nullopt;
  }
  if (from == S::gone || from == S::asked) return std::nullopt;
  return ContactStep{S::gone, {}};
}

std::string_view name_of(S state) {
  switch (state) {
    case S::invited:
      return "invited";
    case S::asked:
      return "asked";
    case S::confirmed:
      return "confirmed";
    case S::blocked:
      return "blocked";
    case S::gone:
      return "gone";
  }
  return "unknown";
}

Bytes encode(const Contact& contact) {
  Writer out;
  out.u8(format).text(contact.name).text(contact.card_text).i64(contact.added_ms);
  out.u8(static_cast<std::uint8_t>(contact.state)).u8(static_cast<std::uint8_t>(contact.before));
  out.u8(contact.muted ? 1 : 0);
  out.u8(contact.reception ? static_cast<std::uint8_t>(*contact.reception) : 0);
  out.u64(contact.token).text(contact.problem).text(contact.note);
  return out.take();
}

std::optional<Contact> decode_contact(ByteView stored) {
  Reader in(stored);
  const std::uint8_t version = in.u8();
  if (version != 1 && version != format) return std::nullopt;
  Contact contact;
  contact.name = in.text(max_name);
  contact.card_text = in.text(max_card);
  contact.added_ms = in.i64();
  if (version == format) {
    const std::uint8_t state = in.u8(), before = in.u8();
    contact.muted = in.u8() != 0;
    const std::uint8_t reception = in.u8();
    contact.token = in.u64();
    contact.problem = in.text(max_words);
    contact.note = in.text(max_words);
    if (!is_state(state) || !is_state(before) || reception > 2) return std::nullopt;
    contact.state = static_cast<S>(state);
    contact.before = static_cast<S>(before);
    if (reception != 0) contact.reception = static_cast<Reception>(reception);
  }
  if (!in.done()) return std::nullopt;
  auto card = identity::parse_contact_card(contact.card_text);
  if (!card) return std::nullopt;
  contact.card = std::move(*card);
  return contact;
}

}  // namespace hearth::node
