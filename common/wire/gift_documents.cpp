#include <algorithm>
#include <iterator>

#include "common/base/names.h"
#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view gift_type = "hearth/gift/1";
constexpr std::string_view answer_type = "hearth/gift-answer/1";
constexpr std::size_t max_card = 4 * 1024;
constexpr std::string_view state_names[] = {"delivered", "accepted", "declined", "fetched"};

tl::unexpected<Error> refuse_gift(std::string_view why) {
  return fail(Code::usage, "The gift was refused: " + std::string(why) + ".");
}

/// What must hold between the parts of a gift, for the sender and for the receiver.
Result<void> check_gift(const Gift& gift, const crypto::SignPublicKey& sender) {
  if (const auto note = checked_note(gift.note); !note) return pass_on(note.error());
  const auto card = identity::parse_contact_card(gift.from_card);
  if (!card) return pass_on(card.error());
  if (card->home.key != sender) {
    return fail(Code::wrong_signer,
                "The gift carries the contact card of another home than its sender's.");
  }
  const bool bought = !gift.offer_jws.empty() && gift.voucher;
  const bool own = !gift.manifest_jws.empty() && gift.file_key;
  const bool parts_of_bought = !gift.offer_jws.empty() || gift.voucher;
  const bool parts_of_own = !gift.manifest_jws.empty() || gift.file_key;
  if (bought == own || (bought && parts_of_own) || (own && parts_of_bought)) {
    return refuse_gift(
        "it holds neither exactly an offer with a voucher, nor a manifest with a key");
  }
  if (own) {
    const auto manifest = read_manifest(gift.manifest_jws);
    if (!manifest) return pass_on(manifest.error());
    return {};
  }
  const auto offer = read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  if (gift.voucher->offer != offer->id) return refuse_gift("its voucher is for another offer");
  return {};
}

Result<void> check_answer(const GiftAnswer& answer) {
  if (const auto reason = checked_note(answer.reason); !reason) return pass_on(reason.error());
  const bool declined = answer.state == GiftAnswer::State::declined;
  if (!declined && (!answer.reason.empty() || answer.voucher)) {
    return refuse_gift("its answer gives a reason or a voucher back without declining");
  }
  return {};
}

Result<Bytes> seal(const std::string& jws, const crypto::BoxPublicKey& to) {
  Bytes sealed = crypto::age::seal_file(as_bytes(jws), {to});
  if (jws.size() > max_jws || sealed.size() > max_drop) {
    return fail(Code::too_large, "The gift is larger than a mailbox takes. Nothing was sent.");
  }
  return sealed;
}

std::optional<Voucher> voucher_field(Fields& fields) {
  if (!fields.has("voucher")) return std::nullopt;
  const Json& json = fields.object("voucher");
  if (!fields.ok()) return std::nullopt;
  return take_or_refuse(fields, voucher_from_json(json));
}

Result<Gift> gift_from_json(const Json& payload, const crypto::SignPublicKey& sender) {
  Fields fields(payload, "gift");
  Gift out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  out.from_card = fields.required_text("from_card", max_card);
  out.note = note_field(fields, "note");
  out.offer_jws = fields.text("offer", max_offer_jws);
  out.voucher = voucher_field(fields);
  out.manifest_jws = fields.text("manifest", max_manifest_jws);
  if (fields.has("file_key")) {
    out.file_key = crypto::age::FileKey(fields.fixed_base64url<16>("file_key"));
  }
  out.sent_ms = time_field(fields, "sent_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_gift(out, sender); !checked) return pass_on(checked.error());
  return out;
}

Result<GiftAnswer> answer_from_json(const Json& payload) {
  Fields fields(payload, "gift's answer");
  GiftAnswer out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  const std::string state = fields.required_text("state", 16);
  const auto* found = std::find(std::begin(state_names), std::end(state_names), state);
  if (found == std::end(state_names)) {
    fields.refuse("The gift's answer has a state that does not exist.");
  } else {
    out.state = static_cast<GiftAnswer::State>(found - std::begin(state_names));
  }
  out.reason = note_field(fields, "reason");
  out.voucher = voucher_field(fields);
  out.at_ms = time_field(fields, "at_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_answer(out); !checked) return pass_on(checked.error());
  return out;
}

Result<OpenedDrop> read_drop(std::string_view jws) {
  const bool is_answer = claimed_jws_type(jws) == answer_type;
  const auto verified = verify_jws(jws, is_answer ? answer_type : gift_type);
  if (!verified) return pass_on(verified.error());
  OpenedDrop out;
  out.from.key = verified->signer;
  if (is_answer) {
    auto answer = answer_from_json(verified->payload);
    if (!answer) return pass_on(answer.error());
    out.answer = std::move(*answer);
  } else {
    auto gift = gift_from_json(verified->payload, verified->signer);
    if (!gift) return pass_on(gift.error());
    out.gift = std::move(*gift);
  }
  return out;
}

}  // namespace

Result<Bytes> seal_gift(const Gift& gift, const crypto::SignKey& from,
                        const crypto::BoxPublicKey& to_encryption) {
  if (const auto checked = check_gift(gift, from.public_key()); !checked) {
    return pass_on(checked.error());
  }
  Json payload = {{"id", to_hex(gift.id)},
                  {"to", gift.to.text()},
                  {"from_card", gift.from_card},
                  {"note", gift.note},
                  {"sent_ms", gift.sent_ms}};
  if (gift.voucher) {
    payload["offer"] = gift.offer_jws;
    payload["voucher"] = voucher_to_json(*gift.voucher);
  } else {
    payload["manifest"] = gift.manifest_jws;
    payload["file_key"] = to_base64url(gift.file_key->view());
  }
  return seal(sign_jws(gift_type, payload, from), to_encryption);
}

std::string_view gift_state_name(GiftAnswer::State state) {
  return state_names[static_cast<std::size_t>(state)];
}

Result<Bytes> seal_gift_answer(const GiftAnswer& answer, const crypto::SignKey& from,
                               const crypto::BoxPublicKey& to_encryption) {
  if (const auto checked = check_answer(answer); !checked) return pass_on(checked.error());
  Json payload = {{"id", to_hex(answer.id)},
                  {"to", answer.to.text()},
                  {"state", gift_state_name(answer.state)},
                  {"reason", answer.reason},
                  {"at_ms", answer.at_ms}};
  if (answer.voucher) payload["voucher"] = voucher_to_json(*answer.voucher);
  return seal(sign_jws(answer_type, payload, from), to_encryption);
}

Result<OpenedDrop> open_drop(ByteView sealed, const crypto::BoxKey& encryption,
                             const identity::HomeAddress& me) {
  if (sealed.size() > max_drop) return fail(Code::too_large, "The drop is larger than it may be.");
  const auto plain = crypto::age::open_file(sealed, encryption);
  if (!plain) return pass_on(plain.error());
  auto out = read_drop(as_text(*plain));
  if (!out) return out;
  const identity::HomeAddress& to = out->gift ? out->gift->to : out->answer->to;
  if (to != me) return refuse_gift("it is meant for another home");
  return out;
}

}  // namespace hearth::wire
