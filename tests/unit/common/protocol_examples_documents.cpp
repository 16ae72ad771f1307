// The blocks of §2 to §7: keys, titles, cards and signed documents.
#include <doctest/doctest.h>

#include "common/wire/directory.h"
#include "common/wire/document_fields.h"
#include "tests/unit/common/protocol_examples.h"

namespace hearth::examples {
namespace {

/// "name = value" lines.
std::string lines(const Blocks& values) {
  std::string out;
  for (const auto& [name, value] : values) out += (out.empty() ? "" : "\n") + name + " = " + value;
  return out;
}

std::string hex(const crypto::Seed& seed) {
  return to_hex(seed.view());
}

std::string cast(const World& w) {
  return lines({{"buyer, wallet seed", hex(w.buyer_seed)},
                {"buyer, home address", w.buyer.address().text()},
                {"seller, wallet seed", hex(w.seller_seed)},
                {"seller, home address", w.seller.address().text()},
                {"receiver, wallet seed", hex(w.receiver_seed)},
                {"receiver, home address", w.receiver.address().text()},
                {"ledger, Ed25519 seed", hex(w.ledger.seed())},
                {"ledger, Ed25519 public key", to_hex(w.ledger.public_key())},
                {"ledger, escrow X25519 secret", to_hex(w.escrow.secret())},
                {"ledger, escrow X25519 public key", to_hex(w.escrow.public_key())},
                {"ledger, POPRF seed of epoch 1", to_hex(counting<32>(0xa0))},
                {"ledger, POPRF public key of epoch 1", to_hex(w.poprf1.public_key)},
                {"ledger, POPRF seed of epoch 2", to_hex(counting<32>(0xc0))},
                {"ledger, POPRF public key of epoch 2", to_hex(w.poprf2.public_key)},
                {"ledger, Ed25519 seed of the TLS certificate", hex(w.tls.seed())},
                {"ledger, SHA-256 of its SubjectPublicKeyInfo", to_hex(w.tls_pin())}});
}

std::string derivations(const World& w) {
  const crypto::Seed& seed = w.buyer_seed;
  const auto identity = crypto::derive(seed, "home identity", 0);
  const auto encryption = crypto::derive(seed, "home encryption", 0);
  const auto mailbox = crypto::derive(seed, "mailbox", 0);
  return lines(
      {{"wallet seed", hex(seed)},
       {"identity, Ed25519 seed", hex(identity)},
       {"identity, public key", to_hex(crypto::SignKey::from_seed(identity).public_key())},
       {"home address", w.buyer.address().text()},
       {"home address, grouped", w.buyer.address().grouped()},
       {"encryption, X25519 secret", hex(encryption)},
       {"encryption, public key", to_hex(crypto::BoxKey::from_seed(encryption).public_key())},
       {"mailbox, Ed25519 seed", hex(mailbox)},
       {"mailbox, public key", to_hex(crypto::SignKey::from_seed(mailbox).public_key())},
       {"drop token 0", to_hex(w.drop_token)},
       {"device id", to_hex(first_bytes<16>(crypto::derive(seed, "device", 0)))},
       {"purchase 0, P", hex(w.purchase)},
       {"purchase 0, request id",
        to_hex(first_bytes<16>(crypto::derive(w.purchase, "request id", 0)))},
       {"voucher 0, one-time Ed25519 seed", hex(w.one_time_seed)},
       {"voucher 0, one-time public key", to_hex(w.one_time.public_key())},
       {"voucher 0, blind", to_hex(w.blind.view())},
       {"redemption, X25519 secret", to_hex(w.recipient.secret())},
       {"redemption, public key", to_hex(w.recipient.public_key())}});
}

std::string voucher_parts(const World& w) {
  return lines({{"public info", to_hex(wire::access_info(w.offer.id, w.epoch))},
                {"private input", to_hex(wire::voucher_input(w.one_time.public_key()))},
                {"blinded element", to_hex(w.blinded.blinded_element)},
                {"tweaked key", to_hex(w.blinded.tweaked_key)},
                {"token", to_hex(w.voucher.token)}});
}

std::string without_last_line_feed(ByteView text) {
  return std::string(as_text(text.first(text.size() - 1)));
}

/// Instead of the redemption: the voucher's price back. And 5 EUR into the buyer's pocket 3.
void add_account_requests(Blocks& out, const World& w) {
  const wire::Json price = wire::money_to_json(w.offer.price);
  add_jws(out, "refund", wire::write_refund(w.voucher, w.account()));
  out.emplace_back("refund answer", wire::Json{{"refunded", price}, {"journal_index", 7}}.dump());
  const wire::TransferRequest transfer{.request_id = counting<16>(0xa0),
                                       .home = w.buyer.address(),
                                       .from_pocket = 0,
                                       .to_pocket = 3,
                                       .amount = money::parse("5.00 EUR").value(),
                                       .issued_ms = w.now + 4'000};
  add_jws(out, "transfer", wire::write_transfer(transfer, w.buyer.identity()));
  const wire::Json left = wire::money_to_json(money::parse("11.50 EUR").value());
  out.emplace_back("transfer answer",
                   wire::Json{{"journal_index", 8}, {"balance_after", left}}.dump());
}

std::string directory_list(const World& w) {
  return wire::write_directory({.home = w.buyer.address(),
                                .entries = {{wire::DirectoryKind::ip, "192.0.2.7"},
                                            {wire::DirectoryKind::mac, "0053001a2b3c"},
                                            {wire::DirectoryKind::esn, "TV-0815"}},
                                .card = w.contact_card(w.buyer, "Anna & Ben"),
                                .issued_ms = w.now + 5'000},
                               w.buyer.identity());
}

}  // namespace

std::string packed(const wire::Json& object) {
  constexpr std::size_t width = 150;
  std::string out = "{";
  std::size_t line_begin = 0;
  for (const auto& [name, value] : object.items()) {
    const std::string member = wire::Json(name).dump() + ":" + value.dump();
    if (out.size() > 1) {
      out += ",";
      const bool full = out.size() - line_begin + member.size() > width;
      if (full) line_begin = out.size() + 1;
      out += full ? "\n " : "";
    }
    out += member;
  }
  return out + "}";
}

void add_jws(Blocks& blocks, const std::string& name, const std::string& jws) {
  const auto verified = wire::verify_jws(jws, wire::claimed_jws_type(jws));
  REQUIRE_MESSAGE(verified, name);
  blocks.emplace_back(name, jws);
  blocks.emplace_back(name + " payload", packed(verified->payload));
}

Blocks document_blocks(const World& w) {
  Blocks out;
  out.emplace_back("cast", cast(w));
  out.emplace_back("keys of a home", derivations(w));
  out.emplace_back("title", lines({{"plaintext", to_hex(as_bytes(w.plaintext))},
                                   {"file key", to_hex(w.file_key.view())},
                                   {"nonce", to_hex(w.nonce)},
                                   {"nonce and payload", to_hex(w.payload)}}));
  out.emplace_back("access key", without_last_line_feed(w.access_key));
  out.emplace_back("torrent", lines({{"info dictionary", to_hex(w.info_dictionary)},
                                     {"v1 info-hash", to_hex(w.offer.manifest.info_hash)},
                                     {"v2 info-hash, title id", to_hex(w.offer.manifest.title)},
                                     {"torrent file", to_hex(w.torrent)}}));

  out.emplace_back("ledger card", w.ledger_card().text());
  const std::string card = w.contact_card(w.buyer, "Anna & Ben");
  out.emplace_back("contact card", card);
  const auto jws = wire::verify_jws(card.substr(card.find('=') + 1), "hearth/contact/1");
  REQUIRE(jws);
  out.emplace_back("contact card payload", packed(jws->payload));

  add_jws(out, "manifest", w.manifest);
  add_jws(out, "offer", w.offer_jws);
  out.emplace_back("offer id", to_hex(w.offer.id));
  add_jws(out, "ledger keys", w.keys);
  add_jws(out, "purchase", w.purchase_jws);
  add_jws(out, "receipt", w.receipt);
  out.emplace_back("voucher parts", voucher_parts(w));
  out.emplace_back("voucher", wire::voucher_to_json(w.voucher).dump());
  add_jws(out, "redemption", w.redemption);
  const wire::Json answer = {{"access_key", to_base64url(w.access_key)}, {"journal_index", 7}};
  out.emplace_back("redemption answer", answer.dump());
  add_account_requests(out, w);
  add_jws(out, "exchange", w.exchange);
  add_jws(out, "exchange answer", w.exchanged);
  add_jws(out, "directory list", directory_list(w));

  add_jws(out, "gift", std::string(as_text(w.gift)));
  add_jws(out, "private gift", std::string(as_text(w.private_gift)));
  add_jws(out, "gift answer accepted", std::string(as_text(w.accepted)));
  add_jws(out, "gift answer declined", std::string(as_text(w.declined)));
  add_jws(out, "hello", std::string(as_text(w.hello)));
  add_jws(out, "wish", std::string(as_text(w.wish)));
  out.emplace_back("drop", to_base64url(w.drop));
  return out;
}

Blocks all_blocks(const World& world) {
  Blocks out = document_blocks(world);
  for (auto& block : message_blocks(world)) out.push_back(std::move(block));
  for (auto& block : channel_blocks(world)) out.push_back(std::move(block));
  return out;
}

}  // namespace hearth::examples
