// RFC 4648 §10, BIP 173.
#include <string>

#include <doctest/doctest.h>

#include "common/base/bech32.h"
#include "common/base/bytes.h"

namespace hearth {
namespace {

TEST_CASE("RFC 4648 §10: base64 and base16") {
  struct Row {
    const char* text;
    const char* base64;
    const char* base16;
  };
  const Row rows[] = {{"", "", ""},
                      {"f", "Zg==", "66"},
                      {"fo", "Zm8=", "666f"},
                      {"foo", "Zm9v", "666f6f"},
                      {"foob", "Zm9vYg==", "666f6f62"},
                      {"fooba", "Zm9vYmE=", "666f6f6261"},
                      {"foobar", "Zm9vYmFy", "666f6f626172"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Bytes bytes = to_bytes(as_bytes(row.text));
    std::string bare = row.base64;
    while (bare.ends_with('=')) bare.pop_back();
    CHECK(to_base64(bytes) == row.base64);
    CHECK(to_base64(bytes, false) == bare);
    CHECK(to_base64url(bytes) == bare);
    CHECK(to_hex(bytes) == row.base16);
    CHECK(from_base64(row.base64) == bytes);
    CHECK(from_base64(bare, false) == bytes);
    CHECK(from_base64url(bare) == bytes);
    CHECK(from_hex(row.base16) == bytes);
  }
  CHECK(to_base64url(Bytes{0xfb, 0xff}) == "-_8");
  CHECK(to_base64(Bytes{0xfb, 0xff}) == "+/8=");
  CHECK(from_hex("aAFf") == Bytes{0xaa, 0xff});
}

TEST_CASE("one text per value: every other spelling is refused") {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "Zm9v\n", " Zm9v", "Zm-v",
                           "Zg==Zg==", "====", "=", "Zm9vA==="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
  for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9v\n", "Zm+v", "Zm/v", "Zm9v="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
  }
  for (const char* text : {"6", "6g", "0x66", "66 ", "6 6"}) {
    CAPTURE(text);
    CHECK_FALSE(from_hex(text));
  }
}

TEST_CASE("BIP 173: valid texts, decoded and written again") {
  const std::string valid[] = {
      "A12UEL5L",
      "a12uel5l",
      "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
      "11" + std::string(82, 'q') + "c8247j",
      "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
      "?1ezyfcl"};
  for (const std::string& text : valid) {
    CAPTURE(text);
    const auto decoded = bech32::decode(text);
    REQUIRE(decoded);
    std::string lower = text;
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    CHECK(bech32::encode(decoded->prefix, decoded->data) == lower);
  }
  CHECK(to_hex(bech32::decode("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")->data) ==
        "00443214c74254b635cf84653a56d7c675be77df");
}

TEST_CASE("BIP 173: texts that are refused") {
  const std::string invalid[] = {
      "\x20"
      "1nwldj5",
      "\x7f"
      "1axkwrx",
      "\x80"
      "1eym55h",
      "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx",
      "pzry9x0s0muk",
      "1pzry9x0s0muk",
      "x1b4n0q5v",
      "li1dgmt3",
      "de1lg7wt\xff",
      "A1G7SGD8",
      "10a06t8",
      "1qzzfhee",
      "a12UEL5L",
      "",
      "1"};
  for (const std::string& text : invalid) {
    CAPTURE(to_hex(as_bytes(text)));
    const auto decoded = bech32::decode(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == Code::usage);
    CHECK_FALSE(decoded.error().sentence.empty());
  }
  CHECK_FALSE(bech32::decode(std::string(1001, 'q')));
}

TEST_CASE("bech32 finds every single mistyped character") {
  const std::string good = bech32::encode("home", Bytes(32, 0x5a));
  REQUIRE(bech32::decode(good));
  for (std::size_t at = 5; at < good.size(); ++at) {
    for (const char c : std::string("qpzry9x8gf2tvdw0s3jn54khce6mua7l")) {
      std::string changed = good;
      changed[at] = c;
      CHECK(bech32::decode(changed).has_value() == (changed == good));
    }
  }
}

}  // namespace
}  // namespace hearth
