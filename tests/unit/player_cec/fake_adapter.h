// A Pulse-Eight USB-CEC adapter as libcec knows it, on a pseudo terminal, with a television at the
// other end of its cable that answers the least and presses keys. The serial protocol is libcec's
// adapter/Pulse-Eight: frames FF … FE, bytes above FC escaped.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hearth::test {

class FakeAdapter {
 public:
  FakeAdapter();
  ~FakeAdapter();
  FakeAdapter(const FakeAdapter&) = delete;
  FakeAdapter& operator=(const FakeAdapter&) = delete;

  const std::string& port() const { return port_; }
  /// The television says USER CONTROL PRESSED, and RELEASED, to the player.
  void press(int code);
  void release();

 private:
  void serve();
  void answer(const std::vector<std::uint8_t>& frame);
  void television_hears(const std::vector<std::uint8_t>& message);
  void send(const std::vector<std::uint8_t>& frame);
  void say(const std::vector<std::uint8_t>& message);

  int master_ = -1, slave_ = -1;
  std::string port_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> address_ = 4;    ///< that libcec took: playback device 1
  std::vector<std::uint8_t> sent_;  ///< message that libcec sends over the cable
  std::mutex cable_;                ///< one message after the other
  std::thread thread_;
};

}  // namespace hearth::test
