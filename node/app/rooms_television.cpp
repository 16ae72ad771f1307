#include <algorithm>

#include "common/base/log.h"
#include "node/app/rooms.h"
#include "node/iptv/hdhomerun.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

constexpr int banner_seconds = 8;

/// What is on its way to that home, or arrived there and was not sent back.
Result<std::set<std::string>> private_gifts_to(const Gifts& gifts,
                                               const identity::HomeAddress& to) {
  using enum SentState;
  const auto all = gifts.store().sent();
  if (!all) return pass_on(all.error());
  std::set<std::string> titles;
  for (const SentGift& one : *all) {
    const bool theirs = one.state == sending || one.state == sent || one.state == delivered ||
                        one.state == accepted || one.state == fetched || one.state == played;
    if (theirs && one.to == to && one.offer.empty()) titles.insert(one.title);
  }
  return titles;
}

}  // namespace

/// The channels, what they show, and what is bought for them.
void Rooms::wire_television() {
  shelf = std::make_unique<Shelf>(
      Shelf::Rooms{*records, *titles, *wallet, *deliveries, [this](const std::string& title) {
                     std::int64_t rating = 0;
                     const auto received = gifts->store().received_of(title);
                     if (!received) return no_rating_limit;
                     for (const auto& gift : *received) rating = std::max(rating, gift.min_age);
                     return rating;
                   }});
  television = std::make_unique<Television>(
      loop_, Television::Rooms{*records,
                               [this](const std::string& media, const KnownMedia* before) {
                                 return shelf->look(media, before);
                               },
                               now_ms, Shelf::remember});
  buying = std::make_unique<Buying>(
      loop_, Buying::Rooms{*television, *shelf, *titles, *wallet, *purchases, *deliveries,
                           [this](const std::string& headline, const std::string& text) {
                             screen->notify(headline, text, banner_seconds);
                           },
                           [this](const std::string& channel, const wire::Offer& offer) {
                             return may_fetch(channel, offer);
                           },
                           [this](const std::string& name) { return ledger->offers(name, {}); }});
  places = std::make_unique<GiftPlaces>(*records, gifts->store(), *television);
  on_tv =
      std::make_unique<OnTv>(OnTv::Rooms{loop_, pool, *television, *titles, *house_rules, now_ms});
  outputs = std::make_unique<Outputs>(
      Outputs::Rooms{loop_, pool, *television, *on_tv, *titles, *house_rules, options.name,
                     tuner_device(as_bytes(keys.address().text())), now_ms},
      *records);
}

/// Channels of other homes and to them.
void Rooms::wire_sharing() {
  SharingRooms shared{*records, *television, *contacts, *outbox, keys, files.ledger.key,
                      now_ms,   {},          {},        {},      {}};
  shared.offer_of = [this](const std::string& media) { return shelf->offer_of(media); };
  shared.given = [this](const identity::HomeAddress& to) { return private_gifts_to(*gifts, to); };
  shared.admits = [this](const identity::HomeAddress& from) -> Result<Verdict> {
    const auto sender = contacts->sender(from);
    if (!sender) return pass_on(sender.error());
    return house_rules->judge_channel(*sender, now_ms());
  };
  shared.tell = [this](const std::string& headline, const std::string& text) {
    screen->notify(headline, text, banner_seconds);
  };
  sharing = std::make_unique<Sharing>(loop_, *ledger, *shelf, shared);
  television->on_edit([this](const channels::Channel& before, const channels::Channel& after) {
    return sharing->in().may_edit(before, after);
  });
  sharing->on_change([this] { prompts->show(); });
  prompts->also_ask(
      {[this](const std::set<std::string>& later) { return next_channel(later); },
       [this](const std::string& id, bool accept) { return answer_channel(id, accept); }});
  gifts->on_channel([this](store::Batch& batch, const wire::OpenedDrop& drop) {
    return sharing->take(batch, drop);
  });
}

/// The first channel that waits for a person; not under a child's profile.
Result<GiftPrompt> Rooms::next_channel(const std::set<std::string>& later) const {
  const auto seen = rules();
  if (!seen) return pass_on(seen.error());
  if (seen->shown_age() < no_rating_limit) return GiftPrompt();
  const auto all = sharing->in().list();
  if (!all) return pass_on(all.error());
  for (const SharedIn& one : *all) {
    if (one.state != InState::waiting || one.quiet || later.contains(one.id)) continue;
    const auto contact = contacts->by_home(one.from);
    if (!contact) return pass_on(contact.error());
    return prompt_of(one, *contact ? (*contact)->name : std::string());
  }
  return GiftPrompt();
}

Result<void> Rooms::answer_channel(const std::string& id, bool accept) {
  if (!accept) {
    const auto declined = sharing->in().decline(id, {});
    return declined ? Result<void>() : pass_on(declined.error());
  }
  auto chosen = sharing->in().chosen(id, {});
  if (!chosen) return pass_on(chosen.error());
  const auto accepted = sharing->in().accept(std::move(*chosen));
  return accepted ? Result<void>() : pass_on(accepted.error());
}

/// What another home puts on its channel is fetched within the rules for what others push.
Result<void> Rooms::may_fetch(const std::string& channel, const wire::Offer& offer) const {
  auto there = sharing->in().may_buy(channel);
  if (!there) return there;
  const auto of = sharing->in().of_channel(channel);
  if (!of) return pass_on(of.error());
  if (!*of) return {};
  Offering what;
  what.kind = offer.manifest.kind;
  what.size = offer.manifest.size;
  what.min_age = offer.terms.min_age;
  const auto received = gifts->received_since(local_moment(now_ms()).month_began);
  if (!received) return pass_on(received.error());
  const auto verdict = judge((*of)->from, what, *received);
  if (!verdict) return pass_on(verdict.error());
  if (verdict->what == Verdict::What::refuse) return fail(Code::rule_refused, verdict->sentence);
  return {};
}

void Rooms::place_gifts() {
  const auto placed = places->place(now_ms());
  if (!placed) spdlog::warn("television: {}", placed.error().sentence);
}

Result<void> Rooms::begin_television() {
  auto loaded = television->load();
  if (!loaded) return loaded;
  screen->use(on_tv.get());
  buying->start();
  place_gifts();
  return {};
}

}  // namespace hearth::node
