// What vouchers cost the ledger against the primitives that they cannot do without. Issue: read
// and verify a signed purchase, evaluate its blinded element with a proof, sign the receipt.
// Redemption: read and verify, evaluate, open the escrowed key, seal it to the recipient. The
// limit is the time of libsodium's own operations that each needs, measured in the same run.
#include <atomic>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sodium.h>

#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "common/crypto/poprf.h"
#include "common/wire/documents.h"
#include "ledger/access/access.h"
#include "ledger/catalogue/catalogue.h"
#include "measure.h"

namespace {

using namespace hearth;
namespace poprf = crypto::poprf;

crypto::Seed new_seed() {
  return crypto::Seed(crypto::random_array<32>());
}

/// Calls of `work` a second and thread.
double rate(int threads, double seconds, const std::function<void()>& work) {
  std::atomic<std::uint64_t> calls{0};
  const double start = bench::seconds_now(), end = start + seconds;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      std::uint64_t n = 0;
      while (bench::seconds_now() < end) work(), ++n;
      calls += n;
    });
  }
  for (auto& thread : all) thread.join();
  return static_cast<double>(calls) / (bench::seconds_now() - start) / threads;
}

void need(bool good) {
  if (!good) throw std::runtime_error("a step of the measured work was refused");
}

struct World {
  crypto::SignKey ledger = crypto::SignKey::from_seed(new_seed());
  crypto::SignKey home = crypto::SignKey::from_seed(new_seed());
  crypto::BoxKey escrow = crypto::BoxKey::from_seed(new_seed());
  poprf::KeyPair key = poprf::derive_key_pair(new_seed(), {});
  wire::OfferId offer = crypto::sha256(as_bytes("an offer"));
  money::Amount price{350, money::Currency::from_code("EUR").value()};
  std::string purchase, redemption;
  Bytes sealed_key;

  World() {
    const identity::HomeAddress address{home.public_key()};
    wire::PurchaseRequest request{.request_id = {1},
                                  .home = address,
                                  .offer = offer,
                                  .epoch = 1,
                                  .price = price,
                                  .terms = {},
                                  .billing_account = "wallet/" + address.text() + "/EUR",
                                  .device = {2},
                                  .issued_ms = now_ms()};
    wire::Voucher voucher{offer, 1, new_seed(), {}};
    const auto one_time = crypto::SignKey::from_seed(voucher.one_time_seed);
    const auto input = wire::voucher_input(one_time.public_key());
    const Bytes info = wire::access_info(offer, 1);
    request.blinded = {
        poprf::blind(input, info, key.public_key, poprf::random_scalar()).value().blinded_element};
    purchase = wire::write_purchase(request, home);
    voucher.token = poprf::evaluate(key, input, info).value();
    const auto recipient = crypto::BoxKey::from_seed(new_seed());
    redemption = wire::write_redemption(voucher, recipient.public_key());
    sealed_key = crypto::age::write_header(crypto::age::new_file_key(), {escrow.public_key()});
  }

  void issue() const {
    const auto request = wire::read_purchase(purchase);
    need(request.has_value());
    auto evaluated = poprf::blind_evaluate(key, request->blinded,
                                           wire::access_info(request->offer, request->epoch),
                                           poprf::random_scalar());
    need(evaluated.has_value());
    const wire::Receipt receipt{.request_id = request->request_id,
                                .request_hash = crypto::sha256(as_bytes(purchase)),
                                .journal_index = 7,
                                .offer = request->offer,
                                .epoch = request->epoch,
                                .paid = request->price,
                                .balance_after = request->price,
                                .evaluated = std::move(evaluated->elements),
                                .proof = evaluated->proof,
                                .at_ms = 1};
    need(!wire::write_receipt(receipt, ledger).empty());
  }

  void redeem() const {
    const auto request = wire::read_redemption(redemption);
    need(request.has_value());
    const auto token = poprf::evaluate(key, wire::voucher_input(request->one_time_key),
                                       wire::access_info(request->offer, request->epoch));
    need(token && crypto::equal(*token, request->token));
    const auto file_key = ledger::open_sealed_key(sealed_key, escrow);
    need(file_key.has_value());
    need(!crypto::age::write_header(*file_key, {request->recipient}).empty());
  }
};

/// Seconds that libsodium's operations need, one thread.
struct Primitives {
  double verify, sign, multiply, multiply_base, from_hash, invert, x25519, x25519_base;

  static Primitives measure(double seconds) {
    std::array<std::uint8_t, 64> wide{}, signature{}, secret{};
    std::array<std::uint8_t, 32> key{}, scalar{}, point{}, out{};
    std::array<std::uint8_t, 700> message{};
    crypto_sign_keypair(key.data(), secret.data());
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret.data());
    crypto_core_ristretto255_scalar_random(scalar.data());
    crypto_core_ristretto255_random(point.data());
    randombytes_buf(wide.data(), wide.size());
    std::array<std::uint8_t, 32> box{};
    crypto_scalarmult_base(box.data(), scalar.data());
    const auto time = [seconds](const std::function<void()>& work) {
      return 1.0 / rate(1, seconds, work);
    };
    return {
        time([&] {
          need(crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                           key.data()) == 0);
        }),
        time([&] {
          crypto_sign_detached(wide.data(), nullptr, message.data(), message.size(), secret.data());
        }),
        time([&] {
          need(crypto_scalarmult_ristretto255(out.data(), scalar.data(), point.data()) == 0);
        }),
        time([&] { need(crypto_scalarmult_ristretto255_base(out.data(), scalar.data()) == 0); }),
        time([&] { crypto_core_ristretto255_from_hash(out.data(), wide.data()); }),
        time([&] { crypto_core_ristretto255_scalar_invert(out.data(), scalar.data()); }),
        time([&] { need(crypto_scalarmult(out.data(), scalar.data(), box.data()) == 0); }),
        time([&] { crypto_scalarmult_base(out.data(), scalar.data()); }),
    };
  }
  /// Evaluation and z, M, t3 of the proof; the tweaked key and t2; t's inverse.
  double issue() const { return verify + sign + 4 * multiply + 2 * multiply_base + invert; }
  /// Opening the escrowed key; the ephemeral share and the shared secret of the access key.
  double redeem() const {
    return verify + from_hash + multiply + invert + 2 * x25519 + x25519_base;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 5;
  constexpr double seconds = 0.4;
  const World world;
  const auto issue = [&world] { world.issue(); };
  const auto redeem = [&world] { world.redeem(); };
  std::vector<double> limit_issue, limit_redeem, issued, redeemed, issued_2, redeemed_2;
  std::vector<double> share_issue, share_redeem, both_issue, both_redeem;
  for (int run = 0; run < runs; ++run) {
    const Primitives p = Primitives::measure(seconds / 4);
    limit_issue.push_back(1 / p.issue());
    limit_redeem.push_back(1 / p.redeem());
    issued.push_back(rate(1, seconds, issue));
    redeemed.push_back(rate(1, seconds, redeem));
    issued_2.push_back(rate(2, seconds, issue));
    redeemed_2.push_back(rate(2, seconds, redeem));
    share_issue.push_back(issued.back() / limit_issue.back());
    share_redeem.push_back(redeemed.back() / limit_redeem.back());
    both_issue.push_back(issued_2.back() / issued.back());
    both_redeem.push_back(redeemed_2.back() / redeemed.back());
  }
  using bench::fixed, bench::median, bench::whole;
  std::fputs(bench::table({{"proof work, a second and core", "limit of the primitives",
                            "one thread", "share", "each of two", "to one alone"},
                           {"voucher issue", whole(median(limit_issue)), whole(median(issued)),
                            fixed(median(share_issue), 2), whole(median(issued_2)),
                            fixed(median(both_issue), 2)},
                           {"redemption", whole(median(limit_redeem)), whole(median(redeemed)),
                            fixed(median(share_redeem), 2), whole(median(redeemed_2)),
                            fixed(median(both_redeem), 2)}})
                 .c_str(),
             stdout);
  return 0;
}
