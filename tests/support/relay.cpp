#include "tests/support/relay.h"

#include <charconv>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::test {
namespace {

constexpr int look_again_ms = 20;

sockaddr_in here(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

/// True when `text` holds a whole HTTP answer with a content-length.
bool whole_answer(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::string head = text.substr(0, end);
  for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::string name = "\r\ncontent-length: ";
  const std::size_t at = head.find(name);
  if (at == std::string::npos) return false;
  std::size_t length = 0;
  std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  return text.size() >= end + 4 + length;
}

}  // namespace

struct RelayTls {
  SSL_CTX* server = SSL_CTX_new(TLS_server_method());
  SSL_CTX* client = SSL_CTX_new(TLS_client_method());
  ~RelayTls() {
    SSL_CTX_free(server);
    SSL_CTX_free(client);
  }
};

/// One side of a conversation; closed when it goes.
struct Relay::Connection {
  Connection(SSL_CTX* context, int descriptor) : fd(descriptor), ssl(SSL_new(context)) {
    SSL_set_fd(ssl, fd);
  }
  ~Connection() {
    SSL_free(ssl);
    ::close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool write_all(const std::string& bytes) const {
    return bytes.empty() || SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  /// What is there now; false at the end.
  bool read(std::string& out) const {
    char part[16 * 1024];
    const int got = SSL_read(ssl, part, sizeof part);
    if (got <= 0) return false;
    out.assign(part, static_cast<std::size_t>(got));
    return true;
  }
  int fd;
  SSL* ssl;
};

Relay::Relay(const std::filesystem::path& ledger_dir, std::uint16_t ledger_port)
    : tls_(std::make_unique<RelayTls>()),
      ledger_port_(ledger_port),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  SSL_CTX* server = tls_->server;
  REQUIRE(SSL_CTX_use_certificate_file(server, (ledger_dir / "keys/tls.crt").c_str(),
                                       SSL_FILETYPE_PEM) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey_file(server, (ledger_dir / "keys/tls.key").c_str(),
                                      SSL_FILETYPE_PEM) == 1);
  SSL_CTX_set_num_tickets(server, 0);
  sockaddr_in at = here(0);
  socklen_t size = sizeof at;
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(::listen(listener_, 64) == 0);
  REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  port_ = ntohs(at.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

Relay::~Relay() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : serving_) thread.join();
  ::close(listener_);
}

void Relay::lose_answers(const std::string& request, int count) {
  const std::lock_guard lock(mutex_);
  to_lose_[request] = count;
}

std::vector<Relay::Talk> Relay::talks() const {
  const std::lock_guard lock(mutex_);
  std::vector<Talk> out;
  for (const auto& talk : talks_) out.push_back(*talk);
  return out;
}

void Relay::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    // A home that stops in the middle of a handshake holds nobody up for ever.
    const timeval patience{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    serving_.emplace_back([this, fd] { serve(fd); });
  }
}

void Relay::serve(int fd) {
  Connection client(tls_->server, fd);
  if (SSL_accept(client.ssl) != 1) return;
  const int out = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Connection ledger(tls_->client, out);
  sockaddr_in at = here(ledger_port_);
  if (::connect(out, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return;
  if (SSL_connect(ledger.ssl) != 1) return;
  auto talk = std::make_shared<Talk>();
  {
    const std::lock_guard lock(mutex_);
    talks_.push_back(talk);
  }
  carry(client, ledger, *talk);
}

void Relay::carry(Connection& client, Connection& ledger, Talk& talk) {
  bool losing = false;
  pollfd both[2] = {{client.fd, POLLIN, 0}, {ledger.fd, POLLIN, 0}};
  while (!ending_) {
    const bool buffered = SSL_pending(client.ssl) > 0 || SSL_pending(ledger.ssl) > 0;
    if (!buffered && ::poll(both, 2, look_again_ms) <= 0) continue;
    std::string bytes;
    if (both[0].revents != 0 || SSL_pending(client.ssl) > 0) {
      if (!client.read(bytes)) return;
      bool begins = false;
      {
        const std::lock_guard lock(mutex_);
        begins = talk.asked.empty();
        talk.asked += bytes;
      }
      if (begins) losing = to_be_lost(bytes);
      if (!ledger.write_all(bytes)) return;
    }
    if (both[1].revents != 0 || SSL_pending(ledger.ssl) > 0) {
      if (!ledger.read(bytes)) return;
      bool whole = false;
      {
        const std::lock_guard lock(mutex_);
        talk.answered += bytes;
        whole = losing && whole_answer(talk.answered);
      }
      if (whole) {
        ++lost_;
        return;
      }
      if (!losing && !client.write_all(bytes)) return;
    }
    both[0].revents = both[1].revents = 0;
  }
}

bool Relay::to_be_lost(const std::string& asked) {
  const std::lock_guard lock(mutex_);
  for (auto& [request, count] : to_lose_) {
    if (count > 0 && asked.starts_with(request)) {
      --count;
      return true;
    }
  }
  return false;
}

}  // namespace hearth::test
