#include "node/gifts/gifts.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

std::string sent_key(const std::string& id) {
  return "gift/out/" + id;
}

}  // namespace

std::string Gifts::new_id() {
  return to_hex(crypto::random_array<16>());
}

Gifts::Gifts(Records& records, Wallet& wallet, Contacts& contacts, Outbox& outbox,
             Deliveries& deliveries, Own own)
    : records_(records),
      wallet_(wallet),
      contacts_(contacts),
      outbox_(outbox),
      deliveries_(deliveries),
      own_(std::move(own)) {}

Result<void> Gifts::can_give(const Contact& to) const {
  if (to.card.ledger_key == own_.ledger_key) return {};
  return fail(Code::unreachable, to.name +
                                     " uses another ledger than this home, and gifts do not "
                                     "cross ledgers. Nothing was sent or charged.");
}

Result<void> Gifts::put_drop(store::Batch& batch, const Contact& to, const wire::Gift& gift,
                             const SentGift& record, UtcMs now) {
  auto possible = can_give(to);
  if (!possible) return possible;
  auto sealed = wire::seal_gift(gift, own_.keys.identity(), to.card.encryption);
  if (!sealed) return pass_on(sealed.error());
  outbox_.put_entry(
      batch, {new_id(), to.card.mailbox, to.card.drop_token, std::move(*sealed), record.id, now});
  put(batch, sent_key(record.id), encode(record));
  return {};
}

Result<SentGift> Gifts::give_voucher(store::Batch& batch, const Contact& to,
                                     const VoucherRecord& voucher, const std::string& id,
                                     const std::string& note, UtcMs now) {
  const auto offer = wallet_.offer(voucher.voucher.offer);
  if (!offer) return pass_on(offer.error());
  if (!offer->terms.giftable) {
    return fail(Code::not_giftable, "The seller's terms do not allow giving " +
                                        offer->manifest.name +
                                        " away. Nothing was sent or charged.");
  }
  wire::Gift gift;
  const auto id_bytes = from_hex(id);
  HEARTH_ASSERT(id_bytes && id_bytes->size() == gift.id.size());
  std::copy(id_bytes->begin(), id_bytes->end(), gift.id.begin());
  gift.to = to.card.home;
  gift.from_card = own_.card_text;
  gift.note = note;
  gift.offer_jws = offer->jws;
  gift.voucher = voucher.voucher;
  gift.sent_ms = now;
  SentGift record;
  record.id = to_hex(gift.id);
  record.to = to.card.home;
  record.to_name = to.name;
  record.title_name = offer->manifest.name;
  record.title = to_hex(offer->manifest.title);
  record.offer = to_hex(offer->id);
  record.voucher = voucher.id;
  record.note = note;
  record.sent_ms = record.changed_ms = now;
  auto moved = wallet_.move(batch, voucher, VoucherEvent::give, record.id, now);
  if (!moved) return pass_on(moved.error());
  auto dropped = put_drop(batch, to, gift, record, now);
  if (!dropped) return pass_on(dropped.error());
  return record;
}

Result<SentGift> Gifts::give_private(store::Batch& batch, const Contact& to, const Title& title,
                                     const std::string& note, UtcMs now) {
  if (title.origin != TitleOrigin::published || !title.key || !title.offer_jws.empty()) {
    return fail(Code::not_giftable, "Only the home that published " + title.manifest.name +
                                        " can give it away. Nothing was sent.");
  }
  wire::Gift gift;
  gift.id = crypto::random_array<16>();
  gift.to = to.card.home;
  gift.from_card = own_.card_text;
  gift.note = note;
  gift.manifest_jws = title.manifest_jws;
  gift.file_key = title.key;
  gift.sent_ms = now;
  SentGift record;
  record.id = to_hex(gift.id);
  record.to = to.card.home;
  record.to_name = to.name;
  record.title_name = title.manifest.name;
  record.title = to_hex(title.manifest.title);
  record.note = note;
  record.sent_ms = record.changed_ms = now;
  auto dropped = put_drop(batch, to, gift, record, now);
  if (!dropped) return pass_on(dropped.error());
  return record;
}

Result<std::vector<SentGift>> Gifts::sent() const {
  std::vector<SentGift> all;
  auto scanned = records_.scan("gift/out/", [&](std::string_view, ByteView value) -> Result<void> {
    auto gift = decode_sent_gift(value);
    if (!gift) return pass_on(gift.error());
    all.push_back(std::move(*gift));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.sent_ms < b.sent_ms; });
  return all;
}

Result<SentGift> Gifts::sent_gift(const std::string& id) const {
  auto stored = records_.get(sent_key(id));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return fail(Code::unknown_gift, "This home sent no such gift.");
  return decode_sent_gift(**stored);
}

/// One step of a sent gift; brings the voucher back when the gift will not be used.
Result<void> Gifts::step(store::Batch& batch, SentGift gift, SentEvent event,
                         const std::string& reason, UtcMs now) {
  const auto next = next_state(gift.state, event);
  if (!next) return {};
  gift.state = *next;
  gift.changed_ms = now;
  if (voucher_comes_back(gift.state)) {
    gift.reason = reason;
    if (!gift.voucher.empty()) {
      auto voucher = wallet_.voucher(gift.voucher);
      if (!voucher) return pass_on(voucher.error());
      auto moved = wallet_.move(batch, *voucher, VoucherEvent::come_back, {}, now);
      if (!moved) return moved;
    }
  }
  put(batch, sent_key(gift.id), encode(gift));
  return {};
}

Result<void> Gifts::drop_settled(store::Batch& batch, const std::string& id, const Error* why) {
  auto gift = sent_gift(id);
  if (!gift) return pass_on(gift.error());
  if (why == nullptr) return step(batch, *gift, SentEvent::dropped, {}, now_ms());
  return step(batch, *gift, SentEvent::undeliverable, why->sentence.substr(0, 2000), now_ms());
}

Result<void> Gifts::take_answer(store::Batch& batch, const identity::HomeAddress& from,
                                const wire::GiftAnswer& answer, UtcMs now) {
  const auto gift = sent_gift(to_hex(answer.id));
  if (!gift && gift.error().code != Code::unknown_gift) return pass_on(gift.error());
  if (!gift || gift->to != from) {
    spdlog::warn("gifts: an answer to a gift that this home did not send was ignored");
    return {};
  }
  return step(batch, *gift, event_of(answer.state), answer.reason, now);
}

}  // namespace hearth::node
