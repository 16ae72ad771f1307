#include "common/wire/gift_card.h"

#include <algorithm>

#include "common/base/bech32.h"
#include "common/base/codec.h"
#include "common/base/typed_text.h"
#include "common/crypto/hash.h"

namespace hearth::wire {
namespace {

constexpr std::string_view prefix = "hearthgift";
constexpr std::string_view uri_prefix = "hearth:gift?c=";
constexpr std::uint8_t version = 1;
constexpr std::size_t text_size = 243;

tl::unexpected<Error> bad(const std::string& why) {
  return fail(Code::bad_gift_card,
              why + " Nothing was claimed, and the card is as good as before.");
}

/// What else begins like something of Hearth's.
std::string what_it_is(std::string_view text) {
  if (text.starts_with("hearthseed1"))
    return "This is a wallet's seed line, not a gift card: whoever has it has the wallet. Show it "
           "to nobody.";
  if (text.starts_with("hearth:card?")) return "This is a home's contact card, not a gift card.";
  if (text.starts_with("home1")) return "This is a home's address, not a gift card.";
  return "This is not a gift card: one begins with hearthgift1.";
}

}  // namespace

LedgerMark ledger_mark(const crypto::SignPublicKey& ledger) {
  LedgerMark mark;
  const auto digest = crypto::sha256(ledger);
  std::copy_n(digest.begin(), mark.size(), mark.begin());
  return mark;
}

std::string gift_card_text(const GiftCard& card) {
  Writer out;
  out.u8(version).raw(card.ledger).raw(card.voucher.offer).u32(card.voucher.epoch);
  out.raw(card.voucher.one_time_seed.view()).raw(card.voucher.token);
  return bech32::encode(prefix, out.view());
}

std::string gift_card_uri(const GiftCard& card) {
  return std::string(uri_prefix) + upper_case(gift_card_text(card));
}

Result<GiftCard> parse_gift_card(std::string_view given) {
  if (given.size() > max_typed) return bad("This is too long to be a gift card.");
  std::string text = lower_case(without_blanks(given));
  if (text.starts_with(uri_prefix)) text.erase(0, uri_prefix.size());
  if (!text.starts_with(std::string(prefix) + "1")) return bad(what_it_is(text));
  if (text.size() < text_size) {
    return bad("The end of this gift card is missing: it has " + std::to_string(text.size()) +
               " of " + std::to_string(text_size) + " characters.");
  }
  if (text.size() > text_size) {
    return bad("This gift card has " + std::to_string(text.size() - text_size) +
               " characters too many.");
  }
  const auto decoded = bech32::decode(text);
  if (!decoded) return bad("This gift card was mistyped. " + decoded.error().sentence);
  Reader in(decoded->data);
  const bool known = in.u8() == version;
  GiftCard card;
  card.ledger = in.fixed<8>();
  card.voucher.offer = in.fixed<32>();
  card.voucher.epoch = in.u32();
  card.voucher.one_time_seed = crypto::Seed(in.fixed<32>());
  card.voucher.token = in.fixed<64>();
  if (!known) return bad("This gift card was made by a newer Hearth; this one is too old for it.");
  if (!in.done()) return bad("This is not a gift card: its parts do not fit.");
  return card;
}

Result<void> check_ledger(const GiftCard& card, const crypto::SignPublicKey& ledger) {
  if (card.ledger == ledger_mark(ledger)) return {};
  return fail(
      Code::other_ledger,
      "This gift card belongs to another ledger than this home's, so this home cannot claim "
      "it. Nothing was claimed; a home of that ledger can.");
}

}  // namespace hearth::wire
