#include "ledger/engine/open_batch.h"

#include <utility>

#include "common/base/assert.h"
#include "ledger/engine/book_tiles.h"
#include "ledger/engine/open_batch_rows.h"

namespace hearth::ledger {

OpenBatch::OpenBatch(Machine& machine, const JournalEnd& end, Salts& salts,
                     const store::View& committed, std::shared_ptr<const OpenBatch> before)
    : machine_(machine),
      end_(end),
      salts_(salts),
      committed_(committed),
      before_(std::move(before)),
      first_index_(end.tree.size()) {}

Result<std::uint64_t> OpenBatch::side(const store::Batch& batch) {
  for (const auto entry : batch.entries())
    entry.value ? writes_.put(entry.key, *entry.value) : writes_.erase(entry.key);
  return end_.tree.size();
}

void OpenBatch::finish() {
  if (std::exchange(finished_, true)) return;
  if (!writes_.empty()) write_what_changed();
  seen_.clear();
  machine_.seal();
  totals_ = machine_.totals();
  offers_ = machine_.offers();
}

void OpenBatch::write_what_changed() {
  for (const auto& change : machine_.changed())
    writes_.put(books::key(books::accounts, change.key->raw()), books::encode(*change.now));
  for (const auto& change : machine_.changed_spendings())
    writes_.put(books::key(books::spending, change.key->raw()), books::encode(change.now->spent));
  if (end_.tree.size() == first_index_) return;
  writes_.put(books::key(books::tree, {}), end_.tree.encode());
  for (const TileRow& tile : end_.tiles.take_rows())
    writes_.put(books::tile_key(tile.level, tile.index), encode_tile(tile.hashes));
}

std::optional<ByteView> OpenBatch::row_here(ByteView key) const {
  std::optional<std::size_t> place;
  const auto [from, to] = rows_.equal_range(std::hash<std::string_view>()(as_text(key)));
  for (auto candidate = from; candidate != to; ++candidate)
    if (std::ranges::equal(writes_[candidate->second].key, key))
      place = std::max(place.value_or(0), candidate->second);  // later entries win
  return place ? writes_[*place].value : std::nullopt;
}

Result<std::optional<Bytes>> OpenBatch::get(ByteView key) const {
  auto row = row_here(key);
  if (!row && before_) row = before_->row_here(key);
  if (row) return to_bytes(*row);
  if (!seen_.empty())
    if (const auto seen = seen_.find(to_bytes(key)); seen != seen_.end()) return seen->second;
  return committed_.get(key);
}

void OpenBatch::look_ahead(const std::vector<Bytes>& keys) {
  auto found = committed_.get_all(keys);
  if (!found) return;  // get() says why
  for (std::size_t i = 0; i < keys.size(); ++i) seen_.emplace(keys[i], std::move((*found)[i]));
}

void OpenBatch::put_row(ByteView key, ByteView value) {
  rows_.emplace(std::hash<std::string_view>()(as_text(key)), writes_.size());
  writes_.put(key, value);
}

std::uint64_t OpenBatch::record(UtcMs at_ms, const Verdict& verdict, What what,
                                ByteView evaluation) {
  const Record entry{end_.tree.size(), at_ms, verdict.postings, std::move(what)};
  const auto entered = machine_.enter(verdict, entry.index);
  Standings standings;
  for (std::size_t i = 0; i < verdict.postings.size(); ++i) {
    standings[i] = {verdict.after[i], entered[i].previous};
    if (entered[i].number % books::entries_per_waypoint == 0)
      writes_.put(books::entry_key(verdict.postings[i].account, entry.index),
                  books::encode_waypoint());
  }
  crypto::Sha256Digest commitment;
  const Bytes stored = encode_stored(entry, salts_.next(), standings, evaluation, commitment);
  end_.tree.append(leaf_hash(commitment), &end_.tiles);
  end_.last_ms = at_ms;
  records_.push_back(writes_.size());
  writes_.put(books::journal_key(entry.index), stored);
  return entry.index;
}

Result<std::optional<Kept>> OpenBatch::known_request(ByteView key) const {
  const auto known = row(key, books::decode_request);
  if (!known) return pass_on(known.error());
  if (!*known) return std::optional<Kept>();
  auto found = kept_at((*known)->index);
  if (!found) return pass_on(found.error());
  return std::optional(std::move(*found));
}

Result<Kept> OpenBatch::kept_at(std::uint64_t index) const {
  if (before_ && index < first_index_ && index >= before_->first_index_)
    return before_->kept_at(index);
  if (index < first_index_) {
    auto found = BooksView(committed_).kept(index);
    if (!found) return pass_on(found.error());
    if (*found) return std::move(**found);
  } else if (index - first_index_ < records_.size()) {
    if (auto found = decode_kept(*writes_[records_[index - first_index_]].value))
      return std::move(*found);
  }
  return damaged_row();
}

std::uint64_t OpenBatch::keep_currencies(const std::vector<money::Currency>& kept, UtcMs at_ms) {
  const std::uint64_t index = record(not_before_last(at_ms), {}, CurrenciesKept{kept});
  writes_.put(books::key(books::currencies, {}), books::encode(kept));
  return index;
}

Result<std::uint64_t> OpenBatch::open(OpenCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::homes, command.home.key);
  const auto known = row(key, books::decode_home);
  if (!known) return pass_on(known.error());
  const Seen seen = !*known                          ? Seen::fresh
                    : (*known)->name == command.name ? Seen::same
                                                     : Seen::other;
  HomeOpened what{command.home, command.name, {}};
  const Verdict verdict = machine_.open(command, seen, what.wallets);
  if (!applied<HomeOpened>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return (*known)->index;
  }
  const std::uint64_t index = record(command.at_ms, verdict, what);
  const std::uint64_t first = *known ? (*known)->index : index;
  if (!*known) ++end_.homes;
  put_row(key, books::encode(books::HomeRow{first, command.name}));
  return first;
}

Result<std::uint64_t> OpenBatch::offer(OfferCommand command, const store::Batch& side_writes) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::offers, command.offer);
  const Verdict verdict = machine_.register_offer(command);
  if (!applied<OfferRegistered>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    const auto value = get(key);
    if (!value) return pass_on(value.error());
    const auto known =
        *value ? books::decode_offer(command.offer, **value) : std::optional<books::OfferRow>();
    if (!known) return damaged_row();
    return known->index;
  }
  const OfferTerms& terms = *machine_.offer(command.offer);
  const std::uint64_t index = record(command.at_ms, verdict, OfferRegistered{terms});
  put_row(key, books::encode(books::OfferRow{index, terms}));
  side(side_writes).value();
  return index;
}

Result<Booked> OpenBatch::set_state(AccountStateCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::states, command.account.raw());
  const auto known = row(key, books::decode_state);
  if (!known) return pass_on(known.error());
  const bool same = *known && (*known)->state == command.state;
  const Verdict verdict = machine_.set_state(command, same ? Seen::same : Seen::fresh);
  const Account* held = machine_.account(command.account);
  if (!applied<AccountStateSet>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, held ? held->balance : 0, true};
  }
  const std::uint64_t index =
      record(command.at_ms, verdict,
             AccountStateSet{command.account, command.state, std::move(command.reason),
                             std::move(command.by)});
  put_row(key, books::encode(books::StateRow{index, command.state}));
  return Booked{index, verdict.balance_after, false};
}

Result<Booked> OpenBatch::set_limits(LimitsCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const AccountId main_wallet = AccountId::wallet(command.home, command.currency);
  const Bytes key = books::key(books::limits, main_wallet.raw());
  const auto known = row(key, books::decode_limits);
  if (!known) return pass_on(known.error());
  const bool same = *known && (*known)->limits == command.limits;
  const Verdict verdict = machine_.set_limits(command, same ? Seen::same : Seen::fresh);
  if (!applied<LimitsSet>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, 0, true};
  }
  const std::uint64_t index =
      record(command.at_ms, verdict,
             LimitsSet{command.home, command.currency, command.limits, std::move(command.by)});
  put_row(key, books::encode(books::LimitsRow{index, command.limits}));
  return Booked{index, 0, false};
}

Result<Booked> OpenBatch::set_fees(FeesCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::fees_key(command.currency);
  const auto known = row(key, books::decode_fees);
  if (!known) return pass_on(known.error());
  const bool same = *known && (*known)->fees == command.fees;
  const Verdict verdict = machine_.set_fees(command, same ? Seen::same : Seen::fresh);
  if (!applied<FeesSet>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, 0, true};
  }
  const std::uint64_t index = record(
      command.at_ms, verdict, FeesSet{command.currency, command.fees, std::move(command.by)});
  put_row(key, books::encode(books::FeesRow{index, command.fees}));
  return Booked{index, 0, false};
}

Result<Booked> OpenBatch::begin_epoch(EpochCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::epoch_key(command.epoch);
  const auto known = row(key, books::decode_epoch);
  if (!known) return pass_on(known.error());
  const Seen seen = !*known ? Seen::fresh : (*known)->key == command.key ? Seen::same : Seen::other;
  const Verdict verdict = machine_.begin_epoch(command, seen);
  if (!applied<EpochBegun>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, 0, true};
  }
  const std::uint64_t index =
      record(command.at_ms, verdict, EpochBegun{command.epoch, command.key, command.from_ms});
  put_row(key, books::encode(books::EpochRow{index, command.key, command.from_ms}));
  return Booked{index, 0, false};
}

}  // namespace hearth::ledger
