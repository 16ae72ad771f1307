// Cards, home addresses, names and amounts: what people paste. The input is read as it is, and once
// more behind the signature, the sum or the check characters that its kind needs.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "common/base/bech32.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "common/identity/cards.h"
#include "common/money/amount.h"
#include "tests/fuzz/signed.h"

namespace {

using namespace hearth;

void check_ledger_card(std::string_view text) {
  const auto card = identity::parse_ledger_card(text);
  if (card) HEARTH_ASSERT(identity::parse_ledger_card(card->text()));
}

void check_contact_card(std::string_view text) {
  const auto card = identity::parse_contact_card(text);
  if (!card) return;
  HEARTH_ASSERT(checked_name(card->name) == card->name);
  HEARTH_ASSERT(card->ledger_url.starts_with("https://"));
  if (card->home.key != fuzz::signer().public_key()) return;
  const auto again =
      identity::parse_contact_card(identity::write_contact_card(*card, fuzz::signer()));
  HEARTH_ASSERT(again && again->home == card->home && again->encryption == card->encryption &&
                again->mailbox == card->mailbox && again->drop_token == card->drop_token &&
                again->name == card->name && again->ledger_url == card->ledger_url &&
                again->ledger_key == card->ledger_key && again->issued_ms == card->issued_ms);
}

void check_address(std::string_view text) {
  const auto home = identity::parse_home_address(text);
  if (home) HEARTH_ASSERT(identity::parse_home_address(home->grouped()).value() == *home);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const std::string text(as_text(input));
  check_ledger_card(text);
  check_ledger_card(text + "&sum=" + to_hex(ByteView(crypto::sha256(input)).first(4)));
  check_contact_card(text);
  check_contact_card("hearth:card?d=" + fuzz::signed_payload("hearth/contact/1", input));
  check_address(text);
  check_address(bech32::encode("home", input));
  const auto amount = money::parse(text);
  if (amount) HEARTH_ASSERT(money::parse(money::format(*amount)).value() == *amount);
  const auto name = checked_name(text);
  if (name) HEARTH_ASSERT(printable(*name, 1000) == *name);
  HEARTH_ASSERT(checked_note(printable(text), 1000));
  return 0;
}
