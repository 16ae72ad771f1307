// `hearth-ledger verify`: one file that somebody shows, a checkpoint, a proof or a receipt, against
// the ledger's own key and journal. An operator can so tell a forged paper from a real one, and a
// real one from books that were set back.
#pragma once

#include <string>

#include "common/crypto/sign.h"
#include "common/store/store.h"
#include "common/wire/json.h"

namespace hearth::ledger {

/// {"what": "checkpoint" "proof" "receipt", …}. Code::usage (none of them), Code::bad_signature,
/// Code::proof_invalid, Code::corrupt (signed by us, but our journal says otherwise).
Result<wire::Json> verify_text(const store::View& view, const crypto::SignPublicKey& ledger,
                               const std::string& text);

}  // namespace hearth::ledger
