// `hearth-ledger export`: the books of a period in one of the forms of form.h, chunk by chunk, so
// that an export of any size takes the memory of one chunk, here and over the wire. All chunks
// speak of the same records: the first fixes where the journal ends, the cursor carries it on.
//
// Reads any view; each chunk may come from another snapshot, for what is before the end never
// changes. docs/accounting.md §8.
#pragma once

#include <string>

#include "ledger/engine/books_view.h"
#include "ledger/export/period.h"

namespace hearth::ledger {

struct ExportOrder {
  std::string format;  ///< form.h
  Period period;
  bool pseudonyms = false;  ///< homes by the number of their record; no names, no references
  std::string cursor;       ///< empty: the first chunk
};

struct ExportChunk {
  std::string text;
  std::string next;  ///< cursor of the chunk after this; empty: this was the last
};

/// Code::usage for an unknown form or a damaged cursor; the store's errors.
Result<ExportChunk> export_chunk(const store::View& view, const ExportOrder& order);

}  // namespace hearth::ledger
