// Who may do what, orders that arrive twice, and keys of operators.
#include <map>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/base/files.h"
#include "ledger/operators/desk.h"
#include "ledger/operators/key_file.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger_desk/operated_books.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;
using wire::Json;

namespace {

crypto::SignKey key_of(const std::string& name) {
  return crypto::SignKey::from_seed(crypto::Seed(operated::digest_of("key of " + name)));
}

/// A running ledger with an operator of each role.
struct Office {
  Office() {
    operated::fill(*engine);
    for (const auto& [name, role] :
         {std::pair("alan", "auditor"), std::pair("tina", "teller"), std::pair("olga", "owner")})
      operated::run(
          *store, "operator-add",
          {{"name", name}, {"key", operator_key_text(key_of(name).public_key())}, {"role", role}},
          engine.get())
          .value();
  }
  std::string order(const std::string& who, const std::string& command, Json args,
                    const std::string& id = "one") const {
    return sign_order({operated::id_of(id), ledger, now, {command, std::move(args)}}, key_of(who));
  }
  Result<Json> give(const std::string& who, const std::string& command, Json args = Json::object(),
                    const std::string& id = "one") {
    return desk.answer(order(who, command, std::move(args), id), now);
  }

  const UtcMs now = operated::first_day + 3 * operated::day;
  const crypto::SignPublicKey ledger = key_of("the ledger").public_key();
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Engine> engine = operated::start(*store);
  OperatorDesk desk{AdminContext{LedgerDir{"/nonexistent"}, *store, engine.get(), true}, ledger};
};

const Json ten_cents{{"account", "anna"}, {"amount", "0.10 EUR"}, {"reference", "bank 1"}};

}  // namespace

TEST_CASE("operators: every command has a role, and the desk holds every role to it") {
  // The table as it was agreed on, not as the code has it.
  const std::map<std::string, std::vector<std::string>> agreed{
      {"auditor",
       {"card", "status", "accounts", "account", "statement", "offers", "limits", "fees",
         "payments", "audit", "export", "keys", "checkpoint", "verify", "stats", "progress",
         "operators", "directory"}},
      {"teller", {"deposit", "withdraw", "payments-retry"}},
      {"owner",
       {"adjust", "freeze", "unfreeze", "close", "limits-set", "fees-set", "keys-rotate",
        "directory-remove", "operator-add", "operator-remove", "backup"}}};
  const std::vector<std::string> rising{"auditor", "teller", "owner"};
  const std::map<std::string, std::string> names{
      {"auditor", "alan"}, {"teller", "tina"}, {"owner", "olga"}};
  std::size_t known = 0;
  Office office;
  for (std::size_t least = 0; least < rising.size(); ++least) {
    for (const std::string& command : agreed.at(rising[least])) {
      ++known;
      const CommandRule* rule = rule_of(command);
      REQUIRE_MESSAGE(rule != nullptr, command);
      for (std::size_t role = 0; role < rising.size(); ++role) {
        CAPTURE(command);
        CAPTURE(rising[role]);
        CHECK(may(*role_from_name(rising[role]), *rule) == (role >= least));
        // An argument that no command takes: whoever may run it gets past the desk, to a refusal
        // by the command or to an answer, and nothing is changed.
        const auto answer = office.give(names.at(rising[role]), command,
                                        {{"account", 1}, {"home", 1}, {"name", 1}, {"dir", 1}},
                                        command + rising[role]);
        const bool refused = !answer && answer.error().code == Code::not_allowed;
        CHECK(refused == (role < least));
      }
    }
  }
  CHECK(known == command_rules().size());
}

TEST_CASE("operators: an order is refused before anything is done") {
  Office office;
  const auto refused = [&](const std::string& jws, UtcMs now) {
    const auto answer = office.desk.answer(jws, now);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().code;
  };
  CHECK(refused(office.order("nobody", "status", Json::object()), office.now) == Code::not_allowed);
  CHECK(refused(sign_order({{}, key_of("another").public_key(), office.now, {"status", {}}},
                           key_of("olga")),
                office.now) == Code::not_allowed);
  constexpr UtcMs six_minutes = 6 * 60 * 1000;
  for (const char* command : {"status", "deposit"})
    for (const UtcMs shift : {six_minutes, -six_minutes})
      CHECK(refused(office.order("tina", command, ten_cents), office.now + shift) ==
            Code::stale_request);
  std::string changed = office.order("tina", "deposit", ten_cents);
  changed[changed.size() - 10] = changed[changed.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(refused(changed, office.now) == Code::bad_signature);
  CHECK(refused(office.order("olga", "no-such", Json::object()), office.now) == Code::usage);
  CHECK(refused("rubbish", office.now) == Code::usage);
  const auto gone = office.give("olga", "operator-remove", {{"name", "tina"}}, "remove");
  REQUIRE(gone.has_value());
  CHECK(refused(office.order("tina", "deposit", ten_cents), office.now) == Code::not_allowed);
  CHECK(operated::run(*office.store, "account", {{"id", "anna"}}).value()["balance"]["minor"] ==
        12'25);
}

TEST_CASE("operators: a change is done once per request id, and has its operator's name") {
  Office office;
  const Json first = office.give("tina", "deposit", ten_cents).value();
  CHECK(first["repeated"] == false);
  CHECK(first["operator"] == "tina");
  // The same bytes again, much later too: the first answer.
  CHECK(office.give("tina", "deposit", ten_cents).value() == first);
  CHECK(office.desk.answer(office.order("tina", "deposit", ten_cents), office.now + 600'000)
            .value() == first);
  // Another order under that id.
  Json more = ten_cents;
  more["amount"] = "9.00 EUR";
  CHECK(office.give("tina", "deposit", more).error().code == Code::idempotency_mismatch);
  // Another operator's id is another id; the deposit itself is still made only once.
  CHECK(office.give("olga", "deposit", ten_cents).value()["repeated"] == true);
  CHECK(operated::run(*office.store, "account", {{"id", "anna"}}).value()["balance"]["minor"] ==
        12'35);
  // A refusal is remembered as well.
  const Json nothing{{"account", "nobody"}, {"amount", "1 EUR"}, {"reference", "x"}};
  const auto refusal = office.give("tina", "deposit", nothing, "two");
  CHECK(refusal.error().code == Code::unknown_account);
  const auto again = office.give("tina", "deposit", nothing, "two");
  CHECK(again.error().code == refusal.error().code);
  CHECK(again.error().sentence == refusal.error().sentence);
  const auto record = BooksView(*office.store).record(first["journal_index"]).value().value();
  CHECK(std::get<Deposited>(record.what).by == "tina");
}

TEST_CASE("operators: an order that a crash cut off") {
  Office office;
  const auto begun = [&](const std::string& who, const std::string& command, const Json& args) {
    store::Batch batch;
    const std::string jws = office.order(who, command, args, command);
    put_order(batch, key_of(who).public_key(), operated::id_of(command),
              {crypto::sha256(as_bytes(jws)), office.now, false, ""});
    wait_for<std::uint64_t>([&](auto answer) {
      office.engine->submit_side(batch, std::move(answer));
    }).value();
    return office.desk.answer(jws, office.now);
  };
  CHECK(begun("tina", "deposit", ten_cents).value()["repeated"] == false);
  CHECK(begun("olga", "keys-rotate", Json::object()).error().code == Code::interrupted);
}

TEST_CASE("operators: names, keys, and one of each") {
  auto store = store::open_memory();
  const auto engine = operated::start(*store);
  const auto add = [&](const std::string& name, const std::string& key, const char* role) {
    return operated::run(*store, "operator-add", {{"name", name}, {"key", key}, {"role", role}},
                         engine.get());
  };
  const std::string key = operator_key_text(key_of("tina").public_key());
  const std::string other = operator_key_text(key_of("olga").public_key());
  for (const char* name : {"", "owner", "Tina", "1tina", "webhook:x", "a b", "ti\nna"})
    CHECK_FALSE(add(name, key, "teller").has_value());
  CHECK(add("tina", "operator1nonsense", "teller").error().code == Code::usage);
  CHECK(add("tina", operated::home_of("anna").text(), "teller").error().code == Code::usage);
  CHECK(add("tina", key, "boss").error().code == Code::usage);
  CHECK(add("tina", key, "teller").value()["repeated"] == false);
  CHECK(add("tina", key, "teller").value()["repeated"] == true);
  CHECK(add("tina", other, "teller").error().code == Code::already_initialised);
  CHECK(add("olga", key, "owner").error().code == Code::already_initialised);
  const Json rows = operated::run(*store, "operators").value()["operators"];
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["key"] == key);
  CHECK(operated::run(*store, "operator-remove", {{"name", "olga"}}, engine.get()).error().code ==
        Code::not_found);
  CHECK(operated::run(*store, "operator-remove", {{"name", "tina"}}, engine.get()).has_value());
  CHECK(operated::run(*store, "operators").value()["operators"].empty());
}

TEST_CASE("operators: a key file is private, complete, and never overwritten") {
  const test::TempDir dir;
  const auto file = dir.path() / "teller.key";
  const auto made = make_operator_key_file(file).value();
  CHECK(load_operator_key_file(file).value().public_key() == made.public_key());
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(make_operator_key_file(file).error().code == Code::already_initialised);
  REQUIRE(chmod(file.c_str(), 0640) == 0);
  CHECK(load_operator_key_file(file).error().code == Code::not_private);
  CHECK(load_operator_key_file(dir.path() / "none").error().code == Code::not_found);
  REQUIRE(write_file_atomic(file, as_bytes("# nothing\n"), 0600).has_value());
  CHECK(load_operator_key_file(file).error().code == Code::usage);
  CHECK(parse_operator_key(operator_key_text(made.public_key())).value() == made.public_key());
}
