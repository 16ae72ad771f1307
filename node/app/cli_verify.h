// `hearth wallet verify` on files: what a stranger can check without a home, a node or a network,
// from the receipt, the proof file and the ledger's card alone.
#pragma once

#include "common/base/error.h"
#include "common/wire/json.h"

namespace hearth::node {

/// Arguments `receipt`, `proof` and `ledger` are paths; the card may be its text.
Result<wire::Json> verify_files(const wire::Json& arguments);
/// Writes FILE.receipt and FILE.tlog-proof from the document of one verified purchase, and puts the
/// names into it instead of the texts.
Result<void> save_proof(wire::Json& document, const std::string& file);

}  // namespace hearth::node
