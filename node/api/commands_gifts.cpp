#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr std::size_t max_note = 2000;
constexpr std::int64_t patience_ms = 20'000;
constexpr std::int64_t wait_for_drop_ms = 5'000;

void add_title(wire::Json& out, const Result<wire::Manifest>& manifest) {
  out["kind"] = manifest ? wire::kind_name(manifest->kind) : "data";
  out["size"] = manifest ? manifest->size : 0;
}

Result<wire::Manifest> manifest_of(const ReceivedGift& gift) {
  if (gift.offer_jws.empty()) return wire::read_manifest(gift.manifest_jws);
  auto offer = wire::read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  return std::move(offer->manifest);
}

Result<wire::Manifest> manifest_of(const SentGift& gift, const Rooms& rooms) {
  if (gift.voucher.empty()) {
    const auto title = rooms.titles->find(gift.title);
    if (!title) return pass_on(title.error());
    return title->manifest;
  }
  const auto voucher = rooms.wallet->voucher(gift.voucher);
  if (!voucher) return pass_on(voucher.error());
  const auto offer = rooms.wallet->offer(voucher->voucher.offer);
  if (!offer) return pass_on(offer.error());
  return offer->manifest;
}

wire::Json gift_document(const std::string& direction, const std::string& id,
                         std::string_view state, const std::string& name,
                         const identity::HomeAddress& home, const Contacts& contacts,
                         const std::string& fallback_name) {
  const auto contact = contacts.by_home(home);
  const bool known = contact && *contact;
  return {{"gift", id},          {"direction", direction},
          {"state", state},      {"name", name},
          {"home", home.text()}, {"contact", known ? (*contact)->name : fallback_name},
          {"known", known}};
}

/// A stranger's own name for itself, for showing only.
std::string name_on_card(const std::string& card_text) {
  const auto card = identity::parse_contact_card(card_text);
  return card ? card->name : std::string();
}

}  // namespace

Commands::Answer Commands::gift_send(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string what = fields.required_text("what", max_argument);
  const std::string to_name = fields.required_text("to", max_argument);
  const std::string note_text = fields.text("note", 4 * max_note);
  const std::uint32_t pocket = pocket_argument(fields, "pocket");
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto to = rooms_.contacts->find(to_name);
  if (!to) co_return pass_on(to.error());
  const auto possible = rooms_.gifts->can_give(*to);
  if (!possible) co_return pass_on(possible.error());
  const auto note = checked_note(note_text, max_note);
  if (!note) co_return pass_on(note.error());

  Result<wire::Offer> offer = fail(Code::unknown_offer, "");
  const auto title = rooms_.titles->find(what);
  if (title && is_private(*title)) {
    Contact contact = *to;
    Title copy = *title;
    std::string words = *note;
    co_return co_await give_private(std::move(contact), std::move(copy), std::move(words));
  }
  if (title && !title->offer_jws.empty()) {
    offer = wire::read_offer(title->offer_jws);
  } else {
    offer = co_await find_offer(std::move(what));
  }
  if (!offer) co_return pass_on(offer.error());
  if (!offer->terms.giftable) {
    co_return fail(Code::not_giftable, "The seller's terms do not allow giving " +
                                           offer->manifest.name +
                                           " away. Nothing was sent or charged.");
  }
  const auto held = rooms_.wallet->held_for(offer->id);
  if (!held) co_return pass_on(held.error());
  if (*held) {
    store::Batch batch;
    const auto gift =
        rooms_.gifts->give_voucher(batch, *to, **held, Gifts::new_id(), *note, now_ms());
    if (!gift) co_return pass_on(gift.error());
    auto stored = rooms_.records->commit(batch);
    if (!stored) co_return pass_on(stored.error());
    rooms_.outbox->kick();
    std::string id = gift->id;
    wire::Json nothing_more = wire::Json::object();
    co_return co_await sent_document(std::move(id), std::move(nothing_more));
  }
  Intent intent{Intent::What::gift, to->card.home, *note, Gifts::new_id()};
  const auto bought =
      co_await rooms_.purchases->buy(std::move(*offer), std::move(intent), pocket, patience_ms);
  if (!bought) co_return pass_on(bought.error());
  if (!bought->problem.empty()) {
    co_return fail(code_from_name(bought->problem_code), "Paid, but not given: " + bought->problem);
  }
  wire::Json receipt = wire::Json::object();
  auto added = add_receipt(receipt, *bought);
  if (!added) co_return pass_on(added.error());
  std::string id = bought->intent.gift;
  co_return co_await sent_document(std::move(id), std::move(receipt));
}

Commands::Answer Commands::give_private(Contact to, Title title, std::string note) {
  store::Batch batch;
  const auto gift = rooms_.gifts->give_private(batch, to, title, note, now_ms());
  if (!gift) co_return pass_on(gift.error());
  auto stored = rooms_.records->commit(batch);
  if (!stored) co_return pass_on(stored.error());
  rooms_.outbox->kick();
  std::string id = gift->id;
  wire::Json nothing_more = wire::Json::object();
  co_return co_await sent_document(std::move(id), std::move(nothing_more));
}

/// Waits a little, so that the answer can say "sent"; else it is still on its way.
Commands::Answer Commands::sent_document(std::string id, wire::Json more) {
  const UtcMs deadline = now_ms() + wait_for_drop_ms;
  auto gift = rooms_.gifts->sent_gift(id);
  while (gift && gift->state == SentState::sending && now_ms() < deadline) {
    co_await rooms_.outbox->changed().wait(deadline - now_ms());
    gift = rooms_.gifts->sent_gift(id);
  }
  if (!gift) co_return pass_on(gift.error());
  more.erase("request");
  more["gift"] = gift->id;
  more["name"] = gift->title_name;
  more["to"] = gift->to_name;
  more["state"] = name_of(gift->state);
  co_return more;
}

Commands::Answer Commands::gift_list(wire::Json) {
  wire::Json list = wire::Json::array();
  const auto received = rooms_.gifts->received();
  if (!received) co_return pass_on(received.error());
  for (const auto& gift : *received) {
    wire::Json one = gift_document("received", gift.id, name_of(gift.state), gift.title_name,
                                   gift.from, *rooms_.contacts, name_on_card(gift.from_card));
    add_title(one, manifest_of(gift));
    one["note"] = gift.note;
    one["reason"] = gift.reason;
    one["private"] = gift.offer_jws.empty();
    one["at_ms"] = gift.received_ms;
    list.push_back(std::move(one));
  }
  const auto sent = rooms_.gifts->sent();
  if (!sent) co_return pass_on(sent.error());
  for (const auto& gift : *sent) {
    wire::Json one = gift_document("sent", gift.id, name_of(gift.state), gift.title_name, gift.to,
                                   *rooms_.contacts, gift.to_name);
    add_title(one, manifest_of(gift, rooms_));
    one["note"] = gift.note;
    one["reason"] = gift.reason;
    one["private"] = gift.offer.empty();
    one["at_ms"] = gift.sent_ms;
    list.push_back(std::move(one));
  }
  // Gifts whose purchase is under way: asked for once, they are not to be asked for again.
  const auto purchases = rooms_.wallet->purchases();
  if (!purchases) co_return pass_on(purchases.error());
  for (const auto& purchase : *purchases) {
    if (!purchase.open() || purchase.intent.what != Intent::What::gift) continue;
    const auto offer = rooms_.wallet->offer(purchase.offer);
    if (!offer) co_return pass_on(offer.error());
    wire::Json one = gift_document("sent", purchase.intent.gift, "buying", offer->manifest.name,
                                   purchase.intent.to, *rooms_.contacts, "");
    add_title(one, offer->manifest);
    one["note"] = purchase.intent.note;
    one["reason"] = purchase.problem;
    one["private"] = false;
    one["at_ms"] = purchase.begun_ms;
    list.push_back(std::move(one));
  }
  co_return wire::Json{{"gifts", std::move(list)}};
}

Commands::Answer Commands::gift_accept(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto gift = rooms_.gifts->accept(id, now_ms());
  if (!gift) co_return pass_on(gift.error());
  co_return wire::Json{
      {"gift", gift->id}, {"state", name_of(gift->state)}, {"name", gift->title_name}};
}

Commands::Answer Commands::gift_decline(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  const std::string reason = fields.text("reason", 4 * max_note);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto gift = rooms_.gifts->decline(id, reason, now_ms());
  if (!gift) co_return pass_on(gift.error());
  co_return wire::Json{
      {"gift", gift->id}, {"state", name_of(gift->state)}, {"name", gift->title_name}};
}

}  // namespace hearth::node
