// hearth-ledger: the operator's command line. Talks to the daemon that runs on the data directory,
// or opens the books itself when none does; either way run_admin() does the work.
#include <cstdio>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <unistd.h>

#include "common/base/config.h"
#include "common/base/files.h"
#include "common/base/log.h"
#include "common/net/client.h"
#include "common/wire/shown.h"
#include "ledger/admin/admin.h"
#include "ledger/admin/tables.h"

namespace {

using namespace hearth;
using namespace hearth::ledger;
using wire::Json;

constexpr std::int64_t quick_ms = 60'000;
constexpr std::int64_t audit_ms = 24 * 60 * 60 * 1000LL;
constexpr std::size_t max_document = 256 * 1024 * 1024;

struct Order {
  std::string command;
  Json args = Json::object();
};

/// The words of a deposit: HOME, perhaps in groups, then "20.00 EUR" in one word or two.
Result<Order> deposit_order(std::vector<std::string> words, const std::string& reference) {
  const auto is_code = [](const std::string& word) {
    return word.size() == 3 &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  std::string amount;
  if (words.size() >= 3 && is_code(words.back())) {
    amount = " " + words.back();
    words.pop_back();
  }
  if (words.size() < 2)
    return fail(Code::usage,
                "A deposit needs a home and an amount, for example: deposit home1… "
                "\"20.00 EUR\" --reference \"cash 17\".");
  amount = words.back() + amount;
  words.pop_back();
  std::string home;
  for (const std::string& word : words) home += (home.empty() ? "" : " ") + word;
  return Order{"deposit", {{"home", home}, {"amount", amount}, {"reference", reference}}};
}

/// nullopt: nobody listens there.
std::optional<Result<Json>> ask_daemon(const LedgerDir& dir, const Order& order) {
  std::error_code ignored;
  if (!std::filesystem::exists(dir.admin_socket(), ignored)) return std::nullopt;
  net::Request request;
  request.method = "POST";
  request.path = "/admin/" + order.command;
  request.headers["content-type"] = "application/json";
  request.body = to_bytes(as_bytes(order.args.dump()));
  auto response = net::unix_request(dir.admin_socket(), std::move(request),
                                    order.command == "audit" ? audit_ms : quick_ms);
  if (!response && response.error().code == Code::unreachable) return std::nullopt;
  auto accepted = net::accepted(std::move(response));
  if (!accepted) return pass_on(accepted.error());
  if (accepted->body.size() > max_document)
    return fail(Code::too_large, "The ledger's answer is larger than this program takes.");
  Json document = Json::parse(accepted->body.begin(), accepted->body.end(), nullptr, false);
  if (document.is_discarded())
    return fail(Code::bad_answer,
                "The ledger's answer is not JSON; nothing is known to be lost. "
                "Are the daemon and this program of the same version?");
  return document;
}

void show_progress(std::uint64_t done, std::uint64_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, done >= total ? "\r\033[K" : "\raudit: record %llu of %llu",
               static_cast<unsigned long long>(done), static_cast<unsigned long long>(total));
}

Result<Json> do_it_here(const LedgerDir& dir, const Order& order) {
  std::error_code ignored;
  if (!std::filesystem::exists(dir.books(), ignored))
    return fail(Code::not_initialised, "There is no ledger in " + dir.root.string() +
                                           " yet. Start `hearth-ledgerd --data " +
                                           dir.root.string() + "` once.");
  if (auto is_private = ensure_private_dir(dir.root); !is_private)
    return pass_on(is_private.error());
  const auto lock = DirLock::take(dir.root);
  if (!lock) return pass_on(lock.error());
  auto store = store::open_rocksdb(dir.books());
  if (!store) return pass_on(store.error());
  AdminContext context{dir, **store};
  context.progress = show_progress;
  std::unique_ptr<Engine> engine;
  if (order.command == "deposit") {
    Engine::Options options;
    options.currencies.clear();
    auto started = Engine::start(**store, options);
    if (!started) return pass_on(started.error());
    engine = std::move(*started);
    context.engine = engine.get();
  }
  return run_admin(context, order.command, order.args);
}

int report(const Error& error, bool json) {
  if (json) std::printf("%s\n", wire::failure_document(error).dump().c_str());
  std::fprintf(stderr, "hearth-ledger: %s\n", error.sentence.c_str());
  return error.code == Code::usage ? 2 : 1;
}

int run(int argc, char** argv) {
  CLI::App app("The operator's command line of a Hearth ledger", "hearth-ledger");
  app.set_version_flag("--version", "hearth-ledger " HEARTH_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  std::string data;
  bool json = false;
  app.add_option("--data", data, "data directory (else $HEARTH_LEDGER_HOME)");
  app.add_flag("--json", json, "print one JSON document");

  app.add_subcommand("card", "print the card that homes pin with `hearth init --ledger`");
  app.add_subcommand("status", "homes, offers, vouchers and totals");
  app.add_subcommand("accounts", "list every account with its balance");
  app.add_subcommand("offers", "list offers with what was bought and redeemed");
  app.add_subcommand("audit", "replay the journal and compare everything that is stored");
  auto* account = app.add_subcommand("account", "one account");
  account->require_subcommand(1);
  auto* show = account->add_subcommand("show", "balance and entries of an account");
  std::string id;
  std::int64_t after = 0, limit = 1'000;
  show->add_option("ID", id, "e.g. wallet/HOME/EUR, fees/EUR; see `accounts`")->required();
  show->add_option("--after", after, "only entries above this record");
  show->add_option("--limit", limit, "at most so many entries (10000)");
  auto* deposit = app.add_subcommand("deposit", "credit a home's wallet with money received");
  std::vector<std::string> words;
  std::string reference;
  deposit->add_option("HOME AMOUNT", words, "home address or name, then e.g. \"20.00 EUR\"")
      ->required();
  deposit
      ->add_option("--reference", reference,
                   "what the money came with; the same deposit with the same reference again "
                   "adds nothing")
      ->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  Result<Order> order = Order{app.get_subcommands().front()->get_name()};
  if (order->command == "account") order->args = {{"id", id}, {"after", after}, {"limit", limit}};
  if (order->command == "deposit") order = deposit_order(words, reference);
  if (!order) return report(order.error(), json);

  const LedgerDir dir{data_dir(data, "HEARTH_LEDGER_HOME", "hearth-ledger")};
  auto answer = ask_daemon(dir, *order);
  const Result<Json> document = answer ? std::move(*answer) : do_it_here(dir, *order);
  if (!document) return report(document.error(), json);
  const std::string text =
      json ? document->dump(2) + "\n" : as_text_for_people(order->command, *document);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  init_log("hearth-ledger", "warn");
  return run(argc, argv);
}
