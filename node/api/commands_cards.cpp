#include "common/base/names.h"
#include "common/base/typed_text.h"
#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr std::size_t max_note = 2000;
constexpr std::int64_t patience_ms = 20'000;
constexpr std::size_t shown_id_digits = 16;

Error claim_problem(const Error& why) {
  const auto with = [&](const char* sentence) { return Error{why.code, sentence}; };
  switch (why.code) {
    case Code::voucher_spent:
      return with(
          "This gift card was used already: somebody claimed it, or the giver took it back. "
          "Nothing was claimed or charged; ask who gave it to you.");
    case Code::voucher_invalid:
    case Code::unknown_offer:
    case Code::unknown_epoch:
      return with(
          "The ledger did not make this gift card: it is a forgery, or belongs to books that are "
          "gone. Nothing was claimed or charged.");
    default:
      return why;
  }
}

wire::Json face_of(const wire::Manifest& manifest) {
  return {{"name", manifest.name},
          {"kind", wire::kind_name(manifest.kind)},
          {"duration_ms", manifest.duration_ms},
          {"width", manifest.width},
          {"height", manifest.height},
          {"poster", to_base64url(manifest.poster)}};
}

/// A card that several homes open, shown to one that has the title: taking its voucher in would
/// help nobody, and giving it back or on would take it from the others.
wire::Json not_needed_document(const wire::Offer& offer, const wire::Voucher& voucher) {
  return {{"offer", to_hex(offer.id)},
          {"name", offer.manifest.name},
          {"voucher", voucher_id(voucher).substr(0, shown_id_digits)},
          {"claimed", false},
          {"delivery", false},
          {"sentence",
           "This home has it already, or it is on its way, so nothing was taken from the card: it "
           "is as good as before for the other homes that it is for."}};
}

}  // namespace

/// All that is printed on the card, and what a QR code says.
Result<wire::Json> Commands::card_document(const CardRecord& record) const {
  const auto card = rooms_.cards->card(record);
  if (!card) return pass_on(card.error());
  const auto offer = rooms_.wallet->offer(card->voucher.offer);
  if (!offer) return pass_on(offer.error());
  wire::Json out = face_of(offer->manifest);
  out["card"] = record.voucher.substr(0, shown_id_digits);
  out["state"] = name_of(record.state);
  out["offer"] = to_hex(offer->id);
  out["note"] = record.note;
  out["from"] = rooms_.options.name;
  out["made_ms"] = record.made_ms;
  out["redeem_until_ms"] = offer->terms.redeem_until_ms;
  if (record.state == CardRecord::State::out) {
    out["text"] = wire::gift_card_text(*card);
    out["uri"] = wire::gift_card_uri(*card);
  }
  return out;
}

/// A held voucher by its id, else for the offer, else one that is bought. `receipt` gets what a
/// purchase adds to the answer.
net::Task<Result<VoucherRecord>> Commands::voucher_for_card(std::string what, std::uint32_t pocket,
                                                            std::string pin, wire::Json& receipt) {
  const auto named = find_voucher(what);
  if (named && named->state == VoucherState::held) co_return *named;
  const auto offer = co_await find_offer(std::move(what));
  if (!offer) co_return pass_on(offer.error());
  if (!offer->terms.giftable) {
    co_return fail(Code::not_giftable, "The seller's terms do not allow giving " +
                                           offer->manifest.name +
                                           " away. Nothing was bought or charged.");
  }
  const auto held = rooms_.wallet->held_for(offer->id);
  if (!held) co_return pass_on(held.error());
  if (*held) co_return **held;
  Intent intent;
  wire::Offer copy = *offer;
  Wanted wanted(pocket);
  wanted.restrictions = restrictions_of(offer->terms);
  wanted.restrictions.push = wire::Push::ask;  // whoever claims it is asked
  const auto done =
      co_await bought(std::move(copy), std::move(intent), std::move(wanted), std::move(pin));
  if (!done) co_return pass_on(done.error());
  auto added = add_receipt(receipt, *done);
  if (!added) co_return pass_on(added.error());
  co_return rooms_.wallet->voucher(done->voucher);
}

Commands::Answer Commands::gift_card(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string what = fields.required_text("what", max_argument);
  const std::string note_text = fields.text("note", 4 * max_note);
  const std::uint32_t pocket = pocket_argument(fields, "pocket");
  const bool is_void = fields.boolean_or("void", false);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto note = checked_note(note_text, max_note);
  if (!note) co_return pass_on(note.error());
  const auto known = rooms_.cards->find(what);
  if (known && !is_void) co_return card_document(*known);
  if (is_void) {
    if (!known) co_return pass_on(known.error());
    CardRecord card = *known;
    co_return co_await void_card(std::move(card));
  }
  wire::Json receipt = wire::Json::object();
  const auto voucher = co_await voucher_for_card(std::move(what), pocket, std::move(pin), receipt);
  if (!voucher) co_return pass_on(voucher.error());
  const auto made = rooms_.cards->make(*voucher, *note, now_ms());
  if (!made) co_return pass_on(made.error());
  auto document = card_document(*made);
  if (document) document->update(receipt);
  co_return document;
}

/// Whoever exchanges first owns it: this home, or who claimed the card before.
Commands::Answer Commands::void_card(CardRecord card) {
  constexpr const char* too_late = "This card was claimed already, so it cannot be taken back.";
  if (card.state != CardRecord::State::out) {
    auto document = card_document(card);
    if (document && card.state == CardRecord::State::used) (*document)["sentence"] = too_late;
    co_return document;
  }
  const auto printed = rooms_.cards->card(card);
  if (!printed) co_return pass_on(printed.error());
  wire::Voucher voucher = printed->voucher;
  Aim aim{Aim::What::bring_back, {}};
  const auto fresh =
      co_await rooms_.exchanges->exchange(std::move(voucher), std::move(aim), patience_ms);
  const bool used = !fresh && fresh.error().code == Code::voucher_spent;
  if (!fresh && !used) co_return pass_on(fresh.error());
  card.state = used ? CardRecord::State::used : CardRecord::State::voided;
  auto closed = rooms_.cards->close(card, card.state, now_ms());
  if (!closed) co_return pass_on(closed.error());
  auto document = card_document(card);
  if (!document) co_return document;
  if (used) {
    (*document)["sentence"] = too_late;
  } else {
    (*document)["voucher"] = fresh->id.substr(0, shown_id_digits);
  }
  co_return document;
}

Commands::Answer Commands::gift_cards(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const bool check = fields.boolean_or("check", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto all = rooms_.cards->list();
  if (!all) co_return pass_on(all.error());
  wire::Json list = wire::Json::array();
  for (auto& card : *all) {
    if (check && card.state == CardRecord::State::out) {
      const auto printed = rooms_.cards->card(card);
      if (!printed) co_return pass_on(printed.error());
      const auto key = crypto::SignKey::from_seed(printed->voucher.one_time_seed);
      const auto state =
          co_await rooms_.ledger->voucher_state(wire::voucher_input(key.public_key()));
      if (!state) co_return pass_on(state.error());
      if (*state != "unspent") {
        card.state = CardRecord::State::used;
        auto closed = rooms_.cards->close(card, card.state, now_ms());
        if (!closed) co_return pass_on(closed.error());
      }
    }
    list.push_back({{"card", card.voucher.substr(0, shown_id_digits)},
                    {"name", card.title_name},
                    {"state", name_of(card.state)},
                    {"note", card.note},
                    {"made_ms", card.made_ms}});
  }
  co_return wire::Json{{"cards", std::move(list)}};
}

Result<VoucherRecord> Commands::take_shared(const wire::Voucher& voucher) {
  const std::string id = voucher_id(voucher);
  const auto known = rooms_.wallet->voucher(id);
  if (!known && known.error().code != Code::not_found) return known;
  store::Batch batch;
  if (!known) {
    rooms_.wallet->put_voucher(batch, {id, voucher, VoucherState::held, {}, true, now_ms()});
  } else if (known->state == VoucherState::given && known->gift.empty()) {
    // On a card of this home's own, which is one of the homes.
    auto moved = rooms_.wallet->move(batch, *known, VoucherEvent::put_back, {}, now_ms());
    if (!moved) return pass_on(moved.error());
  } else {
    return known;
  }
  auto stored = rooms_.records->commit(batch);
  if (!stored) return pass_on(stored.error());
  return rooms_.wallet->voucher(id);
}

Commands::Answer Commands::gift_claim(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string text = fields.required_text("text", 2 * max_typed);
  const bool keep = fields.boolean_or("keep_voucher", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto card = wire::parse_gift_card(text);
  if (!card) co_return pass_on(card.error());
  auto ours = wire::check_ledger(*card, rooms_.files.ledger.key);
  if (!ours) co_return pass_on(ours.error());
  auto entry = co_await rooms_.ledger->offer(card->voucher.offer);
  if (!entry) co_return pass_on(claim_problem(entry.error()));
  wire::Offer offer = std::move(entry->offer);
  // First, so that the voucher is of use when the exchange ends after this command.
  store::Batch batch;
  rooms_.wallet->remember_offer(batch, offer.jws);
  auto stored = rooms_.records->commit(batch);
  if (!stored) co_return pass_on(stored.error());

  wire::Voucher voucher = card->voucher;
  if (offer.terms.homes > 1 && !keep) {
    const auto here = rooms_.deliveries->has(offer.manifest.title);
    if (!here) co_return pass_on(here.error());
    if (*here) co_return not_needed_document(offer, voucher);
  }
  Aim aim{Aim::What::claim, {}};
  Result<VoucherRecord> fresh = fail(Code::internal, "");
  if (offer.terms.homes > 1) {
    fresh = take_shared(voucher);  // it stays the one that all of its homes know
  } else {
    fresh = co_await rooms_.exchanges->exchange(std::move(voucher), std::move(aim), patience_ms);
  }
  if (!fresh) co_return pass_on(claim_problem(fresh.error()));
  const bool expired = offer.terms.redeem_until_ms != 0 && now_ms() > offer.terms.redeem_until_ms;
  const std::string id = fresh->id.substr(0, shown_id_digits);
  wire::Json out = {{"offer", to_hex(offer.id)},
                    {"name", offer.manifest.name},
                    {"voucher", id},
                    {"claimed", true},
                    {"delivery", false}};
  if (expired) {
    out["sentence"] = "It is too late to redeem it, but its price is yours: hearth wallet refund " +
                      id + " puts it into this home's wallet.";
    co_return out;
  }
  if (keep || fresh->state != VoucherState::held) co_return out;
  VoucherRecord held = *fresh;
  auto delivered = co_await deliver_held(std::move(offer), std::move(held), Wanted());
  if (!delivered) co_return pass_on(delivered.error());
  const auto after = rooms_.wallet->voucher(fresh->id);
  if (!after) co_return pass_on(after.error());
  out["delivery"] = after->state != VoucherState::held;
  if (after->state == VoucherState::held) {
    out["sentence"] =
        "This home has it already, or it is on its way; the voucher is in the wallet (" + id +
        "), to be given on or refunded.";
  }
  co_return out;
}

}  // namespace hearth::node
