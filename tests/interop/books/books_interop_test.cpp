// Our books as the stock accounting programs read them: `hledger check` and `bean-check` accept
// the exports, and their balances are ours to the last minor unit.
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "common/base/process.h"
#include "ledger/export/export.h"
#include "ledger/export/walk.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger_desk/operated_books.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

constexpr int timeout_ms = 120'000;

ProcessOutput run_program(const std::vector<std::string>& argv) {
  auto done = run_process(argv, {}, 4 * 1024 * 1024, timeout_ms);
  REQUIRE_MESSAGE(done, done.error().sentence);
  return std::move(*done);
}

std::string exported(const store::View& view, ExportOrder order) {
  std::string text;
  do {
    const auto chunk = export_chunk(view, order).value();
    text += chunk.text;
    order.cursor = chunk.next;
  } while (!order.cursor.empty());
  return text;
}

/// Kind and amount, without names: what any program must come to.
using Balances = std::multiset<std::pair<std::string, std::string>>;

struct Books {
  Books() { operated::fill(*engine); }
  std::string file(const std::string& name, const std::string& text) const {
    const auto path = dir.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  test::TempDir dir;
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Engine> engine = operated::start(*store);
};

Balances our_balances(const store::View& view) {
  Balances out;
  const auto add = [&out](const AccountId& id, const Account& account) {
    if (account.balance != 0)
      out.emplace(account_kind_name(id.kind()), money::format({-account.balance, id.currency()}));
    return true;
  };
  REQUIRE(each_account_after(view, std::nullopt, std::nullopt, add).has_value());
  return out;
}

std::string kind_of(const std::string& account) {
  const std::pair<const char*, const char*> kinds[] = {{"Liabilities:Wallets", "wallet"},
                                                       {"Liabilities:Escrow", "escrow"},
                                                       {"Assets:Cash", "cash"},
                                                       {"Income:Fees", "fees"},
                                                       {"Expenses:Adjustments", "adjustments"}};
  for (const auto& [begin, kind] : kinds)
    if (account.starts_with(begin)) return kind;
  return account;
}

/// Rows of "account","amount" as both programs write CSV; quotes and blanks taken away.
Balances their_balances(const std::string& csv) {
  Balances out;
  std::istringstream lines(csv);
  std::string line;
  while (std::getline(lines, line)) {
    std::erase_if(line, [](char c) { return c == '"' || c == '\r'; });
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos || line.starts_with("account")) continue;
    std::string amount = line.substr(comma + 1);
    amount.resize(amount.find_last_not_of(' ') + 1);
    // "  1000    JPY"
    const std::size_t gap = amount.find_last_of(' ');
    if (gap == std::string::npos) continue;
    const std::string code = amount.substr(gap + 1);
    amount.resize(gap);
    std::erase(amount, ' ');
    amount += " " + code;
    const std::string account = line.substr(0, comma);
    if (amount.find_first_of("123456789") == std::string::npos) continue;
    out.emplace(kind_of(account.substr(0, account.find(' '))), amount);
  }
  return out;
}

ExportOrder order_of(const char* format, bool pseudonyms = false) {
  return {format, {}, pseudonyms, ""};
}

}  // namespace

TEST_CASE("hledger accepts the export, strictly, and has our balances") {
  const Books books;
  for (const bool pseudonyms : {false, true}) {
    const std::string file =
        books.file("all.journal", exported(*books.store, order_of("hledger", pseudonyms)));
    const auto checked = run_program({"hledger", "-f", file, "check", "-s"});
    CHECK_MESSAGE(checked.exit_code == 0, checked.err);
    const auto shown = run_program({"hledger", "-f", file, "bal", "--flat", "-N", "-O", "csv"});
    REQUIRE_MESSAGE(shown.exit_code == 0, shown.err);
    const std::string csv(as_text(shown.out));
    CHECK_MESSAGE(their_balances(csv) == our_balances(*books.store), csv);
  }
}

TEST_CASE("bean-check accepts the export and bean-query has our balances") {
  const Books books;
  for (const bool pseudonyms : {false, true}) {
    const std::string file =
        books.file("all.beancount", exported(*books.store, order_of("beancount", pseudonyms)));
    const auto checked = run_program({"bean-check", file});
    CHECK_MESSAGE(checked.exit_code == 0, std::string(as_text(checked.out)), checked.err);
    const auto shown =
        run_program({"bean-query", "-f", "csv", file,
                     "SELECT account, sum(position) GROUP BY account ORDER BY account"});
    REQUIRE_MESSAGE(shown.exit_code == 0, shown.err);
    const std::string csv(as_text(shown.out));
    CHECK_MESSAGE(their_balances(csv) == our_balances(*books.store), csv);
  }
}

TEST_CASE("a period's export stands by itself, and goes on from the period before") {
  const Books books;
  const auto file_of = [&](const char* format, const char* from, const char* to) {
    ExportOrder order = order_of(format);
    order.period = parse_period(from, to).value();
    return books.file(std::string(format) + from, exported(*books.store, order));
  };
  for (const auto& [from, to] : {std::pair("2100-11-03", "2100-11-03"),
                                 std::pair("2100-11-04", "2100-11-04"), std::pair("2100-11-05", ""),
                                 std::pair("2100-12-01", ""), std::pair("2100-10", "2100-10")}) {
    CAPTURE(from);
    const auto strict = run_program({"hledger", "-f", file_of("hledger", from, to), "check", "-s"});
    CHECK_MESSAGE(strict.exit_code == 0, strict.err);
    const auto checked = run_program({"bean-check", file_of("beancount", from, to)});
    CHECK_MESSAGE(checked.exit_code == 0, std::string(as_text(checked.out)), checked.err);
  }
}

TEST_CASE("both programs notice one minor unit") {
  const Books books;
  struct Row {
    const char* format;
    std::vector<std::string> program;
    const char* from;
    const char* to;
  };
  // The closing balance of what is left in the fees.
  const Row rows[] = {
      {"hledger", {"hledger", "check", "-f"}, "0.00 EUR = -0.17 EUR", "0.00 EUR = -0.18 EUR"},
      {"beancount", {"bean-check"}, "-0.17 ~ 0 EUR", "-0.18 ~ 0 EUR"}};
  for (const Row& row : rows) {
    CAPTURE(row.format);
    std::string text = exported(*books.store, order_of(row.format));
    const std::size_t at = text.find(row.from);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string(row.from).size(), row.to);
    std::vector<std::string> argv = row.program;
    argv.push_back(books.file(std::string("wrong.") + row.format, text));
    CHECK(run_program(argv).exit_code != 0);
  }
}
