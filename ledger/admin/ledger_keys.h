// The ledger's keys. One master seed in DIR/keys/ledger.key (0600) from which the signing key, the
// escrow key and the POPRF key of each epoch derive; beside it the TLS identity. Made at the first
// start of the daemon, and never again once there are books: other keys would void every voucher
// and every pinned card. docs/protocol.md §4, §6.1.
#pragma once

#include <cstdint>
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

struct LedgerKeys {
  struct Epoch {
    std::uint32_t epoch = 0;
    crypto::poprf::KeyPair pair;
    UtcMs from_ms = 0;
  };
  crypto::SignKey signing;    ///< signs receipts and the list of keys; pinned by nodes
  crypto::BoxKey escrow;      ///< sellers seal file keys to it
  std::vector<Epoch> epochs;  ///< ascending, the last one is current; never empty
  net::TlsIdentity tls;
};

/// Makes them when neither keys nor books are there; `now` becomes the first epoch's from_ms.
/// Code::corrupt when keys are missing beside existing books, or damaged; Code::not_private.
Result<LedgerKeys> load_or_make_ledger_keys(const LedgerDir& dir, UtcMs now);
/// As above but makes nothing: Code::not_initialised.
Result<LedgerKeys> load_ledger_keys(const LedgerDir& dir);

/// The URL under which homes reach this ledger; the daemon stores it at each start.
Result<void> store_advertised_url(const LedgerDir& dir, const std::string& url);
/// Code::not_initialised when the daemon has never run here.
Result<std::string> advertised_url(const LedgerDir& dir);

/// The card that homes pin, for the current epoch.
identity::LedgerCard ledger_card(const LedgerKeys& keys, const std::string& url);

}  // namespace hearth::ledger
