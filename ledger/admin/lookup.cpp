#include "ledger/admin/lookup.h"

#include "common/base/names.h"
#include "common/wire/shown.h"

namespace hearth::ledger {
namespace {

std::string_view state_name(AccountState state) {
  switch (state) {
    case AccountState::open:
      return "open";
    case AccountState::frozen:
      return "frozen";
    case AccountState::closed:
      return "closed";
  }
  return "?";
}

}  // namespace

Result<identity::HomeAddress> find_home(const BooksView& books, const std::string& text) {
  auto address = identity::parse_home_address(text);
  if (address) {
    const auto home = books.home(*address);
    if (!home) return pass_on(home.error());
    if (*home) return *address;
  } else if (text.starts_with("home1")) {
    return address;  // meant as one: say what is wrong with it
  }
  std::optional<identity::HomeAddress> found;
  std::uint64_t count = 0;
  const auto scanned = books.each_home([&](const auto& home, const books::HomeRow& row) {
    if (row.name == text) ++count, found = home;
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  if (count == 1) return *found;
  if (count > 1)
    return fail(Code::usage, std::to_string(count) + " homes are called '" + printable(text, 120) +
                                 "'; nothing was done. Give the home's address.");
  return fail(Code::unknown_account, "No home is registered here as '" + printable(text, 120) +
                                         "'; nothing was done. Give the home's address.");
}

Result<AccountId> find_account(const BooksView& books, const std::string& text,
                               const std::optional<money::Currency>& currency) {
  if (text.find('/') == std::string::npos) {
    const auto home = find_home(books, text);
    if (!home) return pass_on(home.error());
    if (currency) return AccountId::wallet(*home, *currency);
    const auto kept = books.currencies();
    if (!kept) return pass_on(kept.error());
    if (kept->empty()) return fail(Code::unknown_account, "These books are empty.");
    return AccountId::wallet(*home, kept->front());
  }
  const auto parsed = parse_account(text);
  if (!parsed) return pass_on(parsed.error());
  switch (parsed->kind) {
    case AccountKind::wallet:
      return AccountId::wallet(parsed->home, *parsed->currency, parsed->pocket);
    case AccountKind::cash:
      return AccountId::cash(*parsed->currency);
    case AccountKind::fees:
      return AccountId::fees(*parsed->currency);
    case AccountKind::adjustments:
      return AccountId::adjustments(*parsed->currency);
    case AccountKind::escrow:
      break;
  }
  const auto offer = books.offer(parsed->offer);
  if (!offer) return pass_on(offer.error());
  if (!*offer) return fail(Code::unknown_offer, "This ledger has no offer of that id.");
  return AccountId::escrow(parsed->offer, parsed->epoch, (*offer)->terms.price.currency);
}

Result<std::string> owner_of(const BooksView& books, const AccountId& account) {
  if (account.kind() != AccountKind::wallet) return std::string();
  const auto home = books.home(account.home());
  if (!home) return pass_on(home.error());
  return *home ? (*home)->name : std::string();
}

wire::Json account_document(const AccountId& id, const Account& account, const std::string& owner) {
  wire::Json out{{"id", id.text()},
                 {"kind", account_kind_name(id.kind())},
                 {"balance", wire::money_document({account.balance, id.currency()})}};
  if (id.kind() == AccountKind::wallet) {
    out["name"] = owner;
    out["state"] = state_name(account.state);
  }
  if (id.kind() == AccountKind::escrow) out["outstanding"] = account.outstanding();
  return out;
}

}  // namespace hearth::ledger
