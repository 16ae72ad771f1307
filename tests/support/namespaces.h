// Two machines for a test, as network namespaces: the test's process (and what it starts) moves
// into a network and a mount namespace of its own, "the world", and behind a cable there is "the
// home". Everything of it ends with the process. Nothing else on this machine is touched.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/daemons.h"

namespace hearth::test {

/// The world's address on the cable, where a proxy listens; the home's only neighbour.
inline constexpr const char* doorstep = "10.77.0.1";
/// Where the ledger and other homes are. The home could reach it: its default road leads there.
inline constexpr const char* far_away = "10.77.1.1";
/// A name that only the world can resolve; it stands for far_away.
inline constexpr const char* far_name = "ledger.hearth.test";

/// Once for each process, before it has threads. False: this system does not let us (no
/// namespaces without root).
bool move_into_own_network(const fs::path& scratch);
/// Words before a program's own that start it in the home.
std::vector<std::string> in_the_home(const fs::path& scratch);

/// Everything that leaves or reaches the home, written down between construction and packets().
class Capture {
 public:
  explicit Capture(const fs::path& scratch, const std::string& name);
  /// One line for each packet that `filter` (of tcpdump) lets through. Ends the capture.
  std::vector<std::string> packets(const std::string& filter);

 private:
  void end();
  fs::path file_;
  Daemon tcpdump_;
};

}  // namespace hearth::test
