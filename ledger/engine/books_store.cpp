#include "ledger/engine/books_store.h"

#include "ledger/engine/books_keys.h"

namespace hearth::ledger {

Result<std::unique_ptr<store::Store>> open_books(const std::filesystem::path& dir) {
  return store::open_rocksdb(dir, {std::string(books::journal), std::string(books::requests),
                                   std::string(books::accounts)});
}

}  // namespace hearth::ledger
