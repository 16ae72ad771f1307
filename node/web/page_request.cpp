#include "node/web/page_request.h"

#include <algorithm>

#include "common/base/typed_text.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_id = 64;
constexpr std::size_t usual_body = 64 * 1024, mebibyte = 1024 * 1024;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the part before `separator` off the front.
std::string_view next_part(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

/// Lower-case letters, digits and dashes: ids and commands.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= max_id &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool is_zero_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view one = next_part(parameters, ';');
    if (!one.starts_with("q=") && !one.starts_with("Q=")) continue;
    const std::string_view weight = one.substr(2);
    return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

Route api_route(std::string_view method, std::string_view rest) {
  using What = Route::What;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view word = rest.substr(0, slash);
  const std::string_view id = slash < rest.size() ? rest.substr(slash + 1) : std::string_view();
  if (!is_word(word)) return {};
  if (slash < rest.size()) {
    if (method != "GET" || !is_word(id)) return {};
    if (word == "poster") return {What::poster, std::string(id)};
    if (word == "picture") return {What::picture, std::string(id)};
    if (word == "jobs") return {What::job, std::string(id)};
    return {};
  }
  if (method == "GET" && word == "session") return {What::session, {}};
  if (method == "GET" && word == "events") return {What::events, {}};
  if (method != "POST") return {};
  if (word == "pair") return {What::pair, {}};
  if (word == "leave") return {What::leave, {}};
  if (word == "card-picture") return {What::card, {}};
  return {What::command, std::string(word)};
}

}  // namespace

Route route_of(std::string_view method, std::string_view path) {
  if (path.empty() || path.front() != '/') return {};
  if (path == "/api" || path.starts_with("/api/")) {
    return api_route(method, path.substr(std::min<std::size_t>(5, path.size())));
  }
  if (method != "GET" && method != "HEAD") return {};
  if (path == "/healthz") return {Route::What::health, {}};
  return {Route::What::file, std::string(path)};
}

std::size_t body_limit_of(std::string_view path) {
  if (path == "/api/card-picture") return 6 * mebibyte;  // 4 MiB as base64, and its name
  if (path == "/api/channel-import") return 8 * mebibyte;
  if (path == "/api/channel-edit") return mebibyte;
  return usual_body;
}

std::optional<std::string> cookie_of(std::string_view header, std::string_view name) {
  std::optional<std::string> found;
  while (!header.empty()) {
    const std::string_view pair = next_part(header, ';');
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
    if (found) return std::nullopt;
    found = std::string(trimmed(pair.substr(equals + 1)));
  }
  return found;
}

Accepted accepted_encodings(std::string_view header) {
  Accepted out;
  while (!header.empty()) {
    std::string_view one = next_part(header, ',');
    const std::string coding = lower_case(std::string(next_part(one, ';')));
    if (is_zero_weight(one)) continue;
    if (coding == "br") out.br = true;
    if (coding == "gzip") out.gzip = true;
  }
  return out;
}

bool matches_tag(std::string_view header, std::string_view tag) {
  while (!header.empty()) {
    std::string_view one = next_part(header, ',');
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);  // a weak comparison, RFC 9110 §13.1.2
    if (one == tag) return true;
  }
  return false;
}

std::string_view header_of(const net::Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<void> check_origin(const net::Headers& headers, std::string_view own_origin) {
  if (header_of(headers, "origin") == own_origin) return {};
  return fail(Code::forbidden_origin,
              "This request does not come from the home's own page. Nothing was done; open the "
              "page itself and try again there.");
}

Result<void> check_write(const net::Headers& headers, std::string_view own_origin) {
  auto own = check_origin(headers, own_origin);
  if (!own) return own;
  std::string_view type = header_of(headers, "content-type");
  const bool is_json = lower_case(std::string(next_part(type, ';'))) == "application/json";
  if (is_json && header_of(headers, "x-hearth") == "1") return {};
  return fail(Code::forbidden_origin,
              "This request lacks what the home's own page sends with it: X-Hearth: 1 and a JSON "
              "body. Nothing was done.");
}

}  // namespace hearth::node
