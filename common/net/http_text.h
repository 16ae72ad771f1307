// Inside net/ only: the head of a request or response as text. Writing it by hand costs less
// time to compile than Beast's serializer, and one place keeps line breaks out of headers.
#pragma once

#include <string>
#include <string_view>

#include "common/net/http.h"

namespace hearth::net {

/// `always`: headers that are added where the response has none of that name.
std::string response_head(const Response& response, bool keep_alive, const Headers& always = {});
/// Code::usage when method or target hold characters that would end the line.
Result<std::string> request_head(const Request& request, std::string_view host);

}  // namespace hearth::net
