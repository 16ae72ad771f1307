// What homes put into each other's mailboxes (docs/protocol.md §7): gifts and their answers,
// wishes, shared channels, and what two homes say to become contacts. Each is a JWS of its sender
// inside an age file for its receiver. Hostile when it arrives: open_drop() checks form, bounds,
// signature and addressee.
#pragma once

#include <optional>
#include <string>

#include "common/wire/documents.h"
#include "common/wire/share_documents.h"

namespace hearth::wire {

inline constexpr std::size_t max_drop = 256 * 1024;
inline constexpr std::size_t max_gift_picture = 20 * 1024;
inline constexpr std::size_t max_place_channel = 60;  ///< code points
inline constexpr std::uint32_t max_parcel_parts = 16;

/// Several titles that are given, shown and answered as one.
struct Parcel {
  GiftId id{};
  std::uint32_t part = 1;   ///< 1..parts
  std::uint32_t parts = 1;  ///< 1..16
};

/// Where the giver would like to see the title: a wish.
struct Place {
  std::string channel;  ///< checked_name, at most 60 code points
  UtcMs at_ms = 0;      ///< 0: whenever
};

/// §7.1, typ "hearth/gift/1". Either a voucher with its offer, or a private title with its file
/// key.
struct Gift {
  GiftId id{};
  identity::HomeAddress to;
  std::string from_card;  ///< the sender's contact card, for the answer
  std::string note;       ///< checked_note
  std::string offer_jws;  ///< empty: private, or too large to be sent: the catalogue has it
  std::optional<Voucher> voucher;
  std::string manifest_jws;  ///< private only
  std::optional<crypto::age::FileKey> file_key;
  UtcMs sent_ms = 0;
  std::optional<Parcel> parcel{};
  Bytes picture{};         ///< JPEG, never decoded in the node
  UtcMs open_from_ms = 0;  ///< 0: at once
  UtcMs expires_ms = 0;    ///< 0: never
  std::optional<Place> place{};
  Restrictions restrictions{};
  std::optional<GiftId> wish{};  ///< the wish that it fulfils
};
Result<Bytes> seal_gift(const Gift&, const crypto::SignKey& from,
                        const crypto::BoxPublicKey& to_encryption);

/// §7.2, typ "hearth/gift-answer/1".
struct GiftAnswer {
  /// Append only.
  enum class State { delivered, accepted, declined, fetched, played, expired };
  GiftId id{};
  identity::HomeAddress to;  ///< the gift's sender
  State state = State::delivered;
  std::string reason;              ///< checked_note; declined and expired only
  std::optional<Voucher> voucher;  ///< declined, expired: handed back unused
  UtcMs at_ms = 0;
  std::string thanks{};  ///< checked_note; accepted, fetched, played
};
std::string_view gift_state_name(GiftAnswer::State state);
Result<Bytes> seal_gift_answer(const GiftAnswer&, const crypto::SignKey& from,
                               const crypto::BoxPublicKey& to_encryption);

/// §7.3, typ "hearth/hello/1": one home's word to another about being contacts.
struct Hello {
  /// Append only.
  enum class State { ask, accepted, gone };
  identity::HomeAddress to;
  std::string from_card;  ///< with a drop token for this contact alone
  State state = State::ask;
  std::string note;  ///< checked_note
  UtcMs at_ms = 0;
};
Result<Bytes> seal_hello(const Hello&, const crypto::SignKey& from,
                         const crypto::BoxPublicKey& to_encryption);

/// §7.4, typ "hearth/wish/1": "please give me this". It is fulfilled by a gift that names it.
struct Wish {
  GiftId id{};
  identity::HomeAddress to;
  std::string from_card;
  OfferId offer{};
  std::string note;  ///< checked_note
  UtcMs sent_ms = 0;
};
Result<Bytes> seal_wish(const Wish&, const crypto::SignKey& from,
                        const crypto::BoxPublicKey& to_encryption);

/// What a drop holds after opening: exactly one of them; the signer is in `from`.
struct OpenedDrop {
  identity::HomeAddress from;
  std::optional<Gift> gift;
  std::optional<GiftAnswer> answer;
  std::optional<Hello> hello;
  std::optional<Wish> wish;
  std::optional<ChannelShare> share;
  std::optional<ChannelWord> word;
};
/// Checks that it is meant for `me`. Code::too_large, Code::age_*, Code::bad_signature,
/// Code::usage.
Result<OpenedDrop> open_drop(ByteView sealed, const crypto::BoxKey& encryption,
                             const identity::HomeAddress& me);

}  // namespace hearth::wire
