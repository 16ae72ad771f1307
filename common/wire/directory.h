// The directory (docs/protocol.md §6.10): a home can be found by an address of one of its devices,
// if it wants to be. Values have one written form each, so that two spellings of one address are
// the same entry. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/documents.h"

namespace hearth::wire {

/// Append only.
enum class DirectoryKind : std::uint8_t { ip, mac, esn };
std::string_view directory_kind_name(DirectoryKind kind);

struct DirectoryEntry {
  DirectoryKind kind = DirectoryKind::ip;
  std::string value;  ///< normal form
  bool operator==(const DirectoryEntry&) const = default;
};
/// `ip`: as inet_ntop writes it, an IPv4 address mapped to IPv6 as IPv4; `mac`: 12 lower-case hex
/// digits, from any of the usual spellings; `esn`: 4 to 64 of A–Z, 0–9 and -, upper-cased.
/// Code::usage.
Result<DirectoryEntry> directory_entry(DirectoryKind kind, std::string_view value);
/// "ip:192.0.2.7", "mac:…", "esn:…"; nullopt: of another form. Code::usage as above.
std::optional<Result<DirectoryEntry>> parse_directory_name(std::string_view text);

inline constexpr std::size_t max_directory_entries = 32;

/// §6.10, typ "hearth/directory/1", signed by the home; replaces its earlier list, the later
/// issued_ms wins. Without entries: the home is no longer found.
struct DirectoryList {
  identity::HomeAddress home;
  std::vector<DirectoryEntry> entries;
  std::string card;  ///< contact card for whoever asks
  UtcMs issued_ms = 0;
};
std::string write_directory(const DirectoryList&, const crypto::SignKey& home);
Result<DirectoryList> read_directory(std::string_view jws);

}  // namespace hearth::wire
