// What a home reads of its own disk about itself and others: rules, PIN, contacts, published
// addresses, notebooks, gifts and drops, purchases and vouchers, deliveries; and rules as they are
// typed. The first byte picks the decoder. What is taken can be written, and is the same when it is
// read again.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/contacts/contact_record.h"
#include "node/contacts/directory_entries.h"
#include "node/contacts/notebook_form.h"
#include "node/delivery/delivery.h"
#include "node/gifts/gift_records.h"
#include "node/rules/pin.h"
#include "node/rules/rule_words.h"
#include "node/rules/rules.h"
#include "node/wallet/account_records.h"
#include "node/wallet/wallet_records.h"

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

template <class Decode>
void check(Decode decode, ByteView value) {
  const auto record = decode(value);
  if (!record) return;
  const Bytes written = encode(*record);
  const auto again = decode(written);
  HEARTH_ASSERT(again && encode(*again) == written);
}

void check_received(ByteView value) {
  check(decode_received_gift, value);
  if (const auto gift = decode_received_gift(value)) {
    (void)manifest_of(*gift);
    HEARTH_ASSERT(decode_received_brief(encode(brief_of(*gift))));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 15) {
    case 0:
      check_rules(value);
      break;
    case 1:
      check_words(value);
      break;
    case 2:
      check(decode_pin, value);
      break;
    case 3:
      check(decode_contact, value);
      break;
    case 4: {
      const auto entries = decode_entries(value);
      if (entries) HEARTH_ASSERT(decode_entries(encode_entries(*entries)) == entries);
      break;
    }
    case 5:
      check(decode_sent_gift, value);
      break;
    case 6:
      check_received(value);
      break;
    case 7:
      check(decode_received_brief, value);
      break;
    case 8:
      check(decode_wish, value);
      break;
    case 9:
      check(decode_outbox_entry, value);
      break;
    case 10:
      check(decode_purchase, value);
      break;
    case 11:
      check(decode_voucher, value);
      break;
    case 12:
      check(decode_account_request, value);
      break;
    case 13:
      check(decode_delivery, value);
      break;
    default: {
      const auto notebook = read_notebook(value);
      if (notebook) HEARTH_ASSERT(read_notebook(write_notebook(*notebook)));
    }
  }
  return 0;
}
