// What a home lets in, spends and shows, as tables; and the PIN's patience.
#include "node/rules/rules.h"

#include <cstdlib>
#include <ctime>
#include <string>

#include <doctest/doctest.h>

#include "common/crypto/password.h"
#include "node/gifts/gift_words.h"
#include "node/rules/local_time.h"
#include "node/rules/pin.h"

using namespace hearth;
using namespace hearth::node;
using From = Offering::From;
using What = Verdict::What;

namespace {

money::Amount euros(const char* text) {
  return *money::parse(std::string(text) + " EUR");
}

/// A home that refuses for every reason there is.
HomeRules strict() {
  HomeRules rules;
  rules.pushers = Pushers::contacts;
  rules.reception = Reception::accept;
  rules.kinds = 1 << static_cast<int>(wire::Kind::video);
  rules.max_age = 12;
  rules.max_size = 1000;
  rules.month_quota = 5000;
  rules.hours = {8 * 60, 20 * 60};
  rules.out_of_hours = OutOfHours::refuse;
  return rules;
}

Offering welcome() {
  Offering what;
  what.from = From::contact;
  what.kind = wire::Kind::video;
  what.size = 1000;
  what.min_age = 12;
  return what;
}

Moment noon() {
  Moment now;
  now.minute_of_day = 12 * 60;
  now.received_month = 4000;
  return now;
}

HomeRules limited() {
  HomeRules rules;
  rules.spending = {{"EUR", 500, 1000, 2000}};
  return rules;
}

}  // namespace

TEST_CASE("the first reason that applies is the one that is given") {
  HomeRules rules = strict();
  Offering what = welcome();
  Moment now = noon();
  CHECK(decide(rules, what, now).what == What::accept);

  // Each step breaks one more rule, from the last of the order to the first.
  const auto reason = [&] {
    const Verdict verdict = decide(rules, what, now);
    CHECK(verdict.what == What::refuse);
    return verdict.sentence;
  };
  now.minute_of_day = 7 * 60;
  CHECK(reason() == "This home takes no gifts at this time of day; please try again later.");
  now.received_month = 4001;
  CHECK(reason() == "This home has received a lot lately; please try again next month.");
  what.size = 1001;
  CHECK(reason() == "This title is larger than what this home takes.");
  what.min_age = 13;
  CHECK(reason() == "This home does not take titles of this age rating.");
  what.kind = wire::Kind::audio;
  CHECK(reason() == "This home does not take music or other sound.");
  what.from = From::stranger;
  CHECK(reason() == "This home takes gifts from its contacts only; ask it to add you.");
  rules.pushers = Pushers::nobody;
  CHECK(reason() == "This home takes no gifts at the moment.");
  what.from = From::blocked;
  CHECK(reason() == "This home does not take this gift.");
}

TEST_CASE("who is asked") {
  struct Row {
    const char* why;
    Reception home;
    From from;
    std::optional<Reception> own;
    bool must_ask, muted;
    What what;
    bool quiet;
  };
  using R = Reception;
  const Row rows[] = {
      {"a person, unless said", R::ask, From::contact, {}, false, false, What::ask, false},
      {"nobody, by the home's rule",
       R::accept,
       From::contact,
       {},
       false,
       false,
       What::accept,
       false},
      {"a stranger's gift always asks",
       R::accept,
       From::stranger,
       {},
       false,
       false,
       What::ask,
       false},
      {"the contact's own rule first", R::ask, From::contact, R::accept, false, false, What::accept,
       false},
      {"the contact's own rule first", R::accept, From::contact, R::ask, false, false, What::ask,
       false},
      {"the giver may want the person", R::accept, From::contact, R::accept, true, false, What::ask,
       false},
      {"a muted contact's gift waits in silence",
       R::ask,
       From::contact,
       {},
       false,
       true,
       What::ask,
       true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    HomeRules rules;
    rules.reception = row.home;
    Offering what;
    what.from = row.from;
    what.reception = row.own;
    what.must_ask = row.must_ask;
    what.muted = row.muted;
    const Verdict verdict = decide(rules, what, noon());
    CHECK(verdict.what == row.what);
    CHECK(verdict.quiet == row.quiet);
    CHECK(verdict.sentence.empty());
  }
}

TEST_CASE("outside of the hours a gift waits in silence, unless it is to be refused") {
  HomeRules rules;
  rules.reception = Reception::accept;
  rules.hours = {8 * 60, 20 * 60};
  Moment night;
  night.minute_of_day = 23 * 60;
  const Verdict verdict = decide(rules, welcome(), night);
  CHECK(verdict.what == What::ask);
  CHECK(verdict.quiet);
  CHECK(verdict.later);  // and is decided about when they begin
  night.minute_of_day = 8 * 60;
  CHECK(decide(rules, welcome(), night).what == What::accept);
  CHECK_FALSE(decide(rules, welcome(), night).later);
}

TEST_CASE("hours may go over midnight") {
  struct Row {
    Hours hours;
    int minute;
    bool inside;
  };
  const Row rows[] = {
      {{0, 0}, 0, true},          {{600, 600}, 599, true},   {{480, 1200}, 479, false},
      {{480, 1200}, 480, true},   {{480, 1200}, 1199, true}, {{480, 1200}, 1200, false},
      {{1320, 360}, 1319, false}, {{1320, 360}, 1320, true}, {{1320, 360}, 1439, true},
      {{1320, 360}, 0, true},     {{1320, 360}, 359, true},  {{1320, 360}, 360, false},
      {{1320, 360}, 720, false},  {{0, 1439}, 1439, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.hours.from);
    CAPTURE(row.minute);
    CHECK(row.hours.contain(row.minute) == row.inside);
  }
}

TEST_CASE("the quota counts what was received, and cannot be passed around by large numbers") {
  HomeRules rules;
  rules.month_quota = 100;
  Offering what = welcome();
  Moment now = noon();
  now.received_month = 0;
  what.size = 100;
  CHECK(decide(rules, what, now).what == What::ask);
  now.received_month = 1;
  CHECK(decide(rules, what, now).what == What::refuse);
  now.received_month = 101;  // the quota was made smaller since
  what.size = 0;
  CHECK(decide(rules, what, now).what == What::refuse);
  now.received_month = 0;
  what.size = ~std::uint64_t{0};
  CHECK(decide(rules, what, now).what == What::refuse);
}

TEST_CASE("spending limits: at once, a day, a month, and no way around by another currency") {
  struct Row {
    std::int64_t day, month;
    const char* price;
    SpendVerdict verdict;
  };
  using V = SpendVerdict;
  const Row rows[] = {
      {0, 0, "5.00", V::allowed},
      {0, 0, "5.01", V::over_purchase},
      {500, 500, "5.00", V::allowed},
      {501, 501, "5.00", V::over_day},
      {0, 1500, "5.00", V::allowed},
      {0, 1501, "5.00", V::over_month},
      {1000, 2000, "0.01", V::over_day},
      {0, 2000, "0.00", V::allowed},
      {9000, 9000, "6.00", V::over_purchase},
      {9223372036854775807, 0, "0.01", V::over_day},
  };
  for (const Row& row : rows) {
    CAPTURE(row.price);
    CAPTURE(row.day);
    CHECK(may_spend(limited(), {row.day, row.month}, euros(row.price)) == row.verdict);
  }
  const auto yen = *money::parse("1 JPY");
  CHECK(may_spend(limited(), {}, yen) == V::no_limit_for_currency);
  CHECK(may_spend(HomeRules(), {}, yen) == V::allowed);
  CHECK(spend_sentence(limited(), V::over_day, euros("4.00")) ==
        "With 4.00 EUR more, this home would spend over 10.00 EUR today.");
  CHECK(spend_sentence(limited(), V::no_limit_for_currency, yen) ==
        "1 JPY is in a currency for which this home has set no spending limit.");
}

TEST_CASE("a profile shows what its rating allows, and nothing is hidden without one") {
  HomeRules rules;
  CHECK(rules.shows(no_rating_limit));
  rules.profiles = {{"Mia", 6}, {"Grown-ups", no_rating_limit}};
  rules.profile = "Mia";
  CHECK(rules.shows(0));
  CHECK(rules.shows(6));
  CHECK_FALSE(rules.shows(7));
  rules.profile = "Grown-ups";
  CHECK(rules.shows(18));
}

TEST_CASE("rules come back from the disk as they were, and damage is seen") {
  HomeRules rules = strict();
  rules.spending = {{"EUR", 500, 0, 2000}, {"JPY", 0, 100, 0}};
  rules.profiles = {{"Mia", 6}, {"Opa", 21}};
  rules.profile = "Mia";
  const Bytes stored = encode(rules);
  CHECK(decode_rules(stored) == rules);
  CHECK(decode_rules(encode(HomeRules())) == HomeRules());
  for (std::size_t cut = 0; cut < stored.size(); ++cut) {
    CHECK_FALSE(decode_rules(ByteView(stored).first(cut)));
  }
  const auto refused = [](auto change) {
    HomeRules changed = strict();
    change(changed);
    return !decode_rules(encode(changed));
  };
  CHECK(refused([](HomeRules& r) { r.hours.from = 24 * 60; }));
  CHECK(refused([](HomeRules& r) { r.kinds = 0x10; }));
  CHECK(refused([](HomeRules& r) { r.max_age = 22; }));
  CHECK(refused([](HomeRules& r) { r.spending = {{"EUR", -1, 0, 0}}; }));
  CHECK(refused([](HomeRules& r) { r.spending = {{"EUR", 1, 0, 0}, {"EUR", 2, 0, 0}}; }));
  CHECK(refused([](HomeRules& r) { r.spending = {{"XXQ", 1, 0, 0}}; }));
  CHECK(refused([](HomeRules& r) { r.profiles = {{"Mia", 6}, {"Mia", 7}}; }));
  CHECK(refused([](HomeRules& r) { r.profile = "nobody"; }));
  CHECK(refused([](HomeRules& r) { r.pushers = static_cast<Pushers>(4); }));
}

TEST_CASE("five wrong tries, then a pause of fifteen minutes") {
  PinState state{*hash_pin("2580"), 0, 0};
  CHECK(crypto::password_matches(state.hash, "2580"));
  CHECK_FALSE(crypto::password_matches(state.hash, "2581"));
  UtcMs now = 1'000'000;
  for (int left = 4; left >= 1; --left) {
    state = *begin_try(state, now);
    CHECK(wrong_sentence(state).find(left == 1 ? "one more try" : std::to_string(left)) !=
          std::string::npos);
  }
  state = *begin_try(state, now);
  CHECK(wrong_sentence(state).find("15 minutes") != std::string::npos);
  state = *decode_pin(encode(state));  // a restart does not help
  CHECK_FALSE(begin_try(state, now + 1));
  CHECK(pause_sentence(state, now + 1) ==
        "The PIN was wrong too often. Nothing was done; try again in 15 minutes.");
  CHECK_FALSE(begin_try(state, now + pin_pause_ms - 1));
  CHECK(begin_try(state, now + pin_pause_ms)->wrong == 1);
  CHECK(begin_try(state, now - 10 * pin_pause_ms));  // the clock was set back

  state = after_right(*begin_try({state.hash, 3, 0}, now));
  CHECK(state.wrong == 0);
  CHECK(begin_try(state, now));
}

TEST_CASE("a PIN is 4 to 12 digits") {
  for (const char* good : {"0000", "123456789012"}) CHECK(check_pin(good));
  for (const char* bad : {"", "123", "1234567890123", "12a4", "12 4", "-123"})
    CHECK_FALSE(check_pin(bad));
  CHECK_FALSE(decode_pin(Bytes{1}));
}

TEST_CASE("a local day holds its moment and begins at midnight") {
  const Moment moment = local_moment(1'795'348'800'123);
  CHECK(moment.now == 1'795'348'800'123);
  CHECK(moment.day_began <= moment.now);
  CHECK(moment.now - moment.day_began < 25 * 3'600'000);
  CHECK(moment.month_began <= moment.day_began);
  CHECK(local_moment(moment.day_began).minute_of_day == 0);
  CHECK(local_moment(moment.day_began - 1).day_began < moment.day_began);
}

TEST_CASE("people read times of their own zone") {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TZ", "Europe/Berlin", 1);
  ::tzset();
  CHECK(local_text(1'798'131'600'000) == "24 Dec 2026 18:00");
  CHECK(local_text(1'798'066'800'000) == "24 Dec 2026");  // its first moment
  CHECK(local_text(1'798'066'799'999) == "23 Dec 2026");  // the last of the day before
  CHECK(local_text(0).empty());
  ReceivedGift gift;
  gift.words.open_from_ms = 1'798'131'600'000;
  const auto refused = check_open(gift, 0);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().sentence.find("24 Dec 2026 18:00") != std::string::npos);
  if (before == nullptr) ::unsetenv("TZ");
  if (before != nullptr) ::setenv("TZ", kept.c_str(), 1);
  ::tzset();
}
