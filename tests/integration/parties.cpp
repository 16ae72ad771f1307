#include "tests/integration/parties.h"

#include <fstream>

#include <doctest/doctest.h>

#include "common/crypto/poprf.h"
#include "common/store/store.h"
#include "common/wire/documents.h"
#include "node/wallet/derivations.h"

namespace hearth::test {
namespace {

constexpr std::uint64_t purchases_looked_at = 6;

/// What shows of a voucher with that one-time seed, whoever asks about it or uses it.
Needles voucher_needles(const std::string& what, const crypto::Seed& one_time) {
  Needles out;
  const auto key = crypto::SignKey::from_seed(one_time).public_key();
  out.add(what + ": key", key);
  out.add(what + ": input", wire::voucher_input(key));
  out.add(what + ": recipient", node::access_recipient(one_time).public_key());
  return out;
}

}  // namespace

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Party::Party(Town& town, const std::string& home_name, bool seed)
    : name(home_name), relay(town.ledger_dir(), town.port()) {
  Place through;
  through.card = town.card_with_url("https://127.0.0.1:" + std::to_string(relay.port()));
  home = seed ? &town.add_seed(name, {}, through) : &town.add_home(name, {}, through);
  const auto bytes = from_hex(slurp(home->dir() / "wallet.seed").substr(0, 64));
  REQUIRE(bytes);
  crypto::Seed wallet;
  std::copy(bytes->begin(), bytes->end(), wallet.data());
  keys = std::make_unique<identity::HomeKeys>(wallet);
}

Needles Party::identity() const {
  Needles out;
  out.add_text(name + "'s name", name);
  out.add_text(name + "'s address", keys->address().text());
  out.add(name + "'s key", keys->address().key);
  out.add(name + "'s device", node::device_id(keys->seed()));
  out.add(name + "'s encryption key", keys->encryption().public_key());
  return out;
}
Needles Party::mailbox() const {
  Needles out;
  out.add(name + "'s mailbox", keys->mailbox().public_key());
  return out;
}

std::string first_line(const std::string& asked) {
  return asked.substr(0, asked.find("\r\n"));
}

std::vector<std::string> asked(const Party& party, const std::string& request) {
  std::vector<std::string> out;
  for (const auto& talk : party.relay.talks())
    if (talk.asked.starts_with(request)) out.push_back(talk.asked);
  return out;
}

Needles Party::purchases() const {
  Needles out;
  for (std::uint64_t n = 0; n < purchases_looked_at; ++n) {
    const std::string what = name + "'s purchase " + std::to_string(n) + ": ";
    const crypto::Seed purchase = node::purchase_seed(keys->seed(), n);
    out.add(what + "seed", purchase.view());
    out.add(what + "request id", node::request_id(purchase));
    for (std::uint64_t i = 0; i < 2; ++i)
      out.add(what + "blind", node::voucher_blind(purchase, i).view());
  }
  // What went over the wire: blinded elements, and the receipt's evaluation and proof.
  for (const auto& talk : relay.talks()) {
    if (!talk.asked.starts_with("POST /v1/purchases")) continue;
    const std::string jws = talk.asked.substr(talk.asked.find("\r\n\r\n") + 4);
    out.add("hash of the purchase", crypto::sha256(as_bytes(jws)));
    const auto request = wire::read_purchase(jws);
    REQUIRE(request);
    for (const auto& element : request->blinded) out.add("blinded element", element);
    const std::string receipt = opened(talk.answered.substr(talk.answered.find("\r\n\r\n") + 4));
    const auto payload = receipt.find("{\"", receipt.find("hearth/receipt/1"));
    REQUIRE(payload != std::string::npos);
    const Json json = Json::parse(receipt.substr(payload, receipt.find('\n', payload) - payload));
    out.add_text("evaluated element", json.at("evaluated").at(0));
    out.add_text("proof c", json.at("proof_c"));
    out.add_text("proof s", json.at("proof_s"));
  }
  return out;
}

Needles Party::given_keys() const {
  Needles out;
  for (std::uint64_t n = 0; n < purchases_looked_at; ++n) {
    const auto one_time = node::one_time_seed(node::purchase_seed(keys->seed(), n), 0);
    const std::string what = name + "'s voucher " + std::to_string(n);
    out.add(what + ": seed", one_time.view());
    out.add(what + ": key", crypto::SignKey::from_seed(one_time).public_key());
  }
  return out;
}

Needles Party::exchanges() const {
  Needles out;
  for (std::uint64_t m = 0; m < purchases_looked_at; ++m) {
    const std::string what = name + "'s exchange " + std::to_string(m) + ": ";
    const crypto::Seed exchange = node::exchange_seed(keys->seed(), m);
    out.add(what + "seed", exchange.view());
    out.add(what + "request id", node::request_id(exchange));
    out.add(what + "blind", node::voucher_blind(exchange, 0).view());
  }
  return out;
}

std::vector<Needles> Party::things() const {
  std::vector<Needles> out;
  for (std::uint64_t n = 0; n < purchases_looked_at; ++n) {
    const std::string of_purchase = name + "'s purchase " + std::to_string(n);
    const crypto::Seed purchase = node::purchase_seed(keys->seed(), n);
    out.emplace_back().add(of_purchase, node::request_id(purchase));
    out.push_back(voucher_needles("voucher of " + of_purchase, node::one_time_seed(purchase, 0)));
    const std::string of_exchange = name + "'s exchange " + std::to_string(n);
    const crypto::Seed exchange = node::exchange_seed(keys->seed(), n);
    out.emplace_back().add(of_exchange, node::request_id(exchange));
    out.push_back(voucher_needles("voucher of " + of_exchange, node::one_time_seed(exchange, 0)));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> records_of(const fs::path& dir) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto store = store::open_rocksdb(dir);
  REQUIRE_MESSAGE(store.has_value(), dir.string());
  const auto scanned = (*store)->scan({}, {}, [&](ByteView key, ByteView value) {
    out.emplace_back(as_text(key), as_text(value));
    return true;
  });
  REQUIRE(scanned);
  return out;
}

std::string table_of(const std::string& key) {
  if (key.starts_with("b/")) return key.substr(0, 3);
  return key.substr(0, key.find('/', key.find('/') + 1));
}

}  // namespace hearth::test
