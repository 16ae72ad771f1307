// What a home reads of its own disk about itself and others: rules, PIN, contacts, published
// addresses, notebooks; and rules as they are typed. The first byte picks the decoder. What is
// taken can be written, and is the same when it is read again.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/contacts/contact_record.h"
#include "node/contacts/directory_entries.h"
#include "node/contacts/notebook_form.h"
#include "node/rules/pin.h"
#include "node/rules/rule_words.h"
#include "node/rules/rules.h"

namespace {

using namespace hearth;
using namespace hearth::node;

void check_rules(ByteView value) {
  const auto rules = decode_rules(value);
  if (rules) HEARTH_ASSERT(decode_rules(encode(*rules)) == rules);
}

/// "key value": whatever is typed, rules that can be stored come out of it.
void check_words(ByteView value) {
  const std::string text(as_text(value));
  const auto blank = text.find(' ');
  HomeRules rules;
  const auto set = set_rule(rules, text.substr(0, blank),
                            blank == std::string::npos ? std::string() : text.substr(blank + 1));
  if (!set) HEARTH_ASSERT(rules == HomeRules());
  HEARTH_ASSERT(decode_rules(encode(rules)) == rules);
}

void check_contact(ByteView value) {
  const auto contact = decode_contact(value);
  if (!contact) return;
  const Bytes written = encode(*contact);
  const auto again = decode_contact(written);
  HEARTH_ASSERT(again && encode(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      check_rules(value);
      break;
    case 1:
      check_words(value);
      break;
    case 2: {
      const auto pin = decode_pin(value);
      if (pin) HEARTH_ASSERT(decode_pin(encode(*pin)) == pin);
      break;
    }
    case 3:
      check_contact(value);
      break;
    case 5: {
      const auto notebook = read_notebook(value);
      if (notebook) HEARTH_ASSERT(read_notebook(write_notebook(*notebook)));
      break;
    }
    default: {
      const auto entries = decode_entries(value);
      if (entries) HEARTH_ASSERT(decode_entries(encode_entries(*entries)) == entries);
      break;
    }
  }
  return 0;
}
