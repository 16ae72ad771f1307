#include <limits>

#include "common/wire/document_fields.h"
#include "ledger/api/requests.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_definition = wire::max_jws;
constexpr std::size_t max_open_jws = 4096;
constexpr std::size_t max_acknowledgement = 256;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

template <std::size_t N>
Result<std::array<std::uint8_t, N>> exactly(const std::optional<Bytes>& bytes, const char* header) {
  if (!bytes || bytes->size() != N) {
    return fail(Code::usage, std::string("The header ") + header +
                                 " is missing or not of the form it should have. Nothing was "
                                 "stored.");
  }
  std::array<std::uint8_t, N> out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::string_view header(const net::Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

}  // namespace

Result<MailboxKey> mailbox_of_path(std::string_view part) {
  const auto bytes = part.size() <= 64 ? from_base64url(part) : std::nullopt;
  MailboxKey out{};
  if (!bytes || bytes->size() != out.size()) {
    return fail(Code::unknown_mailbox, "There is no such mailbox at this ledger.");
  }
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

Result<MailboxDefinition> read_mailbox_definition(std::string_view jws, const MailboxKey& mailbox,
                                                  UtcMs now) {
  const auto verified = wire::verify_jws_from(jws, "hearth/mailbox/1", mailbox, max_definition);
  if (!verified) return pass_on(verified.error());
  if (auto fresh = wire::check_fresh(verified->payload, now); !fresh) {
    return pass_on(std::move(fresh.error()));
  }
  wire::Fields fields(verified->payload, "mailbox");
  MailboxDefinition out;
  out.mailbox = fields.fixed_base64url<32>("mailbox");
  out.issued_ms = wire::time_field(fields, "issued_ms");
  for (const wire::Json& token : fields.array("drop_tokens", max_drop_tokens)) {
    const auto bytes =
        token.is_string() ? from_hex(token.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->size() != 32) {
      return fail(Code::usage, "A drop token of the mailbox is not 64 hex digits.");
    }
    std::copy(bytes->begin(), bytes->end(), out.drop_tokens.emplace_back().begin());
  }
  if (fields.has("notebook")) out.notebook = fields.base64url("notebook", max_notebook);
  if (!fields.ok()) return pass_on(fields.error());
  if (out.mailbox != mailbox) {
    return fail(Code::wrong_signer, "The document is about another mailbox. Nothing was stored.");
  }
  return out;
}

Result<void> read_notebook_request(std::string_view jws, const MailboxKey& mailbox, UtcMs now) {
  const auto verified = wire::verify_jws_from(jws, "hearth/notebook/1", mailbox, max_open_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "request");
  const auto named = fields.fixed_base64url<32>("mailbox");
  if (!fields.ok()) return pass_on(fields.error());
  if (named != mailbox) return fail(Code::wrong_signer, "The document is about another mailbox.");
  return wire::check_fresh(verified->payload, now);
}

Result<DropHead> read_drop_head(const net::Headers& headers) {
  const auto token =
      exactly<32>(from_base64url(header(headers, "hearth-drop-token")), "Hearth-Drop-Token");
  if (!token) return pass_on(token.error());
  const auto idempotency =
      exactly<16>(from_hex(header(headers, "idempotency-key")), "Idempotency-Key");
  if (!idempotency) return pass_on(idempotency.error());
  return DropHead{*token, *idempotency};
}

Result<std::uint64_t> read_mailbox_open(std::string_view jws, const MailboxKey& mailbox,
                                        ByteView challenge, UtcMs now) {
  const auto verified = wire::verify_jws_from(jws, "hearth/mailbox-open/1", mailbox, max_open_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "mailbox opening");
  const auto named = fields.fixed_base64url<32>("mailbox");
  const auto answered = fields.fixed_base64url<32>("challenge");
  const auto after = static_cast<std::uint64_t>(fields.integer_or("after", 0, most, 0));
  if (!fields.ok()) return pass_on(fields.error());
  if (named != mailbox || !crypto::equal(answered, challenge)) {
    return fail(Code::stale_request, "The answer is not for this mailbox and this challenge.");
  }
  if (auto fresh = wire::check_fresh(verified->payload, now); !fresh) {
    return pass_on(std::move(fresh.error()));
  }
  return after;
}

std::optional<std::uint64_t> read_acknowledgement(ByteView message) {
  const auto json = wire::parse_json(message, max_acknowledgement);
  if (!json) return std::nullopt;
  wire::Fields fields(*json, "acknowledgement");
  const auto acknowledged = static_cast<std::uint64_t>(fields.integer("ack", 0, most));
  if (!fields.ok()) return std::nullopt;
  return acknowledged;
}

}  // namespace hearth::ledger
