// What a home keeps of its people at the ledger, for the day on which its machine is lost: contacts
// (blocked ones too), which drop tokens they have, and its own entries in the directory. It goes
// with the list of drop tokens, so it is as current as that one, and is sealed for a key of which
// nobody else has even the public half: the ledger can neither read nor make one.
// docs/protocol.md §16, docs/decisions/0034.
#pragma once

#include "common/base/clock.h"
#include "common/crypto/secret.h"
#include "node/contacts/notebook_form.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// The same bytes while nothing of it has changed. Contacts beyond the largest size are left out,
/// blocked ones last.
Result<Bytes> current_notebook(const Records& records);
Bytes seal_notebook(const Bytes& notebook, const crypto::Seed& wallet);

/// Puts back what a sealed notebook says; returns how many contacts. Code::corrupt: it is none of
/// this wallet's, or damaged.
Result<std::size_t> put_notebook(store::Batch& batch, const Bytes& sealed,
                                 const crypto::Seed& wallet, UtcMs now);

}  // namespace hearth::node
