// The command line `hearth`: turns words into one API request (cli_arguments.cpp), sends it, and
// prints the document as a table or story (cli_print.cpp), or with --json as it is. Exit codes:
// 0 done, 1 refused or failed with one sentence, 2 wrong usage. docs/api.md.
#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>

#include "common/wire/json.h"

namespace hearth::node {

/// What a person asked for.
struct Order {
  std::string command;  ///< of the API, "gift-send"; or "init", "screenshot"
  wire::Json arguments = wire::Json::object();
  std::string file;    ///< screenshot, torrent, wallet verify: where to
  bool watch = false;  ///< transfers
};

struct GlobalFlags {
  std::string data;
  bool json = false;
};

/// Declares every command; parsing fills `order` (Code::usage in `problem` for words that CLI11
/// cannot judge, as dates).
void declare_commands(CLI::App& app, GlobalFlags& flags, Order& order, std::string& problem);

/// UTC milliseconds of the end of that day ("2027-01-31"); -1 when it is none.
std::int64_t end_of_day_ms(const std::string& date);

/// For people: what the command's document says.
std::string story(const std::string& command, const wire::Json& document);
/// "412.3 MB"
std::string size_text(std::uint64_t bytes);

/// The whole of main(); returns the exit code.
int run_hearth(int argc, char** argv);

}  // namespace hearth::node
