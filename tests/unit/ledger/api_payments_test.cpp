// docs/protocol.md §8.2: events of payment providers over HTTP, each credited exactly once.
#include <future>

#include <doctest/doctest.h>

#include "api_fixture.h"
#include "ledger/payments/inbox.h"
#include "ledger/payments/signature.h"
#include "ledger/payments/webhook.h"
#include "tests/unit/net/raw_socket.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

constexpr std::string_view secret = "a secret of the shop";
constexpr const char* path = "/v1/payments/webhook/shop";

Policy with_shop() {
  Policy policy;
  policy.providers.emplace("shop", std::make_shared<const payments::WebhookProvider>(
                                       "shop", std::vector<std::string>{std::string(secret)}));
  return policy;
}

std::string event(const std::string& id, const identity::HomeAddress& home, std::int64_t minor,
                  const std::string& currency = "eur",
                  const std::string& type = "payment_intent.succeeded") {
  return wire::Json{{"id", id},
                    {"type", type},
                    {"data",
                     {{"object",
                       {{"amount_received", minor},
                        {"currency", currency},
                        {"metadata", {{"home", home.text()}}}}}}}}
      .dump();
}

net::Request delivery(const TestLedger& ledger, const std::string& body) {
  net::Request out;
  out.method = "POST";
  out.path = path;
  out.headers["stripe-signature"] =
      payments::sign_event(secret, ledger.clock / 1000, as_bytes(body));
  out.body = to_bytes(as_bytes(body));
  return out;
}

/// "credited", or the code of a problem.
std::string outcome(const net::Response& response) {
  if (response.status != 200) return problem_code(response);
  return json_of(response)["event"].get<std::string>();
}

std::string send(TestLedger& ledger, const std::string& body) {
  return outcome(ledger.request(delivery(ledger, body)));
}

}  // namespace

TEST_CASE("webhook: an event is credited once, however often it comes") {
  TestLedger ledger(with_shop());
  const TestHome home(1);
  ledger.open_home(home);
  const std::string body = event("evt_1", home.address, 2'000);
  CHECK(send(ledger, body) == "credited");
  CHECK(ledger.balance(home) == 2'000);
  CHECK(send(ledger, body) == "credited");
  ledger.restart();
  CHECK(send(ledger, body) == "credited");
  CHECK(ledger.balance(home) == 2'000);
  CHECK(send(ledger, event("evt_2", home.address, 2'000)) == "credited");
  CHECK(ledger.balance(home) == 4'000);
}

TEST_CASE("webhook: many deliveries of one event at once credit it once") {
  TestLedger ledger(with_shop());
  const TestHome home(1);
  ledger.open_home(home);
  const std::string body = event("evt_1", home.address, 2'000);
  const std::vector<net::Request> many(16, delivery(ledger, body));
  std::size_t credited = 0;
  for (const auto& response : ledger.at_once(many)) {
    const std::string what = outcome(response);
    CHECK((what == "credited" || what == "busy"));
    credited += what == "credited" ? 1 : 0;
  }
  CHECK(credited > 0);
  CHECK(send(ledger, body) == "credited");
  CHECK(ledger.balance(home) == 2'000);
}

TEST_CASE("webhook: what is refused, ignored and held") {
  TestLedger ledger(with_shop());
  const TestHome home(1), nobody(2);
  ledger.open_home(home);
  REQUIRE(send(ledger, event("evt_1", home.address, 2'000)) == "credited");

  struct Row {
    const char* what;
    std::string body;
    const char* outcome;
  };
  const Row rows[] = {
      {"another amount", event("evt_1", home.address, 2'001), "idempotency_mismatch"},
      {"another home", event("evt_1", nobody.address, 2'000), "idempotency_mismatch"},
      {"no payment", event("evt_3", home.address, 1, "eur", "payment_intent.created"), "ignored"},
      {"unknown home", event("evt_4", nobody.address, 700), "held"},
      {"currency not kept", event("evt_5", home.address, 700, "usd"), "held"},
      {"amount of none", event("evt_6", home.address, 0), "held"},
      {"not JSON", "not JSON", "held"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(send(ledger, row.body) == row.outcome);
    CHECK(send(ledger, row.body) == row.outcome);  // a repetition comes to the same
  }
  CHECK(ledger.balance(home) == 2'000);
  std::vector<std::string> open;
  REQUIRE(payments::each_event(ledger.store(), true, [&](const payments::Event& one) {
    open.push_back(one.id.substr(0, 7) + " " + one.why);
    return true;
  }));
  CHECK(open == std::vector<std::string>{"evt_4 unknown_account", "evt_5 currency_unknown",
                                         "evt_6 usage", "sha256- usage"});
  // The home opens its account after all: the provider's next repetition credits it.
  ledger.open_home(nobody);
  CHECK(send(ledger, event("evt_4", nobody.address, 700)) == "credited");
  CHECK(ledger.balance(nobody) == 700);
}

TEST_CASE("webhook: only what the provider signed lately is heard") {
  TestLedger ledger(with_shop());
  const TestHome home(1);
  ledger.open_home(home);
  const std::string body = event("evt_1", home.address, 2'000);
  auto unsigned_event = delivery(ledger, body);
  unsigned_event.headers.erase("stripe-signature");
  CHECK(outcome(ledger.request(unsigned_event)) == "usage");
  auto changed = delivery(ledger, body);
  changed.body.back() = ' ';
  CHECK(outcome(ledger.request(changed)) == "bad_signature");
  auto elsewhere = delivery(ledger, body);
  elsewhere.path = "/v1/payments/webhook/other";
  CHECK(outcome(ledger.request(elsewhere)) == "not_found");
  const auto old = delivery(ledger, body);
  ledger.clock += payments::replay_window_ms + 1'000;
  CHECK(outcome(ledger.request(old)) == "stale_request");
  CHECK(ledger.balance(home) == 0);
}

TEST_CASE("webhook: what a crash left between the steps is credited at the next start") {
  TestLedger ledger(with_shop());
  const TestHome home(1);
  ledger.open_home(home);
  const payments::Event taken{
      .provider = "shop",
      .id = "evt_1",
      .at_ms = ledger.clock,
      .payment = payments::Payment{AccountId::wallet(home.address, euros(0).currency), euros(2'000),
                                   "evt_1", "webhook:shop"}};
  std::promise<bool> written;
  ledger.engine().submit_side(payments::put_event(taken),
                              [&](const auto& done) { written.set_value(done.has_value()); });
  REQUIRE(written.get_future().get());
  ledger.restart();
  for (int i = 0; i < 100'000 && ledger.balance(home) == 0; ++i) std::this_thread::yield();
  CHECK(ledger.balance(home) == 2'000);
  // Money first, then the event is closed: in between a repetition is told to come again.
  std::string said = "busy";
  while (said == "busy") said = send(ledger, event("evt_1", home.address, 2'000));
  CHECK(said == "credited");
  CHECK(ledger.balance(home) == 2'000);
}

TEST_CASE("webhook: the plain port takes events and nothing else") {
  TestLedger ledger(with_shop());
  const TestHome home(1);
  ledger.open_home(home);
  const std::string body = event("evt_1", home.address, 2'000);
  const std::string signature = payments::sign_event(secret, ledger.clock / 1000, as_bytes(body));
  const auto exchange = [&](const std::string& request) {
    net::RawSocket socket(ledger.service().webhook_port());
    REQUIRE(socket.send_all(request));
    return socket.read_all();
  };
  const std::string rest = " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
  CHECK(exchange("POST " + std::string(path) + rest + "stripe-signature: " + signature +
                 "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
            .starts_with("HTTP/1.1 200 "));
  CHECK(ledger.balance(home) == 2'000);
  CHECK(exchange("GET /v1/keys" + rest + "\r\n").starts_with("HTTP/1.1 404 "));
}
