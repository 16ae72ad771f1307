#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/api/gift_documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_note = 2000;

}  // namespace

Commands::Answer Commands::gift_list(wire::Json) {
  const auto received = rooms_.gifts->store().received();
  if (!received) co_return pass_on(received.error());
  const auto sent = rooms_.gifts->store().sent();
  if (!sent) co_return pass_on(sent.error());
  const auto purchases = rooms_.wallet->purchases();
  if (!purchases) co_return pass_on(purchases.error());
  const auto rules = seen_rules();
  if (!rules) co_return pass_on(rules.error());
  wire::Json list = wire::Json::array();
  const UtcMs now = now_ms();
  for (const auto& gift : *received) {
    const auto shown = rooms_.shows(gift, *rules);
    if (!shown) co_return pass_on(shown.error());
    if (*shown) list.push_back(document(gift, rooms_, now));
  }
  if (!viewer_.empty()) co_return wire::Json{{"gifts", std::move(list)}};  // what others give
  std::set<std::string> stored;
  for (const auto& gift : *sent) {
    stored.insert(gift.id);
    list.push_back(document(gift, rooms_));
  }
  for (const auto& purchase : *purchases) {
    const bool is_gift = purchase.open() && purchase.intent.what == Intent::What::gift;
    if (is_gift && !stored.contains(purchase.intent.gift)) {
      list.push_back(gift_document(purchase, rooms_));
    }
  }
  co_return wire::Json{{"gifts", std::move(list)}};
}

Commands::Answer Commands::gift_show(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  if (!fields.ok()) co_return pass_on(fields.error());
  wire::Json parts = wire::Json::array();
  const auto received = rooms_.gifts->store().find_received(id);
  const auto sent = rooms_.gifts->store().find_sent(id);
  if (!received && (!sent || !viewer_.empty())) co_return pass_on(received.error());
  if (received) {
    for (const auto& gift : *received) {
      auto seen = may_accept(gift);
      if (!seen) co_return pass_on(seen.error());
      parts.push_back(document(gift, rooms_, now_ms()));
      add_details(parts.back(), node::manifest_of(gift));
    }
  } else {
    for (const auto& gift : *sent) {
      parts.push_back(document(gift, rooms_));
      add_details(parts.back(), manifest_of(gift, rooms_));
    }
  }
  std::uint64_t size = 0;
  for (const auto& part : parts) size += part.at("size").get<std::uint64_t>();
  wire::Json out = parts.at(0);
  out["size"] = size;
  out["gifts"] = std::move(parts);
  co_return out;
}

Commands::Answer Commands::gift_accept(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto asked = rooms_.gifts->store().find_received(id);
  if (!asked) co_return pass_on(asked.error());
  for (const auto& gift : *asked) {
    auto seen = may_accept(gift);
    if (!seen) co_return pass_on(seen.error());
  }
  const auto gifts = rooms_.gifts->accept(id, now_ms());
  if (!gifts) co_return pass_on(gifts.error());
  co_return answered_document(*gifts, rooms_);
}

Commands::Answer Commands::gift_decline(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  const std::string reason = fields.text("reason", 4 * max_note);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto gifts = rooms_.gifts->decline(id, reason, now_ms());
  if (!gifts) co_return pass_on(gifts.error());
  co_return answered_document(*gifts, rooms_);
}

Commands::Answer Commands::gift_thank(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  const std::string text = fields.required_text("text", 4 * max_note);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto gift = rooms_.gifts->thank(id, text, now_ms());
  if (!gift) co_return pass_on(gift.error());
  co_return answered_document({*gift}, rooms_);
}

Commands::Answer Commands::gift_wishes(wire::Json) {
  const auto wishes = rooms_.gifts->store().wishes();
  if (!wishes) co_return pass_on(wishes.error());
  wire::Json list = wire::Json::array();
  for (const auto& wish : *wishes) {
    wire::Json one = document(wish, rooms_);
    if (one.at("name") == "") {
      std::string offer_id = wish.offer;
      const auto offer = co_await find_offer(std::move(offer_id));
      if (offer) one["name"] = offer->manifest.name;
      if (offer) one["price"] = document(offer->price);
    }
    list.push_back(std::move(one));
  }
  co_return wire::Json{{"wishes", std::move(list)}};
}

}  // namespace hearth::node
