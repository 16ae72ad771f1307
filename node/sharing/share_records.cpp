#include "node/sharing/share_records.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_share_id = 32, max_words = 2000, max_named = 480, max_reason = 4000;

bool is_share_id(const std::string& id) {
  return id.size() == max_share_id && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void put_taken(Writer& out, const Taken& taken) {
  out.u8(taken.whole ? 1 : 0).u32(static_cast<std::uint32_t>(taken.parts.size()));
  for (const std::string& part : taken.parts) out.text(part);
}

/// False: more parts than there may be.
bool read_taken(hearth::Reader& in, Taken& taken) {
  taken.whole = in.u8() != 0;
  const std::uint32_t count = in.u32();
  if (count > max_taken) return false;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i)
    taken.parts.push_back(in.text(channels::max_id));
  return true;
}

}  // namespace

std::string_view name_of(InState state) {
  constexpr std::string_view names[] = {"",         "arriving", "waiting", "accepted",
                                        "declined", "left",     "ended"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(OutState state) {
  constexpr std::string_view names[] = {"", "offered", "accepted", "declined", "left", "ended"};
  return names[static_cast<std::size_t>(state)];
}

std::string shared_in_key(const std::string& id) {
  return std::string(shared_in_prefix) + id;
}

std::string shared_out_key(const std::string& id) {
  return std::string(shared_out_prefix) + id;
}

std::string shared_file_key(const std::string& id) {
  return "share/file/" + id;
}

void erase_share_parts(store::Batch& batch, const std::string& id) {
  for (std::uint32_t part = 1; part <= wire::max_share_parts; ++part)
    erase(batch, part_key(id, part));
}

void erase_shared(store::Batch& batch, const std::string& id) {
  erase_share_parts(batch, id);
  erase(batch, shared_file_key(id));
}

std::string part_key(const std::string& id, std::uint32_t part) {
  return "share/part/" + id + "/" + std::string(part < 10 ? "0" : "") + std::to_string(part);
}

Bytes encode(const SharedIn& record) {
  Writer out;
  out.u8(format).text(record.id).raw(record.from.key).u8(static_cast<std::uint8_t>(record.state));
  out.i64(record.revision).i64(record.applied).i64(record.arriving);
  out.text(record.name).text(record.note).text(record.wish).u8(record.quiet ? 1 : 0);
  out.u32(record.items);
  put_taken(out, record.taken);
  out.u32(static_cast<std::uint32_t>(record.number));
  out.i64(record.budget.title).i64(record.budget.month).text(record.budget.currency);
  out.i64(record.at_ms);
  return out.take();
}

Result<SharedIn> decode_shared_in(ByteView bytes) {
  hearth::Reader in(bytes);
  SharedIn record;
  const bool known = in.u8() == format;
  record.id = in.text(max_share_id);
  record.from.key = in.fixed<32>();
  const std::uint8_t state = in.u8();
  record.revision = in.i64();
  record.applied = in.i64();
  record.arriving = in.i64();
  record.name = in.text(max_named);
  record.note = in.text(max_words);
  record.wish = in.text(max_share_id);
  record.quiet = in.u8() != 0;
  record.items = in.u32();
  const bool bounded = read_taken(in, record.taken);
  record.number = static_cast<std::int32_t>(in.u32());
  record.budget.title = in.i64();
  record.budget.month = in.i64();
  record.budget.currency = in.text(3);
  record.at_ms = in.i64();
  const bool state_known = state >= 1 && state <= static_cast<std::uint8_t>(InState::ended);
  if (!known || !bounded || !in.done() || !state_known || !is_share_id(record.id))
    return damaged("shared channel");
  record.state = static_cast<InState>(state);
  return record;
}

Bytes encode(const SharedOut& record) {
  Writer out;
  out.u8(format).text(record.id).text(record.channel).raw(record.to.key);
  out.u8(static_cast<std::uint8_t>(record.state)).i64(record.revision).raw(record.sent);
  out.text(record.note).text(record.wish).text(record.reason).text(record.problem);
  out.i64(record.at_ms);
  return out.take();
}

Result<SharedOut> decode_shared_out(ByteView bytes) {
  hearth::Reader in(bytes);
  SharedOut record;
  const bool known = in.u8() == format;
  record.id = in.text(max_share_id);
  record.channel = in.text(channels::max_id);
  record.to.key = in.fixed<32>();
  const std::uint8_t state = in.u8();
  record.revision = in.i64();
  record.sent = in.fixed<32>();
  record.note = in.text(max_words);
  record.wish = in.text(max_share_id);
  record.reason = in.text(max_reason);
  record.problem = in.text(max_reason);
  record.at_ms = in.i64();
  const bool state_known = state >= 1 && state <= static_cast<std::uint8_t>(OutState::ended);
  if (!known || !in.done() || !state_known || !is_share_id(record.id))
    return damaged("shared channel");
  record.state = static_cast<OutState>(state);
  return record;
}

Bytes encode(const ShareWish& record) {
  Writer out;
  out.u8(format).text(record.id).u8(record.outgoing ? 1 : 0).raw(record.home.key);
  out.text(record.channel).text(record.note).i64(record.at_ms);
  return out.take();
}

Result<ShareWish> decode_share_wish(ByteView bytes) {
  hearth::Reader in(bytes);
  ShareWish record;
  const bool known = in.u8() == format;
  record.id = in.text(max_share_id);
  record.outgoing = in.u8() != 0;
  record.home.key = in.fixed<32>();
  record.channel = in.text(max_named);
  record.note = in.text(max_words);
  record.at_ms = in.i64();
  if (!known || !in.done() || !is_share_id(record.id)) return damaged("wish for a channel");
  return record;
}

LetterStep step_of(const SharedIn& known, const identity::HomeAddress& from,
                   const wire::ChannelShare& letter) {
  if (known.from != from || is_over(known.state) || letter.revision <= known.revision)
    return LetterStep::ignore;
  if (letter.state == wire::ChannelShare::State::ended) return LetterStep::end;
  if (letter.state != wire::ChannelShare::State::offered || letter.revision < known.arriving)
    return LetterStep::ignore;
  return letter.revision == known.arriving ? LetterStep::take_part : LetterStep::begin;
}

std::optional<OutState> next_state(OutState now, wire::ChannelWord::State said) {
  using Said = wire::ChannelWord::State;
  if (is_over(now)) return std::nullopt;
  switch (said) {
    case Said::accepted:
      return now == OutState::offered ? std::optional(OutState::accepted) : std::nullopt;
    case Said::declined:
      return OutState::declined;
    case Said::left:
      return OutState::left;
    case Said::wanted:
      break;
  }
  return std::nullopt;
}

}  // namespace hearth::node
