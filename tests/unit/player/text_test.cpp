#include "player/core/text.h"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "player/core/document.h"
#include "player/core/scenes.h"

using namespace hearth::player;

namespace {

/// What libass would take for a style block: an opening brace that nothing escapes.
int open_braces(const std::string& ass) {
  int count = 0;
  for (std::size_t i = 0; i < ass.size(); ++i) {
    if (ass[i] == '{' && (i == 0 || ass[i - 1] != '\\')) ++count;
  }
  return count;
}

std::string all_words(const std::vector<TextPage>& pages) {
  std::string out;
  for (const auto& page : pages) {
    for (const auto& line : page.lines) {
      for (const auto& run : line.runs) out += run.text;
      out += '|';
    }
  }
  return out;
}

}  // namespace

TEST_CASE("text of strangers is harmless in ASS") {
  struct Row {
    const char* text;
    const char* ass;
  };
  const Row rows[] = {
      {"plain", "plain"},
      {"{\\fs200}big",
       "\\{\\\xE2\x81\xA0"
       "fs200\\}big"},
      {"a\\Nb", "a\\\xE2\x81\xA0Nb"},
      {"a\nb\r\tc", "a b  c"},
      {"bell\x07 escape\x1B[2J", "bell escape[2J"},
      {"\xE2\x80\xAE"
       "gpj.exe",
       "gpj.exe"},                                               // right-to-left override
      {"\xE2\x81\xA6x\xE2\x81\xA9", "x"},                        // isolates
      {"\xFF\xFEz", "\xEF\xBF\xBD\xEF\xBF\xBDz"},                // not UTF-8
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // overlong
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // surrogate
      {"Grüße 🎁", "Grüße 🎁"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(plain(row.text) == row.ass);
  }
  CHECK(plain("trailing\\") == "trailing\\\xE2\x81\xA0");
}

TEST_CASE("seeded noise in every scene opens no style block and ends no line") {
  std::mt19937 random(7);
  const std::string letters = "{}\\\n\r\x01Nhpb0&,;:\xC3\xA4\xE2\x80\xAE\xFF";
  const Canvas canvas{1280, 720};
  for (int round = 0; round < 300; ++round) {
    std::string noise, same_shape;
    for (int i = 0; i < 40; ++i) noise += letters[random() % letters.size()];
    for (const auto draw :
         {+[](const Canvas&c, const std::string&t) { return draw_toast(c, t, t, 1); },
          +[](const Canvas&c, const std::string&t) { return draw_failure(c, t, t); },
          +[](const Canvas&c, const std::string&t) {
            return draw_banner(c, {t, t, t}, 1);
          },
          +[](const Canvas&c, const std::string&t) {
            return draw_card(c, {{t, t, t}, t, t, 5});
          }}) {
      const std::string ass = draw(canvas, noise);
      for (std::size_t at = 0; at < ass.size();) {
        const std::size_t end = ass.find('\n', at);
        REQUIRE(end != std::string::npos);
        const std::string line = ass.substr(at, end - at);
        CHECK(line.starts_with("{\\an"));
        // Place, then one style; shapes have place and the end of drawing mode.
        CHECK(open_braces(line) == 2);
        at = end + 1;
      }
    }
  }
}

TEST_CASE("unknown encodings") {
  CHECK(from_unknown_encoding("\xEF\xBB\xBFhello") == "hello");
  CHECK(from_unknown_encoding("Grüße") == "Grüße");
  CHECK(from_unknown_encoding("Gr\xFC\xDF"
                              "e") == "Grüße");
  const std::string cut = std::string(2000, 'x') + "\xC3";
  CHECK(from_unknown_encoding(cut) == std::string(2000, 'x'));
}

TEST_CASE("lines stay inside their column") {
  const std::string text =
      "A paragraph with words of many lengths, some of them incomprehensibilities, and one "
      "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle at the end.";
  for (const double width : {120.0, 300.0, 900.0}) {
    std::string joined;
    for (const auto& line : wrap(text, 27, width)) {
      CHECK(text_width(line, 27) <= width + 0.01);
      joined += line;
    }
    const auto letters = [](std::string s) {
      std::erase(s, ' ');
      return s;
    };
    CHECK(letters(joined) == letters(text));
  }
  CHECK(wrap("", 27, 100).size() == 1);
  CHECK(wrap("a\n\nb", 27, 100) == std::vector<std::string>{"a", "", "b"});
  CHECK(wrap("a\r\nb", 27, 100) == std::vector<std::string>{"a", "b"});
  const auto cut = wrap_at_most("one two three four five six seven", 30, 120, 2);
  CHECK(cut.size() == 2);
  CHECK(cut[1].ends_with("…"));
  CHECK(text_width(cut[1], 30) <= 120);
}

TEST_CASE("numbers in words") {
  CHECK(clock_time(0) == "0:00");
  CHECK(clock_time(-5) == "0:00");
  CHECK(clock_time(65'999) == "1:05");
  CHECK(clock_time(3'723'000) == "1:02:03");
  CHECK(size_in_words(1) == "1 byte");
  CHECK(size_in_words(999) == "999 bytes");
  CHECK(size_in_words(1'400'000) == "1.4 MB");
  CHECK(size_in_words(48'231'004) == "48 MB");
  CHECK(size_in_words(999'960) == "1.0 MB");
  CHECK(size_in_words(1ull << 42) == "4.4 TB");
}

TEST_CASE("every line of a text is on some page, and no page is too high") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + "\n" + (i % 7 ? "" : "\n");
  const auto pages = paginate(lines_of_text(text, 900), 560);
  CHECK(pages.size() > 10);
  const std::string words = all_words(pages);
  for (int i = 0; i < 200; ++i) {
    CHECK(words.find("line " + std::to_string(i) + "|") != std::string::npos);
  }
  for (const auto& page : pages) {
    double height = 0;
    for (const auto& line : page.lines) height += line.height;
    CHECK(height <= 560);
    CHECK(!page.lines.empty());
  }
  CHECK(paginate({}, 560).size() == 1);
  CHECK(paginate(lines_of_text("x", 900), 1).size() == 1);
}

TEST_CASE("Markdown becomes styled lines") {
  const auto lines = lines_of_markdown(
      "# Title\n\nSome *soft* and **loud** and `code` and [a link](http://x).\n\n- one\n- two\n\n"
      "3. three\n\n> said\n\n    indented code\n\n---\n\n<script>alert(1)</script>\n",
      900);
  const auto has = [&](auto&& wanted) { return std::any_of(lines.begin(), lines.end(), wanted); };
  const auto run_of = [&](const char* text) {
    for (const auto& line : lines) {
      for (const auto& run : line.runs) {
        if (run.text.find(text) != std::string::npos) return run;
      }
    }
    FAIL("no run with " << text);
    return Run{};
  };
  CHECK(run_of("Title").bold);
  CHECK(run_of("soft").italic);
  CHECK(run_of("loud").bold);
  CHECK(run_of("code").mono);
  CHECK(run_of("a link").accent);
  CHECK(has([](const Line& l) { return l.marker == "•" && l.runs.at(0).text == "two"; }));
  CHECK(has([](const Line& l) { return l.marker == "3."; }));
  CHECK(has([](const Line& l) { return l.quote_depth == 1; }));
  CHECK(has([](const Line& l) { return l.look == Line::Look::rule; }));
  CHECK(run_of("<script>").mono);
}

TEST_CASE("hostile Markdown is bounded") {
  const std::string deep(20'000, '>');
  CHECK(lines_of_markdown(deep + " x", 900).size() < 100);
  std::string lists;
  for (int i = 0; i < 500; ++i)
    lists += std::string(static_cast<std::size_t>(i) * 2, ' ') + "- x\n";
  for (const Line& line : lines_of_markdown(lists, 900)) CHECK(line.indent < 900);
  const auto word = lines_of_markdown(std::string(5'000, 'w'), 900);
  CHECK(word.size() > 50);
  const std::string stars(10'000, '*');
  CHECK(lines_of_markdown(stars + "a" + stars, 900).size() < 10'000);
}

TEST_CASE("a heading does not stay alone at the foot of a page") {
  std::vector<Line> lines(12);
  for (auto& line : lines) line.runs.push_back(Run{"text"});
  Line heading;
  heading.em = 46;
  heading.height = 50;
  heading.runs.push_back(Run{"Heading"});
  lines.push_back(heading);
  lines.push_back(lines[0]);
  const auto pages = paginate(lines, 12 * 42 + 60);
  REQUIRE(pages.size() == 2);
  CHECK(pages[1].lines[0].runs[0].text == "Heading");
}
