#include "node/api/gift_documents.h"

#include <algorithm>

#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

struct Row {
  const char* direction;
  std::string id;
  std::string state;
  std::string name;
  identity::HomeAddress home;
  std::string home_name;  ///< unless it is a contact
  std::string reason;
  std::string title, offer;  ///< hex; empty: not told, or none
  bool is_private;
  UtcMs at_ms;
};

wire::Json row_document(const Row& row, const GiftWords& words,
                        const Result<wire::Manifest>& manifest, const Contacts& contacts) {
  const auto contact = contacts.by_home(row.home);
  const bool known = contact && *contact;
  wire::Json out = {{"gift", row.id},
                    {"direction", row.direction},
                    {"state", row.state},
                    {"name", row.name},
                    {"kind", manifest ? wire::kind_name(manifest->kind) : "data"},
                    {"size", manifest ? manifest->size : 0},
                    {"home", row.home.text()},
                    {"contact", known ? (*contact)->name : row.home_name},
                    {"known", known},
                    {"note", words.note},
                    {"reason", row.reason},
                    {"private", row.is_private},
                    {"picture", words.has_picture},
                    {"at_ms", row.at_ms}};
  if (!row.title.empty()) out["title"] = row.title;
  if (!row.offer.empty()) out["offer"] = row.offer;
  if (!words.parcel.empty()) {
    out["parcel"] = {{"id", words.parcel}, {"part", words.part}, {"parts", words.parts}};
  }
  if (words.open_from_ms != 0) out["open_from_ms"] = words.open_from_ms;
  if (words.expires_ms != 0) out["expires_ms"] = words.expires_ms;
  if (!words.channel.empty()) {
    out["place"] = {{"channel", words.channel}, {"at_ms", words.place_ms}};
  }
  if (!words.wish.empty()) out["wish"] = words.wish;
  return out;
}

}  // namespace

Result<wire::Manifest> manifest_of(const SentGift& gift, const Rooms& rooms) {
  if (gift.offer.empty()) {
    const auto title = rooms.titles->find(gift.title);
    if (!title) return pass_on(title.error());
    return title->manifest;
  }
  const auto id = from_hex(gift.offer);
  wire::OfferId offer_id{};
  if (!id || id->size() != offer_id.size()) return damaged("gift");
  std::copy(id->begin(), id->end(), offer_id.begin());
  auto offer = rooms.wallet->offer(offer_id);
  if (!offer) return pass_on(offer.error());
  return std::move(offer->manifest);
}

wire::Json document(const ReceivedGift& gift, const Rooms& rooms, UtcMs now) {
  const bool hidden = gift.state == ReceivedState::waiting && is_hidden(gift.words, now);
  Result<wire::Manifest> manifest = fail(Code::not_yet, "");
  GiftWords words = gift.words;
  if (!hidden) manifest = manifest_of(gift);
  if (hidden) words.has_picture = false;
  const Row row{"received",
                gift.id,
                std::string(name_of(gift.state)),
                hidden ? std::string() : gift.title_name,
                gift.from,
                name_on_card(gift.from_card),
                gift.reason,
                hidden ? std::string() : gift.title,
                hidden || !gift.voucher ? std::string() : to_hex(gift.voucher->offer),
                gift.offer_jws.empty() && !gift.voucher,
                gift.received_ms};
  wire::Json out = row_document(row, words, manifest, *rooms.contacts);
  if (hidden) out["hidden"] = true;
  if (gift.min_age != 0) out["min_age"] = gift.min_age;
  if (gift.not_before_ms != 0) out["not_before_ms"] = gift.not_before_ms;
  if (!gift.thanks.empty()) out["thanks"] = gift.thanks;
  if (gift.played_ms != 0) out["played_ms"] = gift.played_ms;
  return out;
}

wire::Json document(const SentGift& gift, const Rooms& rooms) {
  const Row row{"sent",
                gift.id,
                std::string(name_of(gift.state)),
                gift.title_name,
                gift.to,
                gift.to_name,
                gift.reason,
                gift.title,
                gift.offer,
                gift.offer.empty(),
                gift.sent_ms};
  wire::Json out = row_document(row, gift.words, manifest_of(gift, rooms), *rooms.contacts);
  if (!gift.thanks.empty()) out["thanks"] = gift.thanks;
  return out;
}

wire::Json gift_document(const PurchaseRecord& purchase, const Rooms& rooms) {
  SentGift gift;
  gift.id = purchase.intent.gift;
  gift.state = SentState::buying;
  gift.to = purchase.intent.to;
  gift.offer = to_hex(purchase.offer);
  gift.words.note = purchase.intent.note;
  gift.reason = purchase.problem;
  gift.sent_ms = purchase.begun_ms;
  const auto manifest = manifest_of(gift, rooms);
  if (manifest) gift.title_name = manifest->name;
  return document(gift, rooms);
}

wire::Json document(const Wish& wish, const Rooms& rooms) {
  const auto contact = rooms.contacts->by_home(wish.home);
  SentGift of_offer;
  of_offer.offer = wish.offer;
  const auto manifest = manifest_of(of_offer, rooms);
  return {{"wish", wish.id},
          {"direction", wish.outgoing ? "sent" : "received"},
          {"granted", wish.granted},
          {"offer", wish.offer},
          {"name", manifest ? manifest->name : ""},
          {"home", wish.home.text()},
          {"contact", contact && *contact ? (*contact)->name : wish.home_name},
          {"note", wish.note},
          {"at_ms", wish.at_ms}};
}

void add_details(wire::Json& out, const Result<wire::Manifest>& manifest) {
  if (!manifest || out.contains("hidden")) return;
  out["media_type"] = manifest->media_type;
  out["duration_ms"] = manifest->duration_ms;
  out["width"] = manifest->width;
  out["height"] = manifest->height;
  out["publisher"] = manifest->home.text();
}

wire::Json answered_document(const std::vector<ReceivedGift>& gifts, const Rooms& rooms) {
  wire::Json all = wire::Json::array();
  for (const auto& gift : gifts) all.push_back(document(gift, rooms, now_ms()));
  wire::Json out = {{"gift", all.at(0).at("gift")},
                    {"state", all.at(0).at("state")},
                    {"name", all.at(0).at("name")}};
  out["gifts"] = std::move(all);
  return out;
}

}  // namespace hearth::node
