#include "ledger/admin/books_check.h"

#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t tree_format = 1;

Result<void> check_format(const store::View& view) {
  for (const auto& [prefix, known] :
       {std::pair(books::tree, tree_format), std::pair(books::currencies, books::books_format)}) {
    const auto value = view.get(books::key(prefix, {}));
    if (!value) return pass_on(value.error());
    if (!*value || (*value)->empty() || (*value)->front() == known) continue;
    const std::uint8_t found = (*value)->front();
    return fail(Code::corrupt, "The books were written by " +
                                   std::string(found < known ? "an older" : "a newer") +
                                   " version of this program (format " + std::to_string(found) +
                                   "; this one knows " + std::to_string(known) +
                                   "). Nothing was changed. Use that version" +
                                   (found < known ? "." : ", or restore a backup from before it."));
  }
  return {};
}

}  // namespace

Result<void> check_books(const store::View& view, UtcMs now) {
  if (auto format = check_format(view); !format) return format;
  const BooksView books(view);
  const auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  if (tree->size() == 0) return {};
  const auto last = books.record(tree->size() - 1);
  if (!last) return pass_on(last.error());
  if (!*last)
    return fail(Code::corrupt,
                "The ledger's books are damaged: the journal's last record is missing. Nothing was "
                "changed; run `hearth-ledger audit`, and restore the last backup.");
  if (now + clock_slack_ms >= (*last)->at_ms) return {};
  return fail(Code::clock_behind, "The clock shows " + format_utc(now) +
                                      ", but the books' last record was made at " +
                                      format_utc((*last)->at_ms) +
                                      ". Nothing was changed. Set the clock and start again.");
}

}  // namespace hearth::ledger
