#include "common/wire/receipt_proof.h"

#include <limits>

#include "common/base/codec.h"

namespace hearth::wire {
namespace {

constexpr std::size_t salt_size = 16;
constexpr std::uint8_t record_version = 1;
constexpr std::uint8_t purchase_kind = 5;
constexpr std::uint8_t epoch_kind = 15;
constexpr std::uint8_t wallet_kind = 1;
constexpr std::size_t max_postings = 8;

struct Posting {
  std::uint8_t kind = 0;
  std::array<std::uint8_t, 32> subject{};
  std::uint32_t slot = 0;
  std::string currency;
  std::int64_t delta = 0;
};
struct Head {
  std::uint64_t index = 0;
  UtcMs at_ms = 0;
  std::vector<Posting> postings;
};

tl::unexpected<Error> not_proven(const std::string& what) {
  return fail(Code::proof_invalid, "The proof does not show what it should: " + what + ".");
}

/// The fields before those of the kind. False: another kind, or no record.
bool read_head(Reader& in, std::uint8_t kind, Head& head) {
  (void)in.raw(salt_size);
  if (in.u8() != record_version) return false;
  head.index = in.u64();
  head.at_ms = in.i64();
  if (in.u8() != kind) return false;
  const std::size_t count = in.u8();
  if (count > max_postings) return false;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Posting posting;
    posting.kind = in.u8();
    posting.subject = in.fixed<32>();
    posting.slot = in.u32();
    posting.currency = as_text(in.raw(3));
    posting.delta = in.i64();
    head.postings.push_back(std::move(posting));
  }
  return in.ok();
}

/// What left the home's wallet; nullopt when the record posts nothing to it.
std::optional<money::Amount> paid_by(const Head& head, const identity::HomeAddress& home,
                                     std::uint32_t pocket) {
  for (const Posting& posting : head.postings) {
    if (posting.kind != wallet_kind || posting.subject != home.key || posting.slot != pocket)
      continue;
    const auto currency = money::Currency::from_code(posting.currency);
    if (!currency || posting.delta > 0 || posting.delta == std::numeric_limits<std::int64_t>::min())
      return std::nullopt;
    return money::Amount{-posting.delta, *currency};
  }
  return std::nullopt;
}

/// Empty when the record is of this receipt.
std::string first_difference(const Receipt& receipt, const PurchaseRecordRead& record) {
  if (record.request_id != receipt.request_id) return "the record is of another purchase";
  if (record.request_hash != receipt.request_hash) return "the record is of another request";
  if (record.index != receipt.journal_index) return "the record is another one than the receipt's";
  if (record.offer != receipt.offer) return "the record is about another offer";
  if (record.epoch != receipt.epoch) return "the record names another epoch";
  if (record.vouchers != static_cast<std::int64_t>(receipt.evaluated.size()))
    return "the record counts another number of vouchers";
  if (!(record.paid == receipt.paid))
    return "the journal says that " + money::format(record.paid) + " was paid, the receipt " +
           money::format(receipt.paid);
  return {};
}

}  // namespace

Result<PurchaseRecordRead> read_purchase_record(ByteView opened) {
  Reader in(opened);
  Head head;
  if (!read_head(in, purchase_kind, head)) return not_proven("the record is not one of a purchase");
  const auto request_id = in.fixed<16>();
  const auto request_hash = in.fixed<32>();
  const identity::HomeAddress home{in.fixed<32>()};
  const auto offer = in.fixed<32>();
  const std::uint32_t epoch = in.u32();
  const std::int64_t vouchers = in.i64();
  const auto paid = paid_by(head, home, in.u32());
  if (!in.done() || !paid) return not_proven("the record is not one of a purchase");
  return PurchaseRecordRead{head.index, head.at_ms, request_id, request_hash, home,
                            offer,      epoch,      vouchers,   *paid};
}

Result<EpochRecordRead> read_epoch_record(ByteView opened) {
  Reader in(opened);
  Head head;
  if (!read_head(in, epoch_kind, head)) return not_proven("the record is not one of an epoch");
  EpochRecordRead out;
  out.index = head.index;
  out.epoch = in.u32();
  out.poprf_key = in.fixed<32>();
  out.from_ms = in.i64();
  if (!in.done()) return not_proven("the record is not one of an epoch");
  return out;
}

Result<ProvenReceipt> check_receipt_proof(std::string_view receipt_jws, std::string_view proof_file,
                                          const crypto::SignPublicKey& ledger) {
  auto receipt = read_receipt(receipt_jws, ledger);
  if (!receipt) return pass_on(receipt.error());
  const auto proof = tlog::parse_proof(proof_file);
  if (!proof) return pass_on(proof.error());
  const auto checkpoint = tlog::verify_proof(*proof, ledger);
  if (!checkpoint) return pass_on(checkpoint.error());
  auto record = read_purchase_record(proof->extra);
  if (!record) return pass_on(record.error());
  if (record->index != proof->index) return not_proven("the record says that it is another one");
  const std::string difference = first_difference(*receipt, *record);
  if (!difference.empty()) return not_proven(difference);
  return ProvenReceipt{std::move(*receipt), *record, *checkpoint};
}

Result<tlog::Checkpoint> check_epoch_proof(const LedgerKeys::Epoch& epoch,
                                           std::string_view proof_file,
                                           const crypto::SignPublicKey& ledger) {
  const auto proof = tlog::parse_proof(proof_file);
  if (!proof) return pass_on(proof.error());
  auto checkpoint = tlog::verify_proof(*proof, ledger);
  if (!checkpoint) return checkpoint;
  const auto record = read_epoch_record(proof->extra);
  if (!record) return pass_on(record.error());
  if (record->index != proof->index) return not_proven("the record says that it is another one");
  if (record->epoch != epoch.epoch || record->poprf_key != epoch.poprf_key ||
      record->from_ms != epoch.from_ms)
    return not_proven("the journal's record of epoch " + std::to_string(epoch.epoch) +
                      " names another key or time");
  return checkpoint;
}

}  // namespace hearth::wire
