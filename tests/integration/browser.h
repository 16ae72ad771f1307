// A browser as far as a home's page can tell one, over a raw socket: it sends exactly the bytes
// that a test wants, keeps one cookie, and reads one answer.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/base/codec.h"
#include "tests/support/daemons.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::test {

struct Answered {
  int status = 0;  ///< 0: the connection ended without an answer
  std::map<std::string, std::string> headers;
  std::string body;
  Json json() const { return Json::parse(body); }
  /// Of a problem document.
  std::string code() const { return json().value("title", ""); }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

inline Answered parse_answer(const std::string& text) {
  Answered out;
  const std::size_t head_end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || head_end == std::string::npos) return out;
  out.status = std::stoi(text.substr(9, 3));
  std::size_t at = text.find("\r\n") + 2;
  while (at < head_end) {
    const std::size_t end = text.find("\r\n", at);
    const std::string line = text.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) out.headers[line.substr(0, colon)] = line.substr(colon + 2);
    at = end + 2;
  }
  out.body = text.substr(head_end + 4);
  return out;
}

class Browser {
 public:
  using Headers = std::map<std::string, std::string>;

  explicit Browser(std::uint16_t port) : port_(port) {}

  std::string host() const { return "localhost:" + std::to_string(port_); }
  std::string origin() const { return "http://" + host(); }
  const std::string& cookie() const { return cookie_; }
  void use_cookie(std::string cookie) { cookie_ = std::move(cookie); }

  /// What the page itself sends with a GET; an empty value leaves a header out.
  Answered get(const std::string& path, const Headers& other = {}) {
    return ask("GET " + path, {}, merged({{"host", host()}, {"cookie", cookie_}}, other));
  }
  /// The same with a POST.
  Answered post(const std::string& path, const std::string& body, const Headers& other = {}) {
    return ask("POST " + path, body,
               merged({{"host", host()},
                       {"cookie", cookie_},
                       {"origin", origin()},
                       {"x-hearth", "1"},
                       {"content-type", "application/json"}},
                      other));
  }
  Answered command(const std::string& name, const Json& arguments = Json::object()) {
    return post("/api/" + name, arguments.dump());
  }
  Answered pair(const Json& with, const std::string& name = "Anna's phone") {
    Json body = with;
    body["name"] = name;
    const Answered answer = post("/api/pair", body.dump());
    const std::string set = answer.header("set-cookie");
    if (answer.status == 200) cookie_ = set.substr(0, set.find(';'));
    return answer;
  }
  /// The socket after its upgrade was answered.
  std::unique_ptr<net::RawSocket> watch(Answered& answer, const Headers& other = {}) {
    auto socket = std::make_unique<net::RawSocket>(port_);
    socket->send_all(text("GET /api/events", {},
                          merged({{"host", host()},
                                  {"cookie", cookie_},
                                  {"origin", origin()},
                                  {"connection", "Upgrade"},
                                  {"upgrade", "websocket"},
                                  {"sec-websocket-version", "13"},
                                  {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}},
                                 other)));
    answer = parse_answer(socket->read_until("\r\n\r\n"));
    return socket;
  }
  Answered ask(const std::string& line, const std::string& body, const Headers& headers) {
    net::RawSocket socket(port_);
    socket.send_all(text(line, body, merged(headers, {{"connection", "close"}})));
    return parse_answer(socket.read_all());
  }

 private:
  static Headers merged(Headers one, const Headers& other) {
    for (const auto& [name, value] : other) one[name] = value;
    return one;
  }
  static std::string text(const std::string& line, const std::string& body,
                          const Headers& headers) {
    std::string out = line + " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers) {
      if (!value.empty()) out += name + ": " + value + "\r\n";
    }
    if (!body.empty()) out += "content-length: " + std::to_string(body.size()) + "\r\n";
    return out + "\r\n" + body;
  }

  std::uint16_t port_;
  std::string cookie_;
};

}  // namespace hearth::test
