#include "ledger/export/cursor.h"

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t cursor_version = 1;

}  // namespace

std::string write_cursor(const ExportPlace& place) {
  Writer out;
  out.u8(cursor_version).u8(place.part).u8(place.first ? 1 : 0).u8(place.account ? 1 : 0);
  if (place.account) out.raw(place.account->raw());
  out.u64(place.index).u64(place.begin).u64(place.end);
  return to_base64url(out.view());
}

Result<ExportPlace> read_cursor(std::string_view text, std::uint64_t size) {
  const auto bytes = text.size() < 200 ? from_base64url(text) : std::nullopt;
  if (bytes) {
    Reader in(*bytes);
    const bool known = in.u8() == cursor_version;
    ExportPlace place;
    place.part = in.u8();
    place.first = in.u8() == 1;
    const bool has_account = in.u8() == 1;
    if (has_account) place.account = AccountId::from_raw(in.raw(AccountId::size));
    place.index = in.u64();
    place.begin = in.u64();
    place.end = in.u64();
    if (known && in.done() && place.part < export_part::done && place.begin <= place.end &&
        place.end <= size && place.index <= place.end && has_account == place.account.has_value())
      return place;
  }
  return fail(Code::usage, "The export's cursor is damaged; begin the export again.");
}

}  // namespace hearth::ledger
