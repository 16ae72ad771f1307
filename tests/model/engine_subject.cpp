#include "tests/model/engine_subject.h"

#include <future>

#include "common/base/assert.h"
#include "ledger/admin/audit.h"
#include "tests/model/world.h"

namespace hearth::ledger::model {
namespace {

std::unique_ptr<Engine> start(store::Store& store) {
  Engine::Options options;
  options.currencies.clear();
  for (int i = 0; i < currencies_kept; ++i) options.currencies.push_back(currency_codes[i]);
  return Engine::start(store, options).value();
}

/// Submits and waits.
template <class T, class Submit>
Result<T> answer_to(Submit submit) {
  std::promise<Result<T>> promise;
  auto future = promise.get_future();
  submit([&promise](Result<T> result) { promise.set_value(std::move(result)); });
  return future.get();
}

std::string shown(const Booked& booked) {
  return std::to_string(booked.journal_index) + " " + std::to_string(booked.balance_after);
}
std::string shown(const PurchaseFacts& facts) {
  return std::to_string(facts.journal_index) + " " + money::format(facts.paid) + " " +
         money::format(facts.balance_after) + " " + std::to_string(facts.at_ms) + " " +
         to_hex(facts.evaluation);
}
std::string shown(const VoucherFacts& facts) {
  return std::to_string(facts.journal_index) + " " + to_hex(facts.kept);
}
std::string shown(std::uint64_t index) {
  return std::to_string(index);
}

template <class T>
Result<std::string> text_of(const Result<T>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  return shown(*answer);
}

/// What the answer is made of; differs from request to request.
Bytes some_bytes(const Command& c) {
  return to_bytes(request_hash_of(c));
}

}  // namespace

EngineSubject::EngineSubject() : store_(store::open_memory()), engine_(start(*store_)) {}

Result<std::string> EngineSubject::ask(const Command& c) {
  const auto booked = [](auto submit) { return text_of(answer_to<Booked>(submit)); };
  switch (c.kind) {
    case Kind::open:
      return text_of(answer_to<std::uint64_t>([&](auto answer) {
        engine_->submit_open(home_of(c.home), name_of(c), c.at_ms, answer);
      }));
    case Kind::offer:
      return text_of(answer_to<std::uint64_t>(
          [&](auto answer) { engine_->submit_offer(offer_command(c), {}, answer); }));
    case Kind::deposit:
      return booked([&](auto answer) { engine_->submit_deposit(deposit_command(c), answer); });
    case Kind::withdraw:
      return booked([&](auto answer) { engine_->submit_withdrawal(withdraw_command(c), answer); });
    case Kind::purchase:
      return text_of(answer_to<PurchaseFacts>([&](auto answer) {
        engine_->submit_purchase(purchase_command(c), some_bytes(c), answer);
      }));
    case Kind::redeem:
      return text_of(answer_to<VoucherFacts>([&](auto answer) {
        engine_->submit_redemption(redeem_command(c), some_bytes(c), answer);
      }));
    case Kind::refund:
      return text_of(answer_to<VoucherFacts>(
          [&](auto answer) { engine_->submit_refund(refund_command(c), answer); }));
    case Kind::exchange:
      return text_of(answer_to<VoucherFacts>([&](auto answer) {
        engine_->submit_exchange(exchange_command(c), some_bytes(c), {}, answer);
      }));
    case Kind::adjust:
      return booked([&](auto answer) { engine_->submit_adjustment(adjust_command(c), answer); });
    case Kind::transfer:
      return booked([&](auto answer) { engine_->submit_transfer(transfer_command(c), answer); });
    case Kind::state:
      return booked([&](auto answer) { engine_->submit_account_state(state_command(c), answer); });
    case Kind::limits:
      return booked([&](auto answer) { engine_->submit_limits(limits_command(c), answer); });
    case Kind::fees:
      return booked([&](auto answer) { engine_->submit_fees(fees_command(c), answer); });
    case Kind::epoch:
      return booked([&](auto answer) { engine_->submit_epoch(epoch_command(c), answer); });
    case Kind::commit:
    case Kind::lose:
    case Kind::restart:
      break;
  }
  HEARTH_ASSERT(!"not a command");
  return std::string();
}

Outcome EngineSubject::apply(const Command& command) {
  const std::uint64_t before = records();
  const auto answer = ask(command);
  if (!answer) {
    if (answer.error().code == Code::name_refused) return shown(Outcome::form_refused);
    for (const Outcome outcome : all_outcomes())
      if (outcome != Outcome::applied && outcome != Outcome::repeated &&
          outcome_code(outcome) == answer.error().code)
        return outcome;
    broken_ = "an error that no outcome has: " + answer.error().sentence;
    return Outcome::applied;
  }
  const bool is_new = records() > before;
  const bool has_id = command.kind == Kind::purchase || command.kind == Kind::redeem ||
                      command.kind == Kind::refund || command.kind == Kind::exchange ||
                      command.kind == Kind::transfer || command.kind == Kind::adjust;
  if (has_id) {
    const std::string request = std::to_string(static_cast<int>(command.kind)) + " " +
                                std::to_string(command.id) + " " + std::to_string(command.content);
    if (is_new)
      answers_[request] = *answer;
    else if (answers_.contains(request) && answers_[request] != *answer)
      broken_ = "a repeated request is answered otherwise: " + text(command);
  }
  return is_new ? Outcome::applied : Outcome::repeated;
}

std::uint64_t EngineSubject::records() const {
  return BooksView(*store_).tree().value().size();
}

void EngineSubject::lose() {
  HEARTH_ASSERT(!"an engine's batch is kept when it is answered");
}

void EngineSubject::restart() {
  engine_.reset();
  const auto report = audit(*store_->snapshot(), {}).value();
  if (report.difference)
    broken_ = "the audit finds at record " +
              std::to_string(report.difference->index.value_or(UINT64_MAX)) + ": " +
              report.difference->what;
  engine_ = start(*store_);
}

std::optional<Account> EngineSubject::account(const Place& place) const {
  return BooksView(*store_).account(account_of(place)).value();
}

std::uint64_t EngineSubject::accounts() const {
  std::uint64_t count = 0;
  const auto read = BooksView(*store_).each_account([&count](const AccountId&, const Account&) {
    ++count;
    return true;
  });
  HEARTH_ASSERT(read.has_value());
  return count;
}

bool EngineSubject::posted(const std::map<Place, Money>& moved) const {
  if (moved.empty()) return true;
  const auto record = BooksView(*store_).record(records() - 1).value();
  if (!record || record->postings.size() != moved.size()) return false;
  for (const auto& [place, change] : moved) {
    const AccountId id = account_of(place);
    const bool is_there =
        std::any_of(record->postings.begin(), record->postings.end(),
                    [&](const Posting& one) { return one.account == id && one.delta == change; });
    if (!is_there) return false;
  }
  return true;
}

Outcome EngineSubject::shown(Outcome outcome) const {
  if (outcome == Outcome::applied || outcome == Outcome::repeated) return outcome;
  for (const Outcome other : all_outcomes())
    if (other != Outcome::applied && other != Outcome::repeated &&
        outcome_code(other) == outcome_code(outcome))
      return other;
  return outcome;
}

std::vector<Command> for_an_engine(std::vector<Command> commands) {
  for (Command& command : commands)
    if (command.kind == Kind::lose) command.kind = Kind::restart;
  commands.emplace_back().kind = Kind::restart;
  return commands;
}

}  // namespace hearth::ledger::model
