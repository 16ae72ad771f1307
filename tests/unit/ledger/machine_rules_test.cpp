// The operator's commands, pockets, limits, refunds and exchanges: for each the first outcome that
// applies, and what it does to the balances.
#include <limits>

#include <doctest/doctest.h>

#include "ledger/machine/machine.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
const AccountId cash = AccountId::cash(currency());
const AccountId fees = AccountId::fees(currency());
const AccountId adjustments = AccountId::adjustments(currency());

/// Seller, buyer with 20.00 and a pocket 1 with 5.00, "cold" with a frozen 1.00, "gone" closed,
/// "rich" with nearly all that an int64 holds; offers film at 3.50 (two bought), dear, free.
Machine town() {
  Machine machine({currency()});
  std::vector<money::Currency> opened;
  for (const char* who : {"seller", "buyer", "cold", "gone", "rich"})
    machine.open({home(who), who, 1}, Seen::fresh, opened);
  machine.set_fees(fees_of(500, 0), Seen::fresh);
  machine.deposit(deposit_to("buyer", 32'00, "cash"), Seen::fresh);
  machine.deposit(deposit_to("cold", 1'00, "cash"), Seen::fresh);
  machine.deposit(deposit_to("rich", most - 100'00, "cash"), Seen::fresh);
  machine.transfer(transfer_of("t", "buyer", 0, 1, 5'00), Seen::fresh);
  machine.set_state(state_of(wallet("cold"), AccountState::frozen), Seen::fresh);
  machine.set_state(state_of(wallet("gone"), AccountState::closed), Seen::fresh);
  machine.register_offer(offer_of("film", "seller", 3'50));
  machine.register_offer(offer_of("dear", "seller", 100'00));
  machine.register_offer(offer_of("free", "seller", 0));
  machine.purchase(purchase_of("film", "buyer", "p", 2), Seen::fresh);
  machine.seal();
  machine.merge();
  return machine;
}

std::int64_t held(const Machine& machine, const AccountId& id) {
  const Account* account = machine.account(id);
  return account ? account->balance : 0;
}

/// Runs each row on a town of its own; a refusal changes nothing.
template <class Rows, class Run>
void each_first(const Rows& rows, Run run) {
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Machine machine = town();
    const Verdict verdict = run(machine, row);
    CHECK(outcome_name(verdict.outcome) == outcome_name(row.outcome));
    CHECK(machine.changed().empty() == (row.outcome != Outcome::applied));
  }
}

template <class Command>
struct Row {
  const char* what;
  Command command;
  Seen seen;
  Outcome outcome;
};

}  // namespace

TEST_CASE("withdrawals: the first outcome that applies") {
  auto by_nobody = withdraw_from(wallet("nobody"), -1, "x");
  by_nobody.by.clear();
  const Row<WithdrawCommand> rows[] = {
      {"known", by_nobody, Seen::same, Outcome::repeated},
      {"by nobody", by_nobody, Seen::fresh, Outcome::form_refused},
      {"from escrow", withdraw_from(escrow("film"), -1, "x"), Seen::fresh, Outcome::form_refused},
      {"from cash", withdraw_from(cash, -1, "x"), Seen::fresh, Outcome::form_refused},
      {"nothing", withdraw_from(wallet("nobody"), 0, "x"), Seen::fresh, Outcome::amount_refused},
      {"no account", withdraw_from(wallet("nobody"), 1, "x"), Seen::fresh,
       Outcome::unknown_account},
      {"no such pocket", withdraw_from(wallet("buyer", 2), 1, "x"), Seen::fresh,
       Outcome::unknown_account},
      {"closed", withdraw_from(wallet("gone"), 1, "x"), Seen::fresh, Outcome::account_closed},
      {"frozen", withdraw_from(wallet("cold"), most, "x"), Seen::fresh, Outcome::account_frozen},
      {"a cent too much", withdraw_from(wallet("buyer"), 20'01, "x"), Seen::fresh,
       Outcome::insufficient_funds},
      {"no fees yet", withdraw_from(fees, 1, "x"), Seen::fresh, Outcome::unknown_account},
      {"all", withdraw_from(wallet("buyer"), 20'00, "x"), Seen::fresh, Outcome::applied},
      {"a pocket's", withdraw_from(wallet("buyer", 1), 5'00, "x"), Seen::fresh, Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.withdraw(row.command, row.seen);
  });

  Machine machine = town();
  machine.redeem(redeem_of("film", "v"), Seen::fresh);
  CHECK(machine.withdraw(withdraw_from(fees, 18, "x"), Seen::fresh).outcome ==
        Outcome::insufficient_funds);
  const auto earned = machine.withdraw(withdraw_from(fees, 17, "x"), Seen::fresh);
  CHECK(earned.outcome == Outcome::applied);
  CHECK(earned.balance_after == 0);
}

TEST_CASE("adjustments: the first outcome that applies") {
  auto no_reason = adjust_of("a", wallet("nobody"), 0);
  no_reason.reason.clear();
  auto in_yen = adjust_of("a", wallet("buyer", 0, "JPY"), 1);
  const Row<AdjustCommand> rows[] = {
      {"id known with other content", no_reason, Seen::other, Outcome::idempotency_mismatch},
      {"known", no_reason, Seen::same, Outcome::repeated},
      {"without a reason", no_reason, Seen::fresh, Outcome::form_refused},
      {"of escrow", adjust_of("a", escrow("film"), 1), Seen::fresh, Outcome::form_refused},
      {"of itself", adjust_of("a", adjustments, 1), Seen::fresh, Outcome::form_refused},
      {"of nothing", adjust_of("a", wallet("nobody"), 0), Seen::fresh, Outcome::amount_refused},
      {"currency not kept", in_yen, Seen::fresh, Outcome::currency_unknown},
      {"no account", adjust_of("a", wallet("nobody"), 1), Seen::fresh, Outcome::unknown_account},
      {"closed", adjust_of("a", wallet("gone"), INT64_MIN), Seen::fresh, Outcome::account_closed},
      {"has no opposite", adjust_of("a", wallet("buyer"), INT64_MIN), Seen::fresh,
       Outcome::overflow},
      {"too much", adjust_of("a", wallet("rich"), most), Seen::fresh, Outcome::overflow},
      {"below zero", adjust_of("a", wallet("buyer"), -20'01), Seen::fresh,
       Outcome::insufficient_funds},
      {"fees below zero", adjust_of("a", fees, -1), Seen::fresh, Outcome::insufficient_funds},
      {"cash above zero", adjust_of("a", cash, most), Seen::fresh, Outcome::insufficient_cash},
      {"up", adjust_of("a", wallet("buyer"), 1), Seen::fresh, Outcome::applied},
      {"down to nothing", adjust_of("a", wallet("buyer"), -20'00), Seen::fresh, Outcome::applied},
      {"of a frozen account", adjust_of("a", wallet("cold"), -1'00), Seen::fresh, Outcome::applied},
      {"own money into cash", adjust_of("a", cash, -1'00), Seen::fresh, Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.adjust(row.command, row.seen);
  });

  Machine machine = town();
  machine.adjust(adjust_of("a", wallet("buyer"), 3'00), Seen::fresh);
  CHECK(held(machine, adjustments) == -3'00);
  CHECK(held(machine, wallet("buyer")) == 23'00);
}

TEST_CASE("money that was never received is not paid out") {
  Machine machine({currency()});
  std::vector<money::Currency> opened;
  machine.open({home("buyer"), "buyer", 1}, Seen::fresh, opened);
  machine.adjust(adjust_of("gift", wallet("buyer"), 5'00), Seen::fresh);
  CHECK(machine.withdraw(withdraw_from(wallet("buyer"), 5'00, "x"), Seen::fresh).outcome ==
        Outcome::insufficient_cash);
  machine.adjust(adjust_of("own money", cash, -5'00), Seen::fresh);
  CHECK(machine.withdraw(withdraw_from(wallet("buyer"), 5'00, "x"), Seen::fresh).outcome ==
        Outcome::applied);
  CHECK(held(machine, adjustments) == 0);
}

TEST_CASE("transfers: the first outcome that applies") {
  const Row<TransferCommand> rows[] = {
      {"id known with other content", transfer_of("t", "nobody", 1, 1, 0), Seen::other,
       Outcome::idempotency_mismatch},
      {"known", transfer_of("t", "nobody", 1, 1, 0), Seen::same, Outcome::repeated},
      {"to itself", transfer_of("t", "nobody", 1, 1, 0), Seen::fresh, Outcome::form_refused},
      {"no such number", transfer_of("t", "nobody", 0, 100, 0), Seen::fresh, Outcome::form_refused},
      {"nothing", transfer_of("t", "nobody", 0, 1, 0), Seen::fresh, Outcome::amount_refused},
      {"no home", transfer_of("t", "nobody", 0, 1, 1), Seen::fresh, Outcome::unknown_account},
      {"from no pocket", transfer_of("t", "buyer", 2, 0, 1), Seen::fresh, Outcome::unknown_account},
      {"closed", transfer_of("t", "gone", 0, 1, 1), Seen::fresh, Outcome::account_closed},
      {"frozen", transfer_of("t", "cold", 0, 1, most), Seen::fresh, Outcome::account_frozen},
      {"too much", transfer_of("t", "buyer", 1, 0, 5'01), Seen::fresh, Outcome::insufficient_funds},
      {"to a new pocket", transfer_of("t", "buyer", 1, 99, 5'00), Seen::fresh, Outcome::applied},
      {"back", transfer_of("t", "buyer", 1, 0, 1), Seen::fresh, Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.transfer(row.command, row.seen);
  });
}

TEST_CASE("refunds: the first outcome that applies") {
  auto to_cash = refund_of("none", "v", cash);
  auto in_yen = refund_of("film", "v", wallet("buyer", 0, "JPY"));
  const Row<RefundCommand> rows[] = {
      {"spent otherwise", to_cash, Seen::other, Outcome::voucher_spent},
      {"the same again", to_cash, Seen::same, Outcome::repeated},
      {"not to a wallet", to_cash, Seen::fresh, Outcome::form_refused},
      {"no such offer", refund_of("none", "v", wallet("nobody")), Seen::fresh,
       Outcome::unknown_offer},
      {"nothing bought", refund_of("free", "v", wallet("nobody")), Seen::fresh,
       Outcome::nothing_outstanding},
      {"no wallet", refund_of("film", "v", wallet("nobody")), Seen::fresh,
       Outcome::unknown_account},
      {"wallet of another currency", in_yen, Seen::fresh, Outcome::unknown_account},
      {"closed", refund_of("film", "v", wallet("gone")), Seen::fresh, Outcome::account_closed},
      {"to a frozen wallet", refund_of("film", "v", wallet("cold")), Seen::fresh, Outcome::applied},
      {"to a new pocket", refund_of("film", "v", wallet("seller", 4)), Seen::fresh,
       Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.refund(row.command, row.seen);
  });

  Machine machine = town();
  CHECK(machine.refund(refund_of("film", "v", wallet("buyer")), Seen::fresh).balance_after ==
        23'50);
  CHECK(held(machine, escrow("film")) == 3'50);
  CHECK(machine.account(escrow("film"))->refunded == 1);
  CHECK(machine.redeem(redeem_of("film", "w"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.refund(refund_of("film", "x", wallet("buyer")), Seen::fresh).outcome ==
        Outcome::nothing_outstanding);

  Machine full = town();
  full.adjust(adjust_of("a", wallet("rich"), 100'00), Seen::fresh);
  CHECK(full.refund(refund_of("film", "v", wallet("rich")), Seen::fresh).outcome ==
        Outcome::overflow);
}

TEST_CASE("exchanges: the first outcome that applies") {
  const Row<ExchangeCommand> rows[] = {
      {"spent otherwise", exchange_of("none", "v"), Seen::other, Outcome::voucher_spent},
      {"the same again", exchange_of("none", "v"), Seen::same, Outcome::repeated},
      {"no such offer", exchange_of("none", "v"), Seen::fresh, Outcome::unknown_offer},
      {"nothing bought", exchange_of("dear", "v"), Seen::fresh, Outcome::nothing_outstanding},
      {"within the epoch", exchange_of("film", "v"), Seen::fresh, Outcome::applied},
      {"into the next", exchange_of("film", "v", 2), Seen::fresh, Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.exchange(row.command, row.seen);
  });

  Machine machine = town();
  machine.exchange(exchange_of("film", "v"), Seen::fresh);
  CHECK(held(machine, escrow("film")) == 7'00);
  CHECK(machine.account(escrow("film"))->outstanding() == 2);
  machine.exchange(exchange_of("film", "w", 2), Seen::fresh);
  CHECK(held(machine, escrow("film")) == 3'50);
  CHECK(held(machine, escrow("film", 2)) == 3'50);
  CHECK(machine.account(escrow("film", 2))->fresh == 1);
}

TEST_CASE("account states: the first outcome that applies") {
  auto no_reason = state_of(wallet("nobody"), AccountState::closed);
  no_reason.reason.clear();
  const Row<AccountStateCommand> rows[] = {
      {"in force", no_reason, Seen::same, Outcome::repeated},
      {"without a reason", no_reason, Seen::fresh, Outcome::form_refused},
      {"of escrow", state_of(escrow("film"), AccountState::frozen), Seen::fresh,
       Outcome::form_refused},
      {"no account", state_of(wallet("nobody"), AccountState::closed), Seen::fresh,
       Outcome::unknown_account},
      {"closed with money in it", state_of(wallet("buyer"), AccountState::closed), Seen::fresh,
       Outcome::account_not_empty},
      {"frozen", state_of(wallet("buyer"), AccountState::frozen), Seen::fresh, Outcome::applied},
      {"closed", state_of(wallet("seller"), AccountState::closed), Seen::fresh, Outcome::applied},
      {"opened again", state_of(wallet("gone"), AccountState::open), Seen::fresh, Outcome::applied},
  };
  each_first(rows, [](Machine& machine, const auto& row) {
    return machine.set_state(row.command, row.seen);
  });
}

TEST_CASE("what frozen and closed accounts do") {
  Machine machine = town();
  CHECK(machine.purchase(purchase_of("free", "cold", "1"), Seen::fresh).outcome ==
        Outcome::account_frozen);
  CHECK(machine.deposit(deposit_to("cold", 1, "more"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.purchase(purchase_of("free", "gone", "2"), Seen::fresh).outcome ==
        Outcome::account_closed);
  CHECK(machine.deposit(deposit_to("gone", 1, "more"), Seen::fresh).outcome ==
        Outcome::account_closed);
  machine.set_state(state_of(wallet("seller"), AccountState::closed), Seen::fresh);
  CHECK(machine.purchase(purchase_of("film", "buyer", "3"), Seen::fresh).outcome ==
        Outcome::account_closed);
  CHECK(machine.redeem(redeem_of("film", "v"), Seen::fresh).outcome == Outcome::account_closed);
  CHECK(machine.refund(refund_of("film", "v", wallet("buyer")), Seen::fresh).outcome ==
        Outcome::applied);
}

TEST_CASE("limits and fees: the first outcome that applies") {
  auto by_nobody = limits_of("nobody", {-1, 0, 0});
  by_nobody.by.clear();
  auto in_yen = limits_of("nobody", {1, 0, 0});
  in_yen.currency = currency("JPY");
  const Row<LimitsCommand> rows[] = {
      {"in force", by_nobody, Seen::same, Outcome::repeated},
      {"by nobody", by_nobody, Seen::fresh, Outcome::form_refused},
      {"negative", limits_of("nobody", {0, 0, -1}), Seen::fresh, Outcome::amount_refused},
      {"currency not kept", in_yen, Seen::fresh, Outcome::currency_unknown},
      {"no home", limits_of("nobody", {1, 1, 1}), Seen::fresh, Outcome::unknown_account},
      {"applied", limits_of("buyer", {1, 1, 1}), Seen::fresh, Outcome::applied},
  };
  const Row<FeesCommand> of_fees[] = {
      {"in force", fees_of(-1, 0), Seen::same, Outcome::repeated},
      {"negative", fees_of(-1, 0, "JPY"), Seen::fresh, Outcome::amount_refused},
      {"above all", fees_of(10'001, 0, "JPY"), Seen::fresh, Outcome::amount_refused},
      {"negative part", fees_of(0, -1, "JPY"), Seen::fresh, Outcome::amount_refused},
      {"currency not kept", fees_of(0, 0, "JPY"), Seen::fresh, Outcome::currency_unknown},
      {"applied", fees_of(10'000, most), Seen::fresh, Outcome::applied},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Machine machine = town();
    CHECK(machine.set_limits(row.command, row.seen).outcome == row.outcome);
  }
  for (const auto& row : of_fees) {
    CAPTURE(row.what);
    Machine machine = town();
    CHECK(machine.set_fees(row.command, row.seen).outcome == row.outcome);
  }
  Machine machine = town();
  machine.set_fees(fees_of(1'000, 5), Seen::fresh);
  machine.register_offer(offer_of("later", "seller", 1'99));
  CHECK(machine.offer(digest("offer film"))->fee_minor == 17);  // fixed when it was registered
  CHECK(machine.offer(digest("offer later"))->fee_minor == 19 + 5);
}

TEST_CASE("epochs go up, and a known one keeps its key") {
  Machine machine = town();
  CHECK(machine.begin_epoch(epoch_of(0, "a"), Seen::fresh).outcome == Outcome::epoch_refused);
  CHECK(machine.begin_epoch(epoch_of(2, "a"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.begin_epoch(epoch_of(2, "a"), Seen::same).outcome == Outcome::repeated);
  CHECK(machine.begin_epoch(epoch_of(2, "b"), Seen::other).outcome ==
        Outcome::idempotency_mismatch);
  CHECK(machine.begin_epoch(epoch_of(1, "b"), Seen::fresh).outcome == Outcome::epoch_refused);
  machine.drop();
  CHECK(machine.begin_epoch(epoch_of(1, "b"), Seen::fresh).outcome == Outcome::applied);
}

TEST_CASE("what a home may spend") {
  constexpr UtcMs day = 24 * 60 * 60 * 1000;
  constexpr UtcMs end_of_january = 31 * day - 1;
  Machine machine = town();
  const auto buy = [&machine](const char* id, const char* offer, UtcMs at, std::uint32_t pocket) {
    auto command = purchase_of(offer, "buyer", id);
    command.at_ms = at;
    command.pocket = pocket;
    return machine.purchase(command, Seen::fresh).outcome;
  };
  machine.set_limits(limits_of("buyer", {50'00, 7'00, 10'50}), Seen::fresh);
  CHECK(buy("1", "dear", 0, 0) == Outcome::purchase_limit);  // before the funds are looked at
  CHECK(buy("2", "film", 0, 0) == Outcome::applied);
  CHECK(buy("3", "film", 1, 1) == Outcome::applied);  // from a pocket: the same home
  CHECK(buy("4", "film", day - 1, 0) == Outcome::day_limit);
  CHECK(buy("5", "free", day - 1, 0) == Outcome::applied);
  CHECK(buy("6", "film", day, 0) == Outcome::applied);
  CHECK(buy("7", "film", end_of_january, 0) == Outcome::month_limit);
  // A refund gives nothing back; the next month does.
  machine.refund(refund_of("film", "v", wallet("buyer")), Seen::fresh);
  CHECK(buy("8", "film", end_of_january, 0) == Outcome::month_limit);
  CHECK(buy("9", "film", end_of_january + 1, 0) == Outcome::applied);
  // A clock that goes back does not open a new day.
  CHECK(machine.spending(wallet("buyer"))->spent.on_day == 3'50);
  CHECK(buy("10", "film", 0, 0) == Outcome::applied);
  CHECK(buy("11", "film", 0, 0) == Outcome::day_limit);
  machine.set_limits(limits_of("buyer", {}), Seen::fresh);
  CHECK(buy("12", "dear", 0, 0) == Outcome::insufficient_funds);
}

TEST_CASE("days and months are the calendar's") {
  struct Row {
    UtcMs at;
    std::int64_t day, month;
  };
  constexpr UtcMs s = 1'000;
  const Row rows[] = {
      {0, 0, 0},
      {-1, -1, -1},
      {951'782'399 * s, 11'015, 361},      // 2000-02-28T23:59:59
      {951'868'799 * s, 11'016, 361},      // 2000-02-29T23:59:59
      {951'868'800 * s, 11'017, 362},      // 2000-03-01
      {1'767'225'599 * s, 20'453, 671},    // 2025-12-31T23:59:59
      {1'767'225'600 * s, 20'454, 672},    // 2026-01-01
      {4'107'542'400 * s, 47'541, 1'562},  // 2100-03-01: no leap day in 2100
      {4'107'542'399 * s, 47'540, 1'561},
  };
  for (const Row& row : rows) {
    CAPTURE(row.at);
    CHECK(utc_day(row.at) == row.day);
    CHECK(utc_month(row.at) == row.month);
  }
}

TEST_CASE("totals follow the accounts") {
  Machine machine = town();
  machine.redeem(redeem_of("film", "v"), Seen::fresh);
  machine.seal();
  machine.merge();
  const Totals& totals = machine.totals();
  CHECK(totals.accounts == 9);  // five wallets, a pocket, cash, an escrow, fees
  CHECK(totals.vouchers.bought == 2);
  CHECK(totals.vouchers.outstanding() == 1);
  REQUIRE(totals.currencies.size() == 1);
  __int128 sum = 0;
  for (const __int128 balance : totals.currencies[0].balances) sum += balance;
  CHECK(sum == 0);
  CHECK(totals.currencies[0].balances[static_cast<std::size_t>(AccountKind::escrow)] == 3'50);
  CHECK(totals.currencies[0].balances[static_cast<std::size_t>(AccountKind::fees)] == 17);
}
