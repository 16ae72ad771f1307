#include "node/web/changes.h"

namespace hearth::node {

void Changes::note(Topics topics) {
  if (topics == no_topics) return;
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += topics >> i & 1;
  signal_.notify_all();
}

void Changes::note(const store::Batch& committed) {
  Topics topics = no_topics;
  for (const auto& entry : committed.entries()) topics |= topics_of_key(as_text(entry.key));
  note(topics);
}

Topics Changes::since(Mark& mark) const {
  Topics topics = no_topics;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != mark[i]) topics |= Topics{1} << i;
  }
  mark = counts_;
  return topics;
}

}  // namespace hearth::node
