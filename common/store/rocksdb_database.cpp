#include "common/store/rocksdb_database.h"

#include <algorithm>

#include <rocksdb/iterator.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include "common/base/log.h"
#include "common/store/reserved.h"
#include "common/store/rocksdb_tuning.h"

namespace hearth::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t moved_at_once_bytes = 4 << 20;
constexpr std::uint64_t worth_flushing_bytes = 8 << 20;

bool begins_with(ByteView key, ByteView prefix) {
  return key.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), key.begin());
}

bool says(const rocksdb::Status& status, std::string_view words) {
  return status.ToString().find(words) != std::string::npos;
}

}  // namespace

tl::unexpected<Error> fail_with(const rocksdb::Status& status, const fs::path& dir,
                                std::string_view doing) {
  const std::string where = " the store in " + dir.string();
  if (status.IsNoSpace() || says(status, "No space left on device")) {
    return fail(Code::disk_full, "The disk is full: " + std::string(doing) + where +
                                     " failed and nothing of the change was kept. Make room on "
                                     "the disk; no restart is needed.");
  }
  if (says(status, "While lock file") || says(status, "lock hold by current process")) {
    return fail(Code::locked,
                "Another program uses" + where + ". Nothing was changed. Stop that program first.");
  }
  if (doing == "opening" && says(status, "No such file or directory")) {
    return fail(Code::corrupt, "A file of" + where + " is missing (" + status.ToString() +
                                   "). Nothing was changed. Restore the directory from a backup.");
  }
  if (status.IsCorruption()) {
    return fail(Code::corrupt, "Damaged data: " + std::string(doing) + where + " failed (" +
                                   status.ToString() +
                                   "). Stop the program and restore the directory from a backup.");
  }
  return fail(Code::io, std::string(doing) + where + " failed (" + status.ToString() +
                            "); nothing of the change was kept. Check the disk and that the "
                            "directory can be written, then start the program again.");
}

namespace {

/// Without its file CURRENT RocksDB would begin a new, empty database over the old one's files.
Result<void> check_not_beheaded(const fs::path& dir) {
  std::error_code ec;
  if (fs::exists(dir / "CURRENT", ec)) return {};
  for (const auto& entry : fs::directory_iterator(dir, ec)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("MANIFEST-") || name.ends_with(".sst"))
      return fail(Code::corrupt, "The file CURRENT is missing in " + dir.string() +
                                     ", though there is data. Nothing was changed. Restore the "
                                     "directory from a backup.");
  }
  return {};
}

/// The names of the families of a database; none when there is no database yet.
Result<std::vector<std::string>> names_of(const rocksdb::Options& options, const fs::path& dir) {
  std::vector<std::string> names;
  std::error_code ec;
  if (!fs::exists(dir / "CURRENT", ec)) return names;
  const rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, dir.string(), &names);
  if (!status.ok()) return fail_with(status, dir, "opening");
  return names;
}

}  // namespace

Result<std::shared_ptr<const Database>> Database::open(rocksdb::Env* env, const fs::path& dir,
                                                       const std::vector<Kind>& kinds) {
  if (auto whole = check_not_beheaded(dir); !whole) return pass_on(whole.error());
  rocksdb::Options options = tuned_options();
  if (env != nullptr) options.env = env;
  options.create_missing_column_families = true;
  auto names = names_of(options, dir);
  if (!names) return pass_on(names.error());
  for (const Kind& kind : kinds) names->push_back(kind.prefix);
  names->push_back(rocksdb::kDefaultColumnFamilyName);
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted;
  for (const std::string& name : *names) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&name](const Kind& one) { return one.prefix == name; });
    wanted.emplace_back(
        name, tuned_for(kind == kinds.end() ? Kind::Keys::rewritten : kind->keys, options));
  }

  const std::shared_ptr<Database> out(new Database);
  out->dir_ = dir;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(options, dir.string(), wanted, &out->handles_, &opened);
  if (!status.ok()) return fail_with(status, dir, "opening");
  out->db_.reset(opened);
  for (std::size_t i = 0; i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    if (name == rocksdb::kDefaultColumnFamilyName) continue;
    const Family family{to_bytes(as_bytes(name)), prefix_end(as_bytes(name)), out->handles_[i]};
    if (auto gathered = out->gather(family); !gathered) return pass_on(gathered.error());
    out->families_.push_back(family);
  }
  return std::shared_ptr<const Database>(out);
}

Database::~Database() {
  if (!db_) return;
  flush();
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
}

// Otherwise the next opening reads it all from the log. Should this fail, the log is still there.
void Database::flush() const {
  std::uint64_t in_memory = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &in_memory);
  if (in_memory < worth_flushing_bytes) return;
  rocksdb::FlushOptions at_once;
  at_once.allow_write_stall = true;
  (void)db_->Flush(at_once, handles_);
}

// Each key is in one place at any moment: it is put here and deleted there in one write. A note
// says when all of them are here.
Result<void> Database::gather(const Family& family) {
  rocksdb::ColumnFamilyHandle* everything = db_->DefaultColumnFamily();
  Bytes note = to_bytes(gathered_key);
  append(note, family.from);
  std::string noted;
  const rocksdb::Status found = db_->Get({}, everything, slice(note), &noted);
  if (found.ok()) return {};
  if (!found.IsNotFound()) return fail_with(found, dir_, "reading");
  rocksdb::ReadOptions in_range;
  const rocksdb::Slice upper = slice(family.to);
  if (!family.to.empty()) in_range.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(in_range, everything));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::WriteBatch moved;
  std::size_t keys = 0;
  for (it->Seek(slice(family.from)); it->Valid(); it->Next(), ++keys) {
    moved.Put(family.handle, it->key(), it->value());
    moved.Delete(everything, it->key());
    if (moved.GetDataSize() < moved_at_once_bytes) continue;
    if (const auto status = db_->Write(synced, &moved); !status.ok())
      return fail_with(status, dir_, "writing");
    moved.Clear();
  }
  if (!it->status().ok()) return fail_with(it->status(), dir_, "reading");
  moved.Put(everything, slice(note), slice(gathered_note));
  if (const auto status = db_->Write(synced, &moved); !status.ok())
    return fail_with(status, dir_, "writing");
  if (keys == 0) return {};
  spdlog::info("the store in {} keeps {} of its keys apart from now on", dir_.string(), keys);
  const rocksdb::Slice from = slice(family.from);
  // What was deleted would be in the way of every scan there; should this fail, it goes in time.
  (void)db_->CompactRange({}, everything, &from, family.to.empty() ? nullptr : &upper);
  return {};
}

rocksdb::ColumnFamilyHandle* Database::family_of(ByteView key) const {
  for (const Family& family : families_)
    if (begins_with(key, family.from)) return family.handle;
  return db_->DefaultColumnFamily();
}

Result<std::optional<Bytes>> Database::get(const rocksdb::ReadOptions& options,
                                           ByteView key) const {
  count_nothing();
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_->Get(options, family_of(key), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail_with(status, dir_, "reading");
  return to_bytes(view(value));
}

Result<std::vector<std::optional<Bytes>>> Database::get_all(const std::vector<Bytes>& keys) const {
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::vector<rocksdb::Slice> slices;
  for (const Bytes& key : keys) {
    families.push_back(family_of(key));
    slices.push_back(slice(key));
  }
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> found(keys.size());
  count_nothing();
  db_->MultiGet({}, keys.size(), families.data(), slices.data(), values.data(), found.data());
  std::vector<std::optional<Bytes>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_reserved(keys[i])) continue;
    if (found[i].ok())
      out[i] = to_bytes(view(values[i]));
    else if (!found[i].IsNotFound())
      return fail_with(found[i], dir_, "reading");
  }
  return out;
}

Result<void> Database::scan(rocksdb::ReadOptions options, ByteView from, ByteView to,
                            const std::function<bool(ByteView, ByteView)>& visit) const {
  if (from.empty() || is_reserved(from)) from = first_user_key;
  struct Piece {
    ByteView from, to;
    rocksdb::ColumnFamilyHandle* handle;
  };
  const auto lies_before = [](ByteView key, ByteView end) {
    return end.empty() || slice(key).compare(slice(end)) < 0;
  };
  std::vector<Piece> pieces;
  bool at_end = !lies_before(from, to);
  for (const Family& family : families_) {
    if (at_end || !lies_before(family.from, to)) break;
    if (!lies_before(from, family.to)) continue;
    if (lies_before(from, family.from)) {
      pieces.push_back({from, family.from, db_->DefaultColumnFamily()});
      from = family.from;
    }
    at_end = family.to.empty() || !lies_before(family.to, to);
    pieces.push_back({from, at_end ? to : ByteView(family.to), family.handle});
    from = family.to;
  }
  if (!at_end) pieces.push_back({from, to, db_->DefaultColumnFamily()});

  count_nothing();
  std::optional<rocksdb::ManagedSnapshot> moment;
  if (pieces.size() > 1 && options.snapshot == nullptr)
    options.snapshot = moment.emplace(db_.get()).snapshot();
  for (const Piece& piece : pieces) {
    const rocksdb::Slice upper = slice(piece.to);
    options.iterate_upper_bound = piece.to.empty() ? nullptr : &upper;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, piece.handle));
    for (it->Seek(slice(piece.from)); it->Valid(); it->Next())
      if (!visit(view(it->key()), view(it->value()))) return {};
    if (!it->status().ok()) return fail_with(it->status(), dir_, "reading");
  }
  return {};
}

}  // namespace hearth::store
