#include <algorithm>

#include "common/base/files.h"
#include "common/base/log.h"
#include "node/swarm/lt_swarm.h"

namespace hearth::node {

using What = Notice::What;

void LibtorrentSwarm::emit(Event::What what, const wire::InfoHash& id, std::uint32_t piece) {
  Event event;
  event.what = what;
  event.id = id;
  event.piece = piece;
  const auto listeners = listeners_;  // a listener may add another
  for (const auto& listener : listeners) listener(event);
}

void LibtorrentSwarm::drain() {
  if (!session_) return;
  for (Notice& notice : take_notices(*session_)) handle_notice(notice);
}

void LibtorrentSwarm::handle_notice(Notice& notice) {
  if (notice.what == What::added) return on_added(notice);
  if (notice.what == What::lost) return resynchronise();
  if (notice.what == What::resume_data || notice.what == What::no_resume_data) {
    if (resume_asked_ > 0) --resume_asked_;
    resume_changed_.notify_all();
  }
  SwarmTorrent* torrent = find(notice.torrent);
  if (torrent == nullptr) return;  // removed meanwhile
  const TorrentPtr keep = torrents_.at(torrent->id);
  switch (notice.what) {
    case What::checked:
      return on_checked(*torrent);
    case What::resume_rejected:
      torrent->just_written = false;
      torrent->status.complete = false;
      torrent->status.checking = true;
      torrent->have.assign(torrent->info.pieces, false);
      return;
    case What::piece:
      return on_piece(*torrent, notice.piece);
    case What::hash_failed:
      return on_hash_failed(*torrent, notice.piece);
    case What::piece_bytes:
      return on_piece_bytes(*torrent, notice);
    case What::finished:
      // Complete means in the file: readers go there next.
      if (!torrent->status.complete) torrent->handle.flush_cache();
      return;
    case What::flushed:
      if (!torrent->status.complete) on_complete(*torrent);
      return;
    case What::disk_problem:
      return on_problem(*torrent, notice);
    case What::resume_data:
      return on_resume_data(*torrent, notice);
    case What::status:
      return on_status(*torrent, notice.status);
    default:
      return;
  }
}

void LibtorrentSwarm::on_added(Notice& notice) {
  const auto found = std::find_if(adding_.begin(), adding_.end(), [&](const TorrentPtr& torrent) {
    return torrent.get() == notice.added_as;
  });
  if (found == adding_.end()) return;
  const TorrentPtr torrent = *found;
  adding_.erase(found);
  const bool wanted = find(torrent->id) == torrent.get();
  if (notice.error) {
    if (!wanted) return;
    torrent->status.problem = std::move(notice.error);
    return emit(Event::What::problem, torrent->id);
  }
  if (!wanted) return session_->remove_torrent(notice.torrent);
  torrent->handle = notice.torrent;
  torrent->attached = true;
  handles_[torrent->handle] = torrent->id;
  for (const lt::tcp::endpoint& peer : torrent->peers_to_add) connect(*torrent, peer);
  torrent->peers_to_add.clear();
}

void LibtorrentSwarm::on_checked(SwarmTorrent& torrent) {
  torrent.checked = true;
  torrent.status.checking = false;
  // Resume data also tells which pieces are there.
  save_resume(torrent, false);
  ask_for_waits(torrent);
  if (!torrent.status.complete) emit(Event::What::peers_wanted, torrent.id);
}

void LibtorrentSwarm::ask_for_waits(SwarmTorrent& torrent) {
  for (auto& [piece, wait] : torrent.waits) set_deadline(torrent, piece, wait->deadline_ms);
  int deadline_ms = 50;
  for (const std::uint32_t piece : torrent.window) {
    if (!torrent.waits.contains(piece)) set_deadline(torrent, piece, deadline_ms);
    deadline_ms += 50;
  }
}

void LibtorrentSwarm::on_resume_data(SwarmTorrent& torrent, Notice& notice) {
  const wire::InfoHash id = torrent.id;
  for (std::uint32_t piece = 0; piece < notice.have.size(); ++piece) {
    if (notice.have[piece] && find(id) == &torrent) on_piece(torrent, piece);
  }
  ++resume_writing_;
  const auto path = resume_file(id);
  const auto bytes = std::make_shared<Bytes>(std::move(notice.bytes));
  const std::weak_ptr<bool> alive = alive_;
  writer_.submit([this, path, bytes, alive] {
    if (auto written = write_file_atomic(path, *bytes, 0600); !written) {
      spdlog::warn("resume data was not saved: {}", written.error().sentence);
    }
    loop_.post([this, alive] {
      if (!alive.lock()) return;
      --resume_writing_;
      resume_changed_.notify_all();
    });
  });
}

void LibtorrentSwarm::on_piece(SwarmTorrent& torrent, std::uint32_t piece) {
  if (piece >= torrent.have.size() || torrent.have[piece]) return;
  torrent.have[piece] = true;
  torrent.window.erase(piece);
  const std::uint64_t begin = std::uint64_t{piece} * torrent.info.piece_length;
  const std::uint64_t size =
      std::min<std::uint64_t>(torrent.info.piece_length, torrent.info.size - begin);
  torrent.status.done_bytes = std::min(torrent.status.done_bytes + size, torrent.info.size);
  emit(Event::What::piece, torrent.id, piece);
}

void LibtorrentSwarm::on_piece_bytes(SwarmTorrent& torrent, Notice& notice) {
  const auto found = torrent.waits.find(notice.piece);
  if (found == torrent.waits.end()) return;
  const std::shared_ptr<PieceWait> wait = found->second;
  if (notice.error && notice.error->code == Code::interrupted) {
    // Somebody still waits for it: ask again, in the way that suits a piece that is there.
    if (torrent.have[notice.piece]) {
      torrent.handle.read_piece(lt::piece_index_t(static_cast<int>(notice.piece)));
    } else {
      set_deadline(torrent, notice.piece, wait->deadline_ms);
    }
    return;
  }
  torrent.waits.erase(found);
  if (notice.error) {
    wait->answer = pass_on(std::move(*notice.error));
  } else {
    wait->answer = std::move(notice.bytes);
  }
  wait->signal.notify_all();
}

void LibtorrentSwarm::on_problem(SwarmTorrent& torrent, const Notice& notice) {
  if (torrent.status.problem) return;
  torrent.status.problem = notice.error;
  spdlog::warn("swarm: {}", notice.error->sentence);
  emit(Event::What::problem, torrent.id);
}

void LibtorrentSwarm::on_hash_failed(SwarmTorrent& torrent, std::uint32_t piece) {
  ++torrent.status.corrupt_pieces;
  emit(Event::What::problem, torrent.id, piece);
}

void LibtorrentSwarm::on_status(SwarmTorrent& torrent, const SwarmStatus& status) {
  SwarmStatus& mine = torrent.status;
  const bool had_peers = mine.peers > 0;
  mine.down_rate = status.down_rate;
  mine.up_rate = status.up_rate;
  mine.uploaded = status.uploaded;
  mine.downloaded = status.downloaded;
  mine.peers = status.peers;
  mine.seeds = status.seeds;
  if (!mine.complete) {
    mine.done_bytes = status.done_bytes;
    mine.checking = status.checking || !torrent.checked;
    // Its own notice is lost when too many wait; the state is not.
    if (status.complete && torrent.checked) torrent.handle.flush_cache();
  }
  emit(Event::What::status, torrent.id);
  if (had_peers && status.peers == 0 && !mine.complete) {
    emit(Event::What::peers_wanted, torrent.id);
  }
}

void LibtorrentSwarm::on_complete(SwarmTorrent& torrent) {
  torrent.status.complete = true;
  torrent.status.checking = false;
  torrent.status.done_bytes = torrent.info.size;
  torrent.window.clear();
  const wire::InfoHash id = torrent.id;
  for (std::uint32_t piece = 0; piece < torrent.info.pieces; ++piece) on_piece(torrent, piece);
  save_resume(torrent, false);
  emit(Event::What::complete, id);
}

void LibtorrentSwarm::save_resume(SwarmTorrent& torrent, bool only_if_modified) {
  if (!torrent.attached || !torrent.checked) return;
  ++resume_asked_;
  lt::resume_data_flags_t flags = lt::torrent_handle::flush_disk_cache;
  if (only_if_modified) flags |= lt::torrent_handle::only_if_modified;
  torrent.handle.save_resume_data(flags);
}

void LibtorrentSwarm::resynchronise() {
  spdlog::warn("swarm: more news than could be kept; asking again");
  resume_asked_ = 0;
  const auto adding = adding_;
  for (const TorrentPtr& torrent : adding) {
    Notice added;
    added.what = What::added;
    added.added_as = torrent.get();
    // Blocking, which is bearable here: this happens when thousands are added at once, if ever.
    added.torrent =
        session_->find_torrent(lt::sha1_hash(reinterpret_cast<const char*>(torrent->id.data())));
    if (added.torrent.is_valid()) on_added(added);
  }
  for (auto& [id, torrent] : torrents_) {
    if (!torrent->attached) continue;
    torrent->checked = true;
    ask_for_waits(*torrent);
    save_resume(*torrent, false);
  }
}

}  // namespace hearth::node
