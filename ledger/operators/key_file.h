// An operator's private key in a file of its own (0600), as text so that it can be kept on paper:
// one line, bech32 with the prefix OPERATOR-SECRET-KEY-, and a comment that names the public key.
#pragma once

#include <filesystem>

#include "common/base/error.h"
#include "common/crypto/sign.h"

namespace hearth::ledger {

/// Code::already_initialised when the file exists: a key is never overwritten.
Result<crypto::SignKey> make_operator_key_file(const std::filesystem::path& file);
/// Code::not_found, Code::not_private, Code::usage.
Result<crypto::SignKey> load_operator_key_file(const std::filesystem::path& file);

}  // namespace hearth::ledger
