// A value that several threads use, one call at a time:
//   Guarded<Tracker> tracker(random);
//   tracker->announce(announce, now);  // holds the lock until it has returned
#pragma once

#include <mutex>
#include <utility>

namespace hearth {

template <class T>
class Guarded {
  template <class U>
  class Held {
   public:
    U* operator->() const { return &value_; }

   private:
    friend class Guarded;
    Held(std::mutex& mutex, U& value) : lock_(mutex), value_(value) {}
    std::lock_guard<std::mutex> lock_;
    U& value_;
  };

 public:
  template <class... Arguments>
  explicit Guarded(Arguments&&... arguments) : value_(std::forward<Arguments>(arguments)...) {}

  Held<T> operator->() { return Held<T>(mutex_, value_); }
  Held<const T> operator->() const { return Held<const T>(mutex_, value_); }

 private:
  mutable std::mutex mutex_;
  T value_;  // Guards: mutex_
};

}  // namespace hearth
