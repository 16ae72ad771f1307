#include <atomic>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "node/library/disk_room.h"
#include "node/library/node_titles.h"
#include "node/library/reader.h"
#include "node/swarm/torrent_file.h"

namespace hearth::node {
namespace {

namespace age = crypto::age;

wire::Manifest manifest_of(const Item& item, const TorrentInfo& info, const crypto::SignKey& home) {
  wire::Manifest out;
  out.home = {home.public_key()};
  out.name = item.name;
  out.kind = item.probe.kind;
  out.media_type = item.probe.media_type;
  out.title = info.title;
  out.info_hash = info.info_hash;
  out.size = item.size;
  out.piece_length = info.piece_length;
  out.duration_ms = item.probe.duration_ms;
  out.width = item.probe.width;
  out.height = item.probe.height;
  out.codecs = item.probe.codecs;
  out.poster = item.probe.poster;
  out.issued_ms = now_ms();
  return out;
}

Result<void> check_agree(const wire::Manifest& manifest, const TorrentInfo& info) {
  const char* what = nullptr;
  if (manifest.title != info.title || manifest.info_hash != info.info_hash)
    what = "title";
  else if (manifest.piece_length != info.piece_length)
    what = "piece length";
  else if (age::payload_size(manifest.size) != info.size)
    what = "size";
  if (what == nullptr) return {};
  return fail(Code::bad_torrent, std::string("The torrent's ") + what +
                                     " is not the one that the seller signed. Nothing was fetched; "
                                     "ask the seller.");
}

Error stopping() {
  return {Code::interrupted, "The node is stopping. Nothing was published; publish again later."};
}

}  // namespace

const TitleRecord* NodeTitles::published_before(const Item& item, bool is_private) const {
  for (const auto& [id, record] : titles_) {
    if (record.title.origin == TitleOrigin::published && !record.forgotten &&
        record.is_private == is_private && record.source_path == item.path.string() &&
        record.source_size == item.size && record.source_modified_ms == item.modified_ms) {
      return &record;
    }
  }
  return nullptr;
}

net::Task<Result<Titles::Published>> NodeTitles::publish(Item item, bool is_private,
                                                         std::string tracker_url,
                                                         const crypto::SignKey& home,
                                                         Progress progress) {
  return publish_one(std::move(item), is_private, std::move(tracker_url), home,
                     std::move(progress));
}

net::Task<Result<Titles::Published>> NodeTitles::publish_one(Item item, bool is_private,
                                                             std::string tracker_url,
                                                             crypto::SignKey home,
                                                             Progress progress) {
  const std::weak_ptr<bool> alive = alive_;
  // One at a time: the disk is the bottleneck, and the same item twice must become one title.
  while (publishing_) {
    co_await published_.wait(60'000);
    if (alive.expired()) co_return pass_on(stopping());
  }
  if (const TitleRecord* before = published_before(item, is_private)) {
    auto torrent = torrent_of(before->title.manifest.title);
    if (!torrent) co_return pass_on(torrent.error());
    co_return Published{before->title, std::move(*torrent)};
  }
  publishing_ = true;
  PublishPass pass;
  pass.source = item.path;
  pass.size = item.size;
  pass.modified_ms = item.modified_ms;
  pass.part = dir_ / (to_hex(crypto::random_array<8>()) + ".part");
  pass.key = age::new_file_key();
  const std::filesystem::path part = pass.part;
  const age::FileKey key = pass.key;
  auto hashes = co_await run_pass(std::move(pass), std::move(progress));
  if (alive.expired()) co_return pass_on(stopping());
  Result<Published> out = pass_on(stopping());
  if (hashes) {
    out = finish_publishing(item, is_private, tracker_url, home, key, *hashes, part);
  } else {
    out = pass_on(hashes.error());
  }
  publishing_ = false;
  published_.notify_all();
  co_return out;
}

net::Task<Result<PieceHashes>> NodeTitles::run_pass(PublishPass pass, Progress progress) {
  // The listener lives on the loop thread; its wish to stop reaches the pass one block later.
  auto stop = std::make_shared<std::atomic<bool>>(false);
  auto listener = std::make_shared<Progress>(std::move(progress));
  const std::weak_ptr<bool> alive = alive_;
  pass.progress = [stop, listener, alive, &loop = loop_](std::uint64_t done, std::uint64_t total) {
    if (*listener) {
      loop.post([stop, listener, done, total] {
        if (!(*listener)(done, total)) *stop = true;
      });
    }
    return !*stop && !alive.expired();
  };
  auto work = [pass = std::move(pass)] { return run_publish_pass(pass); };
  co_return co_await net::on_pool(pool_, std::move(work));
}

Result<Titles::Published> NodeTitles::finish_publishing(
    const Item& item, bool is_private, const std::string& tracker_url, const crypto::SignKey& home,
    const age::FileKey& key, const PieceHashes& hashes, const std::filesystem::path& part) {
  std::error_code ec;
  const auto give_up = [&part, &ec](Error error) {
    std::filesystem::remove(part, ec);
    return pass_on(std::move(error));
  };
  auto torrent = make_torrent(hashes, to_hex(crypto::random_array<8>()), tracker_url, is_private);
  if (!torrent) return give_up(torrent.error());
  auto info = read_torrent(*torrent);
  if (!info) return give_up(info.error());
  TitleRecord record;
  record.title.manifest = manifest_of(item, *info, home);
  record.title.manifest_jws = wire::write_manifest(record.title.manifest, home);
  record.title.origin = TitleOrigin::published;
  record.title.key = key;
  record.title.added_ms = record.title.manifest.issued_ms;
  record.is_private = is_private;
  record.source_path = item.path.string();
  record.source_size = item.size;
  record.source_modified_ms = item.modified_ms;
  const std::filesystem::path data = data_file(info->title);
  std::filesystem::rename(part, data, ec);
  if (ec) {
    return give_up({Code::io, "The ciphertext could not be put in its place: " + ec.message() +
                                  ". Nothing was published."});
  }
  crash_point("library.publish.before_commit");
  if (auto kept = keep(record, &*torrent); !kept) {
    std::filesystem::remove(data, ec);
    return pass_on(kept.error());
  }
  crash_point("library.publish.after_commit");
  if (auto added = swarm_.add(*torrent, data, true); !added) return pass_on(added.error());
  changed_.notify_all();
  return Published{std::move(record.title), std::move(*torrent)};
}

Result<void> NodeTitles::set_offer(const wire::TitleId& title, const std::string& offer_jws) {
  auto record = record_of(title);
  if (!record) return pass_on(record.error());
  auto offer = wire::read_offer(offer_jws);
  if (!offer) return pass_on(offer.error());
  if (offer->manifest.title != title) {
    return fail(Code::unknown_offer, "This offer is for another title. Nothing was changed.");
  }
  record->title.offer_jws = offer_jws;
  return keep(std::move(*record), nullptr);
}

Result<void> NodeTitles::receive(const std::string& manifest_jws, const std::string& offer_jws,
                                 Bytes torrent) {
  auto manifest = wire::read_manifest(manifest_jws);
  if (!manifest) return pass_on(manifest.error());
  auto info = read_torrent(torrent);
  if (!info) return pass_on(info.error());
  if (auto agree = check_agree(*manifest, *info); !agree) return agree;
  const wire::TitleId id = manifest->title;
  const auto known = titles_.find(id);
  TitleRecord record = known == titles_.end() ? TitleRecord{} : known->second;
  const bool is_new = known == titles_.end();
  if (is_new || record.forgotten) {
    if (auto room = check_room(dir_, info->size); !room) return room;
  }
  if (is_new) {
    record.title.manifest = std::move(*manifest);
    record.title.manifest_jws = manifest_jws;
    record.title.origin = TitleOrigin::received;
    record.title.added_ms = now_ms();
    record.is_private = info->is_private;
  }
  const bool has_news =
      is_new || record.forgotten || (record.title.offer_jws.empty() && !offer_jws.empty());
  if (record.title.offer_jws.empty()) record.title.offer_jws = offer_jws;
  record.forgotten = false;
  if (has_news) {
    if (auto kept = keep(std::move(record), &torrent); !kept) return kept;
  }
  crash_point("library.receive.after_commit");
  if (auto added = swarm_.add(std::move(torrent), data_file(id), false); !added) return added;
  // Room may have been made since it stopped; asking again is how a person tells us.
  if (swarm_.status(info->info_hash).problem) swarm_.retry(info->info_hash);
  changed_.notify_all();
  return {};
}

Result<void> NodeTitles::set_key(const wire::TitleId& title, const age::FileKey& key) {
  auto record = record_of(title);
  if (!record) return pass_on(record.error());
  record->title.key = key;
  return keep(std::move(*record), nullptr);
}

Result<void> NodeTitles::forget_data(const wire::TitleId& title) {
  auto record = record_of(title);
  if (!record) return pass_on(record.error());
  const wire::InfoHash info_hash = record->title.manifest.info_hash;
  record->forgotten = true;
  record->first_piece = false;
  if (auto kept = keep(std::move(*record), nullptr); !kept) return kept;
  swarm_.remove(info_hash);
  std::error_code ec;
  std::filesystem::remove(data_file(title), ec);
  if (ec) {
    return fail(Code::io, "The title's file could not be deleted: " + ec.message() +
                              ". It is not seeded any more; delete " + data_file(title).string() +
                              " by hand.");
  }
  return {};
}

bool NodeTitles::keeps_data(const wire::TitleId& title) const {
  const auto found = titles_.find(title);
  return found != titles_.end() && !found->second.forgotten;
}

TransferProgress NodeTitles::progress(const wire::TitleId& id) const {
  TransferProgress out;
  const auto found = titles_.find(id);
  if (found == titles_.end()) return out;
  const wire::Manifest& manifest = found->second.title.manifest;
  out.total_bytes = age::payload_size(manifest.size);
  if (found->second.forgotten) return out;
  const SwarmStatus status = swarm_.status(manifest.info_hash);
  out.done_bytes = status.done_bytes;
  out.bytes_per_second = status.down_rate;
  out.peers = status.peers;
  out.seeds = status.seeds;
  out.complete = status.complete;
  out.first_piece = status.complete || found->second.first_piece;
  out.problem = status.problem;
  if (!out.problem && !out.complete && status.corrupt_pieces > 0) {
    out.problem =
        Error{Code::piece_corrupt,
              std::to_string(status.corrupt_pieces) +
                  " pieces arrived damaged and were thrown away. The transfer goes on with "
                  "other peers; nothing was lost."};
  }
  return out;
}

void NodeTitles::on_swarm_event(const Swarm::Event& event) {
  const auto id = by_info_hash_.find(event.id);
  if (id == by_info_hash_.end()) return;
  const auto found = titles_.find(id->second);
  if (found == titles_.end()) return;
  if (event.what == Swarm::Event::What::piece) found->second.first_piece = true;
  changed_.notify_all();
}

Result<std::shared_ptr<Reader>> NodeTitles::open_reader(const wire::TitleId& id) {
  const auto found = titles_.find(id);
  if (found == titles_.end()) return fail(Code::not_found, "This home does not have that title.");
  const TitleRecord& record = found->second;
  if (record.forgotten) {
    return fail(Code::not_playable_yet,
                "This title's data was deleted here. Fetch it again; it costs nothing.");
  }
  if (!record.title.key) {
    return fail(
        Code::not_playable_yet,
        "The key of this title has not arrived yet. It comes by itself once the first piece "
        "is here.");
  }
  const wire::Manifest& manifest = record.title.manifest;
  ReaderSource source{manifest.info_hash, manifest.size, manifest.piece_length, *record.title.key,
                      data_file(id)};
  return std::make_shared<TitleReader>(loop_, pool_, swarm_, alive_, std::move(source));
}

}  // namespace hearth::node
