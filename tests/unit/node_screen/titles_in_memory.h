// Titles without a swarm: bytes in memory, a reader that may wait for pieces that never come.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "node/library/titles.h"

namespace hearth::test {

class TitlesInMemory final : public node::Titles {
 public:
  explicit TitlesInMemory(net::Loop& loop) : loop_(loop), changed_(loop) {}

  static wire::TitleId id(std::uint8_t number) {
    wire::TitleId out{};
    out.fill(number);
    return out;
  }
  void add(std::uint8_t number, const std::string& name, Bytes bytes, bool has_key = true);
  std::optional<wire::TitleId> never_arrives;
  /// Until so many reads of never_arrives have begun, or one was cancelled.
  void wait_for_reads(int count);
  void wait_for_cancel();
  int cancelled() const;

  Result<node::Title> title(const wire::TitleId& id) const override;
  Result<std::shared_ptr<node::Reader>> open_reader(const wire::TitleId& id) override;
  net::Signal& changed() override { return changed_; }

  // Not used by a screen.
  net::Task<Result<node::Item>> add_item(std::filesystem::path) override;
  std::vector<node::Item> items() const override { return {}; }
  Result<node::Item> item(const std::string&) const override { return unused(); }
  net::Task<Result<Published>> publish(node::Item, bool, std::string, const crypto::SignKey&,
                                       node::Progress) override;
  Result<void> set_offer(const wire::TitleId&, const std::string&) override { return unused(); }
  Result<void> receive(const std::string&, const std::string&, Bytes) override { return unused(); }
  Result<void> set_key(const wire::TitleId&, const crypto::age::FileKey&) override {
    return unused();
  }
  Result<void> forget_data(const wire::TitleId&) override { return unused(); }
  bool keeps_data(const wire::TitleId&) const override { return true; }
  std::vector<node::Title> titles() const override { return {}; }
  Result<node::Title> find(const std::string&) const override { return unused(); }
  Result<Bytes> torrent_of(const wire::TitleId&) const override { return unused(); }
  node::TransferProgress progress(const wire::TitleId&) const override { return {}; }

 private:
  friend class MemoryReader;
  static tl::unexpected<Error> unused() { return fail(Code::internal, "not part of this test"); }
  struct Entry {
    node::Title title;
    Bytes bytes;
    bool has_key = true;
  };
  net::Loop& loop_;
  net::Signal changed_;
  std::map<wire::TitleId, Entry> entries_;
  mutable std::mutex mutex_;
  // Guards: reads_, cancelled_.
  std::condition_variable moved_;
  int reads_ = 0, cancelled_ = 0;
};

}  // namespace hearth::test
