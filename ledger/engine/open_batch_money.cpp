// The commands of a batch that move money.
#include "ledger/engine/open_batch_rows.h"

namespace hearth::ledger {
namespace {

/// `before`: what the known record says if it is of this kind of request.
template <class Facts>
Seen seen(const std::optional<Kept>& known, const std::optional<Facts>& before,
          const crypto::Sha256Digest& request_hash) {
  if (!known) return Seen::fresh;
  return before && before->request_hash == request_hash ? Seen::same : Seen::other;
}

}  // namespace

template <class W, class Decide>
Result<Booked> OpenBatch::book(std::string_view letter, W what, UtcMs at_ms, Decide decide) {
  const Bytes key = books::booking_key(letter, what.account, what.minor, what.reference);
  const auto known = row(key, books::decode_booking);
  if (!known) return pass_on(known.error());
  const Verdict verdict = decide(*known ? Seen::same : Seen::fresh);
  if (!applied<W>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, (*known)->balance_after, true};
  }
  const std::uint64_t index = record(at_ms, verdict, std::move(what));
  put_row(key, books::encode(books::BookingRow{index, verdict.balance_after}));
  return Booked{index, verdict.balance_after, false};
}

Result<Booked> OpenBatch::deposit(DepositCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  return book(books::deposits,
              Deposited{command.account, command.minor, command.reference, command.by},
              command.at_ms, [&](Seen seen) { return machine_.deposit(command, seen); });
}

Result<Booked> OpenBatch::withdraw(WithdrawCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  return book(books::withdrawals,
              Withdrawn{command.account, command.minor, command.reference, command.by},
              command.at_ms, [&](Seen seen) { return machine_.withdraw(command, seen); });
}

Result<Booked> OpenBatch::adjust(AdjustCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::adjustments, command.id);
  const auto known = row(key, books::decode_adjustment);
  if (!known) return pass_on(known.error());
  const crypto::Sha256Digest content = books::content_of(command);
  const Seen seen = !*known ? Seen::fresh : (*known)->content == content ? Seen::same : Seen::other;
  const Verdict verdict = machine_.adjust(command, seen);
  if (!applied<Adjusted>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return Booked{(*known)->index, (*known)->balance_after, true};
  }
  const std::uint64_t index = record(command.at_ms, verdict,
                                     Adjusted{command.id, command.account, command.minor,
                                              std::move(command.reason), std::move(command.by)});
  put_row(key, books::encode(books::AdjustmentRow{index, content, verdict.balance_after}));
  return Booked{index, verdict.balance_after, false};
}

Result<Booked> OpenBatch::transfer(TransferCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::requests, command.request_id);
  const auto known = known_request(key);
  if (!known) return pass_on(known.error());
  const auto before =
      *known ? books::transfer_facts(command.request_id, **known) : std::optional<TransferFacts>();
  const Verdict verdict = machine_.transfer(command, seen(*known, before, command.request_hash));
  if (!applied<Transferred>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return before->booked;
  }
  const std::uint64_t index =
      record(command.at_ms, verdict,
             Transferred{command.request_id, command.request_hash, command.home,
                         command.from_pocket, command.to_pocket, command.amount});
  put_row(key, books::encode(books::RequestRow{index}));
  return Booked{index, verdict.balance_after, false};
}

Result<PurchaseFacts> OpenBatch::purchase(PurchaseCommand command, Bytes evaluation) {
  command.at_ms = not_before_last(command.at_ms);
  const Bytes key = books::key(books::requests, command.request_id);
  auto known = known_request(key);
  if (!known) return pass_on(known.error());
  auto before =
      *known ? books::purchase_facts(command.request_id, **known) : std::optional<PurchaseFacts>();
  const Verdict verdict = machine_.purchase(command, seen(*known, before, command.request_hash));
  if (!applied<Purchased>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return std::move(*before);
  }
  const std::uint64_t index =
      record(command.at_ms, verdict,
             Purchased{command.request_id, command.request_hash, command.home, command.offer,
                       command.epoch, command.vouchers, command.pocket},
             evaluation);
  put_row(key, books::encode(books::RequestRow{index}));
  const money::Currency currency = verdict.postings[1].account.currency();
  return PurchaseFacts{command.request_id,
                       command.request_hash,
                       index,
                       command.home,
                       command.offer,
                       command.epoch,
                       command.pocket,
                       command.vouchers,
                       {verdict.postings[1].delta, currency},
                       {verdict.balance_after, currency},
                       command.at_ms,
                       std::move(evaluation),
                       false};
}

template <class Decide, class W>
Result<VoucherFacts> OpenBatch::spend(VoucherEnd end, const VoucherInput& voucher,
                                      const crypto::Sha256Digest& request_hash, UtcMs at_ms,
                                      Bytes kept, Decide decide, W what) {
  const Bytes key = books::key(books::spent, voucher);
  auto known = row(key, books::decode_spent);
  if (!known) return pass_on(known.error());
  const bool same = *known && (*known)->end == end && (*known)->request_hash == request_hash;
  const Verdict verdict = decide(!*known ? Seen::fresh : same ? Seen::same : Seen::other);
  if (!applied<W>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return VoucherFacts{end, (*known)->index, request_hash, std::move((*known)->kept), true};
  }
  const std::uint64_t index = record(at_ms, verdict, std::move(what));
  books::SpentRow answer{end, index, request_hash, std::move(kept)};
  put_row(key, books::encode(answer));
  return VoucherFacts{end, index, request_hash, std::move(answer.kept), false};
}

Result<VoucherFacts> OpenBatch::share(const RedeemCommand& command, const books::SpentRow& first,
                                      Bytes kept) {
  const auto kept_of_first = kept_at(first.index);
  if (!kept_of_first) return pass_on(kept_of_first.error());
  // One key can stand behind vouchers of two offers; only the one that was redeemed is shared.
  const auto* redeemed = std::get_if<Redeemed>(&kept_of_first->record.what);
  Seen seen = redeemed && redeemed->offer == command.offer && redeemed->epoch == command.epoch
                  ? Seen::fresh
                  : Seen::other;
  std::uint8_t number = 2;
  std::optional<books::SpentRow> known;
  for (; seen == Seen::fresh && number <= max_homes; ++number) {
    auto row_of = row(books::share_key(command.voucher, number), books::decode_spent);
    if (!row_of) return pass_on(row_of.error());
    if (!*row_of) break;
    if ((*row_of)->request_hash != command.request_hash) continue;
    seen = Seen::same;
    known = std::move(*row_of);
  }
  const Verdict verdict = machine_.share(command, seen, number - 1);
  if (!applied<Shared>(verdict)) {
    if (verdict.outcome != Outcome::repeated) return pass_on(refusal(verdict.outcome));
    return VoucherFacts{VoucherEnd::redeemed, known->index, command.request_hash,
                        std::move(known->kept), true};
  }
  const std::uint64_t index =
      record(command.at_ms, verdict,
             Shared{command.voucher, command.request_hash, command.offer, command.epoch, number});
  books::SpentRow answer{VoucherEnd::redeemed, index, command.request_hash, std::move(kept)};
  put_row(books::share_key(command.voucher, number), books::encode(answer));
  return VoucherFacts{VoucherEnd::redeemed, index, command.request_hash, std::move(answer.kept),
                      false};
}

Result<VoucherFacts> OpenBatch::redeem(RedeemCommand command, Bytes kept) {
  command.at_ms = not_before_last(command.at_ms);
  const OfferTerms* terms = machine_.offer(command.offer);
  if (terms && terms->homes > 1) {
    const auto first = row(books::key(books::spent, command.voucher), books::decode_spent);
    if (!first) return pass_on(first.error());
    if (*first && (*first)->end == VoucherEnd::redeemed &&
        (*first)->request_hash != command.request_hash)
      return share(command, **first, std::move(kept));
  }
  return spend(
      VoucherEnd::redeemed, command.voucher, command.request_hash, command.at_ms, std::move(kept),
      [&](Seen seen) { return machine_.redeem(command, seen); },
      Redeemed{command.voucher, command.request_hash, command.offer, command.epoch});
}

Result<VoucherFacts> OpenBatch::refund(RefundCommand command) {
  command.at_ms = not_before_last(command.at_ms);
  return spend(
      VoucherEnd::refunded, command.voucher, command.request_hash, command.at_ms, {},
      [&](Seen seen) { return machine_.refund(command, seen); },
      Refunded{command.voucher, command.request_hash, command.offer, command.epoch,
               command.credited});
}

Result<VoucherFacts> OpenBatch::exchange(ExchangeCommand command, Bytes kept,
                                         const store::Batch& side_writes) {
  command.at_ms = not_before_last(command.at_ms);
  const auto ended = get(books::key(books::spent, command.voucher));
  if (!ended) return pass_on(ended.error());
  if (!*ended) {
    for (const auto entry : side_writes.entries()) {
      const auto taken = get(entry.key);
      if (!taken) return pass_on(taken.error());
      if (*taken) return pass_on(refusal(Outcome::idempotency_mismatch));
    }
  }
  auto facts = spend(
      VoucherEnd::exchanged, command.voucher, command.request_hash, command.at_ms, std::move(kept),
      [&](Seen seen) { return machine_.exchange(command, seen); },
      Exchanged{command.voucher, command.request_hash, command.offer, command.epoch,
                command.fresh_epoch});
  if (facts && !facts->repeated)
    for (const auto entry : side_writes.entries()) put_row(entry.key, *entry.value);
  return facts;
}

}  // namespace hearth::ledger
