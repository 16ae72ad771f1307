#include "common/base/log.h"
#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_id = 64;

wire::Json document(const tlog::Checkpoint& checkpoint) {
  return {{"size", checkpoint.size}, {"root", to_hex(checkpoint.root)}};
}

std::string request_of(const PurchaseRecord& purchase) {
  const auto request = wire::read_purchase(purchase.request_jws);
  return request ? to_hex(request->request_id) : std::string();
}

/// One purchase as it stands: proven, waiting for its proof, or not to be proven.
wire::Json verified_document(const PurchaseRecord& purchase, const std::string& name,
                             const Result<wire::ProvenReceipt>& proven) {
  wire::Json out = {{"request", request_of(purchase)},
                    {"offer", to_hex(purchase.offer)},
                    {"name", name},
                    {"verified", proven.has_value()}};
  if (!proven) {
    out["problem"] = {{"code", code_name(proven.error().code)},
                      {"sentence", proven.error().sentence}};
    return out;
  }
  out["paid"] = node::document(proven->receipt.paid);
  out["journal_index"] = proven->receipt.journal_index;
  out["at_ms"] = proven->receipt.at_ms;
  out["checkpoint"] = document(proven->checkpoint);
  return out;
}

}  // namespace

/// All finished purchases, or the one whose request id begins with the argument; one that has no
/// proof yet is asked for once. Looks at the ledger's newest checkpoint too, when it answers.
Commands::Answer Commands::wallet_verify(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string request = fields.text("request", max_id);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto purchases = rooms_.wallet->purchases();
  if (!purchases) co_return pass_on(purchases.error());
  std::vector<PurchaseRecord> meant;
  for (const auto& one : *purchases) {
    const bool is_meant = request.empty() || request_of(one).starts_with(request);
    if (one.state == PurchaseState::finished && is_meant) meant.push_back(one);
  }
  if (!request.empty() && meant.size() != 1)
    co_return fail(Code::not_found, (meant.empty() ? "This home has no finished purchase "
                                                   : "This home has several purchases ") +
                                        printable(request) +
                                        ". hearth wallet verify lists them all.");
  wire::Json list = wire::Json::array();
  bool ok = true;
  for (const PurchaseRecord& purchase : meant) {
    auto proven = rooms_.proofs->verify(purchase);
    if (!proven && proven.error().code == Code::not_found) {
      PurchaseRecord copy = purchase;
      const auto fetched = co_await rooms_.proofs->fetch(std::move(copy));
      proven = fetched ? rooms_.proofs->verify(purchase) : pass_on(fetched.error());
    }
    ok = ok && proven.has_value();
    const auto offer = rooms_.wallet->offer(purchase.offer);
    list.push_back(verified_document(purchase, offer ? offer->manifest.name : "", proven));
    if (request.empty() || !proven) continue;
    const auto proof = rooms_.proofs->proof(purchase.n);
    if (!proof) co_return pass_on(proof.error());
    list.back()["receipt"] = purchase.receipt_jws;
    list.back()["proof"] = proof->value_or("");
  }
  const auto seen = co_await rooms_.ledger->history().look();
  if (!seen) spdlog::info("ledger: its journal was not looked at: {}", seen.error().sentence);
  const auto alarm = rooms_.ledger->history().alarm();
  if (!alarm) co_return pass_on(alarm.error());
  wire::Json out = {{"ok", ok && !*alarm},
                    {"verifier_key", tlog::verifier_key(tlog::log_origin(rooms_.files.ledger.key),
                                                        rooms_.files.ledger.key)},
                    {"purchases", std::move(list)}};
  const auto note = rooms_.ledger->history().believed();
  if (!note) co_return pass_on(note.error());
  if (!note->empty()) out["checkpoint"] = *note;
  if (*alarm) out["alarm"] = history_document(**alarm);
  co_return out;
}

/// What contradicts what the ledger signed, what was accepted of that before, and what the ledger
/// shows now, when it answers.
Commands::Answer Commands::wallet_alarm(wire::Json) {
  History& history = rooms_.ledger->history();
  const auto alarm = history.alarm();
  if (!alarm) co_return pass_on(alarm.error());
  const auto accepted = history.accepted();
  if (!accepted) co_return pass_on(accepted.error());
  wire::Json out = {{"alarm", nullptr}, {"accepted", wire::Json::array()}};
  for (const AcceptedHistory& one : *accepted) out["accepted"].push_back(accepted_document(one));
  if (!*alarm) co_return out;
  out["alarm"] = history_document(**alarm);
  const auto note = co_await rooms_.ledger->log_checkpoint();
  const auto newest = note ? tlog::read_checkpoint(*note, rooms_.files.ledger.key)
                           : Result<tlog::Checkpoint>(pass_on(note.error()));
  if (newest) out["now"] = document(*newest);
  if (!newest) spdlog::info("ledger: no checkpoint to compare with: {}", newest.error().sentence);
  co_return out;
}

Commands::Answer Commands::wallet_alarm_accept(wire::Json) {
  store::Batch excuses;
  const auto unproven = rooms_.proofs->excuse(excuses);
  if (!unproven) co_return pass_on(unproven.error());
  const auto accepted = co_await rooms_.ledger->history().accept(std::move(excuses));
  if (!accepted) co_return pass_on(accepted.error());
  rooms_.proofs->kick();
  wire::Json out = accepted_document(*accepted);
  const auto newest = tlog::read_checkpoint(accepted->note, rooms_.files.ledger.key);
  if (!newest) co_return pass_on(newest.error());
  out["now"] = document(*newest);
  out["unproven"] = wire::Json::array();
  for (const PurchaseRecord& purchase : *unproven) {
    const auto offer = rooms_.wallet->offer(purchase.offer);
    out["unproven"].push_back({{"request", request_of(purchase)},
                               {"offer", to_hex(purchase.offer)},
                               {"name", offer ? offer->manifest.name : ""}});
  }
  co_return out;
}

}  // namespace hearth::node
