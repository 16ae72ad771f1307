// How an order reaches the books: three roads with one seam. The admin socket of a daemon that
// runs on the data directory; this process, when none does; or TLS to a ledger elsewhere, signed
// by an operator's key. On each road the same run_admin() does the work.
#pragma once

#include <memory>

#include "ledger/cli/arguments.h"

namespace hearth::ledger {

class Road {
 public:
  virtual ~Road() = default;
  /// Blocks until the answer is there; audit and backup may take long.
  virtual Result<wire::Json> ask(const Order& order) = 0;
};

/// Chooses by the invocation: --connect, else a daemon's socket, else the directory itself.
/// Code::not_initialised, Code::locked, Code::usage, Code::not_private.
Result<std::unique_ptr<Road>> open_road(const Invocation& invocation);

/// Draws the progress of an audit on standard error when that is a terminal.
void show_progress(std::uint64_t done, std::uint64_t total);

/// The card in `text`, or in the file of that name. Code::bad_card.
Result<std::string> card_text_of(const std::string& text);

}  // namespace hearth::ledger
