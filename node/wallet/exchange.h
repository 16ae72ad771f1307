// The two halves of exchanging a voucher for a fresh one under a key that nobody else knows,
// without the network between them, and the form in which an exchange is stored
// ("exchange/<old voucher>"). Both halves can be repeated at any time from the wallet seed, the old
// voucher and the stored request. docs/protocol.md §2, §6.9. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "common/wire/documents.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// What the fresh voucher is for; stored with the exchange, so that it happens after a crash too.
struct Aim {
  /// Append only: stored.
  enum class What : std::uint8_t {
    claim = 1,       ///< a gift card: the voucher is held
    accept = 2,      ///< a received gift: it is delivered
    bring_back = 3,  ///< a sent gift that will not be used: held again
  };
  What what = What::claim;
  std::string gift;  ///< hex; accept, bring_back
};

struct Exchange {
  /// Append only: stored.
  enum class State : std::uint8_t {
    wanted = 1,    ///< nothing was sent yet
    pending = 2,   ///< stored, perhaps sent; the same bytes are sent until they are answered
    done = 3,      ///< the fresh voucher is in the wallet
    refused = 4,   ///< the ledger said no; there is no fresh voucher
    disputed = 5,  ///< the answer failed its checks; it is kept
  };
  std::string id;  ///< of the old voucher, hex; also its name: a voucher is exchanged once
  wire::Voucher old;
  Aim aim;
  State state = State::wanted;
  std::uint64_t m = 0;  ///< pending and later: which of this home's exchanges
  std::string request_jws;
  std::string answer_jws;             ///< done and disputed
  std::string fresh;                  ///< done: id of the fresh voucher
  std::string problem_code, problem;  ///< refused and disputed: why
  UtcMs begun_ms = 0;
  bool open() const { return state < State::done || state == State::disputed; }
};
inline constexpr std::string_view exchange_prefix = "exchange/";

Bytes encode(const Exchange& exchange);
Result<Exchange> decode_exchange(ByteView bytes);

/// The signed request of exchange `m`. Code::bad_element when the epoch's key is none.
Result<std::string> make_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                  const wire::Voucher& old, const wire::LedgerKeys::Epoch& fresh);
/// The epoch that a request asks for its fresh voucher.
Result<std::uint32_t> fresh_epoch_of(const std::string& request_jws);
/// Checks the ledger's signature, that it answers this very request, and the DLEQ proof against the
/// epoch's pinned key. Code::proof_invalid.
Result<wire::Voucher> finish_exchange(const crypto::Seed& wallet, std::uint64_t m,
                                      const std::string& request_jws, const std::string& answer_jws,
                                      const crypto::SignPublicKey& ledger,
                                      const wire::LedgerKeys& keys);

/// What a refusal means for an exchange.
enum class ExchangeAnswer {
  ask_again,   ///< nobody knows whether it was done: the same bytes ask again
  refused,     ///< the voucher is used up, or none of this ledger's
  new_epoch,   ///< the fresh epoch is not taken (any more): asked anew for the current one
  new_number,  ///< another machine of this home used the number before: the next one
};
ExchangeAnswer exchange_answer(Code code);

}  // namespace hearth::node
