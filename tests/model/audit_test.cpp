// The audit against books that somebody has changed: every row of a small shop's books is deleted,
// flipped byte by byte and doubled, records are forged with fitting commitments, and records are
// added that no ledger may write. Each is found, and named by its record where it has one.
#include "ledger/admin/audit.h"

#include <doctest/doctest.h>

#include "common/base/codec.h"
#include "common/tlog/checkpoint.h"
#include "ledger/engine/book_tiles.h"
#include "tests/model/engine_subject.h"
#include "tests/model/world.h"

namespace hearth::ledger::model {
namespace {

const Place seller{AccountKind::wallet, 1, 0, 0};
const Place buyer{AccountKind::wallet, 2, 0, 0};
const Place pocket{AccountKind::wallet, 2, 1, 0};
const Place escrow{AccountKind::escrow, 1, 1, 0};

constexpr int redeemed = 9;  ///< the id of the voucher that two homes redeem
constexpr std::size_t shop_records = 17;

/// Numbered by their places in the journal; record 0 are the currencies.
std::vector<Command> shop() {
  std::vector<Command> out;
  const auto add = [&out](Kind kind) -> Command& {
    Command& command = out.emplace_back();
    command.kind = kind;
    command.id = static_cast<int>(out.size());
    command.at_ms = 1'795'986'000'000 + command.id;
    command.epoch = 1;
    command.offer = 1;
    return command;
  };
  add(Kind::open).home = 1;
  add(Kind::open).home = 2;
  add(Kind::fees).basis_points = 500;
  add(Kind::epoch);
  Command& deposit = add(Kind::deposit);
  deposit.account = buyer, deposit.minor = 20'00;
  Command& offer = add(Kind::offer);
  offer.home = 1, offer.minor = 3'50, offer.homes = 2;
  Command& limits = add(Kind::limits);
  limits.home = 2, limits.limits = {15'00, 18'00, 300'00};
  Command& purchase = add(Kind::purchase);
  purchase.home = 2, purchase.vouchers = 4;
  add(Kind::redeem);
  add(Kind::refund).account = pocket;
  add(Kind::exchange).fresh_epoch = 2;
  Command& transfer = add(Kind::transfer);
  transfer.home = 2, transfer.other = 1, transfer.minor = 1'00;
  Command& withdraw = add(Kind::withdraw);
  withdraw.account = pocket, withdraw.minor = 50;
  Command& adjust = add(Kind::adjust);
  adjust.account = seller, adjust.minor = 5;
  Command& state = add(Kind::state);
  state.account = pocket, state.state = AccountState::frozen;
  Command& share = add(Kind::redeem);
  share.id = redeemed, share.content = 1;
  return out;
}

/// The shop's books, with as many more purchases of one voucher as fill a tile.
struct Books : EngineSubject {
  explicit Books(std::size_t records = shop_records) {
    for (const Command& command : shop()) REQUIRE(apply(command) == Outcome::applied);
    Command free;
    free.kind = Kind::offer, free.offer = 2, free.home = 1, free.at_ms = 1'795'986'100'000;
    if (records > shop_records) REQUIRE(apply(free) == Outcome::applied);
    for (std::size_t n = shop_records + 1; n < records; ++n) {
      Command one;
      one.kind = Kind::purchase, one.home = 2, one.offer = 2, one.epoch = 1;
      one.id = static_cast<int>(1000 + n), one.at_ms = 1'795'986'100'000;
      REQUIRE(apply(one) == Outcome::applied);
    }
  }
};

using Rows = std::vector<std::pair<Bytes, Bytes>>;
Rows rows_of(const store::View& view) {
  Rows out;
  const auto read = view.scan(as_bytes("b/"), as_bytes("b0"), [&out](ByteView key, ByteView value) {
    out.emplace_back(to_bytes(key), to_bytes(value));
    return true;
  });
  REQUIRE(read.has_value());
  return out;
}

std::unique_ptr<store::Store> store_of(const Rows& rows) {
  auto out = store::open_memory();
  store::Batch batch;
  for (const auto& [key, value] : rows) batch.put(key, value);
  REQUIRE(out->commit(batch, out->claim().value()).has_value());
  return out;
}

void put(store::Store& store, const Bytes& key, const std::optional<Bytes>& value) {
  store::Batch batch;
  value ? batch.put(key, *value) : batch.erase(key);
  REQUIRE(store.commit(batch, store.claim().value()).has_value());
}

std::optional<Difference> difference(const store::View& view) {
  return audit(view, {}).value().difference;
}

/// Bytes of a value that the journal says nothing about: what answers are made of.
std::size_t opaque_bytes(ByteView key, ByteView value) {
  const std::string_view prefix = as_text(key.first(3));
  if (prefix == books::journal) return decode_kept(value)->beside.evaluation.size();
  const bool is_voucher = prefix == books::spent || prefix == books::shares;
  return is_voucher ? books::decode_spent(value)->kept.size() : 0;
}

Record record_at(const store::View& view, std::uint64_t index) {
  return BooksView(view).record(index).value().value();
}

Bytes stored_form(const Record& record, const Standings& standings = {}) {
  crypto::Sha256Digest commitment;
  return encode_stored(record, Salt{}, standings, {}, commitment);
}

}  // namespace

TEST_CASE("audit: untouched books of every kind of record agree") {
  for (const std::size_t records : {shop_records, std::size_t{300}, std::size_t{1500}}) {
    Books books(records);
    std::uint64_t last = 0, of = 0;
    const auto report =
        audit(*books.store().snapshot(), [&](std::uint64_t done, std::uint64_t all) {
          last = done;
          of = all;
        }).value();
    CAPTURE(report.difference ? report.difference->what : "");
    CHECK_FALSE(report.difference.has_value());
    CHECK(report.records == records);
    CHECK(report.root == BooksView(books.store()).tree().value().root());
    for (std::size_t kind = 1; kind <= record_kinds; ++kind) {
      CAPTURE(kind_name(kind));
      CHECK(report.counts.records[kind] > 0);
    }
    CHECK(last == records);
    CHECK(of == records);
  }
  CHECK_FALSE(difference(*store::open_memory()).has_value());
}

TEST_CASE("audit: every row, deleted, flipped at every byte, or doubled, is found") {
  const Rows rows = rows_of(*Books(300).store().snapshot());
  const auto store = store_of(rows);
  REQUIRE_FALSE(difference(*store).has_value());
  std::map<std::string, int> seen;
  for (const auto& [key, value] : rows) {
    // A few of each kind, but all of the shop's own.
    if (++seen[std::string(as_text(ByteView(key).first(3)))] > 20) continue;
    CAPTURE(to_hex(key));
    put(*store, key, std::nullopt);
    CHECK(difference(*store).has_value());
    Bytes other_key = key;
    if (key.size() > 3)
      other_key[3] ^= 0x40;
    else
      other_key.push_back(0x40);
    put(*store, key, value);
    put(*store, other_key, value);
    CHECK(difference(*store).has_value());
    put(*store, other_key, std::nullopt);
    const std::size_t said = value.size() - opaque_bytes(key, value);
    for (std::size_t i = 0; i<said; i += said> 400 ? 97 : 1) {
      CAPTURE(i);
      Bytes flipped = value;
      flipped[i] ^= 1;
      put(*store, key, flipped);
      CHECK(difference(*store).has_value());
    }
    put(*store, key, value);
  }
  CHECK_FALSE(difference(*store).has_value());
  CHECK(seen.size() == 19);  // every prefix of books_keys.h, and the tiles
}

TEST_CASE("audit: the first record that differs is named") {
  const Rows rows = rows_of(*Books().store().snapshot());
  const auto sample = store_of(rows);
  const auto value = [&](const Bytes& key) { return sample->get(key).value().value(); };
  const Bytes receipt = books::key(books::requests, request_id_of(shop()[7]));
  const Bytes voucher = books::key(books::spent, voucher_of(shop()[8]));
  const Bytes second_home = books::share_key(voucher_of(shop()[8]), 2);
  const Bytes paid = books::key(books::accounts, account_of(buyer).raw());
  const Bytes held = books::key(books::accounts, account_of(escrow).raw());
  auto moved = *books::decode_request(value(receipt));
  moved.index = 7;
  Bytes touched = value(books::journal_key(8));
  touched[60] ^= 1;  // behind salt and commitment
  const auto beside_8 = [&](const Standing& buyers) {
    const Kept kept = decode_kept(value(books::journal_key(8))).value();
    REQUIRE(kept.record.postings[0].account == account_of(buyer));
    REQUIRE(kept.beside.standings[0] == Standing{6'00, 5});
    crypto::Sha256Digest commitment;
    return encode_stored(kept.record, split_stored(value(books::journal_key(8)))->salt,
                         {buyers, kept.beside.standings[1]}, kept.beside.evaluation, commitment);
  };
  auto other = *books::decode_spent(value(voucher));
  other.request_hash[0] ^= 1;
  auto thawed =
      *books::decode_account(value(books::key(books::accounts, account_of(pocket).raw())));
  thawed.state = AccountState::open;
  const struct {
    const char* what;
    Bytes key;
    std::optional<Bytes> value;
    std::optional<std::uint64_t> index;
    const char* finding;
  } table[] = {
      {"a balance changed", paid, books::encode(Account{99'00}), 12, "holds 99.00 EUR"},
      {"a balance deleted", paid, std::nullopt, 12, "is not in the books"},
      {"a balance unreadable", paid, Bytes{7}, 12, "cannot be read"},
      {"a voucher count changed", held, books::encode(Account{3'50, 5, 1, 1, 1, 0}), 11,
       "5 vouchers bought"},
      {"a frozen account thawed", books::key(books::accounts, account_of(pocket).raw()),
       books::encode(thawed), 15, "frozen"},
      {"a record's byte changed", books::journal_key(8), touched, 8, "match the commitment"},
      {"a record's row unreadable", books::journal_key(8), Bytes(90), 8, "cannot be read"},
      {"a record deleted", books::journal_key(3), std::nullopt, 3, "missing"},
      {"the last record deleted", books::journal_key(16), std::nullopt, 16, "missing"},
      {"a record too many", books::journal_key(17), value(books::journal_key(16)), 17,
       "says that it is record 16"},
      {"a receipt missing", receipt, std::nullopt, 8, "the stored receipt is missing"},
      {"a receipt of another record", receipt, books::encode(moved), 8, "belongs to record 7"},
      {"a receipt too many", books::key(books::requests, Bytes(16)), value(receipt), 8, "too many"},
      {"a spent voucher missing", voucher, std::nullopt, 9, "the spent voucher is missing"},
      {"a spent voucher of another request", voucher, books::encode(other), 9, "differs"},
      {"a further home's redemption missing", second_home, std::nullopt, 16, "is missing"},
      {"a further home too many", books::share_key(voucher_of(shop()[8]), 3), value(second_home),
       16, "too many"},
      {"a balance beside a record", books::journal_key(8), beside_8({13'00, 5}), 8, "kept beside"},
      {"an entry before it beside a record", books::journal_key(8), beside_8({6'00, 4}), 8,
       "kept beside"},
      {"a waypoint too many", books::entry_key(account_of(buyer), 9), books::encode_waypoint(), 9,
       "too many"},
      {"the state set", books::key(books::states, account_of(pocket).raw()), std::nullopt, 15,
       "what it set"},
      {"the fees in force", books::fees_key(currency_of(0)), std::nullopt, 3, "what it set"},
      {"the epoch's key", books::epoch_key(1), std::nullopt, 4, "what it set"},
      {"the limits", books::key(books::limits, account_of(buyer).raw()), std::nullopt, 7,
       "what it set"},
      {"the tree missing", books::key(books::tree, {}), std::nullopt, 0, "not in the tree"},
      {"the tree unreadable", books::key(books::tree, {}), Bytes{1, 2}, std::nullopt,
       "cannot be read"},
  };
  for (const auto& row : table) {
    CAPTURE(row.what);
    const auto store = store_of(rows);
    put(*store, row.key, row.value);
    const auto found = difference(*store);
    REQUIRE(found.has_value());
    CAPTURE(found->what);
    CHECK(found->index == row.index);
    CHECK(found->what.find(row.finding) != std::string::npos);
  }
  // A waypoint is that of the account's sixteenth entry.
  const auto long_store = store_of(rows_of(*Books(300).store().snapshot()));
  const auto entries = BooksView(*long_store).entries(account_of(buyer), 0, 16).value();
  REQUIRE(entries.size() == 16);
  put(*long_store, books::entry_key(account_of(buyer), entries.back().record.index), std::nullopt);
  const auto lost = difference(*long_store);
  REQUIRE(lost.has_value());
  CHECK(lost->index == entries.back().record.index);
  CHECK(lost->what.find("waypoint in the account's entries is missing") != std::string::npos);
  // Two differences: the earlier one is told, whichever it is.
  const auto store = store_of(rows);
  put(*store, books::journal_key(10), Bytes(90));
  CHECK(difference(*store)->index == 10);
  put(*store, receipt, std::nullopt);
  CHECK(difference(*store)->index == 8);
}

TEST_CASE("audit: records that no ledger may write, though their commitments fit") {
  const auto books = Books().store().snapshot();
  const auto wallet = [](const Place& place) { return account_of(place); };
  const auto eur = currency_of(0);
  const OfferId film = offer_of(1);
  const AccountId cash = AccountId::cash(eur), shelf = account_of(escrow);
  const auto post = [](std::initializer_list<Posting> all) {
    Postings out;
    for (const Posting& one : all) out.add(one.account, one.delta);
    return out;
  };
  const auto hash = request_hash_of(shop()[0]);
  const VoucherInput fresh = voucher_of(shop()[0]), shared = voucher_of(shop()[8]);
  const AccountId mine = wallet(buyer), sold = wallet(seller), frozen = wallet(pocket);
  const struct {
    const char* what;
    Postings postings;
    What record;
    const char* finding;
  } table[] = {
      {"money from nowhere", post({{mine, 100}}), Deposited{mine, 100, "x", "owner"},
       "do not sum to zero"},
      {"a deposit posted twice over", post({{cash, -200}, {mine, 200}}),
       Deposited{mine, 100, "x", "owner"}, "not those of this deposit"},
      {"a deposit below zero", post({{cash, 100}, {mine, -100}}),
       Deposited{mine, -100, "x", "owner"}, "not above zero"},
      {"a deposit to nobody", post({{cash, -1}, {wallet({AccountKind::wallet, 9, 0, 0}), 1}}),
       Deposited{wallet({AccountKind::wallet, 9, 0, 0}), 1, "x", "owner"}, "was never opened"},
      {"more cash out than in", post({{cash, 19'51}, {sold, -19'51}}),
       Withdrawn{sold, 19'51, "x", "owner"}, "wrong side of zero"},
      {"a withdrawal from a frozen pocket", post({{cash, 1}, {frozen, -1}}),
       Withdrawn{frozen, 1, "x", "owner"}, "is frozen"},
      {"a cheaper purchase", post({{mine, -1'00}, {shelf, 1'00}}),
       Purchased{{}, hash, home_of(2), film, 1, 1, 0}, "not those of this purchase"},
      {"no vouchers", post({{mine, 0}, {shelf, 0}}), Purchased{{}, hash, home_of(2), film, 1, 0, 0},
       "1 to 16 vouchers"},
      {"a purchase above the day's limit", post({{mine, -7'00}, {shelf, 7'00}}),
       Purchased{{}, hash, home_of(2), film, 1, 2, 0}, "limit for a day"},
      {"a purchase above the limit for one", post({{mine, -17'50}, {shelf, 17'50}}),
       Purchased{{}, hash, home_of(2), film, 1, 5, 0}, "limit for one"},
      {"a seller who gets the fee", post({{shelf, -3'50}, {sold, 3'50}}),
       Redeemed{fresh, hash, film, 1}, "not those of this redemption"},
      {"a voucher that nobody bought",
       post({{account_of({AccountKind::escrow, 1, 3, 0}), -3'50},
             {sold, 3'33},
             {AccountId::fees(eur), 17}}),
       Redeemed{fresh, hash, film, 3}, "wrong side of zero"},
      {"a refund of half", post({{shelf, -1'75}, {mine, 1'75}}),
       Refunded{fresh, hash, film, 1, mine}, "not those of this refund"},
      {"an exchange that keeps the money", post({{shelf, 0}}), Exchanged{fresh, hash, film, 1, 2},
       "not those of this exchange"},
      {"an adjustment without its other side", post({{cash, -5}, {mine, 5}}),
       Adjusted{{}, mine, 5, "r", "owner"}, "not those of this adjustment"},
      {"a transfer to another home", post({{mine, -1}, {sold, 1}}),
       Transferred{{}, hash, home_of(2), 0, 1, {1, eur}}, "not those of this transfer"},
      {"a transfer below zero", post({{mine, -9'00}, {frozen, 9'00}}),
       Transferred{{}, hash, home_of(2), 0, 1, {9'00, eur}}, "wrong side of zero"},
      {"closed with money in it",
       {},
       AccountStateSet{mine, AccountState::closed, "r", "owner"},
       "closed with money"},
      {"an offer without its fee",
       {},
       OfferRegistered{{offer_of(7), home_of(1), {1'00, eur}, 0}},
       "not the one in force"},
      {"an offer twice", {}, OfferRegistered{{film, home_of(1), {3'50, eur}, 17}}, "a second time"},
      {"a wallet twice", {}, HomeOpened{home_of(2), "b", {eur}}, "a second time"},
      {"fees above the price", {}, FeesSet{eur, {10'001, 0}, "owner"}, "outside the limits"},
      {"an epoch that was", {}, EpochBegun{1, {}, 0}, "not above the one before"},
      {"a further home of a voucher that nobody redeemed",
       {},
       Shared{fresh, hash, film, 1, 2},
       "redeemed by none before"},
      {"a further home of another epoch", {}, Shared{shared, hash, film, 2, 3}, "by none before"},
      {"more homes than a voucher is good for", {}, Shared{shared, hash, film, 1, 3}, "more homes"},
      {"homes with a gap", {}, Shared{shared, hash, film, 1, 4}, "have a gap"},
      {"a further home that pays", post({{shelf, 0}}), Shared{shared, hash, film, 1, 3},
       "posts money"},
      {"limits below zero", {}, LimitsSet{home_of(2), eur, {-1, 0, 0}, "owner"}, "below zero"},
  };
  for (const auto& row : table) {
    CAPTURE(row.what);
    Replay replay([](const ExpectedRow&) {});
    for (std::uint64_t i = 0; i < shop_records; ++i)
      REQUIRE_FALSE(
          replay.next(read_stored(books->get(books::journal_key(i)).value().value())).has_value());
    const auto found = replay.next(read_stored(
        stored_form(Record{17, record_at(*books, 16).at_ms, row.postings, row.record})));
    REQUIRE(found.has_value());
    CAPTURE(found->what);
    CHECK(found->index == 17);
    CHECK(found->what.find(row.finding) != std::string::npos);
  }
  // A clock that went back, and a change that breaks no rule: the tree knows.
  const auto store = store_of(rows_of(*books));
  Record older = record_at(*books, 9);
  older.at_ms -= 1'000;
  put(*store, books::journal_key(9), stored_form(older));
  CHECK(difference(*store)->index == 9);
  const Kept same = BooksView(*books).kept(9).value().value();
  put(*store, books::journal_key(9),
      stored_form(same.record, same.beside.standings));  // other salt
  const auto found = difference(*store);
  REQUIRE(found.has_value());
  CHECK(found->what.find("root") != std::string::npos);
}

TEST_CASE("audit: the last signed checkpoint is of this journal and by this ledger") {
  const auto key = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("ledger"))));
  const auto other = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("other"))));
  const auto store = store_of(rows_of(*Books().store().snapshot()));
  Tree earlier;
  for (std::uint64_t i = 0; i < 10; ++i) {
    const Bytes row = store->get(books::journal_key(i)).value().value();
    earlier.append(leaf_hash(split_stored(row)->commitment));
  }
  const auto finding = [&](const std::string& note) -> std::string {
    put(*store, to_bytes(as_bytes("t/checkpoint")), to_bytes(as_bytes(note)));
    const auto public_key = key.public_key();
    const auto report = audit(*store, {}, &public_key).value();
    return report.difference ? report.difference->what : "";
  };
  CHECK(finding(tlog::sign_checkpoint({10, earlier.root()}, key)) == "");
  CHECK(finding(tlog::sign_checkpoint({shop_records, BooksView(*store).tree().value().root()},
                                      key)) == "");
  CHECK(finding(tlog::sign_checkpoint({10, earlier.root()}, other)).find("checkpoint") !=
        std::string::npos);
  CHECK(finding(tlog::sign_checkpoint({11, earlier.root()}, key)).find("not those of") !=
        std::string::npos);
  CHECK(finding(tlog::sign_checkpoint({18, earlier.root()}, key)).find("is missing") !=
        std::string::npos);
  CHECK(finding("rubbish").find("checkpoint") != std::string::npos);
}

}  // namespace hearth::ledger::model
