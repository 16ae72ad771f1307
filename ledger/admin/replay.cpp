#include "ledger/admin/replay.h"

#include <algorithm>

#include "ledger/engine/book_tiles.h"

namespace hearth::ledger {

ReadRecord read_stored(ByteView stored) {
  const auto broken = [](const char* why) {
    ReadRecord out;
    out.broken = why;
    return out;
  };
  const auto split = split_stored(stored);
  if (!split) return broken("the record's row cannot be read");
  if (commitment_of(split->salt, split->record) != split->commitment)
    return broken("the record's bytes do not match the commitment made when it was written");
  auto record = decode_record(split->record);
  if (!record) return broken("the record cannot be read");
  auto beside = decode_beside(split->beside, record->postings.size());
  return {nullptr, std::move(*record), leaf_hash(split->commitment), std::move(beside)};
}

std::optional<Difference> Replay::next(const ReadRecord& read) {
  const std::uint64_t index = tree_.size();
  const auto differs = [index](std::string what) {
    return std::optional(Difference{index, std::move(what)});
  };
  if (read.broken) return differs(read.broken);
  const Record& record = read.record;
  if (record.index != index)
    return differs("the record says that it is record " + std::to_string(record.index));
  if (record.at_ms < last_ms_) return differs("the record is older than the one before it");
  last_ms_ = record.at_ms;
  if (auto broken = check(record); !broken.empty()) return differs(std::move(broken));
  const auto& beside = read.beside;
  if (!beside || beside->standings != standings_ ||
      (!beside->evaluation.empty() && !std::holds_alternative<Purchased>(record.what)))
    return differs("what is kept beside the record (balances, entries before it) differs");
  tree_.append(read.leaf, &growing_);
  if (tree_.size() % tlog::tile_width == 0) expect_tiles(index);
  return std::nullopt;
}

Replay::Broken Replay::check(const Record& record) {
  if (record.index == 0 && !std::holds_alternative<CurrenciesKept>(record.what))
    return "the first record does not say which currencies the books keep";
  ++counts_.records[record.what.index() + 1];
  standings_ = {};
  // What the kind demands is judged on the balances before it.
  if (auto broken =
          std::visit([&](const auto& what) { return check_kind(record, what); }, record.what);
      !broken.empty())
    return broken;
  return {};
}

Replay::Broken Replay::sum_postings(const Record& record) {
  for (std::size_t i = 0; i < record.postings.size(); ++i) {
    const Posting& posting = record.postings[i];
    Held& held = accounts_.try_emplace(posting.account).first->value;
    const auto balance = money::checked_add(held.account.balance, posting.delta);
    if (!balance) return "account " + posting.account.text() + " overflows";
    held.account.balance = *balance;
    held.last_index = record.index;
    standings_[i] = {*balance, held.account.last_entry};
    held.account.last_entry = record.index;
    ++held.account.entries;
  }
  for (const Posting& one : record.postings) {
    const auto currency = one.account.currency();
    __int128 sum = 0;
    for (const Posting& posting : record.postings)
      if (posting.account.is_in(currency)) sum += posting.delta;
    if (sum != 0) return "its postings in " + std::string(currency.code()) + " do not sum to zero";
  }
  return {};
}

Replay::Broken Replay::check_balances(const Record& record) {
  for (const Posting& posting : record.postings) {
    const Account& account = *held(posting.account);
    const AccountKind kind = posting.account.kind();
    const bool is_wrong = kind == AccountKind::cash          ? account.balance > 0
                          : kind == AccountKind::adjustments ? false
                                                             : account.balance < 0;
    if (is_wrong) return "account " + posting.account.text() + " is on the wrong side of zero";
    if (kind != AccountKind::escrow) continue;
    const auto offer = offers_.find(posting.account.offer());
    if (offer == offers_.end()) return "account " + posting.account.text() + " has no offer";
    const __int128 left = static_cast<__int128>(account.bought) + account.fresh - account.redeemed -
                          account.refunded - account.exchanged;
    if (left < 0 || left * offer->second.terms.price.minor != account.balance)
      return "account " + posting.account.text() + " is not price times outstanding vouchers";
  }
  return {};
}

bool Replay::keeps(const money::Currency& currency) const {
  return std::find(currencies_.begin(), currencies_.end(), currency) != currencies_.end();
}

const Account* Replay::held(const AccountId& id) const {
  const auto* found = accounts_.find(id);
  return found ? &found->value.account : nullptr;
}

Replay::Broken Replay::receives(const AccountId& id) const {
  const Account* account = held(id);
  // A pocket comes to be with what first arrives in it.
  if (!account && id.kind() == AccountKind::wallet)
    account = held(AccountId::wallet(id.home(), id.currency()));
  if (!account) return "account " + id.text() + " was never opened";
  if (account->state == AccountState::closed) return "account " + id.text() + " is closed";
  return {};
}

Replay::Broken Replay::pays(const AccountId& id) const {
  const Account* account = held(id);
  if (!account) return "account " + id.text() + " was never opened";
  if (account->state == AccountState::closed) return "account " + id.text() + " is closed";
  if (account->state == AccountState::frozen) return "account " + id.text() + " is frozen";
  return {};
}

void Replay::expect(const Record& record, const char* what, Bytes key, Bytes value) {
  expect_({record.index, what, std::move(key), std::move(value)});
}

void Replay::expect_waypoints(const Record& record) {
  for (const Posting& posting : record.postings) {
    ++counts_.entries;
    if (held(posting.account)->entries % books::entries_per_waypoint == 0)
      expect(record, "the waypoint in the account's entries",
             books::entry_key(posting.account, record.index), books::encode_waypoint());
  }
}

void Replay::expect_tiles(std::uint64_t index) {
  for (TileRow& tile : growing_.take_rows()) {
    if (tile.level == 0)
      expect_({index, "the tile of the tree that ends with this record",
               books::tile_key(tile.level, tile.index), encode_tile(tile.hashes)});
    else
      upper_tiles_[{tile.level, tile.index}] = std::move(tile.hashes);
  }
}

void Replay::set_in_force(const Record& record, Bytes key, Bytes value) {
  in_force_[std::move(key)] = {record.index, std::move(value)};
}

}  // namespace hearth::ledger
