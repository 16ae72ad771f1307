// Internal to this room.
#pragma once

#include "ledger/engine/writer.h"

namespace hearth::ledger {

std::unique_ptr<Engine> make_engine(store::Store& store, std::uint64_t epoch, Machine machine,
                                    JournalEnd end, const Engine::Options& options);

}  // namespace hearth::ledger
