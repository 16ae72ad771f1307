#include "ledger/machine/machine.h"

#include <limits>
#include <set>

#include <doctest/doctest.h>

#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// Seller and buyer with wallets in EUR; the buyer holds 20.00; offers film 3.50, dear, free.
Machine shop() {
  Machine machine({currency()});
  std::vector<money::Currency> opened;
  machine.open({home("seller"), "seller", 1}, Seen::fresh, opened);
  machine.open({home("buyer"), "buyer", 1}, Seen::fresh, opened);
  machine.deposit(deposit_to("buyer", 20'00, "cash"), Seen::fresh);
  machine.set_fees(fees_of(500, 0), Seen::fresh);
  machine.register_offer(offer_of("film", "seller", 3'50));
  machine.register_offer(offer_of("dear", "seller", most / 2));
  machine.register_offer(offer_of("free", "seller", 0));
  machine.seal();
  machine.merge();
  return machine;
}

std::int64_t held(const Machine& machine, const AccountId& id) {
  const Account* account = machine.account(id);
  return account ? account->balance : 0;
}

}  // namespace

TEST_CASE("accounts are written and read as text") {
  const auto wallet_id = AccountId::wallet(home("a"), currency());
  const auto escrow_id = AccountId::escrow(digest("o"), 7, currency());
  CHECK(wallet_id.text() == "wallet/" + home("a").text() + "/EUR");
  CHECK(escrow_id.text() == "escrow/" + to_hex(digest("o")) + "/7");
  CHECK(AccountId::cash(currency("JPY")).text() == "cash/JPY");
  CHECK(AccountId::fees(currency()).text() == "fees/EUR");
  CHECK(AccountId::adjustments(currency()).text() == "adjustments/EUR");
  const auto pocket = AccountId::wallet(home("a"), currency(), 7);
  CHECK(pocket.text() == "wallet/" + home("a").text() + "/EUR/7");
  CHECK(parse_account(pocket.text()).value().pocket == 7);
  CHECK(parse_account("adjustments/JPY").value().kind == AccountKind::adjustments);

  const auto parsed = parse_account(wallet_id.text()).value();
  CHECK(AccountId::wallet(parsed.home, *parsed.currency) == wallet_id);
  const auto parsed_escrow = parse_account(escrow_id.text()).value();
  CHECK(AccountId::escrow(parsed_escrow.offer, parsed_escrow.epoch, currency()) == escrow_id);
  CHECK(parse_account("cash/JPY").value().currency == currency("JPY"));

  const std::string address = home("a").text();
  for (const std::string& bad :
       {std::string(""), std::string("cash"), std::string("cash/XXY"), std::string("cash/eur"),
        std::string("cash/EUR/"), "wallet/" + address, "wallet/" + address + "/EUR/0",
        "wallet/" + address + "/EUR/01", "wallet/" + address + "/EUR/100",
        "wallet/" + address + "/EUR/", "wallet/" + address + "/EUR/1/1",
        "wallet/" + address.substr(1) + "/EUR", std::string("escrow/00/1"),
        "escrow/" + to_hex(digest("o")) + "/x", "escrow/" + to_hex(digest("o")) + "/-1",
        "escrow/" + to_hex(digest("o")) + "/4294967296", std::string(5000, '/')}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_account(bad));
  }
}

TEST_CASE("raw account ids are taken only as they are made") {
  for (const auto& id : {AccountId::wallet(home("a"), currency()), AccountId::cash(currency()),
                         AccountId::escrow(digest("o"), 0xffffffff, currency("BHD"))}) {
    CHECK(AccountId::from_raw(id.raw()) == id);
    auto longer = to_bytes(id.raw());
    longer.push_back(0);
    CHECK_FALSE(AccountId::from_raw(longer));
    auto other_kind = to_bytes(id.raw());
    other_kind[0] = 9;
    CHECK_FALSE(AccountId::from_raw(other_kind));
    auto no_currency = to_bytes(id.raw());
    no_currency[39] = '?';
    CHECK_FALSE(AccountId::from_raw(no_currency));
  }
  auto cash_with_subject = to_bytes(AccountId::cash(currency()).raw());
  cash_with_subject[5] = 1;
  CHECK_FALSE(AccountId::from_raw(cash_with_subject));
}

TEST_CASE("each outcome has a name, and each refusal a code and a sentence") {
  struct Row {
    Outcome outcome;
    const char* name;
    Code code;
  };
  const Row rows[] = {
      {Outcome::idempotency_mismatch, "idempotency_mismatch", Code::idempotency_mismatch},
      {Outcome::voucher_spent, "voucher_spent", Code::voucher_spent},
      {Outcome::repeated, "repeated", Code::internal},
      {Outcome::form_refused, "form_refused", Code::usage},
      {Outcome::amount_refused, "amount_refused", Code::amount_invalid},
      {Outcome::currency_unknown, "currency_unknown", Code::currency_unknown},
      {Outcome::epoch_refused, "epoch_refused", Code::unknown_epoch},
      {Outcome::unknown_offer, "unknown_offer", Code::unknown_offer},
      {Outcome::nothing_outstanding, "nothing_outstanding", Code::voucher_invalid},
      {Outcome::unknown_account, "unknown_account", Code::unknown_account},
      {Outcome::account_closed, "account_closed", Code::account_closed},
      {Outcome::account_frozen, "account_frozen", Code::account_frozen},
      {Outcome::account_not_empty, "account_not_empty", Code::account_not_empty},
      {Outcome::overflow, "overflow", Code::overflow},
      {Outcome::purchase_limit, "purchase_limit", Code::limit_exceeded},
      {Outcome::day_limit, "day_limit", Code::limit_exceeded},
      {Outcome::month_limit, "month_limit", Code::limit_exceeded},
      {Outcome::insufficient_funds, "insufficient_funds", Code::insufficient_funds},
      {Outcome::insufficient_cash, "insufficient_cash", Code::insufficient_funds},
      {Outcome::applied, "applied", Code::internal},
  };
  // The order of precedence is the table's.
  REQUIRE(std::size(rows) == all_outcomes().size());
  std::set<std::string> sentences;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const Row& row = rows[i];
    CAPTURE(row.name);
    CHECK(all_outcomes()[i] == row.outcome);
    CHECK(outcome_name(row.outcome) == row.name);
    CHECK(outcome_code(row.outcome) == row.code);
    CHECK(static_cast<std::size_t>(row.outcome) < outcome_numbers);
    if (row.outcome == Outcome::applied || row.outcome == Outcome::repeated) continue;
    const Error error = refusal(row.outcome);
    CHECK(error.sentence.find("othing was") != std::string::npos);
    CHECK(sentences.insert(error.sentence).second);
  }
}

TEST_CASE("purchases: the first outcome that applies") {
  struct Row {
    const char* what;
    const char* offer;
    const char* buyer;
    std::int64_t vouchers;
    Seen seen;
    Outcome outcome;
  };
  const Row rows[] = {
      {"all wrong, id known with another body", "none", "nobody", 0, Seen::other,
       Outcome::idempotency_mismatch},
      {"all wrong, known", "none", "nobody", 0, Seen::same, Outcome::repeated},
      {"no voucher of no offer", "none", "nobody", 0, Seen::fresh, Outcome::form_refused},
      {"17 vouchers", "film", "buyer", 17, Seen::fresh, Outcome::form_refused},
      {"no offer, no wallet", "none", "nobody", 1, Seen::fresh, Outcome::unknown_offer},
      {"no wallet, would overflow", "dear", "nobody", 3, Seen::fresh, Outcome::unknown_account},
      {"overflow, not funded", "dear", "buyer", 3, Seen::fresh, Outcome::overflow},
      {"not funded", "dear", "buyer", 2, Seen::fresh, Outcome::insufficient_funds},
      {"one cent short", "film", "buyer", 6, Seen::fresh, Outcome::insufficient_funds},
      {"funded", "film", "buyer", 5, Seen::fresh, Outcome::applied},
      {"free, without funds", "free", "seller", 16, Seen::fresh, Outcome::applied},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Machine machine = shop();
    const auto verdict =
        machine.purchase(purchase_of(row.offer, row.buyer, "p", row.vouchers), row.seen);
    CHECK(outcome_name(verdict.outcome) == outcome_name(row.outcome));
    CHECK(machine.changed().empty() == (row.outcome != Outcome::applied));
  }
}

TEST_CASE("deposits: the first outcome that applies") {
  struct Row {
    const char* what;
    DepositCommand command;
    Seen seen;
    Outcome outcome;
  };
  auto in_yen = deposit_to("nobody", 1, "x");
  in_yen.account = wallet("nobody", 0, "JPY");
  auto by_nobody = deposit_to("nobody", -1, "x");
  by_nobody.by.clear();
  auto to_fees = deposit_to("nobody", -1, "x");
  to_fees.account = AccountId::fees(currency("JPY"));
  const Row rows[] = {
      {"known", deposit_to("nobody", -1, "\x01"), Seen::same, Outcome::repeated},
      {"reference with a control character", deposit_to("nobody", -1, "\x01"), Seen::fresh,
       Outcome::form_refused},
      {"by nobody", by_nobody, Seen::fresh, Outcome::form_refused},
      {"not a wallet", to_fees, Seen::fresh, Outcome::form_refused},
      {"reference too long", deposit_to("nobody", -1, std::string(141, 'x')), Seen::fresh,
       Outcome::form_refused},
      {"negative", deposit_to("nobody", -1, "x"), Seen::fresh, Outcome::amount_refused},
      {"zero", deposit_to("nobody", 0, "x"), Seen::fresh, Outcome::amount_refused},
      {"currency not kept", in_yen, Seen::fresh, Outcome::currency_unknown},
      {"no wallet", deposit_to("nobody", most, "x"), Seen::fresh, Outcome::unknown_account},
      {"overflow of the wallet", deposit_to("buyer", most, "x"), Seen::fresh, Outcome::overflow},
      {"applied", deposit_to("buyer", 1, std::string(140, 'x')), Seen::fresh, Outcome::applied},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Machine machine = shop();
    const auto verdict = machine.deposit(row.command, row.seen);
    CHECK(outcome_name(verdict.outcome) == outcome_name(row.outcome));
    CHECK(machine.changed().empty() == (row.outcome != Outcome::applied));
  }
}

TEST_CASE("redemptions: the first outcome that applies") {
  struct Row {
    const char* what;
    const char* offer;
    Seen seen;
    Outcome outcome;
  };
  const Row rows[] = {
      {"spent by another request", "none", Seen::other, Outcome::voucher_spent},
      {"the same again", "none", Seen::same, Outcome::repeated},
      {"no such offer", "none", Seen::fresh, Outcome::unknown_offer},
      {"nothing was bought", "free", Seen::fresh, Outcome::nothing_outstanding},
      {"bought", "film", Seen::fresh, Outcome::applied},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Machine machine = shop();
    machine.purchase(purchase_of("film", "buyer", "p"), Seen::fresh);
    machine.seal();
    machine.merge();
    const auto verdict = machine.redeem(redeem_of(row.offer, "v"), row.seen);
    CHECK(outcome_name(verdict.outcome) == outcome_name(row.outcome));
    CHECK(machine.changed().empty() == (row.outcome != Outcome::applied));
  }
  SUBCASE("another epoch has nothing outstanding") {
    Machine machine = shop();
    machine.purchase(purchase_of("film", "buyer", "p"), Seen::fresh);
    auto command = redeem_of("film", "v");
    command.epoch = 2;
    CHECK(machine.redeem(command, Seen::fresh).outcome == Outcome::nothing_outstanding);
  }
}

TEST_CASE("offers: the first outcome that applies") {
  struct Row {
    const char* what;
    OfferCommand command;
    Outcome outcome;
  };
  const Row rows[] = {
      {"known at another price", offer_of("film", "seller", 3'51), Outcome::idempotency_mismatch},
      {"known of another seller", offer_of("film", "buyer", 3'50), Outcome::idempotency_mismatch},
      {"known", offer_of("film", "seller", 3'50), Outcome::repeated},
      {"negative price", offer_of("n", "nobody", -1, "JPY"), Outcome::amount_refused},
      {"currency not kept", offer_of("n", "nobody", 5, "JPY"), Outcome::currency_unknown},
      {"seller without wallet", offer_of("n", "nobody", 5), Outcome::unknown_account},
      {"for all the money there is", offer_of("n", "seller", most), Outcome::applied},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Machine machine = shop();
    CHECK(outcome_name(machine.register_offer(row.command).outcome) == outcome_name(row.outcome));
  }
  Machine machine = shop();
  machine.set_state(state_of(wallet("seller"), AccountState::closed), Seen::fresh);
  CHECK(machine.register_offer(offer_of("n", "seller", 5)).outcome == Outcome::account_closed);
}

TEST_CASE("opening a home") {
  Machine machine({currency("EUR"), currency("JPY")});
  std::vector<money::Currency> opened;
  CHECK(machine.open({home("a"), "a/b", 1}, Seen::fresh, opened).outcome == Outcome::form_refused);
  CHECK(machine.open({home("a"), "a", 1}, Seen::fresh, opened).outcome == Outcome::applied);
  CHECK(opened.size() == 2);
  CHECK(machine.open({home("a"), "a", 1}, Seen::same, opened).outcome == Outcome::repeated);
  CHECK(machine.open({home("a"), "b", 1}, Seen::other, opened).outcome == Outcome::applied);
  CHECK(opened.empty());
}

TEST_CASE("money moves from the wallet to escrow, then to seller and fees") {
  Machine machine = shop();
  const auto buyer = wallet("buyer"), seller = wallet("seller");
  const auto film = escrow("film");
  const auto fees = AccountId::fees(currency());

  const auto bought = machine.purchase(purchase_of("film", "buyer", "p", 2), Seen::fresh);
  CHECK(bought.balance_after == 13'00);
  CHECK(held(machine, buyer) == 13'00);
  CHECK(held(machine, film) == 7'00);
  CHECK(machine.account(film)->outstanding() == 2);

  CHECK(machine.redeem(redeem_of("film", "v1"), Seen::fresh).outcome == Outcome::applied);
  CHECK(held(machine, film) == 3'50);
  CHECK(held(machine, seller) == 3'33);
  CHECK(held(machine, fees) == 17);
  CHECK(held(machine, AccountId::cash(currency())) == -20'00);

  CHECK(machine.redeem(redeem_of("film", "v2"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.redeem(redeem_of("film", "v3"), Seen::fresh).outcome ==
        Outcome::nothing_outstanding);
}

TEST_CASE("a dropped overlay leaves nothing behind") {
  Machine machine = shop();
  const auto buyer = AccountId::wallet(home("buyer"), currency());
  machine.purchase(purchase_of("film", "buyer", "p"), Seen::fresh);
  machine.register_offer(offer_of("new", "seller", 1));
  CHECK(held(machine, buyer) == 16'50);
  machine.drop();
  CHECK(held(machine, buyer) == 20'00);
  CHECK(machine.account(AccountId::escrow(digest("offer film"), 1, currency())) == nullptr);
  CHECK(machine.offer(digest("offer new")) == nullptr);
}

TEST_CASE("a batch that is dropped takes along what rested on it, one that is merged stays") {
  Machine machine = shop();
  const auto buyer = AccountId::wallet(home("buyer"), currency());
  const auto film = AccountId::escrow(digest("offer film"), 1, currency());
  const auto sum = [&machine] { return machine.totals().vouchers.bought; };
  for (const bool kept : {true, false}) {
    CAPTURE(kept);
    machine.purchase(purchase_of("film", "buyer", "first"), Seen::fresh);
    machine.seal();
    machine.purchase(purchase_of("film", "buyer", "second"), Seen::fresh);
    machine.register_offer(offer_of(kept ? "new" : "newer", "seller", 1));
    machine.seal();
    CHECK(sum() == (kept ? 2 : 3));
    if (kept) machine.merge();
    machine.purchase(purchase_of("film", "buyer", "third"), Seen::fresh);
    machine.drop();
    CHECK(sum() == 1);
    CHECK(held(machine, buyer) == 16'50);
    CHECK(held(machine, film) == 3'50);
    CHECK(machine.offer(digest("offer new")) == nullptr);
    CHECK(machine.offer(digest("offer newer")) == nullptr);
  }
  machine.purchase(purchase_of("film", "buyer", "again"), Seen::fresh);
  CHECK(machine.changed().size() == 2);
  CHECK(machine.changed()[0].before->balance == 16'50);
}

TEST_CASE("all money there is can be bought with, and no balance overflows") {
  Machine machine({currency()});
  std::vector<money::Currency> opened;
  machine.open({home("a"), "a", 1}, Seen::fresh, opened);
  machine.open({home("b"), "b", 1}, Seen::fresh, opened);
  CHECK(machine.deposit(deposit_to("a", most, "1"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.deposit(deposit_to("b", 1, "2"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.deposit(deposit_to("b", 1, "3"), Seen::fresh).outcome == Outcome::overflow);
  machine.register_offer(offer_of("all", "b", most));
  CHECK(machine.purchase(purchase_of("all", "a", "p"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.redeem(redeem_of("all", "v"), Seen::fresh).outcome == Outcome::overflow);
  machine.register_offer(offer_of("cent", "a", 1));
  CHECK(machine.purchase(purchase_of("cent", "b", "q"), Seen::fresh).outcome == Outcome::applied);
  CHECK(machine.redeem(redeem_of("all", "v"), Seen::fresh).outcome == Outcome::applied);
}
