#include "ledger/admin/admin.h"

#include <filesystem>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/files.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/admin/tables.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;
using wire::Json;

namespace {

struct TempDir {
  TempDir() {
    std::string text = (std::filesystem::temp_directory_path() / "hearth-admin-XXXXXX").string();
    REQUIRE(mkdtemp(text.data()) != nullptr);
    dir.root = text;
  }
  ~TempDir() { std::filesystem::remove_all(dir.root); }
  LedgerDir dir;
};

/// Books with: 0 currencies, 1 and 2 homes, 3 deposit, 4 offer, 5 purchase of two, 6 redemption.
std::unique_ptr<store::Store> small_books() {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open_shop(*engine);
  purchase(*engine, purchase_of("film", "buyer", "p", 2)).value();
  redeem(*engine, redeem_of("film", "v")).value();
  return store;
}

Bytes value_of(const store::Store& store, const Bytes& key) {
  return store.get(key).value().value();
}

void put(store::Store& store, const Bytes& key, const std::optional<Bytes>& value) {
  store::Batch batch;
  value ? batch.put(key, *value) : batch.erase(key);
  REQUIRE(store.commit(batch, store.claim().value()).has_value());
}

/// The record with one byte changed, and its commitment made to fit.
Bytes forged(const store::Store& store, std::uint64_t index, const Record& record) {
  const Bytes stored = value_of(store, books::journal_key(index));
  const auto split = split_stored(stored).value();
  const Bytes bytes = encode_record(record);
  return join_stored(split.salt, commitment_of(split.salt, bytes), bytes);
}

Result<Json> run(const store::Store& store, const char* command, const Json& args = Json::object(),
                 Engine* engine = nullptr, LedgerDir dir = {"/nonexistent"}) {
  AdminContext context{std::move(dir), store, engine};
  return run_admin(context, command, args);
}

}  // namespace

TEST_CASE("audit finds untouched books to agree") {
  const auto store = small_books();
  std::uint64_t last = 0, of = 0;
  const auto report = audit(*store->snapshot(), [&](std::uint64_t done, std::uint64_t total) {
                        last = done;
                        of = total;
                      }).value();
  CHECK_FALSE(report.difference.has_value());
  CHECK(report.records == 7);
  CHECK(report.accounts == 5);  // two wallets, escrow, cash, fees
  CHECK(report.homes == 2);
  CHECK(report.offers == 1);
  CHECK(report.counts.deposits == 1);
  CHECK(report.counts.purchases == 1);
  CHECK(report.counts.redemptions == 1);
  CHECK(report.root == BooksView(*store).tree().value().root());
  CHECK(last == 7);
  CHECK(of == 7);
  const auto nothing = store::open_memory();
  CHECK_FALSE(audit(*nothing, {}).value().difference.has_value());
}

TEST_CASE("audit names the first record that differs, and what differs") {
  const auto buyer = AccountId::wallet(home("buyer"), currency());
  const auto escrow = AccountId::escrow(digest("offer film"), 1, currency());
  const auto film = digest("offer film");
  const Bytes buyer_key = books::key(books::accounts, buyer.raw());
  const Bytes spent_key = books::key(books::spent, digest("voucher v"));
  const Bytes receipt_key = books::key(books::requests, request_id("p"));
  const Bytes deposit_key = books::deposit_key(home("buyer"), amount(20'00), "cash 1");
  const auto sample = small_books();
  Bytes flipped = value_of(*sample, books::journal_key(5));
  flipped.back() ^= 1;
  Bytes salted = value_of(*sample, books::journal_key(0));
  salted[0] ^= 1;
  auto dear = offer_of("film", "seller", 3'51, 17);
  auto spent = *books::decode_answer(value_of(*sample, spent_key));
  spent.request_hash = digest("x");
  auto receipt = *books::decode_answer(value_of(*sample, receipt_key));
  receipt.index = 4;

  struct Row {
    const char* what;
    Bytes key;
    std::optional<Bytes> value;
    std::optional<std::uint64_t> index;
    const char* finding;
  };
  const Row rows[] = {
      {"a balance changed", buyer_key, books::encode(Account{99'00, 0, 0}), 5,
       "holds 99.00 EUR in the books but 13.00 EUR"},
      {"a balance deleted", buyer_key, std::nullopt, 5, "holds nothing in the books"},
      {"a balance unreadable", buyer_key, Bytes{7}, 6, "cannot be read"},
      {"an account too many",
       books::key(books::accounts, AccountId::wallet(home("ghost"), currency()).raw()),
       books::encode(Account{}), std::nullopt, "in the books but not in the journal"},
      {"a voucher count changed", books::key(books::accounts, escrow.raw()),
       books::encode(Account{3'50, 3, 2}), 6, "3 vouchers bought"},
      {"a record's byte changed", books::journal_key(5), flipped, 5, "do not match the commitment"},
      {"a record's salt changed", books::journal_key(0), salted, 0, "do not match the commitment"},
      {"a record cut", books::journal_key(5), Bytes(20), 5, "too short"},
      {"a record deleted", books::journal_key(3), std::nullopt, 3, "missing"},
      {"the first record deleted", books::journal_key(0), std::nullopt, 0, "missing"},
      {"the last record deleted", books::journal_key(6), std::nullopt, 6, "missing"},
      {"a record too many", books::journal_key(7), value_of(*sample, books::journal_key(6)), 7,
       "says that it is record 6"},
      {"a spent voucher missing", spent_key, std::nullopt, 6, "spent voucher is missing"},
      {"a spent voucher of another request", spent_key, books::encode(spent), 6,
       "names another request"},
      {"a spent voucher too many", books::key(books::spent, digest("voucher w")),
       value_of(*sample, spent_key), std::nullopt, "keep 2 spent vouchers, the journal has 1"},
      {"a receipt missing", receipt_key, std::nullopt, 5, "receipt is missing"},
      {"a receipt of another record", receipt_key, books::encode(receipt), 5,
       "belongs to record 4"},
      {"a receipt too many", books::key(books::requests, request_id("q")),
       value_of(*sample, receipt_key), std::nullopt, "keep 2 receipts, the journal has 1"},
      {"an offer's price changed", books::key(books::offers, film),
       books::encode(books::OfferRow{4, dear}), 4, "other terms"},
      {"a deposit's answer missing", deposit_key, std::nullopt, 3, "deposit is missing"},
      {"a deposit's answer changed", deposit_key, books::encode(books::DepositRow{3, 1}), 3,
       "deposit differs"},
      {"an entry missing", books::entry_key(buyer, 5), std::nullopt, 5,
       "does not list this record"},
      {"an entry too many", books::entry_key(buyer, 6), Bytes{}, std::nullopt,
       "entries of accounts, the journal has 7 postings"},
      {"a home's name changed", books::key(books::homes, home("buyer").key),
       books::encode(books::HomeRow{2, "Mallory"}), 2, "with other content"},
      {"a home missing", books::key(books::homes, home("buyer").key), std::nullopt, 2,
       "not in the books"},
      {"the tree missing", books::key(books::tree, {}), std::nullopt, 0, "not in the tree"},
      {"the tree unreadable", books::key(books::tree, {}), Bytes{1, 2}, std::nullopt,
       "cannot be read"},
      {"the currencies changed", books::key(books::currencies, {}),
       books::encode(std::vector{currency("JPY")}), std::nullopt, "currencies differ"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto store = small_books();
    put(*store, row.key, row.value);
    const auto report = audit(*store->snapshot(), {}).value();
    REQUIRE(report.difference.has_value());
    CAPTURE(report.difference->what);
    CHECK(report.difference->index == row.index);
    CHECK(report.difference->what.find(row.finding) != std::string::npos);
    const auto told = run(*store, "audit");
    REQUIRE_FALSE(told.has_value());
    CHECK(told.error().code == Code::corrupt);
    if (row.index)
      CHECK(told.error().sentence.find("record " + std::to_string(*row.index)) !=
            std::string::npos);
  }
}

TEST_CASE("audit sees through records forged with a fitting commitment") {
  struct Row {
    const char* what;
    std::uint64_t index;
    void (*forge)(Record&);
    std::optional<std::uint64_t> found;
    const char* finding;
  };
  const Row rows[] = {
      {"only the time", 5, [](Record& r) { r.at_ms += 1; }, std::nullopt, "root"},
      {"fewer vouchers", 5, [](Record& r) { std::get<Purchased>(r.what).vouchers = 1; }, 5,
       "not those of this purchase"},
      {"a cheaper purchase", 5,
       [](Record& r) {
         Postings cheaper;
         for (const Posting& p : r.postings) cheaper.add(p.account, p.delta / 2);
         r.postings = cheaper;
       },
       5, "not those of this purchase"},
      {"postings that do not sum to zero", 3,
       [](Record& r) {
         Postings one;
         one.add(r.postings[1].account, r.postings[1].delta);
         r.postings = one;
       },
       3, "do not sum to zero"},
      {"a redemption that pays the seller more", 6,
       [](Record& r) {
         Postings more;
         more.add(r.postings[0].account, r.postings[0].delta);
         more.add(r.postings[1].account, -r.postings[0].delta);
         r.postings = more;
       },
       6, "not those of this redemption"},
      {"another index", 4, [](Record& r) { r.index = 9; }, 4, "says that it is record 9"},
      {"a deposit made twice as large", 3,
       [](Record& r) {
         std::get<Deposited>(r.what).amount.minor *= 2;
         Postings twice;
         for (const Posting& p : r.postings) twice.add(p.account, 2 * p.delta);
         r.postings = twice;
       },
       3, "deposit is missing"},
      {"a home that was never opened", 2,
       [](Record& r) { std::get<HomeOpened>(r.what).wallets.clear(); }, 3, "was never opened"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto store = small_books();
    Record record = BooksView(*store).record(row.index).value().value();
    row.forge(record);
    put(*store, books::journal_key(row.index), forged(*store, row.index, record));
    const auto report = audit(*store->snapshot(), {}).value();
    REQUIRE(report.difference.has_value());
    CAPTURE(report.difference->what);
    CHECK(report.difference->index == row.found);
    CHECK(report.difference->what.find(row.finding) != std::string::npos);
  }
}

TEST_CASE("the operator's documents") {
  auto store = small_books();
  const auto status = run(*store, "status").value();
  CHECK(status["homes"] == 2);
  CHECK(status["offers"] == 1);
  CHECK(status["running"] == false);
  CHECK(status["vouchers"] == Json{{"bought", 2}, {"redeemed", 1}, {"outstanding", 1}});
  CHECK(status["totals"][0]["wallet"] ==
        Json{{"minor", 16'33}, {"currency", "EUR"}, {"text", "16.33 EUR"}});
  CHECK(status["totals"][0]["escrow"]["minor"] == 3'50);
  CHECK(status["totals"][0]["fees"]["minor"] == 17);
  CHECK(status["totals"][0]["cash"]["minor"] == -20'00);
  CHECK(status["journal"]["records"] == 7);

  const auto accounts = run(*store, "accounts").value()["accounts"];
  CHECK(accounts.size() == 5);
  const std::string wallet = AccountId::wallet(home("buyer"), currency()).text();
  const auto account = run(*store, "account", {{"id", wallet}}).value();
  CHECK(account["name"] == "buyer");
  CHECK(account["balance"]["minor"] == 13'00);
  REQUIRE(account["entries"].size() == 2);
  CHECK(account["entries"][1]["amount"]["minor"] == -7'00);
  CHECK(account["more"] == false);
  const auto first = run(*store, "account", {{"id", wallet}, {"limit", 1}}).value();
  CHECK(first["entries"].size() == 1);
  CHECK(first["more"] == true);
  const auto rest = run(*store, "account", {{"id", wallet}, {"after", 3}}).value();
  CHECK(rest["entries"].size() == 1);
  const auto escrow =
      run(*store, "account", {{"id", "escrow/" + to_hex(digest("offer film")) + "/1"}}).value();
  CHECK(escrow["outstanding"] == 1);
  CHECK(escrow["entries"].size() == 2);

  const auto offers = run(*store, "offers").value()["offers"];
  REQUIRE(offers.size() == 1);
  CHECK(offers[0]["seller_name"] == "seller");
  CHECK(offers[0]["price"]["minor"] == 3'50);
  CHECK(offers[0]["fee"]["minor"] == 17);
  CHECK(offers[0]["bought"] == 2);
  CHECK(offers[0]["outstanding"] == 1);
  CHECK(offers[0]["escrow"]["minor"] == 3'50);

  CHECK(run(*store, "audit").value()["ok"] == true);
  CHECK(run(*store, "card").error().code == Code::not_initialised);
  CHECK(run(*store, "no-such-command").error().code == Code::usage);
  CHECK(run(*store, "account", {{"id", "fees/JPY"}}).error().code == Code::unknown_account);
  CHECK(run(*store, "account", {{"id", "rubbish"}}).error().code == Code::usage);
  CHECK(run(*store, "account", {{"id", "escrow/" + to_hex(digest("none")) + "/1"}}).error().code ==
        Code::unknown_offer);
  CHECK(run(*store, "account").error().code == Code::usage);
  CHECK(run(*store, "status", Json::array()).error().code == Code::usage);
}

TEST_CASE("deposits by address, grouped address and name") {
  auto store = small_books();
  auto engine = Engine::start(*store, {}).value();
  open(*engine, "twin").value();
  Waiting<std::uint64_t> named;
  engine->submit_open(home("other twin"), "twin", 1, named.answer());
  named.get().value();
  const auto deposit_of = [&](const std::string& who, const char* money, const char* reference) {
    return run(*store, "deposit", {{"home", who}, {"amount", money}, {"reference", reference}},
               engine.get());
  };
  const auto first = deposit_of("buyer", "1.00 EUR", "a").value();
  CHECK(first["balance_after"]["minor"] == 14'00);
  CHECK(first["repeated"] == false);
  CHECK(first["home"] == home("buyer").text());
  CHECK(deposit_of(home("buyer").text(), "1.00 EUR", "a").value()["repeated"] == true);
  CHECK(deposit_of(home("buyer").grouped(), "1 EUR", "b").value()["repeated"] == false);
  CHECK(balance(*engine, "buyer") == 15'00);

  CHECK(deposit_of("twin", "1 EUR", "c").error().code == Code::usage);
  CHECK(deposit_of("twin", "1 EUR", "c").error().sentence.find("2 homes") != std::string::npos);
  CHECK(deposit_of("nobody", "1 EUR", "c").error().code == Code::unknown_account);
  CHECK(deposit_of(home("nobody").text(), "1 EUR", "c").error().code == Code::unknown_account);
  std::string miscopied = home("buyer").text();
  miscopied.back() = miscopied.back() == 'q' ? 'p' : 'q';
  CHECK(deposit_of(miscopied, "1 EUR", "c").error().code == Code::usage);
  CHECK(deposit_of("buyer", "1.001 EUR", "c").error().code == Code::amount_invalid);
  CHECK(deposit_of("buyer", "-1.00 EUR", "c").error().code == Code::amount_invalid);
  CHECK(deposit_of("buyer", "1.00", "c").error().code == Code::amount_invalid);
  CHECK(deposit_of("buyer", "1 JPY", "c").error().code == Code::currency_unknown);
  CHECK(deposit_of("buyer", "1 EUR", "").error().code == Code::usage);
  CHECK(balance(*engine, "buyer") == 15'00);
  CHECK(run(*store, "audit").value()["ok"] == true);
}

TEST_CASE("documents as text for people") {
  auto store = small_books();
  const auto text = [&](const char* command, const Json& args = Json::object()) {
    return as_text_for_people(command, run(*store, command, args).value());
  };
  CHECK(text("status").find("2 vouchers bought, 1 redeemed, 1 outstanding") != std::string::npos);
  CHECK(text("status").find("-20.00 EUR") != std::string::npos);
  CHECK(text("offers").find("3.50 EUR") != std::string::npos);
  CHECK(text("audit").find("7 records replayed") != std::string::npos);
  CHECK(text("account", {{"id", "fees/EUR"}}).find("fee ") != std::string::npos);
  // Amounts end in one column.
  const std::string accounts = text("accounts");
  std::size_t column = 0;
  for (const char* amount : {"13.00 EUR", "3.33 EUR", "3.50 EUR", "-20.00 EUR", "0.17 EUR"}) {
    CAPTURE(amount);
    const std::size_t at = accounts.find(std::string(" ") + amount);
    REQUIRE(at != std::string::npos);
    const std::size_t line = accounts.rfind('\n', at) + 1;
    const std::size_t end = at + 1 + std::string(amount).size() - line;
    if (column == 0) column = end;
    CHECK(end == column);
  }
  CHECK(as_text_for_people("status", Json{{"newer", 1}}) == "{\n  \"newer\": 1\n}\n");
}

TEST_CASE("keys are made once, kept privately, and never made anew beside books") {
  const TempDir temp;
  CHECK(load_ledger_keys(temp.dir).error().code == Code::not_initialised);
  const auto made = load_or_make_ledger_keys(temp.dir, 1234).value();
  REQUIRE(made.epochs.size() == 1);
  CHECK(made.epochs[0].epoch == 1);
  CHECK(made.epochs[0].from_ms == 1234);
  const auto again = load_or_make_ledger_keys(temp.dir, 9999).value();
  CHECK(again.signing.public_key() == made.signing.public_key());
  CHECK(again.escrow.public_key() == made.escrow.public_key());
  CHECK(again.epochs[0].pair.public_key == made.epochs[0].pair.public_key);
  CHECK(again.epochs[0].from_ms == 1234);
  CHECK(again.tls.pin == made.tls.pin);
  struct stat status {};
  const auto file = temp.dir.keys() / "ledger.key";
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(stat(temp.dir.keys().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);

  SUBCASE("a card needs the URL of a first start") {
    const auto store = store::open_memory();
    CHECK(run(*store, "card", Json::object(), nullptr, temp.dir).error().code ==
          Code::not_initialised);
    REQUIRE(store_advertised_url(temp.dir, "https://ledger.example:7600").has_value());
    const auto document = run(*store, "card", Json::object(), nullptr, temp.dir).value();
    const auto card = identity::parse_ledger_card(document["card"].get<std::string>()).value();
    CHECK(card.url == "https://ledger.example:7600");
    CHECK(card.key == made.signing.public_key());
    CHECK(card.poprf_key == made.epochs[0].pair.public_key);
    CHECK(card.pin == made.tls.pin);
  }
  SUBCASE("readable by others") {
    REQUIRE(chmod(file.c_str(), 0644) == 0);
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::not_private);
  }
  SUBCASE("damaged") {
    REQUIRE(write_file_atomic(file, as_bytes("short"), 0600).has_value());
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::corrupt);
  }
  SUBCASE("lost, with books") {
    std::filesystem::remove(file);
    std::filesystem::create_directory(temp.dir.books());
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::corrupt);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}
