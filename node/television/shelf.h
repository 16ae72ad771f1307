// What the home's rooms know of media: titles of the library, offers that channels name, and how
// far a purchase or a delivery of them is.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "node/delivery/deliveries.h"
#include "node/library/titles.h"
#include "node/television/home_media.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class Shelf {
 public:
  struct Rooms {
    const Records& records;
    const Titles& titles;
    const Wallet& wallet;
    const Deliveries& deliveries;
    /// Age from which a title is, beside its offer: what gifts of it say.
    std::function<std::int64_t(const std::string& title_hex)> rating;
  };
  explicit Shelf(Rooms rooms) : rooms_(std::move(rooms)) {}

  /// `before`: what was said last; only its state is asked anew.
  std::optional<KnownMedia> look(const std::string& media, const KnownMedia* before) const;
  /// Of an offer that a channel or the wallet remembers.
  std::optional<wire::Offer> offer(const std::string& offer_hex) const;
  /// "channel/offer/…": names and prices of what is not bought stay known.
  static void remember(store::Batch& batch, const std::string& offer_jws);
  /// For a channel file: nullopt when it is private.
  std::optional<std::string> offer_of(const std::string& media) const;

 private:
  void find_state(KnownMedia& media, const std::string& offer_hex) const;
  void find_here(KnownMedia& media, const std::string& offer_hex) const;
  bool is_coming(const std::string& title_hex, const std::string& offer_hex) const;

  Rooms rooms_;
};

/// 32 bytes as an id; nullopt: it is none.
std::optional<crypto::Sha256Digest> digest_from_hex(const std::string& hex);

}  // namespace hearth::node
