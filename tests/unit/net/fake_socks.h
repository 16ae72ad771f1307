// A SOCKS5 proxy that the tests play themselves, on threads of its own: it notes the name, the
// password and the target of each visit, and leads everybody to one port of this machine.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::net {

class FakeSocks {
 public:
  enum class Manner { good, silent, hangs_up };
  struct Visit {
    std::string user, password, target;
  };

  explicit FakeSocks(std::uint16_t leads_to, Manner manner = Manner::good)
      : leads_to_(leads_to), manner_(manner), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at = here(0);
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(listener_, 16) == 0);
    socklen_t size = sizeof at;
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port_ = ntohs(at.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~FakeSocks() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& thread : visitors_) thread.join();
    ::close(listener_);
  }
  FakeSocks(const FakeSocks&) = delete;
  FakeSocks& operator=(const FakeSocks&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<Visit> visits() const {
    const std::lock_guard lock(mutex_);
    return visits_;
  }

 private:
  static sockaddr_in here(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      visitors_.emplace_back([this, fd] {
        serve(fd);
        ::close(fd);
      });
    }
  }

  /// False at the end of the connection, or of this proxy.
  bool read(int fd, std::size_t count, std::string& out) const {
    out.clear();
    while (out.size() < count) {
      pollfd waiting{fd, POLLIN, 0};
      if (::poll(&waiting, 1, 20) == 0) {
        if (ending_) return false;
        continue;
      }
      char part[512];
      const ssize_t got = ::recv(fd, part, std::min(sizeof part, count - out.size()), 0);
      if (got <= 0) return false;
      out.append(part, static_cast<std::size_t>(got));
    }
    return true;
  }
  static void say(int fd, const std::string& bytes) {
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void serve(int fd) {
    std::string in;
    if (manner_ == Manner::silent) {
      read(fd, 1 << 20, in);
      return;
    }
    Visit visit;
    if (!read(fd, 4, in) || in != std::string("\5\2\2\0", 4)) return;
    say(fd, "\5\2");
    if (!read(fd, 2, in)) return;
    if (!read(fd, static_cast<unsigned char>(in[1]) + std::size_t{1}, in)) return;
    visit.user = in.substr(0, in.size() - 1);
    if (!read(fd, static_cast<unsigned char>(in.back()), visit.password)) return;
    say(fd, std::string("\1\0", 2));
    if (manner_ == Manner::hangs_up) return say(fd, "\5");
    if (!read(fd, 5, in)) return;
    REQUIRE(in.substr(0, 4) == std::string("\5\1\0", 3) + (in[3] == 1 ? "\1" : "\3"));
    std::string rest;
    if (in[3] == 3) {
      if (!read(fd, static_cast<unsigned char>(in[4]) + std::size_t{2}, rest)) return;
      visit.target = rest.substr(0, rest.size() - 2);
    } else {
      if (!read(fd, 5, rest)) return;
      visit.target = "an address";
    }
    const auto high = static_cast<unsigned char>(rest[rest.size() - 2]);
    const auto low = static_cast<unsigned char>(rest.back());
    visit.target += ":" + std::to_string(high * 256 + low);
    {
      const std::lock_guard lock(mutex_);
      visits_.push_back(visit);
    }
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at = here(leads_to_);
    if (::connect(server, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) {
      say(fd, std::string("\5\0\0\1\0\0\0\0\0\0", 10));
      carry(fd, server);
    }
    ::close(server);
  }

  void carry(int a, int b) const {
    pollfd both[2] = {{a, POLLIN, 0}, {b, POLLIN, 0}};
    char part[16 * 1024];
    while (!ending_) {
      if (::poll(both, 2, 20) <= 0) continue;
      for (int i = 0; i < 2; ++i) {
        if (both[i].revents == 0) continue;
        const ssize_t got = ::recv(both[i].fd, part, sizeof part, 0);
        if (got <= 0) return;
        say(both[1 - i].fd, std::string(part, static_cast<std::size_t>(got)));
      }
    }
  }

  std::uint16_t leads_to_;
  Manner manner_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  mutable std::mutex mutex_;  // Guards: visits_
  std::vector<Visit> visits_;
  std::vector<std::thread> visitors_;  ///< the acceptor's until it has ended
  std::thread acceptor_;
};

}  // namespace hearth::net
