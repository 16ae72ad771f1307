// Refunds and transfers: stored before they are sent, the same bytes until there is an answer, and
// closed together with the voucher (docs/protocol.md §6.7, §6.8, §13).
#include "node/wallet/account_requests.h"

#include <deque>
#include <utility>

#include <doctest/doctest.h>

#include "tests/unit/node_home/silent_ledger.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

constexpr std::int64_t patience_ms = 20'000;

/// Says what its script says, then yes to everything.
class ScriptedLedger : public SilentLedger {
 public:
  net::Task<Result<Refunded>> refund(std::string jws) override {
    sent.push_back(std::move(jws));
    if (const auto refusal = next()) co_return tl::unexpected<Error>(*refusal);
    co_return Refunded{gives_back, 17};
  }
  net::Task<Result<Transferred>> transfer(std::string jws) override {
    sent.push_back(std::move(jws));
    if (const auto refusal = next()) co_return tl::unexpected<Error>(*refusal);
    co_return Transferred{eur(1150), 18};
  }
  std::deque<Code> script;
  std::vector<std::string> sent;
  money::Amount gives_back = eur(350);

 private:
  std::optional<Error> next() {
    if (script.empty()) return std::nullopt;
    const Code code = script.front();
    script.pop_front();
    return Error{code, "The ledger says " + std::string(code_name(code)) + "."};
  }
};

struct World {
  net::Loop loop;
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  identity::HomeKeys home{seed_of(1)};
  Wallet wallet{records, home};
  ScriptedLedger ledger;
  std::unique_ptr<AccountRequests> requests = fresh();
  std::string voucher = buy();

  std::unique_ptr<AccountRequests> fresh() {
    return std::make_unique<AccountRequests>(loop, wallet, ledger, records, home);
  }
  std::string buy() {
    const TestLedger seller;
    const auto begun = wallet.begin(offer_of("film", 350), seller.keys().epochs.back(), {}, 10'000);
    REQUIRE(begun);
    const auto finished =
        wallet.finish(begun->n, seller.sign(seller.receipt_for(begun->request_jws)),
                      seller.key.public_key(), seller.keys(), 11'000);
    REQUIRE(finished);
    return finished->voucher;
  }
  VoucherState state() { return wallet.voucher(voucher)->state; }
  std::size_t open() { return requests->open()->size(); }

  Result<AccountRequest> await(net::Task<Result<AccountRequest>> task) {
    std::optional<Result<AccountRequest>> out;
    net::spawn(loop, run(loop, std::move(task), out), "test");
    loop.run();
    return *out;
  }
  Result<AccountRequest> refund(std::int64_t patience = patience_ms) {
    return await(requests->refund(voucher, 0, patience));
  }
  Result<AccountRequest> transfer(std::uint32_t from, std::uint32_t to, std::int64_t minor,
                                  std::int64_t patience = patience_ms) {
    return await(requests->transfer(from, to, eur(minor), patience));
  }
  static net::Task<void> run(net::Loop& loop, net::Task<Result<AccountRequest>> task,
                             std::optional<Result<AccountRequest>>& out) {
    auto result = co_await std::move(task);
    out.emplace(std::move(result));
    loop.stop();
  }
};

}  // namespace

TEST_CASE("a refund: the voucher is used up, and the request says which wallet") {
  World w;
  const auto done = w.refund();
  REQUIRE(done);
  CHECK(done->amount == eur(350));
  CHECK(done->journal_index == 17);
  CHECK(w.state() == VoucherState::refunded);
  CHECK(w.open() == 0);
  REQUIRE(w.ledger.sent.size() == 1);
  const auto request = wire::read_refund(w.ledger.sent[0]);
  REQUIRE(request);
  CHECK(request->account == "wallet/" + w.home.address().text() + "/EUR");
  CHECK(to_hex(wire::voucher_input(request->one_time_key)) == w.voucher);
  // Not twice: the same command tells the same again.
  const auto again = w.refund();
  REQUIRE(again);
  CHECK(again->journal_index == 17);
  CHECK(w.ledger.sent.size() == 1);
}

TEST_CASE("what is not known to be done is asked for again, with the same bytes") {
  World w;
  w.ledger.script = {Code::unreachable, Code::unsettled};
  REQUIRE(w.refund());
  REQUIRE(w.ledger.sent.size() == 3);
  CHECK(w.ledger.sent[0] == w.ledger.sent[1]);
  CHECK(w.ledger.sent[0] == w.ledger.sent[2]);
  w.ledger.script = {Code::busy, Code::timeout};
  w.ledger.sent.clear();
  REQUIRE(w.transfer(0, 3, 500));
  REQUIRE(w.ledger.sent.size() == 3);
  CHECK(w.ledger.sent[0] == w.ledger.sent[1]);
  CHECK(w.ledger.sent[0] == w.ledger.sent[2]);
}

TEST_CASE("an answer that never came is asked for after a restart; the voucher waits for it") {
  World w;
  w.ledger.script.assign(1, Code::unreachable);
  const auto waiting = w.refund(1);
  REQUIRE_FALSE(waiting);
  CHECK(waiting.error().sentence.find("the same command continues it") != std::string::npos);
  CHECK(w.state() == VoucherState::refunding);
  CHECK(w.open() == 1);
  const std::string first = w.ledger.sent.at(0);
  w.requests->stop();

  AccountRequests after_restart(w.loop, w.wallet, w.ledger, w.records, w.home);
  after_restart.resume();
  // The same command continues it; it does not begin another one.
  const auto done = w.await(after_restart.refund(w.voucher, 0, patience_ms));
  REQUIRE(done);
  for (const auto& sent : w.ledger.sent) CHECK(sent == first);
  CHECK(w.state() == VoucherState::refunded);
}

TEST_CASE("a voucher that is given away or used up is not given back") {
  for (const VoucherEvent event : {VoucherEvent::give, VoucherEvent::take}) {
    World w;
    store::Batch batch;
    REQUIRE(w.wallet.move(batch, *w.wallet.voucher(w.voucher), event, {}, 12'000));
    REQUIRE(w.records.commit(batch));
    CHECK(w.refund().error().code == Code::gift_state);
    CHECK(w.ledger.sent.empty());
  }
}

TEST_CASE("what a refusal means for the voucher") {
  struct Row {
    Code code;
    VoucherState state;
  };
  const Row rows[] = {
      {Code::account_closed, VoucherState::held},   {Code::unknown_account, VoucherState::held},
      {Code::unknown_epoch, VoucherState::held},    {Code::overflow, VoucherState::held},
      {Code::voucher_spent, VoucherState::refused}, {Code::voucher_invalid, VoucherState::refused},
  };
  for (const Row& row : rows) {
    CAPTURE(code_name(row.code));
    World w;
    w.ledger.script = {row.code};
    CHECK(w.refund().error().code == row.code);
    CHECK(w.state() == row.state);
    CHECK(w.open() == 0);
    if (row.state != VoucherState::held) continue;
    REQUIRE(w.refund());
    CHECK(w.state() == VoucherState::refunded);
  }
}

TEST_CASE("a ledger that speaks of another sum is not believed") {
  World w;
  w.ledger.gives_back = eur(349);
  CHECK(w.refund(1).error().code == Code::bad_answer);
  CHECK(w.state() == VoucherState::refunding);
}

TEST_CASE("a transfer: signed by the home, fresh, and each command one of its own") {
  World w;
  const auto done = w.transfer(0, 3, 500);
  REQUIRE(done);
  CHECK(done->balance == 1150);
  CHECK(done->journal_index == 18);
  const auto request = wire::read_transfer(w.ledger.sent.at(0));
  REQUIRE(request);
  CHECK(request->from_pocket == 0);
  CHECK(request->to_pocket == 3);
  CHECK(request->amount == eur(500));
  CHECK(to_hex(request->request_id) == done->id);
  REQUIRE(w.transfer(0, 3, 500));
  CHECK(w.ledger.sent.at(1) != w.ledger.sent.at(0));
  w.ledger.script = {Code::insufficient_funds};
  CHECK(w.transfer(0, 3, 500).error().code == Code::insufficient_funds);
  CHECK(w.open() == 0);
}

TEST_CASE("an open transfer is continued by the same command, not by another") {
  World w;
  w.ledger.script = {Code::unreachable};
  CHECK(w.transfer(0, 3, 500, 1).error().code == Code::unreachable);
  REQUIRE(w.transfer(0, 3, 500));
  REQUIRE(w.ledger.sent.size() == 2);
  CHECK(w.ledger.sent[0] == w.ledger.sent[1]);
  w.ledger.script = {Code::unreachable};
  CHECK(w.transfer(0, 3, 500, 1).error().code == Code::unreachable);
  REQUIRE(w.transfer(0, 3, 501));
  CHECK(w.ledger.sent.back() != w.ledger.sent[2]);
}

TEST_CASE("what each answer means") {
  constexpr UtcMs fresh = 1'000, late = wire::request_freshness_ms + 30'000,
                  dead = wire::request_freshness_ms + 90'000;
  CHECK(account_answer(Code::stale_request, fresh) == AccountAnswer::refused);
  // A copy of it may still be under way at the ledger.
  CHECK(account_answer(Code::stale_request, late) == AccountAnswer::ask_again);
  CHECK(account_answer(Code::stale_request, dead) == AccountAnswer::too_late);
  for (const Code code : {Code::rate_limited, Code::busy, Code::unsettled, Code::unreachable,
                          Code::timeout, Code::bad_answer, Code::not_found, Code::io}) {
    CHECK(account_answer(code, fresh) == AccountAnswer::ask_again);
  }
  for (const Code code : {Code::account_frozen, Code::account_closed, Code::insufficient_funds,
                          Code::limit_exceeded, Code::idempotency_mismatch, Code::usage}) {
    CHECK(account_answer(code, fresh) == AccountAnswer::refused);
  }
}

TEST_CASE("a transfer that was late is signed anew, and the old one is gone") {
  World w;
  w.ledger.script = {Code::unreachable};
  REQUIRE_FALSE(w.transfer(0, 3, 500, 1));
  w.requests->stop();
  auto old = w.requests->open()->at(0);
  old.begun_ms -= wire::request_freshness_ms + 90'000;
  store::Batch batch;
  put(batch, std::string(account_request_prefix) + old.id, encode(old));
  REQUIRE(w.records.commit(batch));
  const auto before_restart = std::exchange(w.requests, w.fresh());
  w.ledger.script = {Code::stale_request};
  const auto done = w.transfer(0, 3, 500);
  REQUIRE(done);
  CHECK(done->id != old.id);
  CHECK(w.ledger.sent.back() != old.request_jws);
  CHECK(w.open() == 0);
}

TEST_CASE("a stored request reads as it was written; a damaged one is told") {
  AccountRequest request(eur(350));
  request.id = "ab";
  request.what = AccountRequest::What::refund;
  request.to = 3;
  request.balance = 5;
  request.problem = "no";
  const Bytes good = encode(request);
  const auto again = decode_account_request(good);
  REQUIRE(again);
  CHECK(again->amount == eur(350));
  CHECK(again->to == 3);
  CHECK(again->problem == "no");
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(decode_account_request(ByteView(good).first(size)).error().code == Code::corrupt);
  }
}
