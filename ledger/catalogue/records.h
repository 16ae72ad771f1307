// How the catalogue lies in the store. Small records that are read at start ("meta") apart from
// large ones that are read when asked for:
//   torrent/meta/<info-hash>  torrent/file/<info-hash>  offer/meta/<id>  offer/text/<id>
// Pure; every record begins with its format version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/store/store.h"
#include "common/wire/documents.h"
#include "ledger/catalogue/torrent_file.h"

namespace hearth::ledger {

struct TorrentEntry {
  std::uint64_t sequence = 0;  ///< order of registration, for mirrors
  TorrentFile file;
};

/// What is asked of an offer without parsing its JWS again.
struct OfferEntry {
  wire::OfferId id{};
  std::uint64_t sequence = 0;  ///< order of registration, for paging
  wire::InfoHash info_hash{};
  std::string name;
  money::Amount price;
  wire::Terms terms;
};

struct OfferText {
  std::string jws;
  Bytes sealed_key;  ///< age header for the escrow key
};

inline constexpr std::string_view torrent_meta_prefix = "torrent/meta/";
inline constexpr std::string_view offer_meta_prefix = "offer/meta/";

void put_torrent(store::Batch& batch, const TorrentEntry& entry, ByteView file);
void put_offer(store::Batch& batch, const OfferEntry& entry, const OfferText& text);

/// Code::corrupt for a record that is not of this form.
Result<TorrentEntry> decode_torrent(ByteView record);
Result<OfferEntry> decode_offer(ByteView record);

/// Any thread. nullopt: not registered.
Result<std::optional<Bytes>> load_torrent_file(const store::View& view, const wire::InfoHash& hash);
Result<std::optional<OfferEntry>> load_offer(const store::View& view, const wire::OfferId& id);
Result<std::optional<OfferText>> load_offer_text(const store::View& view, const wire::OfferId& id);

}  // namespace hearth::ledger
