#include "common/tlog/checkpoint.h"
#include "common/wire/document_fields.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/key_rotation.h"
#include "ledger/transparency/transparency.h"

namespace hearth::ledger::admin {
namespace {

/// The running daemon's keys, or the directory's.
Result<LedgerKeys> keys_of(const AdminContext& context) {
  if (context.keys) return *context.keys;
  return load_ledger_keys(context.dir);
}

}  // namespace

Result<Json> keys(AdminContext& context, const Json&) {
  const auto keys = keys_of(context);
  if (!keys) return pass_on(keys.error());
  const auto all = keys->epochs.all();
  Json epochs = Json::array();
  for (const auto& epoch : all)
    epochs.push_back({{"epoch", epoch.epoch},
                      {"poprf_key", to_base64url(epoch.pair.public_key)},
                      {"from_ms", epoch.from_ms},
                      {"current", epoch.epoch == all.back().epoch}});
  const auto& signing = keys->signing.public_key();
  return Json{{"ledger", to_base64url(signing)},
              {"verifier", tlog::verifier_key(tlog::log_origin(signing), signing)},
              {"escrow", to_base64url(keys->escrow.public_key())},
              {"tls_pin", to_base64url(keys->tls.pin)},
              {"epochs", std::move(epochs)}};
}

Result<Json> keys_rotate(AdminContext& context, const Json&) {
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  auto keys = keys_of(context);
  if (!keys) return pass_on(keys.error());
  if (!context.keys) {
    if (auto settled = settle_epochs(context.dir, *keys, **engine, context.store, now_ms());
        !settled)
      return pass_on(settled.error());
  }
  // A copy shares its list of epochs with the original: the daemon sees the new one.
  const auto rotated = rotate_keys(context.dir, *keys, **engine, now_ms());
  if (!rotated) return pass_on(rotated.error());
  return Json{{"epoch", rotated->epoch},
              {"poprf_key", to_base64url(rotated->poprf_key)},
              {"from_ms", rotated->from_ms},
              {"journal_index", rotated->journal_index}};
}

Result<Json> checkpoint(AdminContext& context, const Json&) {
  std::string note;
  if (context.transparency) {
    const auto latest = context.transparency->latest();
    if (!latest) return pass_on(latest.error());
    note = latest->note;
  } else {
    const auto stored = stored_checkpoint(context.store);
    if (!stored) return pass_on(stored.error());
    if (!*stored)
      return fail(
          Code::not_found,
          "This ledger has signed no checkpoint yet; it does when it runs and has records.");
    note = **stored;
  }
  const auto keys = keys_of(context);
  if (!keys) return pass_on(keys.error());
  const auto read = tlog::read_checkpoint(note, keys->signing.public_key());
  if (!read) return pass_on(read.error());
  return Json{{"note", note}, {"size", read->size}, {"root", to_hex(read->root)}};
}

}  // namespace hearth::ledger::admin
