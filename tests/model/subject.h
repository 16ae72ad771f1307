// What is put beside the auditor's model: something that takes the same commands and says what they
// came to and what its accounts hold.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/machine/machine.h"
#include "tests/model/auditor.h"
#include "tests/model/command.h"

namespace hearth::ledger::model {

class Subject {
 public:
  virtual ~Subject() = default;
  virtual Outcome apply(const Command& command) = 0;
  virtual void commit() = 0;
  virtual void lose() = 0;
  virtual void restart() = 0;
  /// nullopt: no such account.
  virtual std::optional<Account> account(const Place& place) const = 0;
  virtual std::uint64_t accounts() const = 0;
  /// Whether the last applied command posted exactly this; who cannot tell says yes.
  virtual bool posted(const std::map<Place, Money>& moved) const = 0;
  /// What is wrong with the subject by itself; asked now and then.
  virtual std::optional<std::string> broken() const { return std::nullopt; }
  /// As the subject tells this outcome: who says less maps several to one.
  virtual Outcome shown(Outcome outcome) const { return outcome; }
};
using MakeSubject = std::function<std::unique_ptr<Subject>()>;

/// Where the subject and the model part.
struct Parting {
  std::size_t at = 0;  ///< index of the command
  std::string what;
};
/// Both from nothing through all commands, compared at each step; nullopt: they agree to the end.
std::optional<Parting> compare(const std::vector<Command>& commands, const MakeSubject& make,
                               std::map<Outcome, std::uint64_t>* outcomes = nullptr);

/// As few of the commands as still part them, and a text that shows these.
std::vector<Command> shortest(const std::vector<Command>& commands, const MakeSubject& make);
std::string story(const std::vector<Command>& commands, const MakeSubject& make);

/// The pure machine, with the memory of requests that the engine would keep for it.
class MachineSubject : public Subject {
 public:
  MachineSubject();
  Outcome apply(const Command& command) override;
  void commit() override;
  void lose() override;
  void restart() override {}
  std::optional<Account> account(const Place& place) const override;
  std::uint64_t accounts() const override { return machine_.totals().accounts; }
  bool posted(const std::map<Place, Money>& moved) const override;

 private:
  Verdict run(const Command& command);
  Verdict redeem(const RedeemCommand& command);
  Seen seen(const std::string& key, const std::string& content);
  Seen in_force(const std::string& key, const std::string& content);
  void remember();

  Machine machine_;
  std::map<std::string, std::string> asked_;
  /// What the batch has overwritten, newest last.
  std::vector<std::pair<std::string, std::optional<std::string>>> undo_;
  std::vector<std::pair<std::string, std::string>> asking_;
  Postings postings_;
};

}  // namespace hearth::ledger::model
