#include "node/gifts/gift_cards.h"

#include <algorithm>

#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::string_view prefix = "gift-card/";
constexpr std::size_t max_text = 8 * 1024;

std::string key_of(const CardRecord& card) {
  return std::string(prefix) + card.voucher;
}

}  // namespace

std::string_view name_of(CardRecord::State state) {
  switch (state) {
    case CardRecord::State::out:
      return "out";
    case CardRecord::State::voided:
      return "voided";
    case CardRecord::State::used:
      return "used";
  }
  return "unknown";
}

Bytes encode(const CardRecord& card) {
  Writer out;
  out.u8(format).text(card.voucher).u8(static_cast<std::uint8_t>(card.state));
  out.text(card.title_name).text(card.note).i64(card.made_ms).i64(card.changed_ms);
  return out.take();
}

Result<CardRecord> decode_card(ByteView bytes) {
  hearth::Reader in(bytes);
  CardRecord card;
  const bool known = in.u8() == format;
  card.voucher = in.text(max_text);
  const std::uint8_t state = in.u8();
  card.state = static_cast<CardRecord::State>(state);
  card.title_name = in.text(max_text);
  card.note = in.text(max_text);
  card.made_ms = in.i64();
  card.changed_ms = in.i64();
  if (!known || !in.done() || state < 1 || state > 3) return damaged("gift card");
  return card;
}

Result<CardRecord> GiftCards::make(const VoucherRecord& voucher, const std::string& note,
                                   UtcMs now) {
  const auto offer = wallet_.offer(voucher.voucher.offer);
  if (!offer) return pass_on(offer.error());
  if (!offer->terms.giftable) {
    return fail(Code::not_giftable, "The seller's terms do not allow giving " +
                                        offer->manifest.name +
                                        " away. No card was made, and the voucher stays yours.");
  }
  CardRecord card;
  card.voucher = voucher.id;
  card.title_name = offer->manifest.name;
  card.note = note;
  card.made_ms = card.changed_ms = now;
  store::Batch batch;
  auto moved = wallet_.move(batch, voucher, VoucherEvent::give, {}, now);
  if (!moved) return pass_on(moved.error());
  put(batch, key_of(card), encode(card));
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  return card;
}

Result<std::vector<CardRecord>> GiftCards::list() const {
  std::vector<CardRecord> all;
  auto scanned = records_.scan(prefix, [&](std::string_view, ByteView value) -> Result<void> {
    auto card = decode_card(value);
    if (!card) return pass_on(card.error());
    all.push_back(std::move(*card));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.made_ms < b.made_ms; });
  return all;
}

Result<CardRecord> GiftCards::find(const std::string& id) const {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const CardRecord* found = nullptr;
  for (const auto& card : *all) {
    if (id.size() < 4 || !card.voucher.starts_with(id)) continue;
    if (found != nullptr) {
      return fail(Code::unknown_gift, "Several gift cards begin with " + printable(id) +
                                          ". Nothing was changed; write more of the id.");
    }
    found = &card;
  }
  if (found != nullptr) return *found;
  return fail(Code::unknown_gift, "There is no gift card " + printable(id) +
                                      ". Nothing was changed; hearth gift cards shows them.");
}

Result<wire::GiftCard> GiftCards::card(const CardRecord& record) const {
  const auto voucher = wallet_.voucher(record.voucher);
  if (!voucher) return pass_on(voucher.error());
  return wire::GiftCard{ledger_, voucher->voucher};
}

Result<void> GiftCards::close(CardRecord record, CardRecord::State state, UtcMs now) {
  record.state = state;
  record.changed_ms = now;
  store::Batch batch;
  put(batch, key_of(record), encode(record));
  return records_.commit(batch);
}

}  // namespace hearth::node
