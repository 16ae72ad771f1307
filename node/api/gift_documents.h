// Gifts and wishes as docs/api.md shows them. What is not to be seen before its day is not in the
// documents either. Pure, but for looking up what the rooms know.
#pragma once

#include "common/wire/json.h"
#include "node/app/rooms.h"

namespace hearth::node {

wire::Json document(const ReceivedGift& gift, const Rooms& rooms, UtcMs now);
wire::Json document(const SentGift& gift, const Rooms& rooms);
/// A purchase of before gifts were stored with their purchases.
wire::Json gift_document(const PurchaseRecord& purchase, const Rooms& rooms);
wire::Json document(const Wish& wish, const Rooms& rooms);
/// What `gift show` tells beyond the list, of each part.
void add_details(wire::Json& out, const Result<wire::Manifest>& manifest);
Result<wire::Manifest> manifest_of(const SentGift& gift, const Rooms& rooms);
/// What accept, decline, thank and take-back answer: the first, and all of them.
wire::Json answered_document(const std::vector<ReceivedGift>& gifts, const Rooms& rooms);

}  // namespace hearth::node
