#include "common/wire/gift_documents.h"

#include <algorithm>
#include <iterator>

#include "common/base/names.h"
#include "common/wire/drop_parts.h"

namespace hearth::wire {
namespace {

constexpr std::string_view state_names[] = {"delivered", "accepted", "declined",
                                            "fetched",   "played",   "expired"};
constexpr std::size_t max_place_bytes = max_place_channel * 4;

Result<void> check_picture(const Bytes& picture) {
  if (picture.size() > max_gift_picture) return refuse_drop("its picture is larger than 20 KiB");
  const bool jpeg = picture.size() > 3 && picture[0] == 0xff && picture[1] == 0xd8;
  if (!picture.empty() && !jpeg) return refuse_drop("its picture is no JPEG");
  return {};
}

Result<void> check_extras(const Gift& gift) {
  if (gift.parcel) {
    const Parcel& parcel = *gift.parcel;
    const bool in_bounds = parcel.parts >= 1 && parcel.parts <= max_parcel_parts &&
                           parcel.part >= 1 && parcel.part <= parcel.parts;
    if (!in_bounds) return refuse_drop("its parcel has more parts than it may");
  }
  if (gift.place) {
    const auto channel = checked_name(gift.place->channel);
    if (!channel) return pass_on(channel.error());
    if (gift.place->channel.size() > max_place_bytes)
      return refuse_drop("its place names a channel that is too long");
  }
  if (gift.expires_ms != 0 && gift.expires_ms <= gift.open_from_ms)
    return refuse_drop("it ends before it may be opened");
  return check_picture(gift.picture);
}

/// What must hold between the parts of a gift, for the sender and for the receiver.
Result<void> check_gift(const Gift& gift, const crypto::SignPublicKey& sender) {
  if (const auto note = checked_note(gift.note); !note) return pass_on(note.error());
  if (auto card = check_card_of(gift.from_card, sender); !card) return card;
  if (auto extras = check_extras(gift); !extras) return extras;
  const bool own = !gift.manifest_jws.empty() && gift.file_key;
  const bool parts_of_own = !gift.manifest_jws.empty() || gift.file_key;
  const bool parts_of_bought = !gift.offer_jws.empty() || gift.voucher;
  if (own == gift.voucher.has_value() || (own ? parts_of_bought : parts_of_own)) {
    return refuse_drop(
        "it holds neither exactly a voucher with its offer, nor a manifest with a key");
  }
  if (own) {
    const auto manifest = read_manifest(gift.manifest_jws);
    if (!manifest) return pass_on(manifest.error());
    return {};
  }
  if (gift.offer_jws.empty()) return {};
  const auto offer = read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  if (gift.voucher->offer != offer->id) return refuse_drop("its voucher is for another offer");
  return {};
}

Result<void> check_answer(const GiftAnswer& answer) {
  using State = GiftAnswer::State;
  for (const std::string* text : {&answer.reason, &answer.thanks}) {
    if (const auto note = checked_note(*text); !note) return pass_on(note.error());
  }
  const bool ended = answer.state == State::declined || answer.state == State::expired;
  if (!ended && (!answer.reason.empty() || answer.voucher)) {
    return refuse_drop("its answer gives a reason or a voucher back without declining");
  }
  const bool taken = !ended && answer.state != State::delivered;
  if (!taken && !answer.thanks.empty()) return refuse_drop("its answer thanks for nothing");
  return {};
}

std::optional<Voucher> voucher_field(Fields& fields) {
  if (!fields.has("voucher")) return std::nullopt;
  const Json& json = fields.object("voucher");
  if (!fields.ok()) return std::nullopt;
  return take_or_refuse(fields, voucher_from_json(json));
}

std::optional<Parcel> parcel_field(Fields& fields) {
  if (!fields.has("parcel")) return std::nullopt;
  const Json& json = fields.object("parcel");
  if (!fields.ok()) return std::nullopt;
  Fields parts(json, "parcel");
  Parcel out;
  out.id = parts.fixed_hex<16>("id");
  out.part = static_cast<std::uint32_t>(parts.integer("part", 1, max_parcel_parts));
  out.parts = static_cast<std::uint32_t>(parts.integer("parts", 1, max_parcel_parts));
  if (!parts.ok()) fields.refuse(parts.error().sentence, parts.error().code);
  return out;
}

std::optional<Place> place_field(Fields& fields) {
  if (!fields.has("place")) return std::nullopt;
  const Json& json = fields.object("place");
  if (!fields.ok()) return std::nullopt;
  Fields parts(json, "place");
  Place out;
  out.channel = parts.required_text("channel", max_place_bytes);
  out.at_ms = time_or_never(parts, "at_ms");
  if (!parts.ok()) fields.refuse(parts.error().sentence, parts.error().code);
  return out;
}

void put_extras(Json& payload, const Gift& gift) {
  if (gift.parcel) {
    payload["parcel"] = {{"id", to_hex(gift.parcel->id)},
                         {"part", gift.parcel->part},
                         {"parts", gift.parcel->parts}};
  }
  if (!gift.picture.empty()) payload["picture"] = to_base64url(gift.picture);
  if (gift.open_from_ms != 0) payload["open_from_ms"] = gift.open_from_ms;
  if (gift.expires_ms != 0) payload["expires_ms"] = gift.expires_ms;
  if (gift.place) {
    payload["place"] = {{"channel", gift.place->channel}, {"at_ms", gift.place->at_ms}};
  }
  put_restrictions(payload, gift.restrictions);
  if (gift.wish) payload["wish"] = to_hex(*gift.wish);
}

void read_extras(Fields& fields, Gift& out) {
  out.parcel = parcel_field(fields);
  if (fields.has("picture")) out.picture = fields.base64url("picture", max_gift_picture);
  out.open_from_ms = time_or_never(fields, "open_from_ms");
  out.expires_ms = time_or_never(fields, "expires_ms");
  out.place = place_field(fields);
  out.restrictions = restrictions_field(fields);
  if (fields.has("wish")) out.wish = fields.fixed_hex<16>("wish");
}

}  // namespace

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
  read_extras(fields, out);
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_gift(out, sender); !checked) return pass_on(checked.error());
  return out;
}

Result<GiftAnswer> answer_from_json(const Json& payload) {
  Fields fields(payload, "gift's answer");
  GiftAnswer out;
  out.id = fields.fixed_hex<16>("id");
  out.to = home_field(fields, "to");
  out.state = static_cast<GiftAnswer::State>(choice_field(fields, "state", state_names));
  out.reason = note_field(fields, "reason");
  out.thanks = note_field(fields, "thanks");
  out.voucher = voucher_field(fields);
  out.at_ms = time_field(fields, "at_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (const auto checked = check_answer(out); !checked) return pass_on(checked.error());
  return out;
}

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
    if (!gift.offer_jws.empty()) payload["offer"] = gift.offer_jws;
    payload["voucher"] = voucher_to_json(*gift.voucher);
  } else {
    payload["manifest"] = gift.manifest_jws;
    payload["file_key"] = to_base64url(gift.file_key->view());
  }
  put_extras(payload, gift);
  return seal_drop(sign_jws(gift_type, payload, from), to_encryption);
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
  if (!answer.thanks.empty()) payload["thanks"] = answer.thanks;
  if (answer.voucher) payload["voucher"] = voucher_to_json(*answer.voucher);
  return seal_drop(sign_jws(answer_type, payload, from), to_encryption);
}

}  // namespace hearth::wire
