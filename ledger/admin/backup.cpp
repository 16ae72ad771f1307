#include "ledger/admin/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/base/files.h"
#include "common/wire/json.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

namespace fs = std::filesystem;
using wire::Json;

constexpr int format_version = 1;
constexpr std::size_t max_facts = 16 * 1024;
constexpr std::size_t max_key_file = 256 * 1024;

fs::path facts_path(const fs::path& backup) {
  return backup / "backup.json";
}

/// Removes what it holds unless told to keep it.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

tl::unexpected<Error> io_failed(const std::string& what, const std::error_code& ec) {
  const bool full = ec == std::errc::no_space_on_device;
  return fail(
      full ? Code::disk_full : Code::io,
      what + " failed (" + ec.message() + "); nothing was kept of it. The books are as they were.");
}

/// Free, or an empty directory (which is taken away). Its parent must be there.
Result<void> ensure_free(const fs::path& path) {
  std::error_code ec;
  const fs::path parent = path.parent_path();
  if (!fs::is_directory(parent, ec))
    return fail(Code::not_found, "There is no directory " + parent.string() +
                                     " to put it in; nothing was done. Make it first.");
  if (!fs::exists(path, ec)) return {};
  if (!fs::is_directory(path, ec) || !fs::is_empty(path, ec))
    return fail(Code::already_initialised,
                path.string() +
                    " is there already and not empty; nothing was done. Choose "
                    "another place.");
  fs::remove(path, ec);
  return {};
}

Result<void> sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const std::error_code ec(errno, std::generic_category());
  if (fd >= 0) ::close(fd);
  if (!synced) return io_failed("Writing " + path.string(), ec);
  return {};
}

Result<void> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  fs::create_directory(to, ec);
  if (ec) return io_failed("Making " + to.string(), ec);
  for (fs::directory_iterator it(from, ec), end; !ec && it != end; it.increment(ec)) {
    const fs::path target = to / it->path().filename();
    if (!it->is_regular_file(ec)) continue;
    fs::copy_file(it->path(), target, ec);
    if (ec) return io_failed("Copying " + it->path().string(), ec);
    if (auto synced = sync_path(target); !synced) return synced;
  }
  if (ec) return io_failed("Reading " + from.string(), ec);
  return sync_path(to);
}

/// The key files alone, 0600, in a new directory 0700.
Result<void> copy_keys(const fs::path& from, const fs::path& to) {
  if (auto made = ensure_private_dir(to); !made) return made;
  std::error_code ec;
  for (fs::directory_iterator it(from, ec), end; !ec && it != end; it.increment(ec)) {
    if (!it->is_regular_file(ec)) continue;
    auto bytes = read_file(it->path(), max_key_file);
    if (!bytes) return pass_on(bytes.error());
    auto written = write_file_atomic(to / it->path().filename(), *bytes, 0600);
    crypto::wipe(bytes->data(), bytes->size());
    if (!written) return written;
  }
  if (ec) return io_failed("Reading " + from.string(), ec);
  return {};
}

/// Opens the copy and audits it; what it holds.
Result<AuditReport> check_copy(const fs::path& books, const AuditProgress& progress,
                               const crypto::SignPublicKey& key) {
  const auto store = store::open_rocksdb(books);
  if (!store) return pass_on(store.error());
  auto report = audit(*(*store)->snapshot(), progress, &key);
  if (!report) return report;
  if (report->difference)
    return fail(Code::corrupt,
                "The copy was made, but its books do not agree with their journal: " +
                    report->difference->what +
                    ". It was not kept. Run `hearth-ledger audit` on the ledger itself.");
  return report;
}

Result<void> write_facts(const fs::path& backup, const BackupFacts& facts) {
  const Json json{{"format", format_version},
                  {"made_ms", facts.made_ms},
                  {"records", facts.records},
                  {"root", to_hex(facts.root)},
                  {"ledger", to_base64url(facts.ledger)},
                  {"url", facts.url}};
  return write_file_atomic(facts_path(backup), as_bytes(json.dump(2) + "\n"), 0600);
}

Result<BackupFacts> read_facts(const fs::path& backup) {
  const auto bytes = read_file(facts_path(backup), max_facts);
  if (!bytes && bytes.error().code == Code::not_found)
    return fail(Code::not_found, backup.string() +
                                     " is no backup of a ledger: it has no backup.json. Nothing "
                                     "was done.");
  if (!bytes) return pass_on(bytes.error());
  const auto json = wire::parse_json(*bytes, max_facts);
  if (!json)
    return fail(Code::corrupt, facts_path(backup).string() + " is damaged; nothing was done.");
  wire::Fields fields(*json, "backup.json");
  const auto version = fields.integer("format", 0, INT32_MAX);
  if (fields.ok() && version > format_version)
    return fail(Code::usage,
                "This backup was made by a newer program; restore it with that one. "
                "Nothing was done.");
  BackupFacts facts;
  facts.made_ms = fields.integer("made_ms", 0, INT64_MAX);
  facts.records = static_cast<std::uint64_t>(fields.integer("records", 0, INT64_MAX));
  facts.root = fields.fixed_hex<32>("root");
  facts.ledger = fields.fixed_base64url<32>("ledger");
  facts.url = fields.text("url", 200);
  if (!fields.ok())
    return fail(Code::corrupt, facts_path(backup).string() + " is damaged; nothing was done.");
  return facts;
}

}  // namespace

Result<BackupFacts> make_backup(const LedgerDir& dir, const store::Store& store,
                                const BackupOrder& order, UtcMs now,
                                const AuditProgress& progress) {
  const auto keys = load_ledger_keys(dir);
  if (!keys) return pass_on(keys.error());
  if (auto is_free = ensure_free(order.to); !is_free) return pass_on(is_free.error());
  if (order.keys_to) {
    if (auto is_free = ensure_free(*order.keys_to); !is_free) return pass_on(is_free.error());
  }
  const auto before = BooksView(store).tree();
  if (!before) return pass_on(before.error());

  Unfinished partial(order.to.string() + ".partial");
  std::error_code ec;
  fs::remove_all(partial.path(), ec);
  if (auto made = ensure_private_dir(partial.path()); !made) return pass_on(made.error());
  if (auto copied = store.copy_to(partial.path() / "books"); !copied)
    return pass_on(copied.error());
  const auto report = check_copy(partial.path() / "books", progress, keys->signing.public_key());
  if (!report) return pass_on(report.error());
  if (report->records < before->size())
    return fail(Code::corrupt, "The copy lacks the last records of the journal. It was not kept.");
  const BackupFacts facts{now, report->records, report->root, keys->signing.public_key(),
                          advertised_url(dir).value_or("")};
  if (auto written = write_facts(partial.path(), facts); !written) return pass_on(written.error());
  std::optional<Unfinished> partial_keys;
  if (order.keys_to) {
    partial_keys.emplace(*order.keys_to);
    if (auto copied = copy_keys(dir.keys(), *order.keys_to); !copied)
      return pass_on(copied.error());
  }
  fs::rename(partial.path(), order.to, ec);
  if (ec) return io_failed("Naming the backup " + order.to.string(), ec);
  if (auto synced = sync_path(order.to.parent_path()); !synced) return pass_on(synced.error());
  partial.keep();
  if (partial_keys) partial_keys->keep();
  return facts;
}

Result<BackupFacts> restore_backup(const fs::path& from, const std::optional<fs::path>& keys_from,
                                   const LedgerDir& dir, const AuditProgress& progress) {
  const auto facts = read_facts(from);
  if (!facts) return facts;
  if (auto is_free = ensure_free(dir.root); !is_free) return pass_on(is_free.error());
  Unfinished made(dir.root.string() + ".partial");
  const LedgerDir partial{made.path()};
  std::error_code ec;
  fs::remove_all(partial.root, ec);
  if (auto is_private = ensure_private_dir(partial.root); !is_private)
    return pass_on(is_private.error());
  if (auto copied = copy_tree(from / "books", partial.books()); !copied)
    return pass_on(copied.error());
  const auto report = check_copy(partial.books(), progress, facts->ledger);
  if (!report) return pass_on(report.error());
  if (report->records != facts->records || report->root != facts->root)
    return fail(Code::corrupt, "The books in " + from.string() +
                                   " are not those that backup.json tells of. Nothing was kept; "
                                   "use another backup.");
  if (keys_from) {
    if (auto copied = copy_keys(*keys_from, partial.keys()); !copied)
      return pass_on(copied.error());
    const auto keys = load_ledger_keys(partial);
    if (!keys) return pass_on(keys.error());
    if (keys->signing.public_key() != facts->ledger)
      return fail(Code::wrong_signer, "The keys in " + keys_from->string() +
                                          " are another ledger's. Nothing was kept.");
  }
  if (!facts->url.empty()) {
    if (auto stored = store_advertised_url(partial, facts->url); !stored)
      return pass_on(stored.error());
  }
  fs::rename(partial.root, dir.root, ec);
  if (ec) return io_failed("Naming the directory " + dir.root.string(), ec);
  if (auto synced = sync_path(dir.root.parent_path()); !synced) return pass_on(synced.error());
  made.keep();
  return facts;
}

}  // namespace hearth::ledger
