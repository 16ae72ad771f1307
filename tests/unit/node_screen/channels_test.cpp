// Channels between node and player: a fake list on one side, a scripted player on the other.
#include "house.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

constexpr std::int64_t minute = 60'000;

/// Two channels; "films" shows title 1 and a locked one in turns, a minute each, for ever.
class FakeProgrammes final : public Programmes {
 public:
  explicit FakeProgrammes(net::Loop& loop, TitlesInMemory& titles)
      : titles_(titles), changed_(loop) {}

  std::vector<link::Channel> lineup() const override {
    return {{"films", 1, "Films", 0xFF9A4D}, {"empty", 2, "Empty", 0}};
  }
  std::vector<link::AirItem> airings(const std::string& channel, UtcMs from, UtcMs to,
                                     std::size_t most) const override {
    std::vector<link::AirItem> out;
    if (channel != "films") return out;
    for (std::int64_t i = from / length; i * length < to && out.size() < most; ++i) {
      link::AirItem item;
      item.item = std::to_string(i);
      item.stream = hex(film);
      item.name = "The film, part " + item.item;
      item.kind = wire::Kind::video;
      item.start_ms = i * length;
      item.end_ms = (i + 1) * length;
      item.catch_up = catch_up;
      out.push_back(std::move(item));
    }
    return out;
  }
  std::vector<link::Programme> guide(const std::string& channel, UtcMs from,
                                     UtcMs to) const override {
    std::vector<link::Programme> out;
    for (const auto& item : airings(channel, from, to, link::max_row_programmes + 10)) {
      out.push_back({item.item, item.name, item.start_ms, item.end_ms, item.catch_up});
    }
    return out;
  }
  link::Logo logo(const std::string&) const override { return {}; }
  std::string why_empty(const std::string&) const override { return "Nothing was put into it."; }
  std::optional<link::AskPin> asks_pin(const std::string& channel, UtcMs) const override {
    if (!pin_needed || channel != "films") return std::nullopt;
    return link::AskPin{"", "For adults", "Enter the PIN.", ""};
  }
  void enter_pin(const std::string&, const std::string& digits, PinChecked done) override {
    if (digits != "0042") return done(fail(Code::pin_needed, "This is not the PIN."));
    pin_needed = false;
    done({});
  }
  Result<std::shared_ptr<Reader>> open_stream(const std::string& stream) override {
    if (stream != hex(film)) return fail(Code::not_found, "no such stream");
    return titles_.open_reader(TitlesInMemory::id(film));
  }
  void note_problem(const std::string&, const std::string& item,
                    const std::string& sentence) override {
    problems.push_back(item + ": " + sentence);
  }
  net::Signal& changed() override { return changed_; }

  std::int64_t length = minute;
  bool catch_up = true, pin_needed = false;
  std::vector<std::string> problems;

 private:
  TitlesInMemory& titles_;
  net::Signal changed_;
};

/// A house with channels; everything that touches them runs on its loop.
struct ChannelHouse {
  House house;
  std::unique_ptr<FakeProgrammes> programmes =
      std::make_unique<FakeProgrammes>(house.loop, house.titles);

  explicit ChannelHouse(bool catch_up = true, ScreenOptions options = {})
      : house(std::move(options)) {
    programmes->catch_up = catch_up;
    on_loop([this](Screen* s) { s->use(programmes.get()); });
  }
  ~ChannelHouse() {
    on_loop([this](Screen* s) {
      s->use(nullptr);
      programmes.reset();
    });
  }
  void on_loop(std::function<void(Screen*)> what) {
    house.call([what](Screen* s) { return run(s, what); });
  }
  static net::Task<bool> run(Screen* s, std::function<void(Screen*)> what) {
    what(s);
    co_return true;
  }
  std::unique_ptr<ScriptedPlayer> player() {
    auto player = std::make_unique<ScriptedPlayer>(house.socket());
    player->ready();
    house.wait_until([](const ScreenState& s) { return s.connected; });
    return player;
  }
};

link::State channel_state() {
  return {link::PlayState::playing, hex(film), 1'000, 60'000, 0, 0, "", "films"};
}

}  // namespace

TEST_CASE("the lineup comes by itself; tuning gives what is on now and next") {
  ChannelHouse home;
  const auto player = home.player();
  const auto lineup = player->wait_order<link::Lineup>();
  REQUIRE(lineup);
  REQUIRE(lineup->channels.size() == 2);
  CHECK(lineup->channels[0].name == "Films");
  const UtcMs before = now_ms();
  player->send(link::Tune{"films", 7});
  const auto air = player->wait_order<link::Air>();
  REQUIRE(air);
  CHECK(air->request == 7);
  CHECK(air->lag_ms == 0);
  REQUIRE(air->items.size() == link::max_air_items);
  CHECK(air->items[0].start_ms <= now_ms());
  CHECK(air->items[0].end_ms > before);

  // What was told may be read, nothing else.
  ScriptedPlayer stream(home.house.socket(), hex(film));
  CHECK(stream.opened()->ok);
  CHECK(stream.read(0, 100) == 101);
  ScriptedPlayer other(home.house.socket(), hex(slow));
  CHECK_FALSE(other.opened()->ok);

  player->send(link::Aired{"films", air->items[0].item, 0, 12, ""});
  REQUIRE(player->wait_order<link::Air>());
  player->send(channel_state());
  const auto state =
      home.house.wait_until([](const ScreenState& s) { return s.channel == "films"; });
  CHECK(state.state == "playing");
  CHECK(state.title_id.empty());  // a channel's position is none of the title's
  CHECK(state.name == air->items[0].name);
}

TEST_CASE("an empty channel says why; one that is not there gives the lineup again") {
  ChannelHouse home;
  const auto player = home.player();
  REQUIRE(player->wait_order<link::Lineup>());
  player->send(link::Tune{"empty", 1});
  const auto air = player->wait_order<link::Air>();
  REQUIRE(air);
  CHECK(air->items.empty());
  CHECK(air->sentence == "Nothing was put into it.");
  player->send(link::Tune{"gone", 2});
  CHECK(player->wait_order<link::Lineup>());
  Result<void> tuned;
  home.on_loop([&](Screen* s) { tuned = s->tune("gone"); });
  CHECK(tuned.error().code == Code::not_found);
}

TEST_CASE("catch-up: from the start of a programme, where it is allowed") {
  for (const bool allowed : {true, false}) {
    CAPTURE(allowed);
    ChannelHouse home(allowed);
    const auto player = home.player();
    const UtcMs at = (now_ms() / minute - 5) * minute;
    player->send(link::Watch{"films", at, 3});
    const auto air = player->wait_order<link::Air>();
    REQUIRE(air);
    CHECK(air->request == 3);
    CHECK(player->saw<link::Notify>() == !allowed);
    if (allowed) {
      CHECK(air->items[0].start_ms == at);
      CHECK(air->lag_ms >= 5 * minute);
    } else {
      CHECK(air->lag_ms == 0);
    }
  }
}

TEST_CASE("the guide: the rows and the time that were asked for, bounded") {
  ChannelHouse home;
  const auto player = home.player();
  const UtcMs from = now_ms() / minute * minute;
  player->send(link::GuideWanted{5, 0, 9, from, from + 180 * minute});
  const auto window = player->wait_order<link::GuideWindow>();
  REQUIRE(window);
  CHECK(window->request == 5);
  REQUIRE(window->rows.size() == 2);
  CHECK(window->rows[0].programmes.size() == link::max_row_programmes);
  CHECK(window->rows[0].programmes[0].start_ms == from);
  CHECK(window->rows[1].programmes.empty());
  player->send(link::GuideWanted{6, 1'000, 9, from, from + minute});
  CHECK(player->wait_order<link::GuideWindow>()->rows.empty());
}

TEST_CASE("a PIN: asked before the channel, wrong, right, then the channel") {
  ChannelHouse home;
  home.programmes->pin_needed = true;
  const auto player = home.player();
  player->send(link::Tune{"films", 4});
  const auto asked = player->wait_order<link::AskPin>();
  REQUIRE(asked);
  CHECK(asked->headline == "For adults");
  CHECK_FALSE(player->saw<link::Air>());
  player->send(link::PinEntered{asked->pin, "1111"});
  CHECK(player->wait_order<link::AskPin>()->sentence == "This is not the PIN.");
  player->send(link::PinEntered{"99", "0042"});  // another question's
  player->send(link::PinEntered{asked->pin, "0042"});
  CHECK(player->wait_order<link::AskPin>()->pin.empty());
  const auto air = player->wait_order<link::Air>();
  REQUIRE(air);
  CHECK(air->request == 4);
}

TEST_CASE("a player that dies goes on where it was: channel and lag") {
  ChannelHouse home;
  {
    const auto player = home.player();
    player->send(link::Tune{"films", 1});
    REQUIRE(player->wait_order<link::Air>());
    player->send(link::Aired{"films", "x", 3 * minute, 0, ""});  // somebody paused for a while
    REQUIRE(player->wait_order<link::Air>());
  }
  home.house.wait_until([](const ScreenState& s) { return !s.connected; });
  const auto again = home.player();
  const auto air = again->wait_order<link::Air>();
  REQUIRE(air);
  CHECK(air->channel == "films");
  CHECK(air->lag_ms == 3 * minute);
  // One that was switched off stays off.
  again->send(link::TunedOut{});
  again->send(state_of(link::PlayState::idle, "", 0));
  home.house.wait_until([](const ScreenState& s) { return s.state == "idle"; });
  const auto third = home.player();
  third->send(link::GuideWanted{1, 0, 1, 1, 2});
  REQUIRE(third->wait_order<link::GuideWindow>());
  CHECK_FALSE(third->saw<link::Air>());
}

TEST_CASE("a player that outlived the node tells what it shows, and is topped up") {
  ChannelHouse home;
  const auto player = home.player();
  player->send(link::Aired{"films", "x", 2 * minute, 0, ""});
  const auto air = player->wait_order<link::Air>();
  REQUIRE(air);
  CHECK(air->request == 0);
  CHECK(air->lag_ms == 2 * minute);
}

TEST_CASE("what cannot be shown is noted; changes of the list are told") {
  ChannelHouse home;
  const auto player = home.player();
  player->send(link::Tune{"films", 1});
  REQUIRE(player->wait_order<link::Air>());
  player->send(link::Aired{"films", "17", 0, 0, "The file is broken."});
  REQUIRE(player->wait_order<link::Air>());
  home.on_loop([&](Screen*) {
    CHECK(home.programmes->problems == std::vector<std::string>{"17: The file is broken."});
    home.programmes->changed().notify_all();
  });
  CHECK(player->wait_order<link::Lineup>());
  CHECK(player->wait_order<link::Air>());
}

TEST_CASE("a title takes the screen from a channel, and a channel from a title") {
  ChannelHouse home;
  const auto player = home.player();
  player->send(link::Tune{"films", 1});
  REQUIRE(player->wait_order<link::Air>());
  REQUIRE(home.house.play(film));
  REQUIRE(player->wait_order<link::Play>());
  player->send(state_of(link::PlayState::playing, hex(film), 5'000));
  auto state = home.house.wait_until([](const ScreenState& s) { return s.position_ms == 5'000; });
  CHECK(state.title_id == hex(film));
  CHECK(state.channel.empty());
  player->send(link::Tune{"films", 2});
  REQUIRE(player->wait_order<link::Air>());
  player->send(channel_state());
  state = home.house.wait_until([](const ScreenState& s) { return s.channel == "films"; });
  CHECK(state.title_id.empty());
}

TEST_CASE("keys from elsewhere, and gifts that a person asks for") {
  ChannelHouse home;
  Result<void> pressed;
  home.on_loop([&](Screen* s) { pressed = s->press(link::Key::channel_up); });
  CHECK(pressed.error().code == Code::no_player);
  const auto player = home.player();
  home.on_loop([&](Screen* s) { pressed = s->press(link::Key::channel_up); });
  CHECK(pressed);
  CHECK(player->wait_order<link::Press>()->key == link::Key::channel_up);
  std::promise<void> wanted;
  home.on_loop([&](Screen* s) { s->on_gifts_wanted([&] { wanted.set_value(); }); });
  player->send(link::GiftsWanted{});
  CHECK(wanted.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  home.on_loop([&](Screen* s) { s->on_gifts_wanted({}); });
}

TEST_CASE("an item that kills the player three times is not tried again") {
  ScreenOptions options;
  options.player_program = "/bin/false";
  ChannelHouse home(true, options);
  home.on_loop([&](Screen*) {
    home.programmes->length = 24 * 60 * minute;  // the pauses between deaths fit into one item
  });
  ScriptedPlayer player(home.house.socket());
  player.send(link::Ready{1280, 720});
  player.send(link::Tune{"films", 1});
  REQUIRE(player.wait_order<link::Air>());
  const auto deadline = now_ms() + 60'000;
  std::size_t problems = 0;
  while (problems == 0 && now_ms() < deadline) {
    home.on_loop([&](Screen*) { problems = home.programmes->problems.size(); });
    std::this_thread::yield();
  }
  REQUIRE(problems > 0);
  player.send(link::Tune{"films", 2});
  const auto air =
      player.wait_order<link::Air>([](const link::Air& one) { return one.request == 2; });
  REQUIRE(air);
  CHECK(air->items[0].stream.empty());
  CHECK_FALSE(air->items[0].sentence.empty());
}
