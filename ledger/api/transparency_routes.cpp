#include "common/base/log.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

constexpr int sign_attempts = 5;

net::Response text_answer(std::string text) {
  net::Response out;
  out.headers["content-type"] = "text/plain; charset=utf-8";
  out.headers["cache-control"] = "no-store";
  out.body = to_bytes(as_bytes(text));
  return out;
}

/// Until a signed checkpoint covers the record: at most about a second, as they are signed.
net::Task<Result<void>> cover(RoomsPtr rooms, std::uint64_t index) {
  for (int attempt = 0; attempt < sign_attempts; ++attempt) {
    const auto known = rooms->transparency.last();
    if (known && known->checkpoint.size > index) co_return Result<void>();
    if (const std::int64_t wait = rooms->transparency.due_in_ms(); wait > 0)
      co_await net::sleep_ms(wait);
    auto work = [&log = rooms->transparency] { return log.latest(); };
    const auto signed_now = co_await net::on_pool(rooms->pool, std::move(work));
    if (!signed_now) co_return pass_on(signed_now.error());
  }
  co_return fail(Code::busy, "The record is not in a signed checkpoint yet; ask again.");
}

net::Task<Result<std::string>> proof_of(RoomsPtr rooms, std::uint64_t index) {
  RoomsPtr covering = rooms;
  const auto covered = co_await cover(std::move(covering), index);
  if (!covered) co_return pass_on(covered.error());
  auto work = [&log = rooms->transparency, index] { return log.proof_of(index); };
  co_return co_await net::on_pool(rooms->pool, std::move(work));
}

}  // namespace

RouteResult get_log_checkpoint(RoomsPtr rooms, net::Request, std::vector<std::string>) {
  auto work = [&log = rooms->transparency] { return log.latest(); };
  const auto newest = co_await net::on_pool(rooms->pool, std::move(work));
  if (!newest) co_return pass_on(newest.error());
  co_return text_answer(newest->note);
}

RouteResult get_log_tile(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  std::string path;
  for (std::size_t i = 3; i < parts.size(); ++i) path += (i > 3 ? "/" : "") + parts[i];
  const auto tile = tlog::parse_tile_path(path);
  if (!tile) co_return fail(Code::not_found, "The ledger has nothing at this path.");
  auto work = [&log = rooms->transparency, id = *tile] { return log.tile(id); };
  auto hashes = co_await net::on_pool(rooms->pool, std::move(work));
  if (!hashes) co_return pass_on(hashes.error());
  net::Response out;
  out.headers["content-type"] = "application/octet-stream";
  out.headers["cache-control"] = "public, max-age=31536000, immutable";
  out.body = std::move(*hashes);
  co_return out;
}

RouteResult get_log_consistency(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  const auto asked = read_consistency_query(request.query);
  if (!asked) co_return pass_on(asked.error());
  auto work = [&log = rooms->transparency, q = *asked] { return log.consistency(q.from, q.to); };
  const auto proof = co_await net::on_pool(rooms->pool, std::move(work));
  if (!proof) co_return pass_on(proof.error());
  wire::Json hashes = wire::Json::array();
  for (const auto& hash : *proof) hashes.push_back(to_base64(hash));
  co_return json_answer({{"from", asked->from}, {"to", asked->to}, {"hashes", std::move(hashes)}});
}

RouteResult get_log_epochs(RoomsPtr rooms, net::Request, std::vector<std::string>) {
  auto work = [&store = rooms->store] { return BooksView(store).epochs(); };
  const auto epochs = co_await net::on_pool(rooms->pool, std::move(work));
  if (!epochs) co_return pass_on(epochs.error());
  wire::Json list = wire::Json::array();
  for (const auto& epoch : *epochs) {
    RoomsPtr asked = rooms;
    auto proof = co_await proof_of(std::move(asked), epoch.index);
    if (!proof) co_return pass_on(proof.error());
    list.push_back({{"epoch", epoch.epoch}, {"proof", std::move(*proof)}});
  }
  co_return json_answer({{"epochs", std::move(list)}});
}

RouteResult get_purchase_proof(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto id = hex_id<16>(parts[2], Code::not_found, "purchase");
  if (!id) co_return pass_on(id.error());
  auto work = [&engine = rooms->engine, request = *id] { return engine.purchase(request); };
  const auto facts = co_await net::on_pool(rooms->pool, std::move(work));
  if (!facts) co_return pass_on(facts.error());
  if (!*facts) co_return fail(Code::not_found, "There is no such purchase at this ledger.");
  const std::uint64_t index = (*facts)->journal_index;
  RoomsPtr asked = rooms;
  auto proof = co_await proof_of(std::move(asked), index);
  if (!proof) co_return pass_on(proof.error());
  auto sealed = sealed_for_buyer(**facts, as_bytes(*proof));
  if (!sealed) co_return pass_on(std::move(sealed.error()));
  net::Response out = text_answer({});
  if (as_text(*sealed).starts_with("age-encryption.org/"))
    out.headers["content-type"] = "application/octet-stream";
  out.body = std::move(*sealed);
  co_return out;
}

}  // namespace hearth::ledger
