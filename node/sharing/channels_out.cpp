#include "node/sharing/channels_out.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/crypto/secret.h"

namespace hearth::node {
namespace {

using State = OutState;
using Said = wire::ChannelWord::State;

constexpr std::string_view open_prefix = "share/open/", about_prefix = "share/";
constexpr std::size_t max_wishes = 200, max_wishes_of_one = 20;

Result<wire::ChannelShare> letter_of(const std::string& id, wire::ChannelShare::State state,
                                     UtcMs revision) {
  wire::ChannelShare letter;
  const auto of = share_id(id);
  if (!of) return pass_on(of.error());
  letter.id = *of;
  letter.state = state;
  letter.revision = revision;
  return letter;
}

std::string told_of(Said said, const std::string& channel) {
  switch (said) {
    case Said::accepted:
      return "They see your channel " + channel + " now";
    case Said::declined:
      return "They do not want your channel " + channel;
    case Said::left:
    case Said::wanted:
      break;
  }
  return "They do not watch your channel " + channel + " any more";
}

}  // namespace

std::string about_share(const std::string& share) {
  return std::string(about_prefix) + share;
}

std::string share_of_about(const std::string& about) {
  return about.starts_with(about_prefix) ? about.substr(about_prefix.size()) : std::string();
}

Result<std::vector<SharedOut>> ChannelsOut::list() const {
  return all_of(rooms_.records, shared_out_prefix, decode_shared_out);
}

Result<std::vector<ShareWish>> ChannelsOut::wishes() const {
  auto all = all_of(rooms_.records, share_wish_prefix, decode_share_wish);
  if (all) std::erase_if(*all, [](const ShareWish& one) { return one.outgoing; });
  return all;
}

Result<void> ChannelsOut::commit(const store::Batch& batch) {
  auto stored = rooms_.records.commit(batch);
  if (stored) rooms_.outbox.kick();
  return stored;
}

Result<void> ChannelsOut::make_room(store::Batch& batch, const std::vector<SharedOut>& all,
                                    const identity::HomeAddress& to) {
  const auto goes_there = [&to](const SharedOut& one) { return one.to == to; };
  const bool full = std::count_if(all.begin(), all.end(), goes_there) >= max_shares_of_one;
  if (!full && all.size() < max_shares) return {};
  const SharedOut* oldest = nullptr;
  for (const SharedOut& one : all) {
    const bool may_go = is_over(one.state) && (!full || goes_there(one));
    if (may_go && (oldest == nullptr || one.at_ms < oldest->at_ms)) oldest = &one;
  }
  if (oldest == nullptr)
    return fail(Code::too_large,
                "This home shares as many channels as it may: 100 with one home, 1,000 in all. "
                "Nothing was sent; end some with hearth channel unshare.");
  erase(batch, key_of(*oldest));
  return {};
}

/// One that is there stays it; with a wish it is sent again, for whoever has lost it, and when a
/// change of it did not arrive.
Result<SharedOut> ChannelsOut::begin(store::Batch& batch, const std::string& channel,
                                     const identity::HomeAddress& to, const std::string& note,
                                     const std::string& wish) {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const auto known = std::find_if(all->begin(), all->end(), [&](const SharedOut& one) {
    return one.channel == channel && one.to == to && !is_over(one.state);
  });
  SharedOut record;
  if (known != all->end()) {
    record = *known;
    if (wish.empty() && record.problem.empty()) return record;
  } else {
    auto room = make_room(batch, *all, to);
    if (!room) return pass_on(room.error());
    record.id = to_hex(crypto::random_array<16>());
    record.channel = channel;
    record.to = to;
    record.note = note;
    record.at_ms = rooms_.clock();
  }
  record.wish = wish;
  record.sent = {};
  put(batch, key_of(record), encode(record));
  looked_.erase(record.id);
  return record;
}

Result<SharedOut> ChannelsOut::share(const std::string& channel, const Contact& to,
                                     const std::string& note) {
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  auto possible = can_share_with(rooms_, to);
  if (!possible) return pass_on(possible.error());
  auto own = is_own(channel);
  if (!own) return pass_on(own.error());
  store::Batch batch;
  // A wish of that home for this very channel is granted with it.
  std::string granted;
  const auto asked = wishes();
  if (!asked) return pass_on(asked.error());
  for (const ShareWish& one : *asked) {
    const auto meant = rooms_.television.find(one.channel);
    if (one.home != to.card.home || !meant || (*meant)->channel().id != channel) continue;
    granted = one.id;
    erase(batch, key_of(one));
  }
  auto record = begin(batch, channel, to.card.home, *checked, granted);
  if (!record || batch.empty()) return record;
  auto stored = commit(batch);
  if (!stored) return pass_on(stored.error());
  return record;
}

Result<std::size_t> ChannelsOut::unshare(const std::string& channel,
                                         const std::optional<Contact>& with) {
  const auto all = list();
  if (!all) return pass_on(all.error());
  store::Batch batch;
  std::size_t count = 0;
  for (const SharedOut& one : *all) {
    const bool meant = one.channel == channel && (!with || one.to == with->card.home);
    if (!meant || is_over(one.state)) continue;
    auto ended = end(batch, one);
    if (!ended) return pass_on(ended.error());
    ++count;
  }
  if (count == 0)
    return fail(Code::not_found, "This channel is not shared with " +
                                     (with ? with->name : std::string("anybody")) +
                                     ". Nothing was changed.");
  auto stored = commit(batch);
  if (!stored) return pass_on(stored.error());
  return count;
}

Result<void> ChannelsOut::is_own(const std::string& channel) const {
  const auto foreign = is_foreign(rooms_, channel);
  if (!foreign) return pass_on(foreign.error());
  if (!*foreign) return {};
  return fail(Code::not_allowed,
              "This channel is another home's, which alone shares it. Nothing was sent.");
}

Result<void> ChannelsOut::set_open(const std::string& channel, bool open) {
  auto own = is_own(channel);
  if (!own) return own;
  store::Batch batch;
  const std::string key = std::string(open_prefix) + channel;
  if (open) {
    put(batch, key, Writer().u8(1).view());
  } else {
    erase(batch, key);
  }
  return rooms_.records.commit(batch);
}

Result<bool> ChannelsOut::is_open(const std::string& channel) const {
  const auto stored = rooms_.records.get(std::string(open_prefix) + channel);
  if (!stored) return pass_on(stored.error());
  return stored->has_value();
}

Result<ShareWish> ChannelsOut::refuse(const std::string& wish, const std::string& note) {
  const auto checked = checked_note(note);
  if (!checked) return pass_on(checked.error());
  const auto all = wishes();
  if (!all) return pass_on(all.error());
  const ShareWish* found = with_id(*all, wish);
  if (found == nullptr)
    return fail(Code::not_found, "Nobody asks for a channel under " + printable(wish) +
                                     ", or several do. Nothing was changed; hearth channel offers "
                                     "shows them.");
  store::Batch batch;
  erase(batch, key_of(*found));
  const auto contact = friend_of(rooms_, found->home);
  if (!contact) return pass_on(contact.error());
  if (*contact) {
    auto letter = letter_of(found->id, wire::ChannelShare::State::refused, rooms_.clock());
    if (letter) letter->note = *checked;
    auto sent = letter ? send(batch, std::move(*letter), **contact, {})
                       : Result<void>(pass_on(letter.error()));
    if (!sent) return pass_on(sent.error());
  }
  auto stored = commit(batch);
  if (!stored) return pass_on(stored.error());
  return *found;
}

// What came.

Result<void> ChannelsOut::take(store::Batch& batch, const identity::HomeAddress& from,
                               const wire::ChannelWord& word) {
  const auto contact = friend_of(rooms_, from);
  if (!contact) return pass_on(contact.error());
  if (!*contact) {
    spdlog::warn("sharing: a word about a channel was ignored: it is of no contact");
    return {};
  }
  if (word.state == Said::wanted) return take_wish(batch, **contact, word);
  auto record = one_of(rooms_.records, shared_out_key(to_hex(word.id)), decode_shared_out);
  if (!record) return pass_on(record.error());
  if (!*record || (*record)->to != from) return {};
  const auto next = next_state((*record)->state, word.state);
  if (!next) return {};
  (*record)->state = *next;
  (*record)->reason = word.note;
  (*record)->at_ms = rooms_.clock();
  if (is_over(*next)) rooms_.outbox.cancel(batch, about_share((*record)->id));
  put(batch, key_of(**record), encode(**record));
  const channels::Timeline* timeline = rooms_.television.by_id((*record)->channel);
  if (timeline != nullptr)
    tell(**contact, (*contact)->name, told_of(word.state, timeline->channel().name));
  return {};
}

Result<void> ChannelsOut::take_wish(store::Batch& batch, const Contact& from,
                                    const wire::ChannelWord& word) {
  const auto meant = rooms_.television.find(word.channel);
  if (meant) {
    const std::string channel = (*meant)->channel().id;
    const auto open = is_open(channel);
    if (!open) return pass_on(open.error());
    const auto foreign = is_foreign(rooms_, channel);
    if (!foreign) return pass_on(foreign.error());
    if (*open && !*foreign && from.card.ledger_key == rooms_.ledger_key) {
      const auto begun = begin(batch, channel, from.card.home, {}, to_hex(word.id));
      if (!begun) spdlog::warn("sharing: {}", begun.error().sentence);
      return {};
    }
  }
  const auto all = wishes();
  if (!all) return pass_on(all.error());
  std::ptrdiff_t of_this = 0;
  bool again = false;
  for (const ShareWish& one : *all) {
    if (one.home != from.card.home) continue;
    ++of_this;
    // Asked again: the later wish is the one that is answered.
    if (one.channel != word.channel) continue;
    erase(batch, key_of(one));
    --of_this;
    again = true;
  }
  if (all->size() >= max_wishes || of_this >= static_cast<std::ptrdiff_t>(max_wishes_of_one)) {
    spdlog::warn("sharing: a wish for a channel was ignored: there are too many");
    return {};
  }
  const ShareWish wish{to_hex(word.id), false,     from.card.home,
                       word.channel,    word.note, rooms_.clock()};
  put(batch, key_of(wish), encode(wish));
  if (!again)
    tell(from, from.name + " would like to see your channel " + word.channel,
         "hearth channel offers");
  return {};
}

Result<void> ChannelsOut::settled(store::Batch& batch, const std::string& share, const Error* why) {
  auto record = one_of(rooms_.records, shared_out_key(share), decode_shared_out);
  if (!record) return pass_on(record.error());
  if (!*record || is_over((*record)->state)) return {};
  const std::string problem =
      why == nullptr ? std::string()
                     : "The last change did not arrive: " + why->sentence +
                           " Share the channel with them once more, and it is sent again.";
  if ((*record)->problem == problem) return {};
  (*record)->problem = problem;
  put(batch, key_of(**record), encode(**record));
  return {};
}

void ChannelsOut::tell(const Contact& about, const std::string& headline, const std::string& text) {
  if (!about.muted) rooms_.tell(headline, text);
}

// Letters.

Result<void> ChannelsOut::send(store::Batch& batch, wire::ChannelShare letter, const Contact& to,
                               const std::string& about) {
  letter.to = to.card.home;
  letter.sent_ms = rooms_.clock();
  auto sealed = wire::seal_channel_share(letter, rooms_.keys.identity(), to.card.encryption);
  if (!sealed) return pass_on(sealed.error());
  post(rooms_, batch, to, std::move(*sealed), about);
  return {};
}

Result<void> ChannelsOut::sync(bool all) {
  const auto records = list();
  if (!records) return pass_on(records.error());
  if (all) looked_.clear();
  store::Batch batch;
  std::map<identity::HomeAddress, std::optional<Contact>> friends;
  for (const SharedOut& one : *records) {
    if (is_over(one.state)) {
      const bool old = one.at_ms + share_remembered_ms < rooms_.clock();
      if (old) erase(batch, key_of(one));
      continue;
    }
    const channels::Timeline* timeline = rooms_.television.by_id(one.channel);
    auto contact = friends.find(one.to);
    if (contact == friends.end()) {
      auto found = friend_of(rooms_, one.to);
      if (!found) return pass_on(found.error());
      contact = friends.emplace(one.to, std::move(*found)).first;
    }
    if (timeline == nullptr || !contact->second) {
      auto ended = end(batch, one);
      if (!ended) return ended;
      continue;
    }
    const std::int64_t version = timeline->channel().version;
    const auto looked = looked_.find(one.id);
    if (looked != looked_.end() && looked->second == version) continue;
    auto sent = send_new(one, timeline->channel(), *contact->second);
    if (!sent) return sent;
    looked_[one.id] = version;
  }
  return batch.empty() ? Result<void>() : commit(batch);
}

Result<void> ChannelsOut::send_new(SharedOut record, const channels::Channel& channel,
                                   const Contact& to) {
  const auto given = rooms_.given(record.to);
  if (!given) return pass_on(given.error());
  const MayHave may{rooms_.offer_of,
                    [&given](const std::string& title) { return given->contains(title); }};
  const channels::Channel document = for_other_home(channel, record.id, may);
  const auto digest = crypto::sha256(as_bytes(channels::write_channel(document)));
  if (digest == record.sent) return {};
  record.sent = digest;
  record.revision = std::max(record.revision + 1, rooms_.clock());
  record.problem.clear();
  store::Batch batch;
  auto letters = put_letters(batch, record, document, to);
  if (!letters) return note_problem(std::move(record), letters.error().sentence);
  put(batch, key_of(record), encode(record));
  return commit(batch);
}

Result<void> ChannelsOut::put_letters(store::Batch& batch, const SharedOut& record,
                                      const channels::Channel& document, const Contact& to) {
  if (offers_in(document).size() > max_file_offers)
    return fail(Code::too_large,
                "The channel is too large to be shared: it may have 2,000 offers. "
                "Nothing was sent; split it into two channels.");
  const auto file = sign_channel_file(document, {}, rooms_.keys.identity(), rooms_.clock());
  if (!file) return pass_on(file.error());
  const auto parts = in_parts(*file);
  if (!parts) return pass_on(parts.error());
  auto letter = letter_of(record.id, wire::ChannelShare::State::offered, record.revision);
  if (!letter) return pass_on(letter.error());
  letter->name = document.name;
  letter->note = record.note;
  letter->parts = static_cast<std::uint32_t>(parts->size());
  if (!record.wish.empty()) {
    auto wish = share_id(record.wish);
    if (!wish) return pass_on(wish.error());
    letter->wish = *wish;
  }
  // What is still on its way of an older revision would say nothing any more.
  rooms_.outbox.cancel(batch, about_share(record.id));
  for (const std::string& part : *parts) {
    letter->text = part;
    auto sent = send(batch, *letter, to, about_share(record.id));
    if (!sent) return sent;
    ++letter->part;
  }
  return {};
}

/// The other home keeps what it has; the owner is told once.
Result<void> ChannelsOut::note_problem(SharedOut record, const std::string& problem) {
  store::Batch batch;
  record.problem = problem;
  put(batch, key_of(record), encode(record));
  rooms_.tell("A change of a shared channel was not sent", problem);
  return rooms_.records.commit(batch);
}

Result<void> ChannelsOut::end(store::Batch& batch, SharedOut record) {
  record.state = State::ended;
  record.revision = std::max(record.revision + 1, rooms_.clock());
  record.at_ms = rooms_.clock();
  rooms_.outbox.cancel(batch, about_share(record.id));
  put(batch, key_of(record), encode(record));
  // Also one that was blocked here is told; one that is not known any more has left by itself.
  const auto contact = rooms_.contacts.stored(record.to);
  if (!contact) return pass_on(contact.error());
  if (!*contact) return {};
  auto letter = letter_of(record.id, wire::ChannelShare::State::ended, record.revision);
  if (!letter) return pass_on(letter.error());
  return send(batch, std::move(*letter), **contact, {});
}

}  // namespace hearth::node
