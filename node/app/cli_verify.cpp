#include "node/app/cli_verify.h"

#include <filesystem>

#include "common/base/files.h"
#include "common/wire/receipt_proof.h"
#include "common/wire/shown.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_file = 256 * 1024;
const char* needs_all_three =
    "Checking files needs all three: --receipt FILE --proof FILE --ledger CARD.";

Result<std::string> text_of(const wire::Json& arguments, const char* name) {
  const std::string path = arguments.value(name, "");
  if (path.empty()) return fail(Code::usage, needs_all_three);
  const auto bytes = read_file(path, max_file);
  if (!bytes) return pass_on(bytes.error());
  std::string text(as_text(*bytes));
  while (std::string_view(name) != "proof" && text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Result<wire::Json> verify_files(const wire::Json& arguments) {
  const auto receipt = text_of(arguments, "receipt");
  if (!receipt) return pass_on(receipt.error());
  const auto proof = text_of(arguments, "proof");
  if (!proof) return pass_on(proof.error());
  if (!arguments.contains("ledger")) return fail(Code::usage, needs_all_three);
  const auto card = identity::parse_ledger_card(arguments.value("ledger", ""));
  if (!card) return pass_on(card.error());
  const auto proven = wire::check_receipt_proof(*receipt, *proof, card->key);
  if (!proven) return pass_on(proven.error());
  const wire::PurchaseRecordRead& record = proven->record;
  return wire::Json{
      {"ok", true},
      {"verifier_key", tlog::verifier_key(tlog::log_origin(card->key), card->key)},
      {"checkpoint", tlog::parse_proof(*proof)->checkpoint},
      {"purchases",
       {{{"request", to_hex(record.request_id)},
         {"offer", to_hex(record.offer)},
         {"home", record.home.text()},
         {"name", ""},
         {"verified", true},
         {"paid", wire::money_document(record.paid)},
         {"journal_index", record.index},
         {"at_ms", record.at_ms},
         {"checkpoint",
          {{"size", proven->checkpoint.size}, {"root", to_hex(proven->checkpoint.root)}}}}}}};
}

Result<void> save_proof(wire::Json& document, const std::string& file) {
  auto purchases = document.find("purchases");
  if (purchases == document.end() || purchases->size() != 1 ||
      !purchases->front().contains("proof"))
    return fail(Code::not_found, "The purchase is not proven, so there is nothing to save yet.");
  wire::Json& one = purchases->front();
  const auto base = std::filesystem::absolute(file).lexically_normal().string();
  for (const auto& [field, ending] : {std::pair("receipt", ".receipt"), {"proof", ".tlog-proof"}}) {
    const std::string text = one.value(field, "");
    auto written = write_file_atomic(base + ending, as_bytes(text), 0600);
    if (!written) return written;
    one[field] = base + ending;
  }
  return {};
}

}  // namespace hearth::node
