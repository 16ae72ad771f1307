// The parts of drops, for the files that write and read them (gift_documents.h tells the whole).
#pragma once

#include "common/wire/document_fields.h"
#include "common/wire/gift_documents.h"

namespace hearth::wire {

inline constexpr std::string_view gift_type = "hearth/gift/1";
inline constexpr std::string_view answer_type = "hearth/gift-answer/1";
inline constexpr std::string_view hello_type = "hearth/hello/1";
inline constexpr std::string_view wish_type = "hearth/wish/1";
inline constexpr std::string_view share_type = "hearth/channel-share/1";
inline constexpr std::string_view word_type = "hearth/channel-word/1";
inline constexpr std::size_t max_card = 4 * 1024;

tl::unexpected<Error> refuse_drop(std::string_view why);
/// The card is a contact card of the home that signs with that key.
Result<void> check_card_of(const std::string& card, const crypto::SignPublicKey& sender);
Result<Bytes> seal_drop(const std::string& jws, const crypto::BoxPublicKey& to);

Result<Gift> gift_from_json(const Json& payload, const crypto::SignPublicKey& sender);
Result<GiftAnswer> answer_from_json(const Json& payload);
Result<ChannelShare> share_from_json(const Json& payload);
Result<ChannelWord> word_from_json(const Json& payload);

}  // namespace hearth::wire
