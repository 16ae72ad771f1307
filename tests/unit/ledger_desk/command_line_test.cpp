// The words of hearth-ledger: what they come to, and that completion and manual page know them all.
#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include "common/base/process.h"
#include "common/cli/completion.h"
#include "common/cli/words.h"
#include "ledger/cli/arguments.h"
#include "ledger/cli/manual_text.h"
#include "ledger/operators/roles.h"

using namespace hearth;
using namespace hearth::ledger;
using wire::Json;

namespace {

struct CommandLine {
  CommandLine() { declare_arguments(app, got); }
  /// The exit code of parsing; `got` holds the rest.
  int parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
    } catch (const CLI::ParseError& error) {
      return error.get_exit_code() == 0 ? 0 : 2;
    }
    return got.problem.empty() ? 0 : 2;
  }
  CLI::App app{"", "hearth-ledger"};
  Invocation got;
};

/// What bash offers for a line whose last word is being written.
std::vector<std::string> offered(const std::string& script, const std::string& line) {
  const std::string program = script + "\nCOMP_WORDS=(" + line +
                              ")\nCOMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))\n" +
                              "_hearth_ledger\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  const auto done = run_process({"bash", "-c", program}, {}, 64 * 1024, 30'000).value();
  CHECK_MESSAGE(done.err.empty(), done.err);
  std::vector<std::string> out;
  std::string word;
  for (const char c : as_text(done.out)) {
    if (c != '\n') {
      word += c;
      continue;
    }
    if (!word.empty()) out.push_back(word);
    word.clear();
  }
  return out;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("command line: words become orders") {
  struct Row {
    std::vector<std::string> words;
    const char* command;
    Json args;
  };
  const Row rows[] = {
      {{"status"}, "status", Json::object()},
      {{"--json", "accounts", "--kind", "fees"}, "accounts", {{"kind", "fees"}}},
      {{"account", "show", "fees/EUR", "--limit", "3"},
       "account",
       {{"id", "fees/EUR"}, {"limit", 3}}},
      {{"statement", "anna", "--from", "2026-11"},
       "statement",
       {{"of", "anna"}, {"from", "2026-11"}}},
      {{"deposit", "anna", "1.00 EUR", "--reference", "r"},
       "deposit",
       {{"account", "anna"}, {"amount", "1.00 EUR"}, {"reference", "r"}}},
      {{"deposit", "home1", "abcd", "efgh", "1.00", "EUR", "--reference", "r"},
       "deposit",
       {{"account", "home1 abcd efgh"}, {"amount", "1.00 EUR"}, {"reference", "r"}}},
      {{"withdraw", "fees/EUR", "1 EUR", "--reference", "r"},
       "withdraw",
       {{"account", "fees/EUR"}, {"amount", "1 EUR"}, {"reference", "r"}}},
      {{"adjust", "debit", "anna", "1 EUR", "--reason", "why"},
       "adjust",
       {{"side", "debit"}, {"account", "anna"}, {"amount", "1 EUR"}, {"reason", "why"}}},
      {{"freeze", "anna", "--reason", "why"}, "freeze", {{"account", "anna"}, {"reason", "why"}}},
      {{"limits", "set", "anna", "--currency", "EUR", "--per-day", "5"},
       "limits-set",
       {{"home", "anna"}, {"currency", "EUR"}, {"per_day", "5"}}},
      {{"fees", "set", "--currency", "EUR", "--basis-points", "250"},
       "fees-set",
       {{"currency", "EUR"}, {"basis_points", 250}}},
      {{"payments", "list", "--held"}, "payments", {{"held", true}}},
      {{"export", "--format", "csv", "--homes", "pseudonym"},
       "export",
       {{"format", "csv"}, {"homes", "pseudonym"}}},
      {{"backup", "/tmp/a/../b"}, "backup", {{"dir", "/tmp/b"}}},
      {{"--connect", "card", "backup", "monday"}, "backup", {{"dir", "monday"}}},
      {{"operator", "add", "tina", "operator1x", "--role", "teller"},
       "operator-add",
       {{"name", "tina"}, {"key", "operator1x"}, {"role", "teller"}}},
      {{"keys", "rotate"}, "keys-rotate", Json::object()},
      {{"watch", "--every", "500"}, "stats", Json::object()},
  };
  for (const Row& row : rows) {
    CommandLine line;
    CAPTURE(row.words[0]);
    REQUIRE(line.parse(row.words) == 0);
    CHECK(line.got.order.command == row.command);
    CHECK(line.got.order.args == row.args);
    CHECK(rule_of(line.got.order.command) != nullptr);
  }
}

TEST_CASE("command line: what is missing or makes no sense is exit 2") {
  const std::vector<std::string> lines[] = {{},
                                            {"no-such"},
                                            {"account"},
                                            {"deposit"},
                                            {"deposit", "anna", "1 EUR"},
                                            {"deposit", "anna", "--reference", "r"},
                                            {"adjust", "anna", "1 EUR", "--reason", "x"},
                                            {"adjust", "credit", "anna", "1 EUR"},
                                            {"freeze", "anna"},
                                            {"export"},
                                            {"export", "--format", "xml"},
                                            {"operator", "add", "tina", "key"},
                                            {"operator", "add", "tina", "key", "--role", "boss"},
                                            {"accounts", "--limit", "many"},
                                            {"watch", "--every", "1"},
                                            {"completion", "fish"},
                                            {"limits", "set", "anna"},
                                            {"verify", "/no/such/file"}};
  for (const auto& words : lines) {
    CommandLine line;
    CAPTURE(words.size());
    CAPTURE((words.empty() ? "" : words[0]));
    CHECK(line.parse(words) == 2);
  }
}

TEST_CASE("command line: every command of the ledger can be said") {
  CommandLine line;
  std::size_t leaves = 0;
  const auto words = cli::words_of(line.app);
  for (const auto* command : cli::flattened(words))
    if (!command->path.empty() && command->commands.empty()) ++leaves;
  // restore, keygen and completion are this program's own; adjust has two sides; progress is asked
  // by the program alone, beside what it waits for.
  CHECK(leaves == command_rules().size() + 3 + 1 - 1);
}

TEST_CASE("completion and manual page: every command, option and choice, from the definition") {
  CommandLine line;
  const auto words = cli::words_of(line.app);
  const std::string bash = cli::bash_completion(line.app, "hearth-ledger");
  const std::string zsh = cli::zsh_completion(line.app, "hearth-ledger");
  const std::string page = cli::manual_page(line.app, hearth_ledger_manual());
  int options = 0;
  for (const auto* command : cli::flattened(words)) {
    const std::string path = cli::joined(command->path);
    CAPTURE(path);
    std::string sub, opt;
    for (const auto& below : command->commands) sub += (sub.empty() ? "" : " ") + below.path.back();
    for (const auto& word : offered(bash, "hearth-ledger " + path + " ''"))
      if (!command->commands.empty()) CHECK(sub.find(word) != std::string::npos);
    for (const auto& below : command->commands)
      CHECK(has(offered(bash, "hearth-ledger " + path + " ''"), below.path.back()));
    const auto dashes = offered(bash, "hearth-ledger " + path + " --");
    for (const auto& option : command->options) {
      ++options;
      const std::string& name = option.names.back();
      CAPTURE(name);
      if (name.starts_with("--")) CHECK(has(dashes, name));
      CHECK(zsh.find("'" + name + ":") != std::string::npos);
      std::string roff;
      for (const char c : name) roff += c == '-' ? std::string("\\-") : std::string(1, c);
      CHECK(page.find(roff) != std::string::npos);
      for (const auto& choice : option.choices)
        CHECK(has(offered(bash, "hearth-ledger " + path + " " + name + " ''"), choice));
    }
  }
  CHECK(options > 40);
  CHECK(has(offered(bash, "hearth-ledger --data /x --json acc"), "accounts"));
  CHECK(has(offered(bash, "hearth-ledger completion z"), "zsh"));
  CHECK(offered(bash, "hearth-ledger status --no-such").empty());
}

TEST_CASE("manual page: mandoc has nothing to warn of") {
  CommandLine line;
  const std::string page = cli::manual_page(line.app, hearth_ledger_manual());
  const auto lint =
      run_process({"mandoc", "-Tlint", "-Wwarning"}, as_bytes(page), 64 * 1024, 30'000);
  REQUIRE_MESSAGE(lint, lint.error().sentence);
  CHECK_MESSAGE(lint->exit_code == 0, std::string(as_text(lint->out)), lint->err);
  const auto shown =
      run_process({"mandoc", "-Tascii"}, as_bytes(page), 1024 * 1024, 30'000).value();
  CHECK(as_text(shown.out).find("statement") != std::string::npos);
}
