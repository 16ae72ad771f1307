// The parties of the privacy tests: homes behind relays that write down every plain byte, and what
// is each one's own, as it would show in those bytes.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/identity/home.h"
#include "tests/support/daemons.h"
#include "tests/support/needles.h"
#include "tests/support/relay.h"

namespace hearth::test {

/// A home, what it said to the ledger, and what is its own.
struct Party {
  Party(Town& town, const std::string& home_name, bool seed = false);
  /// Whatever names this home.
  Needles identity() const;
  Needles mailbox() const;
  /// Whatever a purchase of this home is made of, seen by the ledger or not, except what a holder
  /// of the voucher has to show.
  Needles purchases() const;
  /// The keys of the vouchers that its purchases made: known to whoever gave them away.
  Needles given_keys() const;
  /// Whatever its exchanges are made of, except what the fresh voucher has to show.
  Needles exchanges() const;

  /// Each thing by which this home is asked for, or asks, apart: its purchases, the vouchers of
  /// them, its exchanges, the vouchers of those.
  std::vector<Needles> things() const;

  std::string name;
  Relay relay;
  Home* home = nullptr;
  std::unique_ptr<hearth::identity::HomeKeys> keys;
};

std::string slurp(const fs::path& path);
std::string first_line(const std::string& asked);
/// Requests that begin so, opened.
std::vector<std::string> asked(const Party& party, const std::string& request);
/// Everything in a store: its records one by one, as they lie there.
std::vector<std::pair<std::string, std::string>> records_of(const fs::path& dir);
/// Which table of the ledger a key belongs to: "b/j", "home/devices".
std::string table_of(const std::string& key);

}  // namespace hearth::test
