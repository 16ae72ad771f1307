// Large books: 1,000,000 homes and 10,000,000 records, made through the engine. How long a start
// takes, what it keeps in memory, how fast it still sells against books that are nearly empty, how
// long an operator or a home waits for what is read of them, and how fast an audit reads them.
//   ledger_scale_bench [HOMES [RECORDS]]            makes books, measures and removes them
//   ledger_scale_bench make DIR [HOMES [RECORDS]]   makes books that are kept, some minutes
//   ledger_scale_bench measure DIR                  measures a copy of them, which links their
//   files
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <semaphore>

#include <unistd.h>

#include "common/base/process.h"
#include "ledger/admin/admin.h"
#include "ledger/admin/audit.h"
#include "ledger/transparency/transparency.h"
#include "tests/bench/measure.h"
#include "tests/bench/shop.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::bench;

namespace {

constexpr std::size_t batch = 1'000;

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

struct Speed {
  double per_s = 0;
  double cpu_us = 0;  ///< of this process for each, RocksDB's merging included
};

/// Sells `count` from request `first` on, to as many clients as fill two batches: whoever has an
/// answer is followed by the next one, a hundred at a time.
Speed sell(Engine& engine, std::uint64_t first, std::uint64_t count, std::uint64_t buyers) {
  constexpr std::uint64_t group = 100, groups = 2 * batch / group;
  HEARTH_ASSERT(count % group == 0);
  const Bytes evaluation(evaluation_bytes, 7);
  std::counting_semaphore<groups> free(groups);
  std::atomic<std::uint64_t> answered = 0;
  const double start = seconds_now(), cpu = own_cpu_seconds();
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % group == 0) free.acquire();
    engine.submit_purchase(purchase(first + i, buyers), evaluation,
                           [&answered, &free](Result<PurchaseFacts> result) {
                             HEARTH_ASSERT(result.has_value());
                             if (++answered % group == 0) free.release();
                           });
  }
  for (std::uint64_t i = 0; i < groups; ++i) free.acquire();
  return {static_cast<double>(count) / (seconds_now() - start),
          1e6 * (own_cpu_seconds() - cpu) / static_cast<double>(count)};
}

/// As after any other evening, but that the ledger dies at its end.
[[noreturn]] void sell_and_die(const std::filesystem::path& books) {
  auto large = open_books(books).value();
  auto engine = Engine::start(*large, {}).value();
  const auto before = engine->stats();
  // Numbers of records are larger than those of the requests that made them: these are new.
  sell(*engine, before.records, 100'000, before.homes - 1);
  std::raise(SIGKILL);
  std::abort();
}

double mib_in_log(const std::filesystem::path& books) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(books))
    if (file.path().extension() == ".log") bytes += file.file_size();
  return static_cast<double>(bytes) / (1 << 20);
}

/// Rows of the table: starts after a kill -9 under load, and after a stop.
std::vector<std::vector<std::string>> starts(const std::filesystem::path& books) {
  const auto started_s = [&books] {
    const double start = seconds_now();
    auto large = open_books(books).value();
    auto engine = Engine::start(*large, {}).value();
    return seconds_now() - start;
  };
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<double> logs, killed, stopped;
  for (int run = 0; run < 5; ++run) {
    HEARTH_ASSERT(
        run_process({self, "die", books.string()}, {}, 1 << 20, 600'000).value().exit_code ==
        128 + SIGKILL);
    logs.push_back(mib_in_log(books));
    killed.push_back(started_s());
    stopped.push_back(started_s());
  }
  return {{"start after kill -9, " + whole(median(logs)) + " MiB of log, of five",
           fixed(median(killed), 2) + " s"},
          {"start after a stop, of five", fixed(median(stopped), 2) + " s"}};
}

/// Milliseconds, the median of so many, which get the numbers from 0 on.
double milliseconds(std::uint64_t times, const std::function<void(std::uint64_t)>& run) {
  std::vector<double> taken;
  for (std::uint64_t i = 0; i < times; ++i) {
    const double start = seconds_now();
    run(i);
    taken.push_back(1e3 * (seconds_now() - start));
  }
  return median(taken);
}

/// Rows of the table: each read is of another place in the books.
std::vector<std::vector<std::string>> reads(const store::Store& store, Engine& engine,
                                            const Scratch& dir, std::uint64_t homes) {
  const auto key = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("bench"))));
  const auto currency = money::Currency::from_code("EUR").value();
  const std::uint64_t records = engine.stats().records;
  std::unique_ptr<Transparency> log;
  const auto signing = [&](std::uint64_t) { HEARTH_ASSERT(log->latest().has_value()); };
  std::vector<double> checkpoints;
  for (std::uint64_t i = 0; i < 21; ++i) {
    // Anew each time: one that has just signed would not sign again for a second.
    log = Transparency::open(store, engine, key, {dir.path() / "checkpoint"}, 1).value();
    sell(engine, records + i * batch, batch, homes);
    checkpoints.push_back(milliseconds(1, signing));
  }
  const double proof = milliseconds(501, [&](std::uint64_t i) {
    HEARTH_ASSERT(log->proof_of(i * 7'919'777 % records).has_value());
  });
  AdminContext context{LedgerDir{dir.path() / "nothing"}, store, &engine};
  const auto statement = [&](const AccountId& account, std::uint64_t after) {
    HEARTH_ASSERT(
        run_admin(context, "statement", {{"of", account.text()}, {"after", after}, {"limit", 100}})
            .has_value());
  };
  const double of_home = milliseconds(201, [&](std::uint64_t i) {
    statement(AccountId::wallet({digest(1 + i * 7'919 % homes, 'h')}, currency), 0);
  });
  const double of_busy = milliseconds(201, [&](std::uint64_t i) {
    statement(AccountId::escrow(digest(0, 'o'), 1, currency), i * 7'919'777 % records);
  });
  return {{"checkpoint", fixed(median(checkpoints), 2) + " ms"},
          {"proof of a record", fixed(proof, 2) + " ms"},
          {"statement of a home", fixed(of_home, 2) + " ms"},
          {"statement of the busiest account, 100 entries", fixed(of_busy, 2) + " ms"}};
}

int measure(const Scratch& dir) {
  constexpr std::uint64_t few = 1'000, sample = 200'000;
  const auto books = dir.path() / "large";
  const auto start_rows = starts(books);
  const double before = resident_mib();
  auto large = open_books(books).value();
  auto engine = Engine::start(*large, {}).value();
  const double memory = resident_mib() - before;

  const std::uint64_t homes = engine->stats().homes - 1;
  std::vector<std::vector<std::string>> rows{
      {"run", "small books", "large", "ratio", "CPU small", "CPU large", "ratio"}};
  std::vector<double> ratios, cpu_ratios;
  for (int run = 0; run < 5; ++run) {
    Speed in_small;
    {
      auto small = open_books(dir.path() / ("small" + std::to_string(run))).value();
      auto small_engine = Engine::start(*small, {}).value();
      open_shop(*small_engine, few);
      in_small = sell(*small_engine, 0, sample, few);
    }
    const Speed in_large = sell(*engine, engine->stats().records, sample, homes);
    ratios.push_back(in_large.per_s / in_small.per_s);
    cpu_ratios.push_back(in_small.cpu_us / in_large.cpu_us);
    rows.push_back({std::to_string(run + 1), whole(in_small.per_s) + "/s",
                    whole(in_large.per_s) + "/s", fixed(ratios.back(), 2),
                    fixed(in_small.cpu_us, 1) + " µs", fixed(in_large.cpu_us, 1) + " µs",
                    fixed(cpu_ratios.back(), 2)});
  }
  std::fputs((table(rows) + "\n").c_str(), stdout);
  const double resident = resident_mib();
  const auto read = reads(*large, *engine, dir, homes);
  const double start = seconds_now();
  const auto audited = audit(*large, {});
  const double audit_s = seconds_now() - start;
  if (!audited || audited->difference) {
    std::fprintf(stderr, "the audit of these books failed\n");
    return 1;
  }
  const double all = static_cast<double>(engine->stats().records);
  rows = {{"books of", whole(all) + " records, " + whole(static_cast<double>(homes)) + " homes"},
          {"memory of the engine", whole(memory) + " MiB"},
          {"resident after selling", whole(resident) + " MiB"},
          {"purchases against small books", fixed(median(ratios), 2)},
          {"the same by processor time", fixed(median(cpu_ratios), 2)}};
  rows.insert(rows.begin() + 1, start_rows.begin(), start_rows.end());
  rows.insert(rows.end(), read.begin(), read.end());
  rows.push_back({"audit", whole(all / audit_s) + " records/s"});
  std::fputs(table(rows).c_str(), stdout);
  return 0;
}

void make(const std::filesystem::path& books, const char* const* numbers) {
  const std::uint64_t homes = *numbers ? std::strtoull(*numbers++, nullptr, 10) : 1'000'000;
  const std::uint64_t records = *numbers ? std::strtoull(*numbers, nullptr, 10) : 10'000'000;
  auto large = open_books(books).value();
  auto engine = Engine::start(*large, {}).value();
  open_shop(*engine, homes);
  const std::uint64_t made = engine->stats().records;
  std::fprintf(stderr, "%s homes opened; selling until there are %s records\n",
               whole(static_cast<double>(homes)).c_str(),
               whole(static_cast<double>(records)).c_str());
  if (records > made) sell(*engine, 0, (records - made) / batch * batch, homes);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if ((word == "make" || word == "measure" || word == "die") && argc < 3) {
    std::fprintf(stderr, "ledger_scale_bench %s: which directory?\n", argv[1]);
    return 2;
  }
  if (word == "make") {
    std::filesystem::create_directories(argv[2]);
    make(std::filesystem::path(argv[2]) / "large", argv + 3);
    return 0;
  }
  if (word == "die") sell_and_die(argv[2]);  // what measuring runs of itself
  if (word == "measure") {
    const Scratch dir(argv[2]);
    const auto kept = std::filesystem::path(argv[2]) / "large";
    HEARTH_ASSERT(open_books(kept).value()->copy_to(dir.path() / "large").has_value());
    return measure(dir);
  }
  const Scratch dir;
  make(dir.path() / "large", argv + 1);
  return measure(dir);
}
