#include "titles_in_memory.h"

#include <algorithm>

namespace hearth::test {

class MemoryReader final : public node::Reader {
 public:
  MemoryReader(TitlesInMemory& titles, const Bytes& bytes, bool waits)
      : titles_(titles), bytes_(bytes), waits_(waits), cancel_(titles.loop_) {}
  std::uint64_t size() const override { return bytes_.size(); }

  net::Task<Result<Bytes>> read(std::uint64_t offset, std::size_t length,
                                std::int64_t timeout_ms) override {
    if (waits_) {
      {
        const std::lock_guard lock(titles_.mutex_);
        ++titles_.reads_;
        titles_.moved_.notify_all();
      }
      co_await cancel_.wait(timeout_ms);
      co_return fail(Code::timeout, "not yet");
    }
    const std::size_t from = std::min<std::uint64_t>(offset, bytes_.size());
    const std::size_t n = std::min(length, bytes_.size() - from);
    const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(from);
    co_return Bytes(begin, begin + static_cast<std::ptrdiff_t>(n));
  }

  void cancel() override {
    cancel_.notify_all();
    if (!waits_) return;
    const std::lock_guard lock(titles_.mutex_);
    ++titles_.cancelled_;
    titles_.moved_.notify_all();
  }

 private:
  TitlesInMemory& titles_;
  const Bytes bytes_;
  bool waits_;
  net::Signal cancel_;
};

void TitlesInMemory::add(std::uint8_t number, const std::string& name, Bytes bytes, bool has_key) {
  Entry entry;
  entry.title.manifest.name = name;
  entry.title.manifest.kind = wire::Kind::video;
  entry.title.manifest.media_type = "video/mp4";
  entry.title.manifest.title = id(number);
  entry.title.manifest.size = bytes.size();
  entry.bytes = std::move(bytes);
  entry.has_key = has_key;
  entries_.insert_or_assign(id(number), std::move(entry));
}

void TitlesInMemory::wait_for_reads(int count) {
  std::unique_lock lock(mutex_);
  moved_.wait_for(lock, std::chrono::seconds(10), [&] { return reads_ >= count; });
}

void TitlesInMemory::wait_for_cancel() {
  std::unique_lock lock(mutex_);
  moved_.wait_for(lock, std::chrono::seconds(10), [&] { return cancelled_ > 0; });
}

int TitlesInMemory::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

Result<node::Title> TitlesInMemory::title(const wire::TitleId& wanted) const {
  const auto found = entries_.find(wanted);
  if (found == entries_.end()) return fail(Code::not_found, "There is no such title.");
  return found->second.title;
}

Result<std::shared_ptr<node::Reader>> TitlesInMemory::open_reader(const wire::TitleId& wanted) {
  const auto found = entries_.find(wanted);
  if (found == entries_.end()) return fail(Code::not_found, "There is no such title.");
  if (!found->second.has_key) return fail(Code::not_playable_yet, "The key has not arrived.");
  return std::make_shared<MemoryReader>(*this, found->second.bytes, wanted == never_arrives);
}

net::Task<Result<node::Item>> TitlesInMemory::add_item(std::filesystem::path) {
  co_return unused();
}

net::Task<Result<node::Titles::Published>> TitlesInMemory::publish(node::Item, bool, std::string,
                                                                   const crypto::SignKey&,
                                                                   node::Progress) {
  co_return unused();
}

}  // namespace hearth::test
