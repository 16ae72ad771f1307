// The one seam between the rooms and the page's live view: what changed since when. Fed by every
// commit (Records::on_commit), by the titles' and the TV's signals. Who watches keeps a Mark of its
// own, so a slow page misses nothing and makes nobody wait.
//
// Threads: loop thread only.
#pragma once

#include <array>

#include "common/net/task.h"
#include "common/store/store.h"
#include "node/web/topics.h"

namespace hearth::node {

class Changes {
 public:
  using Mark = std::array<std::uint64_t, topic_names.size()>;

  explicit Changes(net::Loop& loop) : signal_(loop) {}
  void note(Topics topics);
  void note(const store::Batch& committed);
  Mark now() const { return counts_; }
  /// What changed since `mark`, which is brought up to now.
  Topics since(Mark& mark) const;
  net::Signal& signal() { return signal_; }

 private:
  Mark counts_{};
  net::Signal signal_;
};

}  // namespace hearth::node
