// The ledger's keys. One master seed in DIR/keys/ledger.key (0600) from which the signing key, the
// escrow key and the POPRF key of each epoch derive; beside it the TLS identity. Made at the first
// start of the daemon, and never again once there are books: other keys would void every voucher
// and every pinned card. An epoch is in the journal before it is used: the books have the list, the
// key file a copy (see key_rotation.h). docs/protocol.md §4, §6.1, §6.6.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/crypto/poprf.h"
#include "common/crypto/sign.h"
#include "common/identity/cards.h"
#include "common/net/tls.h"
#include "ledger/admin/ledger_dir.h"

namespace hearth::ledger {

/// A purchase that was prepared just before a rotation may still name the epoch before, so long.
inline constexpr UtcMs epoch_grace_ms = 24 * 60 * 60 * 1000;

/// The POPRF keys by epoch: added to, never changed. Any thread; copies share one list, and
/// what is found stays valid as long as one of them lives.
class EpochKeys {
 public:
  struct Epoch {
    std::uint32_t epoch = 0;
    crypto::poprf::KeyPair pair;
    UtcMs from_ms = 0;
  };
  /// Above all before.
  void push_back(Epoch epoch);
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  const Epoch& operator[](std::size_t i) const;
  const Epoch& back() const;  ///< the current one
  /// Any epoch there ever was: vouchers stay good. nullptr: there is none.
  const Epoch* find(std::uint32_t epoch) const;
  /// For new vouchers: the current one, or the one before while it is in grace.
  const Epoch* for_purchase(std::uint32_t epoch, UtcMs now) const;
  std::vector<Epoch> all() const;  ///< ascending

 private:
  struct List {
    mutable std::shared_mutex mutex;  // Guards: epochs
    std::deque<Epoch> epochs;         // growing at the end moves no element
  };
  std::shared_ptr<List> list_ = std::make_shared<List>();
};

struct LedgerKeys {
  using Epoch = EpochKeys::Epoch;
  crypto::SignKey signing;  ///< signs receipts, checkpoints and the list of keys; pinned by nodes
  crypto::BoxKey escrow;    ///< sellers seal file keys to it
  EpochKeys epochs;         ///< never empty
  net::TlsIdentity tls;
};

/// Makes them when neither keys nor books are there; `now` becomes the first epoch's from_ms.
/// Code::corrupt when keys are missing beside existing books, or damaged; Code::not_private.
Result<LedgerKeys> load_or_make_ledger_keys(const LedgerDir& dir, UtcMs now);
/// As above but makes nothing: Code::not_initialised.
Result<LedgerKeys> load_ledger_keys(const LedgerDir& dir);

/// The key pair of an epoch, from the master seed in the key file. Code::not_initialised,
/// Code::corrupt, Code::not_private.
Result<crypto::poprf::KeyPair> derive_epoch(const LedgerDir& dir, std::uint32_t epoch);
/// Writes the key file's copy of the list.
Result<void> store_epochs(const LedgerDir& dir, const std::vector<EpochKeys::Epoch>& epochs);

/// The URL under which homes reach this ledger; the daemon stores it at each start.
Result<void> store_advertised_url(const LedgerDir& dir, const std::string& url);
/// Code::not_initialised when the daemon has never run here.
Result<std::string> advertised_url(const LedgerDir& dir);

/// The card that homes pin, for the current epoch.
identity::LedgerCard ledger_card(const LedgerKeys& keys, const std::string& url);

}  // namespace hearth::ledger
