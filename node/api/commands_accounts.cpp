// What a home does with its own accounts at the ledger: its pockets, a voucher's money back.
#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr std::size_t least_id_digits = 4;
constexpr std::size_t shown_id_digits = 16;
constexpr std::int64_t patience_ms = 20'000;

}  // namespace

Commands::Answer Commands::wallet_balance(wire::Json) {
  const auto statement = co_await rooms_.ledger->statement(0, 1);
  if (!statement) co_return pass_on(statement.error());
  wire::Json balances = wire::Json::array();
  for (const auto& amount : statement->balances) balances.push_back(document(amount));
  wire::Json pockets = wire::Json::array();
  for (const auto& [pocket, balance] : statement->pockets)
    pockets.push_back({{"pocket", pocket}, {"balance", document(balance)}});
  co_return wire::Json{{"balances", std::move(balances)}, {"pockets", std::move(pockets)}};
}

Result<VoucherRecord> Commands::find_voucher(const std::string& what) const {
  const auto all = rooms_.wallet->vouchers();
  if (!all) return pass_on(all.error());
  const VoucherRecord* found = nullptr;
  for (const auto& voucher : *all) {
    if (what.size() < least_id_digits || !voucher.id.starts_with(what)) continue;
    if (found != nullptr) {
      return fail(Code::usage, "Several vouchers begin with " + printable(what) +
                                   ". Nothing was given back; use more digits of its id.");
    }
    found = &voucher;
  }
  if (found == nullptr) {
    return fail(Code::not_found, "This wallet has no voucher " + printable(what) +
                                     ". Nothing was given back; hearth wallet vouchers shows "
                                     "them all.");
  }
  return *found;
}

Commands::Answer Commands::wallet_refund(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.required_text("voucher", max_argument);
  const std::uint32_t pocket = pocket_argument(fields, "pocket");
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto voucher = find_voucher(what);
  if (!voucher) co_return pass_on(voucher.error());
  std::string id = voucher->id;
  // A swarm that gives nothing holds no money back: the delivery ends, and the voucher with it.
  const auto called_off = rooms_.deliveries->call_off(id);
  if (!called_off) co_return pass_on(called_off.error());
  const auto done = co_await rooms_.account_requests->refund(std::move(id), pocket, patience_ms);
  if (!done) co_return pass_on(done.error());
  const auto offer = rooms_.wallet->offer(done->offer);
  co_return wire::Json{{"voucher", voucher->id.substr(0, shown_id_digits)},
                       {"offer", to_hex(done->offer)},
                       {"name", offer ? offer->manifest.name : ""},
                       {"refunded", document(done->amount)},
                       {"pocket", done->to},
                       {"journal_index", done->journal_index}};
}

Commands::Answer Commands::wallet_transfer(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string text = fields.required_text("amount", max_argument);
  const std::uint32_t from = pocket_argument(fields, "from");
  const std::uint32_t to = pocket_argument(fields, "to");
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto amount = money::parse(text);
  if (!amount) co_return pass_on(amount.error());
  if (amount->minor <= 0) {
    co_return fail(Code::amount_invalid,
                   "A transfer moves more than nothing. Nothing was moved; name an amount above "
                   "zero.");
  }
  if (from == to) {
    co_return fail(Code::usage,
                   "The money is in that pocket already. Nothing was moved; name two different "
                   "ones with --from and --to, 0 is the main wallet.");
  }
  const money::Amount moved = *amount;
  const auto done = co_await rooms_.account_requests->transfer(from, to, moved, patience_ms);
  if (!done) co_return pass_on(done.error());
  const money::Amount left{done->balance, done->amount.currency};
  co_return wire::Json{{"request", done->id},       {"amount", document(done->amount)},
                       {"from", done->from},        {"to", done->to},
                       {"balance", document(left)}, {"journal_index", done->journal_index}};
}

/// Refunds and transfers that the ledger has not answered yet, as `wallet history` lists them.
Result<void> Commands::add_open_requests(wire::Json& pending) const {
  const auto open = rooms_.account_requests->open();
  if (!open) return pass_on(open.error());
  for (const auto& request : *open) {
    wire::Json one = {{"state", name_of(request.state)}, {"amount", document(request.amount)}};
    if (request.what == AccountRequest::What::transfer) {
      one["kind"] = "transfer";
      one["request"] = request.id;
      one["from"] = request.from;
      one["to"] = request.to;
    } else {
      const auto offer = rooms_.wallet->offer(request.offer);
      one["kind"] = "refund";
      one["voucher"] = request.id.substr(0, shown_id_digits);
      one["offer"] = to_hex(request.offer);
      one["name"] = offer ? offer->manifest.name : "";
    }
    pending.push_back(std::move(one));
  }
  return {};
}

}  // namespace hearth::node
