#include "node/gifts/sent_gifts.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/crypto/hash.h"
#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

bool is_given(const SentGift& gift, const SentGifts::What& what) {
  if (what.offer) return gift.offer == to_hex(what.offer->id);
  return gift.offer.empty() && gift.title == to_hex(what.title->manifest.title);
}

bool is_ready(const SentGift& gift) {
  return gift.offer.empty() || !gift.voucher.empty();
}

}  // namespace

Result<void> SentGifts::can_give(const Contact& to) const {
  if (to.card.ledger_key == rooms_.ledger_key) return {};
  return fail(Code::unreachable, to.name +
                                     " uses another ledger than this home, and gifts do not "
                                     "cross ledgers. Nothing was sent or charged.");
}

Result<void> SentGifts::can_give(const What& what) {
  if (what.offer) {
    if (what.offer->terms.giftable) return {};
    return fail(Code::not_giftable, "The seller's terms do not allow giving " +
                                        what.offer->manifest.name +
                                        " away. Nothing was sent or charged.");
  }
  const Title& title = *what.title;
  if (title.origin == TitleOrigin::published && title.key && title.offer_jws.empty()) return {};
  return fail(Code::not_giftable, "Only the home that published " + title.manifest.name +
                                      " can give it away. Nothing was sent.");
}

Result<SentGift> SentGifts::made(const Contact& to, const What& what, UtcMs now) const {
  auto possible = can_give(what);
  if (!possible) return pass_on(possible.error());
  const wire::Manifest& manifest = what.offer ? what.offer->manifest : what.title->manifest;
  SentGift gift;
  gift.id = to_hex(crypto::random_array<16>());
  gift.state = SentState::buying;
  gift.to = to.card.home;
  gift.to_name = to.name;
  gift.title_name = manifest.name;
  gift.title = to_hex(manifest.title);
  if (what.offer) gift.offer = to_hex(what.offer->id);
  gift.sent_ms = gift.changed_ms = now;
  return gift;
}

/// The same parcel, if it is `buying`; a trace of one that failed makes room for the next try.
Result<std::optional<std::vector<SentGift>>> SentGifts::under_way(
    store::Batch& batch, const Contact& to, const std::vector<What>& what) const {
  const auto all = store_.sent();
  if (!all) return pass_on(all.error());
  for (const auto& gift : *all) {
    const bool failed = gift.state == SentState::failed;
    if (!failed && gift.state != SentState::buying) continue;
    if (gift.to != to.card.home || gift.words.part != 1) continue;
    auto parcel = store_.parcel_of(gift);
    if (!parcel) return pass_on(parcel.error());
    if (!std::equal(parcel->begin(), parcel->end(), what.begin(), what.end(), is_given)) continue;
    if (!failed) return std::optional(std::move(*parcel));
    for (const auto& part : *parcel) store_.erase(batch, part);
  }
  return std::optional<std::vector<SentGift>>();
}

Result<std::vector<SentGift>> SentGifts::begin(const Contact& to, const std::vector<What>& what,
                                               const GiftWords& words, const Bytes& picture,
                                               std::uint32_t pocket, UtcMs now) const {
  HEARTH_ASSERT(!what.empty() && what.size() <= wire::max_parcel_parts);
  store::Batch batch;
  auto known = under_way(batch, to, what);
  if (!known) return pass_on(known.error());
  if (*known) return std::move(**known);
  std::vector<SentGift> parcel;
  const std::string id = what.size() > 1 ? to_hex(crypto::random_array<16>()) : std::string();
  for (const auto& one : what) {
    auto gift = made(to, one, now);
    if (!gift) return pass_on(gift.error());
    gift->words = words;
    gift->words.parcel = id;
    gift->words.part = static_cast<std::uint8_t>(parcel.size() + 1);
    gift->words.parts = static_cast<std::uint8_t>(what.size());
    gift->words.has_picture = !picture.empty();
    gift->pocket = pocket;
    if (!picture.empty()) store_.put_picture(batch, gift->id, picture);
    if (one.offer) rooms_.wallet.remember_offer(batch, one.offer->jws);
    store_.put(batch, *gift);
    parcel.push_back(std::move(*gift));
  }
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  return parcel;
}

Result<void> SentGifts::put_voucher(store::Batch& batch, const std::string& id,
                                    const VoucherRecord& voucher, UtcMs now) const {
  auto gift = store_.sent_gift(id);
  if (!gift) return pass_on(gift.error());
  if (!*gift || (*gift)->state != SentState::buying) {
    return fail(Code::gift_state, "The gift that it was bought for was given up.");
  }
  (*gift)->voucher = voucher.id;
  auto moved = rooms_.wallet.move(batch, voucher, VoucherEvent::give, id, now);
  if (!moved) return moved;
  auto left = put_if_ready(batch, **gift, now);
  if (!left) return pass_on(left.error());
  if (!*left) store_.put(batch, **gift);
  return {};
}

Result<bool> SentGifts::put_if_ready(store::Batch& batch, const SentGift& gift, UtcMs now) const {
  auto parcel = store_.parcel_of(gift);
  if (!parcel) return pass_on(parcel.error());
  for (auto& part : *parcel) {
    if (part.id == gift.id) part = gift;
  }
  if (!std::all_of(parcel->begin(), parcel->end(), is_ready)) return false;
  auto left = put_parcel(batch, std::move(*parcel), now);
  if (!left) return pass_on(left.error());
  return true;
}

Result<void> SentGifts::put_old_purchase(store::Batch& batch, const PurchaseRecord& purchase,
                                         const VoucherRecord& voucher, UtcMs now) const {
  const auto contact = rooms_.contacts.by_home(purchase.intent.to);
  if (!contact) return pass_on(contact.error());
  if (!*contact) return fail(Code::unknown_contact, "The receiver is no contact any more.");
  What what;
  auto offer = rooms_.wallet.offer(purchase.offer);
  if (!offer) return pass_on(offer.error());
  what.offer = std::move(*offer);
  auto gift = made(**contact, what, now);
  if (!gift) return pass_on(gift.error());
  gift->id = purchase.intent.gift;
  gift->words.note = purchase.intent.note;
  gift->voucher = voucher.id;
  auto moved = rooms_.wallet.move(batch, voucher, VoucherEvent::give, gift->id, now);
  if (!moved) return moved;
  return put_parcel(batch, {std::move(*gift)}, now);
}

Result<wire::Gift> SentGifts::wire_gift(const SentGift& gift, const Contact& to) const {
  wire::Gift out;
  out.to = to.card.home;
  out.from_card = rooms_.card_for(to.card.home);
  out.sent_ms = gift.sent_ms;
  auto said = say(out, gift.id, gift.words);
  if (!said) return pass_on(said.error());
  auto picture = store_.picture(gift.id);
  if (!picture) return pass_on(picture.error());
  out.picture = std::move(*picture);
  if (gift.offer.empty()) {
    const auto title = rooms_.titles.find(gift.title);
    if (!title) return pass_on(title.error());
    out.restrictions.push = wire::Push::accept;
    out.manifest_jws = title->manifest_jws;
    out.file_key = title->key;
    return out;
  }
  const auto voucher = rooms_.wallet.voucher(gift.voucher);
  if (!voucher) return pass_on(voucher.error());
  const auto offer = rooms_.wallet.offer(voucher->voucher.offer);
  if (!offer) return pass_on(offer.error());
  out.offer_jws = offer->jws;
  out.voucher = voucher->voucher;
  out.restrictions = restrictions_of(offer->terms);
  return out;
}

/// An offer that does not fit is left out: the receiver finds it in the catalogue.
Result<Bytes> SentGifts::seal(wire::Gift gift, const Contact& to) const {
  auto sealed = wire::seal_gift(gift, rooms_.keys.identity(), to.card.encryption);
  if (sealed || sealed.error().code != Code::too_large || !gift.voucher) return sealed;
  gift.offer_jws.clear();
  return wire::seal_gift(gift, rooms_.keys.identity(), to.card.encryption);
}

/// The whole parcel, sealed into the outbox.
Result<void> SentGifts::put_parcel(store::Batch& batch, std::vector<SentGift> parcel,
                                   UtcMs now) const {
  const auto to = rooms_.contacts.by_home(parcel.front().to);
  if (!to) return pass_on(to.error());
  if (!*to) return fail(Code::unknown_contact, "The receiver is no contact any more.");
  auto possible = can_give(**to);
  if (!possible) return possible;
  for (auto& gift : parcel) {
    auto moved = step(batch, gift, SentEvent::ready, now);
    if (!moved) return moved;
    auto document = wire_gift(gift, **to);
    if (!document) return pass_on(document.error());
    auto sealed = seal(std::move(*document), **to);
    if (!sealed) return pass_on(sealed.error());
    rooms_.outbox.put_entry(batch, {to_hex(crypto::random_array<16>()), (*to)->card.mailbox,
                                    (*to)->card.drop_token, std::move(*sealed), gift.id, now});
  }
  const std::string& wish_id = parcel.front().words.wish;
  if (wish_id.empty()) return {};
  auto wish = store_.wish(false, wish_id);
  if (!wish) return pass_on(wish.error());
  if (!*wish) return {};
  (*wish)->granted = true;
  store_.put(batch, **wish);
  return {};
}

Result<void> SentGifts::put_failure(store::Batch& batch, const SentGift& gift, const Error& why,
                                    UtcMs now) const {
  const auto parcel = store_.parcel_of(gift);
  if (!parcel) return pass_on(parcel.error());
  for (SentGift part : *parcel) {
    if (part.state != SentState::buying) continue;
    part.reason = why.sentence.substr(0, 2000);
    if (!part.voucher.empty()) {
      const auto voucher = rooms_.wallet.voucher(part.voucher);
      if (!voucher) return pass_on(voucher.error());
      auto moved = rooms_.wallet.move(batch, *voucher, VoucherEvent::put_back, {}, now);
      if (!moved) return moved;
      part.voucher.clear();
    }
    store_.erase_picture(batch, part.id);
    auto moved = step(batch, part, SentEvent::give_up, now);
    if (!moved) return moved;
  }
  return {};
}

/// One step of a sent gift; begins to bring the voucher back when the receiver will not use it.
Result<void> SentGifts::step(store::Batch& batch, SentGift& gift, SentEvent event,
                             UtcMs now) const {
  const auto next = next_state(gift.state, event);
  if (!next) return {};
  gift.state = *next;
  gift.changed_ms = now;
  if (brings_back(event) && !gift.voucher.empty()) {
    const auto voucher = rooms_.wallet.voucher(gift.voucher);
    if (!voucher) return pass_on(voucher.error());
    auto moved = rooms_.wallet.move(batch, *voucher, VoucherEvent::bring_back, gift.id, now);
    if (!moved) return moved;
    const Aim aim{Aim::What::bring_back, gift.id};
    auto wanted = rooms_.exchanges.put_wanted(batch, voucher->voucher, aim, now);
    if (!wanted) return wanted;
  }
  store_.put(batch, gift);
  return {};
}

Result<void> SentGifts::call_back(store::Batch& batch, SentGift gift, UtcMs now,
                                  bool ran_out) const {
  rooms_.outbox.cancel(batch, gift.id);
  gift.ran_out = ran_out;
  // A private title has no voucher to be had back; its receiver obeys the time by itself.
  return step(batch, gift, gift.voucher.empty() ? SentEvent::expired : SentEvent::take_back, now);
}

Result<std::vector<SentGift>> SentGifts::put_take_back(store::Batch& batch, const std::string& id,
                                                       UtcMs now) const {
  const auto parcel = store_.find_sent(id);
  if (!parcel) return pass_on(parcel.error());
  std::vector<SentGift> called;
  for (const auto& gift : *parcel) {
    if (gift.voucher.empty() || !next_state(gift.state, SentEvent::take_back)) continue;
    auto asked = call_back(batch, gift, now, false);
    if (!asked) return pass_on(asked.error());
    called.push_back(gift);
  }
  if (!called.empty()) return called;
  const SentGift& first = parcel->front();
  if (first.offer.empty()) {
    return fail(Code::gift_state,
                "The key of a private title goes with the gift, so it cannot be taken back. "
                "Nothing was changed.");
  }
  return fail(Code::gift_state, "This gift is " + std::string(name_of(first.state)) +
                                    " and cannot be taken back any more. Nothing was changed.");
}

Result<UtcMs> SentGifts::put_expired(store::Batch& batch, UtcMs now) const {
  const auto all = store_.sent();
  if (!all) return pass_on(all.error());
  UtcMs next = 0;
  for (const auto& gift : *all) {
    const UtcMs end = gift.words.expires_ms;
    if (end == 0 || !next_state(gift.state, SentEvent::take_back)) continue;
    if (now < end) {
      next = next == 0 ? end : std::min(next, end);
      continue;
    }
    auto called = call_back(batch, gift, now, true);
    if (!called) return pass_on(called.error());
  }
  return next;
}

Result<void> SentGifts::drop_settled(store::Batch& batch, const std::string& id,
                                     const Error* why) const {
  auto gift = store_.sent_gift(id);
  if (!gift) return pass_on(gift.error());
  if (!*gift) return {};
  if (why != nullptr) {
    (*gift)->reason = undeliverable_sentence(*why, (*gift)->to_name).substr(0, 2000);
  }
  store_.erase_picture(batch, id);
  return step(batch, **gift, why == nullptr ? SentEvent::dropped : SentEvent::undeliverable,
              now_ms());
}

Result<std::optional<SentGift>> SentGifts::take_answer(store::Batch& batch,
                                                       const identity::HomeAddress& from,
                                                       const wire::GiftAnswer& answer,
                                                       UtcMs now) const {
  auto gift = store_.sent_gift(to_hex(answer.id));
  if (!gift) return pass_on(gift.error());
  if (!*gift || (*gift)->to != from) {
    spdlog::warn("gifts: an answer to a gift that this home did not send was ignored");
    return std::optional<SentGift>();
  }
  const SentEvent event = event_of(answer.state);
  if (!answer.thanks.empty() && (*gift)->state != SentState::buying) {
    (*gift)->thanks = answer.thanks;
    store_.put(batch, **gift);
  }
  if (next_state((*gift)->state, event) && !answer.reason.empty()) (*gift)->reason = answer.reason;
  auto stepped = step(batch, **gift, event, now);
  if (!stepped) return pass_on(stepped.error());
  return gift;
}

Result<void> SentGifts::exchange_ended(store::Batch& batch, const Exchange& exchange,
                                       VoucherRecord* fresh, UtcMs now) const {
  auto gift = store_.sent_gift(exchange.aim.gift);
  if (!gift) return pass_on(gift.error());
  const bool asked_by_us = *gift && (*gift)->state == SentState::taking_back;
  if (fresh == nullptr) {
    const auto voucher = rooms_.wallet.voucher(exchange.id);
    if (!voucher) return pass_on(voucher.error());
    auto moved = rooms_.wallet.move(batch, *voucher,
                                    asked_by_us ? VoucherEvent::keep_away : VoucherEvent::refuse,
                                    voucher->gift, now);
    if (!moved) return moved;
  }
  if (!*gift) return {};
  if (asked_by_us) {
    const SentEvent back = (*gift)->ran_out ? SentEvent::back_late : SentEvent::back;
    return step(batch, **gift, fresh != nullptr ? back : SentEvent::was_used, now);
  }
  if (fresh != nullptr) return {};
  (*gift)->reason += ((*gift)->reason.empty() ? "" : " ") +
                     std::string("Its voucher had been used, and is not to be had back.");
  store_.put(batch, **gift);
  return {};
}

}  // namespace hearth::node
