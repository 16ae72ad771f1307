#include "common/link/messages.h"

#include <algorithm>
#include <array>

#include "common/link/channel_codec.h"

namespace hearth::link {
namespace {

using wire::Fields;
using wire::Json;

constexpr std::size_t max_stream_id = 128, max_name = 1024, max_sentence = 2000;
constexpr std::int64_t max_size = std::int64_t{1} << 42;
constexpr int max_pages = 1'000'000;

constexpr std::array<std::string_view, 7> state_names = {
    "idle", "opening", "playing", "paused", "buffering", "ended", "failed"};

constexpr std::array<std::string_view, 3> choice_names = {"accept", "later", "decline"};

template <class... T>
struct Cases : T... {
  using T::operator()...;
};
template <class... T>
Cases(T...) -> Cases<T...>;

/// Text that came from a log or a library may hold anything; JSON takes valid UTF-8 only.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string bounded(std::string text, std::size_t max_bytes) {
  if (text.size() > max_bytes) text.resize(max_bytes);
  return text;
}

Json with(const char* what, const char* name, Json members) {
  members[what] = name;
  return members;
}

Result<Json> parsed(ByteView json, std::size_t max_bytes = max_json) {
  auto value = wire::parse_json(json, max_bytes);
  if (value && !value->is_object()) {
    return fail(Code::usage, "A message on the player's socket is not a JSON object.");
  }
  return value;
}

Play decode_play(Fields& f) {
  Play play;
  play.stream = f.required_text("stream", max_stream_id);
  play.name = f.text("name", max_name);
  const auto kind = wire::kind_from_name(f.required_text("kind", 16));
  if (!kind) f.refuse("An order to play names an unknown kind of media.");
  play.kind = kind.value_or(wire::Kind::data);
  play.media_type = f.text("media_type", 128);
  play.size = static_cast<std::uint64_t>(f.integer("size", 0, max_size));
  play.start_ms = f.integer_or("start_ms", 0, max_ms, 0);
  play.note = f.text("note", max_sentence);
  play.from = f.text("from", max_name);
  return play;
}

Prompt decode_prompt(Fields& f) {
  Prompt prompt;
  prompt.prompt = f.text("prompt", max_stream_id);
  prompt.headline = f.text("headline", max_name);
  prompt.title = f.text("title", max_name);
  prompt.details = f.text("details", max_name);
  prompt.note = f.text("note", 2 * max_sentence);
  prompt.meaning = f.text("meaning", max_sentence);
  if (f.has("picture")) prompt.picture = f.base64url("picture", max_prompt_picture);
  return prompt;
}

Answered decode_answered(Fields& f) {
  Answered answered;
  answered.prompt = f.required_text("prompt", max_stream_id);
  const std::string name = f.required_text("choice", 16);
  const auto* found = std::find(choice_names.begin(), choice_names.end(), name);
  if (found == choice_names.end()) {
    f.refuse("The player reports an unknown choice.");
  } else {
    answered.choice = static_cast<Choice>(found - choice_names.begin());
  }
  return answered;
}

State decode_state(Fields& f) {
  State state;
  const std::string name = f.required_text("state", 16);
  bool known = false;
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (name != state_names[i]) continue;
    state.state = static_cast<PlayState>(i);
    known = true;
  }
  if (!known) f.refuse("The player reports an unknown state.");
  state.stream = f.text("stream", max_stream_id);
  state.position_ms = f.integer_or("position_ms", 0, max_ms, 0);
  state.duration_ms = f.integer_or("duration_ms", 0, max_ms, 0);
  state.page = static_cast<int>(f.integer_or("page", 0, max_pages, 0));
  state.pages = static_cast<int>(f.integer_or("pages", 0, max_pages, 0));
  state.sentence = f.text("sentence", max_sentence);
  state.channel = f.text("channel", max_stream_id);
  return state;
}

}  // namespace

std::string_view state_name(PlayState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view choice_name(Choice choice) {
  return choice_names[static_cast<std::size_t>(choice)];
}

std::string encode(const Hello& hello) {
  if (hello.control) return dumped({{"hello", "control"}, {"version", protocol_version}});
  return dumped({{"hello", "stream"}, {"stream", hello.stream}});
}

Result<Hello> decode_hello(ByteView json) {
  const auto value = parsed(json);
  if (!value) return pass_on(value.error());
  Fields f(*value, "hello");
  Hello hello;
  const std::string what = f.required_text("hello", 16);
  hello.control = what == "control";
  if (hello.control) {
    f.integer("version", protocol_version, protocol_version);
  } else {
    if (what != "stream") f.refuse("A connection opens with an unknown hello.");
    hello.stream = f.required_text("stream", max_stream_id);
  }
  if (!f.ok()) return pass_on(f.error());
  return hello;
}

std::string encode(const Order& order) {
  return dumped(std::visit(
      Cases{[](const Play& o) -> Json {
              return {{"order", "play"},
                      {"stream", o.stream},
                      {"name", o.name},
                      {"kind", std::string(wire::kind_name(o.kind))},
                      {"media_type", o.media_type},
                      {"size", o.size},
                      {"start_ms", o.start_ms},
                      {"note", o.note},
                      {"from", o.from}};
            },
            [](const Stop&) -> Json {
              return {{"order", "stop"}};
            },
            [](const Pause&) -> Json {
              return {{"order", "pause"}};
            },
            [](const Resume&) -> Json {
              return {{"order", "resume"}};
            },
            [](const Seek& o) -> Json {
              return {{"order", "seek"}, {"position_ms", o.position_ms}};
            },
            [](const Page& o) -> Json {
              return {{"order", "page"}, {"step", o.step}};
            },
            [](const Notify& o) -> Json {
              return {{"order", "notify"},
                      {"headline", o.headline},
                      {"text", o.text},
                      {"seconds", o.seconds}};
            },
            [](const HomeScreen& o) -> Json {
              return {{"order", "home"}, {"name", o.name}, {"waiting_gifts", o.waiting_gifts}};
            },
            [](const Prompt& o) -> Json {
              return {{"order", "prompt"},      {"prompt", o.prompt},
                      {"headline", o.headline}, {"title", o.title},
                      {"details", o.details},   {"note", o.note},
                      {"meaning", o.meaning},   {"picture", to_base64url(o.picture)}};
            },
            [](const TakeScreenshot& o) -> Json {
              return {{"order", "screenshot"}, {"request", o.request}};
            },
            [](const Quit&) -> Json {
              return {{"order", "quit"}};
            },
            [](const Lineup& o) { return with("order", "lineup", members(o)); },
            [](const GuideWindow& o) { return with("order", "guide", members(o)); },
            [](const Air& o) { return with("order", "air", members(o)); },
            [](const AskPin& o) { return with("order", "pin", members(o)); },
            [](const Press& o) { return with("order", "key", members(o)); }},
      order));
}

Result<Order> decode_order(ByteView json) {
  const auto value = parsed(json, max_order);
  if (!value) return pass_on(value.error());
  Fields f(*value, "order");
  const std::string name = f.required_text("order", 32);
  Order order;
  if (name == "play") {
    order = decode_play(f);
  } else if (name == "stop") {
    order = Stop{};
  } else if (name == "pause") {
    order = Pause{};
  } else if (name == "resume") {
    order = Resume{};
  } else if (name == "seek") {
    order = Seek{f.integer("position_ms", 0, max_ms)};
  } else if (name == "page") {
    order = Page{static_cast<int>(f.integer("step", -1, 1))};
  } else if (name == "notify") {
    Notify notify{f.text("headline", max_name), f.text("text", max_sentence), 6};
    notify.seconds = static_cast<int>(f.integer_or("seconds", 1, 60, 6));
    order = std::move(notify);
  } else if (name == "home") {
    HomeScreen home{f.text("name", max_name), 0};
    home.waiting_gifts = static_cast<int>(f.integer_or("waiting_gifts", 0, 100'000, 0));
    order = std::move(home);
  } else if (name == "prompt") {
    order = decode_prompt(f);
  } else if (name == "screenshot") {
    order = TakeScreenshot{f.integer("request", 0, max_ms)};
  } else if (name == "quit") {
    order = Quit{};
  } else if (name == "lineup") {
    order = decode_lineup(f);
  } else if (name == "guide") {
    order = decode_guide_window(f);
  } else if (name == "air") {
    order = decode_air(f);
  } else if (name == "pin") {
    order = decode_ask_pin(f);
  } else if (name == "key") {
    order = decode_press(f);
  } else {
    f.refuse("The node gave an unknown order.");
  }
  if (!f.ok()) return pass_on(f.error());
  return order;
}

std::string encode(const Event& event) {
  return dumped(
      std::visit(Cases{[](const Ready& e) -> Json {
                         return {{"event", "ready"}, {"width", e.width}, {"height", e.height}};
                       },
                       [](const State& e) -> Json {
                         return {{"event", "state"},
                                 {"state", std::string(state_name(e.state))},
                                 {"stream", e.stream},
                                 {"position_ms", e.position_ms},
                                 {"duration_ms", e.duration_ms},
                                 {"page", e.page},
                                 {"pages", e.pages},
                                 {"sentence", bounded(e.sentence, max_sentence / 2)},
                                 {"channel", e.channel}};
                       },
                       [](const ScreenshotTaken& e) -> Json {
                         return {{"event", "screenshot"},
                                 {"request", e.request},
                                 {"ok", e.ok},
                                 {"sentence", bounded(e.sentence, max_sentence / 2)}};
                       },
                       [](const Answered& e) -> Json {
                         return {{"event", "answer"},
                                 {"prompt", e.prompt},
                                 {"choice", std::string(choice_name(e.choice))}};
                       },
                       [](const Tune& e) { return with("event", "tune", members(e)); },
                       [](const Watch& e) { return with("event", "watch", members(e)); },
                       [](const GuideWanted& e) { return with("event", "guide", members(e)); },
                       [](const Aired& e) { return with("event", "aired", members(e)); },
                       [](const PinEntered& e) { return with("event", "pin", members(e)); },
                       [](const TunedOut&) -> Json {
                         return {{"event", "tuned_out"}};
                       },
                       [](const GiftsWanted&) -> Json {
                         return {{"event", "gifts"}};
                       }},
                 event));
}

Result<Event> decode_event(ByteView json) {
  const auto value = parsed(json);
  if (!value) return pass_on(value.error());
  Fields f(*value, "event");
  const std::string name = f.required_text("event", 32);
  Event event;
  if (name == "ready") {
    Ready ready;
    ready.width = static_cast<int>(f.integer("width", 0, 65535));
    ready.height = static_cast<int>(f.integer("height", 0, 65535));
    event = ready;
  } else if (name == "state") {
    event = decode_state(f);
  } else if (name == "screenshot") {
    ScreenshotTaken taken;
    taken.request = f.integer("request", 0, max_ms);
    taken.ok = f.boolean_or("ok", false);
    taken.sentence = f.text("sentence", max_sentence);
    event = std::move(taken);
  } else if (name == "answer") {
    event = decode_answered(f);
  } else if (name == "tune") {
    event = decode_tune(f);
  } else if (name == "watch") {
    event = decode_watch(f);
  } else if (name == "guide") {
    event = decode_guide_wanted(f);
  } else if (name == "aired") {
    event = decode_aired(f);
  } else if (name == "pin") {
    event = decode_pin_entered(f);
  } else if (name == "tuned_out") {
    event = TunedOut{};
  } else if (name == "gifts") {
    event = GiftsWanted{};
  } else {
    f.refuse("The player reports an unknown event.");
  }
  if (!f.ok()) return pass_on(f.error());
  return event;
}

std::string encode(const StreamOpened& opened) {
  if (opened.ok) return dumped({{"ok", true}, {"size", opened.size}});
  return dumped({{"ok", false}, {"sentence", bounded(opened.sentence, max_sentence / 2)}});
}

Result<StreamOpened> decode_stream_opened(ByteView json) {
  const auto value = parsed(json);
  if (!value) return pass_on(value.error());
  Fields f(*value, "stream");
  StreamOpened opened;
  opened.ok = f.boolean_or("ok", false);
  if (opened.ok) opened.size = static_cast<std::uint64_t>(f.integer("size", 0, max_size));
  opened.sentence = f.text("sentence", max_sentence);
  if (!f.ok()) return pass_on(f.error());
  return opened;
}

std::string encode(const ReadRequest& request) {
  return dumped({{"read", request.offset}, {"length", request.length}});
}

Result<ReadRequest> decode_read_request(ByteView json) {
  const auto value = parsed(json);
  if (!value) return pass_on(value.error());
  Fields f(*value, "read");
  ReadRequest request;
  request.offset = static_cast<std::uint64_t>(f.integer("read", 0, max_size));
  request.length =
      static_cast<std::size_t>(f.integer("length", 0, static_cast<std::int64_t>(max_read)));
  if (!f.ok()) return pass_on(f.error());
  return request;
}

}  // namespace hearth::link
