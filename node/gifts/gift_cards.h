// Gift cards that this home made ("gift-card/<voucher>"): which voucher, for printing again, and
// what became of it. The voucher is `given` in the commit that makes the card. The first home that
// exchanges it owns it; that this home did is a voided card. docs/protocol.md §7.5.
//
// Threads: loop thread only.
#pragma once

#include <string>
#include <vector>

#include "common/wire/gift_card.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

struct CardRecord {
  /// Append only: stored.
  enum class State : std::uint8_t {
    out = 1,     ///< with whoever has it
    voided = 2,  ///< taken back before it was claimed
    used = 3,    ///< somebody claimed it
  };
  std::string voucher;  ///< its id in the wallet; also the card's
  State state = State::out;
  std::string title_name;
  std::string note;
  UtcMs made_ms = 0, changed_ms = 0;
};
std::string_view name_of(CardRecord::State state);
Bytes encode(const CardRecord& card);
Result<CardRecord> decode_card(ByteView bytes);

class GiftCards {
 public:
  GiftCards(Records& records, Wallet& wallet, const crypto::SignPublicKey& ledger)
      : records_(records), wallet_(wallet), ledger_(wire::ledger_mark(ledger)) {}
  /// Of a held voucher. Code::not_giftable, Code::gift_state.
  Result<CardRecord> make(const VoucherRecord& voucher, const std::string& note, UtcMs now);
  Result<std::vector<CardRecord>> list() const;
  /// By id or unique beginning of it (>= 4). Code::unknown_gift.
  Result<CardRecord> find(const std::string& id) const;
  /// As it is printed.
  Result<wire::GiftCard> card(const CardRecord& record) const;
  Result<void> close(CardRecord record, CardRecord::State state, UtcMs now);

 private:
  Records& records_;
  Wallet& wallet_;
  wire::LedgerMark ledger_;
};

}  // namespace hearth::node
