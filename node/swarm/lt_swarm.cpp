#include "node/swarm/lt_swarm.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/read_resume_data.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>

#include "common/base/files.h"
#include "common/base/log.h"
#include "node/swarm/lt_settings.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_resume_file = 16 * 1024 * 1024;
constexpr std::int64_t tick_ms = 500;
constexpr int ticks_between_saves = 10;  ///< a kill costs at most what came in these 5 s

using Steady = std::chrono::steady_clock;

std::int64_t left_ms(Steady::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
  return std::max<std::int64_t>(left, 0);
}

lt::span<const char> as_span(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::ptrdiff_t>(bytes.size())};
}

Error no_torrent() {
  return {Code::not_found, "This title is not in the swarm of this home any more."};
}

}  // namespace

Result<std::unique_ptr<Swarm>> Swarm::start(net::Loop& loop, SwarmOptions options) {
  try {
    auto swarm = std::make_unique<LibtorrentSwarm>(loop, std::move(options));
    if (auto listening = swarm->listen(); !listening) return pass_on(listening.error());
    return swarm;
  } catch (const std::exception& e) {
    return fail(Code::io, std::string("The swarm could not be started: ") + e.what() + ".");
  }
}

LibtorrentSwarm::LibtorrentSwarm(net::Loop& loop, SwarmOptions options)
    : loop_(loop), options_(std::move(options)), resume_changed_(loop), writer_(loop, 1) {}

LibtorrentSwarm::~LibtorrentSwarm() {
  alive_.reset();
  if (session_) session_->set_alert_notify([] {});
  session_.reset();
  for (auto& [id, torrent] : torrents_) {
    for (auto& [piece, wait] : torrent->waits) {
      wait->answer = fail(Code::interrupted, "The swarm is closing.");
      wait->signal.notify_all();
    }
  }
}

Result<void> LibtorrentSwarm::listen() {
  if (auto made = ensure_private_dir(options_.resume_dir); !made) return made;
  session_ = std::make_unique<lt::session>(lt::session_params(session_settings(options_)));
  session_->set_peer_class_filter(everybody_is_limited());
  const auto until = Steady::now() + std::chrono::seconds(5);
  while (port_ == 0 && !options_.proxy) {
    session_->wait_for_alert(std::chrono::milliseconds(left_ms(until)));
    for (Notice& notice : take_notices(*session_)) {
      if (notice.what == Notice::What::listening) port_ = notice.port;
      if (notice.what == Notice::What::listen_failed) return pass_on(*notice.error);
    }
    if (port_ == 0 && left_ms(until) == 0) {
      return fail(Code::timeout, "The swarm could not listen on " + options_.listen.address +
                                     " within 5 seconds.");
    }
  }
  std::weak_ptr<bool> alive = alive_;
  session_->set_alert_notify([this, alive] {
    loop_.post([this, alive] {
      if (alive.lock()) drain();
    });
  });
  loop_.after(tick_ms, [this, alive] {
    if (alive.lock()) tick();
  });
  return {};
}

void LibtorrentSwarm::tick() {
  if (stopping_ || !session_) return;
  session_->post_torrent_updates({});
  if (++ticks_ % ticks_between_saves == 0) {
    for (auto& [id, torrent] : torrents_) {
      if (!torrent->status.complete) save_resume(*torrent, true);
    }
  }
  std::weak_ptr<bool> alive = alive_;
  loop_.after(tick_ms, [this, alive] {
    if (alive.lock()) tick();
  });
}

net::Task<void> LibtorrentSwarm::stop() {
  if (stopping_ || !session_) co_return;
  stopping_ = true;
  const auto until = Steady::now() + std::chrono::seconds(6);
  session_->pause();
  for (auto& [id, torrent] : torrents_) save_resume(*torrent, true);
  while ((resume_asked_ > 0 || resume_writing_ > 0) && left_ms(until) > 0) {
    co_await resume_changed_.wait(left_ms(until));
  }
  session_->set_alert_notify([] {});
  // Closing joins libtorrent's threads; a thread of its own does that, so that nothing waits for
  // it for ever. It touches nothing of ours.
  auto closed = std::make_shared<std::atomic<bool>>(false);
  auto session = std::make_shared<std::unique_ptr<lt::session>>(std::move(session_));
  std::thread([closed, session] {
    session->reset();
    *closed = true;
  }).detach();
  const auto close_until = Steady::now() + std::chrono::seconds(4);
  while (!*closed && left_ms(close_until) > 0) co_await net::sleep_ms(10);
  if (!*closed) spdlog::warn("the swarm did not close in time");
}

lt::add_torrent_params LibtorrentSwarm::parameters(const SwarmTorrent& torrent, const Bytes& file,
                                                   bool complete) {
  auto info = std::make_shared<lt::torrent_info>(as_span(file), lt::from_span);
  // Trackers are asked by the announcer over pinned TLS; nothing else is called on a torrent's say.
  info->clear_trackers();
  info->clear_web_seeds();
  lt::add_torrent_params p;
  if (!complete) {
    if (auto saved = read_file(resume_file(torrent.id), max_resume_file)) {
      lt::error_code ec;
      lt::add_torrent_params resumed = lt::read_resume_data(as_span(*saved), ec);
      if (!ec && resumed.info_hashes.v1 == info->info_hashes().v1) {
        p.have_pieces = resumed.have_pieces;
        p.unfinished_pieces = resumed.unfinished_pieces;
      }
    }
  } else {
    p.have_pieces.resize(info->num_pieces(), true);
  }
  p.ti = std::move(info);
  p.save_path = torrent.data.parent_path().string();
  p.renamed_files[lt::file_index_t(0)] = torrent.data.filename().string();
  p.flags = lt::torrent_flags::update_subscribe | lt::torrent_flags::override_trackers |
            lt::torrent_flags::override_web_seeds | lt::torrent_flags::disable_dht |
            lt::torrent_flags::disable_lsd | lt::torrent_flags::need_save_resume;
  return p;
}

Result<void> LibtorrentSwarm::add(Bytes file, std::filesystem::path data, bool complete) {
  auto info = read_torrent(file);
  if (!info) return pass_on(info.error());
  if (stopping_ || !session_) return fail(Code::interrupted, "The swarm is closing.");
  if (find(info->info_hash) != nullptr) return {};
  auto torrent = std::make_shared<SwarmTorrent>();
  torrent->id = info->info_hash;
  torrent->info = *info;
  torrent->data = std::move(data);
  torrent->just_written = complete;
  torrent->status.total_bytes = info->size;
  torrent->status.complete = complete;
  torrent->status.checking = !complete;
  torrent->status.done_bytes = complete ? info->size : 0;
  torrent->have.assign(info->pieces, complete);
  try {
    lt::add_torrent_params p = parameters(*torrent, file, complete);
    p.userdata = lt::client_data_t(torrent.get());
    session_->async_add_torrent(std::move(p));
  } catch (const std::exception& e) {
    return fail(Code::bad_torrent, std::string("The torrent could not be started: ") + e.what());
  }
  torrents_[torrent->id] = torrent;
  adding_.push_back(torrent);
  return {};
}

void LibtorrentSwarm::remove(const wire::InfoHash& id) {
  const auto found = torrents_.find(id);
  if (found == torrents_.end()) return;
  const TorrentPtr torrent = found->second;
  torrents_.erase(found);
  if (torrent->attached) {
    handles_.erase(torrent->handle);
    if (session_) session_->remove_torrent(torrent->handle);
  }
  for (auto& [piece, wait] : torrent->waits) {
    wait->answer = pass_on(no_torrent());
    wait->signal.notify_all();
  }
  std::error_code ignored;
  std::filesystem::remove(resume_file(torrent->id), ignored);
  emit(Event::What::removed, torrent->id);
}

void LibtorrentSwarm::retry(const wire::InfoHash& id) {
  SwarmTorrent* torrent = find(id);
  if (torrent == nullptr || !torrent->attached) return;
  torrent->status.problem.reset();
  torrent->handle.clear_error();
  torrent->handle.unset_flags(lt::torrent_flags::upload_mode);
  torrent->handle.resume();
}

void LibtorrentSwarm::add_peers(const wire::InfoHash& id, const std::vector<net::Endpoint>& peers) {
  SwarmTorrent* torrent = find(id);
  if (torrent == nullptr) return;
  for (const net::Endpoint& peer : peers) {
    lt::error_code ec;
    const lt::address address = lt::make_address(peer.address, ec);
    if (ec || peer.port == 0) continue;
    const lt::tcp::endpoint endpoint(address, peer.port);
    if (torrent->attached) {
      connect(*torrent, endpoint);
    } else if (torrent->peers_to_add.size() < 200) {
      torrent->peers_to_add.push_back(endpoint);
    }
  }
}

void LibtorrentSwarm::connect(SwarmTorrent& torrent, const lt::tcp::endpoint& peer) {
  // "tracker" as the source lowers the count of failures of a peer that was away for a while.
  torrent.handle.connect_peer(peer, lt::peer_info::tracker);
}

SwarmStatus LibtorrentSwarm::status(const wire::InfoHash& id) const {
  const SwarmTorrent* torrent = find(id);
  return torrent == nullptr ? SwarmStatus{} : torrent->status;
}

bool LibtorrentSwarm::has_piece(const wire::InfoHash& id, std::uint32_t piece) const {
  const SwarmTorrent* torrent = find(id);
  return torrent != nullptr && piece < torrent->have.size() && torrent->have[piece];
}

net::Task<Result<Bytes>> LibtorrentSwarm::read_piece(const wire::InfoHash& id, std::uint32_t piece,
                                                     int deadline_ms, std::int64_t timeout_ms) {
  return wait_for_piece(id, piece, deadline_ms, timeout_ms);
}

net::Task<Result<Bytes>> LibtorrentSwarm::wait_for_piece(wire::InfoHash id, std::uint32_t piece,
                                                         int deadline_ms, std::int64_t timeout_ms) {
  SwarmTorrent* torrent = find(id);
  if (torrent == nullptr || piece >= torrent->info.pieces) co_return pass_on(no_torrent());
  std::shared_ptr<PieceWait>& slot = torrent->waits[piece];
  const bool first = !slot;
  if (first) slot = std::make_shared<PieceWait>(loop_);
  const std::shared_ptr<PieceWait> wait = slot;
  if (first || deadline_ms < wait->deadline_ms) {
    wait->deadline_ms = deadline_ms;
    set_deadline(*torrent, piece, deadline_ms);
  }
  ++wait->readers;
  const std::weak_ptr<bool> alive = alive_;
  const auto until = Steady::now() + std::chrono::milliseconds(timeout_ms);
  while (!wait->answer && left_ms(until) > 0) co_await wait->signal.wait(left_ms(until));
  --wait->readers;
  if (wait->answer) co_return *wait->answer;
  if (wait->readers == 0 && alive.lock()) {
    torrent = find(id);
    if (torrent != nullptr && torrent->waits.erase(piece) > 0 && torrent->attached &&
        !torrent->window.contains(piece)) {
      torrent->handle.reset_piece_deadline(lt::piece_index_t(static_cast<int>(piece)));
    }
  }
  co_return fail(Code::timeout,
                 "The part of the title that is needed next has not arrived in time. "
                 "It is still being fetched; try again.");
}

void LibtorrentSwarm::set_deadline(SwarmTorrent& torrent, std::uint32_t piece, int deadline_ms) {
  if (!torrent.attached || !torrent.checked) return;
  const bool waited_for = torrent.waits.contains(piece);
  torrent.handle.set_piece_deadline(
      lt::piece_index_t(static_cast<int>(piece)), deadline_ms,
      waited_for ? lt::torrent_handle::alert_when_available : lt::deadline_flags_t{});
}

void LibtorrentSwarm::want_soon(const wire::InfoHash& id, std::uint32_t first, std::uint32_t last) {
  SwarmTorrent* torrent = find(id);
  if (torrent == nullptr || torrent->status.complete) return;
  std::set<std::uint32_t> window;
  int deadline_ms = 50;
  for (std::uint32_t piece = first; piece <= last && piece < torrent->info.pieces; ++piece) {
    if (torrent->have[piece]) continue;
    window.insert(piece);
    // What a reader waits for now keeps its nearer deadline.
    if (!torrent->waits.contains(piece)) set_deadline(*torrent, piece, deadline_ms);
    deadline_ms += 50;
  }
  if (torrent->attached) {
    for (const std::uint32_t piece : torrent->window) {
      if (window.contains(piece) || torrent->waits.contains(piece)) continue;
      torrent->handle.reset_piece_deadline(lt::piece_index_t(static_cast<int>(piece)));
    }
  }
  torrent->window = std::move(window);
}

SwarmTorrent* LibtorrentSwarm::find(const wire::InfoHash& id) const {
  const auto found = torrents_.find(id);
  return found == torrents_.end() ? nullptr : found->second.get();
}

SwarmTorrent* LibtorrentSwarm::find(const lt::torrent_handle& handle) const {
  const auto found = handles_.find(handle);
  return found == handles_.end() ? nullptr : find(found->second);
}

std::filesystem::path LibtorrentSwarm::resume_file(const wire::InfoHash& id) const {
  return options_.resume_dir / (to_hex(id) + ".resume");
}

}  // namespace hearth::node
