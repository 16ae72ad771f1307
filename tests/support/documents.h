// One valid specimen of every document, for tests that spoil them.
#pragma once

#include <string>

#include "common/wire/gift_documents.h"

namespace hearth::test {

inline crypto::Seed seed(std::uint8_t n) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(n);
  return crypto::Seed(bytes);
}

struct Specimens {
  identity::HomeKeys seller{seed(1)}, buyer{seed(2)}, receiver{seed(3)};
  crypto::SignKey ledger = crypto::SignKey::from_seed(seed(4));
  crypto::BoxKey escrow = crypto::BoxKey::from_seed(seed(5));
  money::Amount price = money::parse("3.50 EUR").value();
  UtcMs now = 1'795'348'800'000;

  wire::Manifest manifest() const {
    wire::Manifest out;
    out.home = seller.address();
    out.name = "Summer at the lake";
    out.kind = wire::Kind::video;
    out.media_type = "video/mp4";
    out.title.fill(7);
    out.info_hash.fill(8);
    out.size = 123'456'789;
    out.piece_length = 256 * 1024;
    out.duration_ms = 60'000;
    out.width = 1280;
    out.height = 720;
    out.codecs = "h264, aac";
    out.poster = {0xff, 0xd8, 0xff, 0xd9};
    out.issued_ms = now;
    return out;
  }
  std::string manifest_jws() const { return wire::write_manifest(manifest(), seller.identity()); }
  wire::Offer offer() const {
    return wire::write_offer(manifest_jws(), price, {.min_age = 12}, now, seller.identity())
        .value();
  }
  wire::LedgerKeys ledger_keys() const {
    wire::LedgerKeys out;
    for (const std::uint32_t epoch : {1U, 2U}) {
      const auto key = crypto::poprf::derive_key_pair(seed(static_cast<std::uint8_t>(epoch)), {});
      out.epochs.push_back({epoch, key.public_key, now + epoch});
    }
    out.escrow = escrow.public_key();
    out.currencies = {"EUR", "JPY"};
    out.tracker_url = "http://127.0.0.1:6969/announce";
    return out;
  }
  crypto::poprf::Element element(std::uint8_t n) const {
    return crypto::poprf::derive_key_pair(seed(n), {}).public_key;
  }
  wire::PurchaseRequest purchase() const {
    return {.request_id = {1, 2, 3},
            .home = buyer.address(),
            .offer = offer().id,
            .epoch = 2,
            .price = price,
            .terms = offer().terms,
            .billing_account = "wallet/" + buyer.address().text() + "/EUR",
            .device = {9},
            .blinded = {element(10), element(11)},
            .issued_ms = now};
  }
  wire::Receipt receipt() const {
    wire::Receipt out{.paid = price, .balance_after = price};
    out.request_id = purchase().request_id;
    out.request_hash.fill(3);
    out.journal_index = 42;
    out.offer = offer().id;
    out.epoch = 2;
    out.evaluated = {element(12), element(13)};
    out.proof.c.fill(1);
    out.proof.s.fill(2);
    out.at_ms = now + 5;
    return out;
  }
  wire::Voucher voucher() const {
    wire::Voucher out;
    out.offer = offer().id;
    out.epoch = 2;
    out.one_time_seed = seed(20);
    out.token.fill(0x66);
    return out;
  }
  identity::ContactCard card(const identity::HomeKeys& home) const {
    identity::ContactCard out;
    out.home = home.address();
    out.encryption = home.encryption().public_key();
    out.mailbox = home.mailbox().public_key();
    out.drop_token.fill(0x44);
    out.name = "Anna & Ben";
    out.ledger_url = "https://ledger.example:7443";
    out.ledger_key = ledger.public_key();
    out.issued_ms = now;
    return out;
  }
  identity::LedgerCard ledger_card() const {
    identity::LedgerCard out;
    out.url = "https://ledger.example:7443";
    out.key = ledger.public_key();
    out.epoch = 2;
    out.poprf_key = element(2);
    out.pin.fill(0x33);
    return out;
  }
  wire::Gift gift() const {
    wire::Gift out;
    out.id = {5, 5};
    out.to = receiver.address();
    out.from_card = identity::write_contact_card(card(buyer), buyer.identity());
    out.note = "For Saturday.\nLove, B";
    out.offer_jws = offer().jws;
    out.voucher = voucher();
    out.sent_ms = now;
    return out;
  }
  wire::Gift private_gift() const {
    wire::Gift out = gift();
    out.offer_jws.clear();
    out.voucher.reset();
    out.manifest_jws = manifest_jws();
    out.file_key = crypto::age::FileKey(std::array<std::uint8_t, 16>{1, 2, 3});
    return out;
  }
};

inline const Specimens& specimens() {
  static const Specimens all;
  return all;
}

/// "ok", or the error's code.
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

}  // namespace hearth::test
