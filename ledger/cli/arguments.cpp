#include "ledger/cli/arguments.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "ledger/cli/manual_text.h"

namespace hearth::ledger {
namespace {

/// One command whose words become the arguments of an order.
class Command {
 public:
  Command(CLI::App& parent, Invocation& to, const std::string& word, const std::string& name,
          const std::string& help)
      : app_(parent.add_subcommand(word, help)), to_(to) {
    app_->parse_complete_callback([&to, name] { to.order.command = name; });
  }
  Command& word(const std::string& shown, const char* field, const std::string& help) {
    app_->add_option_function<std::string>(shown, store_text(field), help)->required();
    return *this;
  }
  Command& option(const std::string& shown, const char* field, const std::string& help) {
    app_->add_option_function<std::string>(shown, store_text(field), help);
    return *this;
  }
  Command& required(const std::string& shown, const char* field, const std::string& help) {
    return word(shown, field, help);
  }
  Command& choice(const std::string& shown, const char* field, std::vector<std::string> of,
                  const std::string& help, bool is_required = false) {
    auto* made = app_->add_option_function<std::string>(shown, store_text(field), help);
    made->check(CLI::IsMember(std::move(of)));
    if (is_required) made->required();
    return *this;
  }
  Command& number(const std::string& shown, const char* field, const std::string& help) {
    app_->add_option_function<std::int64_t>(
        shown, [&to = to_, field](std::int64_t v) { to.order.args[field] = v; }, help);
    return *this;
  }
  Command& flag(const std::string& shown, const char* field, const std::string& help) {
    app_->add_flag_callback(
        shown, [&to = to_, field] { to.order.args[field] = true; }, help);
    return *this;
  }
  Command& page(const char* after_help) {
    option("--after", "after", after_help);
    return number("--limit", "limit", "at most so many rows (10000)");
  }
  /// WHO AMOUNT: an address may come in groups, an amount as two words.
  Command& who_and_money(const std::string& who, const std::string& shown, std::string example) {
    auto words = std::make_shared<std::vector<std::string>>();
    app_->add_option(shown + " AMOUNT", *words, who + ", then e.g. \"20.00 EUR\"")->required();
    auto then = [&to = to_, words, example = std::move(example)] {
      take_words(*words, example, to);
    };
    app_->final_callback(then);
    return *this;
  }
  CLI::App* app() { return app_; }

 private:
  std::function<void(const std::string&)> store_text(const char* field) {
    return [&to = to_, field](const std::string& v) { to.order.args[field] = v; };
  }
  static void take_words(std::vector<std::string> words, const std::string& example,
                         Invocation& to) {
    const auto is_code = [](const std::string& word) {
      return word.size() == 3 &&
             std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    };
    std::string amount;
    if (words.size() >= 3 && is_code(words.back())) {
      amount = " " + words.back();
      words.pop_back();
    }
    if (words.size() < 2) {
      to.problem = "Who, and how much? For example: " + example;
      return;
    }
    to.order.args["amount"] = words.back() + amount;
    words.pop_back();
    std::string who;
    for (const std::string& word : words) who += (who.empty() ? "" : " ") + word;
    to.order.args["account"] = who;
  }

  CLI::App* app_;
  Invocation& to_;
};

/// The daemon has another working directory than whoever gives the order.
void make_places_absolute(Invocation& to) {
  if (to.order.command != "backup" || !to.connect.empty()) return;
  for (const char* field : {"dir", "keys_to"}) {
    if (!to.order.args.contains(field)) continue;
    std::error_code ec;
    const auto full = std::filesystem::absolute(to.order.args[field].get<std::string>(), ec);
    if (!ec) to.order.args[field] = full.lexically_normal().string();
  }
}

CLI::App& group(CLI::App& app, const char* word, const char* help) {
  CLI::App* made = app.add_subcommand(word, help);
  made->require_subcommand(1);
  return *made;
}

constexpr const char* from_help = "first day (2026-11-01), month or moment, UTC";
constexpr const char* to_help = "last day (included), month or moment, UTC";
constexpr const char* account_help = "a home's name or address (its main wallet), or an account id";

void declare_reading(CLI::App& app, Invocation& to) {
  Command(app, to, "card", "card", "print the card that homes pin with `hearth init --ledger`");
  Command(app, to, "status", "status", "homes, offers, vouchers and totals");
  Command(app, to, "accounts", "accounts", "list accounts with their balances")
      .choice("--kind", "kind", {"wallet", "escrow", "cash", "fees", "adjustments"},
              "only accounts of this kind")
      .option("--home", "home", "only the wallets of this home (name or address)")
      .page("go on after this account id");
  Command(group(app, "account", "one account"), to, "show", "account",
          "balance, state and entries of an account")
      .word("ACCOUNT", "id", account_help)
      .number("--after", "after", "only entries above this record")
      .number("--limit", "limit", "at most so many entries (10000)");
  Command(app, to, "statement", "statement", "entries of a period with opening and closing balance")
      .word("ACCOUNT", "of", "an account id, or a home's name or address: all its wallets")
      .option("--from", "from", from_help)
      .option("--to", "to", to_help)
      .number("--after", "after", "only entries above this record")
      .number("--limit", "limit", "at most so many entries of each account (10000)");
  Command(app, to, "offers", "offers", "list offers with what was bought and redeemed")
      .page("go on after this offer id");
  Command(app, to, "audit", "audit", "replay the journal and compare everything that is stored");
}

void declare_money(CLI::App& app, Invocation& to) {
  Command(app, to, "deposit", "deposit", "credit a wallet with money received")
      .who_and_money(account_help, "ACCOUNT",
                     "deposit home1… \"20.00 EUR\" --reference \"cash 17\"")
      .required("--reference", "reference",
                "what the money came with; the same deposit with the same reference again adds "
                "nothing");
  Command(app, to, "withdraw", "withdraw", "pay money out of a wallet, or out of the fees")
      .who_and_money(account_help, "ACCOUNT",
                     "withdraw home1… \"20.00 EUR\" --reference \"transfer 17\"")
      .required("--reference", "reference",
                "what the money left with; the same withdrawal with the same reference again "
                "pays nothing");
  CLI::App& adjust = group(app, "adjust", "correct an account, with a reason, for the record");
  for (const char* side : {"credit", "debit"}) {
    const std::string help = std::string(side) == "credit"
                                 ? "the ledger owes the account's owner more from now on"
                                 : "the ledger owes the account's owner less from now on";
    Command command(adjust, to, side, "adjust", help);
    command.who_and_money(account_help, "ACCOUNT",
                          "adjust credit home1… \"1.00 EUR\" --reason \"charged twice on 3 May\"");
    command.required("--reason", "reason", "why; it stands in the journal");
    command.option("--id", "id",
                   "32 hex digits: the same correction with the same id again changes nothing");
    command.app()->preparse_callback([&to, side](std::size_t) { to.order.args["side"] = side; });
  }
  for (const auto& [word, help] :
       {std::pair("freeze", "let nothing leave a wallet; money may still arrive"),
        std::pair("unfreeze", "let money leave a frozen wallet again"),
        std::pair("close", "close an empty wallet: nothing moves any more")})
    Command(app, to, word, word, help)
        .word("ACCOUNT", "account", account_help)
        .required("--reason", "reason", "why; it stands in the journal");
}

void declare_rules(CLI::App& app, Invocation& to) {
  CLI::App& limits = group(app, "limits", "what a home may spend on purchases");
  Command(limits, to, "show", "limits", "the limits of a home and what it has spent")
      .word("HOME", "home", "name or address");
  Command(limits, to, "set", "limits-set", "set limits of a home; those not named stay")
      .word("HOME", "home", "name or address")
      .required("--currency", "currency", "e.g. EUR")
      .option("--per-purchase", "per_purchase", "e.g. 5.00; none: no limit")
      .option("--per-day", "per_day", "in a UTC day, e.g. 20.00; none: no limit")
      .option("--per-month", "per_month", "in a UTC month, e.g. 100.00; none: no limit");
  CLI::App& fees = group(app, "fees", "the operator's share of each voucher");
  Command(fees, to, "show", "fees", "the fees of offers that are registered from now on");
  Command(fees, to, "set", "fees-set", "set the fees of offers that are registered from now on")
      .required("--currency", "currency", "e.g. EUR")
      .number("--basis-points", "basis_points", "hundredths of a percent of the price, 0 to 10000")
      .option("--fixed", "fixed", "on top of each voucher, e.g. 0.05");
  CLI::App& payments = group(app, "payments", "events of payment providers");
  Command(payments, to, "list", "payments", "what providers told and what became of it")
      .flag("--held", "held", "only those that could not be credited");
  Command(payments, to, "retry", "payments-retry", "try to credit a held event again")
      .word("PROVIDER", "provider", "its name in the configuration")
      .word("EVENT", "event", "the event's id");
}

void declare_keeping(CLI::App& app, Invocation& to) {
  Command exported(app, to, "export", "export", "write the books of a period for other programs");
  exported.choice("--format", "format", {"hledger", "beancount", "csv", "json"}, "the form", true)
      .option("--from", "from", from_help)
      .option("--to", "to", to_help)
      .choice("--homes", "homes", {"address", "pseudonym"},
              "call homes by address, or by number and without names and references");
  exported.app()->add_option("--out", to.out, "a new file to write to (else standard output)");
  Command(app, to, "backup", "backup", "copy the books while the ledger runs, and check the copy")
      .word("DIR", "dir", "a new directory; over --connect: its name at the ledger")
      .option("--keys-to", "keys_to",
              "copy the ledger's keys into this new directory; never store them with the books");
  CLI::App* restore = app.add_subcommand("restore", "make a new data directory from a backup");
  restore->add_option("DIR", to.file, "the backup")->required();
  restore->add_option("--keys-from", to.keys_from, "directory that holds the ledger's keys");
  restore->parse_complete_callback([&to] { to.local = Local::restore; });
  CLI::App& keys = group(app, "keys", "the ledger's keys");
  Command(keys, to, "show", "keys", "the public keys, and the epochs of the vouchers' key");
  Command(keys, to, "rotate", "keys-rotate", "begin a new epoch; old vouchers stay good");
  Command checkpoint(app, to, "checkpoint", "checkpoint", "print the journal's signed checkpoint");
  checkpoint.app()->add_option("--out", to.out, "a new file to write to (else standard output)");
  Command verify(app, to, "verify", "verify",
                 "check a checkpoint, proof or receipt of this ledger");
  verify.app()->add_option("FILE", to.file, "the file")->required()->check(CLI::ExistingFile);
  Command watch(app, to, "watch", "stats", "show what the running ledger does, again and again");
  watch.app()
      ->add_option("--every", to.every_ms, "milliseconds between two looks")
      ->check(CLI::Range(100, 60'000));
  watch.app()->parse_complete_callback([&to] {
    to.order.command = "stats";
    to.watch = true;
  });
}

void declare_operators(CLI::App& app, Invocation& to) {
  CLI::App& who = group(app, "operator", "who may work on this ledger over the network");
  CLI::App* keygen = who.add_subcommand("keygen", "make an operator's key on this machine");
  keygen->add_option("FILE", to.file, "a new file for the private key (0600)")->required();
  keygen->parse_complete_callback([&to] { to.local = Local::keygen; });
  Command(who, to, "add", "operator-add", "let a key give orders")
      .word("NAME", "name", "stands in the records; a-z, 0-9, '.', '_' and '-'")
      .word("KEY", "key", "the public key that keygen printed")
      .choice("--role", "role", {"auditor", "teller", "owner"},
              "auditor reads; teller also deposits and withdraws; owner does everything", true);
  Command(who, to, "list", "operators", "list operators with their roles");
  Command(who, to, "remove", "operator-remove", "take an operator's orders no longer")
      .word("NAME", "name", "as in the list");
}

void declare_directory(CLI::App& app, Invocation& to) {
  CLI::App& directory = group(app, "directory", "addresses under which homes want to be found");
  Command(directory, to, "list", "directory", "list the addresses and the homes that hold them")
      .number("--limit", "limit", "at most so many (10000)");
  Command(directory, to, "remove", "directory-remove",
          "give an address free that is not its home's any more")
      .word("ENTRY", "entry", "ip:192.0.2.7, mac:00530012ab3c or esn:AB12-34");
}

}  // namespace

void declare_arguments(CLI::App& app, Invocation& to) {
  app.set_version_flag("--version", "hearth-ledger " HEARTH_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.final_callback([&to] { make_places_absolute(to); });
  app.add_option("--data", to.data, "data directory (else $HEARTH_LEDGER_HOME)");
  app.add_flag("--json", to.json, "print one JSON document");
  app.add_option("--connect", to.connect,
                 "a ledger's card, or a file that holds it: work there over TLS");
  app.add_option("--key", to.key_file, "an operator's key, for --connect");
  declare_reading(app, to);
  declare_money(app, to);
  declare_rules(app, to);
  declare_keeping(app, to);
  declare_operators(app, to);
  declare_directory(app, to);
  CLI::App* completion = app.add_subcommand("completion", "print the completion of a shell");
  completion->add_option("SHELL", to.shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh"}));
  completion->parse_complete_callback([&to] { to.local = Local::completion; });
  cli::offer_manual(app, hearth_ledger_manual());
}

}  // namespace hearth::ledger
