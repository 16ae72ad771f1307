// Purchases over TLS on loopback beside PostgreSQL, in turns of one run: 64 connections, each
// waits for its durable answer, one hot seller, request signatures checked and receipts signed.
// The elements come prepared, and the load generator does not verify proofs. Both sides share the
// machine with their load generators. Turns are short, and each is compared with PostgreSQL's turn
// beside it, so that a machine whose speed changes from minute to minute changes it for both.
//   ledger_tls_bench [--runs 15] [--seconds 2] [--only evaluation|plain|peer]
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>

#define DOCTEST_CONFIG_IMPLEMENT  // the town of the tests asserts; here that throws
#include <doctest/doctest.h>
#include <sodium.h>

#include "common/wire/documents.h"
#include "common/wire/jws.h"
#include "measure.h"
#include "postgres.h"
#include "tests/support/daemons.h"
#include "tls_load.h"

namespace {

using namespace hearth;
using test::Json;

constexpr int connections = 64;
constexpr std::size_t most_per_second = 20'000;

struct Options {
  int runs = 15;
  int seconds = 2;
  std::string only;
  bool wants(const char* part) const { return only.empty() || only == part; }
};

Options options_of(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) out.only = argv[++i];
    if (std::strcmp(argv[i], "--runs") == 0 && i + 1 < argc) out.runs = std::atoi(argv[++i]);
    if (std::strcmp(argv[i], "--seconds") == 0 && i + 1 < argc) out.seconds = std::atoi(argv[++i]);
  }
  return out;
}

/// The ledger with one seller's offer (a real node seeds it) and 64 buying homes with money.
class Market {
 public:
  Market(const std::vector<std::string>& ledger_flags, const std::string& program)
      : town_(ledger_flags, program) {
    test::Home& seller = town_.add_home("seller");
    offer_ = town_.publish(seller, town_.make_file("film.bin", 300'000, 1), "3.50 EUR").at("offer");
    for (int i = 0; i < connections; ++i) {
      buyers_.push_back(crypto::SignKey::from_seed(crypto::Seed(crypto::random_array<32>())));
      open(buyers_.back(), "buyer " + std::to_string(i));
    }
    for (const auto& buyer : buyers_) {
      town_.operate_ok({"deposit", identity::HomeAddress{buyer.public_key()}.text(),
                        "10000000.00 EUR", "--reference", "to spend"});
    }
  }

  std::vector<std::vector<std::string>> purchases(int seconds) const {
    const std::size_t each = most_per_second * static_cast<std::size_t>(seconds) / connections;
    std::vector<std::vector<std::string>> out(buyers_.size());
    crypto::poprf::Element element{};
    crypto_core_ristretto255_random(element.data());
    for (std::size_t i = 0; i < buyers_.size(); ++i) {
      for (std::size_t n = 0; n < each; ++n) out[i].push_back(purchase(buyers_[i], element));
    }
    return out;
  }
  bench::LoadResult run(const std::vector<std::vector<std::string>>& requests, int seconds) {
    return bench::run_load(town_.port(), requests, seconds);
  }
  pid_t ledger_pid() { return town_.ledger().pid(); }
  void audit() { town_.audit_clean(); }
  const std::filesystem::path& dir() const { return town_.dir(); }

 private:
  void open(const crypto::SignKey& home, const std::string& name) {
    const identity::HomeAddress address{home.public_key()};
    const wire::Json form = wire::with_issued({{"home", address.text()}, {"name", name}}, now_ms());
    bench::ask_once(town_.port(), bench::post("/v1/homes", "application/jose",
                                              wire::sign_jws("hearth/home/1", form, home)));
  }
  std::string purchase(const crypto::SignKey& buyer, const crypto::poprf::Element& element) const {
    const identity::HomeAddress address{buyer.public_key()};
    wire::PurchaseRequest request{.request_id = crypto::random_array<16>(),
                                  .home = address,
                                  .offer = offer_id(),
                                  .epoch = 1,
                                  .price = {350, money::Currency::from_code("EUR").value()},
                                  .terms = {},
                                  .billing_account = "wallet/" + address.text() + "/EUR",
                                  .device = {},
                                  .blinded = {element},
                                  .issued_ms = now_ms()};
    return bench::post("/v1/purchases", "application/jose", wire::write_purchase(request, buyer));
  }

  wire::OfferId offer_id() const {
    const Bytes bytes = from_hex(offer_).value();
    wire::OfferId out{};
    std::copy_n(bytes.begin(), out.size(), out.begin());
    return out;
  }

  test::Town town_;
  std::string offer_;
  std::vector<crypto::SignKey> buyers_;
};

struct Ours {
  std::vector<double> per_second, p50, p99, cpu_us, client_cpu_us;
};

void measure(Market& market, int seconds, Ours& out) {
  const auto requests = market.purchases(seconds);
  const double before = bench::cpu_seconds(market.ledger_pid()), own = bench::own_cpu_seconds();
  const bench::LoadResult result = market.run(requests, seconds);
  if (result.refused > 0) throw std::runtime_error("the ledger refused: " + result.refusal);
  const auto n = static_cast<double>(result.latencies_ms.size());
  out.per_second.push_back(n / result.seconds);
  out.p50.push_back(bench::percentile(result.latencies_ms, 0.5));
  out.p99.push_back(bench::percentile(result.latencies_ms, 0.99));
  out.cpu_us.push_back((bench::cpu_seconds(market.ledger_pid()) - before) * 1e6 / n);
  out.client_cpu_us.push_back((bench::own_cpu_seconds() - own) * 1e6 / n);
}

/// The median of what each turn makes to the peer's turn beside it.
std::string to_peer(const Ours& m, const Ours& peer) {
  if (peer.per_second.size() != m.per_second.size()) return "-";
  std::vector<double> ratios;
  for (std::size_t i = 0; i < m.per_second.size(); ++i)
    ratios.push_back(m.per_second[i] / peer.per_second[i]);
  return bench::fixed(bench::median(ratios), 2);
}

std::vector<std::string> row(const std::string& name, const Ours& m, const Ours& peer) {
  using bench::fixed, bench::median, bench::whole;
  return {name,
          whole(median(m.per_second)),
          to_peer(m, peer),
          fixed(median(m.p50), 1),
          fixed(median(m.p99), 1),
          whole(median(m.cpu_us)),
          whole(median(m.client_cpu_us))};
}

int run(const Options& options) {
  // One address and few homes ask as thousands would: what a home or connection may ask in a
  // second is not what is measured here.
  std::optional<Market> whole_market, without;
  if (options.wants("evaluation")) {
    whole_market.emplace(
        std::vector<std::string>{"--rate-per-home", "0", "--rate-per-connection", "0"},
        "hearth-ledgerd");
  }
  if (options.wants("plain")) {
    without.emplace(std::vector<std::string>{"--without-evaluation"}, "ledger_bench_server");
  }
  test::TempDir peer_dir;
  std::filesystem::permissions(peer_dir.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);  // for PostgreSQL's user
  std::string why = "it was not asked for";
  const auto peer =
      options.wants("peer") ? bench::Postgres::start(peer_dir.path() / "postgres", why) : nullptr;
  if (!peer) std::fprintf(stderr, "no peer in this run: %s\n", why.c_str());

  Ours with_evaluation, without_evaluation, postgres;
  const auto peer_turn = [&] {
    if (!peer) return;
    const bench::PeerResult result = peer->purchases(connections, options.seconds);
    postgres.per_second.push_back(result.per_second);
    postgres.p50.push_back(result.p50_ms);
    postgres.p99.push_back(result.p99_ms);
    postgres.cpu_us.push_back(result.cpu_us);
  };
  for (int i = 0; i < options.runs; ++i) {
    if (whole_market) measure(*whole_market, options.seconds, with_evaluation);
    peer_turn();
    if (without) measure(*without, options.seconds, without_evaluation);
  }
  if (whole_market) whole_market->audit();
  if (without) without->audit();
  std::vector<std::vector<std::string>> rows{{"64 connections, one hot seller", "a second",
                                              "to PostgreSQL", "p50 ms", "p99 ms",
                                              "server CPU us each", "client CPU us each"}};
  if (whole_market)
    rows.push_back(row("ledger over TLS, with evaluation", with_evaluation, postgres));
  if (without) rows.push_back(row("ledger over TLS, without", without_evaluation, postgres));
  if (peer) rows.push_back(row("PostgreSQL 15, unix socket", postgres, postgres));
  std::fputs(bench::table(rows).c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler([](const doctest::AssertData& data) {
    if (data.m_failed) throw std::runtime_error(std::string("refused: ") + data.m_expr);
  });
  try {
    return run(options_of(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ledger_tls_bench: %s\n", error.what());
    return 1;
  }
}
