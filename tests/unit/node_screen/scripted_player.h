// The other end of the screen's socket, in the hands of a test: says what it is told to say.
// Blocking, every wait bounded.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/link/frames.h"
#include "common/link/messages.h"

namespace hearth::test {

class ScriptedPlayer {
 public:
  explicit ScriptedPlayer(const std::filesystem::path& socket);                    ///< control
  ScriptedPlayer(const std::filesystem::path& socket, const std::string& stream);  ///< a stream
  ScriptedPlayer(const std::filesystem::path& socket, const Bytes& raw);           ///< anything
  ~ScriptedPlayer();
  ScriptedPlayer(const ScriptedPlayer&) = delete;
  ScriptedPlayer& operator=(const ScriptedPlayer&) = delete;

  void ready() { send(link::Ready{1280, 720}); }
  void send(const link::Event& event);
  void send_bytes(const Bytes& body);
  std::optional<link::StreamOpened> opened();
  void ask(std::uint64_t offset, std::size_t length);
  /// The size of the answer's body, status included; 0: none came.
  std::size_t read(std::uint64_t offset, std::size_t length);
  bool closed_by_node();

  template <class T>
  std::optional<T> wait_order(std::function<bool(const T&)> pleases = {}) {
    while (const auto order = next_order()) {
      seen_.push_back(*order);
      const T* wanted = std::get_if<T>(&*order);
      if (wanted != nullptr && (!pleases || pleases(*wanted))) return *wanted;
    }
    return std::nullopt;
  }
  template <class T>
  bool saw() const {
    for (const auto& order : seen_) {
      if (std::holds_alternative<T>(order)) return true;
    }
    return false;
  }

 private:
  void connect(const std::filesystem::path& socket);
  void write(ByteView bytes);
  std::optional<link::Frame> frame();
  std::optional<link::Order> next_order();
  int fd_ = -1;
  std::vector<link::Order> seen_;
};

}  // namespace hearth::test
