// An operator's day at a real ledger: orders over TLS, backup while it runs, restore, keys, and
// the same words when it is stopped.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string deposited(const Json& document) {
  return document.at("balance_after").at("text");
}

/// `hearth-ledger --connect CARD --key FILE --json ARGS…`
struct Remote {
  std::string card;
  fs::path key;
  Outcome operator()(std::vector<std::string> args) const {
    std::vector<std::string> argv{bin("hearth-ledger"), "--connect", card, "--key",
                                  key.string(),         "--json"};
    argv.insert(argv.end(), args.begin(), args.end());
    return run(argv);
  }
};

std::string code_of(const Outcome& outcome) {
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err.find("hearth-ledger: ") != std::string::npos);
  return outcome.json().value("code", "");
}

/// A town with one home that holds 20.00 EUR.
struct Counter {
  Counter() { town.deposit(town.add_home("anna"), "20.00 EUR", "cash 1"); }
  Remote hire(const std::string& name, const std::string& role) {
    const fs::path key = town.dir() / (name + ".key");
    const Outcome made = run({bin("hearth-ledger"), "--json", "operator", "keygen", key.string()});
    REQUIRE(made.exit_code == 0);
    town.operate_ok({"operator", "add", name, made.json().at("key"), "--role", role});
    return {town.card(), key};
  }
  Town town;
};

}  // namespace

TEST_CASE("operators work over TLS, each as far as the role goes, by name") {
  Counter counter;
  Town& town = counter.town;
  const Remote alan = counter.hire("alan", "auditor");
  const Remote tina = counter.hire("tina", "teller");
  const Remote olga = counter.hire("olga", "owner");
  CHECK(alan({"status"}).json().at("homes") == 1);
  CHECK(alan({"audit"}).json().at("ok") == true);
  CHECK(code_of(alan({"deposit", "anna", "1 EUR", "--reference", "x"})) == "not_allowed");
  CHECK(deposited(tina({"deposit", "anna", "5.00 EUR", "--reference", "bank 1"}).json()) ==
        "25.00 EUR");
  CHECK(tina({"deposit", "anna", "5.00 EUR", "--reference", "bank 1"}).json().at("repeated") ==
        true);
  CHECK(code_of(tina({"fees", "set", "--currency", "EUR", "--basis-points", "1"})) ==
        "not_allowed");
  const Json adjusted =
      olga({"adjust", "debit", "anna", "1.00 EUR", "--reason", "typed twice"}).json();
  CHECK(adjusted.at("operator") == "olga");
  CHECK(deposited(adjusted) == "24.00 EUR");
  const Json statement = alan({"statement", "anna"}).json();
  const Json entries = rows(statement.at("accounts").at(0), "entries");
  CHECK(entries.size() == 3);
  CHECK(alan({"export", "--format", "json"}).json().at("records").size() > 4);

  CHECK(code_of(Remote{town.card(), town.dir() / "none.key"}({"status"})) == "not_found");
  CHECK(run({bin("hearth-ledger"), "--connect", town.card(), "status"}).exit_code == 2);
  std::string wrong = town.card();
  wrong[wrong.size() - 1] = wrong.back() == '0' ? '1' : '0';
  CHECK(code_of(Remote{wrong, tina.key}({"status"})) == "bad_card");
  town.operate_ok({"operator", "remove", "tina"});
  CHECK(code_of(tina({"status"})) == "not_allowed");
  // From elsewhere a backup has a name, not a path, and no keys leave.
  CHECK(code_of(olga({"backup", "/tmp/elsewhere"})) == "name_refused");
  CHECK(olga({"backup", "monday"}).json().at("audited") == true);
  CHECK(fs::exists(town.ledger_dir() / "backups" / "monday" / "books"));
  CHECK(code_of(olga({"backup", "monday"})) == "already_initialised");
  CHECK(code_of(olga({"backup", "tuesday", "--keys-to", "/tmp/k"})) == "not_allowed");
  town.ledger().stop();
  CHECK(code_of(olga({"status"})) == "unreachable");
  town.audit_clean();
}

TEST_CASE("a backup of a running ledger, restored, audited, and noticed as old") {
  Counter counter;
  Town& town = counter.town;
  const fs::path backup = town.dir() / "backup", keys = town.dir() / "keys";
  const Json made = town.operate_ok({"backup", backup.string(), "--keys-to", keys.string()});
  CHECK(made.at("audited") == true);
  struct stat status {};
  REQUIRE(stat((keys / "ledger.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  for (const auto& entry : fs::recursive_directory_iterator(backup)) {
    CHECK(entry.path().filename() != "ledger.key");
    CHECK(entry.path().filename() != "checkpoint");
  }
  town.operate_ok({"deposit", "anna", "1.00 EUR", "--reference", "after the backup"});
  const fs::path paper = town.dir() / "checkpoint.note";
  eventually("a checkpoint of everything", 30, [&] {
    const Json records = town.operate_ok({"status"}).at("journal").at("records");
    return town.operate_ok({"checkpoint"}).at("size") == records;
  });
  town.operate_ok({"checkpoint", "--out", paper.string()});
  CHECK(slurp(paper).starts_with("hearth-ledger/"));
  CHECK(town.operate_ok({"verify", paper.string()}).at("what") == "checkpoint");
  CHECK(code_of(town.operate({"backup", backup.string()})) == "already_initialised");

  const fs::path again = town.dir() / "again";
  const auto there = [&](std::vector<std::string> args) {
    std::vector<std::string> argv{bin("hearth-ledger"), "--data", again.string(), "--json"};
    argv.insert(argv.end(), args.begin(), args.end());
    return run(argv);
  };
  CHECK(code_of(there({"restore", (town.dir() / "anna").string()})) == "not_found");
  CHECK(code_of(there({"restore", backup.string(), "--keys-from", backup.string()})) != "");
  CHECK_FALSE(fs::exists(again));  // nothing is left of what was refused
  const Outcome restored = there({"restore", backup.string(), "--keys-from", keys.string()});
  REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
  CHECK(restored.json().at("root") == made.at("root"));
  CHECK(code_of(there({"restore", backup.string()})) == "already_initialised");
  CHECK(there({"audit"}).json().at("ok") == true);
  // What the ledger signed later is not in these books, and the paper shows it.
  CHECK(code_of(there({"verify", paper.string()})) == "corrupt");
}

TEST_CASE("a damaged backup is not restored") {
  Counter counter;
  Town& town = counter.town;
  const fs::path backup = town.dir() / "backup";
  town.operate_ok({"backup", backup.string()});
  const fs::path facts = backup / "backup.json";
  Json changed = Json::parse(slurp(facts));
  changed["records"] = changed.at("records").get<int>() - 1;
  std::ofstream(facts) << changed.dump();
  const Outcome refused = run({bin("hearth-ledger"), "--data", (town.dir() / "again").string(),
                               "--json", "restore", backup.string()});
  CHECK(code_of(refused) == "corrupt");
  CHECK_FALSE(fs::exists(town.dir() / "again"));
  CHECK_FALSE(fs::exists(town.dir() / "again.partial"));
}

TEST_CASE("a stopped ledger takes the same words") {
  Counter counter;
  Town& town = counter.town;
  const Json running = town.operate_ok({"status"});
  town.ledger().stop();
  Json stopped = town.operate_ok({"status"});
  CHECK(stopped.at("running") == false);
  stopped["running"] = true;
  CHECK(stopped == running);
  CHECK(deposited(town.operate_ok({"deposit", "anna", "1.00 EUR", "--reference", "here"})) ==
        "21.00 EUR");
  town.operate_ok({"freeze", "anna", "--reason", "asked for"});
  CHECK(code_of(town.operate({"withdraw", "anna", "1.00 EUR", "--reference", "out"})) ==
        "account_frozen");
  CHECK(code_of(town.operate({"watch"})) == "unreachable");
  CHECK(town.operate_ok({"keys", "rotate"}).at("epoch") == 2);
  CHECK(rows(town.operate_ok({"keys", "show"}), "epochs").size() == 2);
  const fs::path out = town.dir() / "books.csv";
  town.operate_ok({"export", "--format", "csv", "--out", out.string()});
  CHECK(slurp(out).find(",deposit,") != std::string::npos);
  CHECK(code_of(town.operate({"export", "--format", "csv", "--out", out.string()})) ==
        "already_initialised");
  town.audit_clean();
  town.start_ledger();
  CHECK(rows(town.operate_ok({"keys", "show"}), "epochs").size() == 2);
  CHECK(town.operate({"statement", "anna", "--from", "soon"}).exit_code == 2);
  CHECK(code_of(town.operate({"account", "show", "fees/JPY"})) != "");
}
