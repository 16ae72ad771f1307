#include <cstdio>
#include <ctime>
#include <filesystem>

#include "common/base/clock.h"
#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

void declare_library(CLI::App& app, Order& order, std::string& problem) {
  CLI::App& library = group(app, "library", "what this home has");
  Command add(library, order, "add", "library-add", "add files to the library");
  add.app()
      ->add_option_function<std::vector<std::string>>(
          "files",
          [&order](const std::vector<std::string>& files) {
            wire::Json paths = wire::Json::array();
            for (const auto& file : files) {
              paths.push_back(std::filesystem::absolute(file).lexically_normal().string());
            }
            order.arguments["files"] = std::move(paths);
          },
          "the files; they stay where they are")
      ->required();
  Command(library, order, "list", "library-list", "items and titles");
  Command(library, order, "remove", "library-remove",
          "delete a title that came from elsewhere; its key stays")
      .word("title", "title", "id, beginning of it, or name");
  Command(library, order, "fetch", "library-fetch", "fetch such a title again, without paying")
      .word("title", "title", "id, beginning of it, or name");

  Command publish(app, order, "publish", "publish", "encrypt an item, seed it, and offer it");
  publish.word("item", "item", "id, beginning of it, or name")
      .word("price", "--price", "for example \"3.50 EUR\"", false)
      .flag("private", "--private", "no offer: only you can give it, at no price")
      .flag("not_giftable", "--not-giftable", "buyers may not give it away")
      .number("min_age", "--min-age", "years");
  declare_terms(*publish.app(), order, problem);
  CLI::App* app_of_publish = publish.app();
  app_of_publish->parse_complete_callback([&order, &problem] {
    order.command = "publish";
    if (!order.arguments.contains("price") && !order.arguments.contains("private")) {
      problem = "publish needs --price AMOUNT or --private.";
    }
  });
  Command(app, order, "play", "play", "show a title on the TV")
      .word("title", "title", "id, beginning of it, or name")
      .flag("from_start", "--from-start", "from the beginning, not from where it was stopped");
  Command(app, order, "stop", "stop", "stop what the TV shows");
  Command(app, order, "remote", "remote", "press a key of the TV's remote control")
      .word("key", "key", "up, down, ok, back, menu, guide, channel-up, 1, …; docs/tv.md");
  Command screenshot(app, order, "screenshot", "screenshot", "save what the TV shows");
  screenshot.app()->add_option("file", order.file, "the PNG file to write")->required();
}

void declare_torrent(CLI::App& app, Order& order) {
  Command torrent(app, order, "torrent", "torrent",
                  "save a title's torrent, for any BitTorrent client to seed");
  torrent.word("what", "what", "own title or offer: id, beginning of it, or name");
  torrent.app()->add_option("file", order.file, "the .torrent file to write")->required();
}

void declare_money(CLI::App& app, Order& order, std::string& problem) {
  Command(app, order, "catalogue", "catalogue", "what is for sale")
      .word("search", "search", "words in the name", false);
  Command buy(app, order, "buy", "buy", "buy a title for this home");
  buy.word("offer", "offer", "id, beginning of it, or exact name")
      .flag("keep_voucher", "--keep-voucher", "keep the voucher, to give it away later")
      .number("pocket", "--pocket", "the pocket that pays, 1 to 99; else the main wallet")
      .word("pin", "--pin", "the PIN, for what is above a spending limit", false);
  declare_services(*buy.app(), order, problem);
  CLI::App& wallet = group(app, "wallet", "money and vouchers");
  Command(wallet, order, "balance", "wallet-balance", "what the ledger holds for this home");
  Command(wallet, order, "history", "wallet-history", "every movement, and purchases under way");
  Command(wallet, order, "vouchers", "wallet-vouchers", "bought and received vouchers");
  Command(wallet, order, "refund", "wallet-refund", "give an unused voucher back for its price")
      .word("voucher", "voucher", "the voucher's id, or the beginning of it")
      .number("pocket", "--pocket", "the pocket that gets the money; else the main wallet");
  Command(wallet, order, "transfer", "wallet-transfer", "move money between this home's pockets")
      .word("amount", "amount", "for example \"5.00 EUR\"")
      .number("from", "--from", "the pocket that pays, 0 to 99; 0, the main wallet, if not said")
      .number("to", "--to", "the pocket that receives; 0, the main wallet, if not said");
  Command verify(wallet, order, "verify", "wallet-verify",
                 "check receipts against the ledger's signed journal");
  verify.word("request", "request", "one purchase: its request id, or the beginning of it", false)
      .word("receipt", "--receipt", "check this file instead, without a home", false)
      .word("proof", "--proof", "the proof file that belongs to it", false)
      .word("ledger", "--ledger", "the ledger's card, a file that holds it, or a picture", false);
  verify.app()->add_option("--out", order.file, "save FILE.receipt and FILE.tlog-proof");
  Command alarm(wallet, order, "alarm", "wallet-alarm",
                "what contradicts what the ledger signed, with the evidence");
  Command(*alarm.app(), order, "accept", "wallet-alarm-accept",
          "go on with the books that the ledger shows now, knowing what that means");
}

}  // namespace

std::int64_t end_of_day_ms(const std::string& date) {
  int year = 0, month = 0, day = 0;
  char rest = 0;
  if (date.size() != 10 ||
      std::sscanf(date.c_str(), "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3) {
    return -1;
  }
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  const std::time_t at = timegm(&parts);
  // timegm turns the 31st of April into a day of May: such a date is none.
  const bool is_day = at >= 0 && format_utc(std::int64_t{at} * 1000).starts_with(date);
  return is_day ? std::int64_t{at} * 1000 + 86'399'999 : -1;
}

void declare_commands(CLI::App& app, GlobalFlags& flags, Order& order, std::string& problem) {
  app.set_version_flag("--version", HEARTH_VERSION);
  app.add_option("--data", flags.data, "the home's data directory (else $HEARTH_HOME)");
  app.add_flag("--json", flags.json, "one JSON document on stdout");
  app.require_subcommand(1);
  app.fallthrough();
  Command(app, order, "init", "init", "make a new home")
      .word("ledger", "--ledger",
            "the ledger's card, a file that holds it, or a picture of its QR code")
      .word("name", "--name", "the home's name, as others see it")
      .word("role", "--role", "home, or seed for a seed server", false)
      .word("proxy", "--proxy", "socks5://[NAME:PASSWORD@]HOST:PORT, the only road from now on",
            false);
  Command(app, order, "id", "id", "this home's address");
  Command(app, order, "status", "status", "how this node is");
  declare_library(app, order, problem);
  declare_torrent(app, order);
  declare_money(app, order, problem);
  declare_channels(app, order, problem);
  declare_iptv(app, order, problem);
  declare_contacts(app, order, problem);
  declare_rules(app, order, problem);
  declare_gifts(app, order, problem);
  declare_cards(app, order, problem);
  declare_recovery(app, order, problem);
  declare_phones(app, order);
  Command transfers(app, order, "transfers", "transfers", "what comes and goes");
  transfers.app()->add_flag("--watch", order.watch, "again every second, until Ctrl-C");
}

}  // namespace hearth::node
