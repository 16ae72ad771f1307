// Being found, and finding others, by a device's address (docs/protocol.md §6.10). What this home
// has published ("directory/own", "directory/token"), and whom each address named when it was first
// asked for ("directory/seen/…"): an address that names another home later is not believed until a
// person says so.
//
// Threads: loop thread only.
#pragma once

#include <string>
#include <vector>

#include "node/contacts/contacts.h"
#include "node/contacts/directory_entries.h"
#include "node/ledger_link/ledger_link.h"

namespace hearth::node {

class Directory {
 public:
  Directory(LedgerLink& ledger, Records& records, const Contacts& contacts,
            const identity::HomeKeys& keys)
      : ledger_(ledger), records_(records), contacts_(contacts), keys_(keys) {}
  Result<std::vector<wire::DirectoryEntry>> own() const;
  /// These and no others from now on. Code::usage, Code::directory_taken; nothing has changed then.
  net::Task<Result<void>> publish(std::vector<std::string> addresses);
  net::Task<Result<void>> clear();
  /// All but these from now on. Code::not_found: one is not there; nothing has changed then.
  net::Task<Result<void>> withdraw(std::vector<std::string> addresses);
  /// "ip:…", "mac:…", "esn:…".
  static bool is_address(const std::string& word);
  /// The contact card of the home that has this address. Code::not_found, Code::directory_changed
  /// (unless `accept_change`), Code::bad_card.
  net::Task<Result<std::string>> find(std::string address, bool accept_change);

 private:
  Result<std::uint64_t> listed_token(store::Batch& batch) const;
  net::Task<Result<void>> replace(std::vector<wire::DirectoryEntry> entries, std::uint64_t token);
  Result<void> believe(const wire::DirectoryEntry& entry, const Found& found, bool accept_change);

  LedgerLink& ledger_;
  Records& records_;
  const Contacts& contacts_;
  const identity::HomeKeys& keys_;
};

}  // namespace hearth::node
