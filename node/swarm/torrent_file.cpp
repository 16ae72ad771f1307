#include "node/swarm/torrent_file.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string_view>

#include <libtorrent/create_torrent.hpp>
#include <libtorrent/file_storage.hpp>
#include <libtorrent/torrent_info.hpp>

#include "common/base/assert.h"
#include "node/swarm/swarm.h"

namespace hearth::node {
namespace {

constexpr std::string_view name_prefix = "hearth-";

bool is_our_name(std::string_view name) {
  return name.size() == name_prefix.size() + 16 &&
         name.substr(0, name_prefix.size()) == name_prefix &&
         name.find_first_not_of("0123456789abcdef", name_prefix.size()) == std::string_view::npos;
}

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(Code::bad_torrent, "This is not a torrent that Hearth accepts: " + why +
                                     ". Nothing was fetched or charged.");
}

}  // namespace

Result<Bytes> make_torrent(const PieceHashes& hashes, const std::string& name_digits,
                           const std::string& announce, bool is_private) {
  const std::string name = std::string(name_prefix) + name_digits;
  HEARTH_ASSERT(is_our_name(name));
  try {
    lt::file_storage files;
    files.add_file(name, static_cast<std::int64_t>(hashes.size));
    lt::create_torrent torrent(files, static_cast<int>(hashes.piece_length),
                               lt::create_torrent::canonical_files_no_tail_padding);
    HEARTH_ASSERT(static_cast<std::size_t>(torrent.num_pieces()) == hashes.v1.size());
    for (std::size_t i = 0; i < hashes.v1.size(); ++i) {
      const lt::piece_index_t piece(static_cast<int>(i));
      torrent.set_hash(piece, lt::sha1_hash(reinterpret_cast<const char*>(hashes.v1[i].data())));
      torrent.set_hash2(lt::file_index_t(0), lt::piece_index_t::diff_type(static_cast<int>(i)),
                        lt::sha256_hash(reinterpret_cast<const char*>(hashes.v2[i].data())));
    }
    torrent.set_priv(is_private);
    torrent.set_creation_date(0);
    if (!announce.empty()) torrent.add_tracker(announce);
    const std::vector<char> buffer = torrent.generate_buf();
    return Bytes(buffer.begin(), buffer.end());
  } catch (const std::exception& e) {
    return fail(Code::internal, std::string("The torrent could not be made: ") + e.what() +
                                    ". Nothing was published.");
  }
}

Result<TorrentInfo> read_torrent(ByteView torrent) {
  if (torrent.size() > max_torrent) return refuse("it has more than 4 MiB");
  lt::load_torrent_limits limits;
  limits.max_buffer_size = static_cast<int>(max_torrent);
  limits.max_pieces = static_cast<int>(most_pieces);
  limits.max_decode_depth = 10;
  limits.max_decode_tokens = 10'000;
  try {
    const lt::torrent_info info(lt::span<const char>(reinterpret_cast<const char*>(torrent.data()),
                                                     static_cast<std::ptrdiff_t>(torrent.size())),
                                limits, lt::from_span);
    if (!info.is_valid() || !info.v1() || !info.v2()) return refuse("it is not a v1 and v2 hybrid");
    if (info.num_files() != 1) return refuse("it does not have exactly one file");
    if (!is_our_name(info.name())) return refuse("its name is not of Hearth's form");
    if (!info.ssl_cert().empty()) return refuse("it asks for connections of another kind");
    TorrentInfo out;
    out.size = static_cast<std::uint64_t>(info.total_size());
    out.piece_length = static_cast<std::uint32_t>(info.piece_length());
    out.pieces = static_cast<std::uint32_t>(info.num_pieces());
    out.is_private = info.priv();
    if (out.size == 0 || out.piece_length != piece_length_for(out.size)) {
      return refuse("its piece length is not the one for its size");
    }
    std::memcpy(out.info_hash.data(), info.info_hashes().v1.data(), out.info_hash.size());
    std::memcpy(out.title.data(), info.info_hashes().v2.data(), out.title.size());
    return out;
  } catch (const std::exception& e) {
    return refuse(e.what());
  }
}

}  // namespace hearth::node
