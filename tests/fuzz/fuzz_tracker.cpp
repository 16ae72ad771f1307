// Torrents that homes register, and what stock BitTorrent clients ask the tracker: bencode, torrent
// files, announce and scrape queries, and the answers that follow from them.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/net/http.h"
#include "ledger/catalogue/bencode.h"
#include "ledger/catalogue/torrent_file.h"
#include "ledger/tracker/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  using namespace hearth::ledger;
  const ByteView input(data, size);
  const auto value = bencode::read(input);
  if (value) HEARTH_ASSERT(value->raw.size() == size);
  const auto torrent = read_torrent_file(input);
  if (torrent) HEARTH_ASSERT(torrent->size > 0 && torrent->piece_length >= least_piece_length);

  const auto query = net::parse_query(as_text(input));
  (void)net::path_parts(as_text(input));
  const auto announce = read_announce(query, "10.0.0.1");
  if (announce) {
    Tracker tracker([](std::uint64_t) { return std::uint64_t{0}; });
    tracker.add_torrent(announce->swarm, wire::TitleId{});
    const auto answer = tracker.announce(*announce, 0);
    HEARTH_ASSERT(answer.has_value());
    HEARTH_ASSERT(bencode::read(announce_answer(*answer)).has_value());
  } else {
    HEARTH_ASSERT(bencode::read(failure_answer(announce.error())).has_value());
  }
  const auto scrape = read_scrape(query);
  if (scrape) HEARTH_ASSERT(scrape->size() <= max_scrape);
  return 0;
}
