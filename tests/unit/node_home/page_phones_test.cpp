// Paired phones over a store: what is kept of them, when they are over, who may try codes.
#include <doctest/doctest.h>

#include "common/identity/home.h"
#include "node/web/changes.h"
#include "node/web/phones.h"

namespace hearth::node {
namespace {

constexpr UtcMs day = 24 * 60 * 60 * 1000, start = 20'000 * day;

/// A home's phones; the store can be looked at.
struct Paired {
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  Phones phones{records, identity::HomeKeys(crypto::Seed()).address()};

  Paired() { phones.served_at("http://localhost:8480/"); }
  Phones::Paired pair(const std::string& name, UtcMs now = start) {
    const auto shown = phones.open(PhoneRole::member, "", now);
    REQUIRE(shown.has_value());
    auto paired = phones.pair(shown->what.code, "", name, now);
    REQUIRE_MESSAGE(paired.has_value(), (paired ? "" : paired.error().sentence));
    return *paired;
  }
};

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

}  // namespace

TEST_CASE("a phone is known by its session, of which nothing but the hash is stored") {
  Paired home;
  const auto anna = home.pair("Anna's phone");
  CHECK(home.phones.by_token(anna.token, start)->name == "Anna's phone");
  const auto secret = from_base64url(anna.token);
  REQUIRE(secret.has_value());
  auto scanned = home.records.scan("", [&](std::string_view key, ByteView value) -> Result<void> {
    for (const std::string_view text : {key, as_text(value)}) {
      CHECK(text.find(anna.token) == std::string_view::npos);
      CHECK(text.find(as_text(*secret)) == std::string_view::npos);
      CHECK(text.find(to_hex(*secret)) == std::string_view::npos);
    }
    return {};
  });
  CHECK(scanned.has_value());
}

TEST_CASE("a phone is over when it was not used for 90 days, and its use is noted") {
  Paired home;
  const auto token = home.pair("Tablet").token;
  CHECK(code_of(home.phones.by_token(token, start + 89 * day)) == "ok");
  CHECK(home.phones.list(start + 89 * day)->front().used_ms == start + 89 * day);
  CHECK(code_of(home.phones.by_token(token, start + 178 * day)) == "ok");
  CHECK(home.phones.is_paired(token, start + 200 * day));
  CHECK_FALSE(home.phones.is_paired(token, start + 268 * day));
  CHECK(code_of(home.phones.by_token(token, start + 268 * day)) == "no_session");
  CHECK(home.phones.list(start + 268 * day)->empty());
  // The next pairing tidies up.
  home.pair("Another", start + 268 * day);
  CHECK(home.phones.list(start + 250 * day)->size() == 1);
}

TEST_CASE("phones are found by name or id, renamed, removed, and leave") {
  Paired home;
  const auto anna = home.pair("Phone"), ben = home.pair("Phone", start + 1);
  CHECK(code_of(home.phones.remove("Phone", start)) == "not_found");  // which?
  CHECK(code_of(home.phones.rename(anna.phone.id.substr(0, 8), "Anna's", start)) == "ok");
  CHECK(code_of(home.phones.rename("Anna's", "a/b", start)) == "name_refused");
  CHECK(code_of(home.phones.remove("Phone", start)) == "ok");
  CHECK(code_of(home.phones.by_token(ben.token, start)) == "no_session");
  CHECK(code_of(home.phones.leave(anna.token)) == "ok");
  CHECK(code_of(home.phones.by_token(anna.token, start)) == "no_session");
  CHECK(code_of(home.phones.leave("no session")) == "no_session");
}

TEST_CASE("codes are tried a few times a minute, by everybody together") {
  Paired home;
  std::string code;
  for (int i = 0; i < 12 && code != "rate_limited"; ++i) {
    code = code_of(home.phones.pair("AAAA-AAAA", "", "x", start));
  }
  CHECK(code == "rate_limited");
}

TEST_CASE("without a page there is nothing to pair with") {
  Paired home;
  home.phones.served_at("");
  CHECK(code_of(home.phones.open(PhoneRole::owner, "", start)) == "not_found");
}

TEST_CASE("who watches misses nothing, and is told of nothing twice") {
  net::Loop loop;
  Changes changes(loop);
  Changes::Mark early = changes.now();
  store::Batch batch;
  put(batch, "gift/in/00", Bytes{1});
  put(batch, "position/00", Bytes{1});
  erase(batch, "voucher/00");
  changes.note(batch);
  changes.note(batch);
  CHECK(changes.since(early) == (only(Topic::gifts) | only(Topic::wallet)));
  CHECK(changes.since(early) == no_topics);
  Changes::Mark late = changes.now();
  changes.note(only(Topic::tv));
  CHECK(changes.since(late) == only(Topic::tv));
  CHECK(changes.since(early) == only(Topic::tv));
}

}  // namespace hearth::node
