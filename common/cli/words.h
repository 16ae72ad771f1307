// A CLI11 definition as plain values: what the manual and the completions are made from.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace hearth::cli {

struct OptionWords {
  std::vector<std::string> names;  ///< "--json"; empty for a positional
  std::string value;               ///< "DIR"; empty: a flag
  std::string help;
  std::vector<std::string> choices;  ///< the only values; empty: any
  bool required = false;
  bool takes_file = false;  ///< the value is a path
};

/// One command with what stands below it.
struct CommandWords {
  std::vector<std::string> path;  ///< {} for the program, {"account","show"}
  std::string help;
  std::vector<OptionWords> options;
  std::vector<OptionWords> positionals;
  std::vector<CommandWords> commands;
};

CommandWords words_of(const CLI::App& app);
/// The command itself and all below it, in order.
std::vector<const CommandWords*> flattened(const CommandWords& root);
/// "account show"
std::string joined(const std::vector<std::string>& path);

}  // namespace hearth::cli
