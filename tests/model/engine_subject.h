// The real engine over the store in memory, a command at a time. Restarting it loads the books
// anew; then, and at the end, they are audited.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/store/store.h"
#include "ledger/engine/engine.h"
#include "tests/model/subject.h"

namespace hearth::ledger::model {

class EngineSubject : public Subject {
 public:
  EngineSubject();
  Outcome apply(const Command& command) override;
  /// Everything is kept as soon as it is answered, so a lost batch cannot be asked for.
  void commit() override {}
  void lose() override;
  void restart() override;
  std::optional<Account> account(const Place& place) const override;
  std::uint64_t accounts() const override;
  bool posted(const std::map<Place, Money>& moved) const override;
  std::optional<std::string> broken() const override { return broken_; }
  /// Refusals by their wire code, which some share.
  Outcome shown(Outcome outcome) const override;

  store::Store& store() { return *store_; }

 private:
  std::uint64_t records() const;
  Result<std::string> ask(const Command& command);

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Engine> engine_;
  /// The first answer to each request with an id, as text.
  std::map<std::string, std::string> answers_;
  std::optional<std::string> broken_;
};

/// As the generator makes them, with restarts where batches would be lost.
std::vector<Command> for_an_engine(std::vector<Command> commands);

}  // namespace hearth::ledger::model
