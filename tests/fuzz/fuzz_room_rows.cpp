// What the ledger's rooms read of their own disk beside the books: catalogue, mailboxes, operators,
// the journal's tree. The first byte picks the row, the rest is its value.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "ledger/catalogue/records.h"
#include "ledger/journal/tiles.h"
#include "ledger/journal/tree.h"
#include "ledger/mailbox/mailboxes.h"
#include "ledger/mailbox/records.h"
#include "ledger/operators/operator_rows.h"

namespace {

using namespace hearth;
using namespace hearth::ledger;

std::unique_ptr<store::Store> with_row(Bytes key, ByteView value) {
  auto store = store::open_memory();
  store::Batch batch;
  batch.put(std::move(key), to_bytes(value));
  HEARTH_ASSERT(store->commit(batch, store->claim().value()));
  return store;
}

void check_mailbox(std::uint8_t which, ByteView value) {
  namespace rows = mailbox_records;
  const MailboxKey mailbox{};
  const Bytes keys[] = {
      rows::box_key(rows::tokens_prefix, mailbox), rows::box_key(rows::last_prefix, mailbox),
      rows::drop_key(rows::meta_prefix, mailbox, 1), rows::drop_key(rows::body_prefix, mailbox, 1),
      rows::seen_key(mailbox, IdempotencyKey{})};
  const auto store = with_row(keys[which], value);
  (void)Mailboxes::load(*store);
  (void)load_drop(*store, mailbox, 1);
}

void check_operators(ByteView value) {
  const crypto::SignPublicKey key{};
  Bytes at = to_bytes(as_bytes("op/k"));
  append(at, key);
  const auto list = list_operators(*with_row(at, value));
  if (list && !list->empty()) HEARTH_ASSERT(list->front().role <= Role::owner);

  at = to_bytes(as_bytes("op/r"));
  append(at, key);
  append(at, OrderId{});
  const auto store = with_row(at, value);
  (void)find_order(*store, key, OrderId{});
  store::Batch batch;
  (void)erase_old_orders(*store, batch, 1'795'348'800'000);
}

void check_catalogue(ByteView value) {
  (void)decode_torrent(value);
  const auto offer = decode_offer(value);
  if (offer) {
    store::Batch batch;
    put_offer(batch, *offer, {});
    const auto store = store::open_memory();
    HEARTH_ASSERT(store->commit(batch, store->claim().value()));
    HEARTH_ASSERT(load_offer(*store, offer->id).value()->name == offer->name);
  }
  Bytes at = to_bytes(as_bytes("offer/text/"));
  append(at, wire::OfferId{});
  (void)load_offer_text(*with_row(at, value), wire::OfferId{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      check_catalogue(value);
      break;
    case 1:
      check_operators(value);
      break;
    case 2: {
      const auto tree = Tree::decode(value);
      if (tree) HEARTH_ASSERT(tree->encode() == Bytes(value.begin(), value.end()));
      (void)decode_tile(value);
      break;
    }
    default:
      check_mailbox(static_cast<std::uint8_t>(data[0] % 8 - 3), value);
  }
  return 0;
}
