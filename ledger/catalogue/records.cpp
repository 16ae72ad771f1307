#include "ledger/catalogue/records.h"

#include "common/base/codec.h"
#include "common/crypto/age/age.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint8_t terms_version = 2;  ///< its terms say more than the first ones could
constexpr std::string_view torrent_file_prefix = "torrent/file/";
constexpr std::string_view offer_text_prefix = "offer/text/";
constexpr std::size_t max_offer_jws = 160 * 1024;

Bytes key(std::string_view prefix, ByteView id) {
  Bytes out = to_bytes(as_bytes(prefix));
  append(out, id);
  return out;
}

tl::unexpected<Error> corrupt(std::string_view what) {
  return fail(Code::corrupt, "A stored " + std::string(what) +
                                 " is damaged. Restore the ledger's books from a backup.");
}

bool has_plain_terms(const wire::Terms& terms) {
  wire::Terms first;
  first.giftable = terms.giftable, first.min_age = terms.min_age;
  first.sold_until_ms = terms.sold_until_ms;
  return terms == first;
}

Result<OfferText> decode_text(ByteView record) {
  Reader in(record);
  OfferText out;
  if (in.u8() != version) return corrupt("offer");
  out.jws = in.text(max_offer_jws);
  out.sealed_key = to_bytes(in.bytes(crypto::age::max_header));
  if (!in.done()) return corrupt("offer");
  return out;
}

}  // namespace

void put_torrent(store::Batch& batch, const TorrentEntry& entry, ByteView file) {
  Writer out;
  out.u8(version).u64(entry.sequence).raw(entry.file.info_hash).raw(entry.file.title);
  out.u64(entry.file.size).u32(entry.file.piece_length).u8(entry.file.is_private ? 1 : 0);
  batch.put(key(torrent_meta_prefix, entry.file.info_hash), out.view());
  batch.put(key(torrent_file_prefix, entry.file.info_hash), file);
}

Result<TorrentEntry> decode_torrent(ByteView record) {
  Reader in(record);
  TorrentEntry out;
  if (in.u8() != version) return corrupt("torrent");
  out.sequence = in.u64();
  out.file.info_hash = in.fixed<20>();
  out.file.title = in.fixed<32>();
  out.file.size = in.u64();
  out.file.piece_length = in.u32();
  out.file.is_private = in.u8() == 1;
  if (!in.done()) return corrupt("torrent");
  return out;
}

void put_offer(store::Batch& batch, const OfferEntry& entry, const OfferText& text) {
  const bool is_plain = has_plain_terms(entry.terms);
  Writer out;
  out.u8(is_plain ? version : terms_version).raw(entry.id).u64(entry.sequence);
  out.raw(entry.info_hash).text(entry.name);
  out.i64(entry.price.minor).text(entry.price.currency.code());
  out.u8(entry.terms.giftable ? 1 : 0).i64(entry.terms.min_age).i64(entry.terms.sold_until_ms);
  if (!is_plain) {
    out.i64(entry.terms.not_before_ms).i64(entry.terms.redeem_until_ms);
    out.i64(entry.terms.refund_until_ms).u8(static_cast<std::uint8_t>(entry.terms.homes));
  }
  batch.put(key(offer_meta_prefix, entry.id), out.view());
  Writer large;
  large.u8(version).text(text.jws).bytes(text.sealed_key);
  batch.put(key(offer_text_prefix, entry.id), large.view());
}

Result<OfferEntry> decode_offer(ByteView record) {
  Reader in(record);
  const std::uint8_t form = in.u8();
  if (form != version && form != terms_version) return corrupt("offer");
  const auto id = in.fixed<32>();
  const auto sequence = in.u64();
  const auto info_hash = in.fixed<20>();
  const auto name = in.text(1000);
  const auto minor = in.i64();
  const auto currency = money::Currency::from_code(in.text(3));
  wire::Terms terms;
  terms.giftable = in.u8() == 1;
  terms.min_age = in.i64();
  terms.sold_until_ms = in.i64();
  if (form == terms_version) {
    terms.not_before_ms = in.i64();
    terms.redeem_until_ms = in.i64();
    terms.refund_until_ms = in.i64();
    terms.homes = in.u8();
  }
  if (!in.done() || !currency) return corrupt("offer");
  return OfferEntry{id, sequence, info_hash, name, money::Amount{minor, *currency}, terms};
}

Result<std::optional<Bytes>> load_torrent_file(const store::View& view,
                                               const wire::InfoHash& hash) {
  return view.get(key(torrent_file_prefix, hash));
}

Result<std::optional<OfferEntry>> load_offer(const store::View& view, const wire::OfferId& id) {
  auto record = view.get(key(offer_meta_prefix, id));
  if (!record) return pass_on(std::move(record.error()));
  if (!*record) return std::optional<OfferEntry>();
  auto entry = decode_offer(**record);
  if (!entry) return pass_on(std::move(entry.error()));
  return std::optional<OfferEntry>(std::move(*entry));
}

Result<std::optional<OfferText>> load_offer_text(const store::View& view, const wire::OfferId& id) {
  auto record = view.get(key(offer_text_prefix, id));
  if (!record) return pass_on(std::move(record.error()));
  if (!*record) return std::optional<OfferText>();
  auto text = decode_text(**record);
  if (!text) return pass_on(std::move(text.error()));
  return std::optional<OfferText>(std::move(*text));
}

}  // namespace hearth::ledger
