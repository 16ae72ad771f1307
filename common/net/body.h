// The body of an answer that is made while it is sent: asked for part by part, never faster than
// the other side takes it, so that nothing is kept for slow readers.
//
// Threads: loop thread only.
#pragma once

#include "common/base/bytes.h"
#include "common/net/task.h"

namespace hearth::net {

class Body {
 public:
  virtual ~Body() = default;
  /// The next part; empty: that was all. An error ends the connection where it is. Never called
  /// while a call is under way; gone with the connection.
  virtual Task<Result<Bytes>> next() = 0;
};

}  // namespace hearth::net
