#include "common/wire/directory.h"

#include <algorithm>
#include <iterator>

#include <arpa/inet.h>

#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view directory_type = "hearth/directory/1";
constexpr std::size_t max_directory_jws = 16 * 1024;
constexpr std::size_t max_card = 4 * 1024;
constexpr std::size_t max_value = 64;
constexpr std::string_view kind_names[] = {"ip", "mac", "esn"};

std::string normal_ip(const std::string& text) {
  char out[INET6_ADDRSTRLEN] = {};
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return inet_ntop(AF_INET, &v4, out, sizeof out);
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return {};
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return inet_ntop(AF_INET, &v6.s6_addr[12], out, sizeof out);
  return inet_ntop(AF_INET6, &v6, out, sizeof out);
}

std::string normal_mac(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '-' || c == '.') continue;
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!((lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f'))) return {};
    out += lower;
  }
  return out.size() == 12 ? out : std::string();
}

std::string normal_esn(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!((upper >= '0' && upper <= '9') || (upper >= 'A' && upper <= 'Z') || upper == '-'))
      return {};
    out += upper;
  }
  return out.size() >= 4 ? out : std::string();
}

DirectoryEntry entry_field(Fields& list, const Json& item) {
  Fields fields(item, "directory entry");
  const auto kind = static_cast<DirectoryKind>(choice_field(fields, "kind", kind_names));
  const std::string value = fields.required_text("value", max_value);
  if (!fields.ok()) {
    list.refuse(fields.error().sentence, fields.error().code);
    return {};
  }
  DirectoryEntry entry = take_or_refuse(list, directory_entry(kind, value));
  if (list.ok() && entry.value != value) list.refuse("A directory entry is not in normal form.");
  return entry;
}

}  // namespace

std::string_view directory_kind_name(DirectoryKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

Result<DirectoryEntry> directory_entry(DirectoryKind kind, std::string_view value) {
  std::string normal;
  if (value.size() <= max_value) {
    if (kind == DirectoryKind::ip) normal = normal_ip(std::string(value));
    if (kind == DirectoryKind::mac) normal = normal_mac(value);
    if (kind == DirectoryKind::esn) normal = normal_esn(value);
  }
  if (!normal.empty()) return DirectoryEntry{kind, std::move(normal)};
  switch (kind) {
    case DirectoryKind::ip:
      return fail(Code::usage, "This is not an IP address, like 192.0.2.7 or 2001:db8::7.");
    case DirectoryKind::mac:
      return fail(Code::usage, "This is not a MAC address, like 00:53:00:1a:2b:3c.");
    case DirectoryKind::esn:
      break;
  }
  return fail(Code::usage, "An electronic serial number has 4 to 64 letters, digits and hyphens.");
}

std::optional<Result<DirectoryEntry>> parse_directory_name(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kind_names); ++i) {
    const std::string_view name = kind_names[i];
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == ':') {
      return directory_entry(static_cast<DirectoryKind>(i), text.substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

std::string write_directory(const DirectoryList& list, const crypto::SignKey& home) {
  Json entries = Json::array();
  for (const DirectoryEntry& entry : list.entries) {
    entries.push_back({{"kind", directory_kind_name(entry.kind)}, {"value", entry.value}});
  }
  const Json payload = {{"home", list.home.text()},
                        {"entries", std::move(entries)},
                        {"card", list.card},
                        {"issued_ms", list.issued_ms}};
  return sign_jws(directory_type, payload, home);
}

Result<DirectoryList> read_directory(std::string_view jws) {
  const auto verified = verify_jws(jws, directory_type, max_directory_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "directory list");
  DirectoryList out;
  out.home = home_field(fields, "home");
  for (const Json& item : fields.array("entries", max_directory_entries)) {
    out.entries.push_back(entry_field(fields, item));
  }
  out.card = fields.text("card", max_card);
  out.issued_ms = time_field(fields, "issued_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (out.home.key != verified->signer) {
    return fail(Code::wrong_signer, "The directory list is not signed by the home that it names.");
  }
  if (out.entries.empty()) return out;
  const auto card = identity::parse_contact_card(out.card);
  if (!card) return pass_on(card.error());
  if (card->home != out.home) {
    return fail(Code::wrong_signer, "The directory list carries another home's contact card.");
  }
  return out;
}

}  // namespace hearth::wire
