// Channels as signed files, what other homes make of them, and a home's stored versions, troubles
// and shares. The first byte picks the decoder; of a file the rest is its payload, signed here, so
// that what is behind the signature is reached.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/sharing/share_records.h"
#include "node/television/channel_file.h"
#include "node/television/version_records.h"
#include "tests/fuzz/signed.h"

namespace {

using namespace hearth;
using namespace hearth::node;

void check_file(std::string_view text) {
  const auto file = read_channel_file(text);
  if (!file) return;
  const OfferOf none = [](const std::string&) { return std::optional<std::string>(); };
  const auto again = write_channel_file(file->channel, none, fuzz::signer(), 1);
  HEARTH_ASSERT(again.has_value());
  const auto same = read_channel_file(*again);
  HEARTH_ASSERT(same && same->channel.lists == file->channel.lists);
  // What another home makes of it is a channel as well.
  const channels::Channel there =
      for_other_home(file->channel, "00112233445566778899aabbccddeeff",
                     {none, [](const std::string& title) { return title.size() % 2 == 0; }});
  HEARTH_ASSERT(channels::read_channel(channels::write_channel(there)).has_value());
  const channels::Channel some = as_taken(there, {false, {"films"}}, 7, {});
  HEARTH_ASSERT(channels::read_channel(channels::write_channel(some)).has_value());
}

/// What is let through is stored as it was.
template <class T>
void check_record(Result<T> (*decode)(ByteView), ByteView bytes) {
  const auto record = decode(bytes);
  if (!record) return;
  const auto again = decode(encode(*record));
  HEARTH_ASSERT(again && encode(*again) == encode(*record));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
    case 3:
    case 6:
      check_file(as_text(rest));
      break;
    case 1:
    case 4:
      check_file(fuzz::signed_payload("hearth/channel/1", rest));
      break;
    case 2:
      check_record(decode_version, rest);
      check_record(decode_trouble, rest);
      break;
    case 5:
      check_record(decode_shared_in, rest);
      break;
    default:
      check_record(decode_shared_out, rest);
      check_record(decode_share_wish, rest);
  }
  return 0;
}
