// How a title gets into this home, as a pure decision: from what is on the disk (the delivery's
// record, what the library has) follows the one next step. So a node that was killed anywhere
// takes up exactly there. docs/protocol.md §6.5, §13.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/wire/documents.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// Append only: stored.
enum class DeliveryState : std::uint8_t {
  wanted = 1,  ///< the torrent is not here yet
  fetching = 2,
  redeeming = 3,  ///< the redemption is stored, perhaps sent
  keyed = 4,      ///< the key is here: it can be played
  done = 5,
  failed = 6,
};
std::string_view name_of(DeliveryState state);

struct Delivery {
  std::string title;  ///< hex; also its name: one delivery a title
  DeliveryState state = DeliveryState::wanted;
  std::string manifest_jws;
  std::string offer_jws;                         ///< empty: private
  std::string voucher;                           ///< id in the wallet; empty: private
  std::optional<crypto::age::FileKey> file_key;  ///< private
  std::string gift;                              ///< hex; empty: bought for this home
  std::string redemption_jws;
  std::string problem_code, problem;  ///< failed
  UtcMs begun_ms = 0, changed_ms = 0;
  UtcMs by_ms = 0;           ///< a first piece is wanted by then; 0: whenever
  std::uint32_t pocket = 0;  ///< that gets the price back when nothing came by then
  bool active() const { return state < DeliveryState::done; }
};
Bytes encode(const Delivery& delivery);
Result<Delivery> decode_delivery(ByteView bytes);

/// What the library has of the title.
struct TitleView {
  bool known = false;        ///< torrent and record are stored
  bool first_piece = false;  ///< at least one piece has verified
  bool complete = false;
  bool has_key = false;
};

enum class Step {
  fetch_torrent,
  wait_for_piece,
  redeem,          ///< store the redemption, send it, store the key
  keep_key,        ///< private: the key came with the gift
  settle_voucher,  ///< the key is stored: the voucher has done its work
  wait_for_rest,
  finish,
  nothing,
};
Step next_step(const Delivery& delivery, const TitleView& view);

/// Nothing came by the time that the purchase asked for, and the ledger has not seen the voucher.
bool is_late(const Delivery& delivery, const TitleView& view, UtcMs now);

/// Whether a failed redemption ends the delivery. The others are tried again for ever: the same
/// redemption gets the same access key.
bool ends_redemption(Code code);

/// Opens the access key with the redemption's recipient key. Code::age_*.
Result<crypto::age::FileKey> open_access_key(const crypto::BoxKey& recipient, ByteView access_key);

}  // namespace hearth::node
