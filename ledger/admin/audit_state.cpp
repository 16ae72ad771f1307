#include "ledger/admin/audit_state.h"

#include "common/base/codec.h"
#include "ledger/engine/book_tiles.h"

namespace hearth::ledger {
namespace {

using Found = Result<std::optional<Difference>>;

std::optional<Difference> at(std::uint64_t index, std::string what) {
  return Difference{index, std::move(what)};
}
std::optional<Difference> nowhere(std::string what) {
  return Difference{std::nullopt, std::move(what)};
}

/// The earlier one: a difference at a record before one at none.
void keep_first(std::optional<Difference>& first, std::optional<Difference> other) {
  if (!other) return;
  const auto place = [](const Difference& d) { return d.index.value_or(UINT64_MAX); };
  if (!first || place(*other) < place(*first)) first = std::move(other);
}

/// Calls visit(id, value) for each row under `prefix`, `id` being what stands behind it.
Result<void> each_row(const store::View& view, std::string_view prefix,
                      const std::function<void(ByteView id, ByteView value)>& visit) {
  const Bytes from = books::key(prefix, {});
  return view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    visit(key.subspan(prefix.size()), value);
    return true;
  });
}

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> exactly(ByteView bytes) {
  if (bytes.size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::string shown(const AccountId& id, const Account& account) {
  constexpr const char* states[] = {"", ", frozen", ", closed"};
  std::string text = money::format({account.balance, id.currency()});
  if (id.kind() == AccountKind::escrow)
    text += ", " + std::to_string(account.bought) + " vouchers bought, " +
            std::to_string(account.redeemed) + " redeemed, " + std::to_string(account.refunded) +
            " refunded, " + std::to_string(account.exchanged) + " exchanged for " +
            std::to_string(account.fresh) + " fresh";
  text += ", " + std::to_string(account.entries) + " entries up to record " +
          std::to_string(account.last_entry);
  return text + states[static_cast<std::size_t>(account.state)];
}

std::optional<Difference> balance_differs(const AccountId& id, const Replay::Held& replayed,
                                          const std::string& stored) {
  return at(replayed.last_index, "account " + id.text() + " " + stored +
                                     " in the books but holds " + shown(id, replayed.account) +
                                     " by the journal up to this record");
}

Found compare_accounts(const store::View& view, Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  auto scanned = each_row(view, books::accounts, [&](ByteView raw, ByteView value) {
    const auto id = AccountId::from_raw(raw);
    if (!id) return keep_first(first, nowhere("an account's id in the books cannot be read"));
    auto* const place = replay.accounts().find(*id);
    if (!place)
      return keep_first(
          first, nowhere("account " + id->text() + " is in the books but not in the journal"));
    Replay::Held& replayed = place->value;
    replayed.found = true;
    ++found;
    const auto stored = books::decode_account(value);
    if (!stored)
      keep_first(first, balance_differs(*id, replayed, "cannot be read"));
    else if (*stored != replayed.account)
      keep_first(first, balance_differs(*id, replayed, "holds " + shown(*id, *stored)));
  });
  if (!scanned) return pass_on(scanned.error());
  if (found < replay.accounts().size())
    replay.accounts().each([&first](const auto& account) {
      if (!account.value.found)
        keep_first(first, balance_differs(account.key, account.value, "is not"));
    });
  return first;
}

Found compare_homes(const store::View& view, Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  auto scanned = each_row(view, books::homes, [&](ByteView raw, ByteView value) {
    const auto key = exactly<32>(raw);
    auto* const place = key ? replay.homes().find(*key) : nullptr;
    if (!place) return keep_first(first, nowhere("a home in the books is not in the journal"));
    Replay::Home& home = place->value;
    home.found = true;
    ++found;
    const auto stored = books::decode_home(value);
    if (!stored || stored->index != home.index || stored->name != home.name)
      keep_first(first,
                 at(home.last_index, "the home that it opened is in the books with other content"));
  });
  if (!scanned) return pass_on(scanned.error());
  if (found < replay.homes().size())
    replay.homes().each([&first](const auto& home) {
      if (!home.value.found)
        keep_first(first, at(home.value.index, "the home that it opened is not in the books"));
    });
  return first;
}

Found compare_offers(const store::View& view, Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  auto scanned = each_row(view, books::offers, [&](ByteView raw, ByteView value) {
    const auto id = exactly<32>(raw);
    const auto place = id ? replay.offers().find(*id) : replay.offers().end();
    if (place == replay.offers().end())
      return keep_first(first, nowhere("an offer in the books is not in the journal"));
    Replay::Offer& offer = place->second;
    offer.found = true;
    ++found;
    const auto stored = books::decode_offer(*id, value);
    if (!stored || stored->index != offer.index || stored->terms != offer.terms)
      keep_first(first, at(offer.index, "the stored offer has other terms"));
  });
  if (!scanned) return pass_on(scanned.error());
  if (found < replay.offers().size())
    for (const auto& [id, offer] : replay.offers())
      if (!offer.found) keep_first(first, at(offer.index, "the stored offer is missing"));
  return first;
}

Found compare_in_force(const store::View& view, const Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  for (const std::string_view prefix : {books::states, books::limits, books::fees, books::epochs}) {
    auto scanned = each_row(view, prefix, [&](ByteView id, ByteView value) {
      const auto place = replay.in_force().find(books::key(prefix, id));
      if (place == replay.in_force().end())
        return keep_first(first, nowhere("a row under \"" + std::string(prefix) +
                                         "\" (what is in force) is not in the journal"));
      ++found;
      const auto& [index, expected] = place->second;
      if (!std::ranges::equal(value, expected))
        keep_first(first, at(index, "what it set is in the books with other content"));
    });
    if (!scanned) return pass_on(scanned.error());
  }
  if (found == replay.in_force().size()) return first;
  for (const auto& [key, row] : replay.in_force()) {
    const auto stored = view.get(key);
    if (!stored) return pass_on(stored.error());
    if (!*stored) keep_first(first, at(row.first, "what it set is not in the books"));
  }
  return first;
}

Found compare_spent(const store::View& view, const Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  auto scanned = each_row(view, books::spending, [&](ByteView raw, ByteView value) {
    const auto id = AccountId::from_raw(raw);
    const auto place = id ? replay.spent().find(*id) : replay.spent().end();
    if (place == replay.spent().end())
      return keep_first(first, nowhere("what a home has spent is in the books without limits"));
    ++found;
    const auto stored = books::decode_spending(value);
    if (!stored || *stored != place->second)
      keep_first(first, nowhere("what the home of " + id->text() + " has spent differs"));
  });
  if (!scanned) return pass_on(scanned.error());
  if (found < replay.spent().size())
    keep_first(first, nowhere("what a home with limits has spent is missing"));
  return first;
}

Found compare_tiles(const store::View& view, const Replay& replay) {
  std::optional<Difference> first;
  std::uint64_t found = 0;
  auto scanned = each_row(view, books::tiles, [&](ByteView raw, ByteView value) {
    Reader in(raw);
    const unsigned level = in.u8();
    const std::uint64_t index = in.u64();
    if (level == 0) return;  // belongs to one record: audit_rows.h
    const auto place = replay.tiles().find({level, index});
    found += place != replay.tiles().end();
    if (!in.done() || place == replay.tiles().end() ||
        !std::ranges::equal(value, encode_tile(place->second)))
      keep_first(first, nowhere("tile " + std::to_string(index) + " of level " +
                                std::to_string(level) + " is not that of the journal's tree"));
  });
  if (!scanned) return pass_on(scanned.error());
  if (!first && found < replay.tiles().size())
    first = nowhere("a tile of the journal's tree is missing");
  return first;
}

Found compare_currencies(const store::View& view, const Replay& replay) {
  const auto stored = view.get(books::key(books::currencies, {}));
  if (!stored) return pass_on(stored.error());
  const auto kept = *stored ? books::decode_currencies(**stored) : std::vector<money::Currency>();
  if (!kept || *kept != replay.currencies()) return nowhere("the stored currencies differ");
  return std::optional<Difference>();
}

/// Rows under "b/" that no record could have made.
Found compare_unknown(const store::View& view) {
  const std::string_view known[] = {
      books::accounts, books::currencies, books::deposits,    books::entries,    books::states,
      books::spending, books::homes,      books::journal,     books::epochs,     books::limits,
      books::tiles,    books::offers,     books::fees,        books::requests,   books::spent,
      books::tree,     books::shares,     books::withdrawals, books::adjustments};
  std::optional<Difference> found;
  const auto none_in = [&](const Bytes& from, const Bytes& to) {
    return view.scan(from, to, [&](ByteView, ByteView) {
      found = nowhere("the books have a row of a kind that no record makes");
      return false;
    });
  };
  Bytes from = books::key(books::prefix, {});
  for (const std::string_view prefix : known) {
    const Bytes at_prefix = books::key(prefix, {});
    if (auto scanned = none_in(from, at_prefix); !scanned) return pass_on(scanned.error());
    const bool is_one_row = prefix == books::currencies || prefix == books::tree;
    from = is_one_row ? books::key(prefix, Bytes{0}) : store::prefix_end(at_prefix);
  }
  const Bytes end = store::prefix_end(books::key(books::prefix, {}));
  if (auto scanned = none_in(from, end); !scanned) return pass_on(scanned.error());
  return found;
}

}  // namespace

std::optional<Difference> compare_tree(const Result<Tree>& stored, const Replay& replay) {
  if (!stored) return nowhere("the stored tree cannot be read");
  if (replay.tree().size() < stored->size())
    return at(replay.tree().size(),
              "the record is missing; the tree has " + std::to_string(stored->size()) + " records");
  if (replay.tree().size() > stored->size())
    return at(stored->size(), "the record is not in the tree");
  if (!(replay.tree() == *stored))
    return nowhere("the journal's root is " + to_hex(replay.tree().root()) + ", the stored one " +
                   to_hex(stored->root()));
  return std::nullopt;
}

Result<std::optional<Difference>> compare_state(const store::View& view, Replay& replay) {
  std::optional<Difference> first;
  for (Found found :
       {compare_accounts(view, replay), compare_homes(view, replay), compare_offers(view, replay),
        compare_in_force(view, replay), compare_spent(view, replay), compare_tiles(view, replay),
        compare_currencies(view, replay), compare_unknown(view)}) {
    if (!found) return found;
    keep_first(first, std::move(*found));
  }
  return first;
}

}  // namespace hearth::ledger
