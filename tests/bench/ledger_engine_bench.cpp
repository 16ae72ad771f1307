// The engine's durable purchases on one hot seller, against bare RocksDB: first the engine buys,
// and the batches that it commits are recorded; then the very same bytes go into a fresh RocksDB,
// each batch with a sync. Both run in turns; medians of five. The ratio is what the rules, the
// journal and its hashes cost on top of the disk. `--json` for programs.
//   ledger_engine_bench [--json] [BATCH [RUNS]]      all batches, five runs
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "common/wire/json.h"
#include "tests/bench/measure.h"
#include "tests/bench/shop.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::bench;

namespace {

constexpr std::uint64_t buyers = 1'000;

/// Passes everything on and keeps what was committed while it is told to.
class RecordingStore : public store::Store {
 public:
  explicit RecordingStore(store::Store& real) : real_(real) {}
  std::vector<store::Batch> batches;
  bool recording = false;

  Result<std::optional<Bytes>> get(ByteView key) const override { return real_.get(key); }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return real_.scan(from, to, visit);
  }
  Result<void> commit(const store::Batch& batch, std::uint64_t epoch) override {
    if (recording) batches.push_back(batch);
    return real_.commit(batch, epoch);
  }
  Result<std::uint64_t> claim() override { return real_.claim(); }
  std::unique_ptr<store::View> snapshot() const override { return real_.snapshot(); }

 private:
  store::Store& real_;
};

struct Run {
  double engine_per_s = 0, bare_per_s = 0;
};

/// `batch` purchases wait for the writer each time, as many clients would.
Run measure(std::size_t batch, std::size_t rounds) {
  std::vector<PurchaseCommand> commands;
  for (std::size_t i = 0; i < batch * rounds; ++i) commands.push_back(purchase(i, buyers));
  const Scratch dir;
  auto real = open_books(dir.path() / "engine").value();
  RecordingStore store(*real);
  Run out;
  {
    Engine::Options options;
    options.batch_limit = batch;
    options.queue_limit = std::max<std::size_t>(10'000, 4 * batch);
    open_shop(*Engine::start(store, {}).value(), buyers);
    auto engine = Engine::start(store, options).value();
    store.recording = true;
    const Bytes evaluation(evaluation_bytes, 7);
    // Two batches are under way: while one is written the next one gathers.
    Latch all(commands.size());
    const double start = seconds_now();
    std::vector<std::unique_ptr<Latch>> latches;
    for (std::size_t round = 0; round < rounds; ++round) {
      if (round >= 2) latches[round - 2]->wait();
      latches.push_back(std::make_unique<Latch>(batch));
      for (std::size_t i = 0; i < batch; ++i)
        engine->submit_purchase(commands[round * batch + i], evaluation,
                                [&all, latch = latches.back().get()](auto result) {
                                  HEARTH_ASSERT(result.has_value());
                                  latch->done();
                                  all.done();
                                });
    }
    all.wait();
    out.engine_per_s = static_cast<double>(commands.size()) / (seconds_now() - start);
  }
  auto bare = open_books(dir.path() / "bare").value();
  const std::uint64_t epoch = bare->claim().value();
  const double start = seconds_now();
  for (const store::Batch& recorded : store.batches)
    HEARTH_ASSERT(bare->commit(recorded, epoch).has_value());
  out.bare_per_s = static_cast<double>(commands.size()) / (seconds_now() - start);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc > 1 && std::string_view(argv[1]) == "--json";
  const char* const* chosen = argv + 1 + json;
  std::vector<std::size_t> batches{1, 10, 100, 1000};
  if (*chosen) batches = {std::strtoull(*chosen++, nullptr, 10)};
  const int runs = *chosen ? std::atoi(*chosen) : 5;
  wire::Json rows = wire::Json::array();
  std::vector<std::vector<std::string>> rows_shown{
      {"batch", "purchases/s", "bare RocksDB", "ratio"}};
  for (const std::size_t batch : batches) {
    const std::size_t rounds = std::clamp<std::size_t>(100'000 / batch, 100, 2'000);
    (void)measure(batch, std::min<std::size_t>(rounds, 100));  // first touch of memory and disk
    std::vector<double> engine, bare, ratio;
    for (int run = 0; run < runs; ++run) {
      const Run measured = measure(batch, rounds);
      engine.push_back(measured.engine_per_s);
      bare.push_back(measured.bare_per_s);
      ratio.push_back(measured.engine_per_s / measured.bare_per_s);
    }
    rows_shown.push_back({whole(static_cast<double>(batch)), whole(median(engine)),
                          whole(median(bare)), fixed(median(ratio), 2)});
    rows.push_back({{"batch", batch},
                    {"purchases_per_s", static_cast<std::int64_t>(median(engine))},
                    {"bare_per_s", static_cast<std::int64_t>(median(bare))},
                    {"ratio_percent", static_cast<std::int64_t>(100 * median(ratio))}});
  }
  const std::string out =
      json ? wire::Json{{"engine", rows}}.dump(2) + "\n" : bench::table(rows_shown);
  std::fputs(out.c_str(), stdout);
  return 0;
}
