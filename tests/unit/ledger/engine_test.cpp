#include "ledger/engine/engine.h"

#include <atomic>
#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

#include "ledger/admin/audit.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

void check_audit(const store::Store& store) {
  const auto report = audit(*store.snapshot(), {}).value();
  CHECK_MESSAGE(!report.difference, (report.difference ? report.difference->what : ""));
}

struct TempDir {
  TempDir() {
    path = std::filesystem::temp_directory_path() / "hearth-ledger-XXXXXX";
    std::string text = path.string();
    REQUIRE(mkdtemp(text.data()) != nullptr);
    path = text;
  }
  ~TempDir() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("the same request is answered with the same bytes, and charged once") {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open_shop(*engine);

  const auto first = purchase(*engine, purchase_of("film", "buyer", "p"));
  REQUIRE(first.has_value());
  CHECK(told(*first) == "record 6 paid 3.50 EUR left 16.50 EUR pocket 0 evaluation");
  CHECK_FALSE(first->repeated);
  const auto second = purchase(*engine, purchase_of("film", "buyer", "p")).value();
  CHECK(told(second) == told(*first));
  CHECK(second.repeated);
  CHECK(balance(*engine, "buyer") == 16'50);

  auto other_body = purchase_of("film", "buyer", "p");
  other_body.request_hash = digest("another body");
  CHECK(purchase(*engine, other_body).error().code == Code::idempotency_mismatch);

  const auto access = redeem(*engine, redeem_of("film", "v"));
  REQUIRE(access.has_value());
  CHECK(told(redeem(*engine, redeem_of("film", "v")).value()) == told(*access));
  auto other_redemption = redeem_of("film", "v");
  other_redemption.request_hash = digest("another body");
  CHECK(redeem(*engine, other_redemption).error().code == Code::voucher_spent);

  const auto deposited = deposit(*engine, deposit_to("buyer", 20'00, "cash 1")).value();
  CHECK(deposited.repeated);
  CHECK(deposited.journal_index == 3);
  CHECK(deposited.balance_after == 20'00);
  CHECK_FALSE(deposit(*engine, deposit_to("buyer", 20'00, "cash 2")).value().repeated);
  CHECK_FALSE(deposit(*engine, deposit_to("buyer", 20'01, "cash 1")).value().repeated);

  CHECK(open(*engine, "buyer").value() == 2);
  CHECK(offer(*engine, offer_of("film", "seller", 3'50)).value() == 5);
  CHECK(offer(*engine, offer_of("film", "seller", 3'51)).error().code ==
        Code::idempotency_mismatch);
  check_audit(*store);
}

TEST_CASE("reads tell what is stored") {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {{"JPY", "EUR"}}).value();
  open_shop(*engine);
  purchase(*engine, purchase_of("film", "buyer", "p", 2)).value();
  const auto access = redeem(*engine, redeem_of("film", "v")).value();

  const auto stored = engine->purchase(request_id("p")).value();
  REQUIRE(stored.has_value());
  // Two currencies are one record; homes, deposit, fees and offer come before the purchase.
  CHECK(told(*stored) == "record 6 paid 7.00 EUR left 13.00 EUR pocket 0 evaluation");
  CHECK(stored->request_hash == digest("body of p"));
  CHECK(stored->home == home("buyer"));
  CHECK(stored->offer == digest("offer film"));
  CHECK(stored->vouchers == 2);
  CHECK_FALSE(engine->purchase(request_id("q")).value().has_value());
  CHECK(told(*engine->voucher(digest("voucher v")).value()) == told(access));
  CHECK_FALSE(engine->voucher(digest("voucher w")).value().has_value());
  const OfferTerms film{digest("offer film"), home("seller"), amount(3'50), 17};
  CHECK(engine->offer_terms(digest("offer film")) == film);
  CHECK_FALSE(engine->offer_terms(digest("offer none")).has_value());

  const auto balances = engine->balances(home("buyer")).value();
  REQUIRE(balances.size() == 2);
  CHECK(balances[0] == amount(13'00));
  CHECK(balances[1] == amount(0, "JPY"));
  CHECK(engine->balances(home("nobody")).error().code == Code::unknown_account);

  const auto entries = engine->statement(home("buyer"), 0, 200).value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].kind == "deposit");
  CHECK(entries[0].reference == "cash 1");
  CHECK(entries[0].amount == amount(20'00));
  CHECK(entries[1].kind == "purchase");
  CHECK(entries[1].amount == amount(-7'00));
  CHECK(entries[1].balance_after == 13'00);
  CHECK(entries[1].offer == digest("offer film"));
  CHECK(engine->statement(home("buyer"), entries[0].index, 200).value().size() == 1);
  CHECK(engine->statement(home("buyer"), 0, 1).value().size() == 1);
  const auto sales = engine->statement(home("seller"), 0, 200).value();
  REQUIRE(sales.size() == 1);
  CHECK(sales[0].kind == "sale");
  CHECK(sales[0].amount == amount(3'33));
  CHECK(engine->statement(home("nobody"), 0, 200).error().code == Code::unknown_account);
}

TEST_CASE("refusals cost nothing and carry the protocol's codes") {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open_shop(*engine);
  CHECK(purchase(*engine, purchase_of("none", "buyer", "1")).error().code == Code::unknown_offer);
  CHECK(purchase(*engine, purchase_of("film", "nobody", "2")).error().code ==
        Code::unknown_account);
  CHECK(purchase(*engine, purchase_of("film", "buyer", "3", 6)).error().code ==
        Code::insufficient_funds);
  CHECK(purchase(*engine, purchase_of("film", "buyer", "4", 17)).error().code == Code::usage);
  CHECK(redeem(*engine, redeem_of("film", "v")).error().code == Code::voucher_invalid);
  CHECK(deposit(*engine, deposit_to("buyer", 0, "x")).error().code == Code::amount_invalid);
  CHECK(offer(*engine, offer_of("x", "nobody", 1)).error().code == Code::unknown_account);
  Waiting<std::uint64_t> named;
  engine->submit_open(home("evil"), "../../etc", 1, named.answer());
  CHECK(named.get().error().code == Code::name_refused);
  CHECK(balance(*engine, "buyer") == 20'00);
  // A refused id is free: it can be used once the reason is gone.
  CHECK(purchase(*engine, purchase_of("film", "buyer", "3", 5)).has_value());
  check_audit(*store);
}

TEST_CASE("50 threads redeem one voucher at the same instant: it is spent once") {
  constexpr int threads = 50;
  for (const bool same_request : {false, true}) {
    CAPTURE(same_request);
    auto store = store::open_memory();
    auto engine = Engine::start(*store, {}).value();
    open_shop(*engine);
    purchase(*engine, purchase_of("film", "buyer", "p", 5)).value();
    std::latch together(threads);
    std::vector<Result<VoucherFacts>> results(threads, fail(Code::internal, "not answered"));
    std::vector<std::thread> crowd;
    for (int i = 0; i < threads; ++i)
      crowd.emplace_back([&, i] {
        auto command = redeem_of("film", "v");
        if (!same_request) command.request_hash = digest("redemption " + std::to_string(i));
        together.arrive_and_wait();
        results[static_cast<std::size_t>(i)] = redeem(*engine, command);
      });
    for (auto& thread : crowd) thread.join();
    int applied = 0, spent = 0;
    std::set<std::string> answers;
    for (const auto& result : results) {
      if (result) {
        ++applied;
        answers.insert(told(*result));
      } else {
        CHECK(result.error().code == Code::voucher_spent);
        ++spent;
      }
    }
    CHECK(applied == (same_request ? threads : 1));
    CHECK(spent == (same_request ? 0 : threads - 1));
    CHECK(answers.size() == 1);
    CHECK(balance(*engine, "seller") == 3'33);
    check_audit(*store);
  }
}

TEST_CASE("a commit that fails is not known to be kept, until the next one settles it") {
  auto memory = store::open_memory();
  UnrulyStore store(*memory);
  auto engine = Engine::start(store, {}).value();
  open_shop(*engine);
  purchase(*engine, purchase_of("film", "buyer", "before")).value();
  CHECK(engine->ready().has_value());

  store.fail_next_commits(1);
  const auto failed = purchase(*engine, purchase_of("film", "buyer", "p"));
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == Code::unsettled);
  CHECK(failed.error().sentence.find("you cannot be charged twice") != std::string::npos);
  CHECK(balance(*engine, "buyer") == 16'50);
  CHECK_FALSE(engine->purchase(request_id("p")).value().has_value());

  // The next commit settles that nothing was kept: what rested on the lost batch is refused.
  store.fail_next_commits(1);
  CHECK(offer(*engine, offer_of("second", "seller", 1)).error().code == Code::disk_full);
  CHECK_FALSE(engine->ready().has_value());
  CHECK(purchase(*engine, purchase_of("second", "buyer", "q")).error().code == Code::unknown_offer);
  CHECK(engine->ready().has_value());

  const auto again = purchase(*engine, purchase_of("film", "buyer", "p"));
  REQUIRE(again.has_value());
  CHECK(told(*again) == "record 7 paid 3.50 EUR left 13.00 EUR pocket 0 evaluation");
  CHECK(balance(*engine, "buyer") == 13'00);
  CHECK(engine->stats().commits_failed == 1);
  check_audit(*memory);
}

TEST_CASE("books that kept a batch whose commit failed are not written on") {
  auto memory = store::open_memory();
  UnrulyStore store(*memory);
  auto engine = Engine::start(store, {}).value();
  open_shop(*engine);
  store.keep_but_fail_next_commit();
  CHECK(purchase(*engine, purchase_of("film", "buyer", "p")).error().code == Code::unsettled);
  const auto refused = purchase(*engine, purchase_of("film", "buyer", "q"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().sentence.find("restart the ledger") != std::string::npos);
  CHECK_FALSE(engine->ready().has_value());

  engine = Engine::start(store, {}).value();
  const auto again = purchase(*engine, purchase_of("film", "buyer", "p"));
  REQUIRE(again.has_value());
  CHECK(again->repeated);  // it was charged once, as the first answer said it might be
  CHECK(balance(*engine, "buyer") == 16'50);
  check_audit(*memory);
}

TEST_CASE("one batch: every command is answered after the commit, or with its failure") {
  auto memory = store::open_memory();
  UnrulyStore store(*memory);
  auto engine = Engine::start(store, {}).value();
  open_shop(*engine);
  for (const bool failing : {true, false}) {
    CAPTURE(failing);
    store.close_gate();
    std::atomic<int> answered{0};
    // This one holds the writer at the gate while the others gather behind it.
    store::Batch side;
    side.put(as_bytes("room/x"), as_bytes(failing ? "1" : "2"));
    Waiting<std::uint64_t> first;
    engine->submit_side(side, first.answer());
    store.wait_until_one_waits();
    store.fail_next_commits(failing ? 3 : 0);  // the side write's, settling it, and the batch's
    const auto count = [&answered](Waiting<PurchaseFacts>& waiting) {
      return [&answered, answer = waiting.answer()](Result<PurchaseFacts> result) {
        ++answered;
        answer(std::move(result));
      };
    };
    Waiting<PurchaseFacts> one, same, spoilt, poor;
    auto other_body = purchase_of("film", "buyer", "p");
    other_body.request_hash = digest("another body");
    engine->submit_purchase(purchase_of("film", "buyer", "p"), {}, count(one));
    engine->submit_purchase(purchase_of("film", "buyer", "p"), {}, count(same));
    engine->submit_purchase(other_body, {}, count(spoilt));
    engine->submit_purchase(purchase_of("film", "buyer", "q", 5), {}, count(poor));
    CHECK(answered == 0);
    store.open_gate();

    CHECK(first.get().has_value() != failing);
    const auto a = one.get(), b = same.get(), c = spoilt.get(), d = poor.get();
    if (failing) {
      for (const auto* result : {&a, &b, &c, &d}) CHECK(result->error().code == Code::disk_full);
      CHECK(balance(*engine, "buyer") == 20'00);
      CHECK_FALSE(memory->get(as_bytes("room/x")).value().has_value());
    } else {
      CHECK(told(a.value()) == told(b.value()));
      CHECK(c.error().code == Code::idempotency_mismatch);
      CHECK(d.error().code == Code::insufficient_funds);
      CHECK(balance(*engine, "buyer") == 16'50);
      CHECK(memory->get(as_bytes("room/x")).value() == to_bytes(as_bytes("2")));
    }
    check_audit(*memory);
  }
}

TEST_CASE("what is decided while a batch is written sees it, comes after it and falls with it") {
  for (const bool failing : {true, false}) {
    CAPTURE(failing);
    auto memory = store::open_memory();
    UnrulyStore store(*memory);
    Engine::Options options;
    options.batch_limit = 2;
    auto engine = Engine::start(store, options).value();
    open_shop(*engine);
    std::mutex mutex;
    std::string order;
    const auto noting = [&](const char* name, Waiting<PurchaseFacts>& waiting) {
      return [&mutex, &order, name, answer = waiting.answer()](Result<PurchaseFacts> result) {
        {
          const std::lock_guard lock(mutex);
          order += name;
        }
        answer(std::move(result));
      };
    };
    Waiting<PurchaseFacts> first, same, other, poor, last;
    store.close_gate();
    engine->submit_purchase(purchase_of("film", "buyer", "p"), {}, noting("1", first));
    store.wait_until_one_waits();
    const std::size_t gets = store.gets();
    // These two fill a batch that is decided while the first is at the gate.
    engine->submit_purchase(purchase_of("film", "buyer", "q"), {}, noting("2", other));
    engine->submit_purchase(purchase_of("film", "buyer", "p"), {}, noting("3", same));
    store.wait_until_gets_exceed(gets);
    engine->submit_purchase(purchase_of("film", "buyer", "r", 4), {}, noting("4", poor));
    engine->submit_purchase(purchase_of("film", "buyer", "s"), {}, noting("5", last));
    store.fail_next_commits(failing ? 1 : 0);
    store.open_gate();

    const auto a = first.get(), b = other.get(), c = same.get(), d = poor.get(), e = last.get();
    CHECK(order == "12345");
    if (failing) {
      CHECK(a.error().code == Code::unsettled);
      for (const auto* result : {&b, &c}) CHECK(result->error().code == Code::disk_full);
      CHECK(told(d.value()) == "record 6 paid 14.00 EUR left 6.00 EUR pocket 0 ");
      CHECK(told(e.value()) == "record 7 paid 3.50 EUR left 2.50 EUR pocket 0 ");
    } else {
      CHECK(told(a.value()) == "record 6 paid 3.50 EUR left 16.50 EUR pocket 0 ");
      CHECK(told(b.value()) == "record 7 paid 3.50 EUR left 13.00 EUR pocket 0 ");
      CHECK(told(c.value()) == told(a.value()));
      CHECK(c->repeated);
      CHECK(d.error().code == Code::insufficient_funds);
      CHECK(told(e.value()) == "record 8 paid 3.50 EUR left 9.50 EUR pocket 0 ");
    }
    CHECK(engine->ready().has_value());
    CHECK(engine->stats().records == (failing ? 8 : 9));
    check_audit(*memory);
  }
}

TEST_CASE("a full queue refuses at once, and keeps what it took") {
  auto memory = store::open_memory();
  UnrulyStore store(*memory);
  Engine::Options options;
  options.queue_limit = 3;
  auto engine = Engine::start(store, options).value();
  open_shop(*engine);
  store.close_gate();
  Waiting<Booked> first;
  engine->submit_deposit(deposit_to("buyer", 1, "first"), first.answer());
  store.wait_until_one_waits();
  std::vector<Waiting<Booked>> waiting(4);
  for (std::size_t i = 0; i < waiting.size(); ++i)
    engine->submit_deposit(deposit_to("buyer", 1, std::to_string(i)), waiting[i].answer());
  CHECK(waiting[3].get().error().code == Code::busy);  // answered although the gate is closed
  store.open_gate();
  CHECK(first.get().has_value());
  for (std::size_t i = 0; i < 3; ++i) CHECK(waiting[i].get().has_value());
  CHECK(balance(*engine, "buyer") == 20'04);
}

TEST_CASE("ending the engine works off what it took") {
  auto memory = store::open_memory();
  UnrulyStore store(*memory);
  auto engine = Engine::start(store, {}).value();
  open_shop(*engine);
  store.close_gate();
  std::vector<Waiting<Booked>> waiting(20);
  for (std::size_t i = 0; i < waiting.size(); ++i)
    engine->submit_deposit(deposit_to("buyer", 1, std::to_string(i)), waiting[i].answer());
  store.open_gate();
  engine.reset();
  for (auto& answer : waiting) CHECK(answer.get().has_value());
  check_audit(*memory);
}

TEST_CASE("side writes of an offer come with it, and only with it") {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open_shop(*engine);
  const auto side = [](const char* value) {
    store::Batch batch;
    batch.put(as_bytes("offer/x"), as_bytes(value));
    return batch;
  };
  CHECK_FALSE(offer(*engine, offer_of("x", "nobody", 1), side("refused")));
  CHECK_FALSE(store->get(as_bytes("offer/x")).value().has_value());
  CHECK(offer(*engine, offer_of("x", "seller", 1), side("first")));
  CHECK(offer(*engine, offer_of("x", "seller", 1), side("repeated")));
  CHECK(store->get(as_bytes("offer/x")).value() == to_bytes(as_bytes("first")));
}

TEST_CASE("a home that comes with another name is renamed") {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  CHECK(open(*engine, "seller").value() == 1);
  Waiting<std::uint64_t> renamed;
  engine->submit_open(home("seller"), "Seller & Sons", 1, renamed.answer());
  CHECK(renamed.get().value() == 1);
  CHECK(BooksView(*store).home(home("seller")).value()->name == "Seller & Sons");
  check_audit(*store);
}

TEST_CASE("a restart on RocksDB keeps everything") {
  const TempDir dir;
  std::string receipt, access;
  {
    auto store = store::open_rocksdb(dir.path).value();
    auto engine = Engine::start(*store, {}).value();
    open_shop(*engine);
    receipt = told(purchase(*engine, purchase_of("film", "buyer", "p", 2)).value());
    access = told(redeem(*engine, redeem_of("film", "v")).value());
  }
  auto store = store::open_rocksdb(dir.path).value();
  Engine::Options options;
  options.currencies = {};
  auto engine = Engine::start(*store, options).value();
  CHECK(balance(*engine, "buyer") == 13'00);
  CHECK(balance(*engine, "seller") == 3'33);
  CHECK(told(purchase(*engine, purchase_of("film", "buyer", "p", 2)).value()) == receipt);
  CHECK(told(redeem(*engine, redeem_of("film", "v")).value()) == access);
  CHECK(redeem(*engine, redeem_of("film", "w")).has_value());
  CHECK(redeem(*engine, redeem_of("film", "x")).error().code == Code::voucher_invalid);
  CHECK(deposit(*engine, deposit_to("buyer", 20'00, "cash 1")).value().repeated);
  check_audit(*store);
}

TEST_CASE("a second engine on the store fences off the first") {
  auto store = store::open_memory();
  auto first = Engine::start(*store, {}).value();
  open_shop(*first);
  auto second = Engine::start(*store, {}).value();
  CHECK(deposit(*first, deposit_to("buyer", 1, "late")).error().code == Code::locked);
  CHECK(deposit(*second, deposit_to("buyer", 1, "x")).has_value());
  check_audit(*store);
}

TEST_CASE("currencies: another one can be kept later, an unknown one not") {
  auto store = store::open_memory();
  CHECK(Engine::start(*store, {{"XXY"}}).error().code == Code::currency_unknown);
  Engine::start(*store, {{"EUR"}}).value().reset();
  auto engine = Engine::start(*store, {{"EUR", "JPY"}}).value();
  open_shop(*engine);
  CHECK(engine->balances(home("buyer")).value().size() == 2);
  check_audit(*store);
}

TEST_CASE("books that break a rule are not started on") {
  const auto wallet = AccountId::wallet(home("buyer"), currency());
  const auto escrow = AccountId::escrow(digest("offer film"), 1, currency());
  struct Row {
    const char* what;
    Bytes key;
    std::optional<Bytes> value;
  };
  const Row rows[] = {
      {"a balance", books::key(books::accounts, wallet.raw()), books::encode(Account{16'51, 0, 0})},
      {"a negative wallet", books::key(books::accounts, wallet.raw()),
       books::encode(Account{-1, 0, 0})},
      {"a voucher count", books::key(books::accounts, escrow.raw()),
       books::encode(Account{3'50, 2, 0})},
      {"an unreadable balance", books::key(books::accounts, wallet.raw()), Bytes{9}},
      {"a lost last record", books::journal_key(6), std::nullopt},
      {"a lost tree", books::key(books::tree, {}), std::nullopt},
      {"a lost offer", books::key(books::offers, digest("offer film")), std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    auto store = store::open_memory();
    {
      auto engine = Engine::start(*store, {}).value();
      open_shop(*engine);
      purchase(*engine, purchase_of("film", "buyer", "p")).value();
    }
    store::Batch tamper;
    row.value ? tamper.put(row.key, *row.value) : tamper.erase(row.key);
    REQUIRE(store->commit(tamper, store->claim().value()).has_value());
    const auto started = Engine::start(*store, {});
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().code == Code::corrupt);
  }
}
