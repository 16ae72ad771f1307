#include "node/gifts/gift_words.h"

#include <algorithm>

#include "common/base/names.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

/// False when it is no 32 hex digits.
bool read_id(const std::string& hex, wire::GiftId& out) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != out.size()) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

}  // namespace

Result<GiftWords> checked_words(GiftWords words, UtcMs now) {
  auto note = checked_note(words.note);
  if (!note) return pass_on(note.error());
  words.note = std::move(*note);
  if (!words.channel.empty()) {
    auto channel = checked_name(words.channel);
    if (!channel) return pass_on(channel.error());
    words.channel = std::move(*channel);
  }
  if (words.expires_ms != 0 && words.expires_ms <= now) {
    return fail(Code::usage,
                "A gift that has expired already would be nobody's. Nothing was sent.");
  }
  if (words.expires_ms != 0 && words.expires_ms <= words.open_from_ms) {
    return fail(Code::usage,
                "The gift would expire before it can be opened. Nothing was sent; choose a later "
                "day for --expires.");
  }
  return words;
}

Result<void> say(wire::Gift& document, const std::string& id, const GiftWords& words) {
  if (!read_id(id, document.id)) return damaged("gift");
  document.note = words.note;
  document.open_from_ms = words.open_from_ms;
  document.expires_ms = words.expires_ms;
  if (!words.channel.empty()) document.place = wire::Place{words.channel, words.place_ms};
  if (!words.parcel.empty()) {
    wire::Parcel parcel;
    if (!read_id(words.parcel, parcel.id)) return damaged("gift");
    parcel.part = words.part;
    parcel.parts = words.parts;
    document.parcel = parcel;
  }
  if (words.wish.empty()) return {};
  wire::GiftId wish;
  if (!read_id(words.wish, wish)) return damaged("gift");
  document.wish = wish;
  return {};
}

GiftWords words_of(const wire::Gift& document) {
  GiftWords words;
  words.note = document.note;
  words.has_picture = !document.picture.empty();
  words.open_from_ms = document.open_from_ms;
  words.expires_ms = document.expires_ms;
  if (document.place) {
    words.channel = document.place->channel;
    words.place_ms = document.place->at_ms;
  }
  if (document.parcel) {
    words.parcel = to_hex(document.parcel->id);
    words.part = static_cast<std::uint8_t>(document.parcel->part);
    words.parts = static_cast<std::uint8_t>(document.parcel->parts);
  }
  if (document.wish) words.wish = to_hex(*document.wish);
  return words;
}

wire::Restrictions restrictions_of(const wire::Terms& terms) {
  return {wire::Push::accept, terms.min_age, terms.not_before_ms};
}

std::string undeliverable_sentence(const Error& why, const std::string& to) {
  if (why.code != Code::drop_refused && why.code != Code::unknown_mailbox) return why.sentence;
  return to +
         " takes nothing with the card that this home has. Nothing was lost, the gift is yours "
         "again; ask for a new card.";
}

std::string name_on_card(const std::string& card_text) {
  const auto card = identity::parse_contact_card(card_text);
  return card ? card->name : std::string();
}

bool is_hidden(const GiftWords& words, UtcMs now) {
  return now < words.open_from_ms;
}

UtcMs opens_ms(const ReceivedGift& gift) {
  return std::max(gift.words.open_from_ms, gift.not_before_ms);
}

Result<void> check_open(const ReceivedGift& gift, UtcMs now) {
  const UtcMs from = opens_ms(gift);
  if (now >= from) return {};
  return fail(Code::not_yet, "This gift is to be opened from " + local_text(from) +
                                 " on. It waits until then; nothing was changed.");
}

bool is_over(const GiftWords& words, UtcMs now) {
  return words.expires_ms != 0 && now >= words.expires_ms;
}

}  // namespace hearth::node
