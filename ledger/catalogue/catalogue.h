// The catalogue: which torrents and offers this ledger knows (docs/protocol.md §3, §5, §8), as an
// index in memory over the records in the store (records.h). Nothing is added here before its
// record is on disk: callers commit first, then add.
//
// Threads: owned by the loop thread. The check_ functions are pure, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/store/store.h"
#include "common/wire/documents.h"
#include "ledger/catalogue/records.h"

namespace hearth::ledger {

/// For searching: simple Unicode case folding; bytes that are no UTF-8 stay as they are.
std::string folded(std::string_view text);

/// JWS "hearth/torrent/1" with the file it announces.
struct Announcement {
  identity::HomeAddress home;
  TorrentFile torrent;
};
/// Signature, freshness, file, and that the announcement names exactly this file.
Result<Announcement> check_announcement(std::string_view jws, ByteView torrent, UtcMs now);
/// That the manifest describes the torrent: title, size and piece length. Code::bad_torrent.
Result<void> check_manifest(const wire::Manifest& manifest, const TorrentFile& torrent);
/// The seller's file key, as the ledger's escrow can open it; refused with a sentence otherwise.
Result<crypto::age::FileKey> open_sealed_key(ByteView sealed_key, const crypto::BoxKey& escrow);

class Catalogue {
 public:
  static constexpr std::size_t max_page = 50;

  /// Code::corrupt, Code::io.
  static Result<Catalogue> load(const store::View& view);

  const TorrentEntry* torrent(const wire::InfoHash& info_hash) const;
  /// In order of registration, those after `sequence`.
  std::vector<TorrentEntry> torrents_after(std::uint64_t sequence, std::size_t limit) const;
  std::uint64_t next_torrent_sequence() { return ++torrent_sequence_; }
  void add_torrent(const TorrentEntry& entry);
  const std::map<std::uint64_t, TorrentEntry>& torrents() const { return torrents_; }

  const OfferEntry* offer(const wire::OfferId& id) const;
  std::uint64_t next_offer_sequence() { return ++offer_sequence_; }
  void add_offer(const OfferEntry& entry);

  struct Page {
    std::vector<OfferEntry> offers;     ///< newest first, those past their end left out
    std::optional<wire::OfferId> next;  ///< pass as `after` for the rest
  };
  /// Code::unknown_offer when `after` is none of this ledger's.
  Result<Page> search(std::string_view text, const std::optional<wire::OfferId>& after,
                      std::size_t limit, UtcMs now) const;

 private:
  struct Listed {
    OfferEntry entry;
    std::string folded_name;
  };
  std::map<std::uint64_t, TorrentEntry> torrents_;  ///< by sequence
  std::map<wire::InfoHash, std::uint64_t> torrent_by_hash_;
  std::map<std::uint64_t, Listed> offers_;  ///< by sequence
  std::map<wire::OfferId, std::uint64_t> offer_by_id_;
  std::uint64_t torrent_sequence_ = 0;
  std::uint64_t offer_sequence_ = 0;
};

}  // namespace hearth::ledger
