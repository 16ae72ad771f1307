// Records of the ledger's journal as a verifier reads them (docs/protocol.md §15, the bytes are in
// docs/accounting.md §5), and the checks that tie them to what the ledger signed for a home: its
// receipt, its list of keys. Everything offline, against the pinned key alone. Pure.
#pragma once

#include <string_view>

#include "common/tlog/proof_file.h"
#include "common/wire/documents.h"

namespace hearth::wire {

/// A purchase's record.
struct PurchaseRecordRead {
  std::uint64_t index = 0;
  UtcMs at_ms = 0;
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::int64_t vouchers = 0;
  money::Amount paid;  ///< what left the home's wallet
};
/// An epoch's record.
struct EpochRecordRead {
  std::uint64_t index = 0;
  std::uint32_t epoch = 0;
  crypto::poprf::Element poprf_key{};
  UtcMs from_ms = 0;
};
/// `opened` is salt (16 bytes) || record, as in a proof file. Code::proof_invalid when it is
/// another record or none.
Result<PurchaseRecordRead> read_purchase_record(ByteView opened);
Result<EpochRecordRead> read_epoch_record(ByteView opened);

struct ProvenReceipt {
  Receipt receipt;
  PurchaseRecordRead record;
  tlog::Checkpoint checkpoint;
};
/// The receipt is signed by `ledger`, and the journal that `ledger` signed holds exactly this
/// purchase at the receipt's index. Code::proof_invalid, Code::bad_signature, Code::wrong_signer,
/// Code::usage.
Result<ProvenReceipt> check_receipt_proof(std::string_view receipt_jws, std::string_view proof_file,
                                          const crypto::SignPublicKey& ledger);
/// The journal that `ledger` signed holds a record of this epoch with this key.
Result<tlog::Checkpoint> check_epoch_proof(const LedgerKeys::Epoch& epoch,
                                           std::string_view proof_file,
                                           const crypto::SignPublicKey& ledger);

}  // namespace hearth::wire
