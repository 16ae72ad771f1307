#include "common/wire/document_fields.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/waiting.h"
#include "ledger/directory/directory.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger::admin {
namespace {

constexpr std::int64_t default_rows = 1'000;
constexpr std::int64_t max_rows = 10'000;

Json entry_document(const store::View& view, const wire::DirectoryEntry& entry,
                    const identity::HomeAddress& home) {
  const auto row = BooksView(view).home(home);
  return {{"entry", std::string(wire::directory_kind_name(entry.kind)) + ":" + entry.value},
          {"home", home.text()},
          {"name", row && *row ? (*row)->name : ""}};
}

}  // namespace

Result<Json> directory(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "directory");
  const auto limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_rows, default_rows));
  if (!fields.ok()) return pass_on(fields.error());
  const auto snapshot = context.store.snapshot();
  Json rows = Json::array();
  bool more = false;
  const auto scanned = each_entry(
      *snapshot, [&](const wire::DirectoryEntry& entry, const identity::HomeAddress& home) {
        more = rows.size() == limit;
        if (!more) rows.push_back(entry_document(*snapshot, entry, home));
        return !more;
      });
  if (!scanned) return pass_on(scanned.error());
  return Json{{"directory", std::move(rows)}, {"more", more}};
}

Result<Json> directory_remove(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "directory entry");
  const std::string text = fields.required_text("entry", 100);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto entry = wire::parse_directory_name(text);
  if (!entry)
    return fail(Code::usage,
                "An entry is ip:ADDRESS, mac:ADDRESS or esn:NUMBER. Nothing was changed.");
  if (!*entry) return pass_on(entry->error());
  const auto held = find_entry(context.store, **entry);
  if (!held) return pass_on(held.error());
  auto batch = prepare_removal(context.store, **entry);
  if (!batch) return pass_on(batch.error());
  if (!*held || !*batch)
    return fail(Code::not_found,
                "No home holds this entry; `hearth-ledger directory list` shows those that are "
                "held. Nothing was changed.");
  const auto done = wait_for<std::uint64_t>(
      [&](auto answer) { (*engine)->submit_side(std::move(**batch), std::move(answer)); });
  if (!done) return pass_on(done.error());
  return entry_document(context.store, **entry, (*held)->home);
}

}  // namespace hearth::ledger::admin
