// hearth-ledgerd for ledger_tls_bench alone: without limits per connection and home, and with
// --without-evaluation an evaluation that was made beforehand instead of one per purchase.
#include <cstdio>
#include <cstring>

#include "common/base/log.h"
#include "common/crypto/poprf.h"
#include "ledger/api/daemon.h"

namespace {

using namespace hearth;

Result<crypto::poprf::Evaluated> made_beforehand(const crypto::poprf::KeyPair& key,
                                                 const std::vector<crypto::poprf::Element>& blinded,
                                                 ByteView info) {
  static const auto once =
      crypto::poprf::blind_evaluate(key, blinded, info, crypto::poprf::random_scalar());
  return once;
}

}  // namespace

int main(int argc, char** argv) {
  ledger::DaemonOptions options;
  options.limits.rate_per_connection = options.limits.rate_per_home = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--data") == 0 && i + 1 < argc) options.dir = argv[++i];
    if (std::strcmp(argv[i], "--listen") == 0 && i + 1 < argc) options.listen = argv[++i];
    if (std::strcmp(argv[i], "--without-evaluation") == 0) options.evaluate = made_beforehand;
  }
  init_log("ledger_bench_server", "warn");
  const auto daemon = ledger::Daemon::start(options);
  if (!daemon) {
    std::fprintf(stderr, "%s\n", daemon.error().sentence.c_str());
    return 1;
  }
  (*daemon)->run();
  return 0;
}
