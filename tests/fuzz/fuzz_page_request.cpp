// What strangers write into a request to the page before anybody knows who they are: Host, path,
// cookies, headers, a typed code; and the stored form of a phone. The first byte picks the reader.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/web/host_list.h"
#include "node/web/page_request.h"
#include "node/web/pairing.h"
#include "node/web/phone.h"

namespace {

using namespace hearth;
using namespace hearth::node;

/// A host that is read is written in one way only, and nothing strange is left in its name.
void check_host(std::string_view text) {
  const auto host = parse_host(text);
  if (!host) return;
  HEARTH_ASSERT(std::all_of(host->name.begin(), host->name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == ':';
  }));
  const bool v6 = host->name.find(':') != std::string::npos;
  const auto again =
      parse_host((v6 ? "[" + host->name + "]" : host->name) + ":" + std::to_string(host->port));
  HEARTH_ASSERT(again == host);
  const auto nobody = HostList::make("machine", {});
  HEARTH_ASSERT(nobody->allows(*host, {}) ==
                (host->name == "localhost" || host->name == "machine.local"));
}

void check_route(std::string_view text) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  const auto route = route_of(text.substr(0, blank), text.substr(std::min(blank + 1, text.size())));
  if (route.what == Route::What::command || route.what == Route::What::poster) {
    HEARTH_ASSERT(route.word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                  std::string::npos);
    HEARTH_ASSERT(!route.word.empty() && route.word.size() <= 64);
  }
}

void check_phone(ByteView value) {
  const auto phone = decode_phone(value);
  if (phone) HEARTH_ASSERT(decode_phone(encode(*phone)) == phone);
}

void check_headers(std::string_view text) {
  const auto cookie = cookie_of(text, "hearth_00112233");
  if (cookie) {
    HEARTH_ASSERT(cookie->find(';') == std::string::npos);
    (void)session_key(*cookie);
  }
  (void)accepted_encodings(text);
  (void)matches_tag(text, "\"tag\"");
  net::Headers headers{{"origin", std::string(text)}, {"x-hearth", "1"}};
  HEARTH_ASSERT(!check_write(headers, "http://localhost"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      check_host(as_text(value));
      break;
    case 1:
      check_route(as_text(value));
      break;
    case 2:
      check_headers(as_text(value));
      break;
    case 3:
      HEARTH_ASSERT(code_as_typed(as_text(value)).size() <= 65);
      break;
    default:
      check_phone(value);
  }
  return 0;
}
