#include "common/net/http_text.h"

#include <algorithm>

namespace hearth::net {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 416:
      return "Range Not Satisfiable";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return status < 400 ? "OK" : "Error";
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool is_target_part(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// Names that are no token are left out, and control characters in values become blanks: text of
/// strangers in a header (a file name, say) cannot start a header of its own.
void append_headers(std::string& out, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_token(name) || name == "content-length" || name == "connection" ||
        name == "transfer-encoding") {
      continue;
    }
    out += name;
    out += ": ";
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
    }
    out += "\r\n";
  }
}

}  // namespace

std::string response_head(const Response& response, bool keep_alive, const Headers& always) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason(response.status);
  out += "\r\n";
  append_headers(out, response.headers);
  for (const auto& header : always) {
    if (!response.headers.contains(header.first)) append_headers(out, {header});
  }
  const bool endless = response.stream != nullptr && response.stream_size < 0;
  if (response.status >= 200 && response.status != 204 && response.status != 304 && !endless) {
    const auto streamed =
        response.stream == nullptr ? 0 : static_cast<std::size_t>(response.stream_size);
    out += "content-length: " + std::to_string(response.body.size() + streamed) + "\r\n";
  }
  if (!keep_alive || endless) out += "connection: close\r\n";
  out += "\r\n";
  return out;
}

Result<std::string> request_head(const Request& request, std::string_view host) {
  const bool rooted = !request.path.empty() && request.path.front() == '/';
  if (!is_token(request.method) || !rooted || !is_target_part(request.path) ||
      !is_target_part(request.query)) {
    return fail(Code::usage,
                "The request's method or path holds characters that must be percent-encoded; "
                "nothing was sent.");
  }
  std::string out = request.method + " " + request.path;
  if (!request.query.empty()) out += "?" + request.query;
  out += " HTTP/1.1\r\nhost: ";
  out += host;
  out += "\r\n";
  append_headers(out, request.headers);
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    out += "content-length: " + std::to_string(request.body.size()) + "\r\n";
  }
  out += "connection: close\r\n\r\n";
  return out;
}

}  // namespace hearth::net
