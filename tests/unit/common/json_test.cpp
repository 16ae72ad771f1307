#include "common/wire/json.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace hearth::wire {
namespace {

std::string code_of(const std::string& text, std::size_t max_bytes = 1'000'000) {
  const auto parsed = parse_json(as_bytes(text), max_bytes);
  return parsed ? "ok" : std::string(code_name(parsed.error().code));
}

std::string nested(int depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string list_of(int count) {
  std::string out = "[0";
  for (int i = 1; i < count; ++i) out += ",0";
  return out + "]";
}

TEST_CASE("what is JSON within the limits is read") {
  const auto json = parse_json(as_bytes(R"( {"a":[1,-2,true,null,"é\u00e9"],"b":{"c":{}}} )"), 100);
  REQUIRE(json);
  CHECK(json->dump() == R"({"a":[1,-2,true,null,"éé"],"b":{"c":{}}})");
  CHECK(code_of("0") == "ok");
  CHECK(code_of("\"text\"") == "ok");
  CHECK(code_of(nested(16)) == "ok");
  CHECK(code_of(list_of(9'999)) == "ok");
  CHECK(code_of("18446744073709551615") == "ok");
}

TEST_CASE("every value is what nlohmann's own reader makes of it, of the same type") {
  const std::string long_text(100'000, 'x');
  for (const std::string& text :
       {std::string("-9223372036854775808"), std::string("9223372036854775807"),
        std::string("9223372036854775808"),
        std::string(R"(["",{"":[]},false,"\ud83d\ude00\u0000\/"])"),
        std::string(R"({"b":1,"a":{"d":[[]],"c":null}})"), "[\"" + long_text + "\"]"}) {
    CAPTURE(text.substr(0, 100));
    const auto json = parse_json(as_bytes(text), 200'000);
    const Json expected = Json::parse(text);
    REQUIRE(json);
    CHECK(*json == expected);
    CHECK(json->type() == expected.type());
    CHECK(json->dump() == expected.dump());
  }
  JsonLimits limits;
  limits.max_bytes = 100;
  limits.fractions = true;
  CHECK(*parse_json(as_bytes("[0.1,1e3,-2.5e-3]"), limits) == Json::parse("[0.1,1e3,-2.5e-3]"));
}

TEST_CASE("a refusal says what is wrong, and where") {
  const auto why = [](const std::string& text) {
    return parse_json(as_bytes(text), 1'000'000).error().sentence;
  };
  const std::string refused = "The JSON text was refused: ";
  CHECK(why("{\"a\":1,\n\"b\" 2}") == refused + "it is not JSON from byte 13 on.");
  CHECK(why("\"\xff\"") == refused + "it is not JSON from byte 2 on.");
  CHECK(why("18446744073709551616") ==
        refused + "it holds a number that is not a whole number of 64 bits.");
  CHECK(why("1.5") == refused + "it holds a number that is not a whole number of 64 bits.");
  CHECK(why(nested(17)) == refused + "it is nested more than 16 deep.");
  CHECK(why(nested(100'000)) == refused + "it is nested more than 16 deep.");
  CHECK(why(list_of(10'000)) == refused + "it holds more than 10000 values.");
  CHECK(why(R"({"a":1,"a":2})") == refused + "it names a member twice.");
}

TEST_CASE("what is not, or is beyond them, is refused") {
  struct Row {
    const char* what;
    std::string text;
  };
  const Row rows[] = {{"nothing", ""},
                      {"blank", "  "},
                      {"bytes after the end", "{} x"},
                      {"two values", "{}{}"},
                      {"cut short", "{\"a\":1"},
                      {"member twice", R"({"a":1,"b":2,"a":1})"},
                      {"member twice, by escape", R"({"a":1,"\u0061":1})"},
                      {"fraction", "1.0"},
                      {"exponent", "1e3"},
                      {"beyond 64 bits", "18446744073709551616"},
                      {"comment", "{} // no"},
                      {"comma at the end", "[1,]"},
                      {"single quotes", "{'a':1}"},
                      {"not UTF-8", "\"\xff\""},
                      {"lone surrogate", R"("\ud800")"},
                      {"overlong", "\"\xc0\xaf\""},
                      {"raw control character", "\"a\nb\""},
                      {"byte order mark", "\xef\xbb\xbf{}"},
                      {"NaN", "NaN"},
                      {"too deep", nested(17)},
                      {"very much too deep", nested(100'000)},
                      {"too many values", list_of(10'000)}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(code_of(row.text) == "usage");
  }
  CHECK(code_of("[1,2,3]", 7) == "ok");
  CHECK(code_of("[1,2,3]", 6) == "too_large");
}

Json object() {
  return Json::parse(R"({"text":"abc","null":null,"n":5,"big":18446744073709551615,"yes":true,
                         "b64":"AAEC","hex":"0a0b","HEX":"0A0B","list":[1,2,3],"object":{"x":1}})");
}

TEST_CASE("fields are read straight down") {
  const Json json = object();
  Fields fields(json, "thing");
  CHECK(fields.required_text("text", 3) == "abc");
  CHECK(fields.text("missing", 3, "default") == "default");
  CHECK(fields.text("null", 3, "default") == "default");
  CHECK(fields.integer("n", 0, 5) == 5);
  CHECK(fields.integer_or("missing", 0, 5, -1) == -1);
  CHECK(fields.boolean_or("yes", false));
  CHECK(fields.boolean_or("missing", true));
  CHECK(fields.base64url("b64", 3) == Bytes{0, 1, 2});
  CHECK(fields.fixed_base64url<3>("b64") == std::array<std::uint8_t, 3>{0, 1, 2});
  CHECK(fields.fixed_hex<2>("hex") == std::array<std::uint8_t, 2>{10, 11});
  CHECK(fields.array("list", 3).size() == 3);
  CHECK(fields.object("object")["x"] == 1);
  CHECK(fields.array("missing", 3).is_null());
  CHECK(fields.object("missing").is_null());
  CHECK(fields.has("n"));
  CHECK_FALSE(fields.has("null"));
  CHECK(fields.ok());
}

TEST_CASE("each fault names its field, and the first one stays") {
  using Read = void (*)(Fields&);
  struct Row {
    const char* name;
    Read read;
    Code code;
  };
  const Row rows[] = {{"missing", [](Fields& f) { f.required_text("missing", 9); }, Code::usage},
                      {"null", [](Fields& f) { f.required_text("null", 9); }, Code::usage},
                      {"n", [](Fields& f) { f.required_text("n", 9); }, Code::usage},
                      {"n", [](Fields& f) { f.text("n", 9); }, Code::usage},
                      {"text", [](Fields& f) { f.required_text("text", 2); }, Code::too_large},
                      {"text", [](Fields& f) { f.integer("text", 0, 9); }, Code::usage},
                      {"n", [](Fields& f) { f.integer("n", 0, 4); }, Code::usage},
                      {"n", [](Fields& f) { f.integer("n", 6, 9); }, Code::usage},
                      {"n", [](Fields& f) { f.integer_or("n", 6, 9, 7); }, Code::usage},
                      {"big",
                       [](Fields& f) {
                         f.integer("big", std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::max());
                       },
                       Code::usage},
                      {"yes", [](Fields& f) { f.integer("yes", 0, 9); }, Code::usage},
                      {"n", [](Fields& f) { f.boolean_or("n", true); }, Code::usage},
                      {"b64", [](Fields& f) { f.base64url("b64", 2); }, Code::too_large},
                      {"b64", [](Fields& f) { f.fixed_base64url<4>("b64"); }, Code::usage},
                      {"missing", [](Fields& f) { f.base64url("missing", 2); }, Code::usage},
                      {"HEX", [](Fields& f) { f.hex("HEX", 2); }, Code::usage},
                      {"hex", [](Fields& f) { f.fixed_hex<3>("hex"); }, Code::usage},
                      {"text", [](Fields& f) { f.hex("text", 2); }, Code::usage},
                      {"list", [](Fields& f) { f.array("list", 2); }, Code::usage},
                      {"object", [](Fields& f) { f.array("object", 2); }, Code::usage},
                      {"list", [](Fields& f) { f.object("list"); }, Code::usage}};
  const Json json = object();
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fields fields(json, "thing");
    row.read(fields);
    REQUIRE_FALSE(fields.ok());
    CHECK(code_name(fields.error().code) == code_name(row.code));
    CHECK(fields.error().sentence.find(row.name) != std::string::npos);
    const std::string first = fields.error().sentence;
    fields.required_text("another", 1);
    CHECK(fields.error().sentence == first);
    CHECK(fields.required_text("text", 3).empty());
  }
}

TEST_CASE("what is no object has no fields") {
  for (const Json& json : {Json(), Json(1), Json::array({1}), Json("text")}) {
    Fields fields(json, "thing");
    CHECK_FALSE(fields.ok());
    CHECK_FALSE(fields.has("x"));
    CHECK(fields.integer_or("x", 0, 9, 3) == 3);
  }
}

}  // namespace
}  // namespace hearth::wire
