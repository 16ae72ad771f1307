#include "node/sharing/channels_in.h"

#include <algorithm>
#include <map>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/crypto/secret.h"

namespace hearth::node {
namespace {

using State = InState;
using Said = wire::ChannelWord::State;
using channels::Channel;

constexpr std::size_t max_asked = 200;

}  // namespace

Result<std::vector<SharedIn>> ChannelsIn::list() const {
  return all_of(rooms_.records, shared_in_prefix, decode_shared_in);
}

Result<std::vector<ShareWish>> ChannelsIn::wishes() const {
  auto all = all_of(rooms_.records, share_wish_prefix, decode_share_wish);
  if (all) std::erase_if(*all, [](const ShareWish& one) { return !one.outgoing; });
  return all;
}

Result<ChannelFile> ChannelsIn::file(const SharedIn& record) const {
  const auto text = rooms_.records.get(shared_file_key(record.id));
  if (!text) return pass_on(text.error());
  if (!*text) return fail(Code::not_found, "This channel has not arrived yet.");
  return read_channel_file(as_text(**text));
}

Result<std::optional<SharedIn>> ChannelsIn::of_channel(const std::string& channel) const {
  auto record = one_of(rooms_.records, shared_in_key(channel), decode_shared_in);
  if (!record || !*record || (*record)->state == State::accepted) return record;
  return std::optional<SharedIn>();
}

Result<void> ChannelsIn::may_buy(const std::string& channel) const {
  const auto on = of_channel(channel);
  if (!on) return pass_on(on.error());
  if (*on) return {};
  const auto foreign = is_foreign(rooms_, channel);
  if (!foreign) return pass_on(foreign.error());
  if (!*foreign) return {};
  return fail(Code::rule_refused, "Its home does not share this channel any more.");
}

Result<void> ChannelsIn::may_edit(const Channel& before, const Channel& after) const {
  const auto record = of_channel(before.id);
  if (!record) return pass_on(record.error());
  if (!*record || same_but_own(before, after)) return {};
  return fail(Code::not_allowed,
              "This channel is another home's, which alone changes it. Nothing was changed. Its "
              "number and its budget are yours to set, hearth channel accept takes other parts of "
              "it, and a copy of your own is made with hearth channel export and import.");
}

std::vector<std::string> ChannelsIn::unknown_offers() const {
  std::vector<std::string> out;
  const auto all = list();
  if (!all) return out;
  for (const SharedIn& one : *all) {
    const channels::Timeline* timeline = rooms_.television.by_id(one.id);
    if (one.state != State::accepted || timeline == nullptr) continue;
    for (std::string& offer : offers_in(timeline->channel())) {
      if (rooms_.television.media().find(offer) == nullptr) out.push_back(std::move(offer));
    }
  }
  return out;
}

// A person's decisions.

Result<SharedIn> ChannelsIn::found(const std::string& id) const {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const SharedIn* one = with_id(*all, id);
  if (one != nullptr && one->state != State::arriving) return *one;
  return fail(Code::not_found, "No channel of another home waits under " + printable(id) +
                                   ", or several do. Nothing was changed; hearth channel offers "
                                   "shows them.");
}

/// Number and budget as the channel has them here: people may have set them since.
SharedIn ChannelsIn::with_own(SharedIn record) const {
  const channels::Timeline* on = rooms_.television.by_id(record.id);
  if (on == nullptr || record.applied == 0) return record;
  record.number = on->channel().number;
  record.budget = on->channel().budget;
  return record;
}

Result<SharedIn> ChannelsIn::chosen(const std::string& id, const Choice& choice) const {
  auto record = found(id);
  if (!record) return record;
  if (is_over(record->state))
    return fail(Code::changed_meanwhile, "This channel is " + std::string(name_of(record->state)) +
                                             " already. Nothing was changed; ask its home for it "
                                             "again with hearth channel subscribe.");
  const auto shared = file(*record);
  if (!shared) return pass_on(shared.error());
  SharedIn out = with_own(std::move(*record));
  if (choice.number != 0) {
    out.number = choice.number;
  } else if (out.state == State::waiting) {
    out.number = shared->channel.number;
    if (!rooms_.television.number_free(out.number, out.id))
      out.number = rooms_.television.free_number();
  }
  auto possible = rooms_.television.number_free(out.number, out.id);
  if (!possible) return pass_on(possible.error());
  const auto zone = rooms_.television.zone(shared->channel.zone);
  if (!zone) return pass_on(zone.error());
  const bool is_new = rooms_.television.by_id(out.id) == nullptr;
  if (is_new && rooms_.television.timelines().size() >= max_own_channels)
    return fail(Code::too_large, "A home has at most 500 channels. Nothing was changed.");
  if (choice.only) {
    auto parts = parts_from_words(shared->channel, *choice.only);
    if (!parts) return pass_on(parts.error());
    out.taken = {parts->empty(), std::move(*parts)};
  }
  if (choice.budget) out.budget = *choice.budget;
  return out;
}

Result<SharedIn> ChannelsIn::accept(SharedIn chosen) {
  auto now = found(chosen.id);
  if (!now) return now;
  if (is_over(now->state))
    return fail(Code::changed_meanwhile,
                "Its home has just ended this channel. Nothing was changed or charged.");
  const bool was_waiting = now->state == State::waiting;
  now->taken = std::move(chosen.taken);
  now->number = chosen.number;
  now->budget = chosen.budget;
  now->state = State::accepted;
  now->applied = 0;  // to be put on the air as it is said here
  now->at_ms = rooms_.clock();
  store::Batch batch;
  put(batch, key_of(*now), encode(*now));
  auto said = was_waiting ? say(batch, *now, Said::accepted, {}) : Result<void>();
  if (!said) return pass_on(said.error());
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  rooms_.outbox.kick();
  auto applied = apply(*now);
  if (!applied) return pass_on(applied.error());
  return now;
}

Result<SharedIn> ChannelsIn::decline(const std::string& id, const std::string& note) {
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  auto record = found(id);
  if (!record) return record;
  if (is_over(record->state))
    return fail(Code::changed_meanwhile, "This channel is " + std::string(name_of(record->state)) +
                                             " already. Nothing was changed.");
  const bool was_on = record->state == State::accepted;
  record->state = was_on ? State::left : State::declined;
  record->at_ms = rooms_.clock();
  store::Batch batch;
  erase_shared(batch, record->id);
  put(batch, key_of(*record), encode(*record));
  auto said = say(batch, *record, was_on ? Said::left : Said::declined, *checked);
  if (!said) return pass_on(said.error());
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  rooms_.outbox.kick();
  auto off = take_off(*record);
  if (!off) return pass_on(off.error());
  return record;
}

Result<ShareWish> ChannelsIn::ask(const Contact& of, const std::string& channel,
                                  const std::string& note) {
  const auto name = checked_name(channel);
  if (!name) return pass_on(name.error());
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  auto possible = can_share_with(rooms_, of);
  if (!possible) return pass_on(possible.error());
  const auto all = wishes();
  if (!all) return pass_on(all.error());
  ShareWish wish{
      to_hex(crypto::random_array<16>()), true, of.card.home, *name, *checked, rooms_.clock()};
  for (const ShareWish& one : *all) {
    if (one.home == wish.home && one.channel == wish.channel) wish.id = one.id;
  }
  const bool again = std::any_of(all->begin(), all->end(),
                                 [&](const ShareWish& one) { return one.id == wish.id; });
  if (!again && all->size() >= max_asked)
    return fail(Code::too_large,
                "This home waits for as many channels as it may (200). Nothing "
                "was sent.");
  wire::ChannelWord word;
  const auto id = share_id(wish.id);
  if (!id) return pass_on(id.error());
  word.id = *id;
  word.to = of.card.home;
  word.channel = wish.channel;
  word.note = wish.note;
  word.at_ms = wish.at_ms;
  auto sealed = wire::seal_channel_word(word, rooms_.keys.identity(), of.card.encryption);
  if (!sealed) return pass_on(sealed.error());
  store::Batch batch;
  put(batch, key_of(wish), encode(wish));
  post(rooms_, batch, of, std::move(*sealed), {});
  auto stored = rooms_.records.commit(batch);
  if (!stored) return pass_on(stored.error());
  rooms_.outbox.kick();
  return wish;
}

Result<void> ChannelsIn::say(store::Batch& batch, const SharedIn& record, Said what,
                             const std::string& note) {
  const auto contact = friend_of(rooms_, record.from);
  if (!contact) return pass_on(contact.error());
  if (!*contact) return {};
  wire::ChannelWord word;
  const auto id = share_id(record.id);
  if (!id) return pass_on(id.error());
  word.id = *id;
  word.to = record.from;
  word.state = what;
  word.note = note;
  word.at_ms = rooms_.clock();
  auto sealed = wire::seal_channel_word(word, rooms_.keys.identity(), (*contact)->card.encryption);
  if (!sealed) return pass_on(sealed.error());
  post(rooms_, batch, **contact, std::move(*sealed), {});
  return {};
}

// On the air.

Result<void> ChannelsIn::apply(const SharedIn& stored) {
  SharedIn record = with_own(stored);
  const auto shared = file(record);
  if (!shared) return pass_on(shared.error());
  const channels::Timeline* on = rooms_.television.by_id(record.id);
  if (!rooms_.television.number_free(record.number, record.id))
    record.number = rooms_.television.free_number();
  record.applied = record.revision;
  Channel channel = as_taken(shared->channel, record.taken, record.number, record.budget);
  channel.id = record.id;
  const Television::Also also = [&record](store::Batch& batch) {
    put(batch, key_of(record), encode(record));
  };
  const std::string what = "from its home";
  if (on == nullptr) return rooms_.television.begin(std::move(channel), what, {}, also);
  channel.version = on->channel().version + 1;
  Television::Edit edit;
  edit.channel = record.id;
  edit.what = what;
  edit.also = also;
  return rooms_.television.keep(edit, std::move(channel));
}

Result<void> ChannelsIn::take_off(const SharedIn& record) {
  if (rooms_.television.by_id(record.id) == nullptr) return {};
  return rooms_.television.remove(record.id, 0);
}

Result<void> ChannelsIn::sync() {
  auto forgotten = forget_wishes(rooms_);
  if (!forgotten) return forgotten;
  const auto all = list();
  if (!all) return pass_on(all.error());
  std::map<identity::HomeAddress, bool> friends;  // a contact's card is checked at each look
  for (const SharedIn& one : *all) {
    if (!is_over(one.state) && !friends.contains(one.from)) {
      const auto contact = friend_of(rooms_, one.from);
      if (!contact) return pass_on(contact.error());
      friends[one.from] = contact->has_value();
    }
    SharedIn record = one;
    store::Batch batch;
    if (!is_over(one.state) && !friends[one.from]) {
      record.state = State::ended;
      record.at_ms = rooms_.clock();
      erase_shared(batch, one.id);
      put(batch, key_of(record), encode(record));
    }
    // The rest of one that does not come whole in that time is in no mailbox any more.
    const bool goes = is_over(one.state) || one.state == State::arriving;
    if (goes && is_long_ago(rooms_, one.at_ms)) {
      erase_shared(batch, one.id);
      erase(batch, key_of(one));
    }
    auto stored = batch.empty() ? Result<void>() : rooms_.records.commit(batch);
    if (stored && is_over(record.state)) stored = take_off(record);
    if (!stored) return stored;
    if (record.state != State::accepted || record.applied == record.revision) continue;
    const auto applied = apply(record);
    if (!applied) spdlog::warn("sharing: a channel is not on: {}", applied.error().sentence);
  }
  return {};
}

}  // namespace hearth::node
