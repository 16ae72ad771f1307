// What a giver says with a gift: checked when a person says it, put into the document, and taken
// from one that came; when it may be seen and accepted. docs/protocol.md §7.1. Pure.
#pragma once

#include <string>

#include "common/wire/gift_documents.h"
#include "node/gifts/gift_records.h"

namespace hearth::node {

/// As a person gave them. Code::usage, Code::name_refused.
Result<GiftWords> checked_words(GiftWords words, UtcMs now);
/// Into the gift's document: id, note, parcel, place, times, wish.
Result<void> say(wire::Gift& document, const std::string& id, const GiftWords& words);
GiftWords words_of(const wire::Gift& document);
/// What a gift of an offer asks of its receiver: a person's yes, and the seller's terms.
wire::Restrictions restrictions_of(const wire::Terms& terms);

/// Why a drop to `to` never arrives, for its giver.
std::string undeliverable_sentence(const Error& why, const std::string& to);
/// A stranger's own name for itself, for showing only.
std::string name_on_card(const std::string& card_text);
/// Before its day nothing of a gift is shown.
bool is_hidden(const GiftWords& words, UtcMs now);
/// The first moment at which it may be accepted; 0: at once.
UtcMs opens_ms(const ReceivedGift& gift);
/// Code::not_yet, with a sentence that says from when.
Result<void> check_open(const ReceivedGift& gift, UtcMs now);
bool is_over(const GiftWords& words, UtcMs now);

}  // namespace hearth::node
