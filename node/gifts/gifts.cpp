#include "node/gifts/gifts.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

/// A clock that was set is noticed within this time.
constexpr std::int64_t look_again_ms = 30'000;
constexpr std::int64_t ask_again_ms = 5'000;
constexpr std::size_t max_wishes = 1000;

}  // namespace

Gifts::Gifts(net::Loop& loop, LedgerLink& ledger, const GiftRooms& rooms,
             ReceivedGifts::Decide decide)
    : loop_(loop),
      ledger_(ledger),
      rooms_(rooms),
      store_(rooms.records),
      sent_(rooms),
      received_(rooms, std::move(decide)),
      wake_(loop) {}

void Gifts::start() {
  const auto complete = store_.complete_briefs();
  if (!complete) spdlog::error("gifts: {}", complete.error().sentence);
  net::spawn(loop_, run(), "gifts");
}

void Gifts::stop() {
  stopping_ = true;
  wake_.notify_all();
}

void Gifts::go_on() {
  rooms_.exchanges.resume();
  rooms_.deliveries.resume();
  rooms_.outbox.kick();
  wake_.notify_all();
  if (told_.change) told_.change();
}

Result<void> Gifts::commit(const store::Batch& batch) {
  if (batch.empty()) return {};
  auto stored = rooms_.records.commit(batch);
  if (stored) go_on();
  return stored;
}

net::Task<void> Gifts::run() {
  while (!stopping_) {
    const auto wait_ms = do_due(now_ms());
    if (!wait_ms) spdlog::error("gifts: {}", wait_ms.error().sentence);
    const bool all_known = co_await fetch_offers();
    if (stopping_) break;
    const std::int64_t due_ms = wait_ms ? *wait_ms : look_again_ms;
    co_await wake_.wait(all_known ? due_ms : std::min(due_ms, ask_again_ms));
  }
}

/// Does what is due; how long until something is again.
Result<std::int64_t> Gifts::do_due(UtcMs now) {
  store::Batch batch;
  const auto out = sent_.put_expired(batch, now);
  if (!out) return pass_on(out.error());
  const auto in = received_.put_run_out(batch, now);
  if (!in) return pass_on(in.error());
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  auto let_in = let_in_due(now);
  if (!let_in) return pass_on(let_in.error());
  std::int64_t wait_ms = look_again_ms;
  for (const UtcMs due : {*out, *in}) {
    if (due != 0) wait_ms = std::min(wait_ms, std::max<std::int64_t>(due - now, 1));
  }
  return wait_ms;
}

/// One commit each: what the first takes of a quota, the next one finds taken.
Result<void> Gifts::let_in_due(UtcMs now) {
  const auto ids = received_.to_let_in(now);
  if (!ids) return pass_on(ids.error());
  for (const auto& id : *ids) {
    store::Batch batch;
    const auto gift = received_.put_let_in(batch, id, now);
    const auto done = gift ? commit(batch) : Result<void>(pass_on(gift.error()));
    if (!done) spdlog::warn("gifts: {}", done.error().sentence);
    if (done && *gift && told_.arrival) told_.arrival(**gift);
  }
  return {};
}

/// The offers of gifts into which they did not fit. False: one is still to be had.
net::Task<bool> Gifts::fetch_offers() {
  const auto all = store_.briefs();
  if (!all) co_return true;
  bool all_known = true;
  for (const auto& brief : *all) {
    if (brief.state != ReceivedState::waiting || !brief.needs_offer) continue;
    const auto gift = store_.received_gift(brief.id);
    if (!gift || !*gift || !(*gift)->voucher) continue;
    const auto entry = co_await ledger_.offer((*gift)->voucher->offer);
    const auto now_stored = store_.received_gift(brief.id);
    if (!entry || !now_stored || !*now_stored) {
      all_known = false;
      continue;
    }
    store::Batch batch;
    auto put = received_.put_offer(batch, **now_stored, entry->offer, now_ms());
    auto done = put ? commit(batch) : put;
    if (!done) spdlog::warn("gifts: {}", done.error().sentence);
  }
  co_return all_known;
}

Result<void> Gifts::take_drop(ByteView drop, const std::function<void(store::Batch&)>& cursor) {
  const UtcMs now = now_ms();
  store::Batch batch;
  const auto opened = wire::open_drop(drop, rooms_.keys.encryption(), rooms_.keys.address());
  std::optional<ReceivedGift> arrived;
  std::optional<SentGift> thanked;
  std::optional<Wish> wished;
  Result<void> taken;
  if (!opened) {
    spdlog::warn("gifts: a drop was not for this home or not well-formed: {}",
                 opened.error().sentence);
  } else if (opened->gift) {
    auto gift = received_.take(batch, opened->from, *opened->gift, now);
    if (!gift) return pass_on(gift.error());
    arrived = std::move(*gift);
  } else if (opened->answer) {
    auto gift = sent_.take_answer(batch, opened->from, *opened->answer, now);
    if (!gift) return pass_on(gift.error());
    if (*gift && !opened->answer->thanks.empty()) thanked = std::move(*gift);
  } else if (opened->hello && hello_) {
    taken = hello_(batch, opened->from, *opened->hello, now);
  } else if ((opened->share || opened->word) && channel_) {
    taken = channel_(batch, *opened);
  } else if (opened->wish) {
    taken = take_wish(batch, opened->from, *opened->wish, wished);
  }
  if (!taken) return taken;
  cursor(batch);
  auto stored = commit(batch);
  if (!stored) return stored;
  if (arrived && told_.arrival) told_.arrival(*arrived);
  if (thanked && told_.thanks) told_.thanks(*thanked);
  if (wished && told_.wish) told_.wish(*wished);
  return {};
}

Result<void> Gifts::take_wish(store::Batch& batch, const identity::HomeAddress& from,
                              const wire::Wish& wish, std::optional<Wish>& made) {
  const auto contact = rooms_.contacts.by_home(from);
  if (!contact) return pass_on(contact.error());
  const auto known = store_.wish(false, to_hex(wish.id));
  if (!known) return pass_on(known.error());
  if (*known) return {};
  const auto all = store_.wishes();
  if (!all) return pass_on(all.error());
  if (!*contact || all->size() >= max_wishes) {
    spdlog::warn("gifts: a wish was ignored: it is of no contact, or there are too many");
    return {};
  }
  made = Wish{to_hex(wish.id),    false,     false,       from, (*contact)->name,
              to_hex(wish.offer), wish.note, wish.sent_ms};
  store_.put(batch, *made);
  return {};
}

Result<Wish> Gifts::wish(const Contact& to, const wire::OfferId& offer, const std::string& note,
                         UtcMs now) {
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  auto possible = sent_.can_give(to);
  if (!possible) return pass_on(possible.error());
  if (to.state != ContactState::confirmed) {
    return fail(Code::contact_pending, to.name +
                                           " has not said yes to being a contact yet, and hears "
                                           "no wishes before. Nothing was sent.");
  }
  const auto all = store_.wishes();
  if (!all) return pass_on(all.error());
  for (const auto& known : *all) {
    const bool same = known.outgoing && known.home == to.card.home && known.offer == to_hex(offer);
    if (same && !known.granted) return known;
  }
  wire::Wish document;
  document.id = crypto::random_array<16>();
  document.to = to.card.home;
  document.from_card = rooms_.card_for(to.card.home);
  document.offer = offer;
  document.note = *checked;
  document.sent_ms = now;
  auto sealed = wire::seal_wish(document, rooms_.keys.identity(), to.card.encryption);
  if (!sealed) return pass_on(sealed.error());
  const Wish made{to_hex(document.id), true,     false, to.card.home, to.name,
                  to_hex(offer),       *checked, now};
  store::Batch batch;
  store_.put(batch, made);
  rooms_.outbox.put_entry(batch, {to_hex(crypto::random_array<16>()),
                                  to.card.mailbox,
                                  to.card.drop_token,
                                  std::move(*sealed),
                                  {},
                                  now});
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  return made;
}

Result<Wish> Gifts::find_wish(const std::string& id) const {
  const auto all = store_.wishes();
  if (!all) return pass_on(all.error());
  const Wish* found = nullptr;
  for (const auto& wish : *all) {
    if (wish.outgoing || id.size() < 4 || !wish.id.starts_with(id)) continue;
    if (found != nullptr) {
      return fail(Code::usage, "Several wishes begin with " + printable(id) +
                                   ". Nothing was sent or charged; write more of the id.");
    }
    found = &wish;
  }
  if (found == nullptr) {
    return fail(Code::not_found, "There is no wish " + printable(id) +
                                     ". Nothing was sent or charged; hearth gift wishes shows "
                                     "them.");
  }
  if (!found->granted) return *found;
  return fail(Code::gift_state, "This wish was granted already. Nothing was sent or charged.");
}

Result<std::vector<SentGift>> Gifts::take_back(const std::string& id, UtcMs now) {
  store::Batch batch;
  auto called = sent_.put_take_back(batch, id, now);
  if (!called) return called;
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  return called;
}

Result<std::vector<ReceivedGift>> Gifts::accept(const std::string& id, UtcMs now) {
  store::Batch batch;
  auto gifts = received_.put_accept(batch, id, now);
  if (!gifts) return gifts;
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  return gifts;
}

Result<std::vector<ReceivedGift>> Gifts::decline(const std::string& id, const std::string& reason,
                                                 UtcMs now) {
  store::Batch batch;
  auto gifts = received_.put_decline(batch, id, reason, now);
  if (!gifts) return gifts;
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  return gifts;
}

Result<void> Gifts::decline_from(const identity::HomeAddress& from, const std::string& reason) {
  store::Batch batch;
  auto declined = received_.put_decline_from(batch, from, reason, now_ms());
  if (!declined) return declined;
  return commit(batch);
}

Result<ReceivedGift> Gifts::thank(const std::string& id, const std::string& text, UtcMs now) {
  store::Batch batch;
  auto gift = received_.put_thanks(batch, id, text, now);
  if (!gift) return gift;
  auto done = commit(batch);
  if (!done) return pass_on(done.error());
  return gift;
}

Result<void> Gifts::note_played(const std::string& title_hex, bool shared) {
  store::Batch batch;
  auto noted = received_.put_played(batch, title_hex, shared, now_ms());
  if (!noted) return noted;
  return commit(batch);
}

int Gifts::waiting() const {
  const auto all = store_.briefs();
  return all ? count_waiting(*all) : 0;
}

Result<void> Gifts::drop_settled(store::Batch& batch, const std::string& id, const Error* why) {
  return sent_.drop_settled(batch, id, why);
}

Result<void> Gifts::fetch_event(store::Batch& batch, const std::string& id, ReceivedEvent event) {
  return received_.fetch_event(batch, id, event);
}

Result<void> Gifts::bought(store::Batch& batch, const PurchaseRecord& purchase,
                           const VoucherRecord& voucher) {
  const auto gift = store_.sent_gift(purchase.intent.gift);
  if (!gift) return pass_on(gift.error());
  if (*gift) return sent_.put_voucher(batch, purchase.intent.gift, voucher, now_ms());
  return sent_.put_old_purchase(batch, purchase, voucher, now_ms());
}

Result<void> Gifts::exchange_ended(store::Batch& batch, const Exchange& exchange,
                                   VoucherRecord* fresh) {
  if (exchange.aim.gift.empty()) return {};  // a gift card's
  if (exchange.aim.what == Aim::What::accept) {
    return received_.exchange_ended(batch, exchange, fresh, now_ms());
  }
  if (exchange.aim.what == Aim::What::bring_back) {
    return sent_.exchange_ended(batch, exchange, fresh, now_ms());
  }
  return {};
}

}  // namespace hearth::node
