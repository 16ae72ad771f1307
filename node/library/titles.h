// The titles of this home: what it published and what it received, each a ciphertext in the
// swarm, a torrent file, and (when the key is there) a file key. Plain media never lies here.
// Records are in the node's store (keys "title/…", "item/…"); ciphertexts in DIR/titles/, one
// file a title, named by its title id. docs/protocol.md §3, §5.
//
// Threads: loop thread only; long work runs on the pool inside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/task.h"
#include "common/store/store.h"
#include "common/wire/documents.h"
#include "node/swarm/swarm.h"

namespace hearth::node {

/// What the probe found out about a file (ffprobe in a child process; docs/decisions).
struct Probe {
  wire::Kind kind = wire::Kind::data;
  std::string media_type;
  std::int64_t duration_ms = 0;
  std::uint32_t width = 0, height = 0;
  std::string codecs;
  Bytes poster;  ///< JPEG, at most 48 KiB
};

/// A file that the home added to its library; the file stays where it is.
struct Item {
  std::string id;  ///< 8 hex digits
  std::filesystem::path path;
  std::string name;
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  Probe probe;
};

enum class TitleOrigin : std::uint8_t { published = 1, received = 2 };

struct Title {
  wire::Manifest manifest;
  std::string manifest_jws;
  std::string offer_jws;  ///< empty: private, or not offered yet
  TitleOrigin origin = TitleOrigin::published;
  std::optional<crypto::age::FileKey> key;
  UtcMs added_ms = 0;
};

struct TransferProgress {
  std::uint64_t done_bytes = 0, total_bytes = 0;
  std::uint64_t bytes_per_second = 0;
  std::uint32_t peers = 0, seeds = 0;
  bool complete = false;
  bool first_piece = false;      ///< at least one piece has verified
  std::optional<Error> problem;  ///< e.g. disk_full, piece_corrupt (transient: it goes on)
};

/// Told of progress in bytes; returns false to interrupt (Code::interrupted).
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// Reads plaintext ranges of one title, decrypting; waits for the pieces that a range needs and
/// puts deadlines on them and on a window after them. Loop thread only.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::uint64_t size() const = 0;
  /// Up to `length` (at most 8 MiB) bytes from `offset`; fewer only at the end. Code::timeout,
  /// Code::age_*, Code::io, Code::interrupted when cancelled.
  virtual net::Task<Result<Bytes>> read(std::uint64_t offset, std::size_t length,
                                        std::int64_t timeout_ms) = 0;
  virtual void cancel() = 0;
};

class Titles {
 public:
  struct Options {
    std::filesystem::path dir;  ///< the node's data directory
  };
  static Result<std::unique_ptr<Titles>> open(net::Loop& loop, net::Pool& pool, store::Store& store,
                                              std::uint64_t writer_epoch, Swarm& swarm,
                                              Options options);
  virtual ~Titles() = default;

  // Library. Code::not_found, Code::name_refused, Code::io.
  virtual net::Task<Result<Item>> add_item(std::filesystem::path path) = 0;
  virtual std::vector<Item> items() const = 0;
  /// By id, unique id prefix (>= 4) or exact name. Code::not_found says what to do.
  virtual Result<Item> item(const std::string& id_or_name) const = 0;

  struct Published {
    Title title;
    Bytes torrent;
  };
  /// One pass over the file: encrypt, hash v1 and v2, write the ciphertext, make the torrent,
  /// sign the manifest, seed. `is_private` sets the torrent's private flag. Publishing the same
  /// unchanged item with the same privacy again returns the title that is there (idempotent).
  /// Code::io when the file changed while it was read, Code::disk_full (nothing is left behind).
  virtual net::Task<Result<Published>> publish(Item item, bool is_private, std::string tracker_url,
                                               const crypto::SignKey& home, Progress progress) = 0;
  virtual Result<void> set_offer(const wire::TitleId& title, const std::string& offer_jws) = 0;

  /// Starts or resumes fetching. The manifest and the torrent must agree: Code::bad_torrent.
  /// Code::disk_full when there is no room for the whole title: nothing is begun.
  virtual Result<void> receive(const std::string& manifest_jws, const std::string& offer_jws,
                               Bytes torrent) = 0;
  virtual Result<void> set_key(const wire::TitleId& title, const crypto::age::FileKey& key) = 0;
  /// Deletes the ciphertext; the record and the key stay (bought once means fetched for ever).
  virtual Result<void> forget_data(const wire::TitleId& title) = 0;
  /// False once forget_data() was called, until receive() is: it costs no room and is not seeded.
  virtual bool keeps_data(const wire::TitleId& title) const = 0;

  virtual std::vector<Title> titles() const = 0;
  virtual Result<Title> title(const wire::TitleId& id) const = 0;
  /// By title id, unique prefix (>= 4) or exact name.
  virtual Result<Title> find(const std::string& id_or_name) const = 0;
  virtual Result<Bytes> torrent_of(const wire::TitleId& id) const = 0;
  virtual TransferProgress progress(const wire::TitleId& id) const = 0;
  /// Notified on every change of any title's progress or key.
  virtual net::Signal& changed() = 0;
  /// Code::not_playable_yet without a key.
  virtual Result<std::shared_ptr<Reader>> open_reader(const wire::TitleId& id) = 0;
};

}  // namespace hearth::node
