// The operator's documents and refusals, through run_admin() and as text.
#include <doctest/doctest.h>

#include "ledger/admin/progress_board.h"
#include "ledger/cli/table.h"
#include "ledger/cli/text.h"
#include "tests/unit/ledger_desk/operated_books.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;
using wire::Json;

namespace {

struct Books {
  Books() { operated::fill(*engine); }
  Result<Json> run(const char* command, const Json& args = Json::object()) {
    return operated::run(*store, command, args, engine.get());
  }
  std::int64_t balance(const char* of) {
    return run("account", {{"id", of}}).value()["balance"]["minor"];
  }
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Engine> engine = operated::start(*store);
};

}  // namespace

TEST_CASE("commands: status is the same with and without an engine") {
  Books books;
  const Json with = books.run("status").value();
  CHECK(with == operated::run(*books.store, "status").value());
  CHECK(with["homes"] == 2);
  CHECK(with["offers"] == 2);
  CHECK(with["vouchers"] ==
        Json{{"bought", 4}, {"redeemed", 2}, {"refunded", 1}, {"outstanding", 1}});
  const Json& euros = with["totals"][0];
  CHECK(euros["wallet"]["minor"] == 12'25 + 1'00 + 2'33);
  CHECK(euros["escrow"]["minor"] == 3'50);
  CHECK(euros["cash"]["minor"] == -19'00);
  CHECK(euros["fees"]["minor"] == 17);
  CHECK(euros["adjustments"]["minor"] == -25);
  CHECK(books.run("audit").value()["ok"] == true);
}

TEST_CASE("commands: accounts by kind, by home, by pages") {
  Books books;
  const auto ids = [](const Json& document) {
    std::vector<std::string> out;
    const Json rows = document["accounts"];
    for (const Json& row : rows) out.push_back(row["id"]);
    return out;
  };
  const auto all = ids(books.run("accounts").value());
  std::vector<std::string> paged;
  Json args{{"limit", 2}};
  for (bool more = true; more;) {
    const Json page = books.run("accounts", args).value();
    CHECK(page["accounts"].size() <= 2);
    for (const auto& id : ids(page)) paged.push_back(id);
    more = page["more"];
    args["after"] = paged.back();
  }
  CHECK(paged == all);
  CHECK(ids(books.run("accounts", {{"kind", "fees"}}).value()) ==
        std::vector<std::string>{"fees/EUR"});
  CHECK(books.run("accounts", {{"home", "anna"}}).value()["accounts"].size() == 3);
  CHECK(books.run("accounts", {{"kind", "shoe box"}}).error().code == Code::usage);
  CHECK(books.run("accounts", {{"kind", "cash"}, {"home", "anna"}}).error().code == Code::usage);
  const Json offers = books.run("offers", {{"limit", 1}}).value();
  CHECK(offers["more"] == true);
  const Json rest = books.run("offers", {{"after", offers["offers"][0]["id"]}}).value();
  CHECK(rest["offers"].size() == 1);
  CHECK(rest["more"] == false);
  CHECK(books.run("offers", {{"after", "zz"}}).error().code == Code::usage);
}

TEST_CASE("commands: money in and out, once per reference") {
  Books books;
  const auto pay = [&](const char* command, const std::string& who, const char* amount,
                       const char* reference) {
    return books.run(command, {{"account", who}, {"amount", amount}, {"reference", reference}});
  };
  CHECK(pay("deposit", "anna", "1.00 EUR", "a").value()["balance_after"]["minor"] == 13'25);
  CHECK(pay("deposit", operated::home_of("anna").text(), "1.00 EUR", "a").value()["repeated"] ==
        true);
  CHECK(pay("deposit", operated::home_of("anna").grouped(), "1 EUR", "b").has_value());
  CHECK(pay("deposit", "anna", "10 JPY", "c").value()["account"] ==
        operated::wallet_of("anna", 0, "JPY").text());
  CHECK(pay("withdraw", "anna", "2.00 EUR", "d").value()["balance_after"]["minor"] == 12'25);
  CHECK(pay("withdraw", "anna", "2.00 EUR", "d").value()["repeated"] == true);
  CHECK(pay("withdraw", "fees/EUR", "0.10 EUR", "e").value()["balance_after"]["minor"] == 7);
  CHECK(books.balance("anna") == 12'25);

  struct Row {
    const char* command;
    std::string who;
    const char* amount;
    const char* reference;
    Code code;
  };
  std::string miscopied = operated::home_of("anna").text();
  miscopied.back() = miscopied.back() == 'q' ? 'p' : 'q';
  const Row rows[] = {
      {"deposit", "nobody", "1 EUR", "x", Code::unknown_account},
      {"deposit", operated::home_of("nobody").text(), "1 EUR", "x", Code::unknown_account},
      {"deposit", miscopied, "1 EUR", "x", Code::usage},
      {"deposit", "anna", "-1.00 EUR", "x", Code::amount_invalid},
      {"deposit", "anna", "0 EUR", "x", Code::amount_invalid},
      {"deposit", "anna", "1.001 EUR", "x", Code::amount_invalid},
      {"deposit", "anna", "1.00", "x", Code::amount_invalid},
      {"deposit", "anna", "1 EUR", "", Code::usage},
      {"deposit", "fees/EUR", "1 EUR", "x", Code::usage},
      {"deposit", operated::wallet_of("anna").text(), "1 JPY", "x", Code::amount_invalid},
      {"withdraw", "anna", "12.26 EUR", "x", Code::insufficient_funds},
      {"withdraw", "bob", "1 EUR", "x", Code::account_frozen},
      {"withdraw", "cash/EUR", "1 EUR", "x", Code::usage},
  };
  for (const Row& row : rows) {
    CAPTURE(row.command);
    CAPTURE(row.who);
    CAPTURE(row.amount);
    const auto refused = pay(row.command, row.who, row.amount, row.reference);
    REQUIRE_FALSE(refused.has_value());
    CAPTURE(refused.error().sentence);
    CHECK(refused.error().code == row.code);
    CHECK(refused.error().sentence.ends_with("."));
  }
  (void)operated::indexed([&](auto answer) {
    books.engine->submit_open(operated::home_of("other anna"), "anna", 1, std::move(answer));
  });
  const auto two = pay("deposit", "anna", "1 EUR", "x");
  CHECK(two.error().code == Code::usage);
  CHECK(two.error().sentence.find("2 homes") != std::string::npos);
  CHECK(books.run("audit").value()["ok"] == true);
}

TEST_CASE("commands: corrections, freezing, limits and fees") {
  Books books;
  Json args{{"side", "debit"},
            {"account", "anna"},
            {"amount", "0.25 EUR"},
            {"reason", "undone"},
            {"id", std::string(32, 'a')}};
  CHECK(books.run("adjust", args).value()["balance_after"]["minor"] == 12'00);
  CHECK(books.run("adjust", args).value()["repeated"] == true);
  args["amount"] = "0.26 EUR";
  CHECK(books.run("adjust", args).error().code == Code::idempotency_mismatch);
  args["side"] = "sideways";
  CHECK(books.run("adjust", args).error().code == Code::usage);
  args = {{"side", "credit"}, {"account", "anna"}, {"amount", "1 EUR"}, {"reason", ""}};
  CHECK(books.run("adjust", args).error().code == Code::usage);

  const Json reason{{"account", "bob"}, {"reason", "settled"}};
  CHECK(books.run("freeze", reason).has_value());
  CHECK(books.run("unfreeze", reason).value()["state"] == "open");
  CHECK(books.run("close", reason).error().code == Code::account_not_empty);
  CHECK(books.run("freeze", {{"account", "bob"}}).error().code == Code::usage);
  CHECK(books.run("account", {{"id", "bob"}}).value()["state"] == "open");

  const auto limits = [&] { return books.run("limits", {{"home", "anna"}}).value()["limits"][0]; };
  CHECK(limits()["per_purchase"]["minor"] == 5'00);
  CHECK(limits()["per_day"].is_null());
  CHECK(books
            .run("limits-set", {{"home", "anna"},
                                {"currency", "EUR"},
                                {"per_purchase", "none"},
                                {"per_day", "7.50"}})
            .has_value());
  CHECK(limits()["per_purchase"].is_null());
  CHECK(limits()["per_day"]["minor"] == 7'50);
  CHECK(limits()["per_month"]["minor"] == 100'00);  // not named: as it was
  for (const char* wrong : {"-1", "0", "1 JPY", "much"})
    CHECK_FALSE(books.run("limits-set", {{"home", "anna"}, {"currency", "EUR"}, {"per_day", wrong}})
                    .has_value());
  CHECK(books.run("limits-set", {{"home", "anna"}, {"currency", "EUR"}}).error().code ==
        Code::usage);

  CHECK(books.run("fees-set", {{"currency", "EUR"}, {"fixed", "0.05"}}).has_value());
  const Json fees = books.run("fees").value()["fees"][0];
  CHECK(fees["basis_points"] == 500);
  CHECK(fees["fixed"]["minor"] == 5);
  CHECK(books.run("fees-set", {{"currency", "EUR"}, {"basis_points", 10'001}}).error().code ==
        Code::usage);
  CHECK(books.run("fees-set", {{"currency", "EUR"}}).error().code == Code::usage);
  CHECK(books.run("audit").value()["ok"] == true);
}

TEST_CASE("commands: a process that only reads changes nothing") {
  Books books;
  for (const CommandRule& rule : command_rules()) {
    if (!rule.changes || rule.command == "backup") continue;
    CAPTURE(rule.command);
    const Json everything{{"account", "anna"},      {"amount", "1 EUR"}, {"reference", "x"},
                          {"reason", "x"},          {"side", "credit"},  {"home", "anna"},
                          {"currency", "EUR"},      {"name", "tina"},    {"key", "operator1"},
                          {"role", "owner"},        {"provider", "p"},   {"event", "e"},
                          {"entry", "ip:192.0.2.7"}};
    const auto answer =
        operated::run(*books.store, std::string(rule.command).c_str(), everything, nullptr);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == Code::internal);
  }
  CHECK(books.run("stats").error().code == Code::unreachable);
  CHECK(books.run("no-such-command").error().code == Code::usage);
  CHECK(books.run("status", Json::array()).error().code == Code::usage);
  CHECK(books.run("card").error().code == Code::not_initialised);
}

TEST_CASE("commands: long work shows how far it is, under the word of its order") {
  Books books;
  ProgressBoard board;
  AdminContext context{LedgerDir{"/no/such/directory"}, *books.store};
  context.board = &board;
  const auto progress = [&](const char* word) {
    return run_admin(context, "progress", {{"watch", word}}).value();
  };
  std::size_t told = 0;
  context.progress = [&](std::uint64_t done, std::uint64_t total) {
    ++told;
    CHECK(progress("mine") == Json{{"running", true}, {"done", done}, {"total", total}});
    CHECK(progress("another") == Json{{"running", false}});
  };
  CHECK(progress("mine") == Json{{"running", false}});
  CHECK(run_admin(context, "audit", {{"watch", "mine"}}).value()["ok"] == true);
  CHECK(told > 0);
  CHECK(progress("mine") == Json{{"running", false}});
  CHECK(run_admin(context, "progress", Json::object()).error().code == Code::usage);
}

TEST_CASE("commands: documents as text for people") {
  Books books;
  const auto text = [&](const char* command, const Json& args = Json::object()) {
    return as_text_for_people(command, books.run(command, args).value());
  };
  CHECK(text("status").find("4 vouchers bought, 2 redeemed, 1 refunded, 1 outstanding") !=
        std::string::npos);
  const std::string accounts = text("accounts");
  std::size_t column = 0;
  for (const char* amount : {"12.25 EUR", "2.33 EUR", "3.50 EUR", "-19.00 EUR", "0.17 EUR"}) {
    CAPTURE(amount);
    const std::size_t at = accounts.find(std::string(" ") + amount);
    REQUIRE(at != std::string::npos);
    const std::size_t line = accounts.rfind('\n', at) + 1;
    const std::size_t end = at + 1 + std::string(amount).size() - line;
    if (column == 0) column = end;
    CHECK(end == column);
  }
  CHECK(accounts.find("frozen") != std::string::npos);
  const std::string statement = text("statement", {{"of", "anna"}, {"from", "2100-11-04"}});
  CHECK(statement.find("opening balance 20.00 EUR") != std::string::npos);
  CHECK(statement.find("closing balance 12.25 EUR") != std::string::npos);
  CHECK(text("fees").find("5.00 %") != std::string::npos);
  CHECK(text("limits", {{"home", "anna"}}).find("none") != std::string::npos);
  // Every command of the table that reads has a text of its own, not the document.
  for (const char* command : {"status", "accounts", "offers", "fees", "operators", "payments"})
    CHECK_FALSE(text(command).starts_with("{"));
  CHECK(as_text_for_people("status", Json{{"newer", 1}}) == "{\n  \"newer\": 1\n}\n");
}

TEST_CASE("commands: what happened between two looks") {
  const auto stats = [](std::int64_t at, std::uint64_t purchases, std::uint64_t fives) {
    const Json histogram{
        {"bounds", {1, 10}}, {"counts", {0, fives, 0}}, {"sum", fives * 5}, {"count", fives}};
    return Json{{"at_ms", at},
                {"ready", true},
                {"records", purchases},
                {"commands", fives},
                {"refused_busy", 0},
                {"batch_size", histogram},
                {"commit_us", histogram},
                {"outcomes", {{"purchase", {{"applied", purchases}}}}},
                {"queue", {{"length", 3}, {"limit", 10}}},
                {"outstanding", 1},
                {"totals", Json::array()}};
  };
  const Json between = watch_document(stats(1'000, 100, 10), stats(3'000, 150, 30));
  CHECK(between["per_second_milli"]["purchase"] == 25'000);
  CHECK(between["batch_size"]["count"] == 20);
  CHECK(between["batch_size"]["mean_milli"] == 5'000);
  CHECK(between["batch_size"]["p99"] == 10);
  // A ledger that was started anew counts from zero.
  CHECK(watch_document(stats(0, 100, 10), stats(1'000, 7, 1))["per_second_milli"]["purchase"] ==
        7'000);
  CHECK(watch_text(stats(0, 0, 0), stats(1'000, 12, 4)).find("purchases") != std::string::npos);
}

TEST_CASE("tables: widths of a terminal, wide names cut") {
  CHECK(shown_width("Zoë") == 3);
  CHECK(shown_width("Zoe\u0308") == 3);
  CHECK(shown_width("映画") == 4);
  CHECK(cut("映画館へ", 5) == "映画…");
  CHECK(cut("short", 5) == "short");
  TextTable table({{"name", Align::left, 6}, {"balance", Align::right}});
  table.row({"映画館へようこそ", "1.00 EUR"});
  table.row({"Bob", "-10.00 EUR"});
  CHECK(table.text() ==
        "name      balance\n"
        "映画…    1.00 EUR\n"
        "Bob    -10.00 EUR\n");
}
