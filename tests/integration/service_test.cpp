// hearth-ledgerd as a process that serves: it stops without losing an answer, and money comes in
// through events, killed between their steps.
#include <functional>
#include <future>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/crypto/hash.h"
#include "common/identity/cards.h"
#include "common/net/client.h"
#include "common/net/task.h"
#include "common/wire/documents.h"
#include "tests/support/daemons.h"

namespace hearth::test {
namespace {

crypto::SignKey key_of(std::size_t number) {
  return crypto::SignKey::from_seed(
      crypto::derive(crypto::Seed(crypto::sha256(as_bytes("service test"))), "home", number));
}

std::string signed_by(std::size_t number, const char* typ, wire::Json payload) {
  const auto key = key_of(number);
  payload["home"] = identity::HomeAddress{key.public_key()}.text();
  return wire::sign_jws(typ, wire::with_issued(std::move(payload), now_ms()), key);
}

/// Answers of a crowd; 0: none came.
struct Crowd {
  net::Loop loop;
  net::PinnedServer server;
  std::vector<int> statuses;
  std::size_t waiting = 0;
  std::size_t answered = 0;
  std::function<void()> first_answer{};
};

net::Task<void> ask(Crowd& crowd, std::size_t number, std::string path, std::string body) {
  net::Request request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = to_bytes(as_bytes(body));
  const auto response =
      co_await net::https_request(crowd.loop, crowd.server, std::move(request), 60'000);
  if (response) crowd.statuses[number] = response->status;
  if (response && ++crowd.answered == 1 && crowd.first_answer) crowd.first_answer();
  if (--crowd.waiting == 0) crowd.loop.stop();
}

/// All at once, each over a connection of its own.
std::vector<int> ask_all(Crowd& crowd, std::size_t count, const char* path, const char* typ,
                         const wire::Json& payload) {
  crowd.statuses.assign(count, 0);
  crowd.waiting = count;
  crowd.answered = 0;
  for (std::size_t i = 0; i < count; ++i) {
    net::spawn(crowd.loop, ask(crowd, i, path, signed_by(i, typ, payload)), "a request");
  }
  crowd.loop.run();
  return crowd.statuses;
}

struct Shop {
  Shop() : home(town.add_home("A")) {
    town.ledger().stop();
    const std::string config =
        "[payments.shop]\nkind = \"webhook\"\nsecret_file = \"shop.secret\"\n";
    REQUIRE(write_file_atomic(secret(), as_bytes("a secret of the shop\n"), 0600));
    REQUIRE(write_file_atomic(town.ledger_dir() / "config.toml", as_bytes(config), 0600));
    restart();
    address = home.ok({"id"}).at("home");
  }
  fs::path secret() const { return town.ledger_dir() / "shop.secret"; }
  void restart(const std::vector<std::string>& env = {}) {
    if (town.ledger().running()) town.ledger().stop();
    town.start_ledger(env);
  }
  Outcome pay(const std::string& event, int minor, const std::string& to) {
    const std::string url = town.operate_ok({"card"}).at("url");
    return run({(fs::path(HEARTH_SOURCE_DIR) / "tests/tools/fake-provider").string(), "--url", url,
                "--ca", (town.ledger_dir() / "keys/tls.crt").string(), "--name", "shop",
                "--secret-file", secret().string(), "--home", to, "--amount", std::to_string(minor),
                "--event", event});
  }
  /// Of wallets in EUR, as the books have it.
  std::int64_t wallets() {
    for (const Json& total : rows(town.operate_ok({"status"}), "totals")) {
      if (total.at("currency") == "EUR") return total.at("wallet").at("minor");
    }
    return 0;
  }

  Town town;
  Home& home;
  std::string address;
};

}  // namespace

TEST_CASE(
    "SIGTERM under load: every answer that was given holds, and the rest can be asked again") {
  constexpr std::size_t count = 64;
  Town town({"--rate-per-address", "0"});
  const auto card = identity::parse_ledger_card(town.card());
  REQUIRE(card);
  Crowd crowd;
  crowd.server.url = card->url;
  crowd.server.pin = card->pin;
  std::future<int> exit_code;
  crowd.first_answer = [&] {
    exit_code = std::async(std::launch::async, [&town] { return town.ledger().stop(); });
  };
  const wire::Json opening{{"name", "A home"}};
  const auto first = ask_all(crowd, count, "/v1/homes", "hearth/home/1", opening);
  REQUIRE(exit_code.valid());
  CHECK(exit_code.get() == 0);
  crowd.first_answer = nullptr;
  town.start_ledger();
  const auto known = ask_all(crowd, count, "/v1/statement", "hearth/statement/1", {});
  std::size_t answered = 0;
  for (std::size_t i = 0; i < count; ++i) {
    CAPTURE(i);
    CHECK((first[i] == 200 || first[i] == 0));  // an answer, or the connection's end
    if (first[i] != 200) continue;
    ++answered;
    CHECK(known[i] == 200);
  }
  CHECK(answered > 0);
  for (const int status : ask_all(crowd, count, "/v1/homes", "hearth/home/1", opening)) {
    CHECK(status == 200);
  }
  town.audit_clean();
}

TEST_CASE("an event of a payment provider is credited once, killed at each step") {
  Shop shop;
  CHECK(shop.pay("evt_0", 100, shop.address).exit_code == 0);
  std::int64_t expected = 100;
  for (const char* point : {"ledger.payment.taken", "ledger.payment.deposited"}) {
    CAPTURE(point);
    const std::string event = std::string("evt_") + point;
    shop.restart({std::string("HEARTH_CRASH_AT=") + point});
    CHECK(shop.pay(event, 2'000, shop.address).exit_code == 1);
    eventually("the ledger dies at the point", 30, [&] { return shop.town.ledger().ended(); });
    shop.restart();
    // It is credited at the start, nobody having asked again.
    expected += 2'000;
    eventually("the event is credited", 30, [&] { return shop.wallets() == expected; });
    CHECK(shop.pay(event, 2'000, shop.address).out.find("credited") != std::string::npos);
    CHECK(shop.wallets() == expected);
    CHECK(shop.pay(event, 2'001, shop.address).err.find("idempotency_mismatch") !=
          std::string::npos);
  }
  shop.town.audit_clean();
}

TEST_CASE("a payment for a home that is not here is held, and retried once the home has come") {
  Shop shop;
  const std::string stranger = identity::HomeAddress{key_of(0).public_key()}.text();
  const Outcome paid = shop.pay("evt_early", 1'500, stranger);
  CHECK(paid.exit_code == 0);  // the service has the money: it need not repeat anything
  CHECK(paid.out.find("held") != std::string::npos);
  const Json held = rows(shop.town.operate_ok({"payments", "list", "--held"}), "payments");
  REQUIRE(held.size() == 1);
  CHECK(held.at(0).at("why") == "unknown_account");
  // Too early: refused, and held as before.
  CHECK(shop.town.operate({"payments", "retry", "shop", "evt_early"}).exit_code == 1);
  CHECK(rows(shop.town.operate_ok({"payments", "list", "--held"}), "payments") == held);
  CHECK(shop.wallets() == 0);

  const auto card =
      identity::parse_ledger_card(shop.town.operate_ok({"card"}).at("card").get<std::string>());
  REQUIRE(card);
  Crowd crowd;
  crowd.server.url = card->url;
  crowd.server.pin = card->pin;
  CHECK(ask_all(crowd, 1, "/v1/homes", "hearth/home/1", {{"name", "Came later"}}).front() == 200);
  const Json first = shop.town.operate_ok({"payments", "retry", "shop", "evt_early"});
  CHECK(first.at("state") == "credited");
  CHECK(first.at("name") == "Came later");
  CHECK(first.at("repeated") == false);
  const Json second = shop.town.operate_ok({"payments", "retry", "shop", "evt_early"});
  CHECK(second.at("repeated") == true);
  CHECK(second.at("journal_index") == first.at("journal_index"));
  // The service repeats it all the same.
  CHECK(shop.pay("evt_early", 1'500, stranger).out.find("credited") != std::string::npos);
  CHECK(shop.wallets() == 1'500);
  CHECK(rows(shop.town.operate_ok({"payments", "list", "--held"}), "payments").empty());
  shop.town.audit_clean();
}

}  // namespace hearth::test
