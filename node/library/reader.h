// Plaintext ranges of one title: range → age chunks → pieces. While the title is incomplete the
// pieces come from the swarm with deadlines, and the window after the range is asked for too;
// afterwards ranges are read from the ciphertext file. docs/protocol.md §3.
#pragma once

#include <map>
#include <set>

#include "node/library/titles.h"

namespace hearth::node {

struct ReaderSource {
  wire::InfoHash info_hash{};
  std::uint64_t size = 0;  ///< plaintext bytes, of the signed manifest
  std::uint32_t piece_length = 0;
  crypto::age::FileKey key;
  std::filesystem::path data;
};

class TitleReader final : public Reader, public std::enable_shared_from_this<TitleReader> {
 public:
  /// `alive` expires when swarm and pool may no longer be used.
  TitleReader(net::Loop& loop, net::Pool& pool, Swarm& swarm, std::weak_ptr<bool> alive,
              ReaderSource source);
  std::uint64_t size() const override { return source_.size; }
  net::Task<Result<Bytes>> read(std::uint64_t offset, std::size_t length,
                                std::int64_t timeout_ms) override;
  void cancel() override;

 private:
  using Piece = std::shared_ptr<const Bytes>;
  using Self = std::shared_ptr<TitleReader>;
  /// Chunks [first, last] of the payload and the ciphertext bytes [begin, end) that hold them.
  struct Span {
    std::uint64_t first = 0, last = 0, begin = 0, end = 0;
  };
  struct Cached {
    Piece bytes;
    std::uint64_t used = 0;
  };

  static net::Task<Result<Bytes>> read_range(Self self, std::uint64_t offset, std::size_t length,
                                             std::int64_t timeout_ms);
  static net::Task<void> fetch(Self self, std::uint32_t piece, int deadline_ms,
                               std::int64_t timeout_ms);
  static net::Task<Result<Bytes>> cipher_from_swarm(Self self, Span span, std::int64_t timeout_ms);
  Span span_of(std::uint64_t offset, std::size_t length) const;
  std::vector<std::uint32_t> pieces_of(const Span& span) const;
  void ask_for(const std::vector<std::uint32_t>& pieces, std::int64_t timeout_ms);
  void want_window(std::uint32_t last_piece);
  Bytes gather(const Span& span);
  void trim_cache();

  net::Loop& loop_;
  net::Pool& pool_;
  Swarm& swarm_;
  std::weak_ptr<bool> alive_;
  ReaderSource source_;
  bool cancelled_ = false;
  net::Signal arrived_;
  std::optional<crypto::age::Nonce> nonce_;
  std::map<std::uint32_t, Cached> cache_;
  std::map<std::uint32_t, Error> failed_;
  std::set<std::uint32_t> fetching_;
  std::uint64_t uses_ = 0;
};

}  // namespace hearth::node
