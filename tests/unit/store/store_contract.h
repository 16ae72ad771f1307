// What every backend of store.h promises. Call check_store_contract from a test case of the
// backend with a function that makes a fresh, empty store.
#pragma once

#include <functional>
#include <memory>

#include "common/store/store.h"

namespace hearth::store {

using MakeStore = std::function<std::unique_ptr<Store>()>;

void check_store_contract(const MakeStore& make);

}  // namespace hearth::store
