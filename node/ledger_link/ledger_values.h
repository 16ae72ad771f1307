// What the ledger answers, as values (docs/protocol.md §8). Pure: ledger_answers.h reads them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/identity/home.h"
#include "common/wire/documents.h"

namespace hearth::node {

struct CatalogueEntry {
  wire::Offer offer;
  std::int64_t complete_sources = 0;
};

struct CataloguePage {
  std::vector<CatalogueEntry> offers;
  std::string next;  ///< empty: the last page
};

struct Statement {
  struct Entry {
    std::uint64_t index = 0;
    UtcMs at_ms = 0;
    std::string kind;
    money::Amount amount;
    std::string reference;
    std::string offer;         ///< hex; empty: none
    std::uint32_t pocket = 0;  ///< whose entry it is; 0: the main wallet
  };
  struct Pocket {
    std::uint32_t pocket = 0;  ///< 1..99
    money::Amount balance;
  };
  std::vector<money::Amount> balances;  ///< of the main wallets
  std::vector<Pocket> pockets;
  std::vector<Entry> entries;
};

struct Redeemed {
  Bytes access_key;
  std::uint64_t journal_index = 0;
};

struct Refunded {
  money::Amount amount;
  std::uint64_t journal_index = 0;
};

struct Transferred {
  money::Amount balance_after;  ///< of the pocket that paid
  std::uint64_t journal_index = 0;
};

/// What the directory tells of an address: whose it is, and that home's card for strangers.
struct Found {
  identity::HomeAddress home;
  std::string card;
};

/// A record of the journal that tells an epoch's key, opened.
struct EpochProof {
  std::uint32_t epoch = 0;
  std::string proof;  ///< proof file
};

}  // namespace hearth::node
