// What a request to the page says besides its command: where it goes, which cookie it has, whether
// the home's own page made it, what it takes for an answer. All of it was written by strangers, so
// each reader here is total and bounded by the header's size. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/net/http.h"

namespace hearth::node {

struct Route {
  enum class What {
    nothing,
    health,
    file,
    session,
    pair,
    leave,
    events,
    poster,
    picture,
    card,
    job,
    command
  };
  What what = What::nothing;
  std::string word;  ///< the file's path, the command, the id
  bool operator==(const Route&) const = default;
};
/// Paths are compared as they are sent: an escaped one names no file, and no command.
Route route_of(std::string_view method, std::string_view path);
/// Bytes that the body of a request to this path may have: what a phone sends of pictures and files
/// is more than the usual 64 KiB.
std::size_t body_limit_of(std::string_view path);

/// The cookie of that name; nullopt when it is not there, or there twice.
std::optional<std::string> cookie_of(std::string_view header, std::string_view name);

struct Accepted {
  bool br = false, gzip = false;
  bool operator==(const Accepted&) const = default;
};
/// Accept-Encoding; what is given a weight of zero is not taken.
Accepted accepted_encodings(std::string_view header);
/// If-None-Match against one entity tag with its quotes.
bool matches_tag(std::string_view header, std::string_view tag);

/// A header's value; empty when there is none.
std::string_view header_of(const net::Headers& headers, const char* name);

/// A request that changes something: from the page's own origin, with the header that no form and
/// no foreign script can set, and a JSON body. Code::forbidden_origin.
Result<void> check_write(const net::Headers& headers, std::string_view own_origin);
/// The WebSocket's upgrade, which browsers let every site send. Code::forbidden_origin.
Result<void> check_origin(const net::Headers& headers, std::string_view own_origin);

}  // namespace hearth::node
