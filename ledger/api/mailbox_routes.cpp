#include <algorithm>

#include "common/base/crash_point.h"
#include "common/wire/document_fields.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/mailbox_paths.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_definition = 48 * 1024;

Result<MailboxDefinition> read_definition(std::string_view jws, const MailboxKey& path_key,
                                          UtcMs now) {
  const auto verified = wire::verify_jws_from(jws, "hearth/mailbox/1", path_key, max_definition);
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
  if (!fields.ok()) return pass_on(fields.error());
  if (out.mailbox != path_key) {
    return fail(Code::wrong_signer, "The document is about another mailbox. Nothing was stored.");
  }
  return out;
}

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

std::string header(const net::Request& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

net::Response taken(std::uint64_t sequence) {
  return net::json_response(202, wire::Json{{"sequence", sequence}}.dump());
}

/// The drop is on disk: wakes its owner.
void deliver(Rooms& rooms, const PendingDrop& drop) {
  rooms.mailboxes.confirm(drop);
  const auto [first, last] = rooms.owners.equal_range(drop.mailbox);
  std::for_each(first, last, [](auto& owner) { owner.second->notify_all(); });
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

RouteResult put_mailbox(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto key = mailbox_of_path(parts[2]);
  if (!key) co_return pass_on(key.error());
  auto work = [body = std::move(request.body), key = *key, now = rooms->now()] {
    return read_definition(as_text(body), key, now);
  };
  const auto definition = co_await net::on_pool(rooms->pool, std::move(work));
  if (!definition) co_return pass_on(definition.error());
  auto batch = rooms->mailboxes.prepare_definition(*definition);
  if (!batch) co_return pass_on(std::move(batch.error()));
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(std::move(*batch), wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) co_return pass_on(stored.error());
  rooms->mailboxes.define(*definition);
  co_return json_answer(wire::Json::object());
}

RouteResult post_drop(RoomsPtr rooms, net::Request request, std::vector<std::string> parts) {
  const auto key = mailbox_of_path(parts[2]);
  if (!key) co_return pass_on(key.error());
  const auto token =
      exactly<32>(from_base64url(header(request, "hearth-drop-token")), "Hearth-Drop-Token");
  if (!token) co_return pass_on(token.error());
  const auto idempotency =
      exactly<16>(from_hex(header(request, "idempotency-key")), "Idempotency-Key");
  if (!idempotency) co_return pass_on(idempotency.error());
  if (request.body.empty()) co_return fail(Code::usage, "The drop is empty. Nothing was stored.");

  auto drop = rooms->mailboxes.prepare_drop(*key, *token, *idempotency, request.body, rooms->now());
  if (!drop) co_return pass_on(std::move(drop.error()));
  if (drop->batch.empty()) co_return taken(drop->sequence);
  crash_point("ledger.drop.before_commit");
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(drop->batch, wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) {
    // A late answer may still have written it; then the repeated drop is the same record.
    rooms->mailboxes.abandon(*drop);
    co_return pass_on(stored.error());
  }
  crash_point("ledger.drop.after_commit");
  deliver(*rooms, *drop);
  co_return taken(drop->sequence);
}

}  // namespace hearth::ledger
