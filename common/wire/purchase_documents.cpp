#include <algorithm>

#include <fmt/format.h>

#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view keys_type = "hearth/ledger-keys/1";
constexpr std::string_view purchase_type = "hearth/purchase/1";
constexpr std::string_view receipt_type = "hearth/receipt/1";
constexpr std::size_t max_keys_jws = 256 * 1024;
constexpr std::size_t max_purchase_jws = 16 * 1024;
constexpr std::size_t max_epochs = 1000;
constexpr std::size_t max_currencies = 200;
constexpr std::size_t max_account = 200;
constexpr std::int64_t max_side = 65'535;
constexpr std::string_view device_kind_names[] = {"any",      "tv",    "phone",
                                                  "computer", "audio", "frame"};
constexpr std::int64_t max_paid_minor = max_price_minor * static_cast<std::int64_t>(max_vouchers);

std::vector<LedgerKeys::Epoch> epochs_field(Fields& fields) {
  std::vector<LedgerKeys::Epoch> out;
  for (const Json& item : fields.array("epochs", max_epochs)) {
    Fields entry(item, "epoch");
    LedgerKeys::Epoch epoch{};
    epoch.epoch = epoch_field(entry);
    epoch.poprf_key = entry.fixed_base64url<32>("poprf_key");
    epoch.from_ms = time_field(entry, "from_ms");
    if (!entry.ok()) {
      fields.refuse(entry.error().sentence, entry.error().code);
      return {};
    }
    if (!out.empty() && epoch.epoch <= out.back().epoch) {
      fields.refuse("The ledger's epochs are not in ascending order.");
      return {};
    }
    out.push_back(epoch);
  }
  if (out.empty()) fields.refuse("The ledger's list of epochs is missing or empty.");
  return out;
}

std::vector<std::string> currencies_field(Fields& fields) {
  std::vector<std::string> out;
  for (const Json& item : fields.array("currencies", max_currencies)) {
    const std::string code = item.is_string() ? item.get<std::string>() : std::string();
    const bool letters =
        std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (code.size() != 3 || !letters) {
      fields.refuse("The ledger names a currency that is not three capital letters.");
      return {};
    }
    out.push_back(code);
  }
  return out;
}

std::string money_text(const money::Amount& amount) {
  return fmt::format(R"({{"currency":"{}","minor":{}}})", amount.currency.code(), amount.minor);
}

std::string tracker_field(Fields& fields) {
  std::string url = fields.text("tracker_url", max_url);
  const bool plain =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!url.empty() && (!plain || !url.starts_with("http://"))) {
    fields.refuse("The ledger's \"tracker_url\" is not a plain http address.");
  }
  return url;
}

void put_services(Json& payload, const Services& services) {
  if (services == Services{}) return;
  payload["services"] = {{"device_kind", device_kind_name(services.device_kind)},
                         {"by_ms", services.by_ms},
                         {"min_height", services.min_height}};
}

Services services_field(Fields& fields) {
  Services out;
  if (!fields.has("services")) return out;
  const Json& object = fields.object("services");
  if (!fields.ok()) return out;
  Fields wanted(object, "services");
  out.device_kind =
      static_cast<DeviceKind>(choice_field(wanted, "device_kind", device_kind_names, 0));
  out.by_ms = time_or_never(wanted, "by_ms");
  out.min_height = static_cast<std::uint32_t>(wanted.integer_or("min_height", 0, max_side, 0));
  if (!wanted.ok()) fields.refuse(wanted.error().sentence, wanted.error().code);
  return out;
}

}  // namespace

std::string_view device_kind_name(DeviceKind kind) {
  return device_kind_names[static_cast<std::size_t>(kind)];
}

std::optional<DeviceKind> device_kind_from_name(std::string_view name) {
  const auto* found = std::find(std::begin(device_kind_names), std::end(device_kind_names), name);
  if (found == std::end(device_kind_names)) return std::nullopt;
  return static_cast<DeviceKind>(found - std::begin(device_kind_names));
}

bool can_show(DeviceKind device, Kind kind) {
  if (device == DeviceKind::audio) return kind == Kind::audio;
  if (device == DeviceKind::frame) return kind == Kind::image;
  return true;
}

std::string write_ledger_keys(const LedgerKeys& keys, const crypto::SignKey& ledger) {
  Json epochs = Json::array();
  for (const auto& epoch : keys.epochs) {
    epochs.push_back({{"epoch", epoch.epoch},
                      {"poprf_key", to_base64url(epoch.poprf_key)},
                      {"from_ms", epoch.from_ms}});
  }
  const Json payload = {{"epochs", std::move(epochs)},
                        {"escrow", to_base64url(keys.escrow)},
                        {"currencies", keys.currencies},
                        {"tracker_url", keys.tracker_url}};
  return sign_jws(keys_type, payload, ledger);
}

Result<LedgerKeys> read_ledger_keys(std::string_view jws, const crypto::SignPublicKey& ledger) {
  const auto verified = verify_jws_from(jws, keys_type, ledger, max_keys_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "ledger's key list");
  LedgerKeys out;
  out.epochs = epochs_field(fields);
  out.escrow = box_key_field(fields, "escrow");
  out.currencies = currencies_field(fields);
  out.tracker_url = tracker_field(fields);
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

std::string write_purchase(const PurchaseRequest& request, const crypto::SignKey& home) {
  Json payload = {{"request_id", to_hex(request.request_id)},
                  {"home", request.home.text()},
                  {"offer", to_hex(request.offer)},
                  {"epoch", request.epoch},
                  {"price", money_to_json(request.price)},
                  {"terms", terms_to_json(request.terms)},
                  {"billing_account", request.billing_account},
                  {"device", to_hex(request.device)},
                  {"blinded", elements_to_json(request.blinded)},
                  {"issued_ms", request.issued_ms}};
  if (request.encryption) payload["encryption"] = to_base64url(*request.encryption);
  put_services(payload, request.services);
  put_restrictions(payload, request.restrictions);
  return sign_jws(purchase_type, payload, home);
}

Result<PurchaseRequest> read_purchase(std::string_view jws) {
  const auto verified = verify_jws(jws, purchase_type, max_purchase_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "purchase request");
  const auto price = money_field(fields, "price", 0, max_price_minor);
  if (!fields.ok()) return pass_on(fields.error());
  PurchaseRequest out{.request_id = fields.fixed_hex<16>("request_id"),
                      .home = home_field(fields, "home"),
                      .offer = fields.fixed_hex<32>("offer"),
                      .epoch = epoch_field(fields),
                      .price = *price,
                      .terms = terms_field(fields),
                      .billing_account = fields.required_text("billing_account", max_account),
                      .device = fields.fixed_hex<16>("device"),
                      .blinded = elements_field(fields, "blinded"),
                      .issued_ms = time_field(fields, "issued_ms")};
  if (fields.has("encryption")) out.encryption = box_key_field(fields, "encryption");
  out.services = services_field(fields);
  out.restrictions = restrictions_field(fields);
  if (!fields.ok()) return pass_on(fields.error());
  if (out.home.key != verified->signer) {
    return fail(Code::wrong_signer,
                "The purchase request is not signed by the home that it names. Nothing was "
                "charged.");
  }
  return out;
}

/// A ledger signs thousands of receipts a second, so this one is written straight down: what Json
/// would make of it, members in the order of their names. Nothing in it needs an escape.
std::string write_receipt(const Receipt& receipt, const crypto::SignKey& ledger) {
  std::string evaluated;
  for (const auto& element : receipt.evaluated) {
    evaluated += evaluated.empty() ? "\"" : ",\"";
    evaluated += to_base64url(element);
    evaluated += '"';
  }
  const std::string payload = fmt::format(
      R"({{"at_ms":{},"balance_after":{},"epoch":{},"evaluated":[{}],"journal_index":{},)"
      R"("offer":"{}","paid":{},"proof_c":"{}","proof_s":"{}","request_hash":"{}",)"
      R"("request_id":"{}"}})",
      receipt.at_ms, money_text(receipt.balance_after), receipt.epoch, evaluated,
      receipt.journal_index, to_hex(receipt.offer), money_text(receipt.paid),
      to_base64url(receipt.proof.c), to_base64url(receipt.proof.s), to_hex(receipt.request_hash),
      to_hex(receipt.request_id));
  return sign_jws_text(receipt_type, payload, ledger);
}

Result<Receipt> read_receipt(std::string_view jws, const crypto::SignPublicKey& ledger) {
  const auto verified = verify_jws_from(jws, receipt_type, ledger, max_purchase_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "receipt");
  const auto paid = money_field(fields, "paid", 0, max_paid_minor);
  const auto balance_after = money_field(fields, "balance_after");
  if (!fields.ok()) return pass_on(fields.error());
  Receipt out{
      .request_id = fields.fixed_hex<16>("request_id"),
      .request_hash = fields.fixed_hex<32>("request_hash"),
      .journal_index = static_cast<std::uint64_t>(
          fields.integer("journal_index", 0, std::numeric_limits<std::int64_t>::max())),
      .offer = fields.fixed_hex<32>("offer"),
      .epoch = epoch_field(fields),
      .paid = *paid,
      .balance_after = *balance_after,
      .evaluated = elements_field(fields, "evaluated"),
      .proof = {fields.fixed_base64url<32>("proof_c"), fields.fixed_base64url<32>("proof_s")},
      .at_ms = time_field(fields, "at_ms")};
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

}  // namespace hearth::wire
