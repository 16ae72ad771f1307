#include "common/wire/share_documents.h"

#include <algorithm>

#include "common/base/names.h"
#include "common/wire/drop_parts.h"

namespace hearth::wire {
namespace {

constexpr std::string_view share_names[] = {"offered", "ended", "refused"};
constexpr std::string_view word_names[] = {"wanted", "accepted", "declined", "left"};
constexpr std::size_t max_share_name = 120 * 4;

/// Of a JWS, as it is written.
bool is_jws_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// What must hold between the parts, for the sender and for the receiver.
Result<void> check_share(const ChannelShare& share) {
  if (const auto note = checked_note(share.note); !note) return pass_on(note.error());
  if (share.state != ChannelShare::State::offered) {
    const bool more = !share.text.empty() || !share.name.empty() || share.wish || share.parts != 1;
    if (more) return refuse_drop("it ends a channel and says more of it");
    return {};
  }
  if (const auto name = checked_name(share.name); !name) return pass_on(name.error());
  const bool whole = share.part >= 1 && share.part <= share.parts &&
                     share.parts <= max_share_parts && !share.text.empty() &&
                     share.text.size() <= max_share_part && is_jws_text(share.text);
  if (!whole) return refuse_drop("it holds no part of a channel");
  return {};
}

Result<void> check_word(const ChannelWord& word) {
  if (const auto note = checked_note(word.note); !note) return pass_on(note.error());
  if (word.state != ChannelWord::State::wanted) {
    if (!word.channel.empty()) return refuse_drop("it answers and asks for a channel");
    return {};
  }
  const auto name = checked_name(word.channel);
  if (!name) return pass_on(name.error());
  if (word.channel.size() > max_wanted_channel)
    return refuse_drop("it names a channel that is too long");
  return {};
}

}  // namespace

Result<ChannelShare> share_from_json(const Json& payload) {
  Fields fields(payload, "shared channel");
  ChannelShare out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  out.state = static_cast<ChannelShare::State>(choice_field(fields, "state", share_names));
  out.revision = time_field(fields, "revision");
  out.name = fields.text("name", max_share_name);
  out.note = note_field(fields, "note");
  out.part = static_cast<std::uint32_t>(fields.integer_or("part", 1, max_share_parts, 1));
  out.parts = static_cast<std::uint32_t>(fields.integer_or("parts", 1, max_share_parts, 1));
  out.text = fields.text("text", max_share_part);
  if (fields.has("wish")) out.wish = fields.fixed_hex<16>("wish");
  out.sent_ms = time_field(fields, "sent_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_share(out); !checked) return pass_on(checked.error());
  return out;
}

Result<ChannelWord> word_from_json(const Json& payload) {
  Fields fields(payload, "word about a channel");
  ChannelWord out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  out.state = static_cast<ChannelWord::State>(choice_field(fields, "state", word_names));
  out.channel = fields.text("channel", max_wanted_channel);
  out.note = note_field(fields, "note");
  out.at_ms = time_field(fields, "at_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_word(out); !checked) return pass_on(checked.error());
  return out;
}

Result<Bytes> seal_channel_share(const ChannelShare& share, const crypto::SignKey& from,
                                 const crypto::BoxPublicKey& to_encryption) {
  if (const auto checked = check_share(share); !checked) return pass_on(checked.error());
  Json payload = {{"id", to_hex(share.id)},
                  {"to", share.to.text()},
                  {"state", share_names[static_cast<std::size_t>(share.state)]},
                  {"revision", share.revision},
                  {"note", share.note},
                  {"sent_ms", share.sent_ms}};
  if (share.state == ChannelShare::State::offered) {
    payload["name"] = share.name;
    payload["part"] = share.part;
    payload["parts"] = share.parts;
    payload["text"] = share.text;
    if (share.wish) payload["wish"] = to_hex(*share.wish);
  }
  return seal_drop(sign_jws(share_type, payload, from), to_encryption);
}

Result<Bytes> seal_channel_word(const ChannelWord& word, const crypto::SignKey& from,
                                const crypto::BoxPublicKey& to_encryption) {
  if (const auto checked = check_word(word); !checked) return pass_on(checked.error());
  Json payload = {{"id", to_hex(word.id)},
                  {"to", word.to.text()},
                  {"state", word_names[static_cast<std::size_t>(word.state)]},
                  {"note", word.note},
                  {"at_ms", word.at_ms}};
  if (word.state == ChannelWord::State::wanted) payload["channel"] = word.channel;
  return seal_drop(sign_jws(word_type, payload, from), to_encryption);
}

}  // namespace hearth::wire
