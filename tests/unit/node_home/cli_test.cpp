// The words of the command line become requests, and documents become stories.
#include "node/app/cli.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

using namespace hearth;
using namespace hearth::node;

namespace {

struct Parsed {
  Order order;
  GlobalFlags flags;
  std::string problem;
  bool understood = false;
};

Parsed parse(std::vector<std::string> words) {
  Parsed parsed;
  CLI::App app;
  declare_commands(app, parsed.flags, parsed.order, parsed.problem);
  std::reverse(words.begin(), words.end());  // as CLI11 wants a vector
  try {
    app.parse(words);
    parsed.understood = parsed.problem.empty();
  } catch (const CLI::ParseError&) {
  }
  return parsed;
}

}  // namespace

TEST_CASE("every command form of the manual is understood") {
  struct Row {
    std::vector<std::string> words;
    std::string command;
    wire::Json arguments;
  };
  const Row rows[] = {
      {{"id"}, "id", wire::Json::object()},
      {{"init", "--ledger", "card", "--name", "A"}, "init", {{"ledger", "card"}, {"name", "A"}}},
      {{"publish", "film", "--price", "3.50 EUR"},
       "publish",
       {{"item", "film"}, {"price", "3.50 EUR"}}},
      {{"publish", "film", "--private"}, "publish", {{"item", "film"}, {"private", true}}},
      {{"publish", "film", "--price", "1.00 EUR", "--not-giftable", "--min-age", "16"},
       "publish",
       {{"item", "film"}, {"price", "1.00 EUR"}, {"not_giftable", true}, {"min_age", 16}}},
      {{"catalogue"}, "catalogue", wire::Json::object()},
      {{"catalogue", "cats"}, "catalogue", {{"search", "cats"}}},
      {{"buy", "film", "--keep-voucher"}, "buy", {{"offer", "film"}, {"keep_voucher", true}}},
      {{"play", "film", "--from-start"}, "play", {{"title", "film"}, {"from_start", true}}},
      {{"contacts", "add", "hearth:card?d=x", "--as", "B"},
       "contacts-add",
       {{"card", "hearth:card?d=x"}, {"as", "B"}}},
      {{"gift", "send", "film", "--to", "C", "--note", "Hi"},
       "gift-send",
       {{"what", "film"}, {"to", "C"}, {"note", "Hi"}}},
      {{"gift", "decline", "abcd", "--reason", "no"},
       "gift-decline",
       {{"id", "abcd"}, {"reason", "no"}}},
      {{"wallet", "vouchers"}, "wallet-vouchers", wire::Json::object()},
      {{"wallet", "refund", "c40a"}, "wallet-refund", {{"voucher", "c40a"}}},
      {{"wallet", "transfer", "5.00 EUR", "--from", "0", "--to", "3"},
       "wallet-transfer",
       {{"amount", "5.00 EUR"}, {"from", 0}, {"to", 3}}},
      {{"buy", "film", "--pocket", "3"}, "buy", {{"offer", "film"}, {"pocket", 3}}},
      {{"gift", "send", "film", "--to", "C", "--pocket", "3"},
       "gift-send",
       {{"what", "film"}, {"to", "C"}, {"pocket", 3}}},
      {{"library", "add", "/a", "/b"}, "library-add", {{"files", {"/a", "/b"}}}},
  };
  for (const Row& row : rows) {
    const Parsed parsed = parse(row.words);
    CAPTURE(row.command);
    CHECK(parsed.understood);
    CHECK(parsed.order.command == row.command);
    CHECK(parsed.order.arguments == row.arguments);
  }
}

TEST_CASE("other words are wrong usage") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"frobnicate"},
           {"gift"},
           {"gift", "send"},
           {"gift", "send", "film"},
           {"publish", "film"},
           {"publish", "film", "--price", "1.00 EUR", "--sold-until", "tomorrow"},
           {"wallet"},
           {"wallet", "refund"},
           {"wallet", "transfer", "--to", "3"},
           {"screenshot"}}) {
    CHECK_FALSE(parse(words).understood);
  }
}

TEST_CASE("--json and --data are understood before and after the command") {
  CHECK(parse({"--json", "--data", "d", "id"}).flags.json);
  const Parsed after = parse({"id", "--json", "--data", "d"});
  CHECK(after.flags.json);
  CHECK(after.flags.data == "d");
}

TEST_CASE("a last day of sale ends with that day") {
  CHECK(end_of_day_ms("1970-01-01") == 86'399'999);
  CHECK(end_of_day_ms("2024-02-29") == 1'709'251'199'999);
  for (const char* date : {"2023-02-29", "2024-13-01", "2024-04-31", "24-01-01", "2024-1-1",
                           "2024-01-01x", "", "1969-12-31"}) {
    CAPTURE(date);
    CHECK(end_of_day_ms(date) == -1);
  }
}

TEST_CASE("stories never pass control characters on to a terminal") {
  const wire::Json hostile = {
      {"offers",
       {{{"offer", "abcd\x1b[31m"}, {"name", "a\x1b]0;title\x07\n"}, {"kind", "video"}}}}};
  const std::string shown = story("catalogue", hostile);
  CHECK(shown.find('\x1b') == std::string::npos);
  CHECK(shown.find('\x07') == std::string::npos);
}

TEST_CASE("refunds and transfers tell what became of the money") {
  const wire::Json refunded = {
      {"name", "Film"}, {"refunded", {{"text", "3.50 EUR"}}}, {"pocket", 0}, {"journal_index", 7u}};
  CHECK(story("wallet-refund", refunded) ==
        "3.50 EUR for Film went back to the main wallet (record 7). Its voucher is used up.\n");
  const wire::Json moved = {{"amount", {{"text", "5.00 EUR"}}},
                            {"balance", {{"text", "1.50 EUR"}}},
                            {"from", 0u},
                            {"to", 3u},
                            {"journal_index", 8u}};
  CHECK(story("wallet-transfer", moved) ==
        "5.00 EUR went from the main wallet to pocket 3 (record 8); 1.50 EUR left in the main "
        "wallet.\n");
  const wire::Json balance = {{"balances", {{{"text", "1.50 EUR"}}}},
                              {"pockets", {{{"pocket", 3u}, {"balance", {{"text", "5.00 EUR"}}}}}}};
  CHECK(story("wallet-balance", balance) == "1.50 EUR\n5.00 EUR in pocket 3\n");
}

TEST_CASE("sizes for people") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(999) == "999 B");
  CHECK(size_text(1'000) == "1.0 kB");
  CHECK(size_text(412'345'678) == "412.3 MB");
  CHECK(size_text(4ull << 30) == "4.2 GB");
}
