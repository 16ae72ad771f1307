// What a home believes of its ledger's journal, and when it raises the alarm (docs/protocol.md
// §15).
#include "node/ledger_link/history.h"

#include <doctest/doctest.h>

#include "common/tlog/tiles.h"
#include "node/ledger_link/key_list.h"
#include "node/ledger_link/ledger_link.h"
#include "tests/unit/node_home/silent_ledger.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

/// A log that can be forked, with proofs straight from RFC 6962.
class TestLog {
 public:
  explicit TestLog(std::string name, std::size_t size = 0) {
    while (leaves_.size() < size) grow(name);
  }
  void grow(const std::string& name) {
    leaves_.push_back(tlog::leaf_hash(as_bytes(name + std::to_string(leaves_.size()))));
  }
  tlog::Digest root(std::size_t from, std::size_t to) const {
    if (from == to) return tlog::empty_root();
    if (to - from == 1) return leaves_[from];
    std::size_t split = 1;
    while (split * 2 < to - from) split *= 2;
    return tlog::node_hash(root(from, from + split), root(from + split, to));
  }
  tlog::Checkpoint checkpoint(std::size_t size) const { return {size, root(0, size)}; }
  tlog::Proof consistency(std::size_t m, std::size_t from, std::size_t to, bool whole) const {
    if (m == to) return whole ? tlog::Proof{} : tlog::Proof{root(from, to)};
    std::size_t split = 1;
    while (split * 2 < to - from) split *= 2;
    const bool left = m <= from + split;
    tlog::Proof proof =
        left ? consistency(m, from, from + split, whole) : consistency(m, from + split, to, false);
    proof.push_back(left ? root(from + split, to) : root(from, from + split));
    return proof;
  }
  std::size_t size() const { return leaves_.size(); }

 private:
  std::vector<tlog::Digest> leaves_;
};

/// A ledger of which only the journal is asked.
class LogLedger : public SilentLedger {
 public:
  LogLedger(Records* records, crypto::SignPublicKey key) : history_(*this, records, key) {}
  History& history() override { return history_; }

  net::Task<Result<std::string>> log_checkpoint() override { co_return note; }
  net::Task<Result<tlog::Proof>> log_consistency(std::uint64_t from, std::uint64_t to) override {
    ++asked;
    if (away) co_return fail(Code::unreachable, "The ledger is away.");
    if (to > log->size()) co_return fail(Code::not_found, "So many records are not signed.");
    co_return log->consistency(from, 0, to, true);
  }

  const TestLog* log = nullptr;
  std::string note;
  bool away = false;
  int asked = 0;

 private:
  History history_;
};

struct World {
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  crypto::SignKey key = crypto::SignKey::from_seed(seed_of(7));
  net::Loop loop;

  std::string sign(const TestLog& log, std::size_t size) const {
    return tlog::sign_checkpoint(log.checkpoint(size), key);
  }
  Result<tlog::Checkpoint> believe(LogLedger& ledger, std::string note) {
    std::optional<Result<tlog::Checkpoint>> out;
    net::spawn(loop, run(*this, ledger, std::move(note), out), "believe");
    loop.run();
    return *out;
  }
  Result<AcceptedHistory> accept(LogLedger& ledger) {
    std::optional<Result<AcceptedHistory>> out;
    net::spawn(loop, run_accept(*this, ledger, out), "accept");
    loop.run();
    return *out;
  }
  static net::Task<void> run_accept(World& w, LogLedger& ledger,
                                    std::optional<Result<AcceptedHistory>>& out) {
    store::Batch nothing;
    auto accepted = co_await ledger.history().accept(std::move(nothing));
    out = std::move(accepted);
    w.loop.stop();
  }
  static net::Task<void> run(World& w, LogLedger& ledger, std::string note,
                             std::optional<Result<tlog::Checkpoint>>& out) {
    auto believed = co_await ledger.history().believe(std::move(note));
    out = std::move(believed);
    w.loop.stop();
  }
};

}  // namespace

TEST_CASE("a journal that grows is believed, and the newest checkpoint survives a restart") {
  World w;
  const TestLog log("honest", 40);
  LogLedger ledger(&w.records, w.key.public_key());
  ledger.log = &log;
  for (const std::size_t size : {3u, 3u, 4u, 11u, 40u}) {
    CAPTURE(size);
    const auto believed = w.believe(ledger, w.sign(log, size));
    REQUIRE(believed);
    CHECK(believed->size == size);
    CHECK(ledger.history().believed().value() == w.sign(log, size));
  }
  LogLedger after_restart(&w.records, w.key.public_key());
  after_restart.log = &log;
  CHECK(after_restart.history().believed().value() == w.sign(log, 40));
  // An older one of the same history is no alarm, and is not remembered instead.
  CHECK(w.believe(after_restart, w.sign(log, 17)).value().size == 17);
  CHECK(after_restart.history().believed().value() == w.sign(log, 40));
  CHECK_FALSE(after_restart.history().alarm().value().has_value());
}

TEST_CASE("a history that does not contain the believed one is an alarm that stays") {
  struct Row {
    const char* what;
    std::size_t believed, shown;
    bool forked;
  };
  const Row rows[] = {
      {"the same size, another root", 20, 20, true},
      {"longer, of another history", 20, 33, true},
      {"shorter, of another history", 20, 5, true},
      {"shorter: the ledger has forgotten what it signed", 40, 12, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    World w;
    const TestLog honest("honest", 40), forked("forked", 40), short_one("honest", 12);
    LogLedger ledger(&w.records, w.key.public_key());
    ledger.log = &honest;
    REQUIRE(w.believe(ledger, w.sign(honest, row.believed)));
    ledger.log = row.forked ? &forked : &short_one;
    const std::string shown = w.sign(*ledger.log, row.shown);
    const auto refused = w.believe(ledger, shown);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::history_differs);
    // What was believed still is; the evidence is both signed notes.
    CHECK(ledger.history().believed().value() == w.sign(honest, row.believed));
    LogLedger after_restart(&w.records, w.key.public_key());
    const auto alarm = after_restart.history().alarm().value();
    REQUIRE(alarm.has_value());
    CHECK(alarm->before == w.sign(honest, row.believed));
    CHECK(alarm->shown == shown);
    CHECK(alarm->sentence.starts_with("ALARM"));
    // The first evidence is kept, whatever comes.
    CHECK_FALSE(w.believe(ledger, w.sign(forked, 39)).has_value());
    CHECK(after_restart.history().alarm().value()->shown == shown);
  }
}

TEST_CASE("a person accepts one of the two histories of the alarm, and no third one") {
  struct Row {
    const char* what;
    const char* log;
    std::size_t size;
    bool taken;
  };
  const Row rows[] = {
      {"what raised the alarm", "forked", 33, true},
      {"what grew from it", "forked", 40, true},
      {"what was believed before: the ledger went back to it", "honest", 20, true},
      {"what grew from that", "honest", 40, true},
      {"older than either", "forked", 12, false},
      {"a third history", "third", 40, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    World w;
    const TestLog honest("honest", 40), forked("forked", 40), now(row.log, 40);
    LogLedger ledger(&w.records, w.key.public_key());
    CHECK(w.accept(ledger).error().code == Code::not_found);
    ledger.log = &honest;
    REQUIRE(w.believe(ledger, w.sign(honest, 20)));
    ledger.log = &forked;
    REQUIRE_FALSE(w.believe(ledger, w.sign(forked, 33)));
    const auto alarm = ledger.history().alarm().value();
    REQUIRE(alarm.has_value());

    ledger.log = &now;
    ledger.note = w.sign(now, row.size);
    const auto accepted = w.accept(ledger);
    CHECK(accepted.has_value() == row.taken);
    LogLedger after_restart(&w.records, w.key.public_key());
    after_restart.log = &now;
    const History& history = after_restart.history();
    CHECK(history.alarm().value().has_value() == !row.taken);
    CHECK(history.accepted().value().size() == (row.taken ? 1 : 0));
    CHECK(history.believed().value() == (row.taken ? ledger.note : w.sign(honest, 20)));
    if (!row.taken) {
      CHECK(accepted.error().code == Code::history_differs);
      continue;
    }
    CHECK(encode(history.accepted().value().at(0).alarm) == encode(*alarm));
    CHECK(w.believe(after_restart, w.sign(now, 40)));
    // The next contradiction is an alarm again, and accepting it keeps both.
    const TestLog other("other", 40);
    after_restart.log = &other;
    CHECK_FALSE(w.believe(after_restart, w.sign(other, 40)));
    after_restart.note = w.sign(other, 40);
    CHECK(w.accept(after_restart));
    CHECK(history.accepted().value().size() == 2);
  }
}

TEST_CASE("nothing is accepted while the ledger is away") {
  World w;
  const TestLog honest("honest", 40), forked("forked", 40);
  LogLedger ledger(&w.records, w.key.public_key());
  ledger.log = &honest;
  REQUIRE(w.believe(ledger, w.sign(honest, 20)));
  ledger.log = &forked;
  REQUIRE_FALSE(w.believe(ledger, w.sign(forked, 20)));
  ledger.note = w.sign(forked, 40);
  ledger.away = true;
  CHECK(w.accept(ledger).error().code == Code::unreachable);
  CHECK(ledger.history().alarm().value().has_value());
}

TEST_CASE("a ledger that is away, or a note of somebody else, is no alarm") {
  World w;
  const TestLog log("honest", 9);
  LogLedger ledger(&w.records, w.key.public_key());
  ledger.log = &log;
  REQUIRE(w.believe(ledger, w.sign(log, 4)));
  ledger.away = true;
  CHECK(w.believe(ledger, w.sign(log, 9)).error().code == Code::unreachable);
  const auto other = crypto::SignKey::from_seed(seed_of(8));
  CHECK(w.believe(ledger, tlog::sign_checkpoint(log.checkpoint(9), other)).error().code ==
        Code::bad_signature);
  CHECK(w.believe(ledger, "nonsense").error().code == Code::usage);
  CHECK_FALSE(ledger.history().alarm().value().has_value());
  CHECK(ledger.history().believed().value() == w.sign(log, 4));
  ledger.away = false;
  CHECK(w.believe(ledger, w.sign(log, 9)));
}

TEST_CASE("which epochs of a list have not been seen before") {
  const TestLedger ledger, other(20);
  wire::LedgerKeys grown = ledger.keys();
  grown.epochs.push_back({2, other.poprf.public_key, 9'000});
  CHECK(new_epochs(std::nullopt, grown).size() == 2);
  CHECK(new_epochs(grown, grown).empty());
  const auto fresh = new_epochs(ledger.keys(), grown);
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].epoch == 2);
}

TEST_CASE("a stored alarm reads as it was written; a damaged one is told") {
  const HistoryAlarm alarm{5, "ALARM: x", "before", "shown"};
  const Bytes good = encode(alarm);
  CHECK(decode_alarm(good)->shown == "shown");
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(decode_alarm(ByteView(good).first(size)).error().code == Code::corrupt);
  const Bytes row = encode(AcceptedHistory{7, "note", alarm});
  CHECK(decode_accepted(row)->note == "note");
  CHECK(decode_accepted(row)->alarm.shown == "shown");
  for (std::size_t size = 0; size < row.size(); ++size)
    CHECK(decode_accepted(ByteView(row).first(size)).error().code == Code::corrupt);
}
