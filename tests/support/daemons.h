// Real daemons as separate processes, for the integration tests: a ledger, homes and seeds on
// loopback in a temporary directory, driven through the command lines as a person would.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "tests/support/temp_dir.h"

namespace hearth::test {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
  Json json() const;  ///< of `out`; fails the test when it is not one document
};

/// One process, its log in a file. Killed (and waited for) when it goes.
class Daemon {
 public:
  Daemon(std::string name, std::vector<std::string> argv, fs::path log);
  ~Daemon();
  void start(const std::vector<std::string>& env = {});
  void kill9();
  /// SIGTERM and wait; the exit code.
  int stop();
  /// True when it has ended (by a crash point, say); collects it.
  bool ended();
  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  const std::string& name() const { return name_; }
  std::string log_text() const;
  /// Resident memory that is not page cache (RssAnon + RssShmem), its peak unknown; bytes.
  std::uint64_t anonymous_memory() const;

 private:
  std::string name_;
  std::vector<std::string> argv_;
  fs::path log_;
  pid_t pid_ = -1;
};

/// Asks again until `condition` holds; fails the test with `what` after `seconds`.
void eventually(const std::string& what, int seconds, const std::function<bool()>& condition);

/// Where a home runs, and what it knows at its birth.
struct Place {
  std::vector<std::string> prefix{};      ///< words before the programs' own: a namespace
  std::string address = "127.0.0.1";      ///< for peers
  std::string card{};                     ///< of the ledger; empty: its own
  std::vector<std::string> init_flags{};  ///< more for `hearth init`
};

class Home {
 public:
  Home(std::string name, fs::path dir, const std::vector<std::string>& daemon_flags,
       std::vector<std::string> prefix = {});
  const std::string& name() const { return name_; }
  const fs::path& dir() const { return dir_; }
  Daemon& daemon() { return daemon_; }
  std::string daemon_log() const { return daemon_.log_text(); }
  void start(const std::vector<std::string>& env = {});
  /// `hearth --data DIR --json ARGS…`
  Outcome hearth(std::vector<std::string> args) const;
  /// As hearth(), and the test fails unless it exits 0.
  Json ok(std::vector<std::string> args) const;
  /// The test fails unless it exits 1 with exactly this error code; returns the sentence.
  std::string refused(std::vector<std::string> args, const std::string& code) const;

 private:
  std::string name_;
  fs::path dir_;
  Daemon daemon_;
};

/// A ledger and its homes.
class Town {
 public:
  explicit Town(const std::vector<std::string>& ledger_flags = {},
                const std::string& ledger_program = "hearth-ledgerd",
                const std::string& ledger_address = "127.0.0.1");
  const fs::path& dir() const { return dir_.path(); }
  Daemon& ledger() { return *ledger_; }
  fs::path ledger_dir() const { return dir() / "ledger"; }
  void start_ledger(const std::vector<std::string>& env = {});
  const std::string& card() const { return card_; }
  std::uint16_t port() const { return port_; }
  /// The ledger's card with another URL in it: a relay's port, another name.
  std::string card_with_url(const std::string& url) const;
  /// Makes (init) and starts a home; `flags` are added to hearthd's.
  Home& add_home(const std::string& name, const std::vector<std::string>& flags = {},
                 const Place& place = {});
  Home& add_seed(const std::string& name, const std::vector<std::string>& flags = {},
                 Place place = {});
  Home& home(const std::string& name) { return *homes_.at(name); }
  /// Both add the other's card, and have agreed afterwards.
  void befriend(Home& a, Home& b);
  /// `hearth-ledger --data DIR --json ARGS…`
  Outcome operate(std::vector<std::string> args) const;
  Json operate_ok(std::vector<std::string> args) const;
  void deposit(const Home& home, const std::string& amount, const std::string& reference);
  /// Runs the audit and fails the test unless it is clean.
  void audit_clean();
  /// Makes DIR/name of `size` bytes that no compression or luck could repeat (seeded).
  fs::path make_file(const std::string& name, std::uint64_t size, unsigned seed);
  /// Adds, publishes and returns the published document.
  Json publish(Home& home, const fs::path& file, const std::string& price,
               const std::vector<std::string>& flags = {});

 private:
  TempDir dir_;
  std::unique_ptr<Daemon> ledger_;
  std::string card_;
  std::map<std::string, std::unique_ptr<Home>> homes_;
  std::uint16_t port_;
};

Outcome run(const std::vector<std::string>& argv, int timeout_ms = 120'000);
std::string bin(const std::string& program);
/// The array `name` of a document, as a value: a range-for over a member of a temporary dangles.
Json rows(const Json& document, const char* name);
/// A port on 127.0.0.1 that was free a moment ago, for TCP and UDP.
std::uint16_t free_port();

}  // namespace hearth::test
