// Where things lie in a ledger's data directory. The daemon and the operator's command line
// agree here; DirLock (common/base/files.h) keeps them from opening the books at the same time.
#pragma once

#include <filesystem>

namespace hearth::ledger {

struct LedgerDir {
  std::filesystem::path root;
  std::filesystem::path books() const { return root / "books"; }              ///< open_rocksdb()
  std::filesystem::path keys() const { return root / "keys"; }                ///< 0700
  std::filesystem::path admin_socket() const { return root / "admin.sock"; }  ///< 0600
  /// The last signed checkpoint, outside of the books; never part of a backup.
  std::filesystem::path checkpoint() const { return root / "checkpoint"; }
  std::filesystem::path url() const { return root / "url"; }  ///< advertised_url()
};

}  // namespace hearth::ledger
