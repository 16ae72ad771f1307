// What homes, owners of mailboxes, mirrors and strangers ask of the ledger over HTTP, from bytes to
// values: form, bounds, signature, freshness. Whether the ledger then does it, the rooms decide.
// One place for all of it, without rooms, sockets or threads, so that each decoder is fuzzed
// (tests/fuzz). Documents that homes read as well are decoded in common/wire, announces in tracker.
// docs/protocol.md §8
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/age/age.h"
#include "common/net/http.h"
#include "common/wire/documents.h"
#include "ledger/access/devices.h"
#include "ledger/catalogue/catalogue.h"
#include "ledger/mailbox/mailboxes.h"

namespace hearth::ledger {

/// The largest body that a path takes.
std::size_t body_limit(std::string_view path);

/// The value of a query parameter; empty when missing.
std::string query_value(std::string_view query, std::string_view name);
/// A hex id of the path; `code` when it is not one.
template <std::size_t N>
Result<std::array<std::uint8_t, N>> hex_id(std::string_view text, Code code, const char* what) {
  const auto bytes = text.size() == 2 * N ? from_hex(text) : std::nullopt;
  if (!bytes) return fail(code, std::string("There is no such ") + what + " at this ledger.");
  std::array<std::uint8_t, N> out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

struct HomeOpening {
  identity::HomeAddress home;
  std::string name;
  std::optional<DeviceList> devices;  ///< when it names any
};
/// "hearth/home/1"
Result<HomeOpening> read_home_opening(std::string_view jws, UtcMs now);

struct StatementRequest {
  identity::HomeAddress home;
  std::uint64_t after = 0;
  std::size_t limit = 0;
};
/// "hearth/statement/1"
Result<StatementRequest> read_statement_request(std::string_view jws, UtcMs now);

struct TorrentUpload {
  Announcement announcement;
  Bytes file;
};
Result<TorrentUpload> read_torrent_upload(ByteView body, UtcMs now);

struct OfferUpload {
  wire::Offer offer;
  Bytes sealed_key;  ///< opens with `escrow`
};
Result<OfferUpload> read_offer_upload(ByteView body, const crypto::BoxKey& escrow);

struct OffersQuery {
  std::string search;  ///< at most 200 bytes
  std::size_t limit = 20;
  std::optional<wire::OfferId> after;
};
Result<OffersQuery> read_offers_query(std::string_view query);

/// ?from=M&to=N
struct ConsistencyQuery {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
Result<ConsistencyQuery> read_consistency_query(std::string_view query);

/// The sequence after which a mirror wants torrents.
Result<std::uint64_t> read_mirror_query(std::string_view query);

/// Code::unknown_mailbox when it is no key.
Result<MailboxKey> mailbox_of_path(std::string_view part);

/// "hearth/mailbox/1", signed by the mailbox itself.
Result<MailboxDefinition> read_mailbox_definition(std::string_view jws, const MailboxKey& mailbox,
                                                  UtcMs now);

/// "hearth/notebook/1", signed by the mailbox itself: its owner wants its notebook.
Result<void> read_notebook_request(std::string_view jws, const MailboxKey& mailbox, UtcMs now);

/// The headers of a drop.
struct DropHead {
  std::array<std::uint8_t, 32> token{};
  std::array<std::uint8_t, 16> idempotency{};
};
Result<DropHead> read_drop_head(const net::Headers& headers);

/// "hearth/mailbox-open/1": the sequence after which the owner wants drops.
Result<std::uint64_t> read_mailbox_open(std::string_view jws, const MailboxKey& mailbox,
                                        ByteView challenge, UtcMs now);

/// {"ack":N}: the last drop that the owner has taken. nullopt: something else.
std::optional<std::uint64_t> read_acknowledgement(ByteView message);

}  // namespace hearth::ledger
