#include <algorithm>

#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr int max_pages = 400;
constexpr int statement_page = 200;
constexpr std::size_t shown_id_digits = 16;

bool may_be_id(const std::string& text) {
  return text.size() >= 4 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_meant(const wire::Offer& offer, const std::string& what) {
  return offer.manifest.name == what || (may_be_id(what) && to_hex(offer.id).starts_with(what));
}

std::optional<wire::OfferId> whole_id(const std::string& text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  wire::OfferId id;
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

/// "for_device", "by_ms", "min_height"
wire::Services services_arguments(wire::Fields& fields) {
  constexpr std::int64_t latest_ms = std::int64_t{1} << 47;
  wire::Services out;
  const std::string device = fields.text("for_device", 16);
  const auto kind = wire::device_kind_from_name(device.empty() ? "any" : device);
  if (!kind) fields.refuse("A device is tv, phone, computer, audio or frame. Nothing was charged.");
  out.device_kind = kind.value_or(wire::DeviceKind::any);
  out.by_ms = fields.integer_or("by_ms", 0, latest_ms, 0);
  out.min_height = static_cast<std::uint32_t>(fields.integer_or("min_height", 0, 65'535, 0));
  return out;
}

}  // namespace

/// By id, unique beginning of it, or exact name: first among the vouchers that this wallet holds,
/// then in the catalogue.
net::Task<Result<wire::Offer>> Commands::find_offer(std::string what) {
  const auto vouchers = rooms_.wallet->vouchers();
  if (!vouchers) co_return pass_on(vouchers.error());
  for (const auto& record : *vouchers) {
    if (record.state != VoucherState::held) continue;
    auto offer = rooms_.wallet->offer(record.voucher.offer);
    if (offer && is_meant(*offer, what)) co_return offer;
  }
  if (const auto id = whole_id(what)) {
    auto entry = co_await rooms_.ledger->offer(*id);
    if (!entry) co_return pass_on(entry.error());
    co_return std::move(entry->offer);
  }
  std::optional<wire::Offer> found;
  // A search by name asks for little; the beginning of an id needs the whole catalogue.
  for (const bool by_name : {true, false}) {
    if (found || (!by_name && !may_be_id(what))) break;
    std::string after;
    for (int page = 0; page < max_pages; ++page) {
      std::string search = by_name ? what : std::string();
      std::string from = after;
      auto answer = co_await rooms_.ledger->offers(std::move(search), std::move(from));
      if (!answer) co_return pass_on(answer.error());
      for (auto& entry : answer->offers) {
        if (!is_meant(entry.offer, what)) continue;
        if (found && found->id != entry.offer.id) {
          co_return fail(Code::unknown_offer,
                         "Several offers are called " + printable(what) +
                             ". Nothing was charged; use the id that hearth catalogue shows.");
        }
        found = std::move(entry.offer);
      }
      after = answer->next;
      if (after.empty()) break;
    }
  }
  if (found) co_return std::move(*found);
  co_return fail(Code::unknown_offer, "The catalogue holds no offer " + printable(what) +
                                          ". Nothing was charged; hearth catalogue shows what "
                                          "there is.");
}

Commands::Answer Commands::catalogue(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string search = fields.text("search", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto rules = seen_rules();
  if (!rules) co_return pass_on(rules.error());
  wire::Json list = wire::Json::array();
  std::string after;
  for (int page = 0; page < max_pages; ++page) {
    std::string words = search, from = after;
    const auto answer = co_await rooms_.ledger->offers(std::move(words), std::move(from));
    if (!answer) co_return pass_on(answer.error());
    for (const auto& entry : answer->offers) {
      if (rules->shows(entry.offer.terms.min_age)) list.push_back(document(entry));
    }
    after = answer->next;
    if (after.empty()) break;
  }
  co_return wire::Json{{"offers", std::move(list)}};
}

Result<void> Commands::add_receipt(wire::Json& out, const PurchaseRecord& purchase) const {
  const auto receipt = wire::read_receipt(purchase.receipt_jws, rooms_.files.ledger.key);
  if (!receipt) return pass_on(receipt.error());
  out["paid"] = document(receipt->paid);
  out["balance"] = document(receipt->balance_after);
  out["request"] = to_hex(receipt->request_id);
  return {};
}

/// Turns a voucher that the wallet holds into a delivery to this home.
Commands::Answer Commands::deliver_held(wire::Offer offer, VoucherRecord voucher, Wanted wanted) {
  DeliveryOrder order;
  order.offer_jws = offer.jws;
  order.voucher = voucher.id;
  order.by_ms = wanted.services.by_ms;
  order.pocket = wanted.pocket;
  auto taken = rooms_.deliveries->take_held(order, now_ms());
  if (!taken) co_return pass_on(taken.error());
  co_return wire::Json{{"offer", to_hex(offer.id)},
                       {"name", offer.manifest.name},
                       {"paid", document(money::Amount{0, offer.price.currency})},
                       {"voucher", voucher.id.substr(0, shown_id_digits)},
                       {"delivery", true}};
}

Commands::Answer Commands::buy(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string what = fields.required_text("offer", max_argument);
  const bool keep = fields.boolean_or("keep_voucher", false);
  Wanted wanted(pocket_argument(fields, "pocket"));
  wanted.services = services_arguments(fields);
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto offer = co_await find_offer(std::move(what));
  if (!offer) co_return pass_on(offer.error());
  auto seen = may_see(offer->terms.min_age, offer->manifest.name);
  if (!seen) co_return pass_on(seen.error());
  Intent intent;
  intent.what = keep ? Intent::What::keep : Intent::What::deliver;
  if (!keep) {
    const auto here = rooms_.deliveries->has(offer->manifest.title);
    if (!here) co_return pass_on(here.error());
    // Here already, or on its way: asking again costs nothing.
    if (*here) {
      const auto title = rooms_.titles->title(offer->manifest.title);
      const auto fetched =
          title && title->key ? rooms_.deliveries->fetch_again(*title) : Result<void>();
      if (!fetched) co_return pass_on(fetched.error());
      co_return wire::Json{{"offer", to_hex(offer->id)},
                           {"name", offer->manifest.name},
                           {"paid", document(money::Amount{0, offer->price.currency})},
                           {"delivery", true}};
    }
    const auto held = rooms_.wallet->held_for(offer->id);
    if (!held) co_return pass_on(held.error());
    if (*held) {
      wire::Offer copy = *offer;
      VoucherRecord voucher = **held;
      co_return co_await deliver_held(std::move(copy), std::move(voucher), wanted);
    }
  }
  wire::Offer copy = *offer;
  const auto done =
      co_await bought(std::move(copy), std::move(intent), std::move(wanted), std::move(pin));
  if (!done) co_return pass_on(done.error());
  wire::Json out = {{"offer", to_hex(offer->id)},
                    {"name", offer->manifest.name},
                    {"voucher", done->voucher.substr(0, shown_id_digits)},
                    {"delivery", !keep && done->problem.empty()}};
  auto added = add_receipt(out, *done);
  if (!added) co_return pass_on(added.error());
  co_return out;
}

Commands::Answer Commands::wallet_history(wire::Json) {
  wire::Json entries = wire::Json::array();
  std::uint64_t after = 0;
  for (int page = 0; page < max_pages; ++page) {
    const auto statement = co_await rooms_.ledger->statement(after, statement_page);
    if (!statement) co_return pass_on(statement.error());
    for (const auto& entry : statement->entries) {
      entries.push_back(document(entry));
      after = std::max(after, entry.index);
    }
    if (statement->entries.size() < statement_page) break;
  }
  const auto purchases = rooms_.wallet->purchases();
  if (!purchases) co_return pass_on(purchases.error());
  wire::Json pending = wire::Json::array();
  for (const auto& purchase : *purchases) {
    if (!purchase.open()) continue;
    const auto offer = rooms_.wallet->offer(purchase.offer);
    const auto request = wire::read_purchase(purchase.request_jws);
    wire::Json one = {{"kind", "purchase"},
                      {"request", request ? to_hex(request->request_id) : ""},
                      {"offer", to_hex(purchase.offer)},
                      {"name", offer ? offer->manifest.name : ""},
                      {"state", name_of(purchase.state)}};
    if (!purchase.problem.empty()) one["sentence"] = purchase.problem;
    if (!purchase.receipt_jws.empty()) one["receipt"] = printable(purchase.receipt_jws, 65'536);
    pending.push_back(std::move(one));
  }
  auto added = add_open_requests(pending);
  if (!added) co_return pass_on(added.error());
  co_return wire::Json{{"entries", std::move(entries)}, {"pending", std::move(pending)}};
}

Commands::Answer Commands::wallet_vouchers(wire::Json) {
  const auto vouchers = rooms_.wallet->vouchers();
  if (!vouchers) co_return pass_on(vouchers.error());
  wire::Json list = wire::Json::array();
  for (const auto& record : *vouchers) {
    const auto offer = rooms_.wallet->offer(record.voucher.offer);
    wire::Json one = {{"voucher", record.id.substr(0, shown_id_digits)},
                      {"offer", to_hex(record.voucher.offer)},
                      {"name", offer ? offer->manifest.name : ""},
                      {"epoch", record.voucher.epoch},
                      {"state", name_of(record.state)}};
    if (!record.gift.empty()) one["gift"] = record.gift;
    list.push_back(std::move(one));
  }
  co_return wire::Json{{"vouchers", std::move(list)}};
}

}  // namespace hearth::node
