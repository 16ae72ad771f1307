// A manual page, in man(7) macros, from a program's CLI11 definition and some prose.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>

namespace hearth::cli {

struct Manual {
  std::string program;  ///< "hearth-ledger"
  int section = 1;      ///< 8 for daemons
  std::string date;     ///< of the text: "2026-11-22"
  std::string summary;  ///< half a sentence for NAME
  std::string about;    ///< DESCRIPTION; an empty line separates paragraphs
  /// After OPTIONS and COMMANDS: heading and text. Lines that begin with blanks stay as they are.
  std::vector<std::pair<std::string, std::string>> sections;
  std::vector<std::string> see_also;  ///< "hearth-ledgerd(8)"
};

std::string manual_page(const CLI::App& app, const Manual& manual);

/// Adds the hidden flag --manual: prints the page and ends the program. `app` is complete when it
/// parses, not yet here.
void offer_manual(CLI::App& app, Manual manual);

}  // namespace hearth::cli
