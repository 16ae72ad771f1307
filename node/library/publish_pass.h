// Publishing reads a file exactly once: plaintext in, ciphertext file and its hashes out. Two
// threads share the work: one reads, encrypts and writes, the other hashes. Memory is bounded by
// a handful of 4 MiB blocks whatever the file's size. Blocking: pool thread.
#pragma once

#include <filesystem>

#include "node/library/titles.h"
#include "node/swarm/piece_hasher.h"

namespace hearth::node {

struct PublishPass {
  std::filesystem::path source;
  std::uint64_t size = 0;  ///< what the item says; another size or time is refused
  std::int64_t modified_ms = 0;
  std::filesystem::path part;  ///< made by the pass, removed again when it fails
  crypto::age::FileKey key;
  Progress progress;  ///< called on this thread
};

/// The part file is complete and synced when it returns. Code::io (also when the source changed
/// under it), Code::disk_full, Code::interrupted.
Result<PieceHashes> run_publish_pass(const PublishPass& pass);

/// Size and modification time of a regular file. Code::io.
struct FileStamp {
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  bool operator==(const FileStamp&) const = default;
};
Result<FileStamp> file_stamp(const std::filesystem::path& path);

}  // namespace hearth::node
