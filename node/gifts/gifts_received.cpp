#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "node/gifts/gifts.h"

namespace hearth::node {
namespace {

/// More are declined at once, and their vouchers go back.
constexpr int max_waiting = 1000;

std::string received_key(const std::string& id) {
  return "gift/in/" + id;
}

void put_received(store::Batch& batch, const ReceivedGift& gift) {
  put(batch, received_key(gift.id), encode(gift));
}

Result<wire::Manifest> manifest_of(const wire::Gift& gift) {
  if (gift.offer_jws.empty()) return wire::read_manifest(gift.manifest_jws);
  auto offer = wire::read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  return std::move(offer->manifest);
}

}  // namespace

Result<void> Gifts::take_drop(ByteView drop, const std::function<void(store::Batch&)>& cursor) {
  const UtcMs now = now_ms();
  const int waiting_before = waiting();
  store::Batch batch;
  const auto opened = wire::open_drop(drop, own_.keys.encryption(), own_.keys.address());
  std::string arrived;
  if (!opened) {
    spdlog::warn("gifts: a drop was not for this home or not well-formed: {}",
                 opened.error().sentence);
  } else if (opened->gift) {
    const auto known = stored_received(to_hex(opened->gift->id));
    if (!known) return pass_on(known.error());
    auto taken = take_gift(batch, opened->from, *opened->gift, now);
    if (!taken) return taken;
    if (!*known) arrived = to_hex(opened->gift->id);
  } else if (opened->answer) {
    auto taken = take_answer(batch, opened->from, *opened->answer, now);
    if (!taken) return taken;
  }
  cursor(batch);
  auto stored = records_.commit(batch);
  if (!stored) return stored;
  outbox_.kick();
  if (changed_) changed_();
  if (arrived.empty() || waiting() == waiting_before) return {};
  const auto gift = stored_received(arrived);
  if (gift && *gift && arrived_) arrived_(**gift);
  return {};
}

Result<void> Gifts::take_gift(store::Batch& batch, const identity::HomeAddress& from,
                              const wire::Gift& gift, UtcMs now) {
  const auto known = stored_received(to_hex(gift.id));
  if (!known) return pass_on(known.error());
  if (*known) return {};  // sent twice: the id makes it one
  const auto manifest = manifest_of(gift);
  if (!manifest) {
    spdlog::warn("gifts: a gift was refused: {}", manifest.error().sentence);
    return {};
  }
  if (gift.offer_jws.empty() && manifest->home != from) {
    spdlog::warn("gifts: a private title given by another home than its publisher was refused");
    return {};
  }
  ReceivedGift record;
  record.id = to_hex(gift.id);
  record.from = from;
  record.from_card = gift.from_card;
  record.title_name = manifest->name;
  record.title = to_hex(manifest->title);
  record.note = gift.note;
  record.offer_jws = gift.offer_jws;
  record.manifest_jws = gift.manifest_jws;
  record.voucher = gift.voucher;
  record.file_key = gift.file_key;
  record.sent_ms = gift.sent_ms;
  record.received_ms = record.changed_ms = now;
  auto state = wire::GiftAnswer::State::delivered;
  if (waiting() >= max_waiting) {
    record.state = ReceivedState::declined;
    record.reason = "Too many gifts wait in this home.";
    state = wire::GiftAnswer::State::declined;
  }
  auto answered = answer(batch, record, state);
  if (!answered) return answered;
  if (record.state == ReceivedState::declined) record.voucher.reset();
  put_received(batch, record);
  return {};
}

Result<void> Gifts::answer(store::Batch& batch, const ReceivedGift& gift,
                           wire::GiftAnswer::State state) {
  const auto card = identity::parse_contact_card(gift.from_card);
  if (!card || card->ledger_key != own_.ledger_key) {
    spdlog::warn("gifts: a sender cannot be answered: its card is of another ledger");
    return {};
  }
  wire::GiftAnswer answer;
  const auto id = from_hex(gift.id);
  if (!id || id->size() != answer.id.size()) return damaged("gift");
  std::copy(id->begin(), id->end(), answer.id.begin());
  answer.to = gift.from;
  answer.state = state;
  answer.at_ms = now_ms();
  if (state == wire::GiftAnswer::State::declined) {
    answer.reason = gift.reason;
    answer.voucher = gift.voucher;
  }
  auto sealed = wire::seal_gift_answer(answer, own_.keys.identity(), card->encryption);
  if (!sealed) return pass_on(sealed.error());
  outbox_.put_entry(batch, {to_hex(crypto::random_array<16>()), card->mailbox, card->drop_token,
                            std::move(*sealed), std::string(), answer.at_ms});
  return {};
}

Result<ReceivedGift> Gifts::accept(const std::string& id, UtcMs now) {
  auto gift = find_received(id);
  if (!gift) return gift;
  const auto next = next_state(gift->state, ReceivedEvent::accept);
  if (!next) {
    return fail(Code::gift_state, "This gift is " + std::string(name_of(gift->state)) +
                                      " already. Nothing was changed.");
  }
  store::Batch batch;
  DeliveryOrder order;
  order.gift = gift->id;
  VoucherRecord voucher;
  if (gift->voucher) {
    voucher = {
        voucher_id(*gift->voucher), *gift->voucher, VoucherState::redeeming, gift->id, true, now};
    order.offer_jws = gift->offer_jws;
    order.voucher = voucher.id;
    wallet_.remember_offer(batch, gift->offer_jws);
  } else {
    order.manifest_jws = gift->manifest_jws;
    order.file_key = gift->file_key;
  }
  const auto begun = deliveries_.begin(batch, order, now);
  if (!begun) return pass_on(begun.error());
  // A title that is here already, or on its way: its voucher stays in the wallet, to be given on.
  if (!*begun) voucher.state = VoucherState::held;
  if (gift->voucher) wallet_.put_voucher(batch, voucher);
  gift->state = *begun ? *next : ReceivedState::fetched;
  gift->changed_ms = now;
  put_received(batch, *gift);
  auto answered = answer(
      batch, *gift, *begun ? wire::GiftAnswer::State::accepted : wire::GiftAnswer::State::fetched);
  if (!answered) return pass_on(answered.error());
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  deliveries_.resume();
  outbox_.kick();
  if (changed_) changed_();
  return gift;
}

Result<ReceivedGift> Gifts::decline(const std::string& id, const std::string& reason, UtcMs now) {
  auto gift = find_received(id);
  if (!gift) return gift;
  const auto checked = checked_note(reason);
  if (!checked) return pass_on(checked.error());
  const auto next = next_state(gift->state, ReceivedEvent::decline);
  if (!next) {
    return fail(Code::gift_state, "This gift is " + std::string(name_of(gift->state)) +
                                      " already and cannot be declined. Nothing was changed.");
  }
  gift->state = *next;
  gift->reason = *checked;
  gift->changed_ms = now;
  store::Batch batch;
  auto answered = answer(batch, *gift, wire::GiftAnswer::State::declined);
  if (!answered) return pass_on(answered.error());
  gift->voucher.reset();
  gift->file_key.reset();
  put_received(batch, *gift);
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  outbox_.kick();
  if (changed_) changed_();
  return gift;
}

Result<void> Gifts::fetch_event(store::Batch& batch, const std::string& id, ReceivedEvent event) {
  auto gift = stored_received(id);
  if (!gift) return pass_on(gift.error());
  if (!*gift) return {};
  const auto next = next_state((*gift)->state, event);
  if (!next) return {};
  (*gift)->state = *next;
  (*gift)->changed_ms = now_ms();
  put_received(batch, **gift);
  if (*next != ReceivedState::fetched) return {};
  auto answered = answer(batch, **gift, wire::GiftAnswer::State::fetched);
  outbox_.kick();  // it looks on the loop's next turn, after this commit
  return answered;
}

Result<std::vector<ReceivedGift>> Gifts::received() const {
  std::vector<ReceivedGift> all;
  auto scanned = records_.scan("gift/in/", [&](std::string_view, ByteView value) -> Result<void> {
    auto gift = decode_received_gift(value);
    if (!gift) return pass_on(gift.error());
    all.push_back(std::move(*gift));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.received_ms < b.received_ms; });
  return all;
}

int Gifts::waiting() const {
  const auto all = received();
  if (!all) return 0;
  return static_cast<int>(std::count_if(all->begin(), all->end(), [](const auto& gift) {
    return gift.state == ReceivedState::waiting;
  }));
}

Result<std::optional<ReceivedGift>> Gifts::stored_received(const std::string& id) const {
  auto stored = records_.get(received_key(id));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<ReceivedGift>();
  auto gift = decode_received_gift(**stored);
  if (!gift) return pass_on(gift.error());
  return std::optional(std::move(*gift));
}

Result<ReceivedGift> Gifts::find_received(const std::string& id) const {
  const auto all = received();
  if (!all) return pass_on(all.error());
  const ReceivedGift* found = nullptr;
  for (const auto& gift : *all) {
    if (id.size() < 4 || !gift.id.starts_with(id)) continue;
    if (found != nullptr) {
      return fail(Code::unknown_gift, "Several gifts begin with " + printable(id) +
                                          ". Nothing was changed; write more of the id.");
    }
    found = &gift;
  }
  if (found != nullptr) return *found;
  return fail(Code::unknown_gift, "There is no gift " + printable(id) +
                                      ". Nothing was changed; hearth gift list shows the ids "
                                      "(at least four digits of one are needed).");
}

}  // namespace hearth::node
