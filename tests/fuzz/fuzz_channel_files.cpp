// Channels as signed files, and a home's stored versions. The first byte picks the decoder; of a
// file the rest is its payload, signed here, so that what is behind the signature is reached.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
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
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  if (data[0] % 3 == 0) check_file(as_text(rest));
  if (data[0] % 3 == 1) check_file(fuzz::signed_payload("hearth/channel/1", rest));
  if (data[0] % 3 == 2) {
    const auto record = decode_version(rest);
    if (record) HEARTH_ASSERT(decode_version(encode(*record)).has_value());
  }
  return 0;
}
