// What both halves of OpenBatch share. Internal to this room.
#pragma once

#include "ledger/engine/open_batch.h"

namespace hearth::ledger {

inline tl::unexpected<Error> damaged_row() {
  return fail(Code::corrupt,
              "The ledger's books are damaged: the row that tells whether this was done before "
              "cannot be read. Nothing was charged; the operator must run `hearth-ledger audit`.");
}

template <class Row>
Result<std::optional<Row>> OpenBatch::row(ByteView key,
                                          std::optional<Row> (*decode)(ByteView)) const {
  const auto value = get(key);
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<Row>();
  auto decoded = decode(**value);
  if (!decoded) return damaged_row();
  return decoded;
}

template <class W>
bool OpenBatch::applied(const Verdict& verdict) {
  ++tally_[kind_of<W>()][static_cast<std::size_t>(verdict.outcome)];
  return verdict.outcome == Outcome::applied;
}

}  // namespace hearth::ledger
