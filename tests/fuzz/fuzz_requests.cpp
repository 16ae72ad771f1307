// What homes, owners of mailboxes, mirrors and strangers ask of the ledger: signed requests behind
// signatures that hold, vouchers and what is done with them, uploads, acknowledgements, headers,
// queries and paths. The first byte picks the decoder.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/wire/directory.h"
#include "common/wire/document_fields.h"
#include "common/wire/jws.h"
#include "ledger/api/requests.h"
#include "tests/fuzz/signed.h"

namespace {

using namespace hearth;
using fuzz::signed_payload;
using fuzz::signer;

constexpr UtcMs now = 1'795'348'800'000;

const crypto::BoxKey& escrow() {
  static const auto key = crypto::BoxKey::from_seed(crypto::Seed());
  return key;
}

void ask_of_mailbox(std::uint8_t which, ByteView payload) {
  const ledger::MailboxKey mailbox = fuzz::signer().public_key();
  if (which == 0) {
    const auto box =
        ledger::read_mailbox_definition(signed_payload("hearth/mailbox/1", payload), mailbox, now);
    if (box) HEARTH_ASSERT(box->drop_tokens.size() <= ledger::max_drop_tokens);
    if (box) HEARTH_ASSERT(box->notebook.size() <= ledger::max_notebook);
  } else if (which == 1) {
    (void)ledger::read_mailbox_open(signed_payload("hearth/mailbox-open/1", payload), mailbox,
                                    crypto::Sha256Digest{}, now);
    (void)ledger::read_notebook_request(signed_payload("hearth/notebook/1", payload), mailbox, now);
  } else if (which == 2) {
    (void)ledger::read_acknowledgement(payload);
  } else {
    const auto text = as_text(payload);
    const auto end = std::min(text.find('\n'), text.size());
    (void)ledger::read_drop_head(
        {{"hearth-drop-token", std::string(text.substr(0, end))},
         {"idempotency-key", std::string(text.substr(std::min(end + 1, text.size())))}});
    (void)ledger::mailbox_of_path(text);
  }
}

/// "announcement line feed torrent file": the announcement names this file and its signer, whatever
/// else it says, so that what is checked after that is reached.
void announce(std::string_view text) {
  const auto end = std::min(text.find('\n'), text.size());
  const ByteView torrent = as_bytes(text.substr(std::min(end + 1, text.size())));
  auto json = wire::parse_json(as_bytes(text.substr(0, end)), 64 * 1024);
  if (!json || !json->is_object()) return;
  (*json)["torrent_sha256"] = to_hex(crypto::sha256(torrent));
  if (const auto file = ledger::read_torrent_file(torrent))
    (*json)["info_hash"] = to_hex(file->info_hash);
  const auto taken =
      ledger::check_announcement(wire::sign_jws("hearth/torrent/1", *json, signer()), torrent, now);
  if (taken) HEARTH_ASSERT(taken->home.key == signer().public_key());
}

void ask_by_address(std::string_view text) {
  const auto offers = ledger::read_offers_query(text);
  if (offers) HEARTH_ASSERT(offers->limit >= 1 && offers->limit <= ledger::Catalogue::max_page);
  (void)ledger::folded(text);
  (void)ledger::read_consistency_query(text);
  (void)ledger::read_mirror_query(text);
  (void)ledger::body_limit(text);
  (void)net::path_parts(text);
  (void)ledger::hex_id<20>(text, Code::unknown_torrent, "torrent");
}

/// What is taken obeys its bounds, and is written as it was read.
void check_purchase(ByteView payload) {
  const auto read = wire::read_purchase(signed_payload("hearth/purchase/1", payload));
  if (!read) return;
  HEARTH_ASSERT(!read->blinded.empty() && read->blinded.size() <= wire::max_vouchers);
  HEARTH_ASSERT(read->terms.homes >= 1 && read->terms.homes <= 16);
  const auto again = wire::read_purchase(wire::write_purchase(*read, signer()));
  HEARTH_ASSERT(again && again->services == read->services &&
                again->restrictions == read->restrictions && again->terms == read->terms &&
                again->encryption == read->encryption);
}

/// A name that is taken has one written form; a list holds only such.
void check_directory(ByteView payload) {
  const auto normal = [](const wire::DirectoryEntry& entry) {
    const auto again = wire::directory_entry(entry.kind, entry.value);
    return again && *again == entry;
  };
  const auto name = wire::parse_directory_name(as_text(payload));
  if (name && *name) HEARTH_ASSERT(normal(**name));
  const auto list = wire::read_directory(signed_payload("hearth/directory/1", payload));
  if (!list) return;
  HEARTH_ASSERT(list->entries.size() <= wire::max_directory_entries);
  for (const auto& entry : list->entries) HEARTH_ASSERT(normal(entry));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView payload(data + 1, size - 1);
  switch (data[0] % 18) {
    case 0:
      (void)wire::read_refund(signed_payload("hearth/refund/1", payload));
      break;
    case 1:
      (void)wire::read_transfer(signed_payload("hearth/transfer/1", payload));
      break;
    case 2:
      announce(as_text(payload));
      break;
    case 3: {
      const auto json = wire::parse_json(payload, 64 * 1024);
      if (json) (void)wire::voucher_from_json(*json);
      break;
    }
    case 4:
      (void)ledger::read_home_opening(signed_payload("hearth/home/1", payload), now);
      break;
    case 5: {
      const auto asked =
          ledger::read_statement_request(signed_payload("hearth/statement/1", payload), now);
      if (asked) HEARTH_ASSERT(asked->limit >= 1 && asked->limit <= 200);
      break;
    }
    case 6:
      (void)ledger::read_torrent_upload(payload, now);
      break;
    case 7:
      (void)ledger::read_offer_upload(payload, escrow());
      break;
    case 8:
      ask_by_address(as_text(payload));
      break;
    case 13:
      (void)wire::read_redemption(signed_payload("hearth/redemption/1", payload));
      break;
    case 14:
      (void)wire::read_exchange(signed_payload("hearth/exchange/1", payload));
      break;
    case 15:
      (void)wire::read_exchanged(signed_payload("hearth/exchanged/1", payload),
                                 signer().public_key());
      break;
    case 16:
      check_purchase(payload);
      break;
    case 17:
      check_directory(payload);
      break;
    default:
      ask_of_mailbox(static_cast<std::uint8_t>(data[0] % 18 - 9), payload);
  }
  return 0;
}
