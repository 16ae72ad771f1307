// Mailboxes (docs/protocol.md §8, §8.1): pseudonymous boxes into which whoever holds a drop token
// may drop sealed bytes, kept until the owner has them on disk or 30 days. Pure: the index of all
// boxes in memory; every change comes as a store batch that the caller commits, then confirms.
// The bytes themselves stay in the store.
//
// A drop's idempotency key is remembered longer than the drop: a sender that repeats a drop which
// the owner has already fetched gets the first answer, and nothing arrives twice.
// Threads: owned by the loop thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "common/crypto/hash.h"
#include "common/identity/cards.h"
#include "common/store/store.h"

namespace hearth::ledger {

using MailboxKey = crypto::SignPublicKey;
using IdempotencyKey = std::array<std::uint8_t, 16>;

struct MailboxLimits {
  std::size_t mailboxes = 100'000;
  std::size_t drops = 1'000;                          ///< in one mailbox
  std::size_t bytes = 64 * 1024 * 1024;               ///< in one mailbox
  std::size_t remembered = 2'000;                     ///< idempotency keys of one mailbox
  std::uint64_t all_bytes = std::uint64_t{16} << 30;  ///< in all mailboxes
  std::size_t all_remembered = 2'000'000;             ///< idempotency keys of all mailboxes
  UtcMs keep_ms = std::int64_t{30} * 24 * 3600 * 1000;
};
inline constexpr std::size_t max_drop_tokens = 256;
inline constexpr std::size_t max_notebook = 136 * 1024;

/// What the owner says of his mailbox.
struct MailboxDefinition {
  MailboxKey mailbox{};
  std::vector<crypto::Sha256Digest> drop_tokens;  ///< SHA-256 of each
  UtcMs issued_ms = 0;
  Bytes notebook{};  ///< sealed by the owner for himself; empty: the one that was
};

/// A drop on its way to disk.
struct PendingDrop {
  MailboxKey mailbox{};
  IdempotencyKey idempotency{};
  crypto::Sha256Digest body_hash{};
  std::uint64_t sequence = 0;
  UtcMs at_ms = 0;
  std::size_t size = 0;
  store::Batch batch;  ///< empty: it is on disk already
};
struct StoredDrop {
  std::uint64_t sequence = 0;
  UtcMs at_ms = 0;
};

class Mailboxes {
 public:
  /// Code::corrupt, Code::io.
  static Result<Mailboxes> load(const store::View& view, MailboxLimits limits = {});

  /// Code::stale_request for a definition older than the one in force; Code::busy.
  Result<store::Batch> prepare_definition(const MailboxDefinition& definition) const;
  void define(const MailboxDefinition& definition);

  /// Code::unknown_mailbox, drop_refused, idempotency_mismatch, mailbox_full. Followed by
  /// confirm() when the batch is on disk, abandon() when it could not be written.
  Result<PendingDrop> prepare_drop(const MailboxKey& mailbox, const identity::DropToken& token,
                                   const IdempotencyKey& key, ByteView body, UtcMs now);
  void confirm(const PendingDrop& drop);
  void abandon(const PendingDrop& drop);

  std::size_t size() const { return boxes_.size(); }
  std::uint64_t bytes() const { return all_bytes_; }  ///< of all drops
  bool knows(const MailboxKey& mailbox) const { return boxes_.contains(mailbox); }
  /// The first confirmed drop after `sequence`; drops are confirmed in order.
  std::optional<StoredDrop> next_drop(const MailboxKey& mailbox, std::uint64_t sequence) const;
  /// Deletes what the owner has, up to and including `sequence`.
  store::Batch acknowledge(const MailboxKey& mailbox, std::uint64_t sequence);
  /// Deletes what is older than 30 days.
  store::Batch expire(UtcMs now);

 private:
  struct Drop {
    UtcMs at_ms = 0;
    std::size_t size = 0;
    bool confirmed = false;
  };
  struct Seen {
    std::uint64_t sequence = 0;
    UtcMs at_ms = 0;
    crypto::Sha256Digest body_hash{};
    bool confirmed = false;
  };
  struct Box {
    std::vector<crypto::Sha256Digest> drop_tokens;
    UtcMs issued_ms = 0;
    std::uint64_t last_sequence = 0;
    std::size_t bytes = 0;
    std::map<std::uint64_t, Drop> drops;
    std::map<IdempotencyKey, Seen> seen;
    std::map<std::uint64_t, IdempotencyKey> seen_by_age;
  };

  explicit Mailboxes(MailboxLimits limits) : limits_(limits) {}
  Result<void> load_record(ByteView key, ByteView value);
  void insert(Box& box, const PendingDrop& drop, bool confirmed);
  void remove_drop(const MailboxKey& mailbox, Box& box, std::uint64_t sequence,
                   store::Batch& batch);
  void forget_oldest(const MailboxKey& mailbox, Box& box, store::Batch& batch);

  MailboxLimits limits_;
  std::map<MailboxKey, Box> boxes_;
  std::uint64_t all_bytes_ = 0;
  std::size_t all_remembered_ = 0;
};

/// What the owner last put with a definition; any thread. nullopt: nothing.
Result<std::optional<Bytes>> load_notebook(const store::View& view, const MailboxKey& mailbox);
/// A drop's bytes; any thread. nullopt: acknowledged or expired meanwhile.
Result<std::optional<Bytes>> load_drop(const store::View& view, const MailboxKey& mailbox,
                                       std::uint64_t sequence);

}  // namespace hearth::ledger
