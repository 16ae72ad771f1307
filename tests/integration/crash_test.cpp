// kill -9 at every step of the main job: restart, finish the road, and nothing is paid twice, no
// voucher is lost, the audit is clean. Crash points (docs/testing.md) hit the exact borders
// between "on disk" and "told somebody"; kills from outside hit the steps as they run.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

/// The road in steps that can be asked for again, as a person would after a power cut.
class Road {
 public:
  Road() {
    film_ = town_.make_file("film.bin", 1'500'000, 7);
    a_ = &town_.add_home("A");
    b_ = &town_.add_home("B");
    c_ = &town_.add_home("C");
    seed_ = &town_.add_seed("seed");
    town_.befriend(*b_, *c_);
  }

  Town& town() { return town_; }
  Daemon& daemon(const std::string& name) {
    return name == "ledger" ? town_.ledger() : town_.home(name).daemon();
  }
  void restart(const std::string& name, const std::vector<std::string>& env = {}) {
    daemon(name).kill9();
    start(name, env);
  }
  /// Starts again what has ended.
  void mend() {
    for (const char* name : {"ledger", "A", "B", "C", "seed"}) {
      if (daemon(name).ended()) start(name, {});
    }
  }

  static constexpr int steps = 5;
  /// Asks for step `n` once. True when it has come about.
  bool attempt(int n) {
    switch (n) {
      case 0: {  // A publishes
        a_->hearth({"library", "add", film_.string()});
        const Outcome made = a_->hearth({"publish", "film.bin", "--price", "3.50 EUR"});
        if (made.exit_code != 0) return false;
        offer_ = made.json().at("offer");
        return true;
      }
      case 1: {  // the seed mirrors
        const Outcome list = seed_->hearth({"transfers"});
        if (list.exit_code != 0) return false;
        std::size_t complete = 0;
        for (const Json& one : rows(list.json(), "transfers"))
          complete += one.at("complete") == true;
        return complete == 1;
      }
      case 2: {  // B pays and gives
        if (b_->hearth({"status"}).exit_code != 0 || town_.operate({"status"}).exit_code != 0) {
          return false;
        }
        const Outcome id = b_->hearth({"id"});
        if (id.exit_code != 0) return false;
        const std::string home = id.json().at("home");
        town_.operate({"deposit", home, "20.00 EUR", "--reference", "once"});
        const Outcome list = b_->hearth({"gift", "list"});
        if (list.exit_code != 0) return false;
        const Json all = list.json().at("gifts");
        if (all.empty() || all.at(0).at("state") == "failed") {
          b_->hearth({"gift", "send", offer_, "--to", "C", "--note", "For you"});
        }
        return state(*b_, "sent") == "sent" || state(*b_, "sent") == "delivered";
      }
      case 3:  // C accepts
        if (state(*c_, "received").empty()) return false;
        if (state(*c_, "received") == "waiting") {
          c_->hearth({"gift", "accept", field(*c_, "received", "gift")});
        }
        return !state(*c_, "received").empty() && state(*c_, "received") != "waiting";
      default: {  // C has the film and its key, B is told
        const Outcome list = c_->hearth({"transfers"});
        if (list.exit_code != 0) return false;
        bool there = false;
        for (const Json& one : rows(list.json(), "transfers")) {
          there |= one.at("complete") == true && one.at("has_key") == true;
        }
        return there && state(*b_, "sent") == "fetched";
      }
    }
  }

  /// Asks for step `n` until it has come about, and starts again whatever ends meanwhile: a
  /// command may well wait for a daemon that is down. True when `watched` was among them.
  /// `victim` is killed once, right after the step is first asked for.
  bool complete(int n, const std::string& watched = "", std::string victim = "") {
    bool died = false;
    eventually("step " + std::to_string(n) + " of the road", 90, [&] {
      auto asked = std::async(std::launch::async, [this, n] { return attempt(n); });
      if (!victim.empty()) daemon(std::exchange(victim, "")).kill9();
      do {
        died |= !watched.empty() && daemon(watched).ended();
        mend();
      } while (asked.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready);
      return asked.get();
    });
    return died;
  }
  void finish() {
    for (int n = 0; n < steps; ++n) complete(n);
  }

  /// What must be true at the end, however often something died.
  void settled() {
    mend();
    CHECK(balance(*b_) == 1650);
    CHECK(sold(*a_, 350, 1));
    CHECK(balance(*c_) == 0);
    CHECK(b_->ok({"gift", "list"}).at("gifts").size() == 1);
    CHECK(c_->ok({"gift", "list"}).at("gifts").size() == 1);
    CHECK(vouchers(*b_, "held") == 0);
    CHECK(c_->ok({"transfers"}).at("transfers").size() == 1);
    const Json status = town_.operate_ok({"status"});
    CHECK(status.at("vouchers").at("outstanding") == 0);
    town_.audit_clean();
  }

 private:
  void start(const std::string& name, const std::vector<std::string>& env) {
    if (name == "ledger") {
      town_.start_ledger(env);
    } else {
      town_.home(name).start(env);
    }
  }
  static std::string field(const Home& home, const std::string& direction, const char* name) {
    const Outcome list = home.hearth({"gift", "list"});
    if (list.exit_code != 0) return {};
    for (const Json& one : rows(list.json(), "gifts")) {
      if (one.at("direction") == direction) return one.at(name);
    }
    return {};
  }
  static std::string state(const Home& home, const std::string& direction) {
    return field(home, direction, "state");
  }

  Town town_;
  fs::path film_;
  std::string offer_;
  Home* a_ = nullptr;
  Home* b_ = nullptr;
  Home* c_ = nullptr;
  Home* seed_ = nullptr;
};

/// The suite runs in parts side by side: HEARTH_TEST_PART=2/4 takes every fourth road from the
/// second on. Without it, all.
bool in_this_part() {
  static int road = 0;
  int part = 1, parts = 1;
  if (const char* text = std::getenv("HEARTH_TEST_PART")) {
    REQUIRE(std::sscanf(text, "%d/%d", &part, &parts) == 2);
  }
  return road++ % parts == part - 1;
}

struct Point {
  const char* name;
  const char* daemon;
};

/// Every crash point, at the daemon whose road passes it.
const Point points[] = {
    {"library.publish.before_commit", "A"},  {"library.publish.after_commit", "A"},
    {"publish.before_offer", "A"},           {"publish.after_offer", "A"},
    {"wallet.purchase.before_send", "B"},    {"wallet.purchase.after_answer", "B"},
    {"wallet.purchase.after_commit", "B"},   {"gifts.send.before_drop", "B"},
    {"gifts.send.after_drop", "B"},          {"gifts.receive.before_ack", "C"},
    {"wallet.exchange.before_send", "C"},    {"wallet.exchange.after_answer", "C"},
    {"wallet.exchange.after_commit", "C"},   {"library.receive.after_commit", "C"},
    {"delivery.redeem.before_send", "C"},    {"delivery.redeem.after_answer", "C"},
    {"delivery.redeem.after_key", "C"},      {"ledger.commit.before", "ledger"},
    {"ledger.commit.after", "ledger"},       {"ledger.answer.before", "ledger"},
    {"ledger.drop.before_commit", "ledger"}, {"ledger.drop.after_commit", "ledger"},
};

}  // namespace

TEST_CASE("each crash point is survived") {
  for (const Point& point : points) {
    if (!in_this_part()) continue;
    CAPTURE(point.name);
    Road road;
    road.restart(point.daemon, {std::string("HEARTH_CRASH_AT=") + point.name});
    bool crashed = false;
    for (int n = 0; n < Road::steps; ++n) crashed |= road.complete(n, point.daemon);
    CHECK_MESSAGE(crashed, "the road never passed ", point.name);
    road.settled();
  }
}

TEST_CASE("a gift that comes back: each crash point on its way is survived") {
  for (const char* point : {"wallet.exchange.before_send", "wallet.exchange.after_answer",
                            "wallet.exchange.after_commit"}) {
    for (const bool declined : {true, false}) {
      if (!in_this_part()) continue;
      CAPTURE(point);
      CAPTURE(declined);
      Town town;
      Home& a = town.add_home("A");
      Home& b = town.add_home("B");
      Home& c = town.add_home("C");
      town.befriend(b, c);
      const Json film = town.publish(a, town.make_file("film.bin", 90'000, 1), "1.00 EUR");
      town.deposit(b, "1.00 EUR", "once");
      const std::string id = b.ok({"gift", "send", film.at("offer"), "--to", "C"}).at("gift");
      eventually("it waits at C", 30, [&] { return !gift(c, "received", "film.bin").is_null(); });
      b.daemon().kill9();
      b.start({std::string("HEARTH_CRASH_AT=") + point});
      if (declined) {
        c.ok({"gift", "decline", id});
      } else {
        b.hearth({"gift", "take-back", id});  // its daemon dies meanwhile
      }
      eventually("B dies there", 60, [&] { return b.daemon().ended(); });
      b.start();
      eventually("the voucher is back", 60, [&] { return vouchers(b, "held") == 1; });
      CHECK(gift(b, "sent", "film.bin").at("state") == (declined ? "declined" : "taken_back"));
      CHECK(vouchers(b, "exchanged") == 1);
      CHECK(town.operate_ok({"status"}).at("vouchers").at("outstanding") == 1);
      town.audit_clean();
    }
  }
}

TEST_CASE("the ledger dies at each of its commits in turn") {
  for (int nth = 2; nth <= 6; ++nth) {
    if (!in_this_part()) continue;
    CAPTURE(nth);
    Road road;
    road.restart("ledger", {"HEARTH_CRASH_AT=ledger.commit.after:" + std::to_string(nth)});
    road.finish();
    road.settled();
  }
}

TEST_CASE("kill -9 of each daemon while each step runs") {
  for (const char* victim : {"ledger", "seed", "A", "B", "C"}) {
    if (!in_this_part()) continue;
    CAPTURE(victim);
    Road road;
    for (int n = 0; n < Road::steps; ++n) {
      CAPTURE(n);
      road.complete(n, "", victim);
    }
    road.settled();
  }
}
