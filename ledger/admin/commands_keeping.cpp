#include <filesystem>

#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/backup.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/admin/progress_board.h"
#include "ledger/admin/verify_file.h"

namespace hearth::ledger::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_path = 4096;

Json histogram_document(const Histogram& histogram, std::span<const std::uint64_t, 12> bounds) {
  Json out{{"bounds", Json::array()}, {"counts", Json::array()}};
  for (const std::uint64_t bound : bounds) out["bounds"].push_back(bound);
  for (const std::uint64_t count : histogram.counts) out["counts"].push_back(count);
  out["sum"] = histogram.sum;
  out["count"] = histogram.count;
  return out;
}

Json outcomes_document(const EngineStats& stats) {
  Json out = Json::object();
  for (std::size_t kind = 1; kind <= record_kinds; ++kind) {
    for (const Outcome outcome : all_outcomes()) {
      const std::uint64_t count = stats.outcomes[kind][static_cast<std::size_t>(outcome)];
      if (count > 0) out[std::string(kind_name(kind))][std::string(outcome_name(outcome))] = count;
    }
  }
  return out;
}

/// Where a backup goes. From elsewhere only a name is taken, for a place beside the books.
Result<fs::path> backup_place(const AdminContext& context, const std::string& text) {
  if (!context.remote) {
    if (!fs::path(text).is_absolute())
      return fail(Code::usage, "A backup's directory is given with its full path.");
    return fs::path(text);
  }
  const auto name = checked_name(text);
  if (!name || name->front() == '.')
    return fail(Code::name_refused,
                "Over the network a backup gets a name, without a path; it goes to `backups` in "
                "the ledger's data directory. Nothing was done.");
  std::error_code ec;
  const fs::path all = context.dir.root / "backups";
  fs::create_directory(all, ec);
  return all / *name;
}

}  // namespace

Result<Json> backup_books(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "backup");
  const std::string to = fields.required_text("dir", max_path);
  const std::string keys_to = fields.text("keys_to", max_path);
  const std::string word = fields.text("watch", max_watch_word);
  if (!fields.ok()) return pass_on(fields.error());
  if (!keys_to.empty() && context.remote)
    return fail(Code::not_allowed,
                "Keys are copied by the command line at the ledger itself only. Nothing was done.");
  BackupOrder order;
  const auto place = backup_place(context, to);
  if (!place) return pass_on(place.error());
  order.to = *place;
  if (!keys_to.empty()) {
    order.keys_to = fs::path(keys_to);
    if (!order.keys_to->is_absolute() || order.keys_to->parent_path() == order.to)
      return fail(Code::usage,
                  "--keys-to takes a full path outside of the backup: keys beside the books would "
                  "be stolen with them. Nothing was done.");
  }
  const Progress shown(context, word);
  const auto facts = make_backup(context.dir, context.store, order, now_ms(), shown.tell());
  if (!facts) return pass_on(facts.error());
  Json out{{"dir", order.to.string()},
           {"made_ms", facts->made_ms},
           {"records", facts->records},
           {"root", to_hex(facts->root)},
           {"audited", true}};
  if (order.keys_to) out["keys_to"] = order.keys_to->string();
  return out;
}

Result<Json> verify(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "verify");
  const std::string text = fields.required_text("text", 256 * 1024);
  if (!fields.ok()) return pass_on(fields.error());
  const auto keys = load_ledger_keys(context.dir);
  if (!keys) return pass_on(keys.error());
  const auto snapshot = context.store.snapshot();
  return verify_text(*snapshot, keys->signing.public_key(), text);
}

Result<Json> stats(AdminContext& context, const Json&) {
  if (!context.running || !context.engine)
    return fail(Code::unreachable,
                "The ledger is not running: there is nothing to watch. `hearth-ledger status` "
                "shows what its books hold.");
  const EngineStats stats = context.engine->stats();
  Json totals = Json::array();
  for (const auto& of : stats.totals) {
    const auto money = [&of](std::int64_t minor) {
      return wire::money_document({minor, of.currency});
    };
    totals.push_back({{"currency", of.currency.code()},
                      {"wallet", money(of.wallets)},
                      {"escrow", money(of.escrow)},
                      {"fees", money(of.fees)}});
  }
  return Json{{"at_ms", now_ms()},
              {"ready", stats.ready},
              {"records", stats.records},
              {"commands", stats.commands},
              {"refused_busy", stats.refused_busy},
              {"queue", {{"length", stats.queue_length}, {"limit", stats.queue_limit}}},
              {"batch_size", histogram_document(stats.batch_size, Histogram::batch_bounds)},
              {"commit_us", histogram_document(stats.commit_us, Histogram::commit_bounds_us)},
              {"commits_failed", stats.commits_failed},
              {"outcomes", outcomes_document(stats)},
              {"outstanding", stats.outstanding},
              {"totals", std::move(totals)}};
}

}  // namespace hearth::ledger::admin
