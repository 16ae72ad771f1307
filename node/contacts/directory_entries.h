// The addresses that this home has published: how they are written and stored. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/wire/directory.h"

namespace hearth::node {

/// "mac:0011…"
std::string address_text(const wire::DirectoryEntry& entry);

/// "directory/own".
Bytes encode_entries(const std::vector<wire::DirectoryEntry>& entries);
std::optional<std::vector<wire::DirectoryEntry>> decode_entries(ByteView stored);

}  // namespace hearth::node
