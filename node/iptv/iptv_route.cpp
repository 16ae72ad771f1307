#include "node/iptv/iptv_route.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace hearth::node {
namespace {

using What = IptvRoute::What;

constexpr std::size_t max_parts = 5, max_word = 64;
constexpr std::int64_t max_catch_up_s = 24 * 3600;
constexpr std::uint64_t latest_s = std::uint64_t{1} << 37;

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= max_word &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

/// Digits alone, at most `most`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out <= most ? std::optional(out) : std::nullopt;
}

/// The word before `ending`; empty: it does not end so.
std::string word_before(std::string_view text, std::string_view ending) {
  if (!text.ends_with(ending)) return {};
  const std::string_view word = text.substr(0, text.size() - ending.size());
  return is_word(word) ? std::string(word) : std::string();
}

IptvRoute document(std::string_view method, std::string_view name) {
  struct Row {
    std::string_view name;
    What what;
  };
  constexpr std::array rows = {
      Row{"channels.m3u", What::m3u},       Row{"xmltv.xml", What::xmltv},
      Row{"discover.json", What::discover}, Row{"lineup.json", What::lineup},
      Row{"device.xml", What::device},      Row{"lineup_status.json", What::lineup_status}};
  IptvRoute out;
  if (name == "lineup.post" && method == "POST") out.what = What::scan;
  if (method == "POST") return out;
  for (const Row& row : rows) {
    if (row.name == name) out.what = row.what;
  }
  return out;
}

IptvRoute one_of(What what, std::string channel) {
  IptvRoute out;
  if (channel.empty()) return out;
  out.what = what;
  out.channel = std::move(channel);
  return out;
}

/// "<channel>.ts" · "<channel>.m3u8" · "<channel>/from-start.ts" · "<channel>/<run>-<number>.ts"
IptvRoute channel_route(const std::vector<std::string_view>& parts) {
  if (parts.size() == 3) {
    if (parts[2].ends_with(".ts")) return one_of(What::live, word_before(parts[2], ".ts"));
    return one_of(What::playlist, word_before(parts[2], ".m3u8"));
  }
  if (parts.size() != 4 || !is_word(parts[2])) return {};
  if (parts[3] == "from-start.ts") return one_of(What::from_start, std::string(parts[2]));
  const std::string name = word_before(parts[3], ".ts");
  const std::size_t dash = std::min(name.find('-'), name.size());
  const auto run = number(std::string_view(name).substr(0, dash), UINT32_MAX);
  const auto segment =
      number(std::string_view(name).substr(std::min(dash + 1, name.size())), UINT32_MAX);
  if (!run || !segment) return {};
  IptvRoute out = one_of(What::segment, std::string(parts[2]));
  out.run = *run;
  out.segment = *segment;
  return out;
}

/// "catchup/<channel>/<begin, UTC seconds>/<seconds>.ts"
IptvRoute catch_up_route(const std::vector<std::string_view>& parts) {
  if (parts.size() != 5 || !is_word(parts[2])) return {};
  const auto from = number(parts[3], latest_s);
  const auto length = number(word_before(parts[4], ".ts"), max_catch_up_s);
  if (!from || !length || *length == 0) return {};
  IptvRoute out = one_of(What::catch_up, std::string(parts[2]));
  out.from = static_cast<UtcMs>(*from) * 1000;
  out.length_ms = static_cast<std::int64_t>(*length) * 1000;
  return out;
}

}  // namespace

IptvRoute iptv_route(std::string_view method, std::string_view path) {
  if (method != "GET" && method != "HEAD" && method != "POST") return {};
  if (!path.starts_with(iptv_prefix)) return {};
  path.remove_prefix(iptv_prefix.size());
  std::vector<std::string_view> parts;
  while (parts.size() <= max_parts) {
    const std::size_t end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    if (end == path.size()) break;
    path.remove_prefix(end + 1);
  }
  if (parts.size() < 2 || parts.size() > max_parts || !is_word(parts[0])) return {};
  IptvRoute out;
  if (parts.size() == 2) {
    out = document(method, parts[1]);
  } else if (method == "POST") {
    return {};
  } else if (parts[1] == "logo" && parts.size() == 3) {
    out = one_of(What::logo, word_before(parts[2], ".png"));
  } else if (parts[1] == "channel") {
    out = channel_route(parts);
  } else if (parts[1] == "catchup") {
    out = catch_up_route(parts);
  }
  if (out.what != What::nothing) out.token = std::string(parts[0]);
  return out;
}

std::string segment_name(std::uint64_t run, std::uint64_t segment) {
  return std::to_string(run) + "-" + std::to_string(segment) + ".ts";
}

}  // namespace hearth::node
