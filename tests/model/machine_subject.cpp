#include <algorithm>

#include "tests/model/subject.h"
#include "tests/model/world.h"

namespace hearth::ledger::model {
namespace {

std::vector<money::Currency> kept() {
  std::vector<money::Currency> out;
  for (int i = 0; i < currencies_kept; ++i) out.push_back(currency_of(i));
  return out;
}

template <class Raw>
std::string key(char what, const Raw& raw) {
  std::string out(1, what);
  out.append(raw.begin(), raw.end());
  return out;
}
std::string payment_key(char what, const AccountId& account, std::int64_t minor,
                        const std::string& reference) {
  return key(what, account.raw()) + std::to_string(minor) + " " + reference;
}
template <class Hash>
std::string content(const Hash& hash) {
  return std::string(hash.begin(), hash.end());
}

}  // namespace

MachineSubject::MachineSubject() : machine_(kept()) {}

Seen MachineSubject::seen(const std::string& id, const std::string& what) {
  asking_.emplace_back(id, what);
  const auto known = asked_.find(id);
  if (known == asked_.end()) return Seen::fresh;
  return known->second == what ? Seen::same : Seen::other;
}
Seen MachineSubject::in_force(const std::string& id, const std::string& what) {
  return seen(id, what) == Seen::same ? Seen::same : Seen::fresh;
}

Verdict MachineSubject::redeem(const RedeemCommand& command) {
  const std::string hash = content(command.request_hash);
  const std::string about = content(command.offer) + std::to_string(command.epoch);
  const std::string first = key('s', command.voucher), redeemed = key('o', command.voucher);
  const OfferTerms* terms = machine_.offer(command.offer);
  const bool is_shared = terms && terms->homes > 1 && asked_.contains(redeemed);
  if (!is_shared || asked_.at(first) == hash) {
    const Seen before = seen(first, hash);
    asking_.emplace_back(redeemed, about);
    return machine_.redeem(command, before);
  }
  if (asked_.at(redeemed) != about) return machine_.share(command, Seen::other, 1);
  for (std::int64_t number = 2;; ++number) {
    asking_.clear();
    const Seen before = seen(key('v', command.voucher) + std::to_string(number), hash);
    if (before != Seen::other) return machine_.share(command, before, number - 1);
  }
}

Verdict MachineSubject::run(const Command& c) {
  switch (c.kind) {
    case Kind::open: {
      std::vector<money::Currency> opened;
      return machine_.open(open_command(c), seen(key('h', home_of(c.home).key), name_of(c)),
                           opened);
    }
    case Kind::offer:
      return machine_.register_offer(offer_command(c));
    case Kind::deposit: {
      const auto d = deposit_command(c);
      return machine_.deposit(d, seen(payment_key('d', d.account, d.minor, d.reference), ""));
    }
    case Kind::withdraw: {
      const auto w = withdraw_command(c);
      return machine_.withdraw(w, seen(payment_key('w', w.account, w.minor, w.reference), ""));
    }
    case Kind::purchase:
      return machine_.purchase(purchase_command(c),
                               seen(key('r', request_id_of(c)), content(request_hash_of(c))));
    case Kind::redeem:
      return redeem(redeem_command(c));
    case Kind::refund:
      return machine_.refund(refund_command(c),
                             seen(key('s', voucher_of(c)), content(request_hash_of(c))));
    case Kind::exchange:
      return machine_.exchange(exchange_command(c),
                               seen(key('s', voucher_of(c)), content(request_hash_of(c))));
    case Kind::adjust: {
      const auto a = adjust_command(c);
      return machine_.adjust(a,
                             seen(key('a', a.id), payment_key(' ', a.account, a.minor, a.reason)));
    }
    case Kind::transfer:
      return machine_.transfer(transfer_command(c),
                               seen(key('r', request_id_of(c)), content(request_hash_of(c))));
    case Kind::state: {
      const auto s = state_command(c);
      return machine_.set_state(
          s, in_force(key('z', s.account.raw()), std::to_string(static_cast<int>(s.state))));
    }
    case Kind::limits: {
      const auto l = limits_command(c);
      const std::string set = std::to_string(l.limits.per_purchase) + " " +
                              std::to_string(l.limits.per_day) + " " +
                              std::to_string(l.limits.per_month);
      return machine_.set_limits(
          l, in_force(key('l', home_of(c.home).key) + std::string(l.currency.code()), set));
    }
    case Kind::fees: {
      const auto f = fees_command(c);
      return machine_.set_fees(
          f, in_force("f" + std::string(f.currency.code()),
                      std::to_string(f.fees.basis_points) + " " + std::to_string(f.fees.fixed)));
    }
    case Kind::epoch:
      return machine_.begin_epoch(epoch_command(c),
                                  seen("e" + std::to_string(c.epoch), content(epoch_key_of(c))));
    case Kind::commit:
    case Kind::lose:
    case Kind::restart:
      break;
  }
  return {};
}

Outcome MachineSubject::apply(const Command& command) {
  asking_.clear();
  const Verdict verdict = run(command);
  if (verdict.outcome != Outcome::applied) return verdict.outcome;
  postings_ = verdict.postings;
  remember();
  return Outcome::applied;
}

void MachineSubject::remember() {
  for (const auto& [id, what] : asking_) {
    const auto [place, fresh] = asked_.try_emplace(id);
    undo_.emplace_back(id, fresh ? std::nullopt : std::optional(place->second));
    place->second = what;
  }
}

void MachineSubject::commit() {
  machine_.seal();
  machine_.merge();
  undo_.clear();
}
void MachineSubject::lose() {
  machine_.drop();
  for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
    if (it->second)
      asked_[it->first] = *it->second;
    else
      asked_.erase(it->first);
  }
  undo_.clear();
}

std::optional<Account> MachineSubject::account(const Place& place) const {
  const Account* held = machine_.account(account_of(place));
  return held ? std::optional(*held) : std::nullopt;
}

bool MachineSubject::posted(const std::map<Place, Money>& moved) const {
  Money sum = 0;
  for (const Posting& posting : postings_) sum += posting.delta;
  if (sum != 0) return false;
  std::size_t found = 0;
  for (const auto& [place, change] : moved) {
    const AccountId id = account_of(place);
    Money posted_here = 0;
    for (const Posting& posting : postings_)
      if (posting.account == id) posted_here += posting.delta, ++found;
    if (posted_here != change) return false;
  }
  return found == postings_.size();
}

}  // namespace hearth::ledger::model
