#include "ledger/catalogue/catalogue.h"

#include <algorithm>

namespace hearth::ledger {

Result<Catalogue> Catalogue::load(const store::View& view) {
  Catalogue out;
  std::optional<Error> damaged;
  const auto scan = [&](std::string_view prefix, const auto& take) -> Result<void> {
    return view.scan(as_bytes(prefix), store::prefix_end(as_bytes(prefix)),
                     [&](ByteView, ByteView value) {
                       take(value);
                       return !damaged;
                     });
  };
  auto read = scan(torrent_meta_prefix, [&](ByteView value) {
    auto entry = decode_torrent(value);
    entry ? out.add_torrent(*entry) : void(damaged = std::move(entry.error()));
  });
  if (read) {
    read = scan(offer_meta_prefix, [&](ByteView value) {
      auto entry = decode_offer(value);
      entry ? out.add_offer(*entry) : void(damaged = std::move(entry.error()));
    });
  }
  if (!read) return pass_on(std::move(read.error()));
  if (damaged) return pass_on(std::move(*damaged));
  return out;
}

const TorrentEntry* Catalogue::torrent(const wire::InfoHash& info_hash) const {
  const auto found = torrent_by_hash_.find(info_hash);
  return found == torrent_by_hash_.end() ? nullptr : &torrents_.at(found->second);
}

std::vector<TorrentEntry> Catalogue::torrents_after(std::uint64_t sequence,
                                                    std::size_t limit) const {
  std::vector<TorrentEntry> out;
  for (auto at = torrents_.upper_bound(sequence); at != torrents_.end() && out.size() < limit;
       ++at) {
    out.push_back(at->second);
  }
  return out;
}

void Catalogue::add_torrent(const TorrentEntry& entry) {
  torrent_sequence_ = std::max(torrent_sequence_, entry.sequence);
  if (!torrent_by_hash_.emplace(entry.file.info_hash, entry.sequence).second) return;
  torrents_.emplace(entry.sequence, entry);
}

const OfferEntry* Catalogue::offer(const wire::OfferId& id) const {
  const auto found = offer_by_id_.find(id);
  return found == offer_by_id_.end() ? nullptr : &offers_.at(found->second).entry;
}

void Catalogue::add_offer(const OfferEntry& entry) {
  offer_sequence_ = std::max(offer_sequence_, entry.sequence);
  if (!offer_by_id_.emplace(entry.id, entry.sequence).second) return;
  offers_.emplace(entry.sequence, Listed{entry, folded(entry.name)});
}

Result<Catalogue::Page> Catalogue::search(std::string_view text,
                                          const std::optional<wire::OfferId>& after,
                                          std::size_t limit, UtcMs now) const {
  auto at = offers_.end();
  if (after) {
    const auto found = offer_by_id_.find(*after);
    if (found == offer_by_id_.end()) {
      return fail(Code::unknown_offer,
                  "The offer to continue after is not known here. Start the search again.");
    }
    at = offers_.find(found->second);
  }
  const std::string wanted = folded(text);
  Page page;
  while (at != offers_.begin()) {
    --at;
    const auto& [entry, name] = at->second;
    if (entry.terms.sold_until_ms != 0 && entry.terms.sold_until_ms <= now) continue;
    if (name.find(wanted) == std::string::npos) continue;
    if (page.offers.size() == limit) {
      page.next = page.offers.back().id;
      break;
    }
    page.offers.push_back(entry);
  }
  return page;
}

}  // namespace hearth::ledger
