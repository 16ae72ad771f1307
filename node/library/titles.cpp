#include <algorithm>

#include "common/base/files.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "node/library/node_titles.h"
#include "node/library/probe.h"
#include "node/swarm/torrent_file.h"

namespace hearth::node {
namespace {

constexpr std::uint64_t largest_file = 1ull << 42;

bool is_hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// One match by id, by unique id prefix of at least 4 digits, or by exact name.
template <class Map, class IdOf, class NameOf>
auto find_one(const Map& map, const std::string& wanted, IdOf id_of, NameOf name_of)
    -> Result<typename Map::const_iterator> {
  std::vector<typename Map::const_iterator> found;
  for (auto it = map.begin(); it != map.end(); ++it) {
    if (name_of(*it) == wanted) found.push_back(it);
  }
  if (found.empty() && wanted.size() >= 4 && is_hex(wanted)) {
    for (auto it = map.begin(); it != map.end(); ++it) {
      if (id_of(*it).starts_with(wanted)) found.push_back(it);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(Code::not_found, "Nothing here is called \"" + printable(wanted) +
                                     "\". List what is there and use its id or its full name.");
  }
  return fail(Code::not_found, "\"" + printable(wanted) + "\" stands for " +
                                   std::to_string(found.size()) +
                                   " of them. Use the id of the one that is meant.");
}

/// Pool thread. Everything about a file that needs the disk or a child process.
Result<Item> look_at(const std::filesystem::path& path) {
  std::error_code ec;
  const std::filesystem::path real = std::filesystem::canonical(path, ec);
  if (ec) {
    return fail(Code::not_found, "There is no file \"" + printable(path.string()) +
                                     "\": " + ec.message() + ". Nothing was added.");
  }
  if (!std::filesystem::is_regular_file(real, ec)) {
    return fail(Code::io, "\"" + printable(real.string()) +
                              "\" is not a file. Nothing was added; name the file itself.");
  }
  auto name = checked_name(real.filename().string());
  if (!name) return pass_on(name.error());
  auto stamp = file_stamp(real);
  if (!stamp) return pass_on(stamp.error());
  if (stamp->size > largest_file) {
    return fail(Code::too_large, "The file has more than 4 TiB. Nothing was added.");
  }
  Item out;
  out.path = real;
  out.name = std::move(*name);
  out.size = stamp->size;
  out.modified_ms = stamp->modified_ms;
  out.probe = probe_file(real);
  return out;
}

}  // namespace

Result<std::unique_ptr<Titles>> Titles::open(net::Loop& loop, net::Pool& pool, store::Store& store,
                                             std::uint64_t writer_epoch, Swarm& swarm,
                                             Options options) {
  auto titles =
      std::make_unique<NodeTitles>(loop, pool, store, writer_epoch, swarm, options.dir / "titles");
  if (auto loaded = titles->load(); !loaded) return pass_on(loaded.error());
  return titles;
}

NodeTitles::NodeTitles(net::Loop& loop, net::Pool& pool, store::Store& store,
                       std::uint64_t writer_epoch, Swarm& swarm, std::filesystem::path dir)
    : loop_(loop),
      pool_(pool),
      store_(store),
      writer_epoch_(writer_epoch),
      swarm_(swarm),
      dir_(std::move(dir)),
      published_(loop),
      changed_(loop) {}

NodeTitles::~NodeTitles() = default;

Result<void> NodeTitles::load() {
  if (auto made = ensure_private_dir(dir_); !made) return made;
  if (auto loaded = load_items(); !loaded) return loaded;
  if (auto loaded = load_titles(); !loaded) return loaded;
  remove_leftovers();
  const std::weak_ptr<bool> alive = alive_;
  swarm_.on_event([this, alive](const Swarm::Event& event) {
    if (!alive.expired()) on_swarm_event(event);
  });
  seed_all();
  return {};
}

Result<void> NodeTitles::load_items() {
  std::optional<Error> problem;
  auto scanned = store_.scan(as_bytes(item_prefix), store::prefix_end(as_bytes(item_prefix)),
                             [&](ByteView, ByteView value) {
                               auto item = read_item(value);
                               if (!item) {
                                 problem = item.error();
                                 return false;
                               }
                               items_.insert_or_assign(item->id, *item);
                               return true;
                             });
  if (scanned && problem) return pass_on(*problem);
  return scanned;
}

Result<void> NodeTitles::load_titles() {
  std::optional<Error> problem;
  auto scanned = store_.scan(as_bytes(title_prefix), store::prefix_end(as_bytes(title_prefix)),
                             [&](ByteView, ByteView value) {
                               auto record = read_title(value);
                               if (!record) {
                                 problem = record.error();
                                 return false;
                               }
                               const wire::Manifest& manifest = record->title.manifest;
                               by_info_hash_[manifest.info_hash] = manifest.title;
                               titles_.insert_or_assign(manifest.title, *record);
                               return true;
                             });
  if (scanned && problem) return pass_on(*problem);
  return scanned;
}

// What a publish left that died before its commit: part files, and ciphertexts without a record.
// Only files of this room's own names are touched.
void NodeTitles::remove_leftovers() {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(dir_, ec)) {
    const std::string name = entry.path().filename().string();
    const bool is_part = name.ends_with(".part");
    bool is_orphan = false;
    if (name.size() == 64 && is_hex(name)) {
      const auto bytes = from_hex(name);
      wire::TitleId id{};
      std::copy(bytes->begin(), bytes->end(), id.begin());
      is_orphan = !titles_.contains(id);
    }
    if (!is_part && !is_orphan) continue;
    spdlog::info("library: removing what an interrupted publish left behind");
    std::error_code ignored;
    std::filesystem::remove(entry.path(), ignored);
  }
}

void NodeTitles::seed_all() {
  for (const auto& [id, record] : titles_) {
    if (record.forgotten) continue;
    auto torrent = torrent_of(id);
    Result<void> added =
        torrent ? swarm_.add(std::move(*torrent), data_file(id), false) : pass_on(torrent.error());
    if (!added) spdlog::error("library: {}", added.error().sentence);
  }
}

net::Task<Result<Item>> NodeTitles::add_item(std::filesystem::path path) {
  const std::weak_ptr<bool> alive = alive_;
  auto work = [path = std::move(path)] { return look_at(path); };
  auto looked = co_await net::on_pool(pool_, std::move(work));
  if (!looked) co_return looked;
  if (alive.expired()) co_return fail(Code::interrupted, "The node is stopping.");
  Item item = std::move(*looked);
  for (const auto& [id, known] : items_) {
    if (known.path == item.path) item.id = id;
  }
  while (item.id.empty() || (items_.contains(item.id) && items_[item.id].path != item.path)) {
    item.id = to_hex(crypto::random_array<4>());
  }
  store::Batch batch;
  batch.put(item_key(item.id), write_item(item));
  if (auto kept = store_.commit(batch, writer_epoch_); !kept) co_return pass_on(kept.error());
  items_.insert_or_assign(item.id, item);
  co_return item;
}

std::vector<Item> NodeTitles::items() const {
  std::vector<Item> out;
  for (const auto& [id, item] : items_) out.push_back(item);
  std::sort(out.begin(), out.end(), [](const Item& a, const Item& b) {
    return std::tie(a.name, a.id) < std::tie(b.name, b.id);
  });
  return out;
}

Result<Item> NodeTitles::item(const std::string& id_or_name) const {
  auto found = find_one(
      items_, id_or_name, [](const auto& entry) { return entry.first; },
      [](const auto& entry) { return entry.second.name; });
  if (!found) return pass_on(found.error());
  return (*found)->second;
}

std::vector<Title> NodeTitles::titles() const {
  std::vector<Title> out;
  for (const auto& [id, record] : titles_) out.push_back(record.title);
  std::sort(out.begin(), out.end(), [](const Title& a, const Title& b) {
    return std::tie(a.added_ms, a.manifest.title) < std::tie(b.added_ms, b.manifest.title);
  });
  return out;
}

Result<TitleRecord> NodeTitles::record_of(const wire::TitleId& id) const {
  const auto found = titles_.find(id);
  if (found != titles_.end()) return found->second;
  return fail(Code::not_found, "This home does not have that title.");
}

Result<Title> NodeTitles::title(const wire::TitleId& id) const {
  auto record = record_of(id);
  if (!record) return pass_on(record.error());
  return record->title;
}

Result<Title> NodeTitles::find(const std::string& id_or_name) const {
  auto found = find_one(
      titles_, id_or_name, [](const auto& entry) { return to_hex(entry.first); },
      [](const auto& entry) { return entry.second.title.manifest.name; });
  if (!found) return pass_on(found.error());
  return (*found)->second.title;
}

Result<Bytes> NodeTitles::torrent_of(const wire::TitleId& id) const {
  auto torrent = store_.get(title_torrent_key(id));
  if (!torrent) return pass_on(torrent.error());
  if (!*torrent) return fail(Code::not_found, "This home does not have that title's torrent.");
  return std::move(**torrent);
}

std::filesystem::path NodeTitles::data_file(const wire::TitleId& id) const {
  return dir_ / to_hex(id);
}

Result<void> NodeTitles::keep(TitleRecord record, const Bytes* torrent) {
  const wire::TitleId id = record.title.manifest.title;
  store::Batch batch;
  batch.put(title_key(id), write_title(record));
  if (torrent != nullptr) batch.put(title_torrent_key(id), *torrent);
  if (auto kept = store_.commit(batch, writer_epoch_); !kept) return kept;
  by_info_hash_[record.title.manifest.info_hash] = id;
  titles_.insert_or_assign(id, std::move(record));
  changed_.notify_all();
  return {};
}

}  // namespace hearth::node
