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
      {{"iptv", "create", "--channel", "4", "--channel", "Late", "Tablet", "--max-age", "6"},
       "iptv-create",
       {{"name", "Tablet"}, {"channels", wire::Json::array({"4", "Late"})}, {"max_age", 6}}},
      {{"iptv", "revoke", "Tablet"}, "iptv-revoke", {{"token", "Tablet"}}},
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
      {{"gift", "send", "film", "song", "--to", "C", "--picture", "/p.jpg", "--channel", "Evening"},
       "gift-send",
       {{"what", {"film", "song"}}, {"to", "C"}, {"picture", "/p.jpg"}, {"channel", "Evening"}}},
      {{"gift", "show", "abcd"}, "gift-show", {{"id", "abcd"}}},
      {{"gift", "thank", "abcd", "We loved it"},
       "gift-thank",
       {{"id", "abcd"}, {"text", "We loved it"}}},
      {{"gift", "take-back", "abcd"}, "gift-take-back", {{"id", "abcd"}}},
      {{"gift", "wish", "film", "--to", "B"}, "gift-wish", {{"offer", "film"}, {"to", "B"}}},
      {{"gift", "grant", "abcd", "--note", "Here"},
       "gift-grant",
       {{"id", "abcd"}, {"note", "Here"}}},
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
           {"gift", "send", "film", "--to", "C", "--expires", "tomorrow"},
           {"gift", "send", "film", "--to", "C", "--open-from", "2026-02-30"},
           {"gift", "send", "film", "--to", "C", "--at", "2026-12-24 18"},
           {"gift", "thank", "abcd"},
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

TEST_CASE("times of a gift are days, minutes or seconds of this machine's zone") {
  const auto at = [](const std::string& option, const std::string& text, const char* field) {
    const Parsed parsed = parse({"gift", "send", "film", "--to", "C", option, text});
    REQUIRE(parsed.understood);
    return parsed.order.arguments.at(field).get<std::int64_t>();
  };
  const std::int64_t day = at("--open-from", "2026-12-24", "open_from_ms");
  CHECK(at("--expires", "2026-12-24", "expires_ms") == day + 86'399'999);
  CHECK(at("--expires", "2026-12-24 18:30", "expires_ms") == day + (18 * 60 + 30) * 60'000);
  CHECK(at("--open-from", "2026-12-24 00:00:05", "open_from_ms") == day + 5'000);
}

TEST_CASE("gifts are told as tables and as stories") {
  const wire::Json gift = {
      {"gift", "71aa0000"}, {"direction", "received"},   {"state", "waiting"},
      {"name", "Film"},     {"size", 3'000'000u},        {"contact", "Grandma"},
      {"known", true},      {"note", "For you\nand me"}, {"home", "home1"}};
  wire::Json second = gift;
  second["gift"] = "71ab0000";
  second["name"] = "Song";
  wire::Json first = gift;
  first["parcel"] = {{"id", "p"}, {"part", 1u}, {"parts", 2u}};
  second["parcel"] = {{"id", "p"}, {"part", 2u}, {"parts", 2u}};
  const std::string list = story("gift-list", {{"gifts", {second, first}}});
  CHECK(list.find("Film + 1 more") !=
        std::string::npos);  // one row for both, the first part's name
  CHECK(list.find("6.0 MB") != std::string::npos);
  CHECK(list.find("Song") == std::string::npos);
  CHECK(list.find("For you…") != std::string::npos);
  wire::Json hidden = gift;
  hidden["hidden"] = true;
  hidden["open_from_ms"] = 1'798'070'400'000u;
  CHECK(story("gift-list", {{"gifts", {hidden}}}).find("a surprise") != std::string::npos);
  wire::Json shown = gift;
  shown["gifts"] = {gift};
  const std::string story_of_one = story("gift-show", shown);
  CHECK(story_of_one.find("Accepting costs nothing") != std::string::npos);
  CHECK(story_of_one.find("and me") != std::string::npos);
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
