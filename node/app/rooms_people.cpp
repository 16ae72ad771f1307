#include <algorithm>

#include "common/crypto/hash.h"
#include "node/app/rooms.h"

namespace hearth::node {
namespace {

constexpr int banner_seconds = 8;

}  // namespace

/// What contacts, rules and mailbox have to do with each other and with gifts.
void Rooms::wire_people() {
  contacts->on_post([this](store::Batch& batch, const identity::ContactCard& to, Bytes sealed,
                           const std::string& about) {
    outbox->put_entry(batch, {to_hex(crypto::random_array<16>()), to.mailbox, to.drop_token,
                              std::move(sealed), about, now_ms()});
  });
  outbox->on_ready([this] { return mailbox->publish_tokens(); });
  outbox->on_settled(
      [this](store::Batch& batch, const std::string& about, const Error* why) {
        if (Contacts::is_hello(about)) return contacts->hello_settled(batch, about, why);
        if (const auto share = share_of_about(about); !share.empty())
          return sharing->out().settled(batch, share, why);
        return gifts->drop_settled(batch, about, why);
      },
      [this] { gifts->go_on(); });
  gifts->on_hello([this](store::Batch& batch, const identity::HomeAddress& from,
                         const wire::Hello& hello,
                         UtcMs now) { return take_hello(batch, from, hello, now); });
  house_rules->on_promised([this] { return promised(); });
  purchases->on_limit(
      [this](const money::Amount& price) { return house_rules->may_spend(price, now_ms()); });
}

Result<void> Rooms::take_hello(store::Batch& batch, const identity::HomeAddress& from,
                               const wire::Hello& hello, UtcMs now) {
  const auto asked = contacts->take_hello(batch, from, hello, now);
  if (!asked) return pass_on(asked.error());
  mailbox->publish_soon();
  if (*asked) {
    const std::string& words = (*asked)->note;
    screen->notify((*asked)->name + " asks to be a contact",
                   words.empty() ? "hearth contacts accept" : words, banner_seconds);
  }
  return {};
}

/// Gifts that are being bought.
Result<std::vector<HouseRules::Promise>> Rooms::promised() const {
  const auto sent = gifts->store().sent();
  if (!sent) return pass_on(sent.error());
  std::vector<HouseRules::Promise> all;
  for (const auto& gift : *sent) {
    const auto id = from_hex(gift.offer);
    HouseRules::Promise one{gift.id, {}, gift.sent_ms};
    if (gift.state != SentState::buying || !id || id->size() != one.offer.size()) continue;
    std::copy(id->begin(), id->end(), one.offer.begin());
    all.push_back(std::move(one));
  }
  return all;
}

Result<HomeRules> Rooms::rules() const {
  return house_rules->rules();
}

Result<bool> Rooms::shows(const ReceivedGift& gift) const {
  const auto decided = rules();
  if (!decided) return pass_on(decided.error());
  return shows(gift, *decided);
}

Result<bool> Rooms::shows(const ReceivedGift& gift, const HomeRules& seen) const {
  std::int64_t rating = gift.min_age;
  if (!gift.offer_jws.empty()) {
    const auto offer = wire::read_offer(gift.offer_jws);
    if (!offer) return pass_on(offer.error());
    rating = std::max(rating, offer->terms.min_age);
  }
  return seen.shows(rating);
}

/// This home's rules, before anything of the title is fetched.
Result<Verdict> Rooms::judge(const identity::HomeAddress& from, Offering what,
                             std::uint64_t received_month) const {
  const auto sender = contacts->sender(from);
  if (!sender) return pass_on(sender.error());
  what.from = sender->from;
  what.muted = sender->muted;
  what.reception = sender->reception;
  return house_rules->judge(what, received_month, now_ms());
}

}  // namespace hearth::node
