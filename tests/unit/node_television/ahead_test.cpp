// Which offers are bought when, and which never.
#include "node/television/ahead.h"

#include <doctest/doctest.h>

using namespace hearth;
using namespace hearth::node;
using channels::Availability;
using channels::hour_ms;
using channels::minute_ms;

namespace {

constexpr UtcMs now = 1'800'000'000'000;
constexpr std::uint64_t megabyte = 1'000'000;

WantedOffer offer(const std::string& id, std::int64_t price, std::int64_t in_ms,
                  std::uint64_t size = megabyte) {
  return {id,   "Film " + id,  now + in_ms, {price, *money::Currency::from_code("EUR")},
          size, Here::for_sale};
}

std::vector<AheadStep> steps(const std::vector<WantedOffer>& wanted, std::int64_t spent = 0,
                             channels::Budget budget = {500, 1'000, "EUR"}) {
  std::vector<AheadStep> out;
  for (const auto& one : decide_ahead(wanted, budget, spent, now, 1 * megabyte))
    out.push_back(one.step);
  return out;
}

}  // namespace

TEST_CASE("what is decided about an offer") {
  using S = AheadStep;
  struct Row {
    const char* what;
    std::int64_t price, in_ms;
    std::uint64_t size;
    std::int64_t spent;
    S step;
  };
  const Row rows[] = {
      {"tonight", 350, 3 * hour_ms, megabyte, 0, S::buy},
      {"in two days: later", 350, 48 * hour_ms, megabyte, 0, S::wait},
      {"in fourteen hours, and it takes two: now", 350, 14 * hour_ms, 5'000 * megabyte, 0, S::buy},
      {"in a minute", 350, minute_ms, megabyte, 0, S::buy},
      {"in twenty seconds", 350, 20'000, megabyte, 0, S::late},
      {"in a minute, and it takes an hour", 350, minute_ms, 3'600 * megabyte, 0, S::late},
      {"over already", 350, -minute_ms, megabyte, 0, S::late},
      {"as dear as may be", 500, hour_ms, megabyte, 500, S::buy},
      {"dearer than a title may be", 501, hour_ms, megabyte, 0, S::too_dear},
      {"more than is left of the month", 350, hour_ms, megabyte, 651, S::over_budget},
      {"just what is left", 350, hour_ms, megabyte, 650, S::buy},
      {"for nothing", 0, hour_ms, megabyte, 1'000, S::buy},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(steps({offer("a", row.price, row.in_ms, row.size)}, row.spent) ==
          std::vector<AheadStep>{row.step});
  }
}

TEST_CASE("what is on first is bought first, and the month is never overdrawn") {
  using S = AheadStep;
  CHECK(steps({offer("a", 400, hour_ms), offer("b", 400, 2 * hour_ms), offer("c", 400, 3 * hour_ms),
               offer("d", 200, 4 * hour_ms)}) ==
        std::vector<S>{S::buy, S::buy, S::over_budget, S::buy});
  // One that waits has its money set aside.
  CHECK(steps({offer("a", 400, hour_ms), offer("b", 500, 40 * hour_ms),
               offer("c", 200, 41 * hour_ms)}) == std::vector<S>{S::buy, S::wait, S::over_budget});
  // A late one costs nothing.
  CHECK(steps({offer("a", 500, 1'000), offer("b", 500, hour_ms), offer("c", 500, hour_ms)}) ==
        std::vector<S>{S::late, S::buy, S::buy});
}

TEST_CASE("without a budget in its currency nothing is bought") {
  using S = AheadStep;
  CHECK(steps({offer("a", 1, hour_ms)}, 0, {}) == std::vector<S>{S::other_currency});
  CHECK(steps({offer("a", 1, hour_ms)}, 0, {500, 500, "CHF"}) == std::vector<S>{S::other_currency});
  CHECK(steps({offer("a", INT64_MAX, hour_ms), offer("b", INT64_MAX, hour_ms)}, INT64_MAX,
              {INT64_MAX, INT64_MAX, "EUR"}) == std::vector<S>{S::over_budget, S::over_budget});
}

TEST_CASE("what is here or on its way is never bought") {
  for (const Here here : {Here::no, Here::coming, Here::begun, Here::whole}) {
    WantedOffer one = offer("a", 100, hour_ms);
    one.here = here;
    CHECK(steps({one}) == std::vector<AheadStep>{AheadStep::nothing});
  }
}

TEST_CASE("each refusal says what it costs, what was allowed, and that nothing was paid") {
  const channels::Budget budget{300, 600, "EUR"};
  const auto sentence = [&](std::int64_t price, std::int64_t spent, channels::Budget of) {
    const auto decided = decide_ahead({offer("a", price, hour_ms)}, of, spent, now, 0);
    return ahead_sentence(decided.front(), of);
  };
  CHECK(sentence(301, 0, budget).find("3.01 EUR, and the channel may pay 3.00 EUR") !=
        std::string::npos);
  CHECK(sentence(300, 400, budget).find("left of this month's 6.00 EUR") != std::string::npos);
  CHECK(sentence(300, 0, {}).find("no budget in that currency") != std::string::npos);
  CHECK(sentence(301, 0, budget).find("nothing was paid") != std::string::npos);
  CHECK(sentence(100, 0, budget).empty());
}

TEST_CASE("whether a programme can be shown") {
  struct Row {
    Here here;
    std::int64_t in_ms;
    bool refused;
    Availability is;
  };
  using A = Availability;
  const Row rows[] = {
      {Here::whole, -hour_ms, false, A::ready},   {Here::whole, hour_ms, true, A::ready},
      {Here::begun, 1'000, false, A::ready},      {Here::no, hour_ms, false, A::missing},
      {Here::coming, minute_ms, false, A::known}, {Here::coming, 10'000, false, A::late},
      {Here::coming, -1, false, A::late},         {Here::for_sale, hour_ms, false, A::known},
      {Here::for_sale, hour_ms, true, A::late},   {Here::for_sale, 10'000, false, A::late},
  };
  for (const Row& row : rows) {
    KnownMedia media;
    media.here = row.here;
    media.missing_bytes = megabyte;
    CHECK(availability_of(media, now + row.in_ms, now, megabyte, row.refused) == row.is);
  }
  KnownMedia large;
  large.here = Here::for_sale;
  large.missing_bytes = 3'600 * megabyte;
  CHECK(availability_of(large, now + hour_ms, now, megabyte, false) == A::late);
  CHECK(availability_of(large, now + 2 * hour_ms, now, megabyte, false) == A::known);
}
