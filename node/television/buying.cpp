#include "node/television/buying.h"

#include <algorithm>
#include <set>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "node/rules/local_time.h"
#include "node/television/successor.h"

namespace hearth::node {
namespace {

using channels::Channel;
using channels::Entry;
using channels::ItemKind;
using channels::Timeline;

constexpr std::int64_t looked_at_ms = 3 * channels::day_ms;
constexpr std::int64_t look_again_ms = 30'000, least_pause_ms = 500;
constexpr std::int64_t again_after_ms = 60'000, look_for_successor_ms = 600'000;
constexpr std::int64_t patience_ms = 20'000;

bool has_offers(const Channel& channel) {
  for (const auto& list : channel.lists) {
    for (const auto& item : list.items) {
      if (item.kind == ItemKind::offer) return true;
    }
  }
  return false;
}

}  // namespace

std::string note_of_channel(const std::string& channel) {
  return "channel " + channel;
}

Buying::Buying(net::Loop& loop, Rooms rooms) : loop_(loop), rooms_(std::move(rooms)) {}

void Buying::start() {
  net::spawn(loop_, run(), "buying ahead");
}

void Buying::stop() {
  stopping_ = true;
  rooms_.television.tell_changed();
}

Result<std::int64_t> Buying::spent(const std::string& channel, const std::string& currency,
                                   UtcMs now) const {
  const auto purchases = rooms_.wallet.purchases();
  if (!purchases) return pass_on(purchases.error());
  const UtcMs month = local_moment(now).month_began;
  std::int64_t sum = 0;
  for (const PurchaseRecord& one : *purchases) {
    const bool counts = one.state != PurchaseState::refused && one.begun_ms >= month;
    if (!counts || one.intent.note != note_of_channel(channel)) continue;
    // What went back for its price was not spent.
    const auto voucher = one.voucher.empty() ? Result<VoucherRecord>(VoucherRecord())
                                             : rooms_.wallet.voucher(one.voucher);
    if (!voucher) return pass_on(voucher.error());
    if (voucher->state == VoucherState::refunded) continue;
    const auto offer = rooms_.wallet.offer(one.offer);
    if (!offer) return pass_on(offer.error());
    if (offer->price.currency.code() != currency) continue;
    sum = money::checked_add(sum, offer->price.minor).value_or(INT64_MAX);
  }
  return sum;
}

net::Task<void> Buying::run() {
  while (!stopping_) {
    measure();
    rooms_.television.media().refresh();
    auto forgotten = rooms_.television.media().forget_old();
    if (!forgotten) spdlog::error("television: {}", forgotten.error().sentence);
    std::vector<std::string> ids;
    for (const Timeline* one : rooms_.television.timelines()) ids.push_back(one->channel().id);
    for (const std::string& id : ids) {
      if (!stopping_) co_await look_at(id);
    }
    if (stopping_) break;
    // Never more often than people can notice, however busy the channels' rooms are.
    co_await net::sleep_ms(least_pause_ms);
    const std::int64_t pause_ms = next_look(now_ms()) - now_ms();
    if (pause_ms > 0 && !stopping_) co_await rooms_.television.changed().wait(pause_ms);
  }
}

/// How fast deliveries come in, smoothed.
void Buying::measure() {
  std::uint64_t rate = 0;
  const auto deliveries = rooms_.deliveries.list();
  if (!deliveries) return;
  for (const Delivery& one : *deliveries) {
    const auto id = one.active() ? digest_from_hex(one.title) : std::nullopt;
    if (id) rate += rooms_.titles.progress(*id).bytes_per_second;
  }
  if (rate == 0) return;
  const std::uint64_t before = rooms_.television.media().rate();
  rooms_.television.media().set_rate(before == 0 ? rate : (3 * before + rate) / 4);
}

/// When the next airing is decided, at the latest in half a minute.
UtcMs Buying::next_look(UtcMs now) const {
  UtcMs next = now + look_again_ms;
  for (const Timeline* one : rooms_.television.timelines()) {
    for (const Entry& entry : one->planned(now, next + decided_ms)) {
      const UtcMs decided = entry.airing - decided_ms + 1;
      if (entry.shows.any() && decided > now) next = std::min(next, decided);
    }
  }
  return next;
}

std::vector<WantedOffer> Buying::wanted(const Timeline& timeline, UtcMs now) const {
  std::vector<WantedOffer> out;
  std::set<std::string> seen;
  if (!has_offers(timeline.channel())) return out;
  for (const Entry& entry : timeline.planned(now, now + looked_at_ms)) {
    const channels::Item* item = channels::item_of(timeline.channel(), entry.shows);
    if (item == nullptr || item->kind != ItemKind::offer || seen.contains(item->media)) continue;
    const KnownMedia* known = rooms_.television.media().find(item->media);
    if (known == nullptr || !known->price) continue;
    const WantedOffer one{item->media,   known->facts.name,    entry.airing,
                          *known->price, known->missing_bytes, known->here};
    // An airing that is lost already is none to buy for; the one after it may be.
    if (one.here == Here::for_sale &&
        one.start - now < fetch_ms(one.size, rooms_.television.media().rate()))
      continue;
    seen.insert(item->media);
    out.push_back(one);
  }
  return out;
}

void Buying::note(const Channel& channel, const std::string& media, const std::string& name,
                  const std::string& sentence) {
  if (!rooms_.television.note({channel.id, media, name, sentence, now_ms()})) return;
  spdlog::warn("channel {}: {}", channel.number, sentence);
  rooms_.tell("Channel " + std::to_string(channel.number) + " " + channel.name, sentence);
}

void Buying::note_late(const Timeline& timeline, UtcMs now) {
  const auto& media = rooms_.television.media(timeline.channel().id);
  for (const Entry& entry : timeline.planned(now, now + decided_ms)) {
    const channels::Item* item = channels::item_of(timeline.channel(), entry.shows);
    if (item == nullptr || item->media.empty()) continue;
    const auto state = media.at(*item, entry.airing);
    if (state == channels::Availability::ready || state == channels::Availability::known) continue;
    const auto noted = rooms_.television.media().note_late(item->media, entry.airing);
    if (!noted) spdlog::error("television: {}", noted.error().sentence);
    if (!noted || !*noted) continue;
    rooms_.television.tell_changed();
    const auto known = rooms_.television.troubles(timeline.channel().id);
    const bool told = std::any_of(known.begin(), known.end(),
                                  [&](const auto& one) { return one.media == item->media; });
    if (told) continue;  // the reason is
    const std::string name = printable(item->name.empty() ? item->media : item->name);
    note(timeline.channel(), item->media, name,
         "\"" + name +
             "\" is not here, so fallback is shown in its place. Nothing was paid for "
             "it; hearth channel check " +
             std::to_string(timeline.channel().number) + " says more.");
  }
}

net::Task<void> Buying::look_at(std::string channel) {
  const Timeline* timeline = rooms_.television.by_id(channel);
  if (timeline == nullptr) co_return;
  const UtcMs now = now_ms();
  note_late(*timeline, now);
  const auto offers = wanted(*timeline, now);
  if (offers.empty()) {
    rooms_.television.media().set_refused(channel, {});
    co_return;
  }
  const channels::Budget budget = timeline->channel().budget;
  const std::int64_t version = timeline->channel().version;
  const auto paid = spent(channel, budget.currency, now);
  if (!paid) {
    spdlog::error("television: {}", paid.error().sentence);
    co_return;
  }
  const auto decisions = decide_ahead(offers, budget, *paid, now, rooms_.television.media().rate());
  std::set<std::string> refused;
  std::vector<wire::Offer> ended;
  for (const AheadDecision& one : decisions) {
    const bool meant = one.step == AheadStep::wait || one.step == AheadStep::buy;
    auto offer = meant ? rooms_.shelf.offer(one.wanted.offer) : std::nullopt;
    const bool is_over = offer && is_ended(*offer, now);
    if (one.refused())
      note(timeline->channel(), one.wanted.offer, one.wanted.name, ahead_sentence(one, budget));
    if (one.refused() || is_over || (meant && !may_fetch(timeline->channel(), one.wanted)))
      refused.insert(one.wanted.offer);
    if (is_over && !waits(one.wanted.offer)) ended.push_back(std::move(*offer));
  }
  rooms_.television.media().set_refused(channel, refused);
  for (wire::Offer& one : ended) {
    if (!stopping_) co_await tell_ended(channel, std::move(one));
  }
  for (const AheadDecision& one : decisions) {
    const bool buys = one.step == AheadStep::buy && !refused.contains(one.wanted.offer);
    if (!buys || waits(one.wanted.offer)) continue;
    // While another was bought, its home may have ended the channel, and people may have changed
    // its budget or the rules.
    const Timeline* still = rooms_.television.by_id(channel);
    if (still == nullptr || still->channel().version != version || stopping_) break;
    if (may_fetch(still->channel(), one.wanted)) co_await buy(channel, one.wanted);
  }
}

bool Buying::waits(const std::string& offer) const {
  const auto again = not_before_.find(offer);
  return again != not_before_.end() && again->second > now_ms();
}

bool Buying::may_fetch(const Channel& channel, const WantedOffer& wanted) {
  const auto offer = rooms_.shelf.offer(wanted.offer);
  const auto allowed = offer ? rooms_.may_fetch(channel.id, *offer) : Result<void>();
  if (allowed) return true;
  note(channel, wanted.offer, wanted.name,
       "\"" + printable(wanted.name) + "\" is not bought, and nothing was paid: " +
           allowed.error().sentence + " hearth rules show has the rules of this home.");
  return false;
}

net::Task<void> Buying::tell_ended(std::string channel, wire::Offer offer) {
  const std::string id = to_hex(offer.id);
  not_before_[id] = now_ms() + look_for_successor_ms;
  const auto page = co_await rooms_.sold(offer.manifest.name);
  const Timeline* timeline = rooms_.television.by_id(channel);
  if (timeline == nullptr) co_return;
  std::vector<wire::Offer> found;
  if (page) {
    for (const CatalogueEntry& one : page->offers) found.push_back(one.offer);
  }
  const auto successor = successor_of(offer, found, now_ms());
  note(timeline->channel(), id, offer.manifest.name,
       ended_sentence(offer, successor, timeline->channel().number));
}

net::Task<void> Buying::buy(std::string channel, WantedOffer wanted) {
  auto offer = rooms_.shelf.offer(wanted.offer);
  if (!offer) co_return;
  crash_point("television.buy.before");
  Result<void> done;
  const auto held = rooms_.wallet.held_for(offer->id);
  if (held && *held) {
    DeliveryOrder order;
    order.offer_jws = offer->jws;
    order.voucher = (*held)->id;
    done = rooms_.deliveries.take_held(order, now_ms());
  } else {
    Intent intent;
    intent.what = Intent::What::deliver;
    intent.note = note_of_channel(channel);
    Wanted asked;
    asked.services.by_ms = wanted.start;
    wire::Offer copy = *offer;
    const auto bought =
        co_await rooms_.purchases.buy(std::move(copy), std::move(intent), asked, patience_ms);
    if (!bought) done = pass_on(bought.error());
  }
  crash_point("television.buy.after");
  const Timeline* timeline = rooms_.television.by_id(channel);
  rooms_.television.media().refresh();
  if (done) {
    not_before_.erase(wanted.offer);
    rooms_.television.settle(channel, wanted.offer);
    spdlog::info("channel: \"{}\" is bought ahead", printable(wanted.name));
  } else {
    not_before_[wanted.offer] = now_ms() + again_after_ms;
    const Code why = done.error().code;
    const bool ended = why == Code::offer_ended || why == Code::unknown_offer;
    if (ended) co_await tell_ended(channel, std::move(*offer));
    timeline = rooms_.television.by_id(channel);
    if (timeline != nullptr && !ended)
      note(
          timeline->channel(), wanted.offer, wanted.name,
          "\"" + printable(wanted.name) + "\" could not be bought ahead: " + done.error().sentence);
  }
  rooms_.television.tell_changed();
}

}  // namespace hearth::node
