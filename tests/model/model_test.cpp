// Random commands to the machine and to an auditor's model that shares no rule with it: the same
// outcome of each, the same balances, money conserved at every step.
//
//   HEARTH_MODEL_COMMANDS   how many (default: a million); for hours, say 10000000000
//   HEARTH_MODEL_SEED       where to begin; a failure prints the one that repeats it
//
// They run in episodes of their own seed, each from empty books. A failure prints the fewest
// commands of its episode that still show it.
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "tests/model/engine_subject.h"
#include "tests/model/subject.h"
#include "tests/model/world.h"

namespace hearth::ledger::model {
namespace {

constexpr std::size_t episode = 2'500;

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

std::unique_ptr<Subject> machine() {
  return std::make_unique<MachineSubject>();
}

/// Fails the test with the story of an episode.
void tell(const std::vector<Command>& commands, const MakeSubject& make, std::uint64_t seed) {
  const auto few = shortest(commands, make);
  FAIL("HEARTH_MODEL_SEED=", seed, " parts them; the fewest commands that do:\n", story(few, make));
}

/// A machine that does not know what frozen means.
class Thawing : public MachineSubject {
 public:
  Outcome apply(const Command& command) override {
    Command thawed = command;
    if (thawed.kind == Kind::state && thawed.state == AccountState::frozen)
      thawed.state = AccountState::open;
    return MachineSubject::apply(thawed);
  }
};
/// One that takes a deposit again when it is repeated after a commit.
class Forgetful : public MachineSubject {
 public:
  Outcome apply(const Command& command) override {
    Command renamed = command;
    if (renamed.kind == Kind::deposit) renamed.content += 1000 * batches_;
    return MachineSubject::apply(renamed);
  }
  void commit() override {
    MachineSubject::commit();
    ++batches_;
  }

 private:
  int batches_ = 0;
};
/// One that lets a minor unit slip when it redeems.
class Slipping : public MachineSubject {
 public:
  Outcome apply(const Command& command) override {
    slipped_ = slipped_ || command.kind == Kind::redeem;
    return MachineSubject::apply(command);
  }
  std::optional<Account> account(const Place& place) const override {
    auto held = MachineSubject::account(place);
    if (held && slipped_ && place.kind == AccountKind::fees) --held->balance;
    return held;
  }

 private:
  bool slipped_ = false;
};

template <class T>
std::unique_ptr<Subject> made() {
  return std::make_unique<T>();
}

}  // namespace

TEST_CASE("random commands: the machine and the auditor's model agree") {
  const std::uint64_t count = number_of("HEARTH_MODEL_COMMANDS", 1'000'000);
  const std::uint64_t first = number_of("HEARTH_MODEL_SEED", std::random_device()());
  std::map<Outcome, std::uint64_t> outcomes;
  std::uint64_t done = 0;
  for (std::uint64_t seed = first; done < count; ++seed, done += episode) {
    const auto commands = random_commands(seed, episode);
    if (compare(commands, machine, &outcomes)) tell(commands, machine, seed);
  }
  MESSAGE(done, " commands from HEARTH_MODEL_SEED=", first);
  if (done < 100'000) return;
  // The walk met everything that it is meant to meet.
  for (const Outcome outcome : all_outcomes()) {
    CAPTURE(outcome_name(outcome));
    CHECK(outcomes[outcome] > 0);
  }
  CHECK(outcomes[Outcome::applied] > done / 4);
}

TEST_CASE("random commands: the engine and the model agree, through restarts, audited") {
  const std::uint64_t first = number_of("HEARTH_MODEL_SEED", std::random_device()());
  const std::uint64_t count = number_of("HEARTH_MODEL_COMMANDS", 1'000'000) / 50;
  const auto engine = [] { return std::unique_ptr<Subject>(std::make_unique<EngineSubject>()); };
  std::uint64_t done = 0;
  for (std::uint64_t seed = first; done < count; ++seed, done += episode) {
    const auto commands = for_an_engine(random_commands(seed, episode));
    if (compare(commands, engine)) tell(commands, engine, seed);
  }
}

TEST_CASE("a machine with a broken rule is found out, and shown by a few commands") {
  const struct {
    const char* rule;
    MakeSubject make;
    std::size_t at_most;  ///< commands that tell it
  } rows[] = {
      // Home, offer, freezing, purchase. A withdrawal would need no offer, but shrinking leaves
      // commands out and puts none in: it ends where each one left is needed.
      {"frozen accounts pay nothing", made<Thawing>, 4},
      {"a deposit is made once", made<Forgetful>, 4},
      {"no minor unit is lost", made<Slipping>, 8},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    std::vector<Command> commands;
    std::optional<Parting> parting;
    for (std::uint64_t seed = 1; seed < 50 && !parting; ++seed) {
      commands = random_commands(seed, episode);
      parting = compare(commands, row.make);
    }
    REQUIRE(parting.has_value());
    const auto few = shortest(commands, row.make);
    CAPTURE(story(few, row.make));
    CHECK(few.size() <= row.at_most);
    CHECK(compare(few, row.make).has_value());
    for (std::size_t i = 0; i < few.size(); ++i) {  // each one is needed
      CAPTURE(i);
      auto rest = few;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK_FALSE(compare(rest, row.make).has_value());
    }
    CHECK_FALSE(compare(few, machine).has_value());
  }
}

}  // namespace hearth::ledger::model
