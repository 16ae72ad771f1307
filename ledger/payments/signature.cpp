#include "ledger/payments/signature.h"

#include <algorithm>
#include <charconv>

#include "common/base/bytes.h"

namespace hearth::ledger::payments {
namespace {

tl::unexpected<Error> refused(std::string_view why) {
  return fail(Code::usage,
              "The event's signature header " + std::string(why) + ". Nothing was credited.");
}

bool read_timestamp(std::string_view text, std::int64_t& out) {
  if (text.empty() || text.size() > 12) return false;
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc();
}

crypto::Sha256Digest mac_of(std::string_view secret, std::string_view timestamp, ByteView body) {
  Bytes message = to_bytes(as_bytes(timestamp));
  message.push_back('.');
  message.insert(message.end(), body.begin(), body.end());
  return crypto::hmac_sha256(as_bytes(secret), message);
}

}  // namespace

Result<SignatureHeader> parse_signature_header(std::string_view header) {
  if (header.empty()) return refused("is missing");
  if (header.size() > max_signature_header) return refused("is too long");
  SignatureHeader out;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    const std::string_view item = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return refused("is not a list of name=value");
    const std::string_view name = item.substr(0, equals);
    const std::string_view value = item.substr(equals + 1);
    if (name == "t") {
      if (!out.timestamp.empty()) return refused("has two times");
      if (!read_timestamp(value, out.at_s)) return refused("has a time that is none");
      out.timestamp = std::string(value);
    } else if (name == "v1") {
      const auto bytes = from_hex(value);
      if (!bytes || bytes->size() != 32) return refused("has a v1 that is not 64 hex digits");
      if (out.v1.size() == max_signatures) return refused("has too many signatures");
      std::copy(bytes->begin(), bytes->end(), out.v1.emplace_back().begin());
    }
  }
  if (out.timestamp.empty()) return refused("has no time");
  if (out.v1.empty()) return refused("has no v1 signature");
  return out;
}

Result<void> verify_signature(std::string_view header, ByteView body,
                              const std::vector<std::string>& secrets, UtcMs now) {
  const auto parsed = parse_signature_header(header);
  if (!parsed) return pass_on(parsed.error());
  bool good = false;
  for (const std::string& secret : secrets) {
    const auto mac = mac_of(secret, parsed->timestamp, body);
    for (const auto& candidate : parsed->v1) good |= crypto::equal(mac, candidate);
  }
  if (!good) {
    return fail(Code::bad_signature,
                "The event is not signed with this provider's secret. Nothing was credited.");
  }
  const UtcMs at_ms = parsed->at_s * 1000;
  if (at_ms < now - replay_window_ms || at_ms > now + replay_window_ms) {
    return fail(Code::stale_request,
                "The event was signed more than five minutes ago, or in the future. Nothing was "
                "credited; send it again with a new signature, and check both clocks.");
  }
  return {};
}

std::string sign_event(std::string_view secret, std::int64_t at_s, ByteView body) {
  const std::string timestamp = std::to_string(at_s);
  return "t=" + timestamp + ",v1=" + to_hex(mac_of(secret, timestamp, body));
}

}  // namespace hearth::ledger::payments
