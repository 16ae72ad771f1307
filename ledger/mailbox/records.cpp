#include "ledger/mailbox/records.h"

#include "common/base/codec.h"

namespace hearth::ledger {
namespace mailbox_records {

Bytes box_key(std::string_view prefix, const MailboxKey& mailbox) {
  return Writer().raw(as_bytes(prefix)).raw(mailbox).take();
}

Bytes drop_key(std::string_view prefix, const MailboxKey& mailbox, std::uint64_t sequence) {
  return Writer().raw(as_bytes(prefix)).raw(mailbox).u64(sequence).take();
}

Bytes seen_key(const MailboxKey& mailbox, const IdempotencyKey& idempotency) {
  return Writer().raw(as_bytes(seen_prefix)).raw(mailbox).raw(idempotency).take();
}

store::Batch drop_batch(const PendingDrop& drop, ByteView body) {
  store::Batch batch;
  batch.put(drop_key(body_prefix, drop.mailbox, drop.sequence), body);
  batch.put(drop_key(meta_prefix, drop.mailbox, drop.sequence),
            Writer().u8(version).i64(drop.at_ms).u64(drop.size).take());
  batch.put(seen_key(drop.mailbox, drop.idempotency),
            Writer().u8(version).u64(drop.sequence).i64(drop.at_ms).raw(drop.body_hash).take());
  batch.put(box_key(last_prefix, drop.mailbox), Writer().u8(version).u64(drop.sequence).take());
  return batch;
}

}  // namespace mailbox_records

Result<std::optional<Bytes>> load_notebook(const store::View& view, const MailboxKey& mailbox) {
  using namespace mailbox_records;
  auto value = view.get(box_key(notebook_prefix, mailbox));
  if (!value || !*value) return value;
  if ((*value)->empty() || (*value)->front() != version) {
    return fail(Code::corrupt,
                "A stored notebook is damaged. Restore the ledger's books from a backup.");
  }
  (*value)->erase((*value)->begin());
  return value;
}

Result<std::optional<Bytes>> load_drop(const store::View& view, const MailboxKey& mailbox,
                                       std::uint64_t sequence) {
  return view.get(mailbox_records::drop_key(mailbox_records::body_prefix, mailbox, sequence));
}

}  // namespace hearth::ledger
