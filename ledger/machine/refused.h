// What the machine's commands share. Internal to this room.
#pragma once

#include <string>

#include "common/base/names.h"
#include "ledger/machine/machine.h"

namespace hearth::ledger {

inline Verdict refused(Outcome outcome) {
  Verdict verdict;
  verdict.outcome = outcome;
  return verdict;
}

/// What somebody must have written: not empty.
inline bool is_text(const std::string& text, std::size_t max_bytes) {
  return !text.empty() && checked_note(text, max_bytes).has_value();
}

}  // namespace hearth::ledger
