// Ten thousand vouchers and 32 clients that redeem them at the same time through signature check,
// POPRF and engine, many of them asked for more than once: each voucher opens its title once, the
// same redemption gets the same access key, and the books hold.
#include <algorithm>
#include <future>
#include <latch>
#include <random>
#include <thread>

#include <doctest/doctest.h>

#include "api_fixture.h"
#include "ledger/access/access.h"
#include "ledger/admin/audit.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

constexpr std::size_t vouchers = 10'000;
constexpr std::size_t clients = 32;
constexpr std::size_t each_purchase = 16;

/// One redemption that somebody sends.
struct Attempt {
  std::size_t voucher = 0;
  std::string jws;
  std::string answer;  ///< the access key's document, or a refusal's code
};

/// Waits for the engine.
template <class T, class Submit>
Result<T> done(Submit submit) {
  std::promise<Result<T>> promise;
  auto arrived = promise.get_future();
  submit([&promise](Result<T> result) { promise.set_value(std::move(result)); });
  return arrived.get();
}

/// So many vouchers are paid for; their tokens are what the buyers' nodes would unblind.
std::vector<wire::Voucher> sell(TestLedger& ledger, const TestHome& buyer,
                                const wire::Offer& offer) {
  const auto& epoch = ledger.keys.epochs.back();
  for (std::size_t sold = 0; sold < vouchers; sold += each_purchase) {
    PurchaseCommand purchase;
    const auto id = test_seed(9'000'000 + sold);
    std::copy_n(id.data(), purchase.request_id.size(), purchase.request_id.begin());
    purchase.home = buyer.address;
    purchase.offer = offer.id;
    purchase.epoch = epoch.epoch;
    purchase.vouchers = each_purchase;
    purchase.at_ms = ledger.clock;
    REQUIRE(done<PurchaseFacts>(
        [&](auto answer) { ledger.engine().submit_purchase(purchase, {}, std::move(answer)); }));
  }
  const Bytes info = wire::access_info(offer.id, epoch.epoch);
  std::vector<wire::Voucher> out;
  for (std::size_t i = 0; i < vouchers; ++i) {
    auto seed = test_seed(10'000'000 + i);
    const auto key = crypto::SignKey::from_seed(seed).public_key();
    const auto token = crypto::poprf::evaluate(epoch.pair, wire::voucher_input(key), info);
    REQUIRE(token);
    out.push_back({offer.id, epoch.epoch, seed, *token});
  }
  return out;
}

/// One for each voucher; of every fifth another: the same again, or by somebody else who has it.
std::vector<Attempt> attempts(const std::vector<wire::Voucher>& all) {
  const auto holder = crypto::BoxKey::from_seed(test_seed(1)).public_key();
  const auto thief = crypto::BoxKey::from_seed(test_seed(2)).public_key();
  std::vector<Attempt> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.push_back({i, wire::write_redemption(all[i], holder), {}});
    if (i % 5 == 0)
      out.push_back({i, wire::write_redemption(all[i], i % 10 == 0 ? holder : thief), {}});
  }
  std::shuffle(out.begin(), out.end(), std::mt19937_64(4));
  return out;
}

std::string redeem(const AccessSources& sources, Engine& engine, const std::string& jws,
                   UtcMs now) {
  auto prepared = prepare_redemption(sources, jws, now);
  if (!prepared) return std::string(code_name(prepared.error().code));
  if (prepared->stored) return std::string(as_text(*prepared->stored));
  const auto facts = done<VoucherFacts>([&](auto answer) {
    engine.submit_redemption(prepared->command, std::move(prepared->access_key), std::move(answer));
  });
  if (!facts) return std::string(code_name(facts.error().code));
  return std::string(as_text(access_answer_of(*facts)));
}

}  // namespace

TEST_CASE(
    "10,000 vouchers redeemed by 32 clients at once, a fifth of them twice: one winner each") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2);
  const Published film = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, static_cast<std::int64_t>(vouchers) * 350);
  const auto all = sell(ledger, buyer, film.offer);
  auto sent = attempts(all);
  REQUIRE(sent.size() == vouchers + vouchers / 5);

  const AccessSources sources{ledger.keys, ledger.engine(), ledger.store()};
  std::latch together(clients);
  std::vector<std::thread> crowd;
  for (std::size_t client = 0; client < clients; ++client) {
    crowd.emplace_back([&, client] {
      together.arrive_and_wait();
      for (std::size_t i = client; i < sent.size(); i += clients)
        sent[i].answer = redeem(sources, ledger.engine(), sent[i].jws, ledger.clock);
    });
  }
  for (auto& thread : crowd) thread.join();

  std::vector<const Attempt*> winner(vouchers, nullptr);
  std::size_t repeated = 0, spent = 0, other = 0;
  for (const Attempt& attempt : sent) {
    const Attempt*& won = winner[attempt.voucher];
    if (attempt.answer == "voucher_spent")
      ++spent;
    else if (!attempt.answer.starts_with("{"))
      ++other;
    else if (won == nullptr)
      won = &attempt;
    else if (won->jws == attempt.jws && won->answer == attempt.answer)
      ++repeated;
    else
      ++other;
  }
  CHECK(other == 0);
  CHECK(std::count(winner.begin(), winner.end(), nullptr) == 0);
  CHECK(repeated == vouchers / 10);
  CHECK(spent == vouchers / 10);
  CHECK(ledger.balance(seller) == static_cast<std::int64_t>(vouchers) * 333);
  CHECK(ledger.balance(buyer) == 0);
  const auto recipient = crypto::BoxKey::from_seed(test_seed(1));
  const auto answer = wire::parse_json(as_bytes(winner[1]->answer), 64 * 1024);
  const auto header = from_base64url((*answer)["access_key"].get<std::string>());
  CHECK(crypto::age::open_header(*header, recipient)->key.view().size() == 16);
  CHECK_FALSE(audit(*ledger.store().snapshot(), {}).value().difference.has_value());
}
