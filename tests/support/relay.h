// A ledger's doorman for the tests: ends TLS on both sides with the ledger's own key (the test owns
// its directory), so that homes talk to it as to the ledger. It writes down every plain byte that
// passes, and throws away answers that it is told to lose. One thread for each connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hearth::test {

class Relay {
 public:
  /// `ledger_dir` holds keys/tls.key and keys/tls.crt; `ledger_port` on 127.0.0.1 is where the
  /// ledger is.
  Relay(const std::filesystem::path& ledger_dir, std::uint16_t ledger_port);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }
  /// The next `count` answers to requests that begin so ("POST /v1/purchases") reach this relay
  /// and nobody else: the ledger has done what was asked, and the home does not know.
  void lose_answers(const std::string& request, int count);
  /// How many answers were lost so far.
  int lost() const { return lost_; }

  /// What went over one connection, decrypted.
  struct Talk {
    std::string asked;
    std::string answered;
  };
  std::vector<Talk> talks() const;

 private:
  struct Connection;
  void accept_all();
  void serve(int fd);
  void carry(Connection& client, Connection& ledger, Talk& talk);
  bool to_be_lost(const std::string& asked);

  std::unique_ptr<struct RelayTls> tls_;
  std::uint16_t ledger_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> ending_ = false;
  std::atomic<int> lost_ = 0;
  mutable std::mutex mutex_;  // Guards: the two below
  std::map<std::string, int> to_lose_;
  std::vector<std::shared_ptr<Talk>> talks_;
  std::vector<std::thread> serving_;  ///< the acceptor's until it has ended
  std::thread acceptor_;
};

}  // namespace hearth::test
