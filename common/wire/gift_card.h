// A gift card: a voucher as text that is printed, scanned or typed. Whoever reads it has the
// voucher; the first home that exchanges it owns it. docs/protocol.md §7.5. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/wire/documents.h"

namespace hearth::wire {

/// First 8 bytes of SHA-256 of a ledger's key: tells ledgers apart, and nothing else.
using LedgerMark = std::array<std::uint8_t, 8>;
LedgerMark ledger_mark(const crypto::SignPublicKey& ledger);

struct GiftCard {
  LedgerMark ledger{};
  Voucher voucher;
};

/// "hearthgift1…", one word of small letters.
std::string gift_card_text(const GiftCard& card);
/// "hearth:gift?c=HEARTHGIFT1…": capital letters, which a QR code packs tightest.
std::string gift_card_uri(const GiftCard& card);
/// Takes text and URI in either case, with blanks anywhere. Code::bad_gift_card with a sentence
/// that tells a typing error from a missing end and from something that is no gift card.
Result<GiftCard> parse_gift_card(std::string_view text);
/// Code::other_ledger.
Result<void> check_ledger(const GiftCard& card, const crypto::SignPublicKey& ledger);

}  // namespace hearth::wire
