#include "node/swarm/notices.h"

#include <algorithm>
#include <cerrno>

#include <libtorrent/alert_types.hpp>
#include <libtorrent/torrent_status.hpp>
#include <libtorrent/write_resume_data.hpp>

namespace hearth::node {
namespace {

using What = Notice::What;

std::uint32_t number(lt::piece_index_t piece) {
  return static_cast<std::uint32_t>(static_cast<int>(piece));
}

Notice about(What what, const lt::torrent_alert& alert) {
  Notice out;
  out.what = what;
  out.torrent = alert.handle;
  return out;
}

Error disk_error(const lt::error_code& ec) {
  if (ec == boost::system::errc::no_space_on_device || ec.value() == EDQUOT) {
    return {Code::disk_full,
            "The disk is full. Fetching waits; what has arrived is kept. Make room and try again."};
  }
  return {Code::io,
          "The disk reported: " + ec.message() +
              ". Fetching waits; what has arrived is kept. Try again when it is repaired."};
}

SwarmStatus as_status(const lt::torrent_status& s) {
  using State = lt::torrent_status;
  SwarmStatus out;
  out.done_bytes = static_cast<std::uint64_t>(s.total_done);
  out.total_bytes = static_cast<std::uint64_t>(s.total);
  out.down_rate = static_cast<std::uint64_t>(std::max(s.download_payload_rate, 0));
  out.up_rate = static_cast<std::uint64_t>(std::max(s.upload_payload_rate, 0));
  out.uploaded = static_cast<std::uint64_t>(s.total_payload_upload);
  out.downloaded = static_cast<std::uint64_t>(s.total_payload_download);
  out.peers = static_cast<std::uint32_t>(s.num_peers);
  out.seeds = static_cast<std::uint32_t>(s.num_seeds);
  out.complete = s.state == State::seeding || s.state == State::finished;
  out.checking = s.state == State::checking_files || s.state == State::checking_resume_data;
  return out;
}

Notice piece_bytes(const lt::read_piece_alert& alert) {
  Notice out = about(What::piece_bytes, alert);
  out.piece = number(alert.piece);
  // libtorrent withdraws its deadlines when a torrent finishes.
  if (alert.error == boost::system::errc::operation_canceled) {
    out.error = Error{Code::interrupted, "The request for a piece was withdrawn."};
    return out;
  }
  if (alert.error) {
    out.error = Error{Code::io, "A piece could not be read: " + alert.error.message() + "."};
    return out;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(alert.buffer.get());
  out.bytes.assign(bytes, bytes + alert.size);
  return out;
}

// Without the hash trees: they are as large as 1/512 of the title, and libtorrent can compute
// them again from what the torrent file and the data say.
Notice resume_data(lt::save_resume_data_alert& alert) {
  Notice out = about(What::resume_data, alert);
  alert.params.merkle_trees.clear();
  alert.params.merkle_tree_mask.clear();
  alert.params.verified_leaf_hashes.clear();
  const std::vector<char> buffer = lt::write_resume_data_buf(alert.params);
  out.bytes.assign(buffer.begin(), buffer.end());
  out.have.reserve(static_cast<std::size_t>(alert.params.have_pieces.size()));
  for (const bool bit : alert.params.have_pieces) out.have.push_back(bit);
  return out;
}

Notice added(const lt::add_torrent_alert& alert) {
  Notice out = about(What::added, alert);
  out.added_as = alert.params.userdata.get<SwarmTorrent>();
  if (alert.error) {
    out.error = Error{Code::bad_torrent,
                      "The torrent could not be started: " + alert.error.message() + "."};
  }
  return out;
}

std::optional<Notice> torrent_notice(lt::alert* a) {
  if (const auto* p = lt::alert_cast<lt::piece_finished_alert>(a)) {
    Notice out = about(What::piece, *p);
    out.piece = number(p->piece_index);
    return out;
  }
  if (const auto* p = lt::alert_cast<lt::hash_failed_alert>(a)) {
    Notice out = about(What::hash_failed, *p);
    out.piece = number(p->piece_index);
    return out;
  }
  if (const auto* p = lt::alert_cast<lt::file_error_alert>(a)) {
    Notice out = about(What::disk_problem, *p);
    out.error = disk_error(p->error);
    return out;
  }
  if (const auto* p = lt::alert_cast<lt::torrent_error_alert>(a)) {
    Notice out = about(What::disk_problem, *p);
    out.error = disk_error(p->error);
    return out;
  }
  if (const auto* p = lt::alert_cast<lt::read_piece_alert>(a)) return piece_bytes(*p);
  if (auto* p = lt::alert_cast<lt::save_resume_data_alert>(a)) return resume_data(*p);
  if (const auto* p = lt::alert_cast<lt::add_torrent_alert>(a)) return added(*p);
  if (const auto* p = lt::alert_cast<lt::torrent_checked_alert>(a)) return about(What::checked, *p);
  if (const auto* p = lt::alert_cast<lt::torrent_finished_alert>(a)) {
    return about(What::finished, *p);
  }
  if (const auto* p = lt::alert_cast<lt::cache_flushed_alert>(a)) return about(What::flushed, *p);
  if (const auto* p = lt::alert_cast<lt::fastresume_rejected_alert>(a)) {
    return about(What::resume_rejected, *p);
  }
  if (const auto* p = lt::alert_cast<lt::save_resume_data_failed_alert>(a)) {
    return about(What::no_resume_data, *p);
  }
  if (const auto* p = lt::alert_cast<lt::torrent_removed_alert>(a)) return about(What::removed, *p);
  return std::nullopt;
}

std::optional<Notice> session_notice(const lt::alert* a) {
  Notice out;
  if (const auto* p = lt::alert_cast<lt::listen_succeeded_alert>(a)) {
    if (p->socket_type != lt::socket_type_t::tcp) return std::nullopt;
    out.what = What::listening;
    out.port = static_cast<std::uint16_t>(p->port);
    return out;
  }
  if (const auto* p = lt::alert_cast<lt::listen_failed_alert>(a)) {
    out.what = What::listen_failed;
    out.error = Error{Code::io, "The swarm cannot listen on " + std::string(p->listen_interface()) +
                                    " port " + std::to_string(p->port) + ": " + p->error.message() +
                                    ". Choose another with --swarm-listen."};
    return out;
  }
  if (lt::alert_cast<lt::alerts_dropped_alert>(a)) {
    out.what = What::lost;
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Notice> take_notices(lt::session& session) {
  std::vector<lt::alert*> alerts;
  session.pop_alerts(&alerts);
  std::vector<Notice> out;
  out.reserve(alerts.size());
  for (lt::alert* a : alerts) {
    if (const auto* update = lt::alert_cast<lt::state_update_alert>(a)) {
      for (const lt::torrent_status& s : update->status) {
        Notice notice;
        notice.what = What::status;
        notice.torrent = s.handle;
        notice.status = as_status(s);
        out.push_back(std::move(notice));
      }
      continue;
    }
    std::optional<Notice> notice = torrent_notice(a);
    if (!notice) notice = session_notice(a);
    if (notice) out.push_back(std::move(*notice));
  }
  return out;
}

}  // namespace hearth::node
