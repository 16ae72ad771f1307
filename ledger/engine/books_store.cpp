#include "ledger/engine/books_store.h"

#include "ledger/engine/books_keys.h"

namespace hearth::ledger {

Result<std::unique_ptr<store::Store>> open_books(const std::filesystem::path& dir) {
  using Keys = store::Kind::Keys;
  return store::open_rocksdb(dir, {{std::string(books::accounts), Keys::rewritten},
                                   {std::string(books::entries), Keys::scattered},
                                   {std::string(books::journal), Keys::ascending},
                                   {std::string(books::requests), Keys::scattered}});
}

}  // namespace hearth::ledger
