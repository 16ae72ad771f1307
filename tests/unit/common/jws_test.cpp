#include "common/wire/jws.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

const crypto::SignKey& key() {
  static const auto made = crypto::SignKey::from_seed(test::seed(1));
  return made;
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

/// Any header and payload, properly signed.
std::string signed_text(const std::string& header, const std::string& payload) {
  const std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(payload));
  return text + "." + to_base64url(key().sign(as_bytes(text)));
}

std::string header_with(const std::string& more) {
  return R"({"alg":"EdDSA","kid":")" + to_base64url(key().public_key()) + "\"" + more + "}";
}

TEST_CASE("a signed document is verified against its own key, type and signer") {
  const std::string text = sign_jws("t/1", {{"a", 1}}, key());
  const auto verified = verify_jws(text, "t/1");
  REQUIRE(verified);
  CHECK(verified->typ == "t/1");
  CHECK(verified->signer == key().public_key());
  CHECK(verified->payload == Json{{"a", 1}});
  CHECK(claimed_jws_type(text) == "t/1");
  CHECK(claimed_jws_type("nothing") == "");
  CHECK(verify_jws_from(text, "t/1", key().public_key()));
  CHECK(code_of(verify_jws(text, "t/2")) == "usage");
  const auto other = crypto::SignKey::from_seed(test::seed(2));
  CHECK(code_of(verify_jws_from(text, "t/1", other.public_key())) == "wrong_signer");
  CHECK(code_of(verify_jws(text, "t/1", text.size())) == "ok");
  CHECK(code_of(verify_jws(text, "t/1", text.size() - 1)) == "too_large");
  CHECK(as_text(*from_base64url(text.substr(0, text.find('.')))) == header_with(R"(,"typ":"t/1")"));
}

TEST_CASE("no flipped bit of a signed document is accepted") {
  const std::string text = sign_jws("t/1", {{"name", "a name"}, {"n", 5}}, key());
  REQUIRE(verify_jws(text, "t/1"));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(at);
      CAPTURE(bit);
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      CHECK_FALSE(verify_jws(changed, "t/1"));
    }
    CHECK_FALSE(verify_jws(text.substr(0, at), "t/1"));
  }
}

TEST_CASE("every document refuses each of its bytes changed") {
  const test::Specimens all;
  const auto offer = all.offer();
  const std::string purchase = write_purchase(all.purchase(), all.buyer.identity());
  const std::string receipt = write_receipt(all.receipt(), all.ledger);
  const std::string redemption = write_redemption(all.voucher(), all.element(30));
  const auto each_byte = [](const std::string& text, auto&& read) {
    REQUIRE(read(text));
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1 << at % 7);
      CHECK_FALSE(read(changed));
    }
  };
  each_byte(offer.manifest_jws, [](const auto& t) { return read_manifest(t).has_value(); });
  each_byte(offer.jws, [](const auto& t) { return read_offer(t).has_value(); });
  each_byte(purchase, [](const auto& t) { return read_purchase(t).has_value(); });
  each_byte(redemption, [](const auto& t) { return read_redemption(t).has_value(); });
  each_byte(receipt,
            [&](const auto& t) { return read_receipt(t, all.ledger.public_key()).has_value(); });
}

TEST_CASE("a document of one type is none of another") {
  const test::Specimens all;
  const std::string purchase = write_purchase(all.purchase(), all.buyer.identity());
  CHECK(code_of(read_manifest(purchase)) == "usage");
  CHECK(code_of(read_offer(purchase)) == "usage");
  CHECK(code_of(read_redemption(purchase)) == "usage");
  CHECK(code_of(read_purchase(all.offer().jws)) == "usage");
}

TEST_CASE("headers of another form are refused though the signature holds") {
  struct Row {
    const char* what;
    std::string text;
    const char* code;
  };
  const std::string good = header_with(R"(,"typ":"t/1")");
  std::string none = good;
  none.replace(none.find("EdDSA"), 5, "none");
  const Row rows[] = {
      {"good", signed_text(good, "{}"), "ok"},
      {"no typ", signed_text(header_with(""), "{}"), "usage"},
      {"another member", signed_text(header_with(R"(,"typ":"t/1","crit":["x"])"), "{}"), "usage"},
      {"members in another order",
       signed_text(
           R"({"typ":"t/1","kid":")" + to_base64url(key().public_key()) + R"(","alg":"EdDSA"})",
           "{}"),
       "ok"},
      {"blanks", signed_text(" " + header_with(R"( , "typ" : "t/1" )"), "{}"), "ok"},
      {"typ with an escape", signed_text(header_with(R"(,"typ":"t\u002f1")"), "{}"), "ok"},
      {"typ ends in a quote", signed_text(header_with(R"(,"typ":"t/1\"")"), "{}"), "usage"},
      {"typ twice", signed_text(header_with(R"(,"typ":"x","typ":"t/1")"), "{}"), "usage"},
      {"empty typ", signed_text(header_with(R"(,"typ":"")"), "{}"), "usage"},
      {"typ not UTF-8", signed_text(header_with(",\"typ\":\"\xff\""), "{}"), "usage"},
      {"kid with padding",
       signed_text(
           R"({"alg":"EdDSA","kid":")" + to_base64url(key().public_key()) + R"(=","typ":"t/1"})",
           "{}"),
       "too_large"},
      {"alg none", signed_text(none, "{}"), "usage"},
      {"kid cut", signed_text(R"({"alg":"EdDSA","kid":"AAAA","typ":"t/1"})", "{}"), "usage"},
      {"no object", signed_text("[]", "{}"), "usage"},
      {"no JSON", signed_text("x", "{}"), "usage"},
      {"long header", signed_text(good + std::string(600, ' '), "{}"), "usage"},
      {"payload no JSON", signed_text(good, "x"), "usage"},
      {"payload with a fraction", signed_text(good, R"({"a":1.5})"), "usage"},
      {"payload with a member twice", signed_text(good, R"({"a":1,"a":1})"), "usage"},
      {"four parts", signed_text(good, "{}") + ".x", "usage"},
      {"padding", signed_text(good, "{}") + "=", "usage"},
      {"line feed", signed_text(good, "{}") + "\n", "usage"},
      {"empty", "", "usage"},
      {"dots", "..", "usage"}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(code_of(verify_jws(row.text, "t/1")) == row.code);
  }
}

}  // namespace
}  // namespace hearth::wire
