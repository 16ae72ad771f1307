// The directory in the store (docs/protocol.md §6.10): whose an address is, for homes that want to
// be found by it.
//   directory/list/<home key>         issued, contact card, entries: what the home said last
//   directory/entry/<kind><value>     the home that holds it: first come, until it takes it out
// Pure: reads through a View, changes as batches. A list is checked against what others hold when
// it is prepared, so preparing and committing go one list after the other (the caller's turn).
#pragma once

#include <functional>
#include <optional>

#include "common/store/store.h"
#include "common/wire/directory.h"

namespace hearth::ledger {

struct DirectoryHolder {
  identity::HomeAddress home;
  std::string card;
};

/// Code::stale_request: a newer list of this home is in force. Code::directory_taken: another home
/// holds one of the entries. Code::corrupt, Code::io.
Result<store::Batch> prepare_list(const store::View& view, const wire::DirectoryList& list);

/// nullopt: nobody holds it.
Result<std::optional<DirectoryHolder>> find_entry(const store::View& view,
                                                  const wire::DirectoryEntry& entry);

/// Gives an entry free, out of its holder's list. nullopt: nobody holds it.
Result<std::optional<store::Batch>> prepare_removal(const store::View& view,
                                                    const wire::DirectoryEntry& entry);

/// In the order of the entries; stops when `visit` returns false.
Result<void> each_entry(
    const store::View& view,
    const std::function<bool(const wire::DirectoryEntry&, const identity::HomeAddress&)>& visit);

}  // namespace hearth::ledger
