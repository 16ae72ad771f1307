// A child process whose output is read on the loop, as fast as it is wanted: a child that is not
// read from waits. It is killed, with its group, when this goes, and when this program does.
//
// Threads: loop thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/net/task.h"

namespace hearth::net {

class Child {
 public:
  /// `input` is its standard input. Code::not_found: not installed; Code::io.
  static Result<std::shared_ptr<Child>> start(Loop& loop, const std::vector<std::string>& argv,
                                              ByteView input);
  virtual ~Child() = default;
  /// What it has written, at most `most`; empty: the end of its output. Code::timeout;
  /// Code::interrupted: it was killed. One at a time.
  virtual Task<Result<Bytes>> read(std::size_t most, std::int64_t timeout_ms) = 0;
  virtual void kill() = 0;
  /// The beginning of what it said on standard error, at most `most`.
  virtual std::string complaint(std::size_t most) = 0;
};

}  // namespace hearth::net
