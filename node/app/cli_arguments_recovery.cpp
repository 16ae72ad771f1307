#include "node/app/cli_words.h"

namespace hearth::node {

void declare_recovery(CLI::App& app, Order& order, std::string&) {
  CLI::App& wallet = *app.get_subcommand("wallet");
  Command(wallet, order, "seed", "wallet-seed", "show the line that brings this home back")
      .word("pin", "--pin", "the home's PIN; without it, it is asked for when it is needed", false);
  Command(wallet, order, "restore", "wallet-restore",
          "bring a home back; reads its seed line from standard input")
      .word("ledger", "--ledger", "the ledger's card, or a file that holds it", false)
      .word("name", "--name", "the home's name, as others see it", false)
      .word("proxy", "--proxy", "socks5://[NAME:PASSWORD@]HOST:PORT, the only road from now on",
            false);
}

}  // namespace hearth::node
