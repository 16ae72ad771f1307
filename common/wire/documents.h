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

using OfferId = crypto::Sha256Digest;           ///< SHA-256 of the offer's JWS text
using TitleId = crypto::Sha256Digest;           ///< the v2 info-hash (BEP 52)
using InfoHash = std::array<std::uint8_t, 20>;  ///< the v1 info-hash (BEP 3)
using RequestId = std::array<std::uint8_t, 16>;
using GiftId = std::array<std::uint8_t, 16>;
using VoucherInput = crypto::Sha256Digest;  ///< POPRF private input

enum class Kind { video, audio, image, data };  ///< wire: "video" …
std::string_view kind_name(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

/// §5.1, typ "hearth/manifest/1", signed by the publishing home.
struct Manifest {
  identity::HomeAddress home;
  std::string name;  ///< checked_name
  Kind kind = Kind::data;
  std::string media_type;  ///< "video/mp4"
  TitleId title{};
  InfoHash info_hash{};
  std::uint64_t size = 0;  ///< plaintext bytes, 0..2^42
  std::uint32_t piece_length = 0;
  std::int64_t duration_ms = 0;  ///< 0: none
  std::uint32_t width = 0, height = 0;
  std::string codecs;  ///< "h264, aac"
  Bytes poster;        ///< JPEG, at most 48 KiB; empty: none
  UtcMs issued_ms = 0;
};
std::string write_manifest(const Manifest&, const crypto::SignKey& home);
Result<Manifest> read_manifest(std::string_view jws);

/// §5.2 Terms of an offer.
struct Terms {
  bool giftable = true;
  std::int64_t min_age = 0;   ///< years, 0..21
  UtcMs sold_until_ms = 0;    ///< 0: no end
  UtcMs not_before_ms = 0;    ///< vouchers are redeemed from then on
  UtcMs redeem_until_ms = 0;  ///< 0: for ever; later they can only be refunded
  UtcMs refund_until_ms = 0;  ///< 0: for ever
  std::int64_t homes = 1;     ///< 1..16 homes may redeem one voucher
  bool operator==(const Terms&) const = default;
};
/// Whether the money can be had back now: within the time for refunds, and always once it is too
/// late to redeem, so that no voucher loses its value silently.
bool refundable(const Terms& terms, UtcMs now);

/// §5.3, typ "hearth/offer/1", signed by the seller (who also signed the manifest).
struct Offer {
  OfferId id{};     ///< computed, not sent
  std::string jws;  ///< the exact text that `id` hashes
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
  std::string tracker_url;  ///< plain HTTP announce URL for stock clients; may be empty
};
std::string write_ledger_keys(const LedgerKeys&, const crypto::SignKey& ledger);
Result<LedgerKeys> read_ledger_keys(std::string_view jws, const crypto::SignPublicKey& ledger);

/// What shows the title in the end. Append only.
enum class DeviceKind : std::uint8_t { any, tv, phone, computer, audio, frame };
std::string_view device_kind_name(DeviceKind kind);
std::optional<DeviceKind> device_kind_from_name(std::string_view name);
/// `audio` plays audio only, `frame` shows images only, the others everything.
bool can_show(DeviceKind device, Kind kind);

/// §6.2 What a purchase wants delivered.
struct Services {
  DeviceKind device_kind = DeviceKind::any;
  UtcMs by_ms = 0;               ///< 0: whenever
  std::uint32_t min_height = 0;  ///< of video and images, pixels; 0: whatever
  bool operator==(const Services&) const = default;
};

/// How a title may be pushed to a receiver. Append only.
enum class Push : std::uint8_t {
  none,    ///< it is for the paying home itself
  ask,     ///< a person there accepts it
  accept,  ///< it may be accepted by a rule
};

/// §6.2, §7.1 What the payer asks of the receiving home.
struct Restrictions {
  Push push = Push::none;
  std::int64_t min_age = 0;  ///< years, 0..21
  UtcMs not_before_ms = 0;   ///< to be opened from then on
  bool operator==(const Restrictions&) const = default;
};

/// §6.2, typ "hearth/purchase/1", signed by the paying home.
struct PurchaseRequest {
  RequestId request_id{};
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  money::Amount price;            ///< what the buyer agreed to, per voucher
  Terms terms;                    ///< what the buyer saw
  std::string billing_account{};  ///< "wallet/<home address>/EUR"
  std::array<std::uint8_t, 16> device{};
  std::vector<crypto::poprf::Element> blinded{};  ///< 1..16 vouchers
  UtcMs issued_ms = 0;
  /// Later answers about this purchase are sealed to it.
  std::optional<crypto::BoxPublicKey> encryption{};
  Services services{};
  Restrictions restrictions{};
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
  crypto::Seed one_time_seed;  ///< of the one-time Ed25519 key
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
  crypto::BoxPublicKey recipient{};  ///< the access key is sealed to it
};
std::string write_redemption(const Voucher&, const crypto::BoxPublicKey& recipient);
Result<Redemption> read_redemption(std::string_view jws);

/// §6.7, typ "hearth/refund/1", signed by the voucher's one-time key and nobody else.
struct RefundRequest {
  OfferId offer{};
  std::uint32_t epoch = 0;
  crypto::SignPublicKey one_time_key{};  ///< the JWS's signer
  crypto::poprf::Output token{};
  std::string account;  ///< "wallet/<home address>/EUR", or one of its pockets
};
std::string write_refund(const Voucher&, const std::string& account);
Result<RefundRequest> read_refund(std::string_view jws);

/// §6.9, typ "hearth/exchange/1", signed by the one-time key of the voucher that is given up.
struct ExchangeRequest {
  RequestId request_id{};
  OfferId offer{};
  std::uint32_t epoch = 0;               ///< of the voucher given up
  crypto::SignPublicKey one_time_key{};  ///< the JWS's signer
  crypto::poprf::Output token{};
  std::uint32_t fresh_epoch = 0;
  crypto::poprf::Element blinded{};
};
std::string write_exchange(const Voucher& given_up, const RequestId& request_id,
                           std::uint32_t fresh_epoch, const crypto::poprf::Element& blinded);
Result<ExchangeRequest> read_exchange(std::string_view jws);

/// §6.9, typ "hearth/exchanged/1", signed by the ledger.
struct Exchanged {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};  ///< of the exchange's JWS text
  OfferId offer{};
  std::uint32_t epoch = 0;  ///< of the fresh voucher
  crypto::poprf::Element evaluated{};
  crypto::poprf::Proof proof{};
  std::uint64_t journal_index = 0;
};
std::string write_exchanged(const Exchanged&, const crypto::SignKey& ledger);
Result<Exchanged> read_exchanged(std::string_view jws, const crypto::SignPublicKey& ledger);

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
