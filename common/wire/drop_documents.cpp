// Opening drops, and the two small kinds of them: hellos and wishes.
#include "common/base/names.h"
#include "common/wire/drop_parts.h"

namespace hearth::wire {
namespace {

constexpr std::string_view hello_names[] = {"ask", "accepted", "gone"};

Result<Hello> hello_from_json(const Json& payload, const crypto::SignPublicKey& sender) {
  Fields fields(payload, "hello");
  Hello out;
  out.to = home_field(fields, "to");
  out.from_card = fields.required_text("from_card", max_card);
  out.state = static_cast<Hello::State>(choice_field(fields, "state", hello_names));
  out.note = note_field(fields, "note");
  out.at_ms = time_field(fields, "at_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (auto card = check_card_of(out.from_card, sender); !card) return pass_on(card.error());
  return out;
}

Result<Wish> wish_from_json(const Json& payload, const crypto::SignPublicKey& sender) {
  Fields fields(payload, "wish");
  Wish out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  out.from_card = fields.required_text("from_card", max_card);
  out.offer = fields.fixed_hex<32>("offer");
  out.note = note_field(fields, "note");
  out.sent_ms = time_field(fields, "sent_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (auto card = check_card_of(out.from_card, sender); !card) return pass_on(card.error());
  return out;
}

template <class T>
Result<OpenedDrop> take_into(OpenedDrop out, std::optional<T> OpenedDrop::*place, Result<T> part) {
  if (!part) return pass_on(part.error());
  out.*place = std::move(*part);
  return out;
}

Result<OpenedDrop> read_drop(std::string_view jws) {
  std::string_view type = gift_type;
  const std::string claimed = claimed_jws_type(jws);
  for (const std::string_view known : {answer_type, hello_type, wish_type, share_type, word_type}) {
    if (claimed == known) type = known;
  }
  const auto verified = verify_jws(jws, type);
  if (!verified) return pass_on(verified.error());
  OpenedDrop out;
  out.from.key = verified->signer;
  const Json& payload = verified->payload;
  if (type == answer_type) {
    return take_into(std::move(out), &OpenedDrop::answer, answer_from_json(payload));
  }
  if (type == hello_type) {
    return take_into(std::move(out), &OpenedDrop::hello,
                     hello_from_json(payload, verified->signer));
  }
  if (type == wish_type) {
    return take_into(std::move(out), &OpenedDrop::wish, wish_from_json(payload, verified->signer));
  }
  if (type == share_type) {
    return take_into(std::move(out), &OpenedDrop::share, share_from_json(payload));
  }
  if (type == word_type) {
    return take_into(std::move(out), &OpenedDrop::word, word_from_json(payload));
  }
  return take_into(std::move(out), &OpenedDrop::gift, gift_from_json(payload, verified->signer));
}

const identity::HomeAddress& addressee(const OpenedDrop& drop) {
  if (drop.answer) return drop.answer->to;
  if (drop.hello) return drop.hello->to;
  if (drop.wish) return drop.wish->to;
  if (drop.share) return drop.share->to;
  if (drop.word) return drop.word->to;
  return drop.gift->to;
}

}  // namespace

tl::unexpected<Error> refuse_drop(std::string_view why) {
  return fail(Code::usage, "The gift was refused: " + std::string(why) + ".");
}

Result<void> check_card_of(const std::string& card, const crypto::SignPublicKey& sender) {
  const auto parsed = identity::parse_contact_card(card);
  if (!parsed) return pass_on(parsed.error());
  if (parsed->home.key != sender) {
    return fail(Code::wrong_signer,
                "It carries the contact card of another home than its sender's.");
  }
  return {};
}

Result<Bytes> seal_drop(const std::string& jws, const crypto::BoxPublicKey& to) {
  Bytes sealed = crypto::age::seal_file(as_bytes(jws), {to});
  if (jws.size() > max_jws || sealed.size() > max_drop) {
    return fail(Code::too_large, "The gift is larger than a mailbox takes. Nothing was sent.");
  }
  return sealed;
}

Result<Bytes> seal_hello(const Hello& hello, const crypto::SignKey& from,
                         const crypto::BoxPublicKey& to_encryption) {
  if (const auto note = checked_note(hello.note); !note) return pass_on(note.error());
  if (auto card = check_card_of(hello.from_card, from.public_key()); !card)
    return pass_on(card.error());
  const Json payload = {{"to", hello.to.text()},
                        {"from_card", hello.from_card},
                        {"state", hello_names[static_cast<std::size_t>(hello.state)]},
                        {"note", hello.note},
                        {"at_ms", hello.at_ms}};
  return seal_drop(sign_jws(hello_type, payload, from), to_encryption);
}

Result<Bytes> seal_wish(const Wish& wish, const crypto::SignKey& from,
                        const crypto::BoxPublicKey& to_encryption) {
  if (const auto note = checked_note(wish.note); !note) return pass_on(note.error());
  if (auto card = check_card_of(wish.from_card, from.public_key()); !card)
    return pass_on(card.error());
  const Json payload = {{"id", to_hex(wish.id)},       {"to", wish.to.text()},
                        {"from_card", wish.from_card}, {"offer", to_hex(wish.offer)},
                        {"note", wish.note},           {"sent_ms", wish.sent_ms}};
  return seal_drop(sign_jws(wish_type, payload, from), to_encryption);
}

Result<OpenedDrop> open_drop(ByteView sealed, const crypto::BoxKey& encryption,
                             const identity::HomeAddress& me) {
  if (sealed.size() > max_drop) return fail(Code::too_large, "The drop is larger than it may be.");
  const auto plain = crypto::age::open_file(sealed, encryption);
  if (!plain) return pass_on(plain.error());
  auto out = read_drop(as_text(*plain));
  if (!out) return out;
  if (addressee(*out) != me) return refuse_drop("it is meant for another home");
  return out;
}

}  // namespace hearth::wire
