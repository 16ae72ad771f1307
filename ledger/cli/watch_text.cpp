// What the engine did between two looks at its counters.
#include <algorithm>

#include "common/base/clock.h"
#include "common/base/names.h"
#include "ledger/cli/text_parts.h"

namespace hearth::ledger {
namespace {

using wire::Json;

std::uint64_t count_at(const Json& document, const char* member) {
  return document.at(member).get<std::uint64_t>();
}

/// Counters never go back, unless another process has begun to count: then from zero.
std::uint64_t grown(std::uint64_t before, std::uint64_t now) {
  return now >= before ? now - before : now;
}

std::uint64_t applied(const Json& stats, const char* kind) {
  const Json& outcomes = stats.at("outcomes");
  if (!outcomes.contains(kind)) return 0;
  return outcomes.at(kind).value("applied", std::uint64_t{0});
}

/// What was counted in between: mean, median and the 99th of a hundred, as upper bounds.
struct Spread {
  std::uint64_t count = 0;
  double mean = 0;
  std::uint64_t p50 = 0, p99 = 0;
  bool beyond = false;  ///< p99 is above the last bound
};

std::uint64_t bound_of(const std::vector<std::uint64_t>& counts, const Json& bounds,
                       std::uint64_t rank, bool& beyond) {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    if (seen < rank) continue;
    beyond = i >= bounds.size();
    return bounds.at(std::min(i, bounds.size() - 1)).get<std::uint64_t>();
  }
  return 0;
}

Spread spread(const Json& before, const Json& now) {
  Spread out;
  std::vector<std::uint64_t> counts;
  const Json& first = before.at("counts");
  const Json& last = now.at("counts");
  for (std::size_t i = 0; i < last.size(); ++i) {
    counts.push_back(grown(first.at(i).get<std::uint64_t>(), last.at(i).get<std::uint64_t>()));
    out.count += counts.back();
  }
  if (out.count == 0) return out;
  out.mean = static_cast<double>(grown(count_at(before, "sum"), count_at(now, "sum"))) /
             static_cast<double>(out.count);
  bool ignored = false;
  out.p50 = bound_of(counts, now.at("bounds"), (out.count + 1) / 2, ignored);
  out.p99 = bound_of(counts, now.at("bounds"), (out.count * 99 + 99) / 100, out.beyond);
  return out;
}

/// Thousandths per second, as documents have no floating-point numbers.
std::int64_t per_second_milli(std::uint64_t count, std::int64_t interval_ms) {
  const auto ms = static_cast<double>(std::max<std::int64_t>(interval_ms, 1));
  return static_cast<std::int64_t>(static_cast<double>(count) * 1'000'000.0 / ms);
}

std::string thousandths(std::int64_t value) {
  const std::string fraction = std::to_string(value % 1000 / 100);
  return std::to_string(value / 1000) + "." + fraction;
}

std::string one_decimal(double value) {
  return thousandths(static_cast<std::int64_t>(value * 1000));
}

Json spread_document(const Spread& spread) {
  return {{"count", spread.count},
          {"mean_milli", static_cast<std::int64_t>(spread.mean * 1000)},
          {"p50", spread.p50},
          {"p99", spread.p99}};
}

}  // namespace

Json watch_document(const Json& before, const Json& now) {
  const std::int64_t interval =
      now.at("at_ms").get<std::int64_t>() - before.at("at_ms").get<std::int64_t>();
  Json rates = Json::object();
  for (const char* kind : {"purchase", "redemption", "refund", "exchange", "deposit"})
    rates[kind] = per_second_milli(grown(applied(before, kind), applied(now, kind)), interval);
  return {{"at_ms", now.at("at_ms")},
          {"interval_ms", interval},
          {"ready", now.at("ready")},
          {"per_second_milli", std::move(rates)},
          {"commands", grown(count_at(before, "commands"), count_at(now, "commands"))},
          {"refused_busy", grown(count_at(before, "refused_busy"), count_at(now, "refused_busy"))},
          {"batch_size", spread_document(spread(before.at("batch_size"), now.at("batch_size")))},
          {"commit_us", spread_document(spread(before.at("commit_us"), now.at("commit_us")))},
          {"queue", now.at("queue")},
          {"records", now.at("records")},
          {"outstanding", now.at("outstanding")},
          {"totals", now.at("totals")}};
}

std::string watch_text(const Json& before, const Json& now) {
  const Json document = watch_document(before, now);
  const Spread batch = spread(before.at("batch_size"), now.at("batch_size"));
  const Spread commit = spread(before.at("commit_us"), now.at("commit_us"));
  std::string out = format_utc(now.at("at_ms").get<std::int64_t>()) + "  " +
                    (now.at("ready").get<bool>() ? "ready" : "BOOKS CANNOT BE WRITTEN") + "\n\n";
  TextTable rates({{"per second"}, {"", Align::right}});
  for (const auto& [kind, rate] : document.at("per_second_milli").items())
    rates.row({kind + "s", thousandths(rate.get<std::int64_t>())});
  out += rates.text() + "\n";
  TextTable work({{""}, {"mean", Align::right}, {"median", Align::right}, {"99 %", Align::right}});
  const auto upto = [](std::uint64_t bound, bool beyond) {
    return (beyond ? "> " : "≤ ") + std::to_string(bound);
  };
  if (batch.count > 0)
    work.row({"commands in a batch", one_decimal(batch.mean), upto(batch.p50, false),
              upto(batch.p99, batch.beyond)});
  if (commit.count > 0)
    work.row({"write and sync, µs", one_decimal(commit.mean), upto(commit.p50, false),
              upto(commit.p99, commit.beyond)});
  out += batch.count + commit.count > 0 ? work.text() : "Nothing was written.\n";
  const Json& queue = now.at("queue");
  out += "\nqueue " + text::number(queue.at("length")) + " of " + text::number(queue.at("limit")) +
         ", records " + text::number(now.at("records")) + ", vouchers outstanding " +
         text::number(now.at("outstanding")) + "\n";
  for (const Json& row : now.at("totals"))
    out += "escrow " + text::money(row.at("escrow")) + ", wallets " +
           text::money(row.at("wallet")) + ", fees " + text::money(row.at("fees")) + "\n";
  return out;
}

}  // namespace hearth::ledger
