// Periods, statements and exports of books with every kind of record.
#include "ledger/export/export.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "ledger/export/period.h"
#include "tests/unit/ledger_desk/operated_books.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;
using wire::Json;

namespace {

struct Books {
  Books() { operated::fill(*engine); }
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Engine> engine = operated::start(*store);
};

/// All chunks, and how many there were.
std::string exported(const store::View& view, ExportOrder order, int* chunks = nullptr) {
  std::string text;
  do {
    const auto chunk = export_chunk(view, order).value();
    text += chunk.text;
    order.cursor = chunk.next;
    if (chunks) ++*chunks;
  } while (!order.cursor.empty());
  return text;
}

Json exported_json(const store::View& view, const Period& period = {}) {
  return Json::parse(exported(view, {"json", period, false, ""}));
}

std::map<std::string, std::int64_t> balances(const Json& rows) {
  std::map<std::string, std::int64_t> out;
  for (const Json& row : rows) out[row["account"]] = row["minor"];
  return out;
}

}  // namespace

TEST_CASE("periods: what dates mean") {
  using operated::day;
  using operated::first_day;
  const Period november = parse_period("2100-11-03", "2100-11-04").value();
  CHECK(november.from == first_day);
  CHECK(november.to == first_day + 2 * day);  // the last day is included
  CHECK(parse_period("2100-11", "2100-11").value().to == first_day + 28 * day);
  CHECK(parse_period("2100-11-03T00:00:01Z", "").value().from == first_day + 1000);
  CHECK(parse_period("", "1970-01-01T00:00:00Z").value().to == 0);
  CHECK(parse_period("2028-02-29", "").value().from == 1'835'395'200'000);
  CHECK_FALSE(parse_period("", "").value().from.has_value());
  for (const char* wrong : {"2026-02-29", "2026-13", "2100-11-31", "yesterday", "2100-11-3",
                            "2100-11-03T24:00:00Z", "2100-11-03 00:00:00", "1969-12-31", "²026-11"})
    CHECK_MESSAGE(parse_period(wrong, "").error().code == Code::usage, wrong);
  CHECK(parse_period("2100-11-04", "2100-11-03").error().code == Code::usage);
}

TEST_CASE("periods: records and balances at their borders") {
  const Books books;
  const BooksView view(*books.store);
  const auto size = view.tree().value().size();
  const auto second = records_of(view, parse_period("2100-11-04", "2100-11-04").value()).value();
  for (std::uint64_t i = 0; i < size; ++i) {
    const UtcMs at = view.record(i).value()->at_ms;
    const bool within =
        at >= operated::first_day + operated::day && at < operated::first_day + 2 * operated::day;
    CHECK(within == (i >= second.first && i < second.end));
  }
  CHECK(records_of(view, parse_period("2200-01", "").value()).value().first == size);
  CHECK(records_of(view, parse_period("", "2000-01").value()).value().end == 0);
  // Before every record, each balance is the sum of what was posted until then.
  std::map<AccountId, std::int64_t> sums;
  for (std::uint64_t i = 0; i <= size; ++i) {
    for (const auto& [account, sum] : sums) CHECK(balance_before(view, account, i).value() == sum);
    if (i == size) break;
    const Record record = view.record(i).value().value();
    for (const Posting& posting : record.postings) sums[posting.account] += posting.delta;
  }
  CHECK(balance_before(view, operated::wallet_of("nobody"), 3).value() == 0);
}

TEST_CASE("statements: opening balance, entries, closing balance") {
  Books books;
  const auto of = [&](const Json& args) {
    return operated::run(*books.store, "statement", args).value()["accounts"];
  };
  const Json second = of({{"of", operated::wallet_of("anna").text()},
                          {"from", "2100-11-04"},
                          {"to", "2100-11-04"}})[0];
  CHECK(second["opening"]["minor"] == 20'00);
  CHECK(second["closing"]["minor"] == 13'00);
  REQUIRE(second["entries"].size() == 3);  // two purchases, one of them free, and a refund
  CHECK(second["entries"][0]["amount"]["minor"] == -10'50);
  CHECK(second["entries"][0]["balance"]["minor"] == 9'50);
  CHECK(second["entries"][2]["balance"]["minor"] == 13'00);
  const Json whole = of({{"of", "anna"}});
  REQUIRE(whole.size() == 3);  // EUR, its pocket 7, JPY
  std::map<std::string, std::int64_t> closing;
  for (const Json& account : whole) {
    CHECK(account["opening"]["minor"] == 0);
    std::int64_t sum = 0;
    for (const Json& entry : account["entries"]) {
      sum += entry["amount"]["minor"].get<std::int64_t>();
      CHECK(entry["balance"]["minor"] == sum);
    }
    CHECK(account["closing"]["minor"] == sum);
    closing[account["id"]] = sum;
  }
  CHECK(closing[operated::wallet_of("anna").text()] == 12'25);
  CHECK(closing[operated::wallet_of("anna", 7).text()] == 1'00);
  CHECK(closing[operated::wallet_of("anna", 0, "JPY").text()] == 1'000);
  // By pages: the running balance goes on where the page before ended.
  const std::string id = operated::wallet_of("anna").text();
  const Json first = of({{"of", id}, {"limit", 2}})[0];
  CHECK(first["more"] == true);
  const Json rest = of({{"of", id}, {"after", first["entries"][1]["index"]}})[0];
  CHECK(rest["entries"].back()["balance"]["minor"] == 12'25);
  CHECK(rest["more"] == false);

  const auto refused = [&](const Json& args) {
    return operated::run(*books.store, "statement", args).error().code;
  };
  CHECK(refused({{"of", "nobody"}}) == Code::unknown_account);
  CHECK(refused({{"of", operated::wallet_of("nobody").text()}}) == Code::unknown_account);
  CHECK(refused({{"of", "anna"}, {"from", "November"}}) == Code::usage);
  CHECK(refused({{"of", "anna"}, {"from", "2100-11-04"}, {"to", "2100-11-03"}}) == Code::usage);
}

TEST_CASE(
    "exports: balances are ours with the accountant's sign, and go on from period to period") {
  const Books books;
  const Json whole = exported_json(*books.store);
  CHECK(whole["opening"].empty());
  CHECK(whole["records"].size() == BooksView(*books.store).tree().value().size());
  std::map<std::string, int> kinds;
  for (const Json& record : whole["records"]) ++kinds[record["kind"]];
  CHECK(kinds.size() == record_kinds);
  const std::string anna = "Home1" + operated::home_of("anna").text().substr(5);
  const std::string bob = "Home1" + operated::home_of("bob").text().substr(5);
  auto closing = balances(whole["closing"]);
  CHECK(closing["Liabilities:Wallets:" + anna + ":EUR"] == -12'25);
  CHECK(closing["Liabilities:Wallets:" + anna + ":EUR-7"] == -1'00);
  CHECK(closing["Liabilities:Wallets:" + anna + ":JPY"] == -1'000);
  CHECK(closing["Liabilities:Wallets:" + bob + ":EUR"] == -2'33);
  CHECK(closing["Assets:Cash:EUR"] == 19'00);
  CHECK(closing["Income:Fees:EUR"] == -17);
  CHECK(closing["Expenses:Adjustments:EUR"] == 25);
  const Json before = exported_json(*books.store, parse_period("", "2100-11-03").value());
  const Json after = exported_json(*books.store, parse_period("2100-11-04", "").value());
  auto carried = balances(before["closing"]);
  std::erase_if(carried, [](const auto& row) { return row.second == 0; });
  CHECK(carried == balances(after["opening"]));
  CHECK(before["records"].size() + after["records"].size() == whole["records"].size());
  CHECK(balances(after["closing"]) == closing);
}

TEST_CASE("exports: pseudonyms tell no address, name, reference or reason") {
  const Books books;
  for (const char* format : {"hledger", "beancount", "csv", "json"}) {
    CAPTURE(format);
    const std::string open = exported(*books.store, {format, {}, false, ""});
    const std::string closed = exported(*books.store, {format, {}, true, ""});
    for (const std::string& secret :
         {operated::home_of("anna").text().substr(5), std::string("anna"), std::string("cash 1"),
          std::string("comment")}) {
      CAPTURE(secret);
      CHECK(open.find(secret) != std::string::npos);
      CHECK(closed.find(secret) == std::string::npos);
    }
    CHECK(closed.find("Home-1:EUR") != std::string::npos);
  }
}

TEST_CASE("exports: CSV keeps its columns and gives spreadsheets no formula") {
  const Books books;
  std::istringstream lines(exported(*books.store, {"csv", {}, false, ""}));
  std::string line;
  while (std::getline(lines, line)) {
    REQUIRE(line.ends_with("\r"));
    int commas = 0;
    bool inside = false;
    for (const char c : line) {
      if (c == '"') inside = !inside;
      if (c == ',' && !inside) ++commas;
    }
    CHECK_MESSAGE(commas == 10, line);
    CHECK(line.find(",=cmd") == std::string::npos);
    CHECK(line.find(",\"=cmd") == std::string::npos);
  }
}

TEST_CASE("exports: chunks, also while the ledger goes on, and cursors of strangers") {
  Books books;
  for (int i = 0; i < 3'000; ++i)
    books.engine->submit_deposit({operated::wallet_of("anna"), 1, "deposit " + std::to_string(i),
                                  "owner", operated::first_day + 3 * operated::day},
                                 [](const auto&) {});
  (void)operated::indexed([&](auto answer) { books.engine->submit_side({}, std::move(answer)); });
  ExportOrder order{"hledger", {}, false, ""};
  int chunks = 0;
  const std::string whole = exported(*books.store, order, &chunks);
  CHECK(chunks > 2);
  // The first chunk fixes the end: what comes to be meanwhile is not in it.
  const auto first = export_chunk(*books.store, order).value();
  operated::booked([&](auto answer) {
    books.engine->submit_deposit(
        {operated::wallet_of("bob"), 5, "late", "owner", operated::first_day + 4 * operated::day},
        std::move(answer));
  });
  order.cursor = first.next;
  CHECK(first.text + exported(*books.store, order) == whole);

  for (const std::string cursor : {"rubbish", "AAAA", "AQ", "AQUBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    order.cursor = cursor;
    CHECK(export_chunk(*books.store, order).error().code == Code::usage);
  }
  auto flipped = from_base64url(first.next).value();
  for (std::size_t i = 0; i < flipped.size(); ++i) {
    Bytes changed = flipped;
    changed[i] ^= 0x80;
    order.cursor = to_base64url(changed);
    const auto chunk = export_chunk(*books.store, order);  // refused or other chunk: no crash
    if (!chunk) CHECK(chunk.error().code == Code::usage);
  }
  CHECK(export_chunk(*books.store, {"xml", {}, false, ""}).error().code == Code::usage);
  const auto nothing = store::open_memory();
  CHECK(Json::parse(exported(*nothing, {"json", {}, false, ""}))["records"].empty());
}
