#include "node/app/cli_restore.h"

#include <iostream>

#include <unistd.h>

#include "common/base/files.h"
#include "common/base/typed_text.h"
#include "common/identity/seed_line.h"
#include "common/store/store.h"
#include "node/app/home_files.h"
#include "node/recovery/recovery.h"

namespace hearth::node {
namespace {

Result<crypto::Seed> seed_from_input() {
  if (::isatty(STDIN_FILENO) != 0) std::cerr << "The seed line (hearthseed1 …): " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  auto seed = identity::parse_seed_line(line);
  crypto::wipe(line.data(), line.size());
  return seed;
}

Result<void> begin(const std::filesystem::path& dir, const wire::Json& arguments) {
  const std::string ledger = arguments.value("ledger", ""), name = arguments.value("name", "");
  if (ledger.empty() || name.empty()) {
    return fail(
        Code::usage,
        "A restore begins with: hearth --data DIR wallet restore --ledger CARD --name NAME, "
        "and reads the seed line from standard input. Nothing was made.");
  }
  const auto seed = seed_from_input();
  if (!seed) return pass_on(seed.error());
  NewHome wanted;
  wanted.card = ledger;
  wanted.name = name;
  wanted.proxy = arguments.value("proxy", "");
  wanted.restored = *seed;
  const auto made = make_home(dir, wanted);
  if (!made) return pass_on(made.error());
  return {};
}

void tell(const std::string& step, std::uint64_t done) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r\033[K" << step << ": " << done << std::flush;
}

net::Task<void> recover(std::shared_ptr<Recovery> recovery, net::Loop& loop,
                        Result<RecoveryResult>& outcome) {
  outcome = co_await recovery->run();
  loop.stop();
}

Result<RecoveryResult> run(const std::filesystem::path& dir, const HomeFiles& files) {
  const identity::HomeKeys keys(files.wallet);
  auto disk = store::open_rocksdb(dir / "store");
  if (!disk) return pass_on(disk.error());
  const auto writer_epoch = (*disk)->claim();
  if (!writer_epoch) return pass_on(writer_epoch.error());
  Records records(**disk, *writer_epoch);
  net::Loop loop;
  auto proxy = road_of_restore(dir);
  if (!proxy) return pass_on(proxy.error());
  const auto link = LedgerLink::make(loop, files.ledger, keys, &records, std::move(*proxy));
  Result<RecoveryResult> outcome = fail(Code::interrupted, "The restore was interrupted.");
  net::spawn(loop, recover(std::make_shared<Recovery>(*link, records, keys, tell), loop, outcome),
             "restore");
  loop.run();
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "\r\033[K" << std::flush;
  return outcome;
}

}  // namespace

Result<wire::Json> restore_home(const std::filesystem::path& dir, const wire::Json& arguments) {
  if (!is_being_restored(dir)) {
    auto begun = begin(dir, arguments);
    if (!begun) return pass_on(begun.error());
  }
  const auto files = load_home_files(dir);
  if (!files) return pass_on(files.error());
  const auto lock = DirLock::take(dir);
  if (!lock) return pass_on(lock.error());
  const auto found = run(dir, *files);
  if (!found) {
    return fail(found.error().code,
                found.error().sentence + " What was found is kept; hearth wallet restore goes on.");
  }
  auto ended = end_restore(dir);
  if (!ended) return pass_on(ended.error());
  wire::Json out = {{"home", identity::HomeKeys(files->wallet).address().text()},
                    {"purchases", found->purchases},
                    {"exchanges", found->exchanges},
                    {"titles", found->titles},
                    {"held", found->held},
                    {"given", found->given},
                    {"own_offers", found->own_offers}};
  if (found->contacts) out["contacts"] = *found->contacts;
  return out;
}

}  // namespace hearth::node
