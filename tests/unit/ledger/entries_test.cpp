// The entries of an account, which are found back along a chain from waypoints: from anywhere, of
// any number, they are the records that post to it.
#include <doctest/doctest.h>

#include "ledger/engine/books_view.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

constexpr std::size_t deposits = 3 * books::entries_per_waypoint + 5;

/// Two homes that get money in turns, the second one half as often.
std::unique_ptr<store::Store> busy_books() {
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open(*engine, "often").value();
  open(*engine, "seldom").value();
  for (std::size_t i = 0; i < deposits; ++i) {
    const std::string reference = std::to_string(i);
    deposit(*engine, deposit_to("often", 10 + static_cast<std::int64_t>(i), reference)).value();
    if (i % 2 == 0) deposit(*engine, deposit_to("seldom", 1, reference)).value();
  }
  return store;
}

struct Entered {
  std::uint64_t index = 0;
  std::int64_t delta = 0, balance_after = 0;
  bool operator==(const Entered&) const = default;
};

/// Record by record, without the chain.
std::vector<Entered> all_of(const BooksView& books, const AccountId& account) {
  std::vector<Entered> out;
  std::int64_t balance = 0;
  for (std::uint64_t index = 0; index < books.tree().value().size(); ++index) {
    const Record record = books.record(index).value().value();
    for (const Posting& posting : record.postings)
      if (posting.account == account)
        out.push_back({index, posting.delta, balance += posting.delta});
  }
  return out;
}

}  // namespace

TEST_CASE("entries from anywhere, of any number, are the records that post to the account") {
  const auto store = busy_books();
  const BooksView books(*store);
  for (const AccountId& account :
       {wallet("often"), wallet("seldom"), AccountId::cash(currency()), wallet("nobody")}) {
    CAPTURE(account.text());
    const auto all = all_of(books, account);
    if (const auto held = books.account(account).value()) {
      CHECK(held->entries == all.size());
      CHECK(held->last_entry == all.back().index);
    }
    for (std::uint64_t after = 0; after <= books.tree().value().size(); ++after) {
      CAPTURE(after);
      const auto from = std::find_if(all.begin(), all.end(),
                                     [&](const Entered& one) { return one.index > after; });
      for (const std::size_t limit : {0u, 1u, 15u, 16u, 17u, 40u, 1000u}) {
        CAPTURE(limit);
        std::vector<Entered> expected(from, all.end());
        if (expected.size() > limit) expected.resize(limit);
        std::vector<Entered> found;
        const auto entries = books.entries(account, after, limit).value();
        for (const auto& entry : entries)
          found.push_back({entry.record.index, entry.posting.delta, entry.balance_after});
        CHECK(found == expected);
      }
    }
  }
  CHECK(books.entries(wallet("often"), UINT64_MAX, 10).value().empty());
}

TEST_CASE("a chain that does not hold together is damage, not an endless walk") {
  const auto store = busy_books();
  const BooksView books(*store);
  const auto last = books.entries(wallet("often"), 0, 1000).value().back().record.index;
  const auto written = [&](const Standing& standing) {
    const Bytes row = store->get(books::journal_key(last)).value().value();
    const Kept kept = decode_kept(row).value();
    crypto::Sha256Digest commitment;
    store::Batch batch;
    batch.put(books::journal_key(last),
              encode_stored(kept.record, split_stored(row)->salt,
                            {kept.beside.standings[0], standing}, {}, commitment));
    REQUIRE(store->commit(batch, store->claim().value()).has_value());
  };
  const auto asked = [&] { return books.entries(wallet("often"), last - 1, 10); };
  written({1, last});  // of itself
  CHECK(asked().error().code == Code::corrupt);
  written({1, last - 2});  // of a record that does not post to the account
  CHECK(books.entries(wallet("often"), last - 3, 10).error().code == Code::corrupt);
  store::Batch lost;
  lost.erase(books::journal_key(last));
  REQUIRE(store->commit(lost, store->claim().value()).has_value());
  CHECK(asked().error().code == Code::corrupt);
}
