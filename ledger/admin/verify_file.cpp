#include "ledger/admin/verify_file.h"

#include "common/tlog/proof_file.h"
#include "common/wire/documents.h"
#include "common/wire/jws.h"
#include "common/wire/shown.h"
#include "ledger/engine/book_tiles.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

using wire::Json;

std::string without_end(std::string text) {
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
    text.pop_back();
  return text;
}

/// Whether our journal is this checkpoint's, continued.
Result<void> our_history(const store::View& view, const tlog::Checkpoint& checkpoint) {
  const auto tree = BooksView(view).tree();
  if (!tree) return pass_on(tree.error());
  if (checkpoint.size > tree->size())
    return fail(Code::corrupt,
                "This ledger signed a journal of " + std::to_string(checkpoint.size) +
                    " records, and its books have " + std::to_string(tree->size()) +
                    ": they were set back, or are an older copy. Nothing was changed.");
  BookTiles tiles(view);
  const auto root = tlog::tree_root(checkpoint.size, tiles);
  if (!root) return pass_on(root.error());
  if (*root != checkpoint.root)
    return fail(Code::corrupt,
                "This ledger signed another history of " + std::to_string(checkpoint.size) +
                    " records than the one that its books hold. Nothing was changed; run "
                    "`hearth-ledger audit` and keep the file as evidence.");
  return {};
}

Result<Json> verify_checkpoint(const store::View& view, const crypto::SignPublicKey& ledger,
                               const std::string& text) {
  const auto checkpoint = tlog::read_checkpoint(text, ledger);
  if (!checkpoint) return pass_on(checkpoint.error());
  if (auto ours = our_history(view, *checkpoint); !ours) return pass_on(ours.error());
  return Json{{"what", "checkpoint"},
              {"ok", true},
              {"size", checkpoint->size},
              {"root", to_hex(checkpoint->root)}};
}

Result<Json> verify_proof_text(const store::View& view, const crypto::SignPublicKey& ledger,
                               const std::string& text) {
  const auto proof = tlog::parse_proof(text);
  if (!proof) return pass_on(proof.error());
  const auto checkpoint = tlog::verify_proof(*proof, ledger);
  if (!checkpoint) return pass_on(checkpoint.error());
  if (auto ours = our_history(view, *checkpoint); !ours) return pass_on(ours.error());
  Json out{{"what", "proof"},
           {"ok", true},
           {"index", proof->index},
           {"size", checkpoint->size},
           {"root", to_hex(checkpoint->root)}};
  const auto record = BooksView(view).record(proof->index);
  if (!record) return pass_on(record.error());
  if (*record) {
    out["kind"] = kind_name((*record)->what);
    out["at_ms"] = (*record)->at_ms;
  }
  return out;
}

Result<Json> verify_receipt(const store::View& view, const crypto::SignPublicKey& ledger,
                            const std::string& text) {
  const auto receipt = wire::read_receipt(text, ledger);
  if (!receipt) return pass_on(receipt.error());
  const auto record = BooksView(view).record(receipt->journal_index);
  if (!record) return pass_on(record.error());
  const auto* purchase = *record ? std::get_if<Purchased>(&(*record)->what) : nullptr;
  if (!purchase || purchase->request_id != receipt->request_id ||
      purchase->request_hash != receipt->request_hash || purchase->offer != receipt->offer)
    return fail(Code::corrupt,
                "This ledger signed the receipt, but record " +
                    std::to_string(receipt->journal_index) +
                    " of its journal is not that purchase: the books were set back or changed. "
                    "Nothing was changed; keep the file as evidence.");
  return Json{{"what", "receipt"},
              {"ok", true},
              {"index", receipt->journal_index},
              {"request_id", to_hex(receipt->request_id)},
              {"offer", to_hex(receipt->offer)},
              {"paid", wire::money_document(receipt->paid)},
              {"at_ms", receipt->at_ms}};
}

}  // namespace

Result<Json> verify_text(const store::View& view, const crypto::SignPublicKey& ledger,
                         const std::string& text) {
  if (text.starts_with("c2sp.org/tlog-proof")) return verify_proof_text(view, ledger, text);
  if (text.starts_with("hearth-ledger/")) return verify_checkpoint(view, ledger, text);
  const std::string jws = without_end(text);
  if (wire::claimed_jws_type(jws) == "hearth/receipt/1") return verify_receipt(view, ledger, jws);
  return fail(Code::usage,
              "This is neither a checkpoint, nor a proof file, nor a receipt. Nothing was done.");
}

}  // namespace hearth::ledger
