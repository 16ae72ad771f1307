// The peer: PostgreSQL 15 with the same purchase as one stored procedure (idempotency key, balance
// check, two postings, the hot seller's row), driven by pgbench. A cluster of its own in a
// temporary directory, fsync and synchronous_commit on, reached over a unix socket: no TLS, no
// signatures, no HTTP.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace hearth::bench {

struct PeerResult {
  double per_second = 0;
  double p50_ms = 0, p99_ms = 0;
  double cpu_us = 0;  ///< per purchase, of the server's processes
};

class Postgres {
 public:
  /// nullptr when Debian's postgresql-15 is not installed (`why` says so), else a running cluster.
  static std::unique_ptr<Postgres> start(const std::filesystem::path& dir, std::string& why);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  PeerResult purchases(int clients, int seconds);

 private:
  explicit Postgres(std::filesystem::path dir) : dir_(std::move(dir)) {}
  /// Runs a program as the user that PostgreSQL accepts (it refuses root); its output.
  std::string as_user(const std::string& command, int timeout_s) const;
  std::filesystem::path dir_;
};

}  // namespace hearth::bench
