#include "ledger/transparency/transparency.h"

#include <algorithm>
#include <future>

#include "common/base/codec.h"
#include "common/base/crash_point.h"
#include "common/base/files.h"
#include "common/base/log.h"
#include "common/tlog/proof_file.h"
#include "ledger/engine/book_tiles.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

tl::unexpected<Error> contradiction(const std::string& what) {
  return fail(Code::corrupt,
              "The ledger's books contradict a checkpoint that this ledger signed: " + what +
                  ". Nothing was signed or changed. Stop the ledger, keep a copy of "
                  "its directory, run `hearth-ledger audit`, and restore the last "
                  "backup whose audit is clean.");
}

tl::unexpected<Error> restored(const std::string& what) {
  return fail(Code::restored,
              "These books are older than what this ledger has signed, as after restoring a "
              "backup: " +
                  what +
                  ". Nothing was changed. Homes will be alarmed, and what was bought since that "
                  "backup is not in these books. Look for newer books first; if there are none, "
                  "start once with --accept-restored.");
}

/// Whether the journal in the view begins with the checkpoint's tree.
Result<bool> contains(const store::View& view, const tlog::Checkpoint& checkpoint) {
  const auto tree = BooksView(view).tree();
  if (!tree) return pass_on(tree.error());
  if (checkpoint.size > tree->size()) return false;
  BookTiles tiles(view);
  const auto root = tlog::tree_root(checkpoint.size, tiles);
  if (!root) return pass_on(root.error());
  return *root == checkpoint.root;
}

Result<void> write_through(Engine& engine, store::Batch batch) {
  std::promise<Result<std::uint64_t>> promise;
  auto answer = promise.get_future();
  engine.submit_side(std::move(batch), [&promise](Result<std::uint64_t> result) {
    promise.set_value(std::move(result));
  });
  const auto written = answer.get();
  if (!written) return pass_on(written.error());
  return {};
}

}  // namespace

Result<std::optional<std::string>> stored_checkpoint(const store::View& view) {
  const auto value = view.get(as_bytes(checkpoint_row));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<std::string>();
  return std::optional(std::string(as_text(**value)));
}

Result<std::unique_ptr<Transparency>> Transparency::open(const store::Store& store, Engine& engine,
                                                         const crypto::SignKey& key,
                                                         Options options, UtcMs now) {
  std::unique_ptr<Transparency> out(new Transparency(store, engine, key, std::move(options)));
  auto recalled = recall(*store.snapshot(), key.public_key(), out->options_);
  if (!recalled) return pass_on(recalled.error());
  out->last_ = std::move(recalled->last);
  Result<void> kept;
  if (recalled->lost) kept = out->accept(recalled->lost_note, now);
  // An older file, put there by somebody.
  if (recalled->file_is_old)
    kept = write_file_atomic(out->options_.file, as_bytes(out->last_->note), 0600);
  if (!kept) return pass_on(kept.error());
  return out;
}

Result<Transparency::Recalled> Transparency::recall(const store::View& view,
                                                    const crypto::SignPublicKey& key,
                                                    const Options& options) {
  Recalled out;
  const auto in_books = stored_checkpoint(view);
  if (!in_books) return pass_on(in_books.error());
  if (*in_books) {
    const auto checkpoint = tlog::read_checkpoint(**in_books, key);
    if (!checkpoint) return contradiction("the one in the books is not signed by its key");
    const auto there = contains(view, *checkpoint);
    if (!there) return pass_on(there.error());
    if (!*there) return contradiction("the journal does not contain the one in the books");
    out.last = Signed{**in_books, *checkpoint};
  }
  if (options.file.empty()) return out;
  const auto bytes = read_file(options.file, tlog::max_note_bytes);
  if (!bytes && bytes.error().code != Code::not_found) return pass_on(bytes.error());
  if (!bytes) {
    out.lost = out.last.has_value();
    if (!out.lost || options.accept_restored) return out;
    return restored("there is no " + options.file.string() +
                    ", which holds the last signed checkpoint");
  }
  const std::string note(as_text(*bytes));
  const auto outside = tlog::read_checkpoint(note, key);
  if (!outside)
    return fail(Code::corrupt, "The file " + options.file.string() +
                                   " does not hold a checkpoint that this ledger's key signed: " +
                                   outside.error().sentence +
                                   " Nothing was changed. Put the right keys and file back.");
  const auto there = contains(view, *outside);
  if (!there) return pass_on(there.error());
  if (!*there) {
    out.lost = true;
    out.lost_note = note;
    if (options.accept_restored) return out;
    return restored("a checkpoint of " + std::to_string(outside->size) +
                    " records was signed, and this journal does not contain it");
  }
  out.file_is_old = out.last && out.last->checkpoint.size > outside->size;
  if (!out.file_is_old) out.last = Signed{note, *outside};
  return out;
}

Result<void> Transparency::check(const store::View& view, const crypto::SignPublicKey& key,
                                 const Options& options) {
  const auto recalled = recall(view, key, options);
  if (!recalled) return pass_on(recalled.error());
  return {};
}

Result<void> Transparency::accept(const std::optional<std::string>& lost, UtcMs now) {
  spdlog::critical(
      "books that do not contain the last signed checkpoint are accepted by the operator{}",
      last_ ? "; they go on after record " + std::to_string(last_->checkpoint.size) : "");
  Writer time;
  time.i64(now);
  Bytes row = to_bytes(as_bytes(accepted_rows));
  append(row, time.view());
  store::Batch batch;
  batch.put(row, as_bytes(lost.value_or("")));
  if (auto written = write_through(engine_, std::move(batch)); !written) return written;
  if (last_) return write_file_atomic(options_.file, as_bytes(last_->note), 0600);
  std::error_code ignored;
  std::filesystem::remove(options_.file, ignored);
  return {};
}

std::optional<Transparency::Signed> Transparency::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

std::int64_t Transparency::due_in_ms() const {
  const std::lock_guard lock(mutex_);
  if (!signed_at_) return 0;
  const auto passed =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *signed_at_).count();
  return std::max<std::int64_t>(checkpoint_interval_ms - passed, 0);
}

Result<Transparency::Signed> Transparency::latest() {
  const std::lock_guard lock(signing_);
  if (auto known = last(); known && due_in_ms() > 0) return std::move(*known);
  return sign();
}

Result<Transparency::Signed> Transparency::sign() {
  const auto snapshot = store_.snapshot();
  const auto tree = BooksView(*snapshot).tree();
  if (!tree) return pass_on(tree.error());
  const auto before = last();
  const tlog::Checkpoint next{tree->size(), tree->root()};
  if (before && before->checkpoint == next) return *before;
  // What is signed must follow from the tiles that are served, and contain what was signed.
  for (const tlog::Checkpoint& one : {next, before ? before->checkpoint : next}) {
    const auto there = contains(*snapshot, one);
    if (!there) return pass_on(there.error());
    if (*there) continue;
    auto alarm = contradiction("the tree of " + std::to_string(one.size) + " records is another");
    spdlog::critical("{}", alarm.value().sentence);
    return alarm;
  }
  Signed signed_now{tlog::sign_checkpoint(next, key_), next};
  if (auto kept = keep(signed_now.note); !kept) return pass_on(kept.error());
  publish(signed_now);
  return signed_now;
}

Result<void> Transparency::keep(const std::string& note) {
  crash_point("ledger.checkpoint.before");
  // The file first: whenever the books have signed anything, there is a file.
  if (!options_.file.empty()) {
    auto written = write_file_atomic(options_.file, as_bytes(note), 0600);
    if (!written) return written;
  }
  crash_point("ledger.checkpoint.after_file");
  store::Batch batch;
  batch.put(as_bytes(checkpoint_row), as_bytes(note));
  return write_through(engine_, std::move(batch));
}

void Transparency::publish(Signed one) {
  const std::lock_guard lock(mutex_);
  last_ = std::move(one);
  signed_at_ = Clock::now();
}

Result<Bytes> Transparency::tile(const tlog::TileId& tile) const {
  const auto known = last();
  if (!known || tlog::width_in(known->checkpoint.size, tile.level, tile.index) < tile.width)
    return fail(Code::not_found, "The ledger's signed journal has no such tile.");
  BookTiles tiles(store_);
  const auto hashes = tiles.read_tile(tile);
  if (!hashes) return pass_on(hashes.error());
  return encode_tile(*hashes);
}

Result<tlog::Proof> Transparency::consistency(std::uint64_t from, std::uint64_t to) const {
  const auto known = last();
  if (!known || from > to || to > known->checkpoint.size)
    return fail(Code::not_found,
                "The ledger's signed journal does not have so many records, or the sizes are the "
                "wrong way round.");
  BookTiles tiles(store_);
  return tlog::consistency_proof(from, to, tiles);
}

Result<std::string> Transparency::proof_of(std::uint64_t index) const {
  const auto known = last();
  if (!known || index >= known->checkpoint.size)
    return fail(Code::not_found, "The record is not in a signed checkpoint yet.");
  const auto snapshot = store_.snapshot();
  const auto value = snapshot->get(books::journal_key(index));
  if (!value) return pass_on(value.error());
  const auto stored = *value ? split_stored(**value) : std::nullopt;
  if (!stored) return contradiction("record " + std::to_string(index) + " is missing");
  BookTiles tiles(*snapshot);
  auto hashes = tlog::inclusion_proof(index, known->checkpoint.size, tiles);
  if (!hashes) return pass_on(hashes.error());
  tlog::ProofFile proof{to_bytes(stored->salt), index, std::move(*hashes), known->note};
  append(proof.extra, stored->record);
  return tlog::write_proof(proof);
}

}  // namespace hearth::ledger
