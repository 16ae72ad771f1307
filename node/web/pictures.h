// Pictures of other homes for the page: decoded and encoded anew in a short-lived child process, so
// that no browser ever sees a stranger's bytes. Kept for a while, by what they were made from.
//
// Threads: loop thread only; the child is waited for on the pool.
#pragma once

#include <list>
#include <string>
#include <utility>

#include "common/base/bytes.h"
#include "common/net/task.h"

namespace hearth::node {

/// A JPEG of at most 640 pixels a side, without metadata. Code::unsupported_media: it is no JPEG
/// that can be read, or one that claims to be huge. Blocking: pool thread.
Result<Bytes> encode_anew(ByteView jpeg);

class Pictures {
 public:
  explicit Pictures(net::Pool& pool) : pool_(pool) {}
  struct Made {
    Bytes jpeg;
    std::string tag;  ///< an entity tag, with quotes
  };
  /// Code::not_found of an empty one; Code::busy when many are being made.
  net::Task<Result<Made>> make(Bytes source);

 private:
  net::Pool& pool_;
  std::list<Made> kept_;  ///< made last first
  std::size_t kept_bytes_ = 0;
  int under_way_ = 0;
};

}  // namespace hearth::node
