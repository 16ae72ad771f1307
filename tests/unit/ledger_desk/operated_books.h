// Books with a record of every kind, over three days of November 2100, for the tests of what
// operators see of them.
#pragma once

#include <memory>

#include "common/crypto/hash.h"
#include "ledger/admin/admin.h"
#include "ledger/admin/waiting.h"
#include "ledger/engine/engine.h"
#include "ledger/operators/roles.h"

namespace hearth::ledger::testing::operated {

inline constexpr UtcMs first_day = 4'128'883'200'000;  // 2100-11-03: the engine's clock is before
inline constexpr UtcMs day = 24 * 60 * 60 * 1000LL;

inline crypto::Sha256Digest digest_of(const std::string& text) {
  return crypto::sha256(as_bytes(text));
}
inline identity::HomeAddress home_of(const std::string& name) {
  return {digest_of("home " + name)};
}
inline money::Currency currency_of(const char* code = "EUR") {
  return money::Currency::from_code(code).value();
}
inline AccountId wallet_of(const std::string& name, std::uint32_t pocket = 0,
                           const char* code = "EUR") {
  return AccountId::wallet(home_of(name), currency_of(code), pocket);
}
inline std::array<std::uint8_t, 16> id_of(const std::string& text) {
  std::array<std::uint8_t, 16> id{};
  const auto hash = digest_of(text);
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

template <class Submit>
Booked booked(Submit submit) {
  return wait_for<Booked>(std::move(submit)).value();
}
template <class Submit>
std::uint64_t indexed(Submit submit) {
  return wait_for<std::uint64_t>(std::move(submit)).value();
}

inline void open_homes(Engine& engine) {
  for (const char* name : {"anna", "bob"})
    indexed([&](auto answer) {
      engine.submit_open(home_of(name), name, first_day, std::move(answer));
    });
  booked([&](auto answer) {
    engine.submit_fees({currency_of(), {500, 0}, "owner", first_day}, std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_epoch({1, digest_of("epoch 1"), first_day, first_day}, std::move(answer));
  });
  for (const auto& [offer, price] : {std::pair("film", 350), std::pair("free film", 0)})
    indexed([&](auto answer) {
      engine.submit_offer(
          {digest_of(offer), home_of("bob"), {price, currency_of()}, first_day, price == 0 ? 2 : 1},
          {}, std::move(answer));
    });
}

inline void trade(Engine& engine) {
  const auto film = digest_of("film");
  const UtcMs at = first_day + day;
  booked([&](auto answer) {
    engine.submit_deposit({wallet_of("anna"), 20'00, "cash 1", "owner", first_day + 1},
                          std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_deposit({wallet_of("anna", 0, "JPY"), 1'000, "yen", "owner", first_day + 2},
                          std::move(answer));
  });
  for (const auto& [id, offer, vouchers] :
       {std::tuple("p1", "film", 3), std::tuple("p2", "free film", 1)})
    (void)wait_for<PurchaseFacts>([&](auto answer) {
      engine.submit_purchase(
          {id_of(id), digest_of(id), home_of("anna"), digest_of(offer), 1, vouchers, at, 0}, {},
          std::move(answer));
    }).value();
  // The free film is for two homes.
  for (const auto& [voucher, request, offer] :
       {std::tuple("v1", "r", "film"), std::tuple("v0", "r", "free film"),
        std::tuple("v0", "r2", "free film")})
    (void)wait_for<VoucherFacts>([&](auto answer) {
      engine.submit_redemption({digest_of(voucher), digest_of(request), digest_of(offer), 1, at},
                               {}, std::move(answer));
    }).value();
  (void)wait_for<VoucherFacts>([&](auto answer) {
    engine.submit_refund({digest_of("v2"), digest_of("r"), film, 1, wallet_of("anna"), at},
                         std::move(answer));
  }).value();
  (void)wait_for<VoucherFacts>([&](auto answer) {
    engine.submit_exchange({digest_of("v3"), digest_of("r"), film, 1, 1, at}, {}, {},
                           std::move(answer));
  }).value();
}

/// What a person may write into a reason, to the grief of every text format.
inline constexpr const char* hostile_text =
    "=cmd()|\"quoted\" ; comment [2020-01-01] date:2020-01-01 type:X\\ (9) * end";

inline void correct(Engine& engine) {
  const UtcMs at = first_day + 2 * day;
  booked([&](auto answer) {
    engine.submit_transfer(
        {id_of("t"), digest_of("t"), home_of("anna"), 0, 7, {1'00, currency_of()}, at},
        std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_withdrawal({wallet_of("bob"), 1'00, "bank 17", "tina", at}, std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_adjustment({id_of("a"), wallet_of("anna"), 25, hostile_text, "owner", at},
                             std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_limits({home_of("anna"), currency_of(), {5'00, 0, 100'00}, "owner", at},
                         std::move(answer));
  });
  booked([&](auto answer) {
    engine.submit_account_state({wallet_of("bob"), AccountState::frozen, "asked", "owner", at},
                                std::move(answer));
  });
}

inline std::unique_ptr<Engine> start(store::Store& store) {
  Engine::Options options;
  options.currencies = {"EUR", "JPY"};
  return Engine::start(store, options).value();
}

/// Every kind of record. Balances: anna 20.00 − 10.50 + 3.50 − 1.00 + 0.25 = 12.25 and 1.00 in
/// pocket 7; bob 3.33 − 1.00 = 2.33; escrow 3.50; fees 0.17; cash −19.00; adjustments −0.25.
inline void fill(Engine& engine) {
  open_homes(engine);
  trade(engine);
  correct(engine);
}

inline Result<wire::Json> run(const store::Store& store, const char* command,
                              const wire::Json& args = wire::Json::object(),
                              Engine* engine = nullptr) {
  AdminContext context{LedgerDir{"/nonexistent"}, store, engine};
  return run_admin(context, command, args);
}

}  // namespace hearth::ledger::testing::operated
