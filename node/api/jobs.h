// Long work that a command started: it goes on when the command line goes away, and tells how far
// it is to whoever asks (docs/protocol.md §12). Kept in memory; what has to survive a restart is
// the rooms' business.
//
// Threads: note_progress() any; the rest loop thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "common/wire/json.h"

namespace hearth::node {

class Job {
 public:
  explicit Job(std::string id) : id_(std::move(id)) {}
  const std::string& id() const { return id_; }
  void note_progress(const std::string& step, std::uint64_t done, std::uint64_t total);
  void finish(wire::Json result);
  void fail(Error error);
  bool running() const;
  wire::Json document() const;

 private:
  const std::string id_;
  mutable std::mutex mutex_;  // Guards: all below.
  std::string step_ = "starting";
  std::uint64_t done_ = 0, total_ = 0;
  std::string state_ = "running";
  wire::Json result_;
  Error error_{Code::internal, ""};
};

class Jobs {
 public:
  /// Code::busy when too many run.
  Result<std::shared_ptr<Job>> begin();
  /// Code::not_found; a finished job is forgotten after a hundred later ones.
  Result<std::shared_ptr<Job>> find(const std::string& id) const;

 private:
  std::deque<std::shared_ptr<Job>> jobs_;
};

}  // namespace hearth::node
