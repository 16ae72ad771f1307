// Whatever the bytes are, the bounded parser answers, what it accepts can be written again, and
// nlohmann's own reader sees the same in it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "common/wire/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  const auto json = wire::parse_json({data, size}, 64 * 1024);
  const auto reference = wire::Json::parse(data, data + size, nullptr, false);
  if (!json) {
    const bool is_malformed = json.error().sentence.find("not JSON") != std::string::npos;
    HEARTH_ASSERT(!is_malformed || reference.is_discarded());
    return 0;
  }
  HEARTH_ASSERT(*json == reference);
  const auto again = wire::parse_json(as_bytes(json->dump()), 1024 * 1024);
  HEARTH_ASSERT(again && *again == *json);
  wire::Fields fields(*json, "thing");
  fields.text("a", 10);
  fields.integer_or("n", -5, 5, 0);
  fields.array("list", 3);
  fields.object("object");
  fields.hex("hex", 16);
  return 0;
}
