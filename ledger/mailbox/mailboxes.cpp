#include "ledger/mailbox/mailboxes.h"

#include <algorithm>

#include "common/base/codec.h"
#include "ledger/mailbox/records.h"

namespace hearth::ledger {
namespace {

using namespace mailbox_records;

/// Looks at all tokens whatever it finds, so that time tells nothing.
bool token_known(const std::vector<crypto::Sha256Digest>& known, const identity::DropToken& token) {
  const auto digest = crypto::sha256(token);
  bool found = false;
  for (const auto& one : known) found |= crypto::equal(one, digest);
  return found;
}

tl::unexpected<Error> full() {
  return fail(Code::mailbox_full,
              "The receiver's mailbox is full. Nothing was stored; send it again when the "
              "receiver's home has been online.");
}

}  // namespace

Result<Mailboxes> Mailboxes::load(const store::View& view, MailboxLimits limits) {
  Mailboxes out(limits);
  Result<void> done;
  // Boxes before drops: the prefixes are in the order of the keys.
  for (const auto prefix : {tokens_prefix, last_prefix, meta_prefix, seen_prefix}) {
    const auto read = view.scan(as_bytes(prefix), store::prefix_end(as_bytes(prefix)),
                                [&](ByteView key, ByteView value) {
                                  done = out.load_record(key, value);
                                  return done.has_value();
                                });
    if (!read) return pass_on(read.error());
    if (!done) return pass_on(std::move(done.error()));
  }
  return out;
}

Result<void> Mailboxes::load_record(ByteView key, ByteView value) {
  const std::string_view name = as_text(key);
  Reader rest(key.subspan(std::min(name.find('/', name.find('/') + 1) + 1, name.size())));
  const MailboxKey mailbox = rest.fixed<32>();
  Reader in(value);
  bool good = in.u8() == version;
  Box& box = boxes_[mailbox];
  // A repeated drop may have written an older `last` over a newer one: the highest seen counts.
  const auto used = [&box](std::uint64_t sequence) {
    box.last_sequence = std::max(box.last_sequence, sequence);
    return sequence;
  };
  if (name.starts_with(tokens_prefix)) {
    box.issued_ms = in.i64();
    const std::uint32_t count = in.u32();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) box.drop_tokens.push_back(in.fixed<32>());
  } else if (name.starts_with(last_prefix)) {
    used(in.u64());
  } else if (name.starts_with(meta_prefix)) {
    const std::uint64_t sequence = used(rest.u64());
    Drop drop{in.i64(), 0, true};
    drop.size = static_cast<std::size_t>(in.u64());
    box.bytes += drop.size;
    all_bytes_ += drop.size;
    box.drops.emplace(sequence, drop);
  } else {
    const auto idempotency = rest.fixed<16>();
    Seen seen;
    seen.sequence = used(in.u64());
    seen.at_ms = in.i64();
    seen.body_hash = in.fixed<32>();
    seen.confirmed = true;
    box.seen_by_age.emplace(seen.sequence, idempotency);
    box.seen.emplace(idempotency, seen);
    ++all_remembered_;
  }
  good = good && in.done() && rest.done();
  if (good) return {};
  return fail(Code::corrupt,
              "A stored mailbox is damaged. Restore the ledger's books from a backup.");
}

Result<store::Batch> Mailboxes::prepare_definition(const MailboxDefinition& definition) const {
  const auto found = boxes_.find(definition.mailbox);
  if (found == boxes_.end() && boxes_.size() >= limits_.mailboxes) {
    return fail(Code::busy, "The ledger keeps as many mailboxes as it may. Nothing was stored.");
  }
  if (found != boxes_.end() && definition.issued_ms < found->second.issued_ms) {
    return fail(Code::stale_request,
                "A newer list of drop tokens is in force for this mailbox. Nothing was changed.");
  }
  Writer out;
  out.u8(version).i64(definition.issued_ms);
  out.u32(static_cast<std::uint32_t>(definition.drop_tokens.size()));
  for (const auto& token : definition.drop_tokens) out.raw(token);
  store::Batch batch;
  batch.put(box_key(tokens_prefix, definition.mailbox), out.view());
  if (!definition.notebook.empty()) {
    batch.put(box_key(notebook_prefix, definition.mailbox),
              Writer().u8(version).raw(definition.notebook).take());
  }
  return batch;
}

void Mailboxes::define(const MailboxDefinition& definition) {
  Box& box = boxes_[definition.mailbox];
  box.drop_tokens = definition.drop_tokens;
  box.issued_ms = definition.issued_ms;
}

Result<PendingDrop> Mailboxes::prepare_drop(const MailboxKey& mailbox,
                                            const identity::DropToken& token,
                                            const IdempotencyKey& key, ByteView body, UtcMs now) {
  const auto found = boxes_.find(mailbox);
  if (found == boxes_.end()) {
    return fail(Code::unknown_mailbox,
                "There is no such mailbox at this ledger. Nothing was stored; ask for a new card.");
  }
  Box& box = found->second;
  if (!token_known(box.drop_tokens, token)) {
    return fail(Code::drop_refused,
                "The mailbox's owner has not given out this drop token, or has revoked it. "
                "Nothing was stored; ask for a new card.");
  }
  PendingDrop drop{mailbox, key, crypto::sha256(body), 0, now, body.size(), {}};
  if (const auto seen = box.seen.find(key); seen != box.seen.end()) {
    if (!crypto::equal(seen->second.body_hash, drop.body_hash)) {
      return fail(Code::idempotency_mismatch,
                  "Another drop was sent under this idempotency key. Nothing was stored.");
    }
    drop.sequence = seen->second.sequence;
    drop.at_ms = seen->second.at_ms;
    // The first of the two may still be on its way to disk; written twice, it is the same record.
    if (!seen->second.confirmed) drop.batch = drop_batch(drop, body);
    return drop;
  }
  if (box.drops.size() >= limits_.drops || box.bytes + body.size() > limits_.bytes ||
      all_bytes_ + body.size() > limits_.all_bytes || all_remembered_ >= limits_.all_remembered) {
    return full();
  }
  drop.sequence = ++box.last_sequence;
  drop.batch = drop_batch(drop, body);
  if (box.seen.size() >= limits_.remembered) forget_oldest(mailbox, box, drop.batch);
  insert(box, drop, false);
  return drop;
}

void Mailboxes::insert(Box& box, const PendingDrop& drop, bool confirmed) {
  const auto [at, fresh] = box.drops.emplace(drop.sequence, Drop{drop.at_ms, drop.size, confirmed});
  at->second.confirmed |= confirmed;
  if (fresh) {
    box.bytes += drop.size;
    all_bytes_ += drop.size;
  }
  const auto [seen, first] = box.seen.emplace(
      drop.idempotency, Seen{drop.sequence, drop.at_ms, drop.body_hash, confirmed});
  seen->second.confirmed |= confirmed;
  if (first) {
    box.seen_by_age.emplace(drop.sequence, drop.idempotency);
    ++all_remembered_;
  }
}

void Mailboxes::confirm(const PendingDrop& drop) {
  const auto box = boxes_.find(drop.mailbox);
  if (box == boxes_.end() || drop.batch.empty()) return;
  const auto seen = box->second.seen.find(drop.idempotency);
  if (seen != box->second.seen.end() && seen->second.confirmed) return;
  insert(box->second, drop, true);
}

void Mailboxes::abandon(const PendingDrop& drop) {
  const auto box = boxes_.find(drop.mailbox);
  if (box == boxes_.end()) return;
  const auto seen = box->second.seen.find(drop.idempotency);
  if (seen == box->second.seen.end() || seen->second.confirmed) return;
  store::Batch nothing_on_disk;
  remove_drop(drop.mailbox, box->second, drop.sequence, nothing_on_disk);
  box->second.seen.erase(seen);
  box->second.seen_by_age.erase(drop.sequence);
  --all_remembered_;
}

void Mailboxes::remove_drop(const MailboxKey& mailbox, Box& box, std::uint64_t sequence,
                            store::Batch& batch) {
  const auto found = box.drops.find(sequence);
  if (found == box.drops.end()) return;
  box.bytes -= found->second.size;
  all_bytes_ -= found->second.size;
  box.drops.erase(found);
  batch.erase(drop_key(meta_prefix, mailbox, sequence));
  batch.erase(drop_key(body_prefix, mailbox, sequence));
}

void Mailboxes::forget_oldest(const MailboxKey& mailbox, Box& box, store::Batch& batch) {
  const auto oldest = box.seen_by_age.begin();
  batch.erase(seen_key(mailbox, oldest->second));
  box.seen.erase(oldest->second);
  box.seen_by_age.erase(oldest);
  --all_remembered_;
}

std::optional<StoredDrop> Mailboxes::next_drop(const MailboxKey& mailbox,
                                               std::uint64_t sequence) const {
  const auto box = boxes_.find(mailbox);
  if (box == boxes_.end()) return std::nullopt;
  const auto& drops = box->second.drops;
  for (auto at = drops.upper_bound(sequence); at != drops.end(); ++at) {
    if (at->second.confirmed) return StoredDrop{at->first, at->second.at_ms};
  }
  return std::nullopt;
}

store::Batch Mailboxes::acknowledge(const MailboxKey& mailbox, std::uint64_t sequence) {
  store::Batch batch;
  const auto box = boxes_.find(mailbox);
  if (box == boxes_.end()) return batch;
  auto& drops = box->second.drops;
  while (!drops.empty() && drops.begin()->first <= sequence && drops.begin()->second.confirmed) {
    remove_drop(mailbox, box->second, drops.begin()->first, batch);
  }
  return batch;
}

store::Batch Mailboxes::expire(UtcMs now) {
  store::Batch batch;
  for (auto& [mailbox, box] : boxes_) {
    while (!box.drops.empty() && box.drops.begin()->second.confirmed &&
           now - box.drops.begin()->second.at_ms > limits_.keep_ms) {
      remove_drop(mailbox, box, box.drops.begin()->first, batch);
    }
    while (!box.seen_by_age.empty()) {
      const Seen& oldest = box.seen.at(box.seen_by_age.begin()->second);
      if (!oldest.confirmed || now - oldest.at_ms <= limits_.keep_ms) break;
      forget_oldest(mailbox, box, batch);
    }
  }
  return batch;
}

}  // namespace hearth::ledger
