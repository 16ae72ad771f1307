#include "tls_load.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

namespace hearth::bench {
namespace {

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

  Answer ask(const std::string& request) {
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) <= 0) {
      throw std::runtime_error("the connection broke while sending");
    }
    std::size_t head = std::string::npos;
    while ((head = held_.find("\r\n\r\n")) == std::string::npos) more();
    std::size_t length = 0;
    std::string lower = held_.substr(0, head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = lower.find("content-length:");
    if (at != std::string::npos) length = std::strtoul(lower.c_str() + at + 15, nullptr, 10);
    while (held_.size() < head + 4 + length) more();
    Answer out{std::atoi(held_.c_str() + 9), held_.substr(head + 4, length)};
    held_.erase(0, head + 4 + length);
    return out;
  }

 private:
  void more() {
    char bytes[16384];
    const int n = SSL_read(ssl_, bytes, sizeof bytes);
    if (n <= 0) throw std::runtime_error("the connection broke while waiting for an answer");
    held_.append(bytes, static_cast<std::size_t>(n));
  }
  int fd_;
  SSL* ssl_ = nullptr;
  std::string held_;
};

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
Context make_context() {
  Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  return context;
}

}  // namespace

LoadResult run_load(std::uint16_t port, const std::vector<std::vector<std::string>>& requests,
                    double seconds) {
  const Context context = make_context();
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    connections.push_back(std::make_unique<Connection>(context.get(), port));
  }
  LoadResult out;
  std::mutex mutex;  // guards out and failure
  std::exception_ptr failure;
  const double start = seconds_now(), end = start + seconds;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([&, i] {
      std::vector<double> latencies;
      std::uint64_t refused = 0;
      std::string refusal;
      try {
        for (const std::string& request : requests[i]) {
          const double asked = seconds_now();
          if (asked >= end) break;
          const Answer answer = connections[i]->ask(request);
          if (answer.status / 100 == 2) {
            latencies.push_back((seconds_now() - asked) * 1e3);
          } else {
            ++refused;
            refusal = std::to_string(answer.status) + " " + answer.body;
          }
        }
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      out.latencies_ms.insert(out.latencies_ms.end(), latencies.begin(), latencies.end());
      out.refused += refused;
      if (refused > 0) out.refusal = refusal;
    });
  }
  for (auto& thread : threads) thread.join();
  out.seconds = seconds_now() - start;
  if (failure) std::rethrow_exception(failure);
  return out;
}

std::string ask_once(std::uint16_t port, const std::string& request) {
  const Context context = make_context();
  Connection connection(context.get(), port);
  Answer answer = connection.ask(request);
  if (answer.status / 100 != 2) {
    throw std::runtime_error("refused: " + std::to_string(answer.status) + " " + answer.body);
  }
  return std::move(answer.body);
}

std::string post(const std::string& path, const std::string& media_type, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + media_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

}  // namespace hearth::bench
