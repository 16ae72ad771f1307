// What comes from other homes about their channels. Each letter is one commit with the mailbox's
// cursor, and one that comes twice, late or from somebody else changes nothing.
#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "node/sharing/channels_in.h"

namespace hearth::node {
namespace {

using State = InState;
using Said = wire::ChannelWord::State;

}  // namespace

Result<void> ChannelsIn::take(store::Batch& batch, const identity::HomeAddress& from,
                              const wire::ChannelShare& letter) {
  const auto contact = friend_of(rooms_, from);
  if (!contact) return pass_on(contact.error());
  if (!*contact) {
    spdlog::warn("sharing: a channel was ignored: it is of no contact");
    return {};
  }
  if (letter.state == wire::ChannelShare::State::refused)
    return take_refusal(batch, **contact, letter);
  const std::string id = to_hex(letter.id);
  auto known = one_of(rooms_.records, shared_in_key(id), decode_shared_in);
  if (!known) return pass_on(known.error());
  if (!*known) {
    const auto all = list();
    if (!all) return pass_on(all.error());
    const auto of_this = std::count_if(all->begin(), all->end(),
                                       [&](const SharedIn& one) { return one.from == from; });
    const bool taken = rooms_.television.by_id(id) != nullptr;  // never over one of this home's own
    if (taken || all->size() >= max_shares || of_this >= max_shares_of_one) {
      spdlog::warn("sharing: a channel was ignored: there are too many, or its id is another's");
      return {};
    }
    auto made = fresh(batch, **contact, letter);
    if (!made) return pass_on(made.error());
    known->emplace(std::move(*made));
  }
  SharedIn& record = **known;
  const LetterStep step = step_of(record, from, letter);
  if (step == LetterStep::ignore) return {};
  if (step == LetterStep::end) {
    erase_shared(batch, id);
    if (record.state == State::accepted || (record.state == State::waiting && !record.quiet))
      rooms_.tell(printable(record.name) + " has ended",
                  (*contact)->name + " does not share this channel any more.");
    record.state = State::ended;
    record.revision = letter.revision;
    record.at_ms = rooms_.clock();
    put(batch, key_of(record), encode(record));
    return {};
  }
  if (step == LetterStep::begin) erase_share_parts(batch, id);
  record.arriving = letter.revision;
  if (letter.wish) record.wish = to_hex(*letter.wish);
  put(batch, part_key(id, letter.part), as_bytes(letter.text));
  // What lies there of an older revision is taken away with this commit only.
  const bool may_be_whole = step == LetterStep::take_part || letter.parts == 1;
  const auto text = may_be_whole ? joined(letter) : Result<std::optional<std::string>>();
  if (!text) return pass_on(text.error());
  if (*text) return complete(batch, **contact, std::move(record), **text);
  put(batch, key_of(record), encode(record));
  return {};
}

/// The first letter of a share: whether it may come is decided once.
Result<SharedIn> ChannelsIn::fresh(store::Batch& batch, const Contact& from,
                                   const wire::ChannelShare& letter) {
  SharedIn record;
  record.id = to_hex(letter.id);
  record.from = from.card.home;
  record.name = letter.name;
  record.note = letter.note;
  record.at_ms = rooms_.clock();
  const auto verdict = rooms_.admits(from.card.home);
  if (!verdict) return pass_on(verdict.error());
  record.quiet = verdict->quiet;
  if (verdict->what != Verdict::What::refuse) return record;
  record.state = State::declined;
  put(batch, key_of(record), encode(record));
  auto said = say(batch, record, Said::declined, verdict->sentence);
  if (!said) return pass_on(said.error());
  return record;
}

Result<void> ChannelsIn::take_refusal(store::Batch& batch, const Contact& from,
                                      const wire::ChannelShare& letter) {
  const auto all = wishes();
  if (!all) return pass_on(all.error());
  for (const ShareWish& one : *all) {
    if (one.id != to_hex(letter.id) || one.home != from.card.home) continue;
    erase(batch, key_of(one));
    rooms_.tell(from.name + " does not share " + printable(one.channel), letter.note);
  }
  return {};
}

/// The whole file with this letter's part; nullopt: something is missing still.
Result<std::optional<std::string>> ChannelsIn::joined(const wire::ChannelShare& letter) const {
  std::string text;
  for (std::uint32_t part = 1; part <= letter.parts; ++part) {
    if (part == letter.part) {
      text += letter.text;
      continue;
    }
    const auto stored = rooms_.records.get(part_key(to_hex(letter.id), part));
    if (!stored) return pass_on(stored.error());
    if (!*stored) return std::optional<std::string>();
    text += as_text(**stored);
  }
  return std::optional(std::move(text));
}

Result<void> ChannelsIn::complete(store::Batch& batch, const Contact& from, SharedIn record,
                                  const std::string& text) {
  erase_share_parts(batch, record.id);
  const auto file = read_channel_file(text);
  const bool bounded = file && offers_in(file->channel).size() <= max_file_offers;
  if (!bounded || file->from != record.from) {
    spdlog::warn("sharing: a channel was not well-formed, or is not of the home that sent it");
    const bool first = record.state == State::arriving;
    record.arriving = 0;
    if (first) erase(batch, key_of(record));
    if (!first) put(batch, key_of(record), encode(record));
    return {};
  }
  record.revision = record.arriving;
  record.arriving = 0;
  record.name = file->channel.name;
  record.items = 0;
  for (const auto& list : file->channel.lists)
    record.items += static_cast<std::uint32_t>(list.items.size());
  put(batch, shared_file_key(record.id), as_bytes(text));
  if (record.state != State::accepted) record.number = file->channel.number;
  auto admitted = admit(batch, from, record);
  if (!admitted) return admitted;
  put(batch, key_of(record), encode(record));
  return {};
}

/// One that this home asked for is accepted, others wait.
Result<void> ChannelsIn::admit(store::Batch& batch, const Contact& from, SharedIn& record) {
  const State was = record.state;
  bool wanted = false;
  const auto asked = wishes();
  if (!asked) return pass_on(asked.error());
  for (const ShareWish& one : *asked) {
    if (one.id != record.wish || one.home != record.from) continue;
    wanted = true;
    erase(batch, key_of(one));
  }
  if (was == State::accepted || (was == State::waiting && !wanted)) return {};
  record.state = wanted ? State::accepted : State::waiting;
  record.at_ms = rooms_.clock();
  auto said = wanted ? say(batch, record, Said::accepted, {}) : Result<void>();
  if (!said) return said;
  if (record.quiet && !wanted) return {};
  rooms_.tell(from.name + (wanted ? " shows you a channel" : " would like to show you a channel"),
              printable(record.name) + (wanted ? "" : ": hearth channel offers"));
  return {};
}

}  // namespace hearth::node
