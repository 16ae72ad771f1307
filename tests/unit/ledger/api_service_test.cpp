// The service as such: stored answers, what it refuses when it has too much to do, health, metrics.
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "api_fixture.h"
#include "tests/unit/net/raw_socket.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

/// Head and body of a plain GET.
std::string plain_get(std::uint16_t port, const std::string& path) {
  net::RawSocket socket(port);
  REQUIRE(socket.send_all("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
  return socket.read_all();
}

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  return answer.substr(end + 4);
}

net::Request post_of(const std::string& path, const std::string& body) {
  net::Request out;
  out.method = "POST";
  out.path = path;
  out.body = to_bytes(as_bytes(body));
  return out;
}

std::string statement_of(const TestLedger& ledger, const TestHome& home) {
  return wire::sign_jws("hearth/statement/1",
                        wire::with_issued({{"home", home.address.text()}}, ledger.clock), home.key);
}

/// Prometheus text format 0.0.4, strictly: HELP, TYPE, then that family's samples; the value of
/// each by its name and labels. Fails the test on anything else.
std::map<std::string, double> parse_metrics(const std::string& text) {
  std::map<std::string, double> out;
  std::set<std::string> families;
  std::string family;
  std::string type;
  std::istringstream lines(text);
  REQUIRE(text.ends_with('\n'));
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "#") {
      REQUIRE((second == "HELP" || second == "TYPE"));
      if (second == "HELP") {
        CHECK(families.insert(third).second);  // each family once
        family = third;
      } else {
        CHECK(third == family);
        words >> type;
        CHECK((type == "counter" || type == "gauge" || type == "histogram"));
        CHECK((type != "counter") == !family.ends_with("_total"));
      }
      continue;
    }
    const std::size_t space = line.rfind(' ');
    REQUIRE(space != std::string::npos);
    const std::string sample = line.substr(0, space);
    const std::string name = sample.substr(0, sample.find('{'));
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    if (type == "histogram") {
      CHECK((name == family + "_bucket" || name == family + "_sum" || name == family + "_count"));
    } else {
      CHECK(name == family);
    }
    if (name.size() < sample.size()) CHECK(sample.ends_with("\"}"));
    std::size_t used = 0;
    const double value = std::stod(line.substr(space + 1), &used);
    CHECK(used == line.size() - space - 1);
    CHECK(out.emplace(sample, value).second);
  }
  return out;
}

}  // namespace

TEST_CASE("service: a purchase can be asked for again by its id") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2);
  const auto published = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, 1'000);
  const auto purchase = ledger.prepare_purchase(buyer, published.offer);
  const std::string path = "/v1/purchases/" + to_hex(purchase.request.request_id);
  CHECK(problem_code(ledger.get(path)) == "not_found");
  const auto answer = ledger.post("/v1/purchases", purchase.jws);
  REQUIRE(answer.status == 200);
  const auto again = ledger.get(path);
  CHECK(again.status == 200);
  CHECK(again.body == answer.body);
  ledger.restart();
  CHECK(ledger.get(path).body == answer.body);
  CHECK(ledger.balance(buyer) == 650);
  for (const char* nothing :
       {"/v1/purchases/00", "/v1/purchases/zz", "/v1/purchases/00000000000000000000000000000000"}) {
    CHECK(problem_code(ledger.get(nothing)) == "not_found");
  }
}

TEST_CASE("service: too much at once is refused, and a retry gets the one answer") {
  Policy policy;
  policy.limits.max_requests = 2;
  TestLedger ledger(policy);
  const TestHome seller(1), buyer(2);
  const auto published = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, 10'000);
  constexpr std::size_t count = 24;
  std::vector<net::Request> requests;
  for (std::size_t i = 0; i < count; ++i) {
    requests.push_back(
        post_of("/v1/purchases", ledger.prepare_purchase(buyer, published.offer).jws));
  }
  std::vector<Bytes> answers(count);
  std::size_t refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<net::Request> open;
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < count; ++i) {
      if (!answers[i].empty()) continue;
      open.push_back(requests[i]);
      numbers.push_back(i);
    }
    if (open.empty()) break;
    const auto got = ledger.at_once(open);
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (got[i].status == 200) {
        answers[numbers[i]] = got[i].body;
        continue;
      }
      ++refused;
      CHECK(problem_code(got[i]) == "busy");
      CHECK(got[i].headers.at("retry-after") == "1");
    }
  }
  CHECK(refused > 0);
  for (std::size_t i = 0; i < count; ++i) {
    CHECK(ledger.request(requests[i]).body == answers[i]);
  }
  CHECK(ledger.balance(buyer) == 10'000 - static_cast<std::int64_t>(count) * 350);
}

TEST_CASE("service: a home that asks too often is told so, others are served") {
  Policy policy;
  policy.limits.rate_per_home = 1;  // ten at once
  TestLedger ledger(policy);
  const TestHome often(1), seldom(2);
  ledger.open_home(often);
  ledger.open_home(seldom);
  const std::vector<net::Request> many(60, post_of("/v1/statement", statement_of(ledger, often)));
  std::size_t served = 0, refused = 0;
  for (const auto& answer : ledger.at_once(many)) {
    if (answer.status == 200) {
      ++served;
    } else {
      ++refused;
      CHECK(problem_code(answer) == "rate_limited");
      CHECK(answer.headers.at("retry-after") == "1");
    }
  }
  CHECK(served >= 9);
  CHECK(refused > 0);
  CHECK(ledger.post("/v1/statement", statement_of(ledger, seldom)).status == 200);
}

TEST_CASE("service: alive and ready, on the operator's port; homes see only that it is alive") {
  TestLedger ledger;
  const std::uint16_t port = ledger.service().metrics_port();
  CHECK(plain_get(port, "/healthz").starts_with("HTTP/1.1 200 "));
  CHECK(plain_get(port, "/readyz").starts_with("HTTP/1.1 200 "));
  CHECK(plain_get(port, "/v1/keys").starts_with("HTTP/1.1 404 "));
  CHECK(ledger.get("/healthz").status == 200);
  CHECK(ledger.get("/readyz").status == 404);
  CHECK(ledger.get("/metrics").status == 404);
}

TEST_CASE("service: metrics are well-formed, count what happened and name nobody") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2);
  const auto published = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, 1'000);
  const auto purchase = ledger.prepare_purchase(buyer, published.offer);
  REQUIRE(ledger.post("/v1/purchases", purchase.jws).status == 200);
  REQUIRE(ledger.post("/v1/purchases", "nonsense").status == 400);
  REQUIRE(ledger.get("/v1/offers/" + to_hex(published.offer.id)).status == 200);
  const std::string answer = plain_get(ledger.service().metrics_port(), "/metrics");
  CHECK(answer.find("content-type: text/plain; version=0.0.4") != std::string::npos);
  const std::string text = body_of(answer);
  auto values = parse_metrics(text);
  CHECK(values["hearth_http_requests_total{route=\"/v1/purchases\",status=\"200\"}"] == 1);
  CHECK(values["hearth_http_requests_total{route=\"/v1/purchases\",status=\"400\"}"] == 1);
  CHECK(values["hearth_http_requests_total{route=\"/v1/offers/{}\",status=\"200\"}"] == 1);
  CHECK(values["hearth_commands_total{kind=\"purchase\",outcome=\"applied\"}"] == 1);
  CHECK(values["hearth_ready"] == 1);
  CHECK(values["hearth_tracker_peers"] == 1);
  CHECK(values["hearth_homes"] == 2);
  CHECK(values["hearth_balance_minor_units{currency=\"EUR\",kind=\"wallet\"}"] == 650);
  CHECK(values["hearth_balance_minor_units{currency=\"EUR\",kind=\"escrow\"}"] == 350);
  CHECK(values["hearth_balance_minor_units{currency=\"EUR\",kind=\"cash\"}"] == -1'000);
  CHECK(values["hearth_commit_seconds_count"] > 0);
  CHECK(values["hearth_commit_seconds_bucket{le=\"+Inf\"}"] ==
        values["hearth_commit_seconds_count"]);
  for (const std::string& secret : {buyer.address.text(), seller.address.text(),
                                    to_hex(published.offer.id), std::string("127.0.0.1")}) {
    CHECK(text.find(secret) == std::string::npos);
  }
}
