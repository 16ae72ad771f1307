// The documents that homes and ledger exchange, as values, each with its one encoder and its
// one decoder (docs/protocol.md §5–§8 specify fields and limits). Decoders check form, bounds
// and signature; whether a document is acceptable is the rooms' business.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "common/crypto/poprf.h"
#include "common/identity/cards.h"
#include "common/identity/home.h"
#include "common/money/amount.h"
#include "common/wire/jws.h"

namespace hearth::wire {

using OfferId = crypto::Sha256Digest;            ///< SHA-256 of the offer's JWS text
using TitleId = crypto::Sha256Digest;            ///< the v2 info-hash (BEP 52)
using InfoHash = std::array<std::uint8_t, 20>;   ///< the v1 info-hash (BEP 3)
using RequestId = std::array<std::uint8_t, 16>;
using GiftId = std::array<std::uint8_t, 16>;
using VoucherInput = crypto::Sha256Digest;       ///< POPRF private input

enum class Kind { video, audio, image, data };   ///< wire: "video" …
std::string_view kind_name(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

/// §5.1, typ "hearth/manifest/1", signed by the publishing home.
struct Manifest {
  identity::HomeAddress home;
  std::string name;            ///< checked_name
  Kind kind = Kind::data;
  std::string media_type;      ///< "video/mp4"
  TitleId title{};
  InfoHash info_hash{};
  std::uint64_t size = 0;      ///< plaintext bytes, 0..2^42
  std::uint32_t piece_length = 0;
  std::int64_t duration_ms = 0;///< 0: none
  std::uint32_t width = 0, height = 0;
  std::string codecs;          ///< "h264, aac"
  Bytes poster;                ///< JPEG, at most 48 KiB; empty: none
  UtcMs issued_ms = 0;
};
std::string write_manifest(const Manifest&, const crypto::SignKey& home);
Result<Manifest> read_manifest(std::string_view jws);

/// §5.2 Terms of an offer.
struct Terms {
  bool giftable = true;
  std::int64_t min_age = 0;       ///< years, 0..21
  UtcMs sold_until_ms = 0;        ///< 0: no end
  bool operator==(const Terms&) const = default;
};

/// §5.3, typ "hearth/offer/1", signed by the seller (who also signed the manifest).
struct Offer {
  OfferId id{};                 ///< computed, not sent
  std::string jws;              ///< the exact text that `id` hashes
  std::string manifest_jws;
  Manifest manifest;
  money::Amount price;
  Terms terms;
  UtcMs issued_ms = 0;
  identity::HomeAddress seller() const { return manifest.home; }
};
Result<Offer> write_offer(const std::string& manifest_jws, const money::Amount& price,
                          const Terms& terms, UtcMs issued_ms, const crypto::SignKey& seller);
Result<Offer> read_offer(std::string_view jws);

/// §6.1, typ "hearth/ledger-keys/1", signed by the ledger's long-term key.
struct LedgerKeys {
  struct Epoch {
    std::uint32_t epoch;
    crypto::poprf::Element poprf_key;
    UtcMs from_ms;
  };
  std::vector<Epoch> epochs;  ///< ascending; the last one is current
  crypto::BoxPublicKey escrow{};
  std::vector<std::string> currencies;
  std::string tracker_url;    ///< plain HTTP announce URL for stock clients; may be empty
};
std::string write_ledger_keys(const LedgerKeys&, const crypto::SignKey& ledger);
Result<LedgerKeys> read_ledger_keys(std::string_view jws, const crypto::SignPublicKey& ledger);

/// §6.2, typ "hearth/purchase/1", signed by the paying home.
struct PurchaseRequest {
  RequestId request_id{};
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  money::Amount price;                 ///< what the buyer agreed to, per voucher
  Terms terms;                         ///< what the buyer saw
  std::string billing_account{};       ///< "wallet/<home address>/EUR"
  std::array<std::uint8_t, 16> device{};
  std::vector<crypto::poprf::Element> blinded{};  ///< 1..16 vouchers
  UtcMs issued_ms = 0;
};
std::string write_purchase(const PurchaseRequest&, const crypto::SignKey& home);
Result<PurchaseRequest> read_purchase(std::string_view jws);

/// §6.3, typ "hearth/receipt/1", signed by the ledger.
struct Receipt {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};  ///< of the purchase's JWS text
  std::uint64_t journal_index = 0;
  OfferId offer{};
  std::uint32_t epoch = 0;
  money::Amount paid;
  money::Amount balance_after;
  std::vector<crypto::poprf::Element> evaluated{};
  crypto::poprf::Proof proof{};
  UtcMs at_ms = 0;
};
std::string write_receipt(const Receipt&, const crypto::SignKey& ledger);
Result<Receipt> read_receipt(std::string_view jws, const crypto::SignPublicKey& ledger);

/// The POPRF's public info: "hearth access v1" || offer id || epoch as u32 big-endian.
Bytes access_info(const OfferId& offer, std::uint32_t epoch);
/// The POPRF's private input: SHA-256("hearth voucher v1" || one-time Ed25519 key).
VoucherInput voucher_input(const crypto::SignPublicKey& one_time_key);

/// §6.4 A voucher: whoever holds it can redeem it once.
struct Voucher {
  OfferId offer{};
  std::uint32_t epoch = 0;
  crypto::Seed one_time_seed;            ///< of the one-time Ed25519 key
  crypto::poprf::Output token{};
};
Json voucher_to_json(const Voucher&);
Result<Voucher> voucher_from_json(const Json&);

/// §6.5, typ "hearth/redemption/1", signed by the voucher's one-time key and nobody else.
struct Redemption {
  OfferId offer{};
  std::uint32_t epoch = 0;
  crypto::SignPublicKey one_time_key{};  ///< the JWS's signer
  crypto::poprf::Output token{};
  crypto::BoxPublicKey recipient{};      ///< the access key is sealed to it
};
std::string write_redemption(const Voucher&, const crypto::BoxPublicKey& recipient);
Result<Redemption> read_redemption(std::string_view jws);

/// §6.7, typ "hearth/refund/1", signed by the voucher's one-time key and nobody else.
struct RefundRequest {
  OfferId offer{};
  std::uint32_t epoch = 0;
  crypto::SignPublicKey one_time_key{};  ///< the JWS's signer
  crypto::poprf::Output token{};
  std::string account;                   ///< "wallet/<home address>/EUR", or one of its pockets
};
std::string write_refund(const Voucher&, const std::string& account);
Result<RefundRequest> read_refund(std::string_view jws);

/// §6.8, typ "hearth/transfer/1", signed by the home whose pockets they are.
inline constexpr std::uint32_t max_pocket = 99;  ///< 0 is the main wallet
struct TransferRequest {
  RequestId request_id{};
  identity::HomeAddress home;
  std::uint32_t from_pocket = 0;
  std::uint32_t to_pocket = 0;
  money::Amount amount;  ///< > 0
  UtcMs issued_ms = 0;
};
std::string write_transfer(const TransferRequest&, const crypto::SignKey& home);
Result<TransferRequest> read_transfer(std::string_view jws);

/// §7.1, typ "hearth/gift/1", signed by the sender; travels as an age file to the receiver.
/// Either an offer with a voucher, or a private title with its file key.
struct Gift {
  GiftId id{};
  identity::HomeAddress to;
  std::string from_card;                ///< the sender's contact card, for the answer
  std::string note;                     ///< checked_note
  std::string offer_jws;                ///< empty: private
  std::optional<Voucher> voucher;
  std::string manifest_jws;             ///< private only
  std::optional<crypto::age::FileKey> file_key;
  UtcMs sent_ms = 0;
};
Result<Bytes> seal_gift(const Gift&, const crypto::SignKey& from,
                        const crypto::BoxPublicKey& to_encryption);

/// §7.2, typ "hearth/gift-answer/1", signed by the receiver; an age file to the sender.
struct GiftAnswer {
  enum class State { delivered, accepted, declined, fetched };
  GiftId id{};
  identity::HomeAddress to;             ///< the gift's sender
  State state = State::delivered;
  std::string reason;                   ///< checked_note; declined only
  std::optional<Voucher> voucher;       ///< declined: handed back unused
  UtcMs at_ms = 0;
};
std::string_view gift_state_name(GiftAnswer::State state);
Result<Bytes> seal_gift_answer(const GiftAnswer&, const crypto::SignKey& from,
                               const crypto::BoxPublicKey& to_encryption);

/// What a drop holds after opening. Checks that `to` is this home; the signer is in `from`.
struct OpenedDrop {
  identity::HomeAddress from;
  std::optional<Gift> gift;
  std::optional<GiftAnswer> answer;
};
inline constexpr std::size_t max_drop = 256 * 1024;
Result<OpenedDrop> open_drop(ByteView sealed, const crypto::BoxKey& encryption,
                             const identity::HomeAddress& me);

/// §8 Small signed requests of a home or a mailbox, fresh within 5 minutes:
/// typ "hearth/home/1" {home, name}, "hearth/statement/1" {home},
/// "hearth/torrent/1" {home, info_hash, torrent_sha256},
/// "hearth/mailbox/1" {mailbox, drop_tokens: [SHA-256 of each, hex]},
/// "hearth/mailbox-open/1" {mailbox, challenge, after}.
inline constexpr UtcMs request_freshness_ms = 5 * 60 * 1000;
Json with_issued(Json fields, UtcMs now);
/// Code::stale_request.
Result<void> check_fresh(const Json& payload, UtcMs now);

/// RFC 9457 problem document: {"type":"about:blank","title":code name,"status":…,"detail":sentence}
std::string write_problem(const Error& error);
Error read_problem(ByteView body, int http_status);

}  // namespace hearth::wire
