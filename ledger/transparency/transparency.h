// The ledger's history in public (docs/protocol.md §15): signs checkpoints of the journal's tree
// and answers with tiles, consistency and the proof of one record. It never signs a history that
// does not contain what it signed before: the last signed checkpoint is in the books and in a file
// outside of them before anybody sees it, and at start the journal must contain both. So a backup
// that was restored is noticed.
//
// Nothing beyond the last signed checkpoint is shown. Threads: any; it reads and syncs, so pool
// threads, except last() and due_in_ms().
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/store/store.h"
#include "common/tlog/checkpoint.h"
#include "common/tlog/tiles.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

inline constexpr std::int64_t checkpoint_interval_ms = 1'000;       ///< at most one so often
inline constexpr std::string_view checkpoint_row = "t/checkpoint";  ///< → the signed note
inline constexpr std::string_view accepted_rows = "t/accepted/";    ///< time → the note given up

class Transparency {
 public:
  struct Options {
    std::filesystem::path file;    ///< the copy outside of the books; empty: none is kept
    bool accept_restored = false;  ///< go on with books that lack what was signed; see open()
  };
  struct Signed {
    std::string note;
    tlog::Checkpoint checkpoint;
  };
  /// All outlive it. Code::restored when the journal does not contain what the file holds, or the
  /// file is gone though the books have signed: accepted knowingly, the note that is given up is
  /// kept in the books and an alarm is logged. Code::corrupt when the books contradict themselves
  /// or are another key's.
  /// What open() refuses, asked of books that nobody has opened for writing yet.
  static Result<void> check(const store::View& view, const crypto::SignPublicKey& key,
                            const Options& options);
  static Result<std::unique_ptr<Transparency>> open(const store::Store& store, Engine& engine,
                                                    const crypto::SignKey& key, Options options,
                                                    UtcMs now);

  /// The newest signed one; signs when the journal has grown and the last is old enough.
  /// Code::corrupt: the books have lost or changed records; nothing was signed.
  Result<Signed> latest();
  std::optional<Signed> last() const;
  /// When latest() would sign again; 0: now.
  std::int64_t due_in_ms() const;

  /// Of the signed tree only; Code::not_found beyond it.
  Result<Bytes> tile(const tlog::TileId& tile) const;
  Result<tlog::Proof> consistency(std::uint64_t from, std::uint64_t to) const;
  /// A proof file that opens record `index`. Code::not_found: not signed yet, or no such record.
  Result<std::string> proof_of(std::uint64_t index) const;

 private:
  Transparency(const store::Store& store, Engine& engine, crypto::SignKey key, Options options)
      : store_(store), engine_(engine), key_(std::move(key)), options_(std::move(options)) {}
  struct Recalled {
    std::optional<Signed> last;
    bool lost = false;  ///< these books lack what was signed, and the operator accepts it
    std::optional<std::string> lost_note;
    bool file_is_old = false;
  };
  static Result<Recalled> recall(const store::View& view, const crypto::SignPublicKey& key,
                                 const Options& options);
  Result<void> accept(const std::optional<std::string>& lost, UtcMs now);
  Result<Signed> sign();
  Result<void> keep(const std::string& note);
  void publish(Signed one);

  using Clock = std::chrono::steady_clock;
  const store::Store& store_;
  Engine& engine_;
  const crypto::SignKey key_;
  const Options options_;
  std::mutex signing_;        // one signs at a time
  mutable std::mutex mutex_;  // Guards: last_, signed_at_
  std::optional<Signed> last_;
  std::optional<Clock::time_point> signed_at_;
};

/// The last signed note of the books of a stopped ledger; nullopt: none was ever signed.
Result<std::optional<std::string>> stored_checkpoint(const store::View& view);

}  // namespace hearth::ledger
