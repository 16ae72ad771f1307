// Values that a thread of its own makes of what it reads, ahead of who uses them, so that two
// processors share the work. In order, a bounded number of pieces at a time. Used by one thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/error.h"

namespace hearth::store {

template <class T>
class Ahead {
 public:
  /// False: nobody wants more.
  using Give = std::function<bool(T&&)>;
  /// Runs on the other thread, gives the values away, and ends with what ended() says.
  using Make = std::function<Result<void>(const Give&)>;

  explicit Ahead(Make make) : make_(std::move(make)), thread_([this] { run(); }) {}
  ~Ahead() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  /// Good until the next call. nullptr: that was all, and ended() says why.
  const T* next() {
    if (at_ == given_out_.size()) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !ready_.empty() || at_end_; });
      if (ready_.empty()) return nullptr;
      given_out_ = std::move(ready_.front());
      ready_.pop_front();
      at_ = 0;
      lock.unlock();
      changed_.notify_all();
    }
    return &given_out_[at_++];
  }
  /// What the maker came back with.
  const Result<void>& ended() const { return ended_; }

 private:
  static constexpr std::size_t piece_size = 512;
  static constexpr std::size_t pieces_ahead = 8;
  using Piece = std::vector<T>;

  void run() {
    Piece piece;
    auto ended = make_([this, &piece](T&& value) {
      if (piece.empty()) piece.reserve(piece_size);
      piece.push_back(std::move(value));
      return piece.size() < piece_size || hand_over(std::exchange(piece, {}));
    });
    if (!piece.empty()) hand_over(std::move(piece));
    {
      const std::lock_guard lock(mutex_);
      at_end_ = true;
      ended_ = std::move(ended);
    }
    changed_.notify_all();
  }
  bool hand_over(Piece piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ready_.size() < pieces_ahead || closing_; });
    if (closing_) return false;
    ready_.push_back(std::move(piece));
    lock.unlock();
    changed_.notify_all();
    return true;
  }

  const Make make_;
  Piece given_out_;
  std::size_t at_ = 0;

  std::mutex mutex_;  // Guards: all below but the thread
  std::condition_variable changed_;
  std::deque<Piece> ready_;
  bool at_end_ = false, closing_ = false;
  Result<void> ended_;

  std::thread thread_;  // last: it uses everything above
};

}  // namespace hearth::store
