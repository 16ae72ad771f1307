// What strangers and stock programs send to the outputs for other programs: paths, ranges,
// discovery packets, what ffprobe says of a stranger's file, a transport stream of one; and the
// stored form of a token. The first byte picks the reader.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/iptv/encoding.h"
#include "node/iptv/hdhomerun.h"
#include "node/iptv/iptv_route.h"
#include "node/iptv/range.h"
#include "node/iptv/token.h"
#include "node/iptv/ts_joiner.h"
#include "node/iptv/xmltv.h"

namespace {

using namespace hearth;
using namespace hearth::node;

void check_route(std::string_view text) {
  const IptvRoute route = iptv_route("GET", text);
  HEARTH_ASSERT(route.token.empty() == (route.what == IptvRoute::What::nothing));
  for (const std::string& word : {route.token, route.channel}) {
    HEARTH_ASSERT(word.size() <= 64);
    HEARTH_ASSERT(word.find_first_of("/.%\\\r\n ") == std::string::npos);
  }
  (void)token_digest(text);
}

void check_range(std::string_view text) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{100}, std::uint64_t{1} << 42}) {
    const ByteRange range = range_of(text, size);
    if (range.possible && range.partial) {
      HEARTH_ASSERT(range.begin < range.end);
    }
    HEARTH_ASSERT(!range.possible || range.end <= size);
  }
}

void check_token(ByteView value) {
  const auto token = decode_iptv_token(value);
  if (token) HEARTH_ASSERT(decode_iptv_token(encode(*token)) == token);
}

void check_xml(std::string_view text) {
  std::string out;
  append_xml(out, text);
  HEARTH_ASSERT(out.find_first_of("<>\"") == std::string::npos);
  HEARTH_ASSERT(std::none_of(out.begin(), out.end(),
                             [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

/// Two items of the same bytes: whole packets come out, and time only goes on.
void check_join(ByteView value) {
  TsJoiner joiner;
  std::int64_t reached = 0;
  for (const std::int64_t at : {60, 62}) {
    joiner.begin_item(at * 90'000, 2 * 90'000);
    joiner.feed(value);
    joiner.end_item();
    HEARTH_ASSERT(joiner.reached() >= reached);
    reached = joiner.reached();
    for (const TsSegment& one : joiner.take()) {
      HEARTH_ASSERT(!one.bytes.empty() && one.bytes.size() % ts_packet == 0);
      HEARTH_ASSERT(one.length > 0);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      check_route(as_text(value));
      break;
    case 1:
      check_range(as_text(value));
      break;
    case 2:
      (void)asks_for_tuner(value, tuner_device(value));
      break;
    case 3:
      (void)read_probed(value);
      break;
    case 4:
      check_token(value);
      break;
    case 5:
      check_xml(as_text(value));
      break;
    default:
      check_join(value);
  }
  return 0;
}
