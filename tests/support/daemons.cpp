#include "tests/support/daemons.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <sstream>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/process.h"
#include "common/identity/cards.h"

namespace hearth::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

bool is_free(std::uint16_t port, int type) {
  const int fd = ::socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

}  // namespace

Json Outcome::json() const {
  try {
    return Json::parse(out);
  } catch (const Json::exception& error) {
    FAIL("not one JSON document: ", out, " (", error.what(), ") stderr: ", err);
    throw;
  }
}

Outcome run(const std::vector<std::string>& argv, int timeout_ms) {
  auto result = run_process(argv, {}, 64 * 1024 * 1024, timeout_ms);
  if (!result) FAIL(joined(argv), ": ", result.error().sentence);
  return {result->exit_code, std::string(as_text(result->out)), result->err};
}

std::string bin(const std::string& program) {
  return std::string(HEARTH_BIN_DIR) + "/" + program;
}

Json rows(const Json& document, const char* name) {
  return document.at(name);
}

// The system gives ports from 32768 on to whoever connects: one of those may be taken again before
// a daemon has it.
std::uint16_t free_port() {
  std::random_device chance;
  std::uniform_int_distribution<std::uint16_t> ports(15'000, 32'000);
  for (int tries = 0; tries < 100; ++tries) {
    const std::uint16_t port = ports(chance);
    if (is_free(port, SOCK_STREAM) && is_free(port, SOCK_DGRAM)) return port;
  }
  FAIL("no free port");
  return 0;
}

Daemon::Daemon(std::string name, std::vector<std::string> argv, fs::path log)
    : name_(std::move(name)), argv_(std::move(argv)), log_(std::move(log)) {}

Daemon::~Daemon() {
  kill9();
}

void Daemon::start(const std::vector<std::string>& env) {
  REQUIRE_MESSAGE(pid_ < 0, name_, " runs already");
  SpawnOptions options;
  options.stdout_file = log_;
  options.stderr_file = log_;
  options.extra_env = env;
  options.die_with_parent = true;
  auto pid = spawn_process(argv_, options);
  if (!pid) FAIL(name_, ": ", pid.error().sentence);
  pid_ = *pid;
}

void Daemon::kill9() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int Daemon::stop() {
  if (pid_ < 0) return 0;
  ::kill(pid_, SIGTERM);
  int status = 0;
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() > deadline) {
      kill9();
      FAIL(name_, " did not end within 20 s of SIGTERM; log:\n", log_text());
    }
    ::poll(nullptr, 0, 10);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Daemon::ended() {
  if (pid_ < 0) return true;
  if (::waitpid(pid_, nullptr, WNOHANG) == 0) return false;
  pid_ = -1;
  return true;
}

std::string Daemon::log_text() const {
  return slurp(log_);
}

std::uint64_t Daemon::anonymous_memory() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  std::string word;
  std::uint64_t kib = 0, sum = 0;
  while (status >> word) {
    if ((word == "RssAnon:" || word == "RssShmem:") && status >> kib) sum += kib;
  }
  return sum * 1024;
}

void eventually(const std::string& what, int seconds, const std::function<bool()>& condition) {
  const auto deadline = Clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (Clock::now() > deadline) FAIL("did not come about within ", seconds, " s: ", what);
    ::poll(nullptr, 0, 50);
  }
}

Home::Home(std::string name, fs::path dir, const std::vector<std::string>& daemon_flags,
           std::vector<std::string> prefix)
    : name_(std::move(name)),
      dir_(std::move(dir)),
      daemon_(
          name_,
          [&] {
            std::vector<std::string> argv = std::move(prefix);
            argv.insert(argv.end(), {bin("hearthd"), "--data", dir_.string()});
            argv.insert(argv.end(), daemon_flags.begin(), daemon_flags.end());
            return argv;
          }(),
          dir_.string() + ".log") {}

void Home::start(const std::vector<std::string>& env) {
  daemon_.start(env);
  eventually(name_ + "'s daemon answers", 30, [&] {
    REQUIRE_MESSAGE(!daemon_.ended(), name_, "'s daemon ended at start; log:\n",
                    daemon_.log_text());
    return hearth({"status"}).exit_code == 0;
  });
}

Outcome Home::hearth(std::vector<std::string> args) const {
  std::vector<std::string> argv{bin("hearth"), "--data", dir_.string(), "--json"};
  argv.insert(argv.end(), args.begin(), args.end());
  return run(argv);
}

Json Home::ok(std::vector<std::string> args) const {
  const Outcome outcome = hearth(args);
  REQUIRE_MESSAGE(outcome.exit_code == 0, name_, ": hearth ", joined(args), " → ",
                  outcome.exit_code, "\n", outcome.out, outcome.err, "\nlog:\n",
                  daemon_.log_text());
  return outcome.json();
}

std::string Home::refused(std::vector<std::string> args, const std::string& code) const {
  const Outcome outcome = hearth(args);
  REQUIRE_MESSAGE(outcome.exit_code == 1, name_, ": hearth ", joined(args), " → ",
                  outcome.exit_code, "\n", outcome.out, outcome.err);
  const Json document = outcome.json();
  CHECK_MESSAGE(document.value("code", "") == code, joined(args), " → ", outcome.out);
  const std::string sentence = document.value("sentence", "");
  CHECK_MESSAGE(sentence.size() > 20, "no sentence: ", outcome.out);
  CHECK(outcome.err.find(sentence) != std::string::npos);
  return sentence;
}

Town::Town(const std::vector<std::string>& ledger_flags, const std::string& ledger_program,
           const std::string& ledger_address)
    : port_(free_port()) {
  std::vector<std::string> argv{bin(ledger_program), "--data", ledger_dir().string(), "--listen",
                                ledger_address + ":" + std::to_string(port_)};
  argv.insert(argv.end(), ledger_flags.begin(), ledger_flags.end());
  ledger_ = std::make_unique<Daemon>("ledger", argv, dir() / "ledger.log");
  start_ledger();
  card_ = operate_ok({"card"}).at("card");
}

void Town::start_ledger(const std::vector<std::string>& env) {
  ledger_->start(env);
  const bool armed = std::any_of(env.begin(), env.end(), [](const std::string& one) {
    return one.starts_with("HEARTH_CRASH_AT=");
  });
  eventually("the ledger answers", 30, [&] {
    // A home that asks again may bring it to its crash point before we look.
    if (armed && ledger_->ended()) return true;
    REQUIRE_MESSAGE(!ledger_->ended(), "the ledger ended at start; log:\n", ledger_->log_text());
    return fs::exists(ledger_dir() / "admin.sock") && operate({"status"}).exit_code == 0;
  });
}

std::string Town::card_with_url(const std::string& url) const {
  auto card = identity::parse_ledger_card(card_);
  REQUIRE(card);
  card->url = url;
  return card->text();
}

Home& Town::add_home(const std::string& name, const std::vector<std::string>& flags,
                     const Place& place) {
  const fs::path data = dir() / name;
  std::vector<std::string> argv = place.prefix;
  argv.insert(argv.end(), {bin("hearth"), "--data", data.string(), "--json", "init", "--ledger",
                           place.card.empty() ? card_ : place.card, "--name", name});
  argv.insert(argv.end(), place.init_flags.begin(), place.init_flags.end());
  const Outcome made = run(argv);
  REQUIRE_MESSAGE(made.exit_code == 0, "init of ", name, ": ", made.out, made.err);
  std::vector<std::string> all{"--swarm-listen", place.address + ":" + std::to_string(free_port())};
  all.insert(all.end(), flags.begin(), flags.end());
  if (std::find(all.begin(), all.end(), "--player") == all.end()) {
    all.insert(all.end(), {"--player", "none"});
  }
  auto& home = homes_[name];
  home = std::make_unique<Home>(name, data, all, place.prefix);
  home->start();
  return *home;
}

Home& Town::add_seed(const std::string& name, const std::vector<std::string>& flags, Place place) {
  place.init_flags.insert(place.init_flags.end(), {"--role", "seed"});
  return add_home(name, flags, place);
}

void Town::befriend(Home& a, Home& b) {
  const std::string card_a = a.ok({"contacts", "card"}).at("card");
  const std::string card_b = b.ok({"contacts", "card"}).at("card");
  a.ok({"contacts", "add", card_b, "--as", b.name()});
  b.ok({"contacts", "add", card_a, "--as", a.name()});
  const auto confirmed = [](const Home& home, const std::string& other) {
    for (const Json& one : rows(home.ok({"contacts", "list"}), "contacts")) {
      if (one.at("name") == other) return one.at("state") == "confirmed";
    }
    return false;
  };
  eventually(a.name() + " and " + b.name() + " are contacts", 60,
             [&] { return confirmed(a, b.name()) && confirmed(b, a.name()); });
}

Outcome Town::operate(std::vector<std::string> args) const {
  std::vector<std::string> argv{bin("hearth-ledger"), "--data", ledger_dir().string(), "--json"};
  argv.insert(argv.end(), args.begin(), args.end());
  return run(argv);
}

Json Town::operate_ok(std::vector<std::string> args) const {
  const Outcome outcome = operate(args);
  REQUIRE_MESSAGE(outcome.exit_code == 0, "hearth-ledger ", joined(args), " → ", outcome.out,
                  outcome.err, "\nlog:\n", ledger_->log_text());
  return outcome.json();
}

void Town::deposit(const Home& home, const std::string& amount, const std::string& reference) {
  const std::string address = home.ok({"id"}).at("home");
  operate_ok({"deposit", address, amount, "--reference", reference});
}

void Town::audit_clean() {
  const Json result = operate_ok({"audit"});
  CHECK_MESSAGE(result.at("ok") == true, result.dump(2));
}

fs::path Town::make_file(const std::string& name, std::uint64_t size, unsigned seed) {
  const fs::path path = dir() / name;
  std::ofstream out(path, std::ios::binary);
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> block(8192);
  while (size > 0) {
    for (auto& word : block) word = random();
    const auto n = std::min<std::uint64_t>(size, block.size() * sizeof(std::uint64_t));
    out.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(n));
    size -= n;
  }
  REQUIRE(out.good());
  return path;
}

Json Town::publish(Home& home, const fs::path& file, const std::string& price,
                   const std::vector<std::string>& flags) {
  home.ok({"library", "add", file.string()});
  std::vector<std::string> args{"publish", file.filename().string(), "--price", price};
  args.insert(args.end(), flags.begin(), flags.end());
  return home.ok(args);
}

}  // namespace hearth::test
