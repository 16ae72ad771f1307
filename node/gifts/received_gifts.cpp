#include "node/gifts/received_gifts.h"

#include <algorithm>
#include <set>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "node/gifts/gift_words.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

using State = ReceivedState;
using Said = wire::GiftAnswer::State;

/// More are declined at once, and their vouchers go back.
constexpr std::ptrdiff_t max_waiting = 1000, max_waiting_of_one_home = 50;

/// No fault of the gift's: it stays in the mailbox and is tried again.
bool is_of_this_machine(Code code) {
  return code == Code::corrupt || code == Code::io || code == Code::disk_full ||
         code == Code::locked;
}

/// What an answer says of a gift that is accepted.
Said said_of(const ReceivedGift& gift) {
  if (gift.state == State::fetched) return Said::fetched;
  return Said::accepted;
}

bool is_accepted(State state) {
  return state == State::accepted || state == State::fetching || state == State::fetched;
}

tl::unexpected<Error> wrong_state(const ReceivedGift& gift, const std::string& what) {
  return fail(Code::gift_state, "This gift is " + std::string(name_of(gift.state)) +
                                    " already and cannot be " + what + ". Nothing was changed.");
}

}  // namespace

Result<std::optional<ReceivedGift>> ReceivedGifts::take(store::Batch& batch,
                                                        const identity::HomeAddress& from,
                                                        const wire::Gift& gift, UtcMs now) const {
  const auto known = store_.received_gift(to_hex(gift.id));
  if (!known) return pass_on(known.error());
  if (*known) return std::optional<ReceivedGift>();  // sent twice: the id makes it one
  ReceivedGift record;
  record.id = to_hex(gift.id);
  record.from = from;
  record.from_card = gift.from_card;
  record.offer_jws = gift.offer_jws;
  record.manifest_jws = gift.manifest_jws;
  record.voucher = gift.voucher;
  record.file_key = gift.file_key;
  record.words = words_of(gift);
  record.push_asks = gift.restrictions.push != wire::Push::accept;
  record.min_age = gift.restrictions.min_age;
  record.not_before_ms = gift.restrictions.not_before_ms;
  record.sent_ms = gift.sent_ms;
  record.received_ms = record.changed_ms = now;
  const auto flood = too_many(record);
  if (!flood) return pass_on(flood.error());
  if (*flood) {
    spdlog::warn("gifts: a gift was refused: too many wait");
    const auto contact = rooms_.contacts.by_home(from);
    if (!contact) return pass_on(contact.error());
    if (!*contact) return std::optional<ReceivedGift>();
    record.reason = "Too many gifts wait in this home.";
    auto answered = answer(batch, record, Said::declined);
    if (!answered) return pass_on(answered.error());
    return std::optional<ReceivedGift>();
  }
  auto admitted = admit(batch, record, now);
  if (!admitted) {
    if (is_of_this_machine(admitted.error().code)) return pass_on(admitted.error());
    spdlog::warn("gifts: a gift was refused: {}", admitted.error().sentence);
    return std::optional<ReceivedGift>();
  }
  if (record.state == State::waiting && !gift.picture.empty()) {
    store_.put_picture(batch, record.id, gift.picture);
  }
  return std::optional(std::move(record));
}

Result<bool> ReceivedGifts::too_many(const ReceivedGift& gift) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  const auto waiting = std::count_if(
      all->begin(), all->end(), [](const auto& other) { return other.state == State::waiting; });
  const auto of_this_home = std::count_if(all->begin(), all->end(), [&](const auto& other) {
    return other.state == State::waiting && other.from == gift.from;
  });
  return waiting >= max_waiting || of_this_home >= max_waiting_of_one_home;
}

Result<ReceivedGift> ReceivedGifts::loaded(const std::string& id) const {
  auto gift = store_.received_gift(id);
  if (!gift) return pass_on(gift.error());
  if (!*gift) return damaged("gift");
  return std::move(**gift);
}

/// What becomes of a gift that has just arrived, or whose offer has.
Result<void> ReceivedGifts::admit(store::Batch& batch, ReceivedGift& gift, UtcMs now,
                                  Told told) const {
  if (is_over(gift.words, now)) return end_unused(batch, gift, ReceivedEvent::run_out, {}, now);
  if (gift.voucher && gift.offer_jws.empty()) {
    store_.put(batch, gift);
    return answer(batch, gift, Said::delivered);
  }
  const auto verdict = judged(gift, now);
  if (!verdict) return pass_on(verdict.error());
  const auto manifest = manifest_of(gift);
  if (!manifest) return pass_on(manifest.error());
  gift.title_name = manifest->name;
  gift.title = to_hex(manifest->title);
  gift.size = manifest->size;
  if (verdict->what == Verdict::What::refuse) {
    return end_unused(batch, gift, ReceivedEvent::decline, verdict->sentence, now);
  }
  // The parts of a parcel follow the first decision about it.
  const auto parcel = store_.parcel_of(gift);
  if (!parcel) return pass_on(parcel.error());
  const bool joined = std::any_of(parcel->begin(), parcel->end(),
                                  [](const auto& part) { return is_accepted(part.state); });
  for (const auto& part : *parcel) {
    if (part.id == gift.id || part.state != State::declined) continue;
    return end_unused(batch, gift, ReceivedEvent::decline, part.reason, now);
  }
  gift.quiet = verdict->quiet;
  const bool by_rule = verdict->what == Verdict::What::accept || was_wished(gift);
  gift.auto_accept = joined || (by_rule && !verdict->later);
  if (gift.auto_accept && check_open(gift, now)) return accept_one(batch, gift, now);
  if (verdict->later && !joined) store_.put_after_hours(batch, gift.id);
  store_.put(batch, gift);
  return told == Told::already ? Result<void>() : answer(batch, gift, Said::delivered);
}

/// What this home's rules say of it now.
Result<Verdict> ReceivedGifts::judged(const ReceivedGift& gift, UtcMs now) const {
  auto what = offering_of(gift);
  if (!what) return pass_on(what.error());
  const auto received_month = received_since(local_moment(now).month_began);
  if (!received_month) return pass_on(received_month.error());
  return decide_(gift.from, std::move(*what), *received_month);
}

Result<Offering> ReceivedGifts::offering_of(const ReceivedGift& gift) const {
  const auto manifest = manifest_of(gift);
  if (!manifest) return pass_on(manifest.error());
  Offering what;
  what.must_ask = gift.push_asks;
  what.kind = manifest->kind;
  what.size = manifest->size;
  what.min_age = gift.min_age;
  if (gift.offer_jws.empty()) {
    if (manifest->home == gift.from) return what;
    return fail(Code::wrong_signer, "A private title can be given by its publisher alone.");
  }
  const auto offer = wire::read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  what.min_age = std::max(what.min_age, offer->terms.min_age);
  return what;
}

Result<std::uint64_t> ReceivedGifts::received_since(UtcMs since) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  std::uint64_t sum = 0;
  for (const auto& gift : *all) {
    if (gift.accepted_ms >= since && is_accepted(gift.state)) sum += gift.size;
  }
  return sum;
}

Result<void> ReceivedGifts::put_offer(store::Batch& batch, ReceivedGift gift,
                                      const wire::Offer& offer, UtcMs now) const {
  if (gift.state != State::waiting || !gift.voucher || offer.id != gift.voucher->offer) return {};
  gift.offer_jws = offer.jws;
  return admit(batch, gift, now);
}

/// A gift that will not be used here: its voucher goes back with the answer.
Result<void> ReceivedGifts::end_unused(store::Batch& batch, ReceivedGift& gift, ReceivedEvent event,
                                       const std::string& reason, UtcMs now) const {
  const auto next = next_state(gift.state, event);
  if (!next) return {};
  gift.state = *next;
  gift.reason = reason;
  gift.changed_ms = now;
  auto answered =
      answer(batch, gift, event == ReceivedEvent::run_out ? Said::expired : Said::declined);
  if (!answered) return answered;
  gift.voucher.reset();
  gift.file_key.reset();
  store_.erase_picture(batch, gift.id);
  store_.put(batch, gift);
  return {};
}

Result<void> ReceivedGifts::answer(store::Batch& batch, const ReceivedGift& gift, Said state,
                                   const std::string& thanks) const {
  const auto card = identity::parse_contact_card(gift.from_card);
  if (!card || card->ledger_key != rooms_.ledger_key) {
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
  answer.thanks = thanks;
  if (state == Said::declined || state == Said::expired) {
    answer.reason = gift.reason;
    if (gift.state != State::used_up) answer.voucher = gift.voucher;
  }
  auto sealed = wire::seal_gift_answer(answer, rooms_.keys.identity(), card->encryption);
  if (!sealed) return pass_on(sealed.error());
  rooms_.outbox.put_entry(batch, {to_hex(crypto::random_array<16>()),
                                  card->mailbox,
                                  card->drop_token,
                                  std::move(*sealed),
                                  {},
                                  answer.at_ms});
  return {};
}

Result<std::vector<ReceivedGift>> ReceivedGifts::put_accept(store::Batch& batch,
                                                            const std::string& id,
                                                            UtcMs now) const {
  auto parcel = store_.find_received(id);
  if (!parcel) return pass_on(parcel.error());
  std::vector<ReceivedGift> accepted;
  std::set<std::string> vouchers;
  for (auto& gift : *parcel) {
    if (gift.state != State::waiting) continue;
    // One voucher in two parts is none in the second.
    if (gift.voucher && !vouchers.insert(voucher_id(*gift.voucher)).second) continue;
    auto done = accept_one(batch, gift, now);
    if (!done) return pass_on(done.error());
    accepted.push_back(std::move(gift));
  }
  if (accepted.empty()) return wrong_state(parcel->front(), "accepted");
  return accepted;
}

Result<void> ReceivedGifts::accept_one(store::Batch& batch, ReceivedGift& gift, UtcMs now) const {
  auto open = check_open(gift, now);
  if (!open) return open;
  if (is_over(gift.words, now)) {
    return fail(Code::gift_state, "The time in which this gift was to be accepted is over.");
  }
  if (gift.voucher && gift.offer_jws.empty()) {
    return fail(Code::not_playable_yet,
                "The ledger has not told yet what this gift is. Nothing was changed; try again "
                "when it is reachable.");
  }
  const auto next = next_state(gift.state, ReceivedEvent::accept);
  if (!next) return wrong_state(gift, "accepted");
  gift.state = *next;
  gift.changed_ms = gift.accepted_ms = now;
  auto granted = grant_wish(batch, gift);
  if (!granted) return granted;
  if (!gift.voucher) return begin_delivery(batch, gift, nullptr, now);
  const auto offer = wire::read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  rooms_.wallet.remember_offer(batch, gift.offer_jws);
  const Aim aim{Aim::What::accept, gift.id};
  auto wanted = rooms_.exchanges.put_wanted(batch, *gift.voucher, aim, now);
  if (!wanted && wanted.error().code == Code::voucher_spent) return find_used(batch, gift, now);
  store_.put(batch, gift);
  return wanted;
}

/// The voucher itself goes nowhere: it is worth nothing, and the giver has its own copy.
Result<void> ReceivedGifts::find_used(store::Batch& batch, ReceivedGift& gift, UtcMs now) const {
  const auto contact = rooms_.contacts.by_home(gift.from);
  if (!contact) return pass_on(contact.error());
  const auto next = next_state(gift.state, ReceivedEvent::find_used);
  if (!next) return {};
  gift.state = *next;
  gift.changed_ms = now;
  gift.reason = "This gift had been used already when it was accepted. It came from " +
                (*contact ? (*contact)->name : std::string("a home that is no contact")) + ".";
  store_.put(batch, gift);
  return answer(batch, gift, Said::declined);
}

/// The voucher, or the key of a private title, is this home's alone: fetched from here on.
Result<void> ReceivedGifts::begin_delivery(store::Batch& batch, ReceivedGift& gift,
                                           VoucherRecord* voucher, UtcMs now) const {
  DeliveryOrder order;
  order.gift = gift.id;
  if (voucher != nullptr) {
    order.offer_jws = gift.offer_jws;
    order.voucher = voucher->id;
  } else {
    order.manifest_jws = gift.manifest_jws;
    order.file_key = gift.file_key;
  }
  const auto begun = rooms_.deliveries.begin(batch, order, now);
  if (!begun) return pass_on(begun.error());
  // A title that is here already, or on its way: its voucher stays in the wallet, to be given on.
  if (voucher != nullptr) {
    voucher->state = *begun ? VoucherState::redeeming : VoucherState::held;
  }
  if (!*begun) gift.state = State::fetched;
  gift.changed_ms = now;
  store_.put(batch, gift);
  return answer(batch, gift, said_of(gift));
}

Result<void> ReceivedGifts::exchange_ended(store::Batch& batch, const Exchange& exchange,
                                           VoucherRecord* fresh, UtcMs now) const {
  auto gift = store_.received_gift(exchange.aim.gift);
  if (!gift) return pass_on(gift.error());
  if (!*gift || (*gift)->state != State::accepted) return {};
  if (fresh != nullptr) return begin_delivery(batch, **gift, fresh, now);
  return find_used(batch, **gift, now);
}

Result<std::vector<ReceivedGift>> ReceivedGifts::put_decline(store::Batch& batch,
                                                             const std::string& id,
                                                             const std::string& reason,
                                                             UtcMs now) const {
  const auto checked = checked_note(reason);
  if (!checked) return pass_on(checked.error());
  auto parcel = store_.find_received(id);
  if (!parcel) return pass_on(parcel.error());
  std::vector<ReceivedGift> declined;
  for (auto& gift : *parcel) {
    if (gift.state != State::waiting) continue;
    auto done = end_unused(batch, gift, ReceivedEvent::decline, *checked, now);
    if (!done) return pass_on(done.error());
    declined.push_back(std::move(gift));
  }
  if (declined.empty()) return wrong_state(parcel->front(), "declined");
  return declined;
}

Result<void> ReceivedGifts::put_decline_from(store::Batch& batch, const identity::HomeAddress& from,
                                             const std::string& reason, UtcMs now) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  for (const auto& brief : *all) {
    if (brief.from != from || brief.state != State::waiting) continue;
    auto gift = loaded(brief.id);
    if (!gift) return pass_on(gift.error());
    auto done = end_unused(batch, *gift, ReceivedEvent::decline, reason, now);
    if (!done) return done;
  }
  return {};
}

Result<ReceivedGift> ReceivedGifts::put_thanks(store::Batch& batch, const std::string& id,
                                               const std::string& text, UtcMs now) const {
  const auto checked = checked_note(text);
  if (!checked) return pass_on(checked.error());
  const auto parcel = store_.find_received(id);
  if (!parcel) return pass_on(parcel.error());
  ReceivedGift gift = parcel->front();
  if (!is_accepted(gift.state)) {
    return fail(Code::gift_state,
                "This gift is " + std::string(name_of(gift.state)) +
                    ": thanks are for a gift that was accepted. Nothing was sent.");
  }
  gift.thanks = *checked;
  gift.changed_ms = now;
  store_.put(batch, gift);
  auto answered = answer(batch, gift, said_of(gift), *checked);
  if (!answered) return pass_on(answered.error());
  return gift;
}

Result<void> ReceivedGifts::put_played(store::Batch& batch, const std::string& title, bool shared,
                                       UtcMs now) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  for (const auto& brief : *all) {
    if (brief.title != title || !is_accepted(brief.state) || brief.played_ms != 0) continue;
    auto gift = loaded(brief.id);
    if (!gift) return pass_on(gift.error());
    gift->played_ms = now;
    store_.put(batch, *gift);
    if (!shared) continue;
    auto answered = answer(batch, *gift, Said::played);
    if (!answered) return answered;
  }
  return {};
}

Result<UtcMs> ReceivedGifts::put_run_out(store::Batch& batch, UtcMs now) const {
  const auto all = store_.briefs();
  if (!all) return pass_on(all.error());
  UtcMs next = 0;
  const auto look_at = [&](UtcMs moment) {
    if (moment > now && (next == 0 || moment < next)) next = moment;
  };
  for (const auto& brief : *all) {
    if (brief.state != State::waiting) continue;
    look_at(brief.expires_ms);
    look_at(brief.opens_ms);
    if (brief.expires_ms == 0 || now < brief.expires_ms) continue;
    auto gift = loaded(brief.id);
    if (!gift) return pass_on(gift.error());
    auto done = end_unused(batch, *gift, ReceivedEvent::run_out, {}, now);
    if (!done) spdlog::warn("gifts: {}", done.error().sentence);
  }
  return next;
}

Result<void> ReceivedGifts::fetch_event(store::Batch& batch, const std::string& id,
                                        ReceivedEvent event) const {
  auto gift = store_.received_gift(id);
  if (!gift) return pass_on(gift.error());
  if (!*gift) return {};
  const auto next = next_state((*gift)->state, event);
  if (!next) return {};
  (*gift)->state = *next;
  (*gift)->changed_ms = now_ms();
  store_.put(batch, **gift);
  if (*next != State::fetched) return {};
  auto answered = answer(batch, **gift, Said::fetched);
  rooms_.outbox.kick();  // it looks on the loop's next turn, after this commit
  return answered;
}

/// A person here asked that very home for that very offer.
bool ReceivedGifts::was_wished(const ReceivedGift& gift) const {
  if (gift.words.wish.empty() || !gift.voucher) return false;
  const auto wish = store_.wish(true, gift.words.wish);
  return wish && *wish && (*wish)->home == gift.from &&
         (*wish)->offer == to_hex(gift.voucher->offer);
}

Result<void> ReceivedGifts::grant_wish(store::Batch& batch, const ReceivedGift& gift) const {
  if (!was_wished(gift)) return {};
  auto wish = store_.wish(true, gift.words.wish);
  if (!wish || !*wish) return {};
  (*wish)->granted = true;
  store_.put(batch, **wish);
  return {};
}

}  // namespace hearth::node
