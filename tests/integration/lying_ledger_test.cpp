// A ledger that lies to one buyer. It stands in front of the real one with the ledger's own keys,
// so nothing but what it answers gives it away: it signs vouchers with a key that it shows to
// nobody else, or it takes the money and says nothing. docs/protocol.md §6.3, §15.
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "common/base/clock.h"
#include "common/net/client.h"
#include "common/net/server.h"
#include "common/wire/documents.h"
#include "ledger/admin/ledger_keys.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth;
using namespace hearth::test;

namespace {

class LyingLedger {
 public:
  explicit LyingLedger(const Town& town)
      : card_(identity::parse_ledger_card(town.card()).value()),
        real_{card_.url, card_.pin},
        keys_(ledger::load_ledger_keys({town.ledger_dir()}).value()) {
    net::Server::Options options;
    options.address = "127.0.0.1";
    options.tls = keys_.tls;
    options.limits.max_body = 8 * 1024 * 1024;
    server_ = net::Server::start(loop_, std::move(options), [this](net::Request request) {
                return answer(std::move(request));
              }).value();
    card_.url = "https://127.0.0.1:" + std::to_string(server_->port());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~LyingLedger() {
    loop_.stop();
    thread_.join();
  }
  LyingLedger(const LyingLedger&) = delete;
  LyingLedger& operator=(const LyingLedger&) = delete;

  std::string card() const { return card_.text(); }
  std::atomic<bool> other_key{false};  ///< vouchers of a key of its own
  std::atomic<int> withhold{0};        ///< so many receipts more are not given out
  std::atomic<int> purchases{0};       ///< that were asked for

 private:
  net::Task<net::Response> answer(net::Request request) {
    const bool is_purchase = request.method == "POST" && request.path == "/v1/purchases";
    const std::string asked(as_text(request.body));
    request.headers.erase("host");
    request.headers.erase("connection");
    net::ClientLimits limits;
    limits.max_body = 8 * 1024 * 1024;
    auto response = co_await net::https_request(loop_, real_, std::move(request), 20'000, limits);
    if (!response) co_return net::problem_response(response.error());
    response->headers.erase("transfer-encoding");
    response->headers.erase("connection");
    response->headers.erase("content-length");
    if (!is_purchase || response->status != 200) co_return std::move(*response);
    ++purchases;
    if (withhold > 0) {
      --withhold;
      co_return net::problem_response({Code::busy, "Ask again."});
    }
    if (other_key) response->body = signed_with_other_key(asked, as_text(response->body));
    co_return std::move(*response);
  }

  Bytes signed_with_other_key(const std::string& asked, std::string_view receipt_jws) const {
    const auto request = wire::read_purchase(asked).value();
    auto receipt = wire::read_receipt(receipt_jws, keys_.signing.public_key()).value();
    const auto other = crypto::poprf::derive_key_pair(crypto::Seed(crypto::random_array<32>()),
                                                      as_bytes("for this buyer alone"));
    const auto evaluated =
        crypto::poprf::blind_evaluate(other, request.blinded,
                                      wire::access_info(request.offer, request.epoch),
                                      crypto::poprf::random_scalar())
            .value();
    receipt.evaluated = evaluated.elements;
    receipt.proof = evaluated.proof;
    return to_bytes(as_bytes(wire::write_receipt(receipt, keys_.signing)));
  }

  identity::LedgerCard card_;
  const net::PinnedServer real_;
  const ledger::LedgerKeys keys_;
  net::Loop loop_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

/// A home that was made with the liar's card; what else it says is the real ledger's.
std::unique_ptr<Home> deceived_home(const Town& town, const LyingLedger& liar) {
  const fs::path data = town.dir() / "deceived";
  const Outcome made = run({bin("hearth"), "--data", data.string(), "--json", "init", "--ledger",
                            liar.card(), "--name", "Deceived"});
  REQUIRE_MESSAGE(made.exit_code == 0, made.out, made.err);
  auto home = std::make_unique<Home>(
      "deceived", data,
      std::vector<std::string>{"--swarm-listen", "127.0.0.1:" + std::to_string(free_port()),
                               "--player", "none"});
  home->start();
  return home;
}

struct Market {
  Town town;
  LyingLedger liar{town};
  Home& seller = town.add_home("A");
  Home& honest = town.add_home("B");
  std::unique_ptr<Home> deceived = deceived_home(town, liar);
  Json film = town.publish(seller, town.make_file("film.bin", 300'000, 1), "1.00 EUR");

  Market() {
    town.deposit(honest, "5.00 EUR", "x1");
    town.deposit(*deceived, "5.00 EUR", "x2");
  }
  std::string offer() const { return film.at("offer"); }
};

}  // namespace

TEST_CASE("a ledger that gives one buyer vouchers of another key is caught by that buyer's node") {
  Market m;
  m.liar.other_key = true;
  const std::string sentence =
      m.deceived->refused({"buy", m.offer(), "--keep-voucher"}, "proof_invalid");
  CHECK(sentence.find("evidence") != std::string::npos);
  CHECK(vouchers(*m.deceived, "held") == 0);
  const Json pending = rows(m.deceived->ok({"wallet", "history"}), "pending");
  REQUIRE(pending.size() == 1);
  CHECK(pending.at(0).at("state") == "disputed");
  CHECK_FALSE(pending.at(0).at("receipt").get<std::string>().empty());
  // Others get what they should; and so does this one as soon as the ledger is honest, unpaid.
  m.honest.ok({"buy", m.offer(), "--keep-voucher"});
  CHECK(vouchers(m.honest, "held") == 1);
  m.liar.other_key = false;
  m.deceived->ok({"buy", m.offer(), "--keep-voucher"});
  CHECK(vouchers(*m.deceived, "held") == 1);
  CHECK(balance(*m.deceived) == 400);
  m.town.audit_clean();
}

TEST_CASE(
    "a ledger that takes the money and withholds the receipt is asked again; paid once, proven") {
  Market m;
  m.liar.withhold = 3;
  const Json bought = m.deceived->ok({"buy", m.offer(), "--keep-voucher"});
  CHECK(m.liar.withhold == 0);
  CHECK(m.liar.purchases == 4);
  CHECK(vouchers(*m.deceived, "held") == 1);
  CHECK(balance(*m.deceived) == 400);
  const std::string request = bought.at("request");
  eventually("the purchase is proven", 30, [&] {
    const Outcome verified = m.deceived->hearth({"wallet", "verify", request});
    return verified.exit_code == 0 &&
           rows(verified.json(), "purchases").at(0).at("verified") == true;
  });
  // Files that convince anybody: the ledger signed the receipt, and its journal holds the record.
  const std::string base = (m.town.dir() / "proof").string();
  m.deceived->ok({"wallet", "verify", request, "--out", base});
  const Outcome stranger =
      run({bin("hearth"), "--json", "wallet", "verify", "--receipt", base + ".receipt", "--proof",
           base + ".tlog-proof", "--ledger", m.town.card()});
  CHECK(stranger.exit_code == 0);
  CHECK(m.deceived->daemon().stop() == 0);
  m.town.audit_clean();
}

TEST_CASE("a title of which nothing comes in time: the price is back by itself") {
  Market m;
  m.seller.daemon().kill9();  // the ledger believes in its source for a while yet
  net::Request buy;
  buy.method = "POST";
  buy.path = "/api/buy";
  const Json arguments{{"offer", m.offer()}, {"by_ms", now_ms() + 6'000}};
  buy.body = to_bytes(as_bytes(arguments.dump()));
  const auto bought = net::unix_request(m.honest.dir() / "hearthd.sock", buy, 30'000);
  REQUIRE(bought);
  REQUIRE_MESSAGE(bought->status == 200, as_text(bought->body));
  CHECK(balance(m.honest) == 400);
  eventually("the price is back", 60, [&] { return balance(m.honest) == 500; });
  CHECK(vouchers(m.honest, "refunded") == 1);
  CHECK(rows(m.honest.ok({"transfers"}), "transfers").at(0).at("problem").at("code") ==
        "service_refused");
  m.town.audit_clean();
}
