// The books as docs/accounting.md tells them, written the plain way and apart from the machine:
// maps of 128-bit numbers, no postings, no overlay, no order of checks. Each command gathers
// everything that speaks against it; the outcome is the one that stands first in the document's
// table.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/machine/outcome.h"
#include "tests/model/command.h"

namespace hearth::ledger::model {

using Money = __int128;

class Auditor {
 public:
  /// What the command comes to; when applied, it has happened.
  Outcome apply(const Command& command);
  void commit();
  void lose();

  struct Escrow {
    std::int64_t bought = 0, redeemed = 0, refunded = 0, exchanged = 0, fresh = 0;
    std::int64_t outstanding() const { return bought + fresh - redeemed - refunded - exchanged; }
  };
  /// Every account with its balance.
  const std::map<Place, Money>& balances() const { return now_.balances; }
  const std::map<Place, Escrow>& escrows() const { return now_.escrows; }
  /// What the last applied command changed, as account → change.
  const std::map<Place, Money>& moved() const { return moved_; }
  /// A sentence when something that must always hold does not.
  std::optional<std::string> broken() const;

 private:
  using Reasons = std::set<Outcome>;
  struct Offer {
    int seller = 0, currency = 0;
    std::int64_t price = 0, fee = 0;
    int homes = 1;
  };
  /// Who redeemed a voucher, by the content of the request; the first one's moved the money.
  struct Redeemed {
    int offer = 0;
    std::uint32_t epoch = 0;
    std::vector<int> contents;
  };
  struct Limited {
    Limits limits;
    std::string day, month;  ///< "2026-11-30" and "2026-11"
    Money on_day = 0, in_month = 0;
  };
  using Numbers = std::vector<std::int64_t>;
  struct Books {
    std::map<Place, Money> balances;
    std::map<Place, Escrow> escrows;
    std::map<Place, AccountState> states;
    std::map<int, int> names;                          ///< home → content of its name
    std::map<int, std::pair<int, std::int64_t>> fees;  ///< basis points and fixed part
    std::map<int, Offer> offers;
    std::map<int, Redeemed> redeemed;                ///< by voucher
    std::map<std::pair<int, int>, Limited> limited;  ///< home and currency
    std::map<Numbers, Numbers> in_force;             ///< what was set last, of what
    std::uint32_t last_epoch = 0;
  };

  // Each gathers what speaks against the command, and plans what it would do.
  void open(const Command& c);
  void offer(const Command& c);
  void deposit(const Command& c);
  void withdraw(const Command& c);
  void purchase(const Command& c);
  void redeem(const Command& c);
  /// One more redemption of a voucher that was redeemed.
  void share(const Command& c, const Redeemed& before);
  void refund(const Command& c);
  void exchange(const Command& c);
  void adjust(const Command& c);
  void transfer(const Command& c);
  void state(const Command& c);
  void limits(const Command& c);
  void fees(const Command& c);
  void epoch(const Command& c);
  void consider(const Command& c);

  void form(bool good) { against(!good, Outcome::form_refused); }
  void amount(bool good) { against(!good, Outcome::amount_refused); }
  void against(bool it_is, Outcome reason) {
    if (it_is) reasons_.insert(reason);
  }
  void kept(int currency);
  void pays(const Place& place);
  void receives(const Place& place);
  /// A change of a balance, if nothing speaks against it; and what the balance says to that.
  void move(const Place& place, Money change);
  void judge_balances();
  /// The offer whose voucher is given up; nullptr when there is none such.
  const Offer* voucher(const Command& c);
  void within_limits(const Command& c, const Offer& offer, Money total);
  /// The same request again, or its id with other content.
  void asked(Numbers id, Numbers content, Outcome misuse);
  /// As what is in force already.
  void in_force(Numbers what, Numbers value);

  Books now_, committed_;
  std::map<Numbers, Numbers> asked_;
  std::vector<Numbers> asked_in_batch_;
  // Of the command under consideration:
  Reasons reasons_;
  std::map<Place, Money> moved_;
  std::vector<std::function<void()>> then_;
};

}  // namespace hearth::ledger::model
