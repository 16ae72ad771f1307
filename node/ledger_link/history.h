// What this home has seen of its ledger's journal (docs/protocol.md §15). It remembers the newest
// checkpoint that it believed; every other one that the ledger ever shows must lie in the same
// history. One that does not is an alarm, which stays until a person decides to go on with what the
// ledger shows now: both signed notes are kept for ever, and they prove to anybody that the ledger
// signed two histories.
// Stored: "ledger/checkpoint" (note), "ledger/alarm", "ledger/accepted/<n>". Threads: loop thread
// only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/net/task.h"
#include "common/tlog/checkpoint.h"
#include "node/wallet/records.h"

namespace hearth::node {

class LedgerLink;

struct HistoryAlarm {
  UtcMs at_ms = 0;
  std::string sentence;
  std::string before;  ///< the note that was believed; empty: not about two notes
  std::string shown;   ///< what contradicts it: a note, a proof file, or nothing
};
Bytes encode(const HistoryAlarm& alarm);
Result<HistoryAlarm> decode_alarm(ByteView bytes);

/// A person's word to go on after an alarm, with its evidence.
struct AcceptedHistory {
  UtcMs at_ms = 0;
  std::string note;  ///< the ledger's newest then, believed from then on
  HistoryAlarm alarm;
};
Bytes encode(const AcceptedHistory& accepted);
Result<AcceptedHistory> decode_accepted(ByteView bytes);

/// How a signed checkpoint stands to the believed one, before any proof is asked for.
enum class Standing { same, newer, older, contradicts };
Standing standing_of(const tlog::Checkpoint& shown, const tlog::Checkpoint& believed);

class History {
 public:
  /// `records` null: nothing outlives this object (hearth init).
  History(LedgerLink& ledger, Records* records, const crypto::SignPublicKey& key)
      : ledger_(ledger), records_(records), key_(key) {}

  /// The checkpoint, when it is signed and in one history with the believed one; the newer of both
  /// is believed then. Asks the ledger for the proof. Code::history_differs raises the alarm;
  /// Code::unreachable and the like say nothing about the history.
  net::Task<Result<tlog::Checkpoint>> believe(std::string note);
  /// The ledger's newest.
  net::Task<Result<tlog::Checkpoint>> look();

  /// The newest note believed; empty: none yet.
  Result<std::string> believed() const;
  Result<std::optional<HistoryAlarm>> alarm() const;
  /// A person goes on with the history that the ledger shows now: one that contains what this home
  /// believed, or what raised the alarm. The alarm goes to the accepted ones. `also` is stored in
  /// the same commit. Code::not_found: there is no alarm; Code::history_differs: a third history.
  net::Task<Result<AcceptedHistory>> accept(store::Batch also);
  /// Oldest first.
  Result<std::vector<AcceptedHistory>> accepted() const;
  /// Keeps the first one, and logs. Always Code::history_differs.
  tl::unexpected<Error> raise(const std::string& what, const std::string& before,
                              const std::string& shown);

 private:
  Result<void> remember(const std::string& note);
  /// Whether the ledger proves that `small` lies in `large`.
  net::Task<Result<bool>> contains(tlog::Checkpoint large, tlog::Checkpoint small);
  net::Task<Result<bool>> may_be_accepted(HistoryAlarm pending, tlog::Checkpoint newest);

  LedgerLink& ledger_;
  Records* records_;
  const crypto::SignPublicKey key_;
  std::string unstored_;  ///< the believed note, without records
};

}  // namespace hearth::node
