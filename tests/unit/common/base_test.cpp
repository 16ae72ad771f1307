#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "common/base/clock.h"
#include "common/base/codec.h"
#include "common/base/names.h"

namespace hearth {
namespace {

TEST_CASE("records are read as they were written") {
  const Bytes bytes = Writer()
                          .u8(1)
                          .u16(0x0203)
                          .u32(0x04050607)
                          .u64(0x08090a0b0c0d0e0f)
                          .i64(-2)
                          .bytes(Bytes{9, 8})
                          .text("text")
                          .raw(Bytes{7, 7})
                          .take();
  CHECK(to_hex(ByteView(bytes).first(15)) == "0102030405060708090a0b0c0d0e0f");
  Reader reader(bytes);
  CHECK(reader.u8() == 1);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.u64() == 0x08090a0b0c0d0e0f);
  CHECK(reader.i64() == -2);
  CHECK(to_bytes(reader.bytes(2)) == Bytes{9, 8});
  CHECK(reader.text(100) == "text");
  CHECK_FALSE(reader.done());
  CHECK(reader.fixed<2>() == std::array<std::uint8_t, 2>{7, 7});
  CHECK(reader.done());
}

TEST_CASE("a record cut anywhere fails, and stays failed") {
  const Bytes bytes = Writer().u32(5).text("hello").u64(1).take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    Reader reader(ByteView(bytes).first(size));
    reader.u32();
    reader.text(100);
    reader.u64();
    CHECK_FALSE(reader.ok());
    CHECK(reader.u8() == 0);
    CHECK(reader.raw(0).empty());
    CHECK_FALSE(reader.done());
  }
}

TEST_CASE("a length above the bound fails, however many bytes there are") {
  const Bytes bytes = Writer().text("hello").take();
  CHECK(Reader(bytes).text(5) == "hello");
  Reader reader(bytes);
  CHECK(reader.text(4).empty());
  CHECK_FALSE(reader.ok());
}

TEST_CASE("times") {
  CHECK(format_utc(0) == "1970-01-01T00:00:00Z");
  CHECK(format_utc(1'795'348'800'000) == "2026-11-22T12:00:00Z");
  CHECK(format_utc(1'795'348'800'999) == "2026-11-22T12:00:00Z");
  CHECK(format_utc(-1) == "1969-12-31T23:59:59Z");
  CHECK_FALSE(format_utc(std::numeric_limits<UtcMs>::max()).empty());
  CHECK_FALSE(format_utc(std::numeric_limits<UtcMs>::min()).empty());
  CHECK(now_ms() > 1'700'000'000'000);
}

TEST_CASE("names that are taken as they are") {
  for (const char* name : {"a", "Anna's film", "Fête d’été 🎂", "日本語", "..a", "a.b", "…"}) {
    CAPTURE(name);
    CHECK(checked_name(name).value() == name);
  }
  std::string longest;
  for (int i = 0; i < 120; ++i) longest += "é";
  CHECK(checked_name(longest));
  CHECK_FALSE(checked_name(longest + "e"));
}

TEST_CASE("names that are refused") {
  struct Row {
    const char* what;
    std::string name;
  };
  const Row rows[] = {{"empty", ""},
                      {"here", "."},
                      {"up", ".."},
                      {"path", "../etc/passwd"},
                      {"slash", "a/b"},
                      {"backslash", "a\\b"},
                      {"NUL", std::string("a\0b", 3)},
                      {"line feed", "a\nb"},
                      {"escape", "\x1b[31mred"},
                      {"DEL", "a\x7f"},
                      {"C1", "a\xc2\x85z"},
                      {"blank before", " a"},
                      {"blank after", "a "},
                      {"no-break space after", "a\xc2\xa0"},
                      {"bidi override", "a\xe2\x80\xaegpj.exe"},
                      {"bidi isolate", "a\xe2\x81\xa6z"},
                      {"left-to-right mark", "a\xe2\x80\x8ez"},
                      {"right-to-left mark", "a\xe2\x80\x8fz"},
                      {"line separator", "a\xe2\x80\xa8z"},
                      {"paragraph separator", "a\xe2\x80\xa9z"},
                      {"lone continuation", "a\x80"},
                      {"cut short", "a\xe2\x80"},
                      {"overlong slash", "a\xc0\xafz"},
                      {"overlong, three bytes", "a\xe0\x80\xafz"},
                      {"surrogate", "a\xed\xa0\x80z"},
                      {"above U+10FFFF", "a\xf4\x90\x80\x80z"},
                      {"five bytes", "a\xf8\x88\x80\x80\x80z"}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto checked = checked_name(row.name);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::name_refused);
    CHECK(printable(row.name).find('\x1b') == std::string::npos);
  }
}

TEST_CASE("notes have lines and a bound in bytes") {
  CHECK(checked_note("").value().empty());
  CHECK(checked_note("two\nlines, and ../paths are text").has_value());
  CHECK(checked_note(std::string(2000, 'x')));
  CHECK_FALSE(checked_note(std::string(2001, 'x')));
  CHECK_FALSE(checked_note("abc", 2));
  for (const char* text : {"a\rb", "a\tb", "\x1b]0;title\x07", "a\xe2\x80\xae", "\xff"}) {
    const auto checked = checked_note(text);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::name_refused);
  }
}

TEST_CASE("printable text steers no terminal and is cut at a whole character") {
  CHECK(printable("plain é") == "plain é");
  CHECK(printable("a\x1b[2Jb\nc\xff") == "a\uFFFD[2Jb\uFFFDc\uFFFD");
  CHECK(printable("ééé", 4) == "éé…");
  CHECK(printable("ééé", 5) == "éé…");
  CHECK(printable("ééé", 6) == "ééé");
}

}  // namespace
}  // namespace hearth
