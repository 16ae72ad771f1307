// The stored form of purchases and vouchers. Pure.
#pragma once

#include "node/wallet/wallet.h"

namespace hearth::node {

Bytes encode(const PurchaseRecord& record);
Result<PurchaseRecord> decode_purchase(ByteView bytes);
Bytes encode(const VoucherRecord& record);
Result<VoucherRecord> decode_voucher(ByteView bytes);

/// Also used by gifts, which carry vouchers.
void write_voucher(Writer& out, const wire::Voucher& voucher);
wire::Voucher read_voucher(hearth::Reader& in);

}  // namespace hearth::node
