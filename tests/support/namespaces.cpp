#include "tests/support/namespaces.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace hearth::test {
namespace {

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  REQUIRE_MESSAGE(out.flush().good(), path.string());
}

void must(const std::vector<std::string>& argv) {
  const Outcome outcome = run(argv);
  std::string words;
  for (const auto& word : argv) words += word + " ";
  REQUIRE_MESSAGE(outcome.exit_code == 0, words, ": ", outcome.err);
}

bool enter_namespaces() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  int flags = CLONE_NEWNET | CLONE_NEWNS;
  if (user != 0) flags |= CLONE_NEWUSER;
  if (::unshare(flags) != 0) return false;
  if (user != 0) {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
    write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
  }
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") == 0;
}

}  // namespace

bool move_into_own_network(const fs::path& scratch) {
  if (!enter_namespaces()) return false;
  must({"ip", "link", "set", "lo", "up"});
  must({"ip", "netns", "add", "home"});
  must({"ip", "link", "add", "cable", "type", "veth", "peer", "name", "door", "netns", "home"});
  must({"ip", "address", "add", std::string(doorstep) + "/24", "dev", "cable"});
  must({"ip", "address", "add", std::string(far_away) + "/32", "dev", "lo"});
  must({"ip", "link", "set", "cable", "up"});
  // IPv6 would fill the capture with the kernel's own search for neighbours.
  must({"ip", "netns", "exec", "home", "sh", "-c",
        "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"});
  must({"ip", "-n", "home", "link", "set", "lo", "up"});
  must({"ip", "-n", "home", "address", "add", "10.77.0.2/24", "dev", "door"});
  must({"ip", "-n", "home", "link", "set", "door", "up"});
  must({"ip", "-n", "home", "route", "add", "default", "via", doorstep});
  write_file(scratch / "resolv.conf", "nameserver " + std::string(far_away) + "\n");
  write_file(scratch / "hosts.home", "127.0.0.1 localhost\n");
  write_file(scratch / "hosts.world",
             "127.0.0.1 localhost\n" + std::string(far_away) + " " + far_name + "\n");
  must({"mount", "--bind", (scratch / "hosts.world").string(), "/etc/hosts"});
  must({"mount", "--bind", (scratch / "resolv.conf").string(), "/etc/resolv.conf"});
  return true;
}

std::vector<std::string> in_the_home(const fs::path& scratch) {
  // `ip netns exec` gives a mount namespace of its own, so the bind mount is the home's alone.
  return {"ip",
          "netns",
          "exec",
          "home",
          "sh",
          "-c",
          "mount --bind " + (scratch / "hosts.home").string() + " /etc/hosts && exec \"$@\"",
          "sh"};
}

Capture::Capture(const fs::path& scratch, const std::string& name)
    : file_(scratch / (name + ".pcap")),
      tcpdump_("tcpdump",
               {"ip", "netns", "exec", "home", "tcpdump", "-i", "door", "-U", "-Z", "root", "-w",
                file_.string()},
               scratch / (name + ".tcpdump.log")) {
  tcpdump_.start();
  eventually("tcpdump listens", 30,
             [this] { return tcpdump_.log_text().find("listening on") != std::string::npos; });
}

std::vector<std::string> Capture::packets(const std::string& filter) {
  tcpdump_.stop();
  const Outcome outcome = run({"tcpdump", "-nn", "-r", file_.string(), filter});
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  std::vector<std::string> lines;
  std::istringstream in(outcome.out);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace hearth::test
