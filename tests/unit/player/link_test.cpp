#include <random>

#include <doctest/doctest.h>

#include "common/link/frames.h"
#include "common/link/messages.h"

using namespace hearth;
using namespace hearth::link;

namespace {
Bytes raw(std::initializer_list<int> values) {
  Bytes out;
  for (const int v : values) out.push_back(static_cast<std::uint8_t>(v));
  return out;
}
}  // namespace

TEST_CASE("a frame is length, type, body") {
  CHECK(encode_frame(FrameType::json, as_bytes("{}")) == raw({0, 0, 0, 3, 1, '{', '}'}));
  CHECK(encode_frame(FrameType::bytes, {}) == raw({0, 0, 0, 1, 2}));
}

TEST_CASE("frames come out however the bytes arrive") {
  Bytes all = encode_frame(FrameType::json, as_bytes("{\"order\":\"stop\"}"));
  append(all, encode_frame(FrameType::bytes, Bytes(70'000, 7)));
  append(all, encode_frame(FrameType::json, {}));
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{4096}, all.size()}) {
    FrameDecoder decoder;
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < all.size(); at += step) {
      decoder.push(ByteView(all).subspan(at, std::min(step, all.size() - at)));
      while (true) {
        auto next = decoder.next();
        REQUIRE(next);
        if (!*next) break;
        frames.push_back(**next);
      }
    }
    REQUIRE(frames.size() == 3);
    CHECK(as_text(frames[0].body) == "{\"order\":\"stop\"}");
    CHECK(frames[1].body.size() == 70'000);
    CHECK(frames[2].body.empty());
  }
}

TEST_CASE("hostile frames end the stream") {
  struct Row {
    const char* what;
    Bytes bytes;
    Code code;
  };
  const Row rows[] = {
      {"no type", raw({0, 0, 0, 0, 1}), Code::usage},
      {"unknown type 0", raw({0, 0, 0, 1, 0}), Code::usage},
      {"unknown type 3", raw({0, 0, 0, 2, 3, 0}), Code::usage},
      {"one byte over 9 MiB", raw({0, 0x90, 0, 1, 2}), Code::too_large},
      {"4 GiB", raw({0xFF, 0xFF, 0xFF, 0xFF, 2}), Code::too_large},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    FrameDecoder decoder;
    decoder.push(row.bytes);
    const auto first = decoder.next();
    REQUIRE(!first);
    CHECK(first.error().code == row.code);
    decoder.push(encode_frame(FrameType::json, as_bytes("{}")));
    CHECK(!decoder.next());
  }
  FrameDecoder small(max_json);
  small.push(encode_frame(FrameType::bytes, Bytes(max_json, 0)));
  CHECK(!small.next());
}

TEST_CASE("orders arrive as they were sent") {
  const Play play{std::string(64, 'a'), "Film \"é\" {x}",
                  wire::Kind::video,    "video/mp4",
                  1ull << 41,           5'000,
                  "Line\nline",         "Anna"};
  const auto back = decode_order(as_bytes(encode(Order(play))));
  REQUIRE(back);
  const auto& same = std::get<Play>(*back);
  CHECK(same.stream == play.stream);
  CHECK(same.name == play.name);
  CHECK(same.kind == play.kind);
  CHECK(same.size == play.size);
  CHECK(same.start_ms == play.start_ms);
  CHECK(same.note == play.note);
  CHECK(same.from == play.from);

  const Order simple[] = {Stop{}, Pause{}, Resume{}, Quit{}};
  for (const Order& order : simple) {
    const auto decoded = decode_order(as_bytes(encode(order)));
    REQUIRE(decoded);
    CHECK(decoded->index() == order.index());
  }
  CHECK(std::get<Seek>(*decode_order(as_bytes(encode(Order(Seek{77}))))).position_ms == 77);
  CHECK(std::get<link::Page>(*decode_order(as_bytes(encode(Order(link::Page{-1}))))).step == -1);
  CHECK(std::get<Notify>(*decode_order(as_bytes(encode(Order(Notify{"h", "t", 9}))))).seconds == 9);
  CHECK(std::get<HomeScreen>(*decode_order(as_bytes(encode(Order(HomeScreen{"n", 3})))))
            .waiting_gifts == 3);
  const Prompt prompt{"id",   "A gift from Anna", "Film",      "Film, 92 minutes",
                      "note", "It fetches.",      {0xff, 0xd8}};
  const auto asked = std::get<Prompt>(*decode_order(as_bytes(encode(Order(prompt)))));
  CHECK(asked.prompt == "id");
  CHECK(asked.title == "Film");
  CHECK(asked.note == "note");
  CHECK(asked.meaning == "It fetches.");
  CHECK(asked.picture == prompt.picture);
  CHECK(std::get<Prompt>(*decode_order(as_bytes(encode(Order(Prompt{}))))).prompt.empty());
  Prompt large = prompt;
  large.picture.assign(max_prompt_picture + 1, 0x55);
  CHECK_FALSE(decode_order(as_bytes(encode(Order(large)))));
}

TEST_CASE("events and stream messages arrive as they were sent") {
  const State state{PlayState::failed, "abc", 1, 2, 3, 4, "It failed.", "one"};
  CHECK(std::get<State>(*decode_event(as_bytes(encode(Event(state))))) == state);
  CHECK(std::get<Ready>(*decode_event(as_bytes(encode(Event(Ready{1920, 1080}))))).width == 1920);
  CHECK(std::get<ScreenshotTaken>(
            *decode_event(as_bytes(encode(Event(ScreenshotTaken{5, true, ""})))))
            .ok);
  for (const Choice choice : {Choice::accept, Choice::later, Choice::decline}) {
    const auto event = decode_event(as_bytes(encode(Event(Answered{"id", choice}))));
    REQUIRE(event);
    CHECK(std::get<Answered>(*event).choice == choice);
  }
  CHECK_FALSE(decode_event(as_bytes(R"({"event":"answer","prompt":"id","choice":"maybe"})")));
  CHECK(decode_hello(as_bytes(encode(Hello{}))).value().control);
  CHECK(decode_hello(as_bytes(encode(Hello{false, "id"}))).value().stream == "id");
  CHECK(decode_stream_opened(as_bytes(encode(StreamOpened{true, 9, ""}))).value().size == 9);
  CHECK(decode_stream_opened(as_bytes(encode(StreamOpened{false, 0, "No."}))).value().sentence ==
        "No.");
  CHECK(decode_read_request(as_bytes(encode(ReadRequest{7, 8}))).value().length == 8);
  // What a library said may be no UTF-8 at all; it is made so.
  CHECK(decode_event(
      as_bytes(encode(Event(State{PlayState::failed, "", 0, 0, 0, 0, "\xFF\xC3", ""})))));
}

TEST_CASE("messages out of bounds are refused") {
  const char* orders[] = {
      R"({})",
      R"([])",
      R"({"order":"dance"})",
      R"({"order":7})",
      R"({"order":"play"})",
      R"({"order":"play","stream":"a","kind":"smell","size":1})",
      R"({"order":"play","stream":"a","kind":"video","size":-1})",
      R"({"order":"play","stream":"a","kind":"video","size":1,"start_ms":-5})",
      R"({"order":"seek"})",
      R"({"order":"seek","position_ms":-1})",
      R"({"order":"seek","position_ms":1.5})",
      R"({"order":"page","step":2})",
      R"({"order":"notify","seconds":0})",
      R"({"order":"screenshot","request":-1})",
      "{\"order\":\"stop\"} ",
      "{\"order\":\"stop\",\"order\":\"quit\"}",
  };
  for (const char* json : orders) {
    CAPTURE(json);
    const auto decoded = decode_order(as_bytes(json));
    const bool trailing_blank = std::string_view(json).ends_with(' ');
    CHECK(decoded.has_value() == trailing_blank);
  }
  CHECK(!decode_order(as_bytes(R"({"order":"play","kind":"video","size":1,"stream":")" +
                               std::string(200, 'x') + "\"}")));
  CHECK(!decode_order(as_bytes(std::string(max_order, ' ') + R"({"order":"stop"})")));
  CHECK(!decode_hello(as_bytes(R"({"hello":"control","version":2})")));
  CHECK(!decode_hello(as_bytes(R"({"hello":"stream"})")));
  CHECK(!decode_event(as_bytes(R"({"event":"state","state":"dancing"})")));
  CHECK(!decode_event(as_bytes(R"({"event":"ready","width":99999999,"height":1})")));
  CHECK(!decode_read_request(as_bytes(R"({"read":0,"length":8388609})")));
  CHECK(!decode_read_request(as_bytes(R"({"read":-1,"length":1})")));
}

TEST_CASE("seeded noise never gets past the decoders as an order") {
  std::mt19937 random(20261122);
  for (int round = 0; round < 3000; ++round) {
    Bytes noise(random() % 200);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    FrameDecoder decoder;
    decoder.push(noise);
    for (int frames = 0; frames < 100; ++frames) {
      const auto next = decoder.next();
      if (!next || !*next) break;
      CHECK((*next)->body.size() <= noise.size());
    }
    CHECK(!decode_order(noise));
    // A good order with one byte changed: refused or still an order, never more.
    Bytes json = to_bytes(
        as_bytes(encode(Order(Play{"s", "n", wire::Kind::audio, "audio/mpeg", 9, 0, "", "Anna"}))));
    json[random() % json.size()] = static_cast<std::uint8_t>(random());
    const auto order = decode_order(json);
    if (order && std::holds_alternative<Play>(*order)) {
      CHECK(std::get<Play>(*order).size <= 1ull << 42);
    }
  }
}
