// What node and player say to each other: the player decodes hostile media, so the node trusts
// nothing of it. The first byte picks the decoder; frames come in two pieces, cut where the second
// byte says. What is taken can be written, and is the same when it is read again.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/link/frames.h"
#include "common/link/messages.h"

namespace {

using namespace hearth;

template <class Decode>
void check(Decode decode, ByteView json) {
  const auto message = decode(json);
  if (!message) return;
  const std::string written = link::encode(*message);
  const auto again = decode(as_bytes(written));
  HEARTH_ASSERT(again && link::encode(*again) == written);
}

void check_frames(ByteView input) {
  if (input.empty()) return;
  constexpr std::size_t limit = 1024;
  const ByteView stream = input.subspan(1);
  const std::size_t cut = std::min<std::size_t>(input[0], stream.size());
  link::FrameDecoder decoder(limit);
  Bytes written;
  bool broken = false;
  for (const ByteView piece : {stream.first(cut), stream.subspan(cut)}) {
    decoder.push(piece);
    auto frame = decoder.next();
    for (; frame && *frame; frame = decoder.next()) {
      HEARTH_ASSERT((*frame)->body.size() < limit);
      append(written, link::encode_frame((*frame)->type, (*frame)->body));
    }
    HEARTH_ASSERT(!broken || !frame);  // broken once, broken for good
    broken = !frame;
  }
  HEARTH_ASSERT(written.size() <= stream.size() &&
                std::equal(written.begin(), written.end(), stream.begin()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(data + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      check(link::decode_hello, input);
      break;
    case 1:
      check(link::decode_order, input);
      break;
    case 2:
      check(link::decode_event, input);
      break;
    case 3:
      check(link::decode_stream_opened, input);
      break;
    case 4:
      check(link::decode_read_request, input);
      break;
    default:
      check_frames(input);
  }
  return 0;
}
