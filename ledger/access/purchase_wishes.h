// What a purchase says beside the title and its price: who asks, how it is to be delivered, what a
// receiver must obey (docs/protocol.md §6.2). Checked before anything is charged. Internal to this
// room.
#pragma once

#include "ledger/access/access.h"
#include "ledger/catalogue/records.h"

namespace hearth::ledger::access {

/// Code::unknown_device, Code::service_refused, Code::not_giftable, in this order.
Result<void> check_wishes(const AccessSources& sources, const wire::PurchaseRequest& request,
                          const OfferEntry& offer, UtcMs now);

}  // namespace hearth::ledger::access
