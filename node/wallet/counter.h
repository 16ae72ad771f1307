// Numbers that only grow (of purchases, of exchanges): the next one is stored in the commit that
// uses it, so none is used twice. Pure.
#pragma once

#include "node/wallet/records.h"

namespace hearth::node {

inline constexpr std::string_view purchase_counter = "wallet/next";
inline constexpr std::string_view exchange_counter = "wallet/next-exchange";

/// The next number; 0 when none was used yet.
Result<std::uint64_t> stored_counter(const Records& records, std::string_view key);
void put_counter(store::Batch& batch, std::string_view key, std::uint64_t next);

}  // namespace hearth::node
