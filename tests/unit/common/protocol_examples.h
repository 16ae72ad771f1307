// The worked example of docs/protocol-examples.md: one small story with fixed keys and times, in
// which every message of the protocol occurs once. A seller publishes a postcard, a buyer pays
// for it and gives it to a receiver. The tests compare the document with what the encoders of
// common/ write here, and read it with the decoders.
//
// Age headers hold a random share, so three blocks ("access key", "sealed key", "drop") are taken
// from the document as they are, after they were opened. With HEARTH_REGENERATE_EXAMPLES=1 in the
// environment the blocks of the document are written anew, its prose stays.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/identity/cards.h"
#include "common/identity/home.h"
#include "common/link/messages.h"
#include "common/wire/documents.h"

namespace hearth::examples {

using Blocks = std::vector<std::pair<std::string, std::string>>;

/// The text of the one file with examples: each block stands after `<!-- example: NAME -->`. A
/// block of the language `jws` holds two: on its first line NAME, after it "NAME payload".
class Document {
 public:
  static Document load();
  /// Empty when there is no such block.
  std::string block(const std::string& name) const;
  const std::vector<std::string>& names() const { return names_; }
  void rewrite(const Blocks& blocks);

 private:
  void take(const std::string& name, const std::string& text);
  std::vector<std::string> names_;
  std::map<std::string, std::string> blocks_;
};
std::vector<std::string> lines_of(const std::string& block);
bool regenerate();
std::string read_text(const std::string& path_in_tree);

/// `first`, `first` + 1, …
template <std::size_t N>
std::array<std::uint8_t, N> counting(int first) {
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N; ++i)
    out[i] = static_cast<std::uint8_t>(first + static_cast<int>(i));
  return out;
}
template <std::size_t N>
std::array<std::uint8_t, N> first_bytes(const crypto::Seed& seed) {
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = seed.data()[i];
  return out;
}

/// Everybody's keys and what they make of them.
struct World {
  explicit World(const Document& document);

  // Fixed.
  const crypto::Seed buyer_seed{counting<32>(0x00)}, seller_seed{counting<32>(0x20)},
      receiver_seed{counting<32>(0x40)};
  const identity::HomeKeys buyer{buyer_seed}, seller{seller_seed}, receiver{receiver_seed};
  const crypto::SignKey ledger = crypto::SignKey::from_seed(crypto::Seed(counting<32>(0x60)));
  const crypto::BoxKey escrow = crypto::BoxKey::from_seed(crypto::Seed(counting<32>(0x80)));
  const crypto::poprf::KeyPair poprf1 =
      crypto::poprf::derive_key_pair(crypto::Seed(counting<32>(0xa0)), {});
  const crypto::poprf::KeyPair poprf2 =
      crypto::poprf::derive_key_pair(crypto::Seed(counting<32>(0xc0)), {});
  const crypto::SignKey tls = crypto::SignKey::from_seed(crypto::Seed(counting<32>(0xe0)));
  const crypto::poprf::Scalar proof_random = crypto::poprf::scalar_from_uniform(counting<64>(0));
  const crypto::age::FileKey file_key{counting<16>(0x50)};
  const crypto::age::Nonce nonce = counting<16>(0x60);
  const std::array<std::uint8_t, 32> challenge = counting<32>(0x70);
  const std::string plaintext = "Hello from the lake.\n";
  const std::string torrent_name = "hearth-0123456789abcdef";
  const std::string ledger_url = "https://ledger.example:7443";
  static constexpr UtcMs now = 1'795'348'800'000;
  const wire::GiftId gift_id = counting<16>(0x90);
  const std::uint32_t epoch = 2;

  // Made of these.
  crypto::Seed purchase, one_time_seed;
  crypto::SignKey one_time;
  crypto::poprf::Scalar blind;
  crypto::BoxKey recipient;
  identity::DropToken drop_token{};
  Bytes payload, info_dictionary, torrent;
  std::string manifest, offer_jws, keys, purchase_jws, receipt, redemption;
  std::string exchange, exchanged;  ///< the receiver makes the voucher its own
  wire::Offer offer;
  crypto::poprf::Blinded blinded{};
  wire::Voucher voucher;
  Bytes gift, private_gift, accepted, declined, hello, wish;  ///< each the JWS before sealing
  Bytes access_key, sealed_key, drop;                         ///< with a random share

  identity::LedgerCard ledger_card() const;
  std::string contact_card(const identity::HomeKeys& home, const std::string& name) const;
  crypto::Sha256Digest tls_pin() const;
  std::string account() const { return "wallet/" + buyer.address().text() + "/EUR"; }

 private:
  void derive_keys();
  void publish();
  void buy();
  void give();
  void exchange_voucher();
  void befriend();
  void take_sealed(const Document& document);
};

/// Every block of the document, in its order.
Blocks document_blocks(const World& world);  ///< §2 to §7
Blocks message_blocks(const World& world);   ///< §8 to §12
Blocks channel_blocks(const World& world);   ///< §18
Blocks all_blocks(const World& world);
/// Of §11, what is about channels.
std::vector<link::Order> channel_orders(const World& world);
std::vector<link::Event> channel_events();

/// With as many members on a line as there is room for.
std::string packed(const wire::Json& object);
void add_jws(Blocks& blocks, const std::string& name, const std::string& jws);

}  // namespace hearth::examples
