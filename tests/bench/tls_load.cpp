#include "tls_load.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

namespace hearth::bench {
namespace {

constexpr int patience_ms = 30'000;

struct Answer {
  int status = 0;
  std::string body;
};

class Connection {
 public:
  Connection(SSL_CTX* context, std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    if (SSL_connect(ssl_) != 1) throw std::runtime_error("no TLS handshake");
  }
  ~Connection() {
    SSL_free(ssl_);
    ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const { return fd_; }
  void do_not_wait() { ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK); }

  /// One request is under way at a time, so there is always room for it in the socket.
  void send(const std::string& request) {
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) <= 0) {
      throw std::runtime_error("the connection broke while sending");
    }
  }
  /// nullopt: not all of it is here yet.
  std::optional<Answer> receive() {
    do {
      char bytes[16384];
      const int n = SSL_read(ssl_, bytes, sizeof bytes);
      if (n <= 0) {
        if (SSL_get_error(ssl_, n) == SSL_ERROR_WANT_READ) return std::nullopt;
        throw std::runtime_error("the connection broke while waiting for an answer");
      }
      held_.append(bytes, static_cast<std::size_t>(n));
      if (auto answer = take_answer()) return answer;
    } while (SSL_has_pending(ssl_) == 1);
    return std::nullopt;
  }

 private:
  std::optional<Answer> take_answer() {
    const std::size_t head = held_.find("\r\n\r\n");
    if (head == std::string::npos) return std::nullopt;
    std::size_t length = 0;
    std::string lower = held_.substr(0, head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = lower.find("content-length:");
    if (at != std::string::npos) length = std::strtoul(lower.c_str() + at + 15, nullptr, 10);
    if (held_.size() < head + 4 + length) return std::nullopt;
    Answer out{std::atoi(held_.c_str() + 9), held_.substr(head + 4, length)};
    held_.erase(0, head + 4 + length);
    return out;
  }
  int fd_;
  SSL* ssl_ = nullptr;
  std::string held_;
};

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
Context make_context() {
  Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

/// A connection with the requests that it has still to send.
struct Asker {
  std::unique_ptr<Connection> connection;
  const std::vector<std::string>* requests;
  std::size_t next = 0;
  double asked = 0;
};

class Load {
 public:
  Load(std::uint16_t port, const std::vector<std::vector<std::string>>& requests)
      : context_(make_context()), poll_(::epoll_create1(0)) {
    for (const auto& own : requests) {
      askers_.push_back({std::make_unique<Connection>(context_.get(), port), &own, 0, 0});
    }
    for (std::size_t i = 0; i < askers_.size(); ++i) {
      askers_[i].connection->do_not_wait();
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, askers_[i].connection->descriptor(), &event);
    }
  }
  ~Load() { ::close(poll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult run(double seconds) {
    const double start = seconds_now();
    end_ = start + seconds;
    for (Asker& asker : askers_) ask(asker);
    std::vector<epoll_event> ready(askers_.size());
    while (under_way_ > 0) {
      const int n = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), patience_ms);
      if (n <= 0) throw std::runtime_error("no answer came in time");
      for (int i = 0; i < n; ++i) serve(askers_[ready[static_cast<std::size_t>(i)].data.u64]);
    }
    out_.seconds = seconds_now() - start;
    return std::move(out_);
  }

 private:
  void ask(Asker& asker) {
    asker.asked = seconds_now();
    if (asker.asked >= end_ || asker.next == asker.requests->size()) return;
    asker.connection->send((*asker.requests)[asker.next++]);
    ++under_way_;
  }
  void serve(Asker& asker) {
    const auto answer = asker.connection->receive();
    if (!answer) return;
    --under_way_;
    if (answer->status / 100 == 2) {
      out_.latencies_ms.push_back((seconds_now() - asker.asked) * 1e3);
    } else {
      ++out_.refused;
      out_.refusal = std::to_string(answer->status) + " " + answer->body;
    }
    ask(asker);
  }

  Context context_;
  int poll_;
  std::vector<Asker> askers_;
  std::size_t under_way_ = 0;
  double end_ = 0;
  LoadResult out_;
};

}  // namespace

LoadResult run_load(std::uint16_t port, const std::vector<std::vector<std::string>>& requests,
                    double seconds) {
  return Load(port, requests).run(seconds);
}

std::string ask_once(std::uint16_t port, const std::string& request) {
  const Context context = make_context();
  Connection connection(context.get(), port);
  connection.send(request);
  std::optional<Answer> answer;
  while (!answer) answer = connection.receive();
  if (answer->status / 100 != 2) {
    throw std::runtime_error("refused: " + std::to_string(answer->status) + " " + answer->body);
  }
  return std::move(answer->body);
}

std::string post(const std::string& path, const std::string& media_type, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + media_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

}  // namespace hearth::bench
