// Random commands against an auditor's model that is written the plain way: named buckets of
// 128-bit numbers, no overlay, no postings. Both must come to the same outcome and the same
// balances; every currency sums to zero; every escrow is price times outstanding vouchers. A
// failure prints the seed; HEARTH_TEST_SEED repeats it.
#include <cstdlib>
#include <limits>
#include <map>
#include <random>

#include <doctest/doctest.h>

#include "ledger/machine/machine.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

constexpr int commands = 200'000;
constexpr int homes = 12;
constexpr int offers = 24;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

struct ModelOffer {
  int seller;
  std::int64_t price, fee;
  std::string currency;
  std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>> epochs;  // bought, redeemed
};

struct Model {
  std::map<std::pair<int, std::string>, __int128> wallets;
  std::map<std::string, __int128> cash, fees;
  std::map<int, ModelOffer> offers;

  static bool kept(const std::string& code) { return code == "EUR" || code == "JPY"; }

  Outcome open(int who) {
    const bool fresh = !wallets.contains({who, "EUR"});
    wallets[{who, "EUR"}] += 0;
    wallets[{who, "JPY"}] += 0;
    return fresh ? Outcome::applied : Outcome::repeated;
  }

  Outcome add_offer(int id, const ModelOffer& terms) {
    if (const auto known = offers.find(id); known != offers.end()) {
      const ModelOffer& o = known->second;
      const bool same = o.seller == terms.seller && o.price == terms.price && o.fee == terms.fee &&
                        o.currency == terms.currency;
      return same ? Outcome::repeated : Outcome::idempotency_mismatch;
    }
    if (terms.price < 0 || terms.fee < 0 || terms.fee > terms.price) return Outcome::amount_refused;
    if (!kept(terms.currency)) return Outcome::currency_unknown;
    if (!wallets.contains({terms.seller, terms.currency})) return Outcome::unknown_account;
    offers[id] = terms;
    return Outcome::applied;
  }

  Outcome deposit(int who, std::int64_t minor, const std::string& code) {
    if (minor <= 0) return Outcome::amount_refused;
    if (!kept(code)) return Outcome::currency_unknown;
    const auto wallet = wallets.find({who, code});
    if (wallet == wallets.end()) return Outcome::unknown_account;
    if (wallet->second + minor > most || cash[code] - minor < -__int128(most) - 1)
      return Outcome::overflow;
    wallet->second += minor;
    cash[code] -= minor;
    return Outcome::applied;
  }

  static __int128 escrow(const ModelOffer& o, std::uint32_t epoch) {
    const auto found = o.epochs.find(epoch);
    if (found == o.epochs.end()) return 0;
    return __int128(o.price) * (found->second.first - found->second.second);
  }

  Outcome purchase(int who, int id, std::uint32_t epoch, std::int64_t vouchers) {
    if (vouchers < 1 || vouchers > 16) return Outcome::form_refused;
    const auto offer = offers.find(id);
    if (offer == offers.end()) return Outcome::unknown_offer;
    ModelOffer& o = offer->second;
    const auto wallet = wallets.find({who, o.currency});
    if (wallet == wallets.end()) return Outcome::unknown_account;
    const __int128 total = __int128(o.price) * vouchers;
    if (total > most) return Outcome::overflow;
    if (wallet->second < total) return Outcome::insufficient_funds;
    if (escrow(o, epoch) + total > most) return Outcome::overflow;
    wallet->second -= total;
    o.epochs[epoch].first += vouchers;
    return Outcome::applied;
  }

  Outcome redeem(int id, std::uint32_t epoch) {
    const auto offer = offers.find(id);
    if (offer == offers.end()) return Outcome::unknown_offer;
    ModelOffer& o = offer->second;
    const auto held = o.epochs.find(epoch);
    if (held == o.epochs.end() || held->second.first == held->second.second)
      return Outcome::nothing_outstanding;
    auto& seller = wallets.at({o.seller, o.currency});
    if (seller + o.price - o.fee > most || fees[o.currency] + o.fee > most)
      return Outcome::overflow;
    seller += o.price - o.fee;
    fees[o.currency] += o.fee;
    ++held->second.second;
    return Outcome::applied;
  }
};

std::string home_name(int who) {
  return "h" + std::to_string(who);
}
std::string offer_name(int id) {
  return "o" + std::to_string(id);
}

/// Drives machine and model with the same commands.
class Drive {
 public:
  explicit Drive(std::uint64_t seed) : random_(seed) {}

  /// One command on both; whether they came to the same.
  bool step() {
    const int dice = pick(100);
    if (dice < 2) return open();
    if (dice < 5) return offer();
    if (dice < 30) return deposit();
    return dice < 70 ? purchase() : redeem();
  }

  /// Ends a batch, one in five as if the commit had failed.
  void end_batch() {
    if (pick(5) == 0) {
      machine_.drop();
      model_ = committed_;
    } else {
      machine_.merge();
      committed_ = model_;
    }
  }

  void compare() const {
    std::map<std::string, __int128> sums = model_.cash;
    for (const auto& [code, fee] : model_.fees) sums[code] += fee;
    for (const auto& [wallet, balance] : model_.wallets) {
      sums[wallet.second] += balance;
      REQUIRE(balance >= 0);
      REQUIRE(held(AccountId::wallet(home(home_name(wallet.first)), currency(wallet.second))) ==
              balance);
    }
    for (const auto& [id, o] : model_.offers)
      for (const auto& [epoch, counts] : o.epochs) {
        const auto account =
            AccountId::escrow(digest("offer " + offer_name(id)), epoch, currency(o.currency));
        sums[o.currency] += Model::escrow(o, epoch);
        REQUIRE(held(account) == Model::escrow(o, epoch));
        REQUIRE(machine_.account(account)->outstanding() ==
                static_cast<std::uint64_t>(counts.first - counts.second));
      }
    for (const auto& [code, balance] : model_.cash)
      REQUIRE(held(AccountId::cash(currency(code))) == balance);
    for (const auto& [code, balance] : model_.fees)
      REQUIRE(held(AccountId::fees(currency(code))) == balance);
    for (const auto& [code, sum] : sums) REQUIRE(sum == 0);
  }

  const std::map<Outcome, int>& outcomes() const { return outcomes_; }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string code() {
    const int dice = pick(20);
    return dice == 0 ? "USD" : dice < 6 ? "JPY" : "EUR";
  }
  /// Mostly cents; now and then near the ends of what an int64 holds.
  std::int64_t minor(int usual) {
    const int dice = pick(100);
    if (dice == 0) return most - pick(3);
    if (dice == 1) return most / (1 + pick(40));
    if (dice == 2) return -pick(3);
    return pick(usual);
  }
  __int128 held(const AccountId& id) const {
    const Account* account = machine_.account(id);
    return account ? account->balance : 0;
  }
  bool same(Outcome machine, Outcome model) {
    ++outcomes_[machine];
    CAPTURE(outcome_name(machine));
    CAPTURE(outcome_name(model));
    CHECK(machine == model);
    return machine == model;
  }

  bool open() {
    const int who = pick(homes);
    std::vector<money::Currency> opened;
    const bool known = model_.wallets.contains({who, "EUR"});
    const auto verdict = machine_.open({home(home_name(who)), home_name(who), 1},
                                       known ? Seen::same : Seen::fresh, opened);
    return same(verdict.outcome, model_.open(who));
  }
  bool offer() {
    const int id = pick(offers);
    const ModelOffer terms{pick(homes), minor(1000), minor(60), code(), {}};
    const auto verdict = machine_.register_offer(
        offer_of(offer_name(id), home_name(terms.seller), terms.price, terms.fee, terms.currency));
    return same(verdict.outcome, model_.add_offer(id, terms));
  }
  bool deposit() {
    const int who = pick(homes + 1);
    auto command = deposit_to(home_name(who), minor(5000), "r");
    const std::string in = code();
    command.amount.currency = currency(in);
    const auto verdict = machine_.deposit(command, Seen::fresh);
    return same(verdict.outcome, model_.deposit(who, command.amount.minor, in));
  }
  bool purchase() {
    const int who = pick(homes + 1), id = pick(offers);
    auto command = purchase_of(offer_name(id), home_name(who), "p", pick(18));
    command.epoch = static_cast<std::uint32_t>(1 + pick(2));
    const auto verdict = machine_.purchase(command, Seen::fresh);
    return same(verdict.outcome, model_.purchase(who, id, command.epoch, command.vouchers));
  }
  bool redeem() {
    const int id = pick(offers);
    auto command = redeem_of(offer_name(id), "v");
    command.epoch = static_cast<std::uint32_t>(1 + pick(2));
    const auto verdict = machine_.redeem(command, Seen::fresh);
    return same(verdict.outcome, model_.redeem(id, command.epoch));
  }

  std::mt19937_64 random_;
  Machine machine_{{currency("EUR"), currency("JPY")}};
  Model model_, committed_;
  std::map<Outcome, int> outcomes_;
};

}  // namespace

TEST_CASE("random commands: machine and auditor's model agree") {
  const char* given = std::getenv("HEARTH_TEST_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  INFO("HEARTH_TEST_SEED=" << seed);
  Drive drive(seed);
  for (int done = 0; done < commands;) {
    for (int batch = 0; batch < 100; ++batch, ++done) REQUIRE(drive.step());
    drive.end_batch();
    drive.compare();
  }
  // The walk met what it is meant to meet.
  for (const Outcome outcome :
       {Outcome::applied, Outcome::insufficient_funds, Outcome::nothing_outstanding,
        Outcome::overflow, Outcome::unknown_offer, Outcome::unknown_account,
        Outcome::currency_unknown, Outcome::amount_refused, Outcome::form_refused}) {
    CAPTURE(outcome_name(outcome));
    CHECK(drive.outcomes().at(outcome) > 0);
  }
}
