// Buyers that do not let go: 32 at once over TLS, each with the same bytes until it is answered,
// while the ledger is killed at random moments or its disk fails under it. Afterwards every
// answered purchase is there exactly once, the same request gets the same bytes, and the audit is
// clean. HEARTH_CRASH_ROUNDS: how many kills; HEARTH_TEST_SEED repeats their moments.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "tests/integration/market.h"
#include "tests/support/daemons.h"

using namespace hearth;
using namespace hearth::test;

namespace {

constexpr std::size_t clients = 32;
constexpr std::size_t homes = 4;
constexpr std::int64_t price = 350;
constexpr std::int64_t purse = 100'000'000;  // minor units, each

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

class Market {
 public:
  Market()
      : line_(town_.card()),
        stall_(line_, price),
        households_([] {
          std::vector<Household> out;
          for (std::size_t i = 1; i <= homes; ++i) out.emplace_back(i);
          return out;
        }()),
        crowd_(line_, stall_, households_, clients) {
    REQUIRE(stall_.announce(line_));
    for (const Household& buyer : households_)
      town_.operate_ok({"deposit", buyer.address.text(), "1000000.00 EUR", "--reference", "purse"});
  }

  Town& town() { return town_; }
  Crowd& crowd() { return crowd_; }
  void restart(const std::vector<std::string>& env = {}) {
    town_.start_ledger(env);
    eventually("the ledger knows the source again", 60, [this] { return stall_.announce(line_); });
  }

  /// Nobody asks any more: what was answered is what the books have, each once.
  void settled(bool all_again) {
    crowd_.settle();
    REQUIRE_MESSAGE(crowd_.complaint().empty(), crowd_.complaint(), "\n",
                    town_.ledger().log_text());
    std::set<std::uint64_t> indices;
    std::vector<std::int64_t> least(homes, purse);
    std::vector<std::int64_t> paid(homes, 0);
    for (std::size_t i = 0; i < clients; ++i) {
      const auto& orders = crowd_.orders(i);
      for (const Order& order : orders) {
        const auto receipt = wire::read_receipt(order.receipt, line_.card().key).value();
        CHECK_MESSAGE(indices.insert(receipt.journal_index).second, "two receipts of one record");
        paid[i % homes] += receipt.paid.minor;
        least[i % homes] = std::min(least[i % homes], receipt.balance_after.minor);
      }
      const std::size_t from = all_again || orders.empty() ? 0 : orders.size() - 1;
      for (std::size_t k = from; k < orders.size(); ++k) same_again(orders[k]);
    }
    // Paid once for each answer, and for nothing else.
    for (std::size_t i = 0; i < homes; ++i) CHECK(least[i] == purse - paid[i]);
    const std::size_t answered = indices.size();
    CHECK(town_.operate_ok({"status"}).at("vouchers").at("bought") == answered);
    town_.audit_clean();
  }

 private:
  void same_again(const Order& order) {
    const auto response = line_.post("/v1/purchases", order.jws);
    REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
    CHECK(response->status == 200);
    CHECK(std::string(as_text(response->body)) == order.receipt);
  }

  Town town_{{"--rate-per-connection", "0", "--rate-per-home", "0", "--rate-per-address", "0"}};
  Line line_;
  Stall stall_;
  std::vector<Household> households_;
  Crowd crowd_;
};

/// The environment that puts the failing writes in front of the daemon's libc.
std::vector<std::string> failing_writes(const fs::path& dir, const fs::path& fault) {
  return {std::string("LD_PRELOAD=") + HEARTH_FAILING_WRITES, "HEARTH_FAIL_UNDER=" + dir.string(),
          "HEARTH_FAIL_AS=" + fault.string(), "ASAN_OPTIONS=verify_asan_link_order=0"};
}

}  // namespace

TEST_CASE("kill -9 at random moments: every answered purchase is there exactly once") {
  const std::uint64_t rounds = number_of("HEARTH_CRASH_ROUNDS", 12);
  const std::uint64_t seed = number_of("HEARTH_TEST_SEED", std::random_device()());
  INFO("HEARTH_TEST_SEED=" << seed);
  std::mt19937_64 random(seed);
  Market market;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    CAPTURE(round);
    market.crowd().buy_until(1 + random() % 60);
    // Somewhere in the next commits; nothing depends on where.
    const auto moment =
        std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 9000);
    while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
    market.town().ledger().kill9();
    market.restart();
    market.settled(round == rounds);
  }
  MESSAGE(rounds, " kills, ", market.crowd().answered(), " purchases answered");
}

TEST_CASE("a disk that is full: refused, told, and over when there is room") {
  Market market;
  const fs::path fault = market.town().dir() / "fault";
  CHECK(market.town().ledger().stop() == 0);
  market.restart(failing_writes(market.town().ledger_dir(), fault));
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    market.crowd().buy_until(40);
    const std::size_t before =
        market.crowd().refusals("disk_full") + market.crowd().refusals("unsettled");
    std::ofstream(fault) << "ENOSPC";
    eventually("buyers are refused", 60, [&] {
      return market.crowd().refusals("disk_full") + market.crowd().refusals("unsettled") > before;
    });
    fs::remove(fault);
    market.crowd().buy_until(40);
    market.settled(round == 2);
  }
  CHECK(market.town().ledger().running());
}

TEST_CASE("a disk that fails: refused until the ledger is started again, nothing is lost") {
  Market market;
  const fs::path fault = market.town().dir() / "fault";
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    CHECK(market.town().ledger().stop() == 0);
    market.restart(failing_writes(market.town().ledger_dir(), fault));
    market.crowd().buy_until(40);
    const std::size_t before = market.crowd().refusals("io") + market.crowd().refusals("unsettled");
    std::ofstream(fault) << "EIO";
    eventually("buyers are refused", 60, [&] {
      return market.crowd().refusals("io") + market.crowd().refusals("unsettled") > before;
    });
    fs::remove(fault);
    market.town().ledger().kill9();
    market.restart();
    market.settled(round == 2);
  }
}
