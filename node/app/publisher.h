// Publishing as one road that can be taken up anywhere: encrypt and seed, register the torrent,
// and (unless private) sign the offer and leave the file key in escrow. What a publish is to
// become is stored first ("publish/…"); the offer is stored before it is sent, so that the same
// offer is sent again. docs/protocol.md §5, §8.
//
// Threads: loop thread only.
#pragma once

#include <atomic>
#include <functional>
#include <set>

#include "node/ledger_link/ledger_link.h"
#include "node/library/titles.h"
#include "node/swarm/announcer.h"

namespace hearth::node {

struct PublishOrder {
  std::string item;  ///< id
  bool is_private = false;
  std::optional<money::Amount> price;  ///< none: private
  wire::Terms terms;
};

struct PublishRecord {
  PublishOrder order;
  std::string offer_jws;
  Bytes sealed_key;
  bool done = false;
};
Bytes encode(const PublishRecord& record);
Result<PublishRecord> decode_publish(ByteView bytes);

class Publisher {
 public:
  /// Told of each step and of bytes within it; may be called from a pool thread.
  using Told =
      std::function<void(const std::string& step, std::uint64_t done, std::uint64_t total)>;
  Publisher(net::Loop& loop, Records& records, LedgerLink& ledger, Titles& titles,
            Announcer& announcer, const identity::HomeKeys& home);

  /// The same order again completes what is missing, or returns what is there. Waits for the
  /// ledger as long as it is away. Code::busy when the item is being published already.
  net::Task<Result<Title>> publish(PublishOrder order, Told told);
  /// Takes up what a stopped node left behind.
  void resume();
  void stop();

 private:
  net::Task<Result<Title>> run(PublishRecord record, Told told);
  net::Task<Result<void>> offer(PublishRecord& record, const Title& title, Told told);
  net::Task<Result<wire::LedgerKeys>> keys(Told told);
  net::Task<Result<void>> wait_after(Error trouble, Told told);
  net::Task<void> run_in_background(PublishRecord record);
  Result<void> store_record(const PublishRecord& record);
  Result<std::optional<PublishRecord>> stored(const PublishOrder& order) const;

  net::Loop& loop_;
  Records& records_;
  LedgerLink& ledger_;
  Titles& titles_;
  Announcer& announcer_;
  const identity::HomeKeys& home_;
  net::Signal wake_;
  std::set<std::string> running_;
  std::atomic<bool> stopping_{false};  ///< pool threads read it
};

}  // namespace hearth::node
