#include "node/ledger_link/ledger_answers.h"

#include <limits>

#include "common/base/names.h"
#include "common/tlog/proof_file.h"
#include "common/wire/document_fields.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_page = 32 * 1024 * 1024;
constexpr std::int64_t max_count = std::numeric_limits<std::int64_t>::max();

tl::unexpected<Error> odd(const std::string& what) {
  return fail(Code::bad_answer, "The ledger's answer is not of the form it should have: " + what +
                                    ". Ledger and home may be of different versions.");
}

Result<CatalogueEntry> entry_of(const wire::Json& json) {
  wire::Fields fields(json, "catalogue entry");
  const auto id = fields.fixed_hex<32>("id");
  const std::string jws = fields.required_text("offer", wire::max_jws);
  const std::int64_t sources = fields.integer_or("complete_sources", 0, 1'000'000, 0);
  if (!fields.ok()) return odd(fields.error().sentence);
  auto offer = wire::read_offer(jws);
  if (!offer) return odd(offer.error().sentence);
  if (offer->id != id) return odd("an offer stands under another offer's id");
  return CatalogueEntry{std::move(*offer), sources};
}

Result<money::Amount> amount_of(const wire::Json& json) {
  wire::Fields fields(json, "amount");
  const std::int64_t minor =
      fields.integer("minor", std::numeric_limits<std::int64_t>::min(), max_count);
  const std::string code = fields.required_text("currency", 3);
  if (!fields.ok()) return odd(fields.error().sentence);
  const auto currency = money::Currency::from_code(code);
  if (!currency) return odd(currency.error().sentence);
  return money::Amount{minor, *currency};
}

}  // namespace

Result<CataloguePage> read_catalogue_page(ByteView body) {
  const auto json = wire::parse_json(body, max_page);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "catalogue");
  CataloguePage page;
  page.next = fields.text("next", 200);
  const wire::Json& offers = fields.array("offers", 1000);
  if (!fields.ok()) return odd(fields.error().sentence);
  for (const auto& item : offers) {
    auto entry = entry_of(item);
    if (!entry) return pass_on(entry.error());
    page.offers.push_back(std::move(*entry));
  }
  return page;
}

Result<CatalogueEntry> read_catalogue_entry(ByteView body, const wire::OfferId& asked) {
  const auto json = wire::parse_json(body, max_page);
  if (!json) return odd(json.error().sentence);
  auto entry = entry_of(*json);
  if (entry && entry->offer.id != asked) return odd("it is another offer");
  return entry;
}

Result<Statement> read_statement(ByteView body) {
  const auto json = wire::parse_json(body, max_page);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "statement");
  const wire::Json& balances = fields.array("balances", 1000);
  const wire::Json& pockets = fields.array("pockets", 1000);
  const wire::Json& entries = fields.array("entries", 1000);
  if (!fields.ok()) return odd(fields.error().sentence);
  Statement statement;
  for (const auto& item : balances) {
    const auto amount = amount_of(item);
    if (!amount) return pass_on(amount.error());
    statement.balances.push_back(*amount);
  }
  for (const auto& item : pockets) {
    wire::Fields one(item, "pocket");
    const auto number = one.integer("pocket", 1, wire::max_pocket);
    const auto balance = amount_of(one.object("balance"));
    if (!one.ok()) return odd(one.error().sentence);
    if (!balance) return pass_on(balance.error());
    statement.pockets.push_back({static_cast<std::uint32_t>(number), *balance});
  }
  for (const auto& item : entries) {
    wire::Fields one(item, "statement entry");
    const auto amount = amount_of(one.object("amount"));
    if (!amount) return pass_on(amount.error());
    Statement::Entry entry{
        static_cast<std::uint64_t>(one.integer("index", 0, max_count)),
        one.integer("at_ms", 0, max_count),
        one.required_text("kind", 100),
        *amount,
        printable(one.text("reference", 2000)),
        one.text("offer", 64),
        static_cast<std::uint32_t>(one.integer_or("pocket", 0, wire::max_pocket, 0))};
    if (!one.ok()) return odd(one.error().sentence);
    statement.entries.push_back(std::move(entry));
  }
  return statement;
}

Result<Redeemed> read_redeemed(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "redemption answer");
  Redeemed redeemed;
  redeemed.access_key = fields.base64url("access_key", crypto::age::max_header);
  redeemed.journal_index =
      static_cast<std::uint64_t>(fields.integer("journal_index", 0, max_count));
  if (!fields.ok()) return odd(fields.error().sentence);
  return redeemed;
}

Result<Refunded> read_refunded(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "refund answer");
  const auto amount = wire::money_field(fields, "refunded", 0);
  const std::int64_t index = fields.integer("journal_index", 0, max_count);
  if (!fields.ok()) return odd(fields.error().sentence);
  return Refunded{*amount, static_cast<std::uint64_t>(index)};
}

Result<Transferred> read_transferred(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "transfer answer");
  const auto balance = wire::money_field(fields, "balance_after", 0);
  const std::int64_t index = fields.integer("journal_index", 0, max_count);
  if (!fields.ok()) return odd(fields.error().sentence);
  return Transferred{*balance, static_cast<std::uint64_t>(index)};
}

Result<std::string> read_voucher_state(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "voucher's state");
  std::string state = fields.required_text("state", 32);
  if (!fields.ok()) return odd(fields.error().sentence);
  for (const char* known : {"unspent", "redeemed", "refunded", "exchanged"})
    if (state == known) return state;
  return odd("a voucher's state has a name that is not known here");
}

Result<Found> read_found(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "directory entry");
  Found found{wire::home_field(fields, "home"), fields.required_text("card", 4 * 1024)};
  if (!fields.ok()) return odd(fields.error().sentence);
  const auto card = identity::parse_contact_card(found.card);
  if (!card || card->home != found.home) return odd("a directory entry's card is not its home's");
  return found;
}

Result<std::string> read_perhaps_sealed(ByteView body, const crypto::BoxKey& key) {
  if (!as_text(body).starts_with("age-encryption.org/")) return std::string(as_text(body));
  const auto opened = crypto::age::open_file(body, key);
  if (!opened) return odd("it is sealed to another key (" + opened.error().sentence + ")");
  return std::string(as_text(*opened));
}

Result<tlog::Proof> read_log_consistency(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "consistency proof");
  const wire::Json& hashes = fields.array("hashes", tlog::max_proof_hashes);
  if (!fields.ok()) return odd(fields.error().sentence);
  tlog::Proof proof;
  for (const auto& item : hashes) {
    tlog::Digest digest;
    const auto bytes =
        item.is_string() ? from_base64(item.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->size() != digest.size()) return odd("a hash of a proof is none");
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    proof.push_back(digest);
  }
  return proof;
}

Result<std::vector<EpochProof>> read_log_epochs(ByteView body) {
  const auto json = wire::parse_json(body, max_page);
  if (!json) return odd(json.error().sentence);
  wire::Fields fields(*json, "list of epochs");
  const wire::Json& epochs = fields.array("epochs", 1000);
  if (!fields.ok()) return odd(fields.error().sentence);
  std::vector<EpochProof> out;
  for (const auto& item : epochs) {
    wire::Fields one(item, "epoch");
    EpochProof proof;
    proof.epoch = static_cast<std::uint32_t>(
        one.integer("epoch", 0, std::numeric_limits<std::uint32_t>::max()));
    proof.proof = one.required_text("proof", tlog::max_proof_file);
    if (!one.ok()) return odd(one.error().sentence);
    out.push_back(std::move(proof));
  }
  return out;
}

}  // namespace hearth::node
