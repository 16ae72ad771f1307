// Orders over TLS to a ledger elsewhere (POST /v1/operator): pinned by the ledger's card, signed by
// an operator's key. A change whose answer is lost on the way is sent again, byte for byte; the
// ledger does it once.
#pragma once

#include "ledger/cli/road.h"

namespace hearth::ledger {

/// Code::bad_card, Code::usage, and those of load_operator_key_file().
Result<std::unique_ptr<Road>> open_tls_road(const std::string& card, const std::string& key_file);

/// The JSON of an answer, of either road. Code::bad_answer.
Result<wire::Json> document_of(const Bytes& body);

}  // namespace hearth::ledger
