#include "ledger/engine/open_batch.h"

#include "common/base/assert.h"

namespace hearth::ledger {
namespace {

/// A command's id against the row stored under it.
Seen seen_answer(const std::optional<books::AnswerRow>& known, const crypto::Sha256Digest& hash) {
  if (!known) return Seen::fresh;
  return known->request_hash == hash ? Seen::same : Seen::other;
}

}  // namespace

OpenBatch::OpenBatch(Machine& machine, const Tree& tree, const store::View& committed)
    : machine_(machine), tree_(tree), committed_(committed) {}

OpenBatch::~OpenBatch() {
  if (!accepted_) machine_.drop();
}

void OpenBatch::accept() {
  machine_.merge();
  accepted_ = true;
}

Result<std::uint64_t> OpenBatch::keep_currencies(const std::vector<money::Currency>& kept,
                                                 UtcMs at_ms) {
  const std::uint64_t index = record(at_ms, {}, CurrenciesKept{kept});
  writes_.put(books::key(books::currencies, {}), books::encode(kept));
  return index;
}

Result<std::uint64_t> OpenBatch::open(const OpenCommand& command) {
  const Bytes key = books::key(books::homes, command.home.key);
  const auto known = row(key, books::decode_home);
  if (!known) return pass_on(known.error());
  const Seen seen = !*known                          ? Seen::fresh
                    : (*known)->name == command.name ? Seen::same
                                                     : Seen::other;
  HomeOpened what{command.home, command.name, {}};
  const Verdict verdict = machine_.open(command, seen, what.wallets);
  if (verdict.outcome == Outcome::repeated) return (*known)->index;
  if (verdict.outcome != Outcome::applied) return pass_on(refusal(verdict.outcome));
  const std::uint64_t index = record(command.at_ms, {}, what);
  const std::uint64_t first = *known ? (*known)->index : index;
  put_row(key, books::encode(books::HomeRow{first, command.name}));
  return first;
}

Result<std::uint64_t> OpenBatch::offer(const OfferTerms& terms, const store::Batch& side_writes,
                                       UtcMs at_ms) {
  const Bytes key = books::key(books::offers, terms.offer);
  const Verdict verdict = machine_.register_offer(terms);
  if (verdict.outcome == Outcome::repeated) {
    const auto value = get(key);
    if (!value) return pass_on(value.error());
    const auto known =
        *value ? books::decode_offer(terms.offer, **value) : std::optional<books::OfferRow>();
    if (!known) return fail(Code::corrupt, "The books lost the row of an offer they know.");
    return known->index;
  }
  if (verdict.outcome != Outcome::applied) return pass_on(refusal(verdict.outcome));
  const std::uint64_t index = record(at_ms, {}, OfferRegistered{terms});
  put_row(key, books::encode(books::OfferRow{index, terms}));
  side(side_writes).value();
  return index;
}

Result<AppliedDeposit> OpenBatch::deposit(const DepositCommand& command) {
  const Bytes key = books::deposit_key(command.home, command.amount, command.reference);
  const auto known = row(key, books::decode_deposit);
  if (!known) return pass_on(known.error());
  const Verdict verdict = machine_.deposit(command, *known ? Seen::same : Seen::fresh);
  const auto& currency = command.amount.currency;
  if (verdict.outcome == Outcome::repeated)
    return AppliedDeposit{(*known)->index, {(*known)->balance_after, currency}, true};
  if (verdict.outcome != Outcome::applied) return pass_on(refusal(verdict.outcome));
  const std::uint64_t index = record(command.at_ms, verdict.postings,
                                     Deposited{command.home, command.amount, command.reference});
  put_row(key, books::encode(books::DepositRow{index, verdict.balance_after}));
  return AppliedDeposit{index, {verdict.balance_after, currency}, false};
}

Result<Bytes> OpenBatch::purchase(const PurchaseCommand& command,
                                  const std::function<Bytes(const AppliedPurchase&)>& receipt) {
  const Bytes key = books::key(books::requests, command.request_id);
  auto known = row(key, books::decode_answer);
  if (!known) return pass_on(known.error());
  const Verdict verdict = machine_.purchase(command, seen_answer(*known, command.request_hash));
  if (verdict.outcome == Outcome::repeated) return std::move((*known)->answer);
  if (verdict.outcome != Outcome::applied) return pass_on(refusal(verdict.outcome));
  const std::uint64_t index =
      record(command.at_ms, verdict.postings,
             Purchased{command.request_id, command.request_hash, command.home, command.offer,
                       command.epoch, command.vouchers});
  const money::Currency currency = machine_.offer(command.offer)->price.currency;
  books::AnswerRow answer{index, command.request_hash, {}};
  answer.answer = receipt({index,
                           {verdict.postings[1].delta, currency},
                           {verdict.balance_after, currency},
                           command.at_ms});
  put_row(key, books::encode(answer));
  return std::move(answer.answer);
}

Result<Bytes> OpenBatch::redeem(const RedeemCommand& command,
                                const std::function<Bytes(const AppliedRedemption&)>& access) {
  const Bytes key = books::key(books::spent, command.voucher);
  auto known = row(key, books::decode_answer);
  if (!known) return pass_on(known.error());
  const Verdict verdict = machine_.redeem(command, seen_answer(*known, command.request_hash));
  if (verdict.outcome == Outcome::repeated) return std::move((*known)->answer);
  if (verdict.outcome != Outcome::applied) return pass_on(refusal(verdict.outcome));
  const std::uint64_t index =
      record(command.at_ms, verdict.postings,
             Redeemed{command.voucher, command.request_hash, command.offer, command.epoch});
  books::AnswerRow answer{index, command.request_hash, access({index})};
  put_row(key, books::encode(answer));
  return std::move(answer.answer);
}

Result<std::uint64_t> OpenBatch::side(const store::Batch& batch) {
  for (const auto& entry : batch.entries())
    entry.value ? writes_.put(entry.key, *entry.value) : writes_.erase(entry.key);
  return tree_.size();
}

const store::Batch& OpenBatch::finish() {
  if (writes_.empty()) return writes_;
  for (const auto& [id, account] : machine_.changed())
    writes_.put(books::key(books::accounts, id.raw()), books::encode(account));
  writes_.put(books::key(books::tree, {}), tree_.encode());
  return writes_;
}

Result<std::optional<Bytes>> OpenBatch::get(const Bytes& key) const {
  if (const auto found = rows_.find(std::string(as_text(key))); found != rows_.end())
    return found->second;
  return committed_.get(key);
}

template <class Row>
Result<std::optional<Row>> OpenBatch::row(const Bytes& key,
                                          std::optional<Row> (*decode)(ByteView)) const {
  const auto value = get(key);
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<Row>();
  auto decoded = decode(**value);
  if (!decoded)
    return fail(
        Code::corrupt,
        "The ledger's books are damaged: the row that tells whether this was done before "
        "cannot be read. Nothing was charged; the operator must run `hearth-ledger audit`.");
  return decoded;
}

void OpenBatch::put_row(const Bytes& key, Bytes value) {
  writes_.put(key, value);
  rows_.insert_or_assign(std::string(as_text(key)), std::move(value));
}

std::uint64_t OpenBatch::record(UtcMs at_ms, const Postings& postings, What what) {
  const Record entry{tree_.size(), at_ms, postings, std::move(what)};
  const Bytes bytes = encode_record(entry);
  const Salt salt = crypto::random_array<16>();
  const auto commitment = commitment_of(salt, bytes);
  tree_.append(leaf_hash(commitment));
  writes_.put(books::journal_key(entry.index), join_stored(salt, commitment, bytes));
  for (const Posting& posting : postings)
    writes_.put(books::entry_key(posting.account, entry.index), {});
  return entry.index;
}

}  // namespace hearth::ledger
