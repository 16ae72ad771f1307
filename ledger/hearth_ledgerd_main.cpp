// The coordinator and ledger service. What it does stands in ledger/api/daemon.h.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "common/base/config.h"
#include "common/base/log.h"
#include "common/cli/manual.h"
#include "ledger/api/daemon.h"

int main(int argc, char** argv) {
  CLI::App app("The Hearth ledger: accounts, purchases, access keys, catalogue, tracker, mailboxes",
               "hearth-ledgerd");
  app.set_version_flag("--version", HEARTH_VERSION);
  hearth::ledger::DaemonOptions options;
  std::string data;
  std::string log_level = "info";
  app.add_option("--data", data, "Data directory (else $HEARTH_LEDGER_HOME)");
  app.add_flag("--accept-restored", options.accept_restored,
               "Start on books that are older than what this ledger has signed, once");
  hearth::Config config(app);
  config.add("listen", options.listen, "ADDR:PORT for homes; port 0 takes any free one");
  config.add("advertise", options.advertise, "URL under which homes reach this ledger");
  config.add("tracker_listen", options.tracker_listen,
             "ADDR:PORT of the plain HTTP tracker for stock BitTorrent clients; empty: none");
  config.add("tracker_advertise", options.tracker_advertise, "Announce URL for stock clients");
  config.add("fee_basis_points", options.fee_basis_points,
             "Fee of each sale, in 1/100 percent (-1: as it is)");
  config.add("fee_fixed", options.fee_fixed,
             "Fee of each sale on top, in minor units (-1: as it is)");
  config.add("currencies", options.currencies, "ISO 4217 codes, separated by commas");
  config.add("metrics_listen", options.metrics_listen,
             "ADDR:PORT for /metrics, /readyz and /healthz; empty: on the admin socket only");
  config.add("webhook_listen", options.webhook_listen,
             "ADDR:PORT for payment providers' events over plain HTTP, behind a TLS proxy");
  config.add_tables("payments", options.payments);
  hearth::ledger::add_limits(config, options.limits);
  config.add("log_level", log_level, "trace, debug, info, warn or error");
  hearth::cli::offer_manual(
      app, {"hearth-ledgerd",
            8,
            "2026-11-22",
            "coordinator and books of Hearth",
            "Takes payment before delivery, hands out anonymous access keys, and keeps the "
            "catalogue, the tracker and the mailboxes of homes. It serves TLS 1.3 on --listen and "
            "the operator on the socket admin.sock in its data directory; see hearth-ledger(1).\n\n"
            "The first start makes keys and books. It stops on SIGTERM, when it has finished what "
            "it took.",
            {{"Files",
              "config.toml in the data directory has the same keys as the options, with '_' for "
              "'-'; options win. keys/ holds the ledger's keys, books/ its books, checkpoint the "
              "last checkpoint that it signed: keep that one out of backups."},
             {"Environment", "HEARTH_LEDGER_HOME names the data directory unless --data does."},
             {"Exit status", "0 stopped; 1 it could not start or go on; 2 wrong usage."}},
            {"hearth-ledger(1)", "hearthd(8)"}});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.dir = hearth::data_dir(data, "HEARTH_LEDGER_HOME", "hearth-ledger");
  if (const auto loaded = config.load(options.dir / "config.toml"); !loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().sentence.c_str());
    return 2;
  }
  hearth::init_log("hearth-ledgerd", log_level);
  const auto daemon = hearth::ledger::Daemon::start(options);
  if (!daemon) {
    std::fprintf(stderr, "%s\n", daemon.error().sentence.c_str());
    return daemon.error().code == hearth::Code::usage ? 2 : 1;
  }
  (*daemon)->run();
  return 0;
}
