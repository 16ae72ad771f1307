#include <cstdlib>
#include <sstream>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/wire/gift_documents.h"
#include "tests/unit/common/protocol_examples.h"

namespace hearth::examples {
namespace {

constexpr const char* examples_file = "docs/protocol-examples.md";
constexpr std::string_view mark_begin = "<!-- example: ", mark_end = " -->";
const std::string fence = "```", jws_fence = "```jws", payload_suffix = " payload";

std::string path_of(const std::string& path_in_tree) {
  return std::string(HEARTH_SOURCE_DIR) + "/" + path_in_tree;
}

/// The name on a line `<!-- example: NAME -->`, or empty.
std::string marked_name(const std::string& line) {
  if (!line.starts_with(mark_begin) || !line.ends_with(mark_end)) return {};
  return line.substr(mark_begin.size(), line.size() - mark_begin.size() - mark_end.size());
}

std::string bencoded(std::string_view text) {
  return std::to_string(text.size()) + ":" + std::string(text);
}
std::string bencoded(std::uint64_t number) {
  return "i" + std::to_string(number) + "e";
}

/// The info dictionary of a hybrid torrent (BEP 3, BEP 52) of one file smaller than a block.
std::string info_of(const std::string& name, ByteView file, std::uint32_t piece_length) {
  const Bytes sha1 = crypto::Hasher(crypto::Hasher::Kind::sha1).update(file).finish();
  const auto root = crypto::sha256(file);
  const std::string leaf = "d" + bencoded("length") + bencoded(file.size()) +
                           bencoded("pieces root") + bencoded(as_text(root)) + "e";
  const std::string tree = "d" + bencoded(name) + "d" + bencoded("") + leaf + "ee";
  return "d" + bencoded("file tree") + tree + bencoded("length") + bencoded(file.size()) +
         bencoded("meta version") + bencoded(std::uint64_t{2}) + bencoded("name") + bencoded(name) +
         bencoded("piece length") + bencoded(std::uint64_t{piece_length}) + bencoded("pieces") +
         bencoded(as_text(sha1)) + "e";
}

/// The JWS inside a drop that was sealed for `to`.
Bytes unsealed(const Result<Bytes>& sealed, const crypto::BoxKey& to) {
  REQUIRE_MESSAGE(sealed, (sealed ? "" : sealed.error().sentence));
  auto plain = crypto::age::open_file(*sealed, to);
  REQUIRE(plain);
  return std::move(*plain);
}

bool header_holds(ByteView header, const crypto::BoxKey& identity,
                  const crypto::age::FileKey& key) {
  const auto opened = crypto::age::open_header(header, identity);
  return opened && opened->size == header.size() && crypto::equal(opened->key.view(), key.view());
}

}  // namespace

bool regenerate() {
  const char* wanted = std::getenv("HEARTH_REGENERATE_EXAMPLES");
  return wanted != nullptr && std::string(wanted) == "1";
}

std::string read_text(const std::string& path_in_tree) {
  const auto bytes = read_file(path_of(path_in_tree), 1024 * 1024);
  REQUIRE_MESSAGE(bytes, path_in_tree);
  return std::string(as_text(*bytes));
}

void Document::take(const std::string& name, const std::string& text) {
  REQUIRE_MESSAGE(blocks_.emplace(name, text).second, name, " stands there twice");
  names_.push_back(name);
}

Document Document::load() {
  Document out;
  std::istringstream in(read_text(examples_file));
  for (std::string line; std::getline(in, line);) {
    const std::string name = marked_name(line);
    if (name.empty()) continue;
    REQUIRE_MESSAGE((std::getline(in, line) && line.starts_with(fence)), name, " has no block");
    const bool is_jws = line == jws_fence;
    std::string text;
    while (std::getline(in, line) && line != fence) text += (text.empty() ? "" : "\n") + line;
    REQUIRE_MESSAGE(line == fence, name, " does not end");
    const std::size_t first = is_jws ? text.find('\n') : std::string::npos;
    out.take(name, text.substr(0, first));
    if (is_jws)
      out.take(name + payload_suffix, first == std::string::npos ? "" : text.substr(first + 1));
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& block) {
  std::vector<std::string> out;
  std::istringstream in(block);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string Document::block(const std::string& name) const {
  const auto found = blocks_.find(name);
  return found == blocks_.end() ? std::string() : found->second;
}

void Document::rewrite(const Blocks& blocks) {
  const std::map<std::string, std::string> wanted(blocks.begin(), blocks.end());
  std::istringstream in(read_text(examples_file));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    out += line + "\n";
    const std::string name = marked_name(line);
    if (!wanted.contains(name)) continue;
    std::getline(in, line);
    out += line + "\n" + wanted.at(name) + "\n";
    if (line == jws_fence) out += wanted.at(name + payload_suffix) + "\n";
    out += fence + "\n";
    while (std::getline(in, line) && line != fence) {
    }
  }
  const auto written = write_file_atomic(path_of(examples_file), as_bytes(out), 0644);
  REQUIRE(written);
  *this = load();
}

World::World(const Document& document)
    : one_time(crypto::SignKey::from_seed(buyer_seed)),
      recipient(escrow),
      offer{{}, {}, {}, {}, money::parse("3.50 EUR").value(), {}, 0} {
  derive_keys();
  publish();
  buy();
  give();
  exchange_voucher();
  befriend();
  take_sealed(document);
}

void World::derive_keys() {
  purchase = crypto::derive(buyer_seed, "purchase", 0);
  one_time_seed = crypto::derive(purchase, "voucher key", 0);
  one_time = crypto::SignKey::from_seed(one_time_seed);
  const auto low = crypto::derive(purchase, "voucher blind", 0);
  const auto high = crypto::derive(purchase, "voucher blind", 1);
  std::array<std::uint8_t, 64> wide{};
  for (std::size_t i = 0; i < 64; ++i) wide[i] = i < 32 ? low.data()[i] : high.data()[i - 32];
  blind = crypto::poprf::scalar_from_uniform(wide);
  recipient = crypto::BoxKey::from_seed(crypto::derive(one_time_seed, "access recipient", 0));
  drop_token = first_bytes<32>(crypto::derive(buyer_seed, "drop token", 0));
}

void World::publish() {
  crypto::age::Encryptor encryptor(file_key, nonce, [&](ByteView bytes) -> Result<void> {
    append(payload, bytes);
    return {};
  });
  REQUIRE(encryptor.push(as_bytes(plaintext)));
  REQUIRE(encryptor.finish());

  wire::Manifest out;
  out.piece_length = 256 * 1024;
  const std::string info = info_of(torrent_name, payload, out.piece_length);
  info_dictionary = to_bytes(as_bytes(info));
  torrent =
      to_bytes(as_bytes("d" + bencoded("info") + info + bencoded("piece layers") + "de" + "e"));
  out.home = seller.address();
  out.name = "Postcard from the lake";
  out.kind = wire::Kind::data;
  out.media_type = "text/plain";
  out.title = crypto::sha256(info_dictionary);
  const Bytes sha1 = crypto::Hasher(crypto::Hasher::Kind::sha1).update(info_dictionary).finish();
  std::copy(sha1.begin(), sha1.end(), out.info_hash.begin());
  out.size = plaintext.size();
  out.issued_ms = now;
  manifest = wire::write_manifest(out, seller.identity());
  auto written = wire::write_offer(manifest, offer.price, {}, now + 1'000, seller.identity());
  REQUIRE(written);
  offer = std::move(*written);
  offer_jws = offer.jws;
}

void World::buy() {
  keys = wire::write_ledger_keys({.epochs = {{1, poprf1.public_key, now - 86'400'000},
                                             {2, poprf2.public_key, now - 3'600'000}},
                                  .escrow = escrow.public_key(),
                                  .currencies = {"EUR", "JPY"},
                                  .tracker_url = "http://ledger.example:6969/announce"},
                                 ledger);
  const Bytes info = wire::access_info(offer.id, epoch);
  const auto input = wire::voucher_input(one_time.public_key());
  const auto blinding = crypto::poprf::blind(input, info, poprf2.public_key, blind);
  REQUIRE(blinding);
  blinded = *blinding;
  const wire::PurchaseRequest request{
      .request_id = first_bytes<16>(crypto::derive(purchase, "request id", 0)),
      .home = buyer.address(),
      .offer = offer.id,
      .epoch = epoch,
      .price = offer.price,
      .terms = offer.terms,
      .billing_account = account(),
      .device = first_bytes<16>(crypto::derive(buyer_seed, "device", 0)),
      .blinded = {blinded.blinded_element},
      .issued_ms = now + 2'000};
  purchase_jws = wire::write_purchase(request, buyer.identity());

  const auto evaluated =
      crypto::poprf::blind_evaluate(poprf2, {blinded.blinded_element}, info, proof_random);
  REQUIRE(evaluated);
  receipt = wire::write_receipt({.request_id = request.request_id,
                                 .request_hash = crypto::sha256(as_bytes(purchase_jws)),
                                 .journal_index = 6,
                                 .offer = offer.id,
                                 .epoch = epoch,
                                 .paid = offer.price,
                                 .balance_after = money::parse("16.50 EUR").value(),
                                 .evaluated = evaluated->elements,
                                 .proof = evaluated->proof,
                                 .at_ms = now + 2'050},
                                ledger);
  const auto tokens = crypto::poprf::finalize({to_bytes(input)}, {blinded}, evaluated->elements,
                                              evaluated->proof, info, poprf2.public_key);
  REQUIRE(tokens);
  voucher = {offer.id, epoch, one_time_seed, tokens->front()};
  redemption = wire::write_redemption(voucher, recipient.public_key());
}

void World::give() {
  wire::Gift out;
  out.id = gift_id;
  out.to = receiver.address();
  out.from_card = contact_card(buyer, "Anna & Ben");
  out.note = "For Saturday.\nLove, B";
  out.offer_jws = offer_jws;
  out.voucher = voucher;
  out.sent_ms = now + 3'000;
  const auto to = receiver.encryption();
  gift = unsealed(wire::seal_gift(out, buyer.identity(), to.public_key()), to);

  out.from_card = contact_card(seller, "The boathouse");
  out.offer_jws.clear();
  out.voucher.reset();
  out.manifest_jws = manifest;
  out.file_key = file_key;
  private_gift = unsealed(wire::seal_gift(out, seller.identity(), to.public_key()), to);

  wire::GiftAnswer answer;
  answer.id = gift_id;
  answer.to = buyer.address();
  answer.state = wire::GiftAnswer::State::accepted;
  answer.at_ms = now + 4'000;
  const auto back = buyer.encryption();
  accepted = unsealed(wire::seal_gift_answer(answer, receiver.identity(), back.public_key()), back);
  answer.state = wire::GiftAnswer::State::declined;
  answer.reason = "We have it already.";
  answer.voucher = voucher;
  declined = unsealed(wire::seal_gift_answer(answer, receiver.identity(), back.public_key()), back);
}

void World::exchange_voucher() {
  const auto seed = crypto::derive(receiver_seed, "exchange", 0);
  const auto key = crypto::SignKey::from_seed(crypto::derive(seed, "voucher key", 0));
  std::array<std::uint8_t, 64> wide{};
  for (int half = 0; half < 2; ++half) {
    const auto part = crypto::derive(seed, "voucher blind", static_cast<std::uint64_t>(half));
    std::copy_n(part.data(), 32, wide.begin() + 32 * half);
  }
  const Bytes info = wire::access_info(offer.id, epoch);
  const auto input = wire::voucher_input(key.public_key());
  const auto fresh = crypto::poprf::blind(input, info, poprf2.public_key,
                                          crypto::poprf::scalar_from_uniform(wide));
  REQUIRE(fresh);
  const auto request_id = first_bytes<16>(crypto::derive(seed, "request id", 0));
  exchange = wire::write_exchange(voucher, request_id, epoch, fresh->blinded_element);
  const auto evaluated =
      crypto::poprf::blind_evaluate(poprf2, {fresh->blinded_element}, info, proof_random);
  REQUIRE(evaluated);
  exchanged = wire::write_exchanged({.request_id = request_id,
                                     .request_hash = crypto::sha256(as_bytes(exchange)),
                                     .offer = offer.id,
                                     .epoch = epoch,
                                     .evaluated = evaluated->elements.front(),
                                     .proof = evaluated->proof,
                                     .journal_index = 9},
                                    ledger);
}

void World::befriend() {
  const auto to = receiver.encryption();
  const std::string card = contact_card(buyer, "Anna & Ben");
  const wire::Hello asks{.to = receiver.address(),
                         .from_card = card,
                         .state = wire::Hello::State::ask,
                         .note = "It's us from number 4.",
                         .at_ms = now + 500};
  hello = unsealed(wire::seal_hello(asks, buyer.identity(), to.public_key()), to);
  const wire::Wish please{.id = counting<16>(0xb0),
                          .to = receiver.address(),
                          .from_card = card,
                          .offer = offer.id,
                          .note = "Please?",
                          .sent_ms = now + 600};
  wish = unsealed(wire::seal_wish(please, buyer.identity(), to.public_key()), to);
}

void World::take_sealed(const Document& document) {
  access_key = to_bytes(as_bytes(document.block("access key") + "\n"));
  sealed_key = to_bytes(as_bytes(document.block("sealed key") + "\n"));
  drop = from_base64url(document.block("drop")).value_or(Bytes());
  const auto opened = crypto::age::open_file(drop, buyer.encryption());
  if (!regenerate()) {
    CHECK(header_holds(access_key, recipient, file_key));
    CHECK(header_holds(sealed_key, escrow, file_key));
    CHECK((opened && *opened == accepted));
    return;
  }
  if (!header_holds(access_key, recipient, file_key)) {
    access_key = crypto::age::write_header(file_key, {recipient.public_key()});
  }
  if (!header_holds(sealed_key, escrow, file_key)) {
    sealed_key = crypto::age::write_header(file_key, {escrow.public_key()});
  }
  if (!opened || *opened != accepted) {
    drop = crypto::age::seal_file(accepted, {buyer.encryption().public_key()});
  }
}

crypto::Sha256Digest World::tls_pin() const {
  // RFC 8410: SubjectPublicKeyInfo of an Ed25519 key.
  Bytes key_info = from_hex("302a300506032b6570032100").value();
  append(key_info, tls.public_key());
  return crypto::sha256(key_info);
}

identity::LedgerCard World::ledger_card() const {
  identity::LedgerCard out;
  out.url = ledger_url;
  out.key = ledger.public_key();
  out.epoch = 1;
  out.poprf_key = poprf1.public_key;
  out.pin = tls_pin();
  return out;
}

std::string World::contact_card(const identity::HomeKeys& home, const std::string& name) const {
  identity::ContactCard out;
  out.home = home.address();
  out.encryption = home.encryption().public_key();
  out.mailbox = home.mailbox().public_key();
  out.drop_token = first_bytes<32>(crypto::derive(home.seed(), "drop token", 0));
  out.name = name;
  out.ledger_url = ledger_url;
  out.ledger_key = ledger.public_key();
  out.issued_ms = now;
  return identity::write_contact_card(out, home.identity());
}

}  // namespace hearth::examples
