// The words of `hearth-ledger`: what each command takes, as a CLI11 definition, and what a command
// line comes to. The manual page and the shell completion are made from the same definition
// (common/cli), so that they cannot lag behind.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "ledger/operators/order.h"

namespace hearth::ledger {

/// What this program does itself; everything else is a command of the ledger.
enum class Local { none, keygen, restore, completion };

struct Invocation {
  std::string data;      ///< --data
  bool json = false;     ///< --json
  std::string connect;   ///< --connect: a ledger card, or a file that holds one
  std::string key_file;  ///< --key
  Order order;
  Local local = Local::none;
  std::string file;       ///< of keygen; the backup of restore
  std::string keys_from;  ///< of restore
  std::string out;        ///< of export and checkpoint; empty: standard output
  std::string shell;      ///< of completion
  bool watch = false;
  std::int64_t every_ms = 1'000;
  std::string problem;  ///< words that fit the definition but make no sense; exit 2
};

/// `invocation` must outlive parsing.
void declare_arguments(CLI::App& app, Invocation& invocation);

}  // namespace hearth::ledger
