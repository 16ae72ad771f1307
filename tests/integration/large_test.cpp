// A title of 4 GiB publishes, travels and is read with each process under 300 MiB of memory of
// its own (page cache does not count).
#include <algorithm>

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {
#ifdef __SANITIZE_ADDRESS__  // it keeps what was freed for a while, 256 MiB of it, and shadows
constexpr std::uint64_t limit = 1000ull << 20;
#else
constexpr std::uint64_t limit = 300ull << 20;
#endif

struct Watch {
  std::vector<Daemon*> daemons;
  std::map<std::string, std::uint64_t> peak;
  void look() {
    for (Daemon* daemon : daemons) {
      auto& most = peak[daemon->name()];
      most = std::max(most, daemon->anonymous_memory());
    }
  }
};
}  // namespace

TEST_CASE("4 GiB in under 300 MiB") {
  Town town;
  Home& a = town.add_home("A");
  Home& c = town.add_home("C");
  town.befriend(a, c);
  Watch watch{{&a.daemon(), &c.daemon(), &town.ledger()}, {}};

  const fs::path big = town.dir() / "big.bin";
  town.make_file("big.bin", 1 << 20, 5);
  REQUIRE(::truncate(big.c_str(), 4ll << 30) == 0);  // the rest is a hole; its ciphertext is not
  a.ok({"library", "add", big.string()});
  const Json made = a.ok({"publish", "big.bin", "--price", "0.00 EUR", "--private"});
  watch.look();
  CHECK(made.at("size") == (4ll << 30));
  a.ok({"gift", "send", made.at("title"), "--to", "C"});
  eventually("it waits", 30, [&] { return !gift(c, "received", "big.bin").is_null(); });
  c.ok({"gift", "accept", gift(c, "received", "big.bin").at("gift")});
  eventually("C has 4 GiB", 400, [&] {
    watch.look();
    return complete_with_key(c, "big.bin");
  });
  for (const auto& [name, most] : watch.peak) {
    MESSAGE(name, " used at most ", most >> 20, " MiB");
    CHECK_MESSAGE(most < limit, name, " used ", most >> 20, " MiB");
    CHECK(most > 0);
  }
}
