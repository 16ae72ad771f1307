// The ledger's JSON answers as values. What it sends is checked like anybody else's: an answer of
// another form is Code::bad_answer. Pure.
#pragma once

#include "common/crypto/age/age.h"
#include "common/tlog/merkle.h"
#include "node/ledger_link/ledger_values.h"

namespace hearth::node {

Result<CataloguePage> read_catalogue_page(ByteView body);
/// Also checks that it is the offer that was asked for.
Result<CatalogueEntry> read_catalogue_entry(ByteView body, const wire::OfferId& asked);
Result<Statement> read_statement(ByteView body);
Result<Redeemed> read_redeemed(ByteView body);
Result<Refunded> read_refunded(ByteView body);
Result<Transferred> read_transferred(ByteView body);
Result<std::string> read_voucher_state(ByteView body);
/// Also checks that the card is of the home that is named.
Result<Found> read_found(ByteView body);
/// A text that comes plain, or as an age file for `key`.
Result<std::string> read_perhaps_sealed(ByteView body, const crypto::BoxKey& key);
Result<tlog::Proof> read_log_consistency(ByteView body);
Result<std::vector<EpochProof>> read_log_epochs(ByteView body);

}  // namespace hearth::node
