// A shop for the programs that measure the engine: homes, one hot seller, purchases by number.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include "common/base/assert.h"
#include "common/crypto/hash.h"
#include "ledger/engine/books_store.h"
#include "ledger/engine/engine.h"

namespace hearth::bench {

inline constexpr std::size_t evaluation_bytes = 1 + 32 + 64;  ///< one element and its proof

/// Names without end: of home, offer or request `number`.
inline crypto::Sha256Digest digest(std::uint64_t number, std::uint8_t what) {
  std::array<std::uint8_t, 9> bytes{what};
  for (std::size_t i = 0; i < 8; ++i) bytes[1 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return crypto::sha256(bytes);
}

/// Counts answers down.
class Latch {
 public:
  explicit Latch(std::size_t count) : left_(count) {}
  void done() {
    const std::lock_guard lock(mutex_);
    if (--left_ == 0) changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;  // Guards: left_
  std::condition_variable changed_;
  std::size_t left_;
};

template <class T>
ledger::Engine::Answer<T> counted(Latch& latch) {
  return [&latch](Result<T> result) {
    HEARTH_ASSERT(result.has_value());
    latch.done();
  };
}

/// Homes 0 (the seller) to `buyers`, all of them with money, and the offer.
inline void open_shop(ledger::Engine& engine, std::uint64_t buyers) {
  const auto currency = money::Currency::from_code("EUR").value();
  constexpr std::uint64_t at_once = 2'000;
  for (std::uint64_t from = 0; from <= buyers; from += at_once) {
    const std::uint64_t to = std::min(from + at_once, buyers + 1);
    Latch latch(2 * (to - from));
    for (std::uint64_t i = from; i < to; ++i) {
      const identity::HomeAddress home{digest(i, 'h')};
      engine.submit_open(home, "home", 1, counted<std::uint64_t>(latch));
      engine.submit_deposit(
          {ledger::AccountId::wallet(home, currency), 1'000'000'000'000, "cash", "owner", 1},
          counted<ledger::Booked>(latch));
    }
    latch.wait();
  }
  Latch offered(1);
  engine.submit_offer({digest(0, 'o'), {digest(0, 'h')}, {350, currency}, 1}, {},
                      counted<std::uint64_t>(offered));
  offered.wait();
}

inline ledger::PurchaseCommand purchase(std::uint64_t number, std::uint64_t buyers) {
  ledger::PurchaseCommand out;
  const auto id = digest(number, 'r');
  std::copy_n(id.begin(), out.request_id.size(), out.request_id.begin());
  out.request_hash = digest(number, 'b');
  out.home = {digest(1 + number % buyers, 'h')};
  out.offer = digest(0, 'o');
  out.epoch = 1;
  out.at_ms = 2;
  return out;
}

class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
    std::string pattern = (in / "hearth-bench-XXXXXX").string();
    HEARTH_ASSERT(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hearth::bench
