#include "ledger/api/metrics.h"

#include <fmt/format.h>

namespace hearth::ledger {
namespace {

using Type = Exposition::Type;

void write_service(Exposition& out, const Metrics& metrics, const Sizes& sizes) {
  out.family("hearth_http_requests_total", Type::counter, "Requests answered, by route and status");
  for (const auto& [key, count] : metrics.requests) {
    out.sample({{"route", key.first}, {"status", std::to_string(key.second)}}, count);
  }
  out.histogram("hearth_http_request_seconds", "From a request's last byte to its answer",
                metrics.request_us, Histogram::commit_bounds_us, 1e6);
  out.one("hearth_http_requests_in_flight", Type::gauge, "Requests under way", metrics.in_flight);
  out.family("hearth_refused_total", Type::counter, "Refused, so that the rest is served in time");
  out.sample({{"reason", "requests_under_way"}}, metrics.refused_busy);
  out.sample({{"reason", "home_rate"}}, metrics.refused_rate);
  out.sample({{"reason", "connections"}}, sizes.homes_port.connections_refused);
  out.sample({{"reason", "before_the_handler"}}, sizes.homes_port.requests_refused);
  out.one("hearth_connections_open", Type::gauge, "Connections of homes",
          std::uint64_t{sizes.homes_port.open});
  out.one("hearth_event_connections_open", Type::gauge, "Of them, waiting for events",
          std::uint64_t{sizes.homes_port.websockets});
  out.one("hearth_connections_total", Type::counter, "Connections accepted",
          sizes.homes_port.accepted);
  out.one("hearth_mailboxes", Type::gauge, "Mailboxes", std::uint64_t{sizes.mailboxes});
  out.one("hearth_mailbox_bytes", Type::gauge, "Bytes of drops that wait", sizes.mailbox_bytes);
  out.one("hearth_tracker_peers", Type::gauge, "Peers of all swarms",
          std::uint64_t{sizes.tracker_peers});
  out.one("hearth_torrents", Type::gauge, "Registered torrents", std::uint64_t{sizes.torrents});
  out.family("hearth_payment_events_total", Type::counter, "Events of payment providers");
  for (const auto& [what, count] : metrics.payment_events) out.sample({{"became", what}}, count);
}

void write_commands(Exposition& out, const EngineStats& engine) {
  out.family("hearth_commands_total", Type::counter, "Commands to the books, by kind and outcome");
  for (std::size_t kind = 1; kind <= record_kinds; ++kind) {
    for (const Outcome outcome : all_outcomes()) {
      const auto count = engine.outcomes[kind][static_cast<std::size_t>(outcome)];
      if (count == 0) continue;
      out.sample({{"kind", kind_name(kind)}, {"outcome", outcome_name(outcome)}}, count);
    }
  }
}

void write_engine(Exposition& out, const EngineStats& engine) {
  write_commands(out, engine);
  out.histogram("hearth_batch_commands", "Commands of one batch", engine.batch_size,
                Histogram::batch_bounds, 1);
  out.histogram("hearth_commit_seconds", "Time until a batch is on disk", engine.commit_us,
                Histogram::commit_bounds_us, 1e6);
  out.one("hearth_commits_failed_total", Type::counter, "Batches that could not be written",
          engine.commits_failed);
  out.one("hearth_queue_length", Type::gauge, "Commands that wait for the writer",
          std::uint64_t{engine.queue_length});
  out.one("hearth_queue_limit", Type::gauge, "Beyond it commands are refused",
          std::uint64_t{engine.queue_limit});
  out.one("hearth_queue_refused_total", Type::counter, "Commands refused by a full queue",
          engine.refused_busy);
  out.one("hearth_ready", Type::gauge, "1: the books can be written", engine.ready ? 1U : 0U);
  out.one("hearth_journal_records", Type::gauge, "Records of the journal", engine.records);
  out.one("hearth_homes", Type::gauge, "Homes with an account", engine.homes);
  out.one("hearth_offers", Type::gauge, "Offers", engine.offers);
  out.one("hearth_vouchers_outstanding", Type::gauge, "Vouchers bought and not given up",
          engine.outstanding);
  out.family("hearth_balance_minor_units", Type::gauge, "Sum of all accounts of a kind");
  for (const auto& of : engine.totals) {
    const std::string_view currency = of.currency.code();
    out.sample({{"currency", currency}, {"kind", "wallet"}}, of.wallets);
    out.sample({{"currency", currency}, {"kind", "escrow"}}, of.escrow);
    out.sample({{"currency", currency}, {"kind", "cash"}}, of.cash);
    out.sample({{"currency", currency}, {"kind", "fees"}}, of.fees);
    out.sample({{"currency", currency}, {"kind", "adjustments"}}, of.adjustments);
  }
}

}  // namespace

void Metrics::count_request(std::string_view route, int status, std::int64_t took_us) {
  ++requests[{route, status}];
  request_us.add(static_cast<std::uint64_t>(std::max<std::int64_t>(took_us, 0)),
                 Histogram::commit_bounds_us);
  if (status == 429) ++refused_rate;
}

void Exposition::family(std::string_view name, Type type, std::string_view help) {
  family_ = name;
  out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                      type == Type::counter ? "counter" : "gauge");
}

void Exposition::line(std::string_view name, const Labels& labels, std::string_view value) {
  out_ += name;
  const char* before = "{";
  for (const auto& [label, text] : labels) {
    out_ += fmt::format("{}{}=\"{}\"", before, label, text);
    before = ",";
  }
  if (labels.size() > 0) out_ += '}';
  out_ += ' ';
  out_ += value;
  out_ += '\n';
}

void Exposition::sample(const Labels& labels, std::uint64_t value) {
  line(family_, labels, std::to_string(value));
}

void Exposition::sample(const Labels& labels, std::int64_t value) {
  line(family_, labels, std::to_string(value));
}

void Exposition::one(std::string_view name, Type type, std::string_view help, std::uint64_t value) {
  family(name, type, help);
  sample({}, value);
}

void Exposition::histogram(std::string_view name, std::string_view help, const Histogram& histogram,
                           std::span<const std::uint64_t, 12> bounds, double unit) {
  out_ += fmt::format("# HELP {} {}\n# TYPE {} histogram\n", name, help, name);
  const std::string bucket = std::string(name) + "_bucket";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    below += histogram.counts[i];
    const std::string bound = fmt::format("{}", static_cast<double>(bounds[i]) / unit);
    line(bucket, {{"le", bound}}, std::to_string(below));
  }
  line(bucket, {{"le", "+Inf"}}, std::to_string(histogram.count));
  line(std::string(name) + "_sum", {},
       fmt::format("{}", static_cast<double>(histogram.sum) / unit));
  line(std::string(name) + "_count", {}, std::to_string(histogram.count));
}

std::string write_metrics(const Metrics& metrics, const EngineStats& engine, const Sizes& sizes) {
  Exposition out;
  write_service(out, metrics, sizes);
  write_engine(out, engine);
  return out.take();
}

}  // namespace hearth::ledger
