#include "ledger/api/requests.h"

#include <charconv>
#include <limits>

#include "common/tlog/checkpoint.h"
#include "common/wire/document_fields.h"
#include "common/wire/gift_documents.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_request_jws = 8 * 1024;
constexpr std::size_t max_announcement_jws = 4096;
constexpr std::size_t max_offer_jws = 160 * 1024;
constexpr std::size_t max_search = 200;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// That the home which is named has signed, and not long ago.
Result<void> check_home(const wire::VerifiedJws& request, const identity::HomeAddress& home,
                        UtcMs now) {
  if (home.key != request.signer) {
    return fail(Code::wrong_signer,
                "The request is not signed by the home that it names. Nothing was done.");
  }
  return wire::check_fresh(request.payload, now);
}

DeviceList devices_field(wire::Fields& fields) {
  DeviceList out;
  out.issued_ms = wire::time_field(fields, "issued_ms");
  for (const wire::Json& device : fields.array("devices", max_devices)) {
    const auto bytes =
        device.is_string() ? from_hex(device.get_ref<const std::string&>()) : std::nullopt;
    if (bytes && bytes->size() == sizeof(DeviceId))
      std::copy(bytes->begin(), bytes->end(), out.devices.emplace_back().begin());
    else
      fields.refuse("A device of the home is not 32 hex digits.");
  }
  return out;
}

template <class Number>
bool is_whole(const std::string& text, Number& out) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end;
}

}  // namespace

std::size_t body_limit(std::string_view path) {
  if (path == "/v1/torrents") return 6 * 1024 * 1024;
  if (path == "/v1/offers") return 256 * 1024;
  if (path.starts_with("/v1/mailboxes/") && path.ends_with("/drops")) return wire::max_drop;
  if (path.starts_with("/v1/mailboxes/")) return wire::max_jws;
  return 64 * 1024;
}

std::string query_value(std::string_view query, std::string_view name) {
  for (auto& [key, value] : net::parse_query(query)) {
    if (key == name) return std::move(value);
  }
  return {};
}

Result<HomeOpening> read_home_opening(std::string_view jws, UtcMs now) {
  const auto verified = wire::verify_jws(jws, "hearth/home/1", max_request_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "request");
  HomeOpening out;
  out.home = wire::home_field(fields, "home");
  out.name = wire::name_field(fields, "name");
  if (fields.has("devices")) out.devices = devices_field(fields);
  if (!fields.ok()) return pass_on(fields.error());
  if (auto good = check_home(*verified, out.home, now); !good) return pass_on(good.error());
  return out;
}

Result<StatementRequest> read_statement_request(std::string_view jws, UtcMs now) {
  const auto verified = wire::verify_jws(jws, "hearth/statement/1", max_request_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "request");
  StatementRequest out;
  out.home = wire::home_field(fields, "home");
  out.after = static_cast<std::uint64_t>(fields.integer_or("after", 0, most, 0));
  out.limit = static_cast<std::size_t>(fields.integer_or("limit", 1, 200, 200));
  if (!fields.ok()) return pass_on(fields.error());
  if (auto good = check_home(*verified, out.home, now); !good) return pass_on(good.error());
  return out;
}

Result<TorrentUpload> read_torrent_upload(ByteView body, UtcMs now) {
  const auto json = wire::parse_json(body, body_limit("/v1/torrents"));
  if (!json) return pass_on(json.error());
  wire::Fields fields(*json, "torrent registration");
  const std::string jws = fields.required_text("announcement", max_announcement_jws);
  Bytes file = fields.base64url("torrent", max_torrent_file);
  if (!fields.ok()) return pass_on(fields.error());
  auto announcement = check_announcement(jws, file, now);
  if (!announcement) return pass_on(std::move(announcement.error()));
  return TorrentUpload{std::move(*announcement), std::move(file)};
}

Result<OfferUpload> read_offer_upload(ByteView body, const crypto::BoxKey& escrow) {
  const auto json = wire::parse_json(body, body_limit("/v1/offers"));
  if (!json) return pass_on(json.error());
  wire::Fields fields(*json, "offer registration");
  const std::string jws = fields.required_text("offer", max_offer_jws);
  Bytes sealed_key = fields.base64url("sealed_key", crypto::age::max_header);
  if (!fields.ok()) return pass_on(fields.error());
  auto offer = wire::read_offer(jws);
  if (!offer) return pass_on(std::move(offer.error()));
  if (const auto opened = open_sealed_key(sealed_key, escrow); !opened) {
    return pass_on(opened.error());
  }
  return OfferUpload{std::move(*offer), std::move(sealed_key)};
}

Result<OffersQuery> read_offers_query(std::string_view query) {
  OffersQuery out;
  out.search = query_value(query, "search");
  if (out.search.size() > max_search) {
    return fail(Code::usage, "search takes at most 200 bytes.");
  }
  const std::string limit = query_value(query, "limit");
  if (!limit.empty() &&
      (!is_whole(limit, out.limit) || out.limit == 0 || out.limit > Catalogue::max_page)) {
    return fail(Code::usage, "limit goes from 1 to 50.");
  }
  if (const std::string from = query_value(query, "after"); !from.empty()) {
    const auto id = hex_id<32>(from, Code::unknown_offer, "offer");
    if (!id) return pass_on(id.error());
    out.after = *id;
  }
  return out;
}

Result<ConsistencyQuery> read_consistency_query(std::string_view query) {
  ConsistencyQuery out;
  if (!tlog::parse_count(query_value(query, "from"), out.from) ||
      !tlog::parse_count(query_value(query, "to"), out.to)) {
    return fail(Code::usage, "Say from which size to which: ?from=M&to=N.");
  }
  return out;
}

Result<std::uint64_t> read_mirror_query(std::string_view query) {
  const std::string text = query_value(query, "after");
  std::uint64_t after = 0;
  if (!text.empty() && !is_whole(text, after)) {
    return fail(Code::usage, "after is the sequence of a torrent, or nothing.");
  }
  return after;
}

}  // namespace hearth::ledger
