#include "node/gifts/parcels.h"

#include <algorithm>

#include "common/base/log.h"
#include "node/gifts/gift_words.h"
#include "node/wallet/purchase.h"

namespace hearth::node {
namespace {

constexpr std::int64_t first_backoff_ms = 250;
constexpr std::int64_t max_backoff_ms = 15'000;
constexpr std::int64_t purchase_patience_ms = 20'000;

}  // namespace

Parcels::Parcels(net::Loop& loop, const GiftRooms& rooms, Gifts& gifts, Purchases& purchases)
    : loop_(loop), rooms_(rooms), gifts_(gifts), purchases_(purchases), changed_(loop) {}

void Parcels::start(const std::string& gift) {
  std::string copy = gift;
  if (!stopping_ && running_.insert(gift).second) net::spawn(loop_, run(std::move(copy)), "parcel");
}

void Parcels::stop() {
  stopping_ = true;
  changed_.notify_all();
}

void Parcels::resume() {
  const auto all = gifts_.store().sent();
  if (!all) {
    spdlog::error("gifts: {}", all.error().sentence);
    return;
  }
  for (const auto& gift : *all) {
    if (gift.state == SentState::buying && gift.words.part == 1) start(gift.id);
  }
}

net::Task<Result<void>> Parcels::send(std::string gift, std::int64_t patience_ms) {
  start(gift);
  const UtcMs deadline = now_ms() + patience_ms;
  while (running_.contains(gift) && !stopping_ && now_ms() < deadline) {
    co_await changed_.wait(std::max<std::int64_t>(deadline - now_ms(), 1));
  }
  const auto stored = gifts_.store().sent_gift(gift);
  if (!stored) co_return pass_on(stored.error());
  const bool open = *stored && (*stored)->state == SentState::buying;
  const bool failed = *stored && (*stored)->state == SentState::failed;
  if (!open && !failed) co_return Result<void>();
  const auto trouble = last_trouble_.find(gift);
  if (trouble != last_trouble_.end()) co_return pass_on(trouble->second);
  co_return fail(Code::timeout,
                 "The gift is stored. What it needs is bought as soon as the ledger answers, at "
                 "most once; the same command continues it.");
}

net::Task<void> Parcels::run(std::string gift) {
  std::int64_t backoff_ms = first_backoff_ms;
  last_trouble_.erase(gift);
  while (!stopping_) {
    std::string copy = gift;
    const auto done = co_await advance(std::move(copy));
    if (done && *done) break;
    if (done) continue;
    last_trouble_.insert_or_assign(gift, done.error());
    const auto stored = gifts_.store().sent_gift(gift);
    if (stored && *stored && (*stored)->state == SentState::failed) break;
    spdlog::info("gifts: a parcel waits: {}", done.error().sentence);
    changed_.notify_all();
    const UtcMs until = now_ms() + backoff_ms;
    while (!stopping_ && now_ms() < until) co_await changed_.wait(until - now_ms());
    backoff_ms = std::min(backoff_ms * 2, max_backoff_ms);
  }
  running_.erase(gift);
  changed_.notify_all();
}

net::Task<Result<bool>> Parcels::advance(std::string gift) {
  const auto first = gifts_.store().sent_gift(gift);
  if (!first) co_return pass_on(first.error());
  if (!*first || (*first)->state != SentState::buying) co_return true;
  const auto contact = rooms_.contacts.by_home((*first)->to);
  if (!contact) co_return pass_on(contact.error());
  if (!*contact) {
    const Error gone{Code::unknown_contact, "The receiver is no contact any more."};
    co_return give_up(**first, gone);
  }
  const auto parcel = gifts_.store().parcel_of(**first);
  if (!parcel) co_return pass_on(parcel.error());
  for (const auto& part : *parcel) {
    if (part.offer.empty() || !part.voucher.empty()) continue;
    SentGift copy = part;
    co_return co_await buy(std::move(copy));
  }
  store::Batch batch;
  const auto ready = gifts_.given().put_if_ready(batch, **first, now_ms());
  if (!ready) co_return give_up(**first, ready.error());
  auto stored = rooms_.records.commit(batch);
  if (!stored) co_return pass_on(stored.error());
  gifts_.go_on();
  co_return true;
}

/// A voucher for one part: false, there may be more to do.
net::Task<Result<bool>> Parcels::buy(SentGift part) {
  const auto id = from_hex(part.offer);
  wire::OfferId offer_id{};
  if (!id || id->size() != offer_id.size()) co_return damaged("gift");
  std::copy(id->begin(), id->end(), offer_id.begin());
  auto offer = rooms_.wallet.offer(offer_id);
  if (!offer) co_return give_up(part, offer.error());
  const auto held = rooms_.wallet.held_for(offer_id);
  if (!held) co_return pass_on(held.error());
  if (*held) co_return use_held(part, **held);
  Intent intent{Intent::What::gift, part.to, part.words.note, part.id};
  Wanted wanted(part.pocket);
  wanted.restrictions = restrictions_of(offer->terms);
  const auto bought =
      co_await purchases_.buy(std::move(*offer), std::move(intent), wanted, purchase_patience_ms);
  if (bought && bought->problem.empty()) co_return false;
  if (bought) {
    const Error why{code_from_name(bought->problem_code),
                    "Paid, but not given: " + bought->problem};
    co_return give_up(part, why);
  }
  const bool refused = purchase_answer(bought.error().code) == PurchaseAnswer::not_charged;
  if (refused || !anything_paid(part)) co_return give_up(part, bought.error());
  co_return pass_on(bought.error());
}

Result<bool> Parcels::use_held(const SentGift& part, const VoucherRecord& held) {
  store::Batch batch;
  auto put = gifts_.given().put_voucher(batch, part.id, held, now_ms());
  if (!put) return give_up(part, put.error());
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  gifts_.go_on();
  return false;
}

/// Always an error: the one that it was given up for.
Result<bool> Parcels::give_up(const SentGift& part, const Error& why) {
  store::Batch batch;
  auto put = gifts_.given().put_failure(batch, part, why, now_ms());
  if (!put) return pass_on(put.error());
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  gifts_.go_on();
  if (part.words.parts == 1) return pass_on(why);
  return fail(why.code, why.sentence + " Nothing of the " + std::to_string(part.words.parts) +
                            " titles was sent; what was bought for it before is in the wallet.");
}

/// Whether money was moved, or may have been, for the parcel.
bool Parcels::anything_paid(const SentGift& part) const {
  const auto parcel = gifts_.store().parcel_of(part);
  const auto purchases = rooms_.wallet.purchases();
  if (!parcel || !purchases) return true;
  return std::any_of(parcel->begin(), parcel->end(), [&](const SentGift& gift) {
    return !gift.voucher.empty() ||
           std::any_of(purchases->begin(), purchases->end(), [&](const PurchaseRecord& purchase) {
             return purchase.open() && purchase.intent.gift == gift.id;
           });
  });
}

}  // namespace hearth::node
