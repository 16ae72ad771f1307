// The rules of the house that a machine can check: who may include whom, how long files get,
// and that the documents say what the code says.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/error.h"

namespace {

namespace fs = std::filesystem;

const fs::path root = HEARTH_SOURCE_DIR;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Source files below the parts' folders, with paths relative to the root.
std::vector<fs::path> sources() {
  std::vector<fs::path> out;
  for (const char* part : {"common", "ledger", "player", "node", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / part)) {
      const auto extension = entry.path().extension();
      if (extension == ".h" || extension == ".cpp" || extension == ".inc") {
        out.push_back(fs::relative(entry.path(), root));
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> includes(const std::string& text) {
  static const std::regex line(R"(#include\s*[<"]([^>"]+)[>"])");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) {
    out.push_back((*it)[1]);
  }
  return out;
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return text.starts_with(prefix); });
}

/// Whether the word at `at` stands in a branch of ?: of its statement.
bool in_a_choice(const std::string& text, std::size_t at) {
  const std::size_t begin = text.find_last_of(";{}", at) + 1;
  return text.find('?', begin) < at;
}

}  // namespace

TEST_CASE("parts include only what stands below them") {
  // part → what its files may include of ours
  const std::map<std::string, std::vector<std::string>> allowed = {
      {"common", {"common/"}},
      {"ledger", {"common/", "ledger/"}},
      {"player", {"common/", "player/"}},
      {"node", {"common/", "node/"}},
  };
  for (const auto& path : sources()) {
    const std::string part = *path.begin();
    const auto rule = allowed.find(part);
    if (rule == allowed.end()) continue;
    for (const auto& included : includes(slurp(root / path))) {
      if (!starts_with_any(included, {"common/", "ledger/", "player/", "node/", "tests/"}))
        continue;
      CHECK_MESSAGE(starts_with_any(included, rule->second), path.string(), " includes ", included);
    }
  }
}

TEST_CASE("foreign libraries stay in the room that owns them") {
  struct Rule {
    std::vector<std::string> headers;
    std::vector<std::string> rooms;
  };
  const std::vector<Rule> rules = {
      {{"boost/beast", "boost/asio/ssl"}, {"common/net/"}},
      {{"rocksdb/"}, {"common/store/", "tests/unit/store/"}},
      {{"libtorrent/"}, {"node/swarm/", "tests/"}},
      {{"mpv/"}, {"player/", "tests/bench/tv_bench"}},
      {{"poppler/", "cmark"}, {"player/"}},
      {{"csv.h"}, {"player/core/table.cpp"}},
      {{"systemd/", "libcec/"}, {"player/shell/"}},
      {{"toml++/"}, {"common/base/"}},
      {{"libical/"}, {"node/channels/recurrence.cpp"}},
      {{"openssl/"}, {"common/crypto/", "common/net/", "tests/bench/", "tests/support/relay"}},
      {{"sodium"}, {"common/crypto/", "tests/"}},
      {{"boost/"}, {"common/net/", "tests/"}},
  };
  for (const auto& path : sources()) {
    for (const auto& included : includes(slurp(root / path))) {
      for (const auto& rule : rules) {
        if (!starts_with_any(included, rule.headers)) continue;
        CHECK_MESSAGE(starts_with_any(path.string(), rule.rooms), path.string(), " includes ",
                      included);
      }
    }
  }
}

TEST_CASE("the pure parts know no threads, sockets or clocks") {
  const std::vector<std::string> pure = {"ledger/machine/", "ledger/journal/",  "common/crypto/",
                                         "common/money/",   "common/identity/", "common/wire/",
                                         "common/tlog/",    "node/channels/"};
  const std::vector<std::string> shell = {
      "thread", "mutex", "chrono", "sys/socket.h", "common/net/", "condition_variable", "boost/"};
  for (const auto& path : sources()) {
    if (!starts_with_any(path.string(), pure)) continue;
    for (const auto& included : includes(slurp(root / path))) {
      CHECK_MESSAGE(!starts_with_any(included, shell), path.string(), " includes ", included);
    }
  }
}

TEST_CASE("nothing is awaited in a branch of ?:, which g++ 12 compiles to a torn value") {
  CHECK(in_a_choice("x = a ? b : co_await c();", 12));
  CHECK_FALSE(in_a_choice("x = a ? b : d; co_await c();", 15));
  for (const auto& path : sources()) {
    if (*path.begin() == "tests") continue;
    const std::string text = slurp(root / path);
    for (std::size_t at = text.find("co_await"); at != std::string::npos;
         at = text.find("co_await", at + 1)) {
      CHECK_MESSAGE(!in_a_choice(text, at), path.string(),
                    " awaits in a choice: ", text.substr(at, 40));
    }
  }
}

TEST_CASE("files stay short enough to read") {
  for (const auto& path : sources()) {
    const std::string text = slurp(root / path);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    CHECK_MESSAGE(lines <= 500, path.string(), " has ", lines, " lines");
  }
}

TEST_CASE("every room has a README of at most 80 lines") {
  std::set<fs::path> rooms;
  for (const auto& path : sources()) {
    if (*path.begin() == "tests") continue;
    const fs::path parent = path.parent_path();
    rooms.insert(parent);
  }
  for (const auto& room : rooms) {
    fs::path readme = root / room / "README.md";
    if (!fs::exists(readme)) readme = root / room.parent_path() / "README.md";
    CHECK_MESSAGE(fs::exists(readme), room.string(), " has no README.md");
    const std::string text = slurp(readme);
    CHECK_MESSAGE(std::count(text.begin(), text.end(), '\n') <= 80, readme.string(),
                  " is too long");
  }
}

TEST_CASE("docs/protocol.md lists every error code with its status and meaning") {
  const std::string list = slurp(root / "common/base/error_codes.inc");
  const std::string protocol = slurp(root / "docs/protocol.md");
  static const std::regex code(R"re(\nHEARTH_CODE\((\w+), (\d+), "([^"]+)"\))re");
  int count = 0;
  for (std::sregex_iterator it(list.begin(), list.end(), code), end; it != end; ++it, ++count) {
    const std::string row =
        "| `" + (*it)[1].str() + "` | " + (*it)[2].str() + " | " + (*it)[3].str() + " |";
    CHECK_MESSAGE(protocol.find(row) != std::string::npos, "docs/protocol.md lacks: ", row);
  }
  CHECK(count > 50);
}

TEST_CASE("the page has a sentence for every error code, in both languages") {
  static const std::regex code(R"re(\nHEARTH_CODE\((\w+),)re");
  static const std::regex sentence(R"re("(\w+)": "([^"]{20,})")re");
  std::set<std::string> codes;
  const std::string list = slurp(root / "common/base/error_codes.inc");
  for (std::sregex_iterator it(list.begin(), list.end(), code), end; it != end; ++it)
    codes.insert((*it)[1]);
  std::map<std::string, std::string> english;
  for (const char* language : {"en", "de"}) {
    const std::string file =
        std::string("node/web/page/src/locales/refusals.") + language + ".json";
    const std::string text = slurp(root / file);
    std::set<std::string> said;
    for (std::sregex_iterator it(text.begin(), text.end(), sentence), end; it != end; ++it) {
      said.insert((*it)[1]);
      CHECK_MESSAGE((*it)[2] != english[(*it)[1]], file, " is not translated: ", (*it)[1].str());
      english[(*it)[1]] = (*it)[2];
    }
    for (const auto& one : codes) CHECK_MESSAGE(said.count(one) == 1, file, " lacks ", one);
    for (const auto& one : said) CHECK_MESSAGE(codes.count(one) == 1, file, ": no code ", one);
  }
}

TEST_CASE("the page has words for everything that a channel's owner is warned of") {
  static const std::regex name(R"re("(\w+)"[,}])re");
  const std::string code = slurp(root / "node/channels/check.cpp");
  const std::size_t begin = code.find("std::string_view name_of(Problem"),
                    end = code.find('}', begin);
  const std::string names = code.substr(begin, end + 1 - begin);
  int count = 0;
  for (const char* language : {"en", "de"}) {
    const std::string text =
        slurp(root / (std::string("node/web/page/src/locales/") + language + ".json"));
    for (std::sregex_iterator it(names.begin(), names.end(), name), last; it != last; ++it, ++count)
      CHECK_MESSAGE(text.find("\"warning." + (*it)[1].str() + "\"") != std::string::npos, language,
                    " has no words for ", (*it)[1].str());
  }
  CHECK(count >= 2 * 13);
}

TEST_CASE("crash points in the code and in docs/testing.md are the same") {
  std::set<std::string> in_code;
  static const std::regex call(R"re(crash_point\("([a-z_.]+)"\))re");
  for (const auto& path : sources()) {
    if (*path.begin() == "tests") continue;
    const std::string text = slurp(root / path);
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
      in_code.insert((*it)[1]);
    }
  }
  std::set<std::string> in_docs;
  const std::string docs = slurp(root / "docs/testing.md");
  static const std::regex row(R"re(\n\| `([a-z_]+\.[a-z_.]+)` \|)re");
  for (std::sregex_iterator it(docs.begin(), docs.end(), row), end; it != end; ++it) {
    in_docs.insert((*it)[1]);
  }
  CHECK(in_code == in_docs);
}
