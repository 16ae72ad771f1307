// Exchanges: stored before they are sent, the same bytes until there is an answer, and ended
// together with the fresh voucher and what it is for (docs/protocol.md §6.9, §13).
#include "node/wallet/exchanges.h"

#include <deque>

#include <doctest/doctest.h>

#include "node/wallet/derivations.h"
#include "tests/unit/node_home/silent_ledger.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

constexpr std::int64_t patience_ms = 20'000;

/// Says what its script says, then exchanges as an honest ledger does, or as one that lies.
class ScriptedLedger : public SilentLedger {
 public:
  ScriptedLedger() { card_.key = ledger.key.public_key(); }
  const identity::LedgerCard& card() const override { return card_; }
  net::Task<Result<wire::LedgerKeys>> keys(bool) override {
    if (away) co_return fail(Code::unreachable, "The ledger is away.");
    wire::LedgerKeys list = ledger.keys();
    list.epochs.front().epoch = epoch;
    co_return list;
  }
  net::Task<Result<std::string>> exchange(std::string jws) override {
    sent.push_back(jws);
    if (!script.empty()) {
      const Code code = script.front();
      script.pop_front();
      if (code == Code::unknown_epoch) epoch += next_epoch ? 1 : 0;
      co_return fail(code, "The ledger says " + std::string(code_name(code)) + ".");
    }
    wire::Exchanged answer = ledger.exchanged_for(jws);
    if (spoil) spoil(answer);
    co_return ledger.sign(answer);
  }
  TestLedger ledger;
  bool away = false, next_epoch = true;
  std::uint32_t epoch = 1;
  std::deque<Code> script;
  std::vector<std::string> sent;
  void (*spoil)(wire::Exchanged&) = nullptr;

 private:
  identity::LedgerCard card_;
};

struct World {
  net::Loop loop;
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  identity::HomeKeys home{seed_of(1)};
  Wallet wallet{records, home};
  ScriptedLedger ledger;
  std::unique_ptr<Exchanges> exchanges = fresh();
  int ended = 0, refused = 0;

  std::unique_ptr<Exchanges> fresh() {
    auto made = std::make_unique<Exchanges>(loop, wallet, ledger, records, home);
    made->on_end(
        [this](store::Batch& batch, const Exchange& exchange, VoucherRecord* voucher) {
          ++(voucher != nullptr ? ended : refused);
          put(batch, "followed/" + exchange.aim.gift, as_bytes("x"));
          return Result<void>();
        },
        [] {});
    return made;
  }
  /// Somebody else's voucher, as it comes in a gift.
  wire::Voucher foreign() const {
    const auto seed = seed_of(88);
    const auto input = wire::voucher_input(crypto::SignKey::from_seed(seed).public_key());
    const auto offer = offer_of("film", 350).id;
    const auto token =
        crypto::poprf::evaluate(ledger.ledger.poprf, input, wire::access_info(offer, 1));
    REQUIRE(token);
    return {offer, 1, seed, *token};
  }
  Result<VoucherRecord> exchange(Aim aim = {Aim::What::accept, "gift"},
                                 std::int64_t patience = patience_ms) {
    std::optional<Result<VoucherRecord>> out;
    net::spawn(loop, run(loop, exchanges->exchange(foreign(), aim, patience), out), "test");
    loop.run();
    return *out;
  }
  static net::Task<void> run(net::Loop& loop, net::Task<Result<VoucherRecord>> task,
                             std::optional<Result<VoucherRecord>>& out) {
    auto result = co_await std::move(task);
    out.emplace(std::move(result));
    loop.stop();
  }
  bool followed() const { return records.get("followed/gift")->has_value(); }
  std::size_t open() const { return exchanges->open()->size(); }
};

}  // namespace

TEST_CASE(
    "an exchange: a fresh voucher that the ledger takes, under a key that nobody else knows") {
  World w;
  const auto fresh = w.exchange();
  REQUIRE(fresh);
  CHECK(fresh->state == VoucherState::held);
  CHECK(fresh->received);
  CHECK(fresh->gift == "gift");
  CHECK(fresh->id != voucher_id(w.foreign()));
  CHECK(fresh->voucher.offer == w.foreign().offer);
  CHECK(w.ledger.ledger.takes(fresh->voucher));
  CHECK(crypto::equal(fresh->voucher.one_time_seed.view(),
                      one_time_seed(exchange_seed(w.home.seed(), 0), 0).view()));
  CHECK(w.ended == 1);
  CHECK(w.followed());
  CHECK(w.open() == 0);
  // Not twice: the same again tells the same voucher and asks nobody.
  const auto again = w.exchange();
  REQUIRE(again);
  CHECK(again->id == fresh->id);
  CHECK(w.ledger.sent.size() == 1);
  // The same voucher for something else is used up.
  CHECK(w.exchange({Aim::What::accept, "another"}).error().code == Code::voucher_spent);
}

TEST_CASE("what is not known to be done is asked for again, with the same bytes") {
  World w;
  w.ledger.script = {Code::unreachable, Code::unsettled};
  REQUIRE(w.exchange());
  REQUIRE(w.ledger.sent.size() == 3);
  CHECK(w.ledger.sent[0] == w.ledger.sent[1]);
  CHECK(w.ledger.sent[0] == w.ledger.sent[2]);
}

TEST_CASE("an exchange goes on after a restart, from before and from after its first sending") {
  for (const bool away : {true, false}) {
    CAPTURE(away);
    World w;
    w.ledger.away = away;
    if (!away) w.ledger.script = {Code::timeout};
    const auto waiting = w.exchange({Aim::What::accept, "gift"}, 1);
    REQUIRE_FALSE(waiting);
    CHECK(waiting.error().sentence.find("stored") != std::string::npos);
    CHECK(w.open() == 1);
    w.exchanges->stop();
    const auto before = std::exchange(w.exchanges, w.fresh());
    w.ledger.away = false;
    w.exchanges->resume();
    const auto fresh = w.exchange();
    REQUIRE(fresh);
    for (const auto& sent : w.ledger.sent) CHECK(sent == w.ledger.sent.front());
    CHECK(w.ended == 1);
  }
}

TEST_CASE("a voucher that somebody else used: refused once and for all, and what follows is told") {
  for (const Code code : {Code::voucher_spent, Code::voucher_invalid, Code::unknown_offer}) {
    CAPTURE(code_name(code));
    World w;
    w.ledger.script = {code};
    CHECK(w.exchange().error().code == code);
    CHECK(w.refused == 1);
    CHECK(w.ended == 0);
    CHECK(w.followed());
    CHECK(w.open() == 0);
    CHECK(w.wallet.vouchers()->empty());
  }
}

TEST_CASE("keys that changed meanwhile: asked anew for the current epoch, under another number") {
  World w;
  w.ledger.script = {Code::unknown_epoch};
  const auto fresh = w.exchange();
  REQUIRE(fresh);
  CHECK(fresh->voucher.epoch == 2);
  REQUIRE(w.ledger.sent.size() == 2);
  CHECK(wire::read_exchange(w.ledger.sent[0])->request_id !=
        wire::read_exchange(w.ledger.sent[1])->request_id);
  // A voucher of an epoch that never was does not ask for ever.
  World lost;
  lost.ledger.next_epoch = false;
  lost.ledger.script = {Code::unknown_epoch};
  CHECK(lost.exchange().error().code == Code::voucher_invalid);
  CHECK(lost.open() == 0);
}

TEST_CASE("numbers that another machine of this home used are stepped over") {
  World w;
  w.ledger.script = {Code::idempotency_mismatch, Code::idempotency_mismatch};
  REQUIRE(w.exchange());
  CHECK(w.ledger.sent.size() == 3);
  CHECK((*w.exchanges->of(voucher_id(w.foreign())))->m == 2);
}

TEST_CASE("a ledger that lies is not believed; the answer is kept, and nothing is lost") {
  struct Row {
    const char* what;
    void (*spoil)(wire::Exchanged&);
  };
  const Row rows[] = {
      {"another request", [](wire::Exchanged& a) { a.request_id[0] ^= 1; }},
      {"another body", [](wire::Exchanged& a) { a.request_hash[0] ^= 1; }},
      {"another offer", [](wire::Exchanged& a) { a.offer[0] ^= 1; }},
      {"another epoch", [](wire::Exchanged& a) { a.epoch += 1; }},
      {"a proof of another key",
       [](wire::Exchanged& a) { a.evaluated = TestLedger(40).poprf.public_key; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    World w;
    w.ledger.spoil = row.spoil;
    CHECK(w.exchange().error().code == Code::proof_invalid);
    CHECK(w.ended == 0);
    CHECK(w.wallet.vouchers()->empty());
    const auto kept = w.exchanges->of(voucher_id(w.foreign()));
    REQUIRE(kept);
    REQUIRE(*kept);
    CHECK((*kept)->state == Exchange::State::disputed);
    CHECK_FALSE((*kept)->answer_jws.empty());
    // An honest answer to the same request ends it.
    w.ledger.spoil = nullptr;
    CHECK(w.exchange());
    CHECK(w.ledger.sent.front() == w.ledger.sent.back());
  }
}

TEST_CASE("this home's own voucher that comes back is given up for the fresh one") {
  World w;
  const wire::Voucher own = w.foreign();
  store::Batch batch;
  w.wallet.put_voucher(batch, {voucher_id(own), own, VoucherState::exchanging, "gift", false, 1});
  REQUIRE(w.records.commit(batch));
  const auto fresh = w.exchange({Aim::What::bring_back, "gift"});
  REQUIRE(fresh);
  CHECK_FALSE(fresh->received);
  CHECK(fresh->gift.empty());
  CHECK(w.wallet.voucher(voucher_id(own))->state == VoucherState::exchanged);
}

TEST_CASE("a stored exchange reads as it was written; a damaged one is told") {
  Exchange exchange;
  exchange.id = "ab";
  exchange.old.epoch = 7;
  exchange.aim = {Aim::What::bring_back, "cd"};
  exchange.state = Exchange::State::pending;
  exchange.m = 5;
  exchange.request_jws = "r";
  const Bytes good = encode(exchange);
  const auto again = decode_exchange(good);
  REQUIRE(again);
  CHECK(again->old.epoch == 7);
  CHECK(again->aim.gift == "cd");
  CHECK(again->m == 5);
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(decode_exchange(ByteView(good).first(size)).error().code == Code::corrupt);
  }
}
