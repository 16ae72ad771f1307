// The player's mind: orders and mpv's happenings in, actions and state out.
#include "player/core/show.h"

#include <doctest/doctest.h>

using namespace hearth;
using namespace hearth::player;
using link::Key;
using link::PlayState;
using wire::Kind;

namespace {

template <class T>
const T* last(const std::vector<Action>& actions) {
  const T* found = nullptr;
  for (const Action& action : actions) {
    if (const T* one = std::get_if<T>(&action)) found = one;
  }
  return found;
}

link::Play film(Kind kind = Kind::video) {
  return {"film", "The film", kind, "video/mp4", 1000, 0, "A note", "Anna"};
}

/// Brings a title to where it plays; gives its run.
int playing(Show& show, const link::Play& play, std::int64_t now = 0) {
  show.order(play, now);
  const auto actions = show.take_actions();
  const auto* load = last<LoadMedia>(actions);
  REQUIRE(load != nullptr);
  const int run = load->run;
  show.media_playing(run, now);
  show.media_progress(run, 0, 60'000);
  show.tick(now, {"20:15", "Sunday"});
  return run;
}

}  // namespace

TEST_CASE("play: opening, playing, ended; then the idle picture") {
  Show show;
  show.order(film(), 0);
  CHECK(show.state().state == PlayState::opening);
  CHECK(show.state().stream == "film");
  const auto actions = show.take_actions();
  const auto* load = last<LoadMedia>(actions);
  REQUIRE(load);
  CHECK(load->stream == "film");
  const int run = load->run;
  show.media_playing(run, 10);
  CHECK(show.state().state == PlayState::playing);
  show.media_progress(run, 1'500, 60'000);
  CHECK(show.state().position_ms == 1'500);
  CHECK(show.state().duration_ms == 60'000);
  show.media_ended(run);
  CHECK(show.state().state == PlayState::ended);
  CHECK(show.state().stream == "film");
  show.tick(100, {"20:15", "Sunday"});
  CHECK(show.scene().find("20:15") != std::string::npos);
}

TEST_CASE("what an earlier title reports late changes nothing") {
  Show show;
  const int first = playing(show, film());
  link::Play other = film();
  other.stream = "other";
  const int second = playing(show, other);
  CHECK(first != second);
  show.media_ended(first);
  show.failed(first, "late");
  show.media_progress(first, 99, 99);
  show.text_arrived(first, DocumentForm::text, "late", 0);
  CHECK(show.state().state == PlayState::playing);
  CHECK(show.state().stream == "other");
  CHECK(show.state().position_ms == 0);
}

TEST_CASE("pause, resume and seek act only on what has time") {
  struct Row {
    Kind kind;
    bool has_time;
  };
  for (const Row& row : {Row{Kind::video, true}, Row{Kind::audio, true}, Row{Kind::image, false}}) {
    Show show;
    playing(show, film(row.kind));
    show.take_actions();
    show.order(link::Pause{}, 1);
    show.tick(1, {});
    CHECK((show.state().state == PlayState::paused) == row.has_time);
    show.order(link::Seek{999'999'999}, 2);
    const auto actions = show.take_actions();
    const auto* seek = last<SeekTo>(actions);
    CHECK((seek != nullptr) == row.has_time);
    if (seek) CHECK(seek->position_ms == 59'000);
    show.order(link::Resume{}, 3);
    show.tick(3, {});
    CHECK(show.state().state == PlayState::playing);
  }
  Show idle;
  idle.order(link::Pause{}, 0);
  idle.order(link::Seek{5}, 0);
  idle.order(link::Page{1}, 0);
  CHECK(idle.take_actions().empty());
}

TEST_CASE("a stall is shown as buffering after a moment, not at once") {
  Show show;
  playing(show, film());
  show.media_stalled(true);
  show.tick(100, {});
  CHECK(show.state().state == PlayState::playing);
  show.tick(1'000, {});
  CHECK(show.state().state == PlayState::buffering);
  CHECK(show.top().find("Waiting for the next part") != std::string::npos);
  show.media_stalled(false);
  show.tick(1'100, {});
  CHECK(show.state().state == PlayState::playing);
}

TEST_CASE("a failure has a sentence, keeps the position, and the next order ends it") {
  Show show;
  const int run = playing(show, film());
  show.media_progress(run, 5'000, 60'000);
  show.failed(run, "It broke. Play it again.");
  CHECK(show.state().state == PlayState::failed);
  CHECK(show.state().sentence == "It broke. Play it again.");
  CHECK(show.state().position_ms == 5'000);
  show.order(link::Stop{}, 1);
  CHECK(show.state().state == PlayState::idle);
  CHECK(show.state().sentence.empty());
}

TEST_CASE("which form a data title has") {
  struct Row {
    const char *type, *name;
    std::optional<DocumentForm> form;
  };
  for (const Row& row :
       {Row{"application/pdf", "x", DocumentForm::pdf}, Row{"", "Letter.PDF", DocumentForm::pdf},
        Row{"text/markdown", "x", DocumentForm::markdown},
        Row{"text/plain", "README.md", DocumentForm::markdown},
        Row{"text/plain", "x", DocumentForm::text}, Row{"text/csv", "x", DocumentForm::table},
        Row{"text/plain", "Prices.CSV", DocumentForm::table},
        Row{"text/tab-separated-values", "x", DocumentForm::table},
        Row{"application/octet-stream", "notes.txt", DocumentForm::text},
        Row{"application/zip", "a.zip", std::nullopt}, Row{"", "", std::nullopt}}) {
    CAPTURE(row.name);
    CHECK(document_form(row.type, row.name) == row.form);
  }
}

TEST_CASE("data titles: pages turn inside their bounds; strange ones get a card") {
  Show show;
  link::Play text{"t", "a.txt", Kind::data, "text/plain", 10, 0, "", ""};
  show.order(text, 0);
  auto actions = show.take_actions();
  const auto* fetch = last<FetchDocument>(actions);
  REQUIRE(fetch);
  std::string words;
  for (int i = 0; i < 100; ++i) words += "line\n";
  show.text_arrived(fetch->run, DocumentForm::text, words, 0);
  const int pages = show.state().pages;
  CHECK(pages > 3);
  for (int i = 0; i < pages + 5; ++i) show.order(link::Page{1}, 1);
  CHECK(show.state().page == pages);
  for (int i = 0; i < pages + 5; ++i) show.order(link::Page{-1}, 1);
  CHECK(show.state().page == 1);

  link::Play pdf{"p", "a.pdf", Kind::data, "application/pdf", 257u << 20, 0, "", ""};
  show.order(pdf, 0);
  actions = show.take_actions();
  CHECK(last<FetchDocument>(actions) == nullptr);
  CHECK(show.state().state == PlayState::playing);
  CHECK(show.scene().find("too large") != std::string::npos);
  pdf.size = 5;
  show.order(pdf, 0);
  actions = show.take_actions();
  fetch = last<FetchDocument>(actions);
  REQUIRE(fetch);
  const int run = fetch->run;
  show.pdf_arrived(run, 3, 0);
  actions = show.take_actions();
  REQUIRE(last<RenderPage>(actions));
  CHECK(last<RenderPage>(actions)->page == 0);
  show.pdf_page_ready(run, 0);
  show.order(link::Page{1}, 1);
  actions = show.take_actions();
  CHECK(last<RenderPage>(actions)->page == 1);
  show.pdf_page_ready(run, 0);  // late: another page is wanted by now
  actions = show.take_actions();
  CHECK(last<LoadPageImage>(actions) == nullptr);
}

namespace {

/// A document of `lines` lines on the screen.
void reading(Show& show, const std::string& name, const std::string& line, int lines) {
  show.order(link::Play{"t", name, Kind::data, "", 10, 0, "", ""}, 0);
  const auto actions = show.take_actions();
  const auto* fetch = last<FetchDocument>(actions);
  REQUIRE(fetch);
  std::string words;
  for (int i = 0; i < lines; ++i) words += line + "\n";
  show.text_arrived(fetch->run, fetch->form, words, 0);
}

}  // namespace

TEST_CASE("pages turn by themselves when they are told to, and stop at the last") {
  Show show;
  reading(show, "a.txt", "line", 60);
  const int pages = show.state().pages;
  REQUIRE(pages > 3);
  show.tick(100'000, {});
  CHECK(show.state().page == 1);  // not by themselves at first
  show.key(Key::ok, 100'000);
  show.tick(119'000, {});
  CHECK(show.state().page == 1);
  CHECK(show.top().empty());
  show.tick(120'000, {});
  CHECK(show.state().page == 2);
  show.key(Key::right, 130'000);  // a person turns: the time of a page begins anew
  CHECK(show.state().page == 3);
  show.tick(149'000, {});
  CHECK(show.state().page == 3);
  show.tick(150'000, {});
  CHECK(show.state().page == 4);
  show.key(Key::pause, 151'000);
  show.tick(300'000, {});
  CHECK(show.state().page == 4);
  show.key(Key::resume, 300'000);
  for (std::int64_t at = 300'000; at < 1'000'000; at += 5'000) show.tick(at, {});
  CHECK(show.state().page == pages);
  CHECK(show.state().state == PlayState::playing);
}

TEST_CASE("a table: sideways through its columns, up and down through its rows") {
  Show show;
  std::string row = "a";
  for (int i = 0; i < 30; ++i) row += ",a rather long cell";
  reading(show, "wide.csv", row, 60);
  show.key(Key::right, 1);
  CHECK(show.state().page == 2);
  show.key(Key::down, 1);
  const int across = show.state().page - 2;
  CHECK(across > 3);
  show.key(Key::up, 1);
  CHECK(show.state().page == 2);
  show.key(Key::up, 1);  // no row is above
  CHECK(show.state().page == 2);
  for (int i = 0; i < 50; ++i) show.key(Key::down, 1);
  CHECK(show.state().page + across > show.state().pages);
  CHECK((show.state().page - 2) % across == 0);
  show.window({1920, 1080}, {});
  CHECK(show.state().page <= show.state().pages);
  reading(show, "empty.csv", "", 3);
  CHECK(show.scene().find("The table is empty.") != std::string::npos);
}

TEST_CASE("which page a channel shows") {
  struct Row {
    std::int64_t into_ms, span_ms;
    int pages, page;
  };
  for (const Row& row :
       {Row{0, 60'000, 4, 0}, Row{14'999, 60'000, 4, 0}, Row{15'000, 60'000, 4, 1},
        Row{59'999, 60'000, 4, 3}, Row{8'000, 10'000, 9, 1},  // never faster than can be read
        Row{29'999, 1'800'000, 2, 0},                         // and a long item turns them in turns
        Row{30'000, 1'800'000, 2, 1}, Row{60'000, 1'800'000, 2, 0}, Row{5'000, 60'000, 1, 0},
        Row{-5, 60'000, 4, 0}}) {
    CAPTURE(row.into_ms);
    CAPTURE(row.pages);
    CHECK(page_at(row.into_ms, row.span_ms, row.pages) == row.page);
  }
}

TEST_CASE("the banner comes and goes, the toast too") {
  Show show;
  playing(show, film(), 1'000);
  show.tick(3'000, {});
  CHECK(show.top().find("The film") != std::string::npos);
  CHECK(show.top().find("from Anna") != std::string::npos);
  CHECK(show.top().find("A note") != std::string::npos);
  show.tick(20'000, {});
  CHECK(show.top().empty());
  CHECK(!show.animating());
  show.order(link::Notify{"Gift", "from Theo", 5}, 21'000);
  show.tick(22'000, {});
  CHECK(show.top().find("Gift") != std::string::npos);
  show.tick(27'000, {});
  CHECK(show.top().empty());
}

TEST_CASE("music is drawn with or without a cover; a film without pictures is music") {
  Show show;
  const int run = playing(show, film());
  show.media_tracks(run, false);
  show.tick(10, {});
  CHECK(show.scene().find("The film") != std::string::npos);
  const auto actions = show.take_actions();
  const auto* room = last<SetPictureRoom>(actions);
  REQUIRE(room);
  CHECK(room->room.top > 0.3);
}

TEST_CASE("keys") {
  Show show;
  const int run = playing(show, film());
  show.media_progress(run, 30'000, 60'000);
  show.take_actions();
  struct Row {
    Key key;
    std::int64_t to;
  };
  for (const Row& row :
       {Row{Key::left, 20'000}, Row{Key::right, 30'000}, Row{Key::up, 59'000}, Row{Key::down, 0}}) {
    CAPTURE(link::key_name(row.key));
    show.key(row.key, 5);
    const auto actions = show.take_actions();
    REQUIRE(last<SeekTo>(actions));
    CHECK(last<SeekTo>(actions)->position_ms == row.to);
  }
  show.key(Key::pause, 6);
  const auto paused = show.take_actions();
  REQUIRE(last<SetPause>(paused));
  CHECK(last<SetPause>(paused)->paused);
  show.key(Key::stop, 7);
  CHECK(show.state().state == PlayState::idle);
}

namespace {

link::Prompt gift_prompt(const std::string& id = "gift") {
  return {id,        "A gift from Anna", "The lake",        "Film, 92 minutes",
          "For you", "It fetches 1 GB.", {0xff, 0xd8, 0xff}};
}

std::optional<link::Choice> answered(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    const auto* event = std::get_if<link::Event>(&action);
    if (event == nullptr) continue;
    if (const auto* answer = std::get_if<link::Answered>(event)) return answer->choice;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a gift that waits is asked about while nothing plays, with its picture") {
  struct Row {
    Key key;
    std::optional<link::Choice> choice;
  };
  const Row rows[] = {{Key::ok, link::Choice::accept},  {Key::back, link::Choice::later},
                      {Key::stop, link::Choice::later}, {Key::menu, link::Choice::decline},
                      {Key::left, std::nullopt},        {Key::pause, std::nullopt}};
  for (const Row& row : rows) {
    CAPTURE(link::key_name(row.key));
    Show show;
    show.connected(true);
    show.tick(0, {"20:15", "Sunday"});
    show.order(gift_prompt(), 0);
    const auto actions = show.take_actions();
    const auto* picture = last<LoadGiftPicture>(actions);
    REQUIRE(picture);
    CHECK(*picture->jpeg == gift_prompt().picture);
    CHECK(show.scene().find("The lake") != std::string::npos);
    CHECK(show.scene().find("20:15") == std::string::npos);
    // A picture that cannot be read spoils nothing.
    show.failed(picture->run, "no picture");
    CHECK(show.state().state == PlayState::idle);
    show.key(row.key, 1);
    CHECK(answered(show.take_actions()) == row.choice);
    CHECK((show.scene().find("The lake") != std::string::npos) == !row.choice.has_value());
    show.key(row.key, 2);
    CHECK_FALSE((row.choice && answered(show.take_actions())));  // answered once
  }
}

TEST_CASE("nobody is asked in the middle of a film, nor about a gift that was taken away") {
  Show show;
  show.connected(true);
  const int run = playing(show, film());
  show.order(gift_prompt(), 10);
  CHECK(last<LoadGiftPicture>(show.take_actions()) == nullptr);
  CHECK(show.scene().find("The lake") == std::string::npos);
  show.key(Key::ok, 11);  // pauses the film
  CHECK_FALSE(answered(show.take_actions()));
  show.media_ended(run);
  CHECK(last<LoadGiftPicture>(show.take_actions()) != nullptr);
  CHECK(show.scene().find("The lake") != std::string::npos);
  show.order(link::Prompt{}, 12);
  CHECK(show.scene().find("The lake") == std::string::npos);
  show.key(Key::ok, 13);
  CHECK_FALSE(answered(show.take_actions()));
}

TEST_CASE("a banner waits while a prompt is up, and is shown whole after it") {
  Show show;
  show.connected(true);
  show.tick(0, {});
  show.order(gift_prompt("first"), 0);
  show.order(link::Notify{"Thanks from Theo", "We loved it", 5}, 1'000);
  for (const std::int64_t now : {1'500, 20'000, 60'000}) {
    show.tick(now, {});
    CHECK(show.top().empty());
    CHECK_FALSE(show.animating());
  }
  show.order(gift_prompt("second"), 60'000);  // one prompt after the other
  show.tick(61'000, {});
  CHECK(show.top().empty());
  show.key(Key::ok, 62'000);
  show.tick(64'000, {});
  CHECK(show.top().find("We loved it") != std::string::npos);
  show.tick(68'000, {});
  CHECK(show.top().empty());
}
