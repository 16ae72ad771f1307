#include "ledger/admin/audit.h"

#include <thread>

#include "common/store/ahead.h"
#include "common/tlog/checkpoint.h"
#include "ledger/admin/audit_rows.h"
#include "ledger/admin/audit_state.h"

namespace hearth::ledger {
namespace {

constexpr std::uint64_t progress_every = 1'000;
constexpr std::string_view checkpoint_key = "t/checkpoint";

using Found = Result<std::optional<Difference>>;

/// Damaged values of single keys are findings, not reasons to give up.
Found as_found(const Error& error) {
  if (error.code != Code::corrupt) return tl::unexpected(error);
  return std::optional(Difference{std::nullopt, error.sentence});
}

/// The rows of records 0 to `end`, in order; one that is missing is broken, and the last.
Result<void> read_journal(const store::View& view, std::uint64_t end,
                          const store::Ahead<ReadRecord>::Give& give) {
  std::uint64_t expected = 0;
  const Bytes from = books::key(books::journal, {});
  return view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    if (expected >= end) return false;
    if (std::ranges::equal(key, books::journal_key(expected++))) return give(read_stored(value));
    ReadRecord missing;
    missing.broken = "the record is missing";
    give(std::move(missing));
    return false;
  });
}

/// Every record in order, without gaps, up to `end`.
Found replay_journal(const store::View& view, Replay& replay, std::uint64_t end,
                     const std::function<void(std::uint64_t)>& done) {
  store::Ahead<ReadRecord> journal([&](const auto& give) { return read_journal(view, end, give); });
  while (const ReadRecord* read = journal.next()) {
    if (auto found = replay.next(*read)) return found;
    done(replay.tree().size());
  }
  if (!journal.ended()) return as_found(journal.ended().error());
  return std::optional<Difference>();
}

/// Replays up to `to` once more, and looks at the rows of the records from `from` on one by one.
Found look_closely(const store::View& view, std::uint64_t from, std::uint64_t to) {
  std::vector<ExpectedRow> expected;
  Replay replay([&](ExpectedRow row) {
    if (row.index >= from && row.index < to) expected.push_back(std::move(row));
  });
  auto replayed = replay_journal(view, replay, to, [](std::uint64_t) {});
  if (!replayed) return replayed;
  return inspect_rows(view, from, to, expected);
}

class Audit {
 public:
  Audit(const store::View& view, const AuditProgress& progress, const crypto::SignPublicKey* key)
      : view_(view),
        progress_(progress),
        key_(key),
        replay_([this](ExpectedRow row) { expected_.add(row.index, row.key, row.value); }) {}

  Result<AuditReport> run() {
    const BooksView books(view_);
    const auto stored_tree = books.tree();
    if (!stored_tree && stored_tree.error().code != Code::corrupt)
      return pass_on(stored_tree.error());
    total_ = stored_tree ? stored_tree->size() : 0;
    if (auto read = read_checkpoint(); !read) return pass_on(read.error());

    Found rows = std::optional<Difference>();
    std::thread reader([&] { rows = sum_stored_rows(view_, total_, stored_); });
    Found found = replay_journal(view_, replay_, UINT64_MAX, [this](std::uint64_t done) {
      if (checkpoint_ && done == checkpoint_->size) is_checkpoint_ = root_is(checkpoint_->root);
      if (progress_ && done % progress_every == 0) progress_(done, total_);
    });
    reader.join();
    if (found) found = with_rows(*found, rows, stored_tree.has_value());
    if (found && !*found) found = compare_tree(stored_tree, replay_);
    if (found && !*found) found = rows;
    if (found && !*found) found = compare_checkpoint();
    if (found && !*found) found = compare_state(view_, replay_);
    if (!found) return pass_on(found.error());
    if (progress_) progress_(replay_.tree().size(), total_);
    return AuditReport{replay_.tree().size(),   replay_.accounts().size(), replay_.homes().size(),
                       replay_.offers().size(), replay_.counts(),          replay_.tree().root(),
                       std::move(*found)};
  }

 private:
  bool root_is(const Digest& root) const { return replay_.tree().root() == root; }

  /// What the rows say about records before the difference that the journal itself shows.
  Found with_rows(std::optional<Difference> journal, const Found& rows, bool has_tree) {
    if (!rows) return rows;
    // Rows were counted up to the tree's size only; the tree has the word first then.
    if (!has_tree || (!journal && replay_.tree().size() != total_)) return journal;
    const std::uint64_t end = journal ? *journal->index : replay_.tree().size();
    const auto part = expected_.first_difference(stored_);
    if (!part || *part << RowSums::records_log2 >= end) return journal;
    const std::uint64_t from = *part << RowSums::records_log2;
    const std::uint64_t to = std::min<std::uint64_t>(end, from + (1 << RowSums::records_log2));
    auto closer = look_closely(view_, from, to);
    if (!closer || *closer) return closer;
    // The part with the journal's own difference is never complete on both sides.
    if (journal || *rows) return journal;
    return std::optional(Difference{from, "the rows of one of the next 1024 records differ"});
  }

  Result<void> read_checkpoint() {
    const auto note = view_.get(as_bytes(checkpoint_key));
    if (!note) return pass_on(note.error());
    if (!*note || !key_) return {};
    auto read = tlog::read_checkpoint(as_text(**note), *key_);
    if (read)
      checkpoint_ = *read;
    else
      bad_checkpoint_ = read.error().sentence;
    if (checkpoint_ && checkpoint_->size == 0) is_checkpoint_ = root_is(checkpoint_->root);
    return {};
  }

  Found compare_checkpoint() const {
    const auto nowhere = [](std::string what) {
      return std::optional(Difference{std::nullopt, std::move(what)});
    };
    if (bad_checkpoint_) return nowhere("the last signed checkpoint: " + *bad_checkpoint_);
    if (!checkpoint_ || is_checkpoint_) return std::optional<Difference>();
    if (checkpoint_->size > replay_.tree().size())
      return std::optional(Difference{
          replay_.tree().size(), "the record is missing: a checkpoint of " +
                                     std::to_string(checkpoint_->size) + " records was signed"});
    return nowhere("the journal's first " + std::to_string(checkpoint_->size) +
                   " records are not those of the last signed checkpoint");
  }

  const store::View& view_;
  const AuditProgress& progress_;
  const crypto::SignPublicKey* key_;
  const crypto::Fingerprint fingerprint_;
  RowSums expected_{fingerprint_}, stored_{fingerprint_};
  Replay replay_;
  std::uint64_t total_ = 0;
  std::optional<tlog::Checkpoint> checkpoint_;
  std::optional<std::string> bad_checkpoint_;
  bool is_checkpoint_ = false;
};

}  // namespace

Result<AuditReport> audit(const store::View& view, const AuditProgress& progress,
                          const crypto::SignPublicKey* key) {
  return Audit(view, progress, key).run();
}

}  // namespace hearth::ledger
