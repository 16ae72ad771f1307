// The node's side of the TV against a scripted player: orders, replays, streams, pictures.
#include "node/screen/screen.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/base/files.h"
#include "house.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

TEST_CASE("the socket is private") {
  House house;
  struct stat looks {};
  REQUIRE(stat(house.socket().c_str(), &looks) == 0);
  CHECK((looks.st_mode & 0777) == 0600);
}

TEST_CASE("without a player: a sentence, not a wait") {
  House house;
  CHECK(house.play(film).error().code == Code::no_player);
  CHECK(house.call([](Screen* s) { return s->screenshot(); }).error().code == Code::no_player);
  CHECK(house.play(locked).error().code == Code::not_playable_yet);
  CHECK(house.play(99).error().code == Code::not_found);
}

TEST_CASE("play: the order, the stream, the state") {
  House house;
  ScriptedPlayer player(house.socket());
  player.ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  REQUIRE(house.play(film));
  const auto order = player.wait_order<link::Play>();
  REQUIRE(order);
  CHECK(order->stream == hex(film));
  CHECK(order->name == "The film");
  CHECK(order->size == 100'000);
  CHECK(order->note == "A note");
  CHECK(order->from == "Anna");

  ScriptedPlayer stream(house.socket(), hex(film));
  const auto opened = stream.opened();
  REQUIRE(opened);
  CHECK(opened->ok);
  CHECK(opened->size == 100'000);
  CHECK(stream.read(10, 1'000) == Bytes(1'001, 7).size());
  CHECK(stream.read(99'999, 1'000) == 2);
  CHECK(stream.read(100'000, 1'000) == 1);

  player.send(state_of(link::PlayState::idle, "", 0));  // said before the order was there
  player.send(state_of(link::PlayState::playing, hex(film), 4'000));
  const auto state = house.wait_until([](const ScreenState& s) { return s.state == "playing"; });
  CHECK(state.title_id == hex(film));
  CHECK(state.position_ms == 4'000);
}

TEST_CASE("only what was ordered is served") {
  House house;
  ScriptedPlayer player(house.socket());
  player.ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  struct Row {
    const char* what;
    std::string stream;
  };
  const Row rows[] = {{"a title that was not ordered", hex(film)},
                      {"no title", hex(99)},
                      {"no id", "../../etc/passwd"},
                      {"half an id", hex(film).substr(0, 32)}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ScriptedPlayer stream(house.socket(), row.stream);
    const auto opened = stream.opened();
    REQUIRE(opened);
    CHECK(!opened->ok);
    CHECK(!opened->sentence.empty());
  }
}

TEST_CASE("a player that comes back gets its order again, at the last position") {
  House house;
  {
    ScriptedPlayer player(house.socket());
    player.ready();
    house.wait_until([](const ScreenState& s) { return s.connected; });
    REQUIRE(house.play(film));
    REQUIRE(player.wait_order<link::Play>());
    player.send(state_of(link::PlayState::playing, hex(film), 42'000));
    house.wait_until([](const ScreenState& s) { return s.position_ms == 42'000; });
  }
  house.wait_until([](const ScreenState& s) { return !s.connected; });
  ScriptedPlayer again(house.socket());
  again.ready();
  again.send(state_of(link::PlayState::idle, "", 0));
  const auto order = again.wait_order<link::Play>();
  REQUIRE(order);
  CHECK(order->start_ms == 42'000);
}

TEST_CASE("a player that still shows it is left alone; one that was stopped too") {
  House house;
  for (const bool stopped : {false, true}) {
    house.wait_until([](const ScreenState& s) { return !s.connected; });  // the round before left
    {
      ScriptedPlayer player(house.socket());
      player.ready();
      house.wait_until([](const ScreenState& s) { return s.connected; });
      REQUIRE(house.play(film));
      REQUIRE(player.wait_order<link::Play>());
      player.send(state_of(link::PlayState::playing, hex(film), 1'000));
      house.wait_until([](const ScreenState& s) { return s.state == "playing"; });
      if (stopped) {
        player.send(state_of(link::PlayState::idle, "", 0));
        house.wait_until([](const ScreenState& s) { return s.state == "idle"; });
      }
    }
    house.wait_until([](const ScreenState& s) { return !s.connected; });
    ScriptedPlayer again(house.socket());
    again.ready();
    again.send(stopped ? state_of(link::PlayState::idle, "", 0)
                       : state_of(link::PlayState::playing, hex(film), 2'000));
    house.wait_until([&](const ScreenState& s) { return s.connected; });
    // An order sent now comes first if nothing was replayed.
    house.loop.post([&] { house.screen->notify("first", "", 5); });
    const auto notify = again.wait_order<link::Notify>();
    REQUIRE(notify);
    CHECK(!again.saw<link::Play>());
  }
}

TEST_CASE("screenshot: the PNG, a refusal, a player that leaves") {
  House house;
  auto player = std::make_unique<ScriptedPlayer>(house.socket());
  player->ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  const auto ask = [&] {
    return std::async(std::launch::async,
                      [&] { return house.call([](Screen* s) { return s->screenshot(); }); });
  };
  auto first = ask();
  auto order = player->wait_order<link::TakeScreenshot>();
  REQUIRE(order);
  player->send(link::ScreenshotTaken{order->request, true, ""});
  player->send_bytes(Bytes(5'000'000, 9));
  const auto png = first.get();
  REQUIRE(png);
  CHECK(png->size() == 5'000'000);

  auto second = ask();
  order = player->wait_order<link::TakeScreenshot>();
  REQUIRE(order);
  player->send(link::ScreenshotTaken{order->request, false, "The TV is dark."});
  CHECK(second.get().error().sentence == "The TV is dark.");

  auto third = ask();
  REQUIRE(player->wait_order<link::TakeScreenshot>());
  player.reset();
  CHECK(third.get().error().code == Code::no_player);
}

TEST_CASE("hostile bytes on the socket end that connection alone") {
  House house;
  ScriptedPlayer good(house.socket());
  good.ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  for (const Bytes& noise :
       {Bytes{0xFF, 0xFF, 0xFF, 0xFF, 1}, Bytes{0, 0, 0, 0, 0}, Bytes{0, 0, 0, 2, 1, '{'},
        Bytes(5'000, 'A'), link::encode_frame(link::FrameType::bytes, Bytes(10, 1))}) {
    ScriptedPlayer bad(house.socket(), noise);
    CHECK(bad.closed_by_node());
  }
  house.loop.post([&] { house.screen->show_home("Home", 3); });
  const auto home =
      good.wait_order<link::HomeScreen>([](const auto& h) { return h.waiting_gifts == 3; });
  CHECK(home);
}

TEST_CASE("a read whose pieces do not come ends when the player leaves") {
  House house;
  ScriptedPlayer player(house.socket());
  player.ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  REQUIRE(house.play(slow));
  {
    ScriptedPlayer stream(house.socket(), hex(slow));
    REQUIRE(stream.opened());
    stream.ask(0, 100);
    house.titles.wait_for_reads(1);
  }
  house.titles.wait_for_cancel();
  CHECK(house.titles.cancelled() == 1);
}

TEST_CASE("commands") {
  House house;
  CHECK(house.screen->command("pause", 0).error().code == Code::no_player);
  ScriptedPlayer player(house.socket());
  player.ready();
  house.wait_until([](const ScreenState& s) { return s.connected; });
  const auto command = [&](const char* name, std::int64_t value) {
    return house.call([=](Screen* s) { return give_command(s, name, value); });
  };
  CHECK(command("seek", 5'000));
  CHECK(player.wait_order<link::Seek>()->position_ms == 5'000);
  CHECK(command("page", -1));
  CHECK(player.wait_order<link::Page>()->step == -1);
  CHECK(command("stop", 0));
  CHECK(player.wait_order<link::Stop>());
  CHECK(command("page", 2).error().code == Code::usage);
  CHECK(command("seek", -1).error().code == Code::usage);
  CHECK(command("dance", 0).error().code == Code::usage);
}

TEST_CASE("the player process: started, started again when it dies, ended with the node") {
  TempDir shelf;
  // Stands in for hearth-player: leaves a mark, then dies at once.
  const auto program = shelf.path / "player";
  const auto marks = shelf.path / "marks";
  REQUIRE(write_file_atomic(
      program, as_bytes("#!/bin/sh\necho \"$1 $2\" >> " + marks.string() + "\n"), 0700));
  ScreenOptions options;
  options.player_program = program;
  House house(options);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  std::string seen;
  while (std::count(seen.begin(), seen.end(), '\n') < 2 &&
         std::chrono::steady_clock::now() < deadline) {
    if (const auto text = read_file(marks, 65'536)) seen = std::string(as_text(*text));
    std::this_thread::yield();
  }
  CHECK(seen.find("--socket " + house.socket().string()) != std::string::npos);
  CHECK(std::count(seen.begin(), seen.end(), '\n') >= 2);
}
