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

constexpr const char* last_word_port = "9";  // discard

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

std::string last_word() {
  return std::string("(udp dst port ") + last_word_port + ")";
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
  // IPv6 would fill the capture with the kernel's own search for neighbours.
  const std::string no_v6 = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
  must({"sh", "-c", no_v6});
  must({"ip", "netns", "exec", "home", "sh", "-c", no_v6});
  must({"ip", "link", "add", "cable", "type", "veth", "peer", "name", "door", "netns", "home"});
  must({"ip", "address", "add", std::string(doorstep) + "/24", "dev", "cable"});
  must({"ip", "address", "add", std::string(far_away) + "/32", "dev", "lo"});
  must({"ip", "link", "set", "cable", "up"});
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
               {"ip", "netns", "exec", "home", "tcpdump", "-i", "door", "--immediate-mode", "-U",
                "-Z", "root", "-w", file_.string()},
               scratch / (name + ".tcpdump.log")) {
  tcpdump_.start();
  eventually("tcpdump listens", 30,
             [this] { return tcpdump_.log_text().find("listening on") != std::string::npos; });
}

void Capture::end() {
  if (!tcpdump_.running()) return;
  // A last packet of our own: when it is in the file, everything before it is.
  must({"ip", "netns", "exec", "home", "bash", "-c",
        "echo end > /dev/udp/" + std::string(doorstep) + "/" + last_word_port});
  eventually("the capture has the last packet", 30, [this] {
    const Outcome read = run({"tcpdump", "-nn", "-r", file_.string(), last_word()});
    return !read.out.empty();
  });
  tcpdump_.stop();
}

std::vector<std::string> Capture::packets(const std::string& filter) {
  end();
  // The last word, and the world's answer that nobody listens to it, are not the home's.
  const std::string ours = last_word() + " or (icmp and src host " + std::string(doorstep) + ")";
  const Outcome outcome =
      run({"tcpdump", "-nn", "-r", file_.string(), "(" + filter + ") and not (" + ours + ")"});
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  std::vector<std::string> lines;
  std::istringstream in(outcome.out);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace hearth::test
