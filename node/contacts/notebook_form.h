// What stands in a notebook (node/contacts/notebook.h, docs/protocol.md §16): each record as the
// home stores it, under its key. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

/// 4 KiB, or twice, four times … that, so that its size tells little.
inline constexpr std::size_t smallest_notebook = 4 * 1024, largest_notebook = 128 * 1024;
inline constexpr std::string_view contact_prefix = "contact/";
/// Records beside the contacts, in this order; one that is missing is empty. Append only.
inline constexpr std::array<std::string_view, 4> notebook_keys = {
    "contacts/next", "contacts/invitation", "directory/own", "directory/token"};

struct Notebook {
  std::array<Bytes, notebook_keys.size()> records;
  std::vector<Bytes> contacts;          ///< those to be kept first come first
  std::vector<std::uint64_t> left_out;  ///< drop tokens of contacts that found no room
};

/// Padded. What does not fit is to be left out before.
Bytes write_notebook(const Notebook& notebook);
/// Only records that can be read. Code::corrupt.
Result<Notebook> read_notebook(ByteView text);

}  // namespace hearth::node
