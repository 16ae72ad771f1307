// The ledger's public history between real daemons: receipts that are proven, keys that are
// rotated, and books that were put back.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

/// The one purchase that `hearth wallet verify` shows; null until it is proven.
Json proven(const Home& home) {
  const Outcome outcome = home.hearth({"wallet", "verify"});
  if (outcome.exit_code != 0) return nullptr;
  const Json purchases = rows(outcome.json(), "purchases");
  return purchases.empty() ? Json() : purchases.at(0);
}

Outcome check_files(const std::string& base, const std::string& card) {
  return run({bin("hearth"), "--json", "wallet", "verify", "--receipt", base + ".receipt",
              "--proof", base + ".tlog-proof", "--ledger", card});
}

}  // namespace

TEST_CASE("a receipt is proven, to the home and to a stranger who has only files") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const Json published = town.publish(a, town.make_file("song.bin", 300'000, 1), "0.99 EUR");
  town.deposit(b, "5.00 EUR", "x1");
  const Json bought = b.ok({"buy", published.at("offer"), "--keep-voucher"});
  const std::string request = bought.at("request");
  const Json one = proven(b);
  REQUIRE_FALSE(one.is_null());
  CHECK(one.at("request") == request);
  CHECK(one.at("paid").at("minor") == 99);
  CHECK(one.at("checkpoint").at("size") > one.at("journal_index"));

  const std::string base = (town.dir() / "proof").string();
  b.ok({"wallet", "verify", request.substr(0, 8), "--out", base});
  // The proof is at home now: the ledger is not needed any more, nor the node.
  CHECK(town.ledger().stop() == 0);
  CHECK_FALSE(proven(b).is_null());
  CHECK(b.daemon().stop() == 0);
  const Outcome checked = check_files(base, town.card());
  REQUIRE(checked.exit_code == 0);
  const Json document = checked.json();
  CHECK(document.at("purchases").at(0).at("request") == request);
  CHECK(document.at("purchases").at(0).at("home").get<std::string>().starts_with("home1"));
  // Another file, another answer.
  std::ofstream(base + ".tlog-proof", std::ios::app) << "x";
  CHECK(check_files(base, town.card()).exit_code == 1);
}

TEST_CASE("keys are rotated under a running ledger; a voucher of the old epoch stays good") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const Json published = town.publish(a, town.make_file("film.bin", 400'000, 2), "1.00 EUR");
  town.deposit(b, "5.00 EUR", "x1");
  b.ok({"buy", published.at("offer"), "--keep-voucher"});
  CHECK(rows(b.ok({"wallet", "vouchers"}), "vouchers").at(0).at("epoch") == 1);
  const Json rotated = town.operate_ok({"keys", "rotate"});
  CHECK(rotated.at("epoch") == 2);
  // The next one is of the new epoch: B has found it in the ledger's journal.
  b.ok({"buy", published.at("offer"), "--keep-voucher"});
  int of_new_epoch = 0;
  for (const Json& voucher : rows(b.ok({"wallet", "vouchers"}), "vouchers"))
    of_new_epoch += voucher.at("epoch") == 2;
  CHECK(of_new_epoch == 1);
  // Both are redeemed: each title needs one, so the old one goes first, then a friend's.
  Home& c = town.add_home("C");  // pins a card of before the rotation
  town.befriend(b, c);
  b.ok({"buy", published.at("offer")});
  eventually("B has it", 60, [&] { return complete_with_key(b, "film.bin"); });
  b.ok({"gift", "send", published.at("offer"), "--to", "C"});
  eventually("it waits at C", 30, [&] { return !gift(c, "received", "film.bin").is_null(); });
  c.ok({"gift", "accept", gift(c, "received", "film.bin").at("gift")});
  eventually("C has it", 60, [&] { return complete_with_key(c, "film.bin"); });
  CHECK(vouchers(b, "held") == 0);
  CHECK(balance(b) == 300);
  CHECK_FALSE(b.ok({"status"}).at("ledger").contains("alarm"));
  town.audit_clean();
}

TEST_CASE("books that were put back are refused, and homes that saw more are alarmed") {
  Town town;
  Home& b = town.add_home("B");
  town.deposit(b, "1.00 EUR", "before");
  CHECK(town.ledger().stop() == 0);
  const fs::path books = town.ledger_dir() / "books", backup = town.dir() / "backup";
  fs::copy(books, backup, fs::copy_options::recursive);
  town.start_ledger();
  town.deposit(b, "2.00 EUR", "after");
  const auto records = town.operate_ok({"status"}).at("journal").at("records").get<std::size_t>();
  eventually("B has seen a checkpoint with the second deposit", 30, [&] {
    const std::string note = b.ok({"wallet", "verify"}).value("checkpoint", "");
    const auto line = note.find('\n') + 1;  // origin, size, root
    return line > 0 && std::stoul(note.substr(line)) >= records;
  });
  CHECK(town.ledger().stop() == 0);
  CHECK(b.daemon().stop() == 0);
  fs::remove_all(books);
  fs::copy(backup, books, fs::copy_options::recursive);

  const std::string program = bin("hearth-ledgerd");
  const Outcome refused =
      run({program, "--data", town.ledger_dir().string(), "--listen", "127.0.0.1:0"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("--accept-restored") != std::string::npos);

  Daemon accepting("accepting",
                   {program, "--data", town.ledger_dir().string(), "--listen", "127.0.0.1:0",
                    "--accept-restored"},
                   town.dir() / "accepting.log");
  fs::remove(town.ledger_dir() / "admin.sock");
  accepting.start();
  eventually("the operator's word is taken", 30, [&] {
    const Outcome status = town.operate({"status"});
    return status.exit_code == 0 && status.json().at("running") == true;
  });
  CHECK(accepting.stop() == 0);
  CHECK(accepting.log_text().find("accepted by the operator") != std::string::npos);
  town.start_ledger();
  b.start();
  eventually("B raises the alarm", 60,
             [&] { return b.ok({"status"}).at("ledger").contains("alarm"); });
  const Json alarm = b.ok({"status"}).at("ledger").at("alarm");
  CHECK(alarm.at("sentence").get<std::string>().starts_with("ALARM"));
  CHECK(alarm.at("before").get<std::string>().find("hearth-ledger/") != std::string::npos);
  CHECK(b.hearth({"wallet", "verify"}).exit_code == 1);
  b.daemon().stop();
  b.start();
  CHECK(b.ok({"status"}).at("ledger").contains("alarm"));

  const Json shown = b.ok({"wallet", "alarm"});
  CHECK(shown.at("alarm") == alarm);
  CHECK(shown.at("accepted").empty());
  CHECK(shown.at("now").at("size").get<std::size_t>() < records);
  const Json accepted = b.ok({"wallet", "alarm", "accept"});
  CHECK(accepted.at("alarm") == alarm);
  CHECK(accepted.at("now").at("size").get<std::size_t>() < records);
  // Believed from here on, also by whatever looks at the journal next.
  CHECK(b.ok({"wallet", "verify"}).at("ok") == true);
  CHECK_FALSE(b.ok({"status"}).at("ledger").contains("alarm"));
  town.deposit(b, "3.00 EUR", "after the restore");
  CHECK(balance(b) == 400);
  // The evidence stays, and there is nothing to accept twice.
  b.daemon().stop();
  b.start();
  const Json kept = b.ok({"wallet", "alarm"});
  CHECK(kept.at("alarm").is_null());
  CHECK(rows(kept, "accepted").at(0).at("alarm") == alarm);
  CHECK(b.hearth({"wallet", "alarm", "accept"}).exit_code == 1);
}
