// The prose of the manual page of hearth-ledger; commands and options come from arguments.h.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace hearth::ledger {

std::string hearth_ledger_manual(const CLI::App& app);

}  // namespace hearth::ledger
