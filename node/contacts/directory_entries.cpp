#include "node/contacts/directory_entries.h"

#include "common/base/codec.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_value = 64;

}  // namespace

std::string address_text(const wire::DirectoryEntry& entry) {
  return std::string(wire::directory_kind_name(entry.kind)) + ":" + entry.value;
}

Bytes encode_entries(const std::vector<wire::DirectoryEntry>& entries) {
  Writer out;
  out.u8(format).u8(static_cast<std::uint8_t>(entries.size()));
  for (const auto& one : entries) out.u8(static_cast<std::uint8_t>(one.kind)).text(one.value);
  return out.take();
}

std::optional<std::vector<wire::DirectoryEntry>> decode_entries(ByteView stored) {
  Reader in(stored);
  const bool known = in.u8() == format;
  const std::size_t count = in.u8();
  if (!known || count > wire::max_directory_entries) return std::nullopt;
  std::vector<wire::DirectoryEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t kind = in.u8();
    std::string value = in.text(max_value);
    if (!in.ok() || kind > 2) return std::nullopt;
    auto entry = wire::directory_entry(static_cast<wire::DirectoryKind>(kind), value);
    if (!entry || entry->value != value) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  if (!in.done()) return std::nullopt;
  return entries;
}

}  // namespace hearth::node
