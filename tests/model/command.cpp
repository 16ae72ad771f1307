#include "tests/model/command.h"

#include <limits>

namespace hearth::ledger::model {
namespace {

constexpr int homes = 10;
constexpr int offers = 14;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t hour_ms = 3'600'000;
/// 2026-11-29 21:00 UTC: a day and a month end within an episode.
constexpr UtcMs begin_ms = 1'795'986'000'000;

class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}

  Command next() {
    at_ms_ += pick(50) == 0 ? pick(30) * hour_ms : pick(10'000);
    if (!made_.empty() && pick(12) == 0) return again();
    Command command = fresh();
    command.at_ms = at_ms_;
    command.bad_form = pick(150) == 0;
    made_.push_back(command);
    return command;
  }
  /// How a batch ends.
  Command end() {
    Command command;
    command.kind = pick(10) == 0 ? Kind::lose : Kind::commit;
    command.at_ms = at_ms_;
    return command;
  }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

 private:
  /// Something that was asked before: word for word, or under its id with other content.
  Command again() {
    const std::size_t recent = std::min<std::size_t>(made_.size(), 200);
    Command command =
        made_[made_.size() - 1 - static_cast<std::size_t>(pick(static_cast<int>(recent)))];
    command.at_ms = at_ms_;
    if (pick(3) == 0) ++command.content;
    if (pick(6) == 0) ++command.minor;
    return command;
  }

  int currency() { return pick(30) == 0 ? 3 : pick(4) == 0 ? 1 + pick(2) : 0; }
  int home() { return pick(40) == 0 ? homes : pick(homes); }
  int pocket() { return pick(3) > 0 ? 0 : pick(30) == 0 ? 99 : 1 + pick(2); }
  /// Mostly cents; now and then near the ends of what an int64 holds.
  std::int64_t minor(int usual) {
    const int dice = pick(200);
    if (dice < 2) return most - pick(3);
    if (dice < 5) return most / (1 + pick(40));
    if (dice == 5) return -pick(3);
    if (dice == 6) return std::numeric_limits<std::int64_t>::min();
    return pick(usual);
  }
  Place wallet() { return {AccountKind::wallet, home(), pocket(), currency()}; }
  /// Mostly a wallet; else one of the ledger's own accounts.
  Place any_account() {
    const int dice = pick(12);
    if (dice == 0) return {AccountKind::cash, 0, 0, currency()};
    if (dice < 3) return {AccountKind::fees, 0, 0, currency()};
    if (dice == 3 && pick(4) == 0) return {AccountKind::adjustments, 0, 0, currency()};
    return wallet();
  }
  std::uint32_t used_epoch() {
    return static_cast<std::uint32_t>(std::max(1, last_epoch_ - pick(2)));
  }

  Command fresh() {
    Command out;
    out.id = ++last_id_;
    const int dice = pick(1000);
    if (dice < 30)
      out.kind = Kind::open, out.home = home(), out.content = pick(8) == 0;
    else if (dice < 60)
      offer(out);
    else if (dice < 230)
      money(out, Kind::deposit, 5000);
    else if (dice < 290)
      money(out, Kind::withdraw, 1500);
    else if (dice < 530)
      purchase(out);
    else if (dice < 680)
      voucher(out, Kind::redeem);
    else if (dice < 760)
      voucher(out, Kind::refund);
    else if (dice < 840)
      voucher(out, Kind::exchange);
    else if (dice < 880)
      money(out, Kind::adjust, 400);
    else if (dice < 940)
      transfer(out);
    else if (dice < 960)
      state(out);
    else if (dice < 978)
      limits(out);
    else if (dice < 990)
      fees(out);
    else
      epoch(out);
    return out;
  }

  void offer(Command& out) {
    out.kind = Kind::offer;
    out.offer = pick(offers);
    out.home = home();
    out.currency = currency();
    out.minor = pick(10) == 0 ? 0 : minor(900);
    out.homes = pick(3) > 0 ? 1 : pick(20) == 0 ? 17 * pick(2) : 1 + pick(3);
  }
  void money(Command& out, Kind kind, int usual) {
    out.kind = kind;
    out.account = kind == Kind::deposit && pick(60) > 0 ? wallet() : any_account();
    out.minor = minor(usual);
    if (kind == Kind::adjust && pick(2) == 0 && out.minor > -most) out.minor = -out.minor;
  }
  void purchase(Command& out) {
    out.kind = Kind::purchase;
    out.home = home();
    out.pocket = pick(100) == 0 ? 100 : pocket();
    out.offer = pick(offers + 1);
    out.epoch = used_epoch();
    out.vouchers = pick(8) > 0 ? 1 + pick(3) : pick(18);
  }
  void voucher(Command& out, Kind kind) {
    out.kind = kind;
    out.offer = pick(offers + 1);
    out.epoch = used_epoch();
    out.fresh_epoch = used_epoch();
    out.account = pick(30) == 0 ? any_account() : wallet();
    if (last_voucher_ > 0 && pick(25) == 0) {  // the same voucher, another way
      out.id = last_voucher_;
      out.content = 10 + static_cast<int>(kind);
    }
    last_voucher_ = out.id;
  }
  void transfer(Command& out) {
    out.kind = Kind::transfer;
    out.home = home();
    out.pocket = pick(2) == 0 ? 0 : pocket();
    out.other = pick(40) == 0 ? 100 : pocket();
    out.currency = currency();
    out.minor = minor(800);
  }
  void state(Command& out) {
    out.kind = Kind::state;
    out.account = pick(20) == 0 ? any_account() : wallet();
    const int dice = pick(20);
    out.state = dice < 12   ? AccountState::open
                : dice < 16 ? AccountState::frozen
                            : AccountState::closed;
  }
  void limits(Command& out) {
    out.kind = Kind::limits;
    out.home = home();
    out.currency = currency();
    out.limits = {pick(2) * minor(4000), pick(2) * minor(9000), pick(2) * minor(30'000)};
  }
  void fees(Command& out) {
    out.kind = Kind::fees;
    out.currency = currency();
    out.basis_points = pick(20) == 0 ? 10'001 - pick(2) : pick(2000) - (pick(20) == 0 ? 2000 : 0);
    out.minor = minor(40);
  }
  void epoch(Command& out) {
    out.kind = Kind::epoch;
    out.epoch = static_cast<std::uint32_t>(std::max(0, last_epoch_ + 2 - pick(4)));
    last_epoch_ = std::max(last_epoch_, static_cast<int>(out.epoch));
  }

  std::mt19937_64 random_;
  UtcMs at_ms_ = begin_ms;
  int last_id_ = 0;
  int last_epoch_ = 1;
  int last_voucher_ = 0;
  std::vector<Command> made_;
};

std::string signed_text(std::int64_t minor, int currency) {
  return std::to_string(minor) + " " + currency_codes[currency];
}

}  // namespace

std::vector<Command> random_commands(std::uint64_t seed, std::size_t count) {
  Source source(seed);
  std::vector<Command> out;
  // Nobody can do much before somebody is there and something is for sale.
  for (int i = 0; i < homes - 2; ++i) {
    Command open;
    open.kind = Kind::open;
    open.home = i;
    open.at_ms = begin_ms;
    out.push_back(open);
  }
  for (int i = 0; i < offers / 2; ++i) {
    Command offer;
    offer.kind = Kind::offer;
    offer.offer = i;
    offer.home = i % (homes - 2);
    offer.minor = 70 * i;
    offer.currency = i % currencies_kept;
    offer.homes = 1 + i % 3;
    offer.at_ms = begin_ms;
    out.push_back(offer);
  }
  int left_in_batch = 0;
  while (out.size() < count) {
    if (left_in_batch-- > 0) {
      out.push_back(source.next());
      continue;
    }
    out.push_back(source.end());
    left_in_batch = source.pick(60);
  }
  out.push_back(Command{});  // commit
  return out;
}

std::string text(const Place& place) {
  const std::string in = currency_codes[place.currency];
  const std::string slot = std::to_string(place.slot);
  switch (place.kind) {
    case AccountKind::wallet:
      return "wallet of home " + std::to_string(place.owner) + " in " + in + ", pocket " + slot;
    case AccountKind::escrow:
      return "escrow of offer " + std::to_string(place.owner) + " in " + in + ", epoch " + slot;
    case AccountKind::cash:
      return "cash in " + in;
    case AccountKind::fees:
      return "fees in " + in;
    case AccountKind::adjustments:
      return "adjustments in " + in;
  }
  return "?";
}

std::string text(const Command& c) {
  const auto number = [](auto value) { return std::to_string(value); };
  const std::string who = "home " + number(c.home);
  const std::string what = "offer " + number(c.offer) + " epoch " + number(c.epoch);
  const std::string id = " (id " + number(c.id) + "/" + number(c.content) + ")";
  const std::string ill = c.bad_form ? ", ill-formed" : "";
  const auto with = [&](const std::string& words) {
    return words + id + ill + " at " + number(c.at_ms);
  };
  switch (c.kind) {
    case Kind::open:
      return with("open " + who + " with name " + number(c.content));
    case Kind::offer:
      return with("offer " + number(c.offer) + " of " + who + " at " +
                  signed_text(c.minor, c.currency) + " for " + number(c.homes) + " homes");
    case Kind::deposit:
      return with("deposit " + number(c.minor) + " to " + text(c.account));
    case Kind::withdraw:
      return with("withdraw " + number(c.minor) + " from " + text(c.account));
    case Kind::purchase:
      return with(who + " buys " + number(c.vouchers) + " of " + what + " from pocket " +
                  number(c.pocket));
    case Kind::redeem:
      return with("redeem " + what);
    case Kind::refund:
      return with("refund " + what + " to " + text(c.account));
    case Kind::exchange:
      return with("exchange " + what + " for epoch " + number(c.fresh_epoch));
    case Kind::adjust:
      return with("adjust " + text(c.account) + " by " + number(c.minor));
    case Kind::transfer:
      return with(who + " moves " + signed_text(c.minor, c.currency) + " from pocket " +
                  number(c.pocket) + " to " + number(c.other));
    case Kind::state:
      return with("state of " + text(c.account) + " becomes " + number(static_cast<int>(c.state)));
    case Kind::limits:
      return with("limits of " + who + " in " + currency_codes[c.currency] + ": " +
                  number(c.limits.per_purchase) + ", " + number(c.limits.per_day) + ", " +
                  number(c.limits.per_month));
    case Kind::fees:
      return with("fees in " + std::string(currency_codes[c.currency]) + ": " +
                  number(c.basis_points) + " basis points + " + number(c.minor));
    case Kind::epoch:
      return with("epoch " + number(c.epoch));
    case Kind::commit:
      return "commit";
    case Kind::lose:
      return "the batch is lost";
    case Kind::restart:
      return "restart";
  }
  return "?";
}

}  // namespace hearth::ledger::model
