// docs/protocol-examples.md §2 to §7: the encoders write these very bytes, the decoders read them.
#include "tests/unit/common/protocol_examples.h"

#include <algorithm>
#include <regex>
#include <set>

#include <doctest/doctest.h>

#include "common/wire/directory.h"
#include "common/wire/document_fields.h"
#include "common/wire/gift_documents.h"

namespace hearth::examples {
namespace {

/// "name = value" lines of a block.
std::map<std::string, std::string> values(const std::string& block) {
  std::map<std::string, std::string> out;
  for (const auto& line : lines_of(block)) {
    const std::size_t equals = line.find(" = ");
    REQUIRE_MESSAGE(equals != std::string::npos, line);
    out[line.substr(0, equals)] = line.substr(equals + 3);
  }
  return out;
}

Bytes bytes_of(const std::string& hex) {
  const auto bytes = from_hex(hex);
  REQUIRE_MESSAGE(bytes, hex);
  return *bytes;
}

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const std::string& hex) {
  const Bytes bytes = bytes_of(hex);
  REQUIRE(bytes.size() == N);
  std::array<std::uint8_t, N> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

/// The value, or a failed test that tells the sentence.
template <class T>
T good(Result<T> result) {
  REQUIRE_MESSAGE(result, (result ? "" : result.error().sentence));
  return std::move(*result);
}

const Document& doc() {
  static const Document document = Document::load();
  return document;
}

std::string jws_of_card(const std::string& card) {
  return card.substr(card.find('=') + 1);
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    out.insert((*at)[1]);
  }
  return out;
}

TEST_CASE("every example is what the encoders write, byte for byte") {
  Document document = Document::load();
  const Blocks blocks = all_blocks(World(document));
  if (regenerate()) document.rewrite(blocks);
  std::vector<std::string> names;
  for (const auto& [name, text] : blocks) {
    names.push_back(name);
    CHECK_MESSAGE(document.block(name) == text, name);
  }
  CHECK(document.names() == names);
}

TEST_CASE("the protocol names no document type, order or event without an example") {
  const std::string protocol = read_text("docs/protocol.md");
  std::set<std::string> shown, orders, events;
  for (const auto& name : doc().names()) {
    const std::string text = doc().block(name);
    shown.insert(wire::claimed_jws_type(name == "contact card" ? jws_of_card(text) : text));
  }
  for (const auto& text : lines_of(doc().block("orders"))) {
    orders.insert(good(wire::parse_json(as_bytes(text), 4096)).at("order"));
  }
  for (const auto& text : lines_of(doc().block("events"))) {
    events.insert(good(wire::parse_json(as_bytes(text), 4096)).at("event"));
  }
  const auto types = matches(protocol, std::regex("`(hearth/[a-z-]+/[0-9]+)`"));
  CHECK(types.size() >= 14);
  for (const auto& type : types) CHECK_MESSAGE(shown.contains(type), type);

  const std::size_t order_table = protocol.find("| order | fields |");
  const std::size_t event_table = protocol.find("| event | fields |");
  const std::size_t end = protocol.find("**Stream connection**");
  REQUIRE((order_table < event_table && event_table < end && end != std::string::npos));
  const auto named = [&](std::size_t from, std::size_t to) {
    std::set<std::string> out;
    for (const auto& line : lines_of(protocol.substr(from, to - from))) {
      const std::string cell = line.substr(0, line.find(" | "));
      if (cell.starts_with("| `")) out.merge(matches(cell, std::regex("`([a-z_]+)`")));
    }
    return out;
  };
  CHECK(named(order_table, event_table) == orders);
  CHECK(named(event_table, end) == events);
}

TEST_CASE("signed examples verify, and their payloads are shown as they are") {
  int seen = 0;
  for (const auto& name : doc().names()) {
    const std::string shown = doc().block(name + " payload");
    if (shown.empty()) continue;
    const std::string text = doc().block(name);
    const std::string jws = name == "contact card" ? jws_of_card(text) : text;
    const auto verified = good(wire::verify_jws(jws, wire::claimed_jws_type(jws)));
    CHECK_MESSAGE(verified.payload == good(wire::parse_json(as_bytes(shown), wire::max_jws)), name);
    ++seen;
  }
  CHECK(seen >= 16);
}

TEST_CASE("§2: the keys follow from the printed seed") {
  const auto keys = values(doc().block("keys of a home"));
  const crypto::Seed seed(fixed<32>(keys.at("wallet seed")));
  CHECK(keys.at("wallet seed").starts_with("000102030405"));
  const identity::HomeKeys home(seed);
  CHECK(keys.at("identity, public key") == to_hex(home.identity().public_key()));
  CHECK(keys.at("encryption, public key") == to_hex(home.encryption().public_key()));
  CHECK(keys.at("mailbox, public key") == to_hex(home.mailbox().public_key()));
  CHECK(good(identity::parse_home_address(keys.at("home address"))) == home.address());
  CHECK(good(identity::parse_home_address(keys.at("home address, grouped"))) == home.address());

  // Written out with nothing but HKDF: label, then the index as u64 big-endian.
  const auto hkdf = [](const Bytes& parent, const std::string& label, char index) {
    const std::string info = label + std::string(7, '\0') + index;
    return crypto::hkdf_sha256(parent, as_bytes("hearth"), info, 32);
  };
  const Bytes wallet = bytes_of(keys.at("wallet seed"));
  const auto half = [](Bytes key) { return to_hex(ByteView(key).first(16)); };
  CHECK(keys.at("identity, Ed25519 seed") == to_hex(hkdf(wallet, "home identity", 0)));
  CHECK(keys.at("encryption, X25519 secret") == to_hex(hkdf(wallet, "home encryption", 0)));
  CHECK(keys.at("mailbox, Ed25519 seed") == to_hex(hkdf(wallet, "mailbox", 0)));
  CHECK(keys.at("drop token 0") == to_hex(hkdf(wallet, "drop token", 0)));
  CHECK(keys.at("device id") == half(hkdf(wallet, "device", 0)));
  const Bytes purchase = hkdf(wallet, "purchase", 0);
  CHECK(keys.at("purchase 0, P") == to_hex(purchase));
  CHECK(keys.at("purchase 0, request id") == half(hkdf(purchase, "request id", 0)));
  const Bytes one_time = hkdf(purchase, "voucher key", 0);
  CHECK(keys.at("voucher 0, one-time Ed25519 seed") == to_hex(one_time));
  Bytes wide = hkdf(purchase, "voucher blind", 0);
  append(wide, hkdf(purchase, "voucher blind", 1));
  const auto blind = crypto::poprf::scalar_from_uniform(fixed<64>(to_hex(wide)));
  CHECK(keys.at("voucher 0, blind") == to_hex(blind.view()));
  CHECK(keys.at("redemption, X25519 secret") == to_hex(hkdf(one_time, "access recipient", 0)));
}

TEST_CASE("§3: the title opens, and its access key makes it an age file") {
  const auto title = values(doc().block("title"));
  const auto keys = values(doc().block("keys of a home"));
  const Bytes plain = bytes_of(title.at("plaintext"));
  const Bytes payload = bytes_of(title.at("nonce and payload"));
  const crypto::age::FileKey file_key(fixed<16>(title.at("file key")));
  CHECK(title.at("nonce and payload").starts_with(title.at("nonce")));
  CHECK(payload.size() == crypto::age::payload_size(plain.size()));

  Bytes opened;
  crypto::age::Decryptor decryptor(
      file_key,
      [&](ByteView bytes) -> Result<void> {
        append(opened, bytes);
        return {};
      },
      plain.size());
  REQUIRE(decryptor.push(payload));
  REQUIRE(decryptor.finish());
  CHECK(opened == plain);

  const auto recipient =
      crypto::BoxKey::from_seed(crypto::Seed(fixed<32>(keys.at("redemption, X25519 secret"))));
  Bytes file = to_bytes(as_bytes(doc().block("access key") + "\n"));
  const auto header = good(crypto::age::open_header(file, recipient));
  CHECK(to_hex(header.key.view()) == title.at("file key"));
  append(file, payload);
  CHECK(good(crypto::age::open_file(file, recipient)) == plain);
}

TEST_CASE("§3: the torrent is of the payload, and the manifest names it") {
  const auto torrent = values(doc().block("torrent"));
  const Bytes info = bytes_of(torrent.at("info dictionary"));
  const Bytes sha1 = crypto::Hasher(crypto::Hasher::Kind::sha1).update(info).finish();
  CHECK(torrent.at("v1 info-hash") == to_hex(sha1));
  CHECK(torrent.at("v2 info-hash, title id") == to_hex(crypto::sha256(info)));
  CHECK(torrent.at("torrent file").find(torrent.at("info dictionary")) != std::string::npos);
  const Bytes payload = bytes_of(values(doc().block("title")).at("nonce and payload"));
  const Bytes piece = crypto::Hasher(crypto::Hasher::Kind::sha1).update(payload).finish();
  CHECK(torrent.at("info dictionary").find(to_hex(piece)) != std::string::npos);
  CHECK(torrent.at("info dictionary").find(to_hex(crypto::sha256(payload))) != std::string::npos);
  const auto manifest = good(wire::read_manifest(doc().block("manifest")));
  CHECK(to_hex(manifest.info_hash) == torrent.at("v1 info-hash"));
  CHECK(to_hex(manifest.title) == torrent.at("v2 info-hash, title id"));
}

TEST_CASE("§4: cards") {
  const auto cast = values(doc().block("cast"));
  const auto card = good(identity::parse_ledger_card(doc().block("ledger card")));
  CHECK(to_hex(card.key) == cast.at("ledger, Ed25519 public key"));
  CHECK(to_hex(card.poprf_key) == cast.at("ledger, POPRF public key of epoch 1"));
  CHECK(card.epoch == 1);
  CHECK(to_hex(card.pin) == cast.at("ledger, SHA-256 of its SubjectPublicKeyInfo"));
  CHECK(card.text() == doc().block("ledger card"));

  const auto keys = values(doc().block("keys of a home"));
  const auto contact = good(identity::parse_contact_card(doc().block("contact card")));
  CHECK(contact.home.text() == keys.at("home address"));
  CHECK(to_hex(contact.encryption) == keys.at("encryption, public key"));
  CHECK(to_hex(contact.mailbox) == keys.at("mailbox, public key"));
  CHECK(to_hex(contact.drop_token) == keys.at("drop token 0"));
  CHECK(contact.ledger_key == card.key);
  CHECK(contact.ledger_url == card.url);
}

TEST_CASE("§5: manifest and offer") {
  const auto manifest = good(wire::read_manifest(doc().block("manifest")));
  const auto offer = good(wire::read_offer(doc().block("offer")));
  CHECK(offer.manifest_jws == doc().block("manifest"));
  CHECK(offer.seller() == manifest.home);
  CHECK(manifest.home.text() == values(doc().block("cast")).at("seller, home address"));
  CHECK(money::format(offer.price) == "3.50 EUR");
  CHECK(to_hex(offer.id) == doc().block("offer id"));
  CHECK(doc().block("offer id") == to_hex(crypto::sha256(as_bytes(doc().block("offer")))));
}

struct Purchase {
  crypto::SignPublicKey ledger =
      fixed<32>(values(doc().block("cast")).at("ledger, Ed25519 public key"));
  wire::LedgerKeys keys = good(wire::read_ledger_keys(doc().block("ledger keys"), ledger));
  wire::PurchaseRequest request = good(wire::read_purchase(doc().block("purchase")));
  wire::Receipt receipt = good(wire::read_receipt(doc().block("receipt"), ledger));
  wire::Voucher voucher =
      good(wire::voucher_from_json(good(wire::parse_json(as_bytes(doc().block("voucher")), 4096))));
  std::map<std::string, std::string> parts = values(doc().block("voucher parts"));
};

TEST_CASE("§6: keys, purchase and receipt belong together, and make the voucher") {
  const Purchase p;
  const auto keys = values(doc().block("keys of a home"));
  CHECK(p.keys.epochs.size() == 2);
  CHECK(p.keys.epochs.front().poprf_key ==
        good(identity::parse_ledger_card(doc().block("ledger card"))).poprf_key);
  CHECK(to_hex(p.request.request_id) == keys.at("purchase 0, request id"));
  CHECK(to_hex(p.request.device) == keys.at("device id"));
  CHECK(p.request.billing_account == "wallet/" + keys.at("home address") + "/EUR");
  CHECK(to_hex(p.request.offer) == doc().block("offer id"));
  CHECK(p.receipt.request_hash == crypto::sha256(as_bytes(doc().block("purchase"))));
  CHECK(p.receipt.request_id == p.request.request_id);
  CHECK(p.receipt.paid == p.request.price);

  const Bytes info = bytes_of(p.parts.at("public info"));
  const Bytes input = bytes_of(p.parts.at("private input"));
  CHECK(as_text(info).starts_with("hearth access v1"));
  CHECK(info == wire::access_info(p.request.offer, p.request.epoch));
  const crypto::poprf::Element current = p.keys.epochs.back().poprf_key;
  const crypto::poprf::Scalar scalar(fixed<32>(keys.at("voucher 0, blind")));
  const auto blinded = good(crypto::poprf::blind(input, info, current, scalar));
  CHECK(blinded.blinded_element == p.request.blinded.at(0));
  CHECK(to_hex(blinded.tweaked_key) == p.parts.at("tweaked key"));
  const auto tokens = good(crypto::poprf::finalize({input}, {blinded}, p.receipt.evaluated,
                                                   p.receipt.proof, info, current));
  CHECK(to_hex(tokens.at(0)) == p.parts.at("token"));
  CHECK(tokens.at(0) == p.voucher.token);
}

TEST_CASE("§6: the ledger evaluates the redeemed voucher to the same token") {
  const Purchase p;
  const auto keys = values(doc().block("keys of a home"));
  const auto cast = values(doc().block("cast"));
  const auto redemption = good(wire::read_redemption(doc().block("redemption")));
  CHECK(to_hex(redemption.one_time_key) == keys.at("voucher 0, one-time public key"));
  CHECK(to_hex(redemption.recipient) == keys.at("redemption, public key"));
  CHECK(redemption.token == p.voucher.token);
  const auto input = wire::voucher_input(redemption.one_time_key);
  CHECK(to_hex(input) == p.parts.at("private input"));
  const auto pair = crypto::poprf::derive_key_pair(
      crypto::Seed(fixed<32>(cast.at("ledger, POPRF seed of epoch 2"))), {});
  CHECK(pair.public_key == p.keys.epochs.back().poprf_key);
  const Bytes info = wire::access_info(redemption.offer, redemption.epoch);
  CHECK(good(crypto::poprf::evaluate(pair, input, info)) == redemption.token);

  const auto answer = good(wire::parse_json(as_bytes(doc().block("redemption answer")), 64 * 1024));
  wire::Fields fields(answer, "redemption answer");
  CHECK(as_text(fields.base64url("access_key", crypto::age::max_header)) ==
        doc().block("access key") + "\n");
  CHECK(fields.integer("journal_index", 1, 100) == 7);
  CHECK(fields.ok());
}

TEST_CASE("§6: a refund of that voucher, and a transfer of its buyer") {
  const Purchase p;
  const auto refund = good(wire::read_refund(doc().block("refund")));
  const auto redemption = good(wire::read_redemption(doc().block("redemption")));
  CHECK(refund.one_time_key == redemption.one_time_key);
  CHECK(refund.token == p.voucher.token);
  CHECK(refund.account == p.request.billing_account);
  const auto refunded = good(wire::parse_json(as_bytes(doc().block("refund answer")), 64 * 1024));
  CHECK(refunded.at("refunded") == wire::money_to_json(p.request.price));

  const auto transfer = good(wire::read_transfer(doc().block("transfer")));
  CHECK(transfer.home == p.request.home);
  CHECK(transfer.to_pocket == 3);
  const auto left = good(wire::parse_json(as_bytes(doc().block("transfer answer")), 64 * 1024));
  CHECK(left.at("balance_after").at("minor") ==
        p.receipt.balance_after.minor - transfer.amount.minor);
}

TEST_CASE("§6: the receiver exchanges that voucher for one that its giver does not know") {
  const Purchase p;
  const auto request = good(wire::read_exchange(doc().block("exchange")));
  CHECK(request.token == p.voucher.token);
  const auto answer = good(wire::read_exchanged(doc().block("exchange answer"), p.ledger));
  CHECK(answer.request_id == request.request_id);
  CHECK(answer.request_hash == crypto::sha256(as_bytes(doc().block("exchange"))));

  const crypto::Seed seed(fixed<32>(values(doc().block("cast")).at("receiver, wallet seed")));
  const auto x = crypto::derive(seed, "exchange", 0);
  const auto key = crypto::SignKey::from_seed(crypto::derive(x, "voucher key", 0));
  std::array<std::uint8_t, 64> wide{};
  std::copy_n(crypto::derive(x, "voucher blind", 0).data(), 32, wide.begin());
  std::copy_n(crypto::derive(x, "voucher blind", 1).data(), 32, wide.begin() + 32);
  const auto input = wire::voucher_input(key.public_key());
  const Bytes info = wire::access_info(answer.offer, answer.epoch);
  const auto& epoch_key = p.keys.epochs.back().poprf_key;
  const auto blinded =
      good(crypto::poprf::blind(input, info, epoch_key, crypto::poprf::scalar_from_uniform(wide)));
  CHECK(blinded.blinded_element == request.blinded);
  const auto tokens = good(crypto::poprf::finalize({to_bytes(input)}, {blinded}, {answer.evaluated},
                                                   answer.proof, info, epoch_key));
  CHECK(tokens.front() != p.voucher.token);
}

TEST_CASE("§6, §7: who can be found, who asks, and who wishes") {
  const auto list = good(wire::read_directory(doc().block("directory list")));
  CHECK(list.entries.size() == 3);
  CHECK(list.card == doc().block("contact card"));
  const auto cast = values(doc().block("cast"));
  const identity::HomeKeys to(crypto::Seed(fixed<32>(cast.at("receiver, wallet seed"))));
  const auto opened = [&](const char* block) {
    const Bytes sealed =
        crypto::age::seal_file(as_bytes(doc().block(block)), {to.encryption().public_key()});
    return good(wire::open_drop(sealed, to.encryption(), to.address()));
  };
  const auto asked = opened("hello");
  REQUIRE(asked.hello);
  CHECK(asked.hello->state == wire::Hello::State::ask);
  const auto wished = opened("wish");
  REQUIRE(wished.wish);
  CHECK(to_hex(wished.wish->offer) == doc().block("offer id"));
}

TEST_CASE("§7: a channel is asked for, and shown") {
  const auto cast = values(doc().block("cast"));
  const identity::HomeKeys seller(crypto::Seed(fixed<32>(cast.at("seller, wallet seed"))));
  const identity::HomeKeys receiver(crypto::Seed(fixed<32>(cast.at("receiver, wallet seed"))));
  const auto opened = [](const char* block, const identity::HomeKeys& to) {
    const Bytes sealed =
        crypto::age::seal_file(as_bytes(doc().block(block)), {to.encryption().public_key()});
    return good(wire::open_drop(sealed, to.encryption(), to.address()));
  };
  const auto asks = opened("word about a channel", seller);
  REQUIRE(asks.word);
  CHECK(asks.from == receiver.address());
  const auto shows = opened("shared channel", receiver);
  REQUIRE(shows.share);
  CHECK(shows.from == seller.address());
  CHECK(shows.share->wish == asks.word->id);
}

TEST_CASE("§7: gifts and their answers open as drops") {
  const auto cast = values(doc().block("cast"));
  const identity::HomeKeys sender(crypto::Seed(fixed<32>(cast.at("buyer, wallet seed"))));
  const identity::HomeKeys receiver(crypto::Seed(fixed<32>(cast.at("receiver, wallet seed"))));
  const auto opened = [](const std::string& jws, const identity::HomeKeys& to) {
    const Bytes sealed = crypto::age::seal_file(as_bytes(jws), {to.encryption().public_key()});
    return good(wire::open_drop(sealed, to.encryption(), to.address()));
  };
  const auto drop = opened(doc().block("gift"), receiver);
  REQUIRE(drop.gift);
  CHECK(drop.from == sender.address());
  CHECK(drop.gift->offer_jws == doc().block("offer"));
  CHECK(drop.gift->from_card == doc().block("contact card"));
  REQUIRE(drop.gift->voucher);
  CHECK(wire::voucher_to_json(*drop.gift->voucher).dump() == doc().block("voucher"));

  const auto own = opened(doc().block("private gift"), receiver);
  REQUIRE((own.gift && own.gift->file_key));
  CHECK(own.gift->manifest_jws == doc().block("manifest"));
  CHECK(to_hex(own.gift->file_key->view()) == values(doc().block("title")).at("file key"));

  const auto accepted = opened(doc().block("gift answer accepted"), sender);
  REQUIRE(accepted.answer);
  CHECK(accepted.from == receiver.address());
  CHECK(accepted.answer->id == drop.gift->id);
  CHECK(accepted.answer->state == wire::GiftAnswer::State::accepted);
  const auto declined = opened(doc().block("gift answer declined"), sender);
  REQUIRE((declined.answer && declined.answer->voucher));
  CHECK(declined.answer->state == wire::GiftAnswer::State::declined);

  const auto stored = from_base64url(doc().block("drop"));
  REQUIRE(stored);
  const auto plain = good(crypto::age::open_file(*stored, sender.encryption()));
  CHECK(as_text(plain) == doc().block("gift answer accepted"));
  const auto read = good(wire::open_drop(*stored, sender.encryption(), sender.address()));
  CHECK((read.answer && read.answer->id == drop.gift->id));
}

}  // namespace
}  // namespace hearth::examples
