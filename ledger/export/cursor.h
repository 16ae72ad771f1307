// Where an export stands between two chunks. The cursor travels through whoever asked for the
// export, so it is read like a stranger's. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/machine/account.h"

namespace hearth::ledger {

/// Append only.
namespace export_part {
enum : std::uint8_t { accounts = 0, openings = 1, records = 2, closings = 3, done = 4 };
}

struct ExportPlace {
  std::uint8_t part = export_part::accounts;
  bool first = true;                 ///< nothing of the part was written yet
  std::optional<AccountId> account;  ///< the last one written
  std::uint64_t index = 0;           ///< of the next record
  std::uint64_t begin = 0, end = 0;  ///< the records of the period
};

std::string write_cursor(const ExportPlace& place);
/// In a journal of `size` records. Code::usage for anything that write_cursor() does not make.
Result<ExportPlace> read_cursor(std::string_view text, std::uint64_t size);

}  // namespace hearth::ledger
