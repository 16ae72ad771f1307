// The journal in public: what is signed, where it is kept, what is noticed at a start, and proofs
// that open the engine's own records (docs/protocol.md §15, §6.6).
#include "ledger/transparency/transparency.h"

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/tlog/proof_file.h"
#include "common/wire/receipt_proof.h"
#include "ledger/admin/key_rotation.h"
#include "ledger/engine/book_tiles.h"
#include "ledger/engine/books_view.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

/// A ledger's books that can be stopped, started, and put back to an earlier state.
struct Books {
  hearth::test::TempDir temp;
  LedgerDir dir{temp.path() / "ledger"};
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Engine> engine = Engine::start(*store, {}).value();
  crypto::SignKey key = crypto::SignKey::from_seed(crypto::Seed());

  Books() { REQUIRE(ensure_private_dir(dir.root)); }
  Result<std::unique_ptr<Transparency>> start(bool accept = false) {
    return Transparency::open(*store, *engine, key, {dir.checkpoint(), accept}, 5'000);
  }
  void grow(const std::string& who) { open(*engine, who).value(); }
  /// Another store with the same content.
  std::unique_ptr<store::Store> copy() const {
    auto out = store::open_memory();
    store::Batch batch;
    const Bytes first{0x01};
    REQUIRE(store->scan(first, {}, [&batch](ByteView k, ByteView v) {
      batch.put(k, v);
      return true;
    }));
    REQUIRE(out->commit(batch, out->claim().value()));
    return out;
  }
  void put_back(std::unique_ptr<store::Store> older) {
    engine.reset();
    store = std::move(older);
    engine = Engine::start(*store, {}).value();
  }
  std::string file() const {
    return std::string(as_text(read_file(dir.checkpoint(), 65'536).value()));
  }
};

}  // namespace

TEST_CASE("a checkpoint is of the whole journal, and on both roads before it is shown") {
  Books books;
  const auto log = books.start().value();
  CHECK_FALSE(log->last().has_value());
  books.grow("a");
  const auto first = log->latest().value();
  CHECK(first.checkpoint == tlog::read_checkpoint(first.note, books.key.public_key()).value());
  const Tree tree = BooksView(*books.store).tree().value();
  CHECK(first.checkpoint == tlog::Checkpoint{tree.size(), tree.root()});
  CHECK(stored_checkpoint(*books.store).value() == first.note);
  CHECK(books.file() == first.note);
  // Not one for each who asks.
  books.grow("b");
  if (log->due_in_ms() > 0) CHECK(log->latest().value().note == first.note);
  CHECK(log->last()->note == first.note);
}

TEST_CASE("after a start the ledger signs on, consistent with what it signed before") {
  Books books;
  books.grow("a");
  const auto before = books.start().value()->latest().value();
  for (int i = 0; i < 300; ++i) books.grow("home " + std::to_string(i));
  const auto log = books.start().value();
  CHECK(log->last()->note == before.note);
  const auto after = log->latest().value();
  CHECK(after.checkpoint.size == before.checkpoint.size + 300);
  const auto proof = log->consistency(before.checkpoint.size, after.checkpoint.size).value();
  CHECK(tlog::verify_consistency(before.checkpoint.size, before.checkpoint.root,
                                 after.checkpoint.size, after.checkpoint.root, proof));
  CHECK(log->consistency(3, after.checkpoint.size + 1).error().code == Code::not_found);
  CHECK(log->consistency(4, 3).error().code == Code::not_found);
  // Tiles of the signed tree and no other.
  const auto leaves = static_cast<unsigned>(after.checkpoint.size - 256);
  CHECK(log->tile({0, 0, 256}).value().size() == 256 * 32);
  CHECK(log->tile({0, 1, leaves}).value().size() == leaves * 32);
  CHECK(log->tile({1, 0, 1}).value().size() == 32);
  for (const tlog::TileId& none :
       {tlog::TileId{0, 1, leaves + 1}, tlog::TileId{0, 1, 256}, tlog::TileId{0, 2, 1},
        tlog::TileId{1, 0, 2}, tlog::TileId{2, 0, 1}})
    CHECK(log->tile(none).error().code == Code::not_found);
}

TEST_CASE(
    "a proof file opens a purchase's record, and the wire's reader reads what the engine wrote") {
  Books books;
  open_shop(*books.engine);
  const auto bought = purchase(*books.engine, purchase_of("film", "buyer", "p", 2)).value();
  const auto log = books.start().value();
  CHECK(log->proof_of(bought.journal_index).error().code == Code::not_found);
  const auto signed_now = log->latest().value();
  const std::string text = log->proof_of(bought.journal_index).value();
  const auto proof = tlog::parse_proof(text).value();
  CHECK(tlog::verify_proof(proof, books.key.public_key()).value() == signed_now.checkpoint);
  const auto record = wire::read_purchase_record(proof.extra).value();
  CHECK(record.index == bought.journal_index);
  CHECK(record.request_id == bought.request_id);
  CHECK(record.request_hash == bought.request_hash);
  CHECK(record.home == bought.home);
  CHECK(record.offer == bought.offer);
  CHECK(record.epoch == bought.epoch);
  CHECK(record.vouchers == 2);
  CHECK(record.paid == bought.paid);
  CHECK(record.at_ms == bought.at_ms);
  CHECK(wire::read_epoch_record(proof.extra).error().code == Code::proof_invalid);

  // The receipt that goes with it, and receipts that do not.
  wire::Receipt receipt{bought.request_id,
                        bought.request_hash,
                        bought.journal_index,
                        bought.offer,
                        bought.epoch,
                        bought.paid,
                        bought.balance_after,
                        {},
                        {},
                        bought.at_ms};
  receipt.evaluated.resize(2);
  const auto check = [&](const wire::Receipt& of) {
    return wire::check_receipt_proof(wire::write_receipt(of, books.key), text,
                                     books.key.public_key());
  };
  REQUIRE(check(receipt));
  CHECK(check(receipt)->checkpoint == signed_now.checkpoint);
  const std::pair<const char*, void (*)(wire::Receipt&)> rows[] = {
      {"another amount", [](wire::Receipt& r) { r.paid.minor += 1; }},
      {"another index", [](wire::Receipt& r) { r.journal_index -= 1; }},
      {"another request", [](wire::Receipt& r) { r.request_id[0] ^= 1; }},
      {"another request's hash", [](wire::Receipt& r) { r.request_hash[0] ^= 1; }},
      {"another offer", [](wire::Receipt& r) { r.offer[0] ^= 1; }},
      {"another epoch", [](wire::Receipt& r) { r.epoch += 1; }},
      {"another number of vouchers", [](wire::Receipt& r) { r.evaluated.resize(1); }},
  };
  for (const auto& [what, change] : rows) {
    CAPTURE(what);
    wire::Receipt other = receipt;
    change(other);
    CHECK(check(other).error().code == Code::proof_invalid);
  }
  const auto stranger = crypto::SignKey::from_seed(crypto::derive(crypto::Seed(), "x"));
  CHECK_FALSE(wire::check_receipt_proof(wire::write_receipt(receipt, stranger), text,
                                        books.key.public_key()));
  CHECK_FALSE(wire::check_receipt_proof(wire::write_receipt(receipt, books.key), text,
                                        stranger.public_key()));
}

TEST_CASE("a restored backup is noticed, and accepted only knowingly") {
  Books books;
  books.grow("a");
  REQUIRE(books.start().value()->latest());
  auto backup = books.copy();
  const std::string at_backup = books.file();
  books.grow("b");
  const auto newest = books.start().value()->latest().value();

  SUBCASE("older than the file") {
    books.put_back(std::move(backup));
    CHECK(books.start().error().code == Code::restored);
    CHECK(books.file() == newest.note);
    // It is older for ever, whatever is booked: the journal has gone another way.
    books.grow("c");
    books.grow("d");
    CHECK(books.start().error().code == Code::restored);
    const auto log = books.start(true).value();
    CHECK(log->last()->note == at_backup);
    CHECK(books.file() == at_backup);
    std::string kept;
    const Bytes rows = to_bytes(as_bytes(accepted_rows));
    REQUIRE(books.store->scan(rows, store::prefix_end(rows), [&kept](ByteView, ByteView value) {
      kept = as_text(value);
      return true;
    }));
    CHECK(kept == newest.note);
    REQUIRE(log->latest());
    CHECK(books.start().has_value());  // from now on without the flag
  }
  SUBCASE("the file is gone") {
    std::filesystem::remove(books.dir.checkpoint());
    CHECK(books.start().error().code == Code::restored);
    CHECK(books.start(true).has_value());
    CHECK(books.file() == newest.note);
    CHECK(books.start().has_value());
  }
  SUBCASE("the file is another key's, or none") {
    const auto other = crypto::SignKey::from_seed(crypto::derive(crypto::Seed(), "other"));
    for (const std::string& text :
         {tlog::sign_checkpoint(newest.checkpoint, other), std::string("nonsense")}) {
      REQUIRE(write_file_atomic(books.dir.checkpoint(), as_bytes(text), 0600));
      CHECK(books.start().error().code == Code::corrupt);
      CHECK(books.start(true).error().code == Code::corrupt);
    }
  }
  SUBCASE("an older file, but contained: it is made new") {
    REQUIRE(write_file_atomic(books.dir.checkpoint(), as_bytes(at_backup), 0600));
    CHECK(books.start().value()->last()->note == newest.note);
    CHECK(books.file() == newest.note);
  }
  SUBCASE("died between the two writes: the file is ahead, and contained") {
    store::Batch batch;
    batch.put(as_bytes(checkpoint_row), as_bytes(at_backup));
    Waiting<std::uint64_t> waiting;
    books.engine->submit_side(std::move(batch), waiting.answer());
    REQUIRE(waiting.get());
    CHECK(books.start().value()->last()->note == newest.note);
  }
}

TEST_CASE("a journal that was changed behind the ledger's back is not signed") {
  Books books;
  for (int i = 0; i < 300; ++i) books.grow("home " + std::to_string(i));
  const auto log = books.start().value();
  REQUIRE(log->latest());
  const auto rewritten = books.copy();
  store::Batch batch;
  const std::vector<tlog::Digest> hashes(1);
  batch.put(books::tile_key(1, 0), encode_tile(hashes));
  REQUIRE(rewritten->commit(batch, rewritten->claim().value()));
  books.engine = Engine::start(*rewritten, {}).value();
  CHECK(Transparency::open(*rewritten, *books.engine, books.key, {{}, false}, 1).error().code ==
        Code::corrupt);
  books.engine.reset();
}

TEST_CASE("epochs: recorded before use, the same at both ends after a start") {
  Books books;
  auto keys = load_or_make_ledger_keys(books.dir, 1'000).value();
  REQUIRE(settle_epochs(books.dir, keys, *books.engine, *books.store, 2'000));
  REQUIRE(settle_epochs(books.dir, keys, *books.engine, *books.store, 2'500));
  REQUIRE(BooksView(*books.store).epochs().value().size() == 1);
  const LedgerKeys shared = keys;  // as the rooms have it
  const auto* first = shared.epochs.find(1);
  REQUIRE(first != nullptr);

  const auto rotated = rotate_keys(books.dir, keys, *books.engine, 50'000).value();
  CHECK(rotated.epoch == 2);
  CHECK(rotated.from_ms == 50'000);
  CHECK(rotate_keys(books.dir, keys, *books.engine, 10).value().from_ms == 50'001);  // clock back
  REQUIRE(shared.epochs.size() == 3);
  CHECK(shared.epochs.find(1) == first);
  CHECK(shared.epochs.back().epoch == 3);
  const auto recorded = BooksView(*books.store).epochs().value();
  REQUIRE(recorded.size() == 3);
  CHECK(recorded[1].index == rotated.journal_index);
  CHECK(recorded[1].key == rotated.poprf_key);

  // What purchases may name.
  CHECK(shared.epochs.for_purchase(3, 60'000) != nullptr);
  CHECK(shared.epochs.for_purchase(2, 50'001 + epoch_grace_ms - 1) != nullptr);
  CHECK(shared.epochs.for_purchase(2, 50'001 + epoch_grace_ms) == nullptr);
  CHECK(shared.epochs.for_purchase(1, 60'000) == nullptr);
  CHECK(shared.epochs.for_purchase(4, 60'000) == nullptr);
  CHECK(shared.epochs.find(4) == nullptr);

  // Its record, opened, proves the key to everybody.
  const auto log = books.start().value();
  REQUIRE(log->latest());
  const std::string proof = log->proof_of(rotated.journal_index).value();
  const wire::LedgerKeys::Epoch listed{2, rotated.poprf_key, rotated.from_ms};
  CHECK(wire::check_epoch_proof(listed, proof, books.key.public_key()));
  for (const auto& other : {wire::LedgerKeys::Epoch{3, rotated.poprf_key, rotated.from_ms},
                            wire::LedgerKeys::Epoch{2, recorded[0].key, rotated.from_ms},
                            wire::LedgerKeys::Epoch{2, rotated.poprf_key, 1}})
    CHECK(wire::check_epoch_proof(other, proof, books.key.public_key()).error().code ==
          Code::proof_invalid);

  SUBCASE("the key file lost the list: it comes from the books") {
    REQUIRE(store_epochs(books.dir, {*first}));
    auto again = load_ledger_keys(books.dir).value();
    CHECK(again.epochs.size() == 1);
    REQUIRE(settle_epochs(books.dir, again, *books.engine, *books.store, 70'000));
    REQUIRE(again.epochs.size() == 3);
    CHECK(again.epochs.back().pair.public_key == shared.epochs.back().pair.public_key);
    CHECK(load_ledger_keys(books.dir)->epochs.size() == 3);
  }
  SUBCASE("the books lost an epoch: it is recorded again") {
    Books restored;
    auto again = load_ledger_keys(books.dir).value();
    REQUIRE(settle_epochs(books.dir, again, *restored.engine, *restored.store, 70'000));
    CHECK(BooksView(*restored.store).epochs()->size() == 3);
  }
  SUBCASE("keys of another ledger are refused") {
    Books other;
    auto stranger = load_or_make_ledger_keys(other.dir, 1'000).value();
    CHECK(settle_epochs(other.dir, stranger, *books.engine, *books.store, 3'000).error().code ==
          Code::corrupt);
  }
}
