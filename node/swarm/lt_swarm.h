// Swarm on a libtorrent session. Operations are in lt_swarm.cpp, what libtorrent tells in
// lt_swarm_notices.cpp. Every call into libtorrent here is one of its asynchronous ones, except
// when starting. Only this room's .cpp files include it.
#pragma once

#include <map>
#include <set>

#include "node/swarm/notices.h"

namespace hearth::node {

/// Readers of one piece, all answered at once.
struct PieceWait {
  explicit PieceWait(net::Loop& loop) : signal(loop) {}
  net::Signal signal;
  std::optional<Result<Bytes>> answer;
  int deadline_ms = 0;
  int readers = 0;
};

struct SwarmTorrent {
  wire::InfoHash id{};
  TorrentInfo info;
  std::filesystem::path data;
  lt::torrent_handle handle;  ///< valid once `attached`
  bool attached = false;
  bool checked = false;
  bool just_written = false;  ///< complete from the start, by what its adder says
  SwarmStatus status;
  std::vector<bool> have;
  std::vector<lt::tcp::endpoint> peers_to_add;
  std::map<std::uint32_t, std::shared_ptr<PieceWait>> waits;
  std::set<std::uint32_t> window;  ///< pieces with a deadline from want_soon()
};

class LibtorrentSwarm final : public Swarm {
 public:
  LibtorrentSwarm(net::Loop& loop, SwarmOptions options);
  ~LibtorrentSwarm() override;
  Result<void> listen();

  net::Task<void> stop() override;
  std::uint16_t port() const override { return port_; }
  Result<void> add(Bytes torrent, std::filesystem::path data, bool complete) override;
  void remove(const wire::InfoHash& id) override;
  void retry(const wire::InfoHash& id) override;
  void add_peers(const wire::InfoHash& id, const std::vector<net::Endpoint>& peers) override;
  SwarmStatus status(const wire::InfoHash& id) const override;
  bool has_piece(const wire::InfoHash& id, std::uint32_t piece) const override;
  net::Task<Result<Bytes>> read_piece(const wire::InfoHash& id, std::uint32_t piece,
                                      int deadline_ms, std::int64_t timeout_ms) override;
  void want_soon(const wire::InfoHash& id, std::uint32_t first, std::uint32_t last) override;
  void on_event(std::function<void(const Event&)> listener) override {
    listeners_.push_back(std::move(listener));
  }

 private:
  using TorrentPtr = std::shared_ptr<SwarmTorrent>;

  void drain();
  void tick();
  void handle_notice(Notice& notice);
  void on_added(Notice& notice);
  void on_checked(SwarmTorrent& torrent);
  void on_resume_data(SwarmTorrent& torrent, Notice& notice);
  void on_piece(SwarmTorrent& torrent, std::uint32_t piece);
  void on_piece_bytes(SwarmTorrent& torrent, Notice& notice);
  void on_problem(SwarmTorrent& torrent, const Notice& notice);
  void on_hash_failed(SwarmTorrent& torrent, std::uint32_t piece);
  void on_status(SwarmTorrent& torrent, const SwarmStatus& status);
  void on_complete(SwarmTorrent& torrent);
  void resynchronise();

  void ask_for_waits(SwarmTorrent& torrent);
  void set_deadline(SwarmTorrent& torrent, std::uint32_t piece, int deadline_ms);
  void save_resume(SwarmTorrent& torrent, bool only_if_modified);
  void connect(SwarmTorrent& torrent, const lt::tcp::endpoint& peer);
  void emit(Event::What what, const wire::InfoHash& id, std::uint32_t piece = 0);
  SwarmTorrent* find(const wire::InfoHash& id) const;
  SwarmTorrent* find(const lt::torrent_handle& handle) const;
  std::filesystem::path resume_file(const wire::InfoHash& id) const;
  lt::add_torrent_params parameters(const SwarmTorrent& torrent, const Bytes& file, bool complete);
  net::Task<Result<Bytes>> wait_for_piece(wire::InfoHash id, std::uint32_t piece, int deadline_ms,
                                          std::int64_t timeout_ms);

  net::Loop& loop_;
  SwarmOptions options_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::uint16_t port_ = 0;
  bool stopping_ = false;
  std::unique_ptr<lt::session> session_;
  std::map<wire::InfoHash, TorrentPtr> torrents_;
  std::vector<TorrentPtr> adding_;  ///< until libtorrent has answered, removed ones too
  std::map<lt::torrent_handle, wire::InfoHash> handles_;
  std::vector<std::function<void(const Event&)>> listeners_;
  std::size_t resume_asked_ = 0;    ///< answers of libtorrent still to come
  std::size_t resume_writing_ = 0;  ///< files still to be written
  int ticks_ = 0;
  net::Signal resume_changed_;
  net::Pool writer_;
};

}  // namespace hearth::node
