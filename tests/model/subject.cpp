#include "tests/model/subject.h"

#include "tests/model/shrink.h"

namespace hearth::ledger::model {
namespace {

std::string number(Money value) {
  const bool negative = value < 0;
  std::string out;
  for (unsigned __int128 left = negative ? -static_cast<unsigned __int128>(value)
                                         : static_cast<unsigned __int128>(value);
       left > 0 || out.empty(); left /= 10)
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(left % 10)));
  return negative ? "-" + out : out;
}

/// A sentence when the account is not as the model has it.
std::optional<std::string> differs(const Subject& subject, const Auditor& auditor,
                                   const Place& place) {
  const auto held = subject.account(place);
  if (!held) return text(place) + " does not exist";
  const Money balance = auditor.balances().at(place);
  if (held->balance != balance)
    return text(place) + " holds " + number(held->balance) + " instead of " + number(balance);
  const auto escrow = auditor.escrows().find(place);
  if (escrow == auditor.escrows().end()) return std::nullopt;
  const auto& counts = escrow->second;
  const auto same = [](std::uint64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(a) == b;
  };
  if (same(held->bought, counts.bought) && same(held->redeemed, counts.redeemed) &&
      same(held->refunded, counts.refunded) && same(held->exchanged, counts.exchanged) &&
      same(held->fresh, counts.fresh))
    return std::nullopt;
  return text(place) + " counts its vouchers otherwise";
}

/// After a batch: everything.
std::optional<std::string> all_differ(const Subject& subject, const Auditor& auditor) {
  if (auto broken = auditor.broken()) return broken;
  for (const auto& [place, balance] : auditor.balances())
    if (auto found = differs(subject, auditor, place)) return found;
  if (subject.accounts() != auditor.balances().size())
    return "there are " + std::to_string(subject.accounts()) + " accounts instead of " +
           std::to_string(auditor.balances().size());
  return subject.broken();
}

std::optional<std::string> step(const Command& command, Subject& subject, Auditor& auditor,
                                std::map<Outcome, std::uint64_t>* outcomes) {
  const Outcome expected = subject.shown(auditor.apply(command));
  const Outcome outcome = subject.apply(command);
  if (outcomes) ++(*outcomes)[outcome];
  if (outcome != expected)
    return "it came to " + std::string(outcome_name(outcome)) + " instead of " +
           std::string(outcome_name(expected));
  if (outcome != Outcome::applied) return std::nullopt;
  Money sum = 0;
  for (const auto& [place, change] : auditor.moved()) {
    sum += change;
    if (auto found = differs(subject, auditor, place)) return found;
  }
  if (sum != 0) return "money is not conserved";
  if (!subject.posted(auditor.moved())) return "the postings are not those of this command";
  return std::nullopt;
}

}  // namespace

std::optional<Parting> compare(const std::vector<Command>& commands, const MakeSubject& make,
                               std::map<Outcome, std::uint64_t>* outcomes) {
  const auto subject = make();
  Auditor auditor;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    std::optional<std::string> found;
    switch (commands[i].kind) {
      case Kind::commit:
        auditor.commit(), subject->commit();
        found = all_differ(*subject, auditor);
        break;
      case Kind::lose:
        auditor.lose(), subject->lose();
        found = all_differ(*subject, auditor);
        break;
      case Kind::restart:
        auditor.commit(), subject->commit(), subject->restart();
        found = all_differ(*subject, auditor);
        break;
      default:
        found = step(commands[i], *subject, auditor, outcomes);
    }
    if (found) return Parting{i, *found};
  }
  return std::nullopt;
}

std::vector<Command> shortest(const std::vector<Command>& commands, const MakeSubject& make) {
  return shrink(commands, [&make](const std::vector<Command>& some) {
    return compare(some, make).has_value();
  });
}

std::string story(const std::vector<Command>& commands, const MakeSubject& make) {
  const auto parting = compare(commands, make);
  std::string out;
  for (std::size_t i = 0; i < commands.size(); ++i)
    out += "  " + std::to_string(i + 1) + ". " + text(commands[i]) + "\n";
  return out + (parting ? "  " + std::to_string(parting->at + 1) + ".: " + parting->what + "\n"
                        : "  no difference\n");
}

}  // namespace hearth::ledger::model
