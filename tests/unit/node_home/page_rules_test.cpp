// The page's pure rules, as tables: hosts, routes, cookies, writes, encodings, pairing, sessions.
#include <doctest/doctest.h>

#include "node/web/assets.h"
#include "node/web/host_list.h"
#include "node/web/page_request.h"
#include "node/web/pairing.h"
#include "node/web/phone.h"
#include "node/web/topics.h"

namespace hearth::node {
namespace {

const std::vector<std::string> own = {"127.0.0.1", "::1", "192.168.1.5", "fe80::1"};

bool allowed(const HostList& hosts, std::string_view text) {
  const auto host = parse_host(text);
  return host && hosts.allows(*host, own);
}

HostList list_of(const std::vector<std::string>& names) {
  auto list = HostList::make("anna-pc.lan", names);
  REQUIRE_MESSAGE(list.has_value(), (list ? "" : list.error().sentence));
  return *list;
}

Phone phone_used(UtcMs at) {
  Phone phone;
  phone.id = "0011223344556677";
  phone.name = "Anna's phone";
  phone.paired_ms = 1;
  phone.used_ms = at;
  return phone;
}

}  // namespace

TEST_CASE("hosts under which the page is served, and those of strangers") {
  const HostList hosts = list_of({"hearth.home.arpa", "10.0.0.9", "fd00::7"});
  for (const char* text : {"localhost", "localhost:8480", "LOCALHOST:80", "127.0.0.1:1",
                           "[::1]:8480", "192.168.1.5", "[FE80:0::1]", "anna-pc.local:8480",
                           "Anna-PC.local.", "hearth.home.arpa", "10.0.0.9", "[fd00::7]"}) {
    CHECK_MESSAGE(allowed(hosts, text), text);
  }
  for (const char* text : {"",
                           "evil.example",
                           "evil.example:8480",
                           "192.168.1.6",
                           "8.8.8.8",
                           "[fe80::2]",
                           "[::1",
                           "::1",
                           "localhost.evil.example",
                           "localhost:",
                           "localhost:0",
                           "localhost:65536",
                           "localhost:80:80",
                           "localhost:8a",
                           "anna-pc.lan",
                           "anna-pc",
                           "other.local",
                           "127.1",
                           "0x7f.0.0.1",
                           "2130706433",
                           "user@localhost",
                           "localhost/",
                           "localhost, evil.example",
                           "evil.example, localhost",
                           "[fe80::1%25eth0]",
                           "[::ffff:127.0.0.1]",
                           ".",
                           ".localhost",
                           "local host",
                           "localhost\t",
                           "[192.168.1.5]",
                           "%6cocalhost"}) {
    CHECK_FALSE_MESSAGE(allowed(hosts, text), text);
  }
  CHECK_FALSE(parse_host(std::string(300, 'a')).has_value());
  CHECK_FALSE(allowed(list_of({}), "hearth.home.arpa"));
}

TEST_CASE("what can be allowed is a name or an address, without a port") {
  for (const char* text : {"a b", "http://x", "name:80", "", "[::1]:80", "1:2"}) {
    const auto list = HostList::make("m", {text});
    REQUIRE_MESSAGE(!list.has_value(), text);
    CHECK(list.error().code == Code::usage);
  }
  CHECK(list_of({"[fd00::7]"}).added() == std::vector<std::string>{"fd00::7"});
}

TEST_CASE("where people find the page") {
  const HostList none = list_of({}), named = list_of({"hearth.home.arpa"});
  CHECK(page_url("0.0.0.0", 8480, none, own, false) == "http://192.168.1.5:8480/");
  CHECK(page_url("0.0.0.0", 80, named, own, false) == "http://hearth.home.arpa/");
  CHECK(page_url("::1", 8480, none, own, false) == "http://[::1]:8480/");
  CHECK(page_url("::", 443, none, {"127.0.0.1"}, true) == "https://localhost/");
  CHECK(origin_of("Anna-PC.local:8480", false) == "http://anna-pc.local:8480");
}

TEST_CASE("routes") {
  using What = Route::What;
  struct Row {
    const char *method, *path;
    Route route;
  };
  const Row rows[] = {
      {"GET", "/", {What::file, "/"}},
      {"HEAD", "/gifts/71aa", {What::file, "/gifts/71aa"}},
      {"GET", "/assets/../../etc/passwd", {What::file, "/assets/../../etc/passwd"}},
      {"GET", "/%2e%2e/%2e%2e/etc/passwd", {What::file, "/%2e%2e/%2e%2e/etc/passwd"}},
      {"GET", "/healthz", {What::health, ""}},
      {"GET", "/api/session", {What::session, ""}},
      {"GET", "/api/events", {What::events, ""}},
      {"POST", "/api/pair", {What::pair, ""}},
      {"POST", "/api/leave", {What::leave, ""}},
      {"POST", "/api/card-picture", {What::card, ""}},
      {"POST", "/api/gift-list", {What::command, "gift-list"}},
      {"GET", "/api/jobs/71aa", {What::job, "71aa"}},
      {"GET", "/api/poster/71aa", {What::poster, "71aa"}},
      {"GET", "/api/picture/71aa", {What::picture, "71aa"}},
      // nothing
      {"GET", "/api/gift-list", {}},
      {"GET", "/api/pair", {}},
      {"POST", "/", {}},
      {"PUT", "/api/gift-list", {}},
      {"DELETE", "/api/session", {}},
      {"OPTIONS", "/api/gift-list", {}},
      {"POST", "/api/", {}},
      {"POST", "/api", {}},
      {"POST", "/api/gift%2dlist", {}},
      {"POST", "/api/Gift-List", {}},
      {"POST", "/api/gift-list/", {}},
      {"POST", "/api//gift-list", {}},
      {"GET", "/api/jobs/71aa/more", {}},
      {"GET", "/api/poster/../session", {}},
      {"GET", "http://localhost/", {}},
      {"GET", "", {}},
      {"OPTIONS", "*", {}},
  };
  for (const Row& row : rows) {
    CHECK_MESSAGE(route_of(row.method, row.path) == row.route, row.method, " ", row.path);
  }
}

TEST_CASE("only what carries pictures or files may be larger than 64 KiB") {
  const std::size_t usual = 64 * 1024, mebibyte = 1024 * 1024;
  CHECK(body_limit_of("/api/card-picture") == 6 * mebibyte);
  CHECK(body_limit_of("/api/channel-import") == 8 * mebibyte);
  CHECK(body_limit_of("/api/channel-edit") == mebibyte);
  for (const char* path : {"", "/", "/api/pair", "/api/gift-list", "/api/channel-import/",
                           "/api/channel-imports", "/api/CARD-PICTURE"}) {
    CHECK_MESSAGE(body_limit_of(path) == usual, path);
  }
}

TEST_CASE("cookies") {
  const std::string name = "hearth_00112233";
  CHECK(cookie_of("hearth_00112233=abc", name) == "abc");
  CHECK(cookie_of("a=b; hearth_00112233=abc;c=d", name) == "abc");
  CHECK(cookie_of(" hearth_00112233 = abc ", name) == "abc");
  for (const char* header : {"", "hearth_00112233", "hearth_99=abc", "xhearth_00112233=abc",
                             "hearth_00112233=a; hearth_00112233=b"}) {
    CHECK_FALSE_MESSAGE(cookie_of(header, name).has_value(), header);
  }
}

TEST_CASE("a write comes from the page itself") {
  const std::string origin = "http://localhost:8480";
  const net::Headers good = {
      {"origin", origin}, {"x-hearth", "1"}, {"content-type", "application/json; charset=utf-8"}};
  CHECK(check_write(good, origin).has_value());
  const auto refused = [&](const char* name, const char* value) {
    net::Headers bad = good;
    bad.erase(name);
    if (value != nullptr) bad[name] = value;
    const auto checked = check_write(bad, origin);
    return !checked && checked.error().code == Code::forbidden_origin;
  };
  for (const char* value : {static_cast<const char*>(nullptr), "null", "http://evil.example",
                            "https://localhost:8480", "http://localhost", "http://localhost:8481",
                            "http://localhost:8480/", "http://localhost:8480.evil.example"}) {
    CHECK(refused("origin", value));
  }
  for (const char* value : {static_cast<const char*>(nullptr), "", "2", "true"}) {
    CHECK(refused("x-hearth", value));
  }
  for (const char* value : {static_cast<const char*>(nullptr), "text/plain", "application/jsonx",
                            "application/x-www-form-urlencoded", "text/plain; application/json"}) {
    CHECK(refused("content-type", value));
  }
}

TEST_CASE("encodings and entity tags") {
  CHECK(accepted_encodings("gzip, deflate, br") == Accepted{true, true});
  CHECK(accepted_encodings("GZIP;q=0.5") == Accepted{false, true});
  CHECK(accepted_encodings("br;q=0, gzip;q=0.0, *") == Accepted{false, false});
  CHECK(accepted_encodings("") == Accepted{false, false});
  CHECK(accepted_encodings("brx, xgzip") == Accepted{false, false});
  CHECK(matches_tag("\"a\"", "\"a\""));
  CHECK(matches_tag("\"b\", W/\"a\"", "\"a\""));
  CHECK(matches_tag("*", "\"a\""));
  CHECK_FALSE(matches_tag("\"ab\"", "\"a\""));
  CHECK_FALSE(matches_tag("", "\"a\""));
}

TEST_CASE("files: the smallest form that is taken, and none twice") {
  const Bytes raw = to_bytes(as_bytes("raw")), gzip = to_bytes(as_bytes("gz")),
              br = to_bytes(as_bytes("b"));
  const std::vector<PageFile> files = {
      {"/assets/app-1.js", page_media_type("/assets/app-1.js"), "\"t1\"", raw, gzip, br},
      {"/index.html", page_media_type("/index.html"), "\"t2\"", raw, {}, {}}};
  REQUIRE(find_file(files, "/assets/app-1.js") != nullptr);
  CHECK(find_file(files, "/gifts")->path == "/index.html");
  CHECK(find_file(files, "/")->path == "/index.html");
  CHECK(find_file(files, "/assets/app-0.js") == nullptr);
  CHECK(find_file(files, "/assets/../index.html") == nullptr);
  const auto text = [&](const char* accept) {
    return std::string(as_text(file_answer(files[0], {{"accept-encoding", accept}}).body));
  };
  CHECK(text("gzip, br") == "b");
  CHECK(text("gzip") == "gz");
  CHECK(text("identity") == "raw");
  auto answer = file_answer(files[0], {});
  CHECK(answer.headers["cache-control"] == "public, max-age=31536000, immutable");
  CHECK(answer.headers["content-type"] == "text/javascript; charset=utf-8");
  CHECK_FALSE(answer.headers.contains("content-encoding"));
  answer = file_answer(files[1], {{"if-none-match", "\"t2\""}});
  CHECK(answer.status == 304);
  CHECK(answer.body.empty());
  CHECK(answer.headers["cache-control"] == "no-cache");
}

TEST_CASE("what the build embedded") {
  const auto& files = page_files();
  const PageFile* index = find_file(files, "/");
  REQUIRE(index != nullptr);
  for (const PageFile& file : files) {
    CHECK(file.tag == "\"" + to_hex(crypto::sha256(file.raw)) + "\"");
    CHECK(file.gzip.size() <= file.raw.size());
    CHECK(file.br.size() <= file.raw.size());
  }
}

TEST_CASE("pairing: one phone, three minutes, five tries") {
  using Verdict = Pairing::Verdict;
  const Pairing::Open what{"secret-of-22-characters", "ABCD-EFGH", PhoneRole::child, "Tim"};
  Pairing pairing;
  CHECK(pairing.attempt("ABCD-EFGH", "", 0) == Verdict::closed);
  pairing.open(what, 1'000);
  CHECK(pairing.now_open(1'000)->profile == "Tim");
  CHECK(pairing.left_ms(1'000) == 180'000);
  CHECK(pairing.attempt("abcd efgh", "", 2'000) == Verdict::right);
  CHECK(pairing.attempt("ABCD-EFGH", "", 2'000) == Verdict::closed);
  SUBCASE("time") {
    pairing.open(what, 0);
    CHECK(pairing.attempt("", what.secret, 179'999) == Verdict::right);
    pairing.open(what, 0);
    CHECK(pairing.attempt("", what.secret, 180'000) == Verdict::closed);
    CHECK(pairing.now_open(180'000) == nullptr);
  }
  SUBCASE("tries, of codes and secrets alike") {
    pairing.open(what, 0);
    CHECK(pairing.attempt("ABCD-EFGA", "", 1) == Verdict::wrong);
    CHECK(pairing.attempt("", "ABCD-EFGH", 1) == Verdict::wrong);
    CHECK(pairing.attempt("", "secret-of-22-character", 1) == Verdict::wrong);
    CHECK(pairing.attempt("ABCD", "", 1) == Verdict::wrong);
    CHECK(pairing.attempt("X", "", 1) == Verdict::last_wrong);
    CHECK(pairing.attempt("ABCD-EFGH", "", 1) == Verdict::closed);
  }
  SUBCASE("the next one ends the one before") {
    pairing.open(what, 0);
    pairing.open({"another", "JKLM-NPQR", PhoneRole::owner, ""}, 0);
    CHECK(pairing.attempt("ABCD-EFGH", "", 1) == Verdict::wrong);
    CHECK(pairing.attempt("jklmnpqr", "", 1) == Verdict::right);
  }
  SUBCASE("closed by a person") {
    pairing.open(what, 0);
    pairing.close();
    CHECK(pairing.attempt("ABCD-EFGH", "", 1) == Verdict::closed);
  }
  CHECK(code_from({0, 31, 32, 255, 1, 2, 3, 4}) == "A9A9-BCDE");
}

TEST_CASE("phones stay paired while they are used") {
  constexpr UtcMs day = 24 * 60 * 60 * 1000, now = 1'000 * day;
  CHECK_FALSE(is_over(phone_used(now), now));
  CHECK_FALSE(is_over(phone_used(now - 90 * day + 1), now));
  CHECK(is_over(phone_used(now - 90 * day), now));
  CHECK(is_over(phone_used(now + 90 * day), now));
  CHECK_FALSE(is_to_note(phone_used(now - 1'000), now));
  CHECK(is_to_note(phone_used(now - day), now));
  CHECK(is_to_note(phone_used(now + day), now));
}

TEST_CASE("the stored form of a phone") {
  Phone phone = phone_used(77);
  phone.role = PhoneRole::child;
  phone.profile = "Tim";
  const Bytes stored = encode(phone);
  CHECK(decode_phone(stored) == phone);
  for (std::size_t size = 0; size < stored.size(); ++size) {
    CHECK_FALSE(decode_phone(ByteView(stored).first(size)).has_value());
  }
  Bytes other = stored;
  other.push_back(0);
  CHECK_FALSE(decode_phone(other).has_value());
}

TEST_CASE("a session is 32 bytes, of which the store learns the hash") {
  const std::string token = to_base64url(Bytes(32, 7));
  const auto key = session_key(token);
  REQUIRE(key.has_value());
  CHECK(*key == "web/session/" + to_hex(crypto::sha256(Bytes(32, 7))));
  for (const std::string& text :
       {std::string(), token.substr(1), token + "A", to_base64url(Bytes(31, 7)),
        std::string(1000, 'A'), std::string("../../web/session")}) {
    CHECK_FALSE(session_key(text).has_value());
  }
  const std::string cookie = set_cookie("hearth_00112233", token, true);
  CHECK(cookie == "hearth_00112233=" + token +
                      "; Path=/; HttpOnly; SameSite=Strict; Max-Age=34560000; Secure");
  CHECK(set_cookie("c", "", false) == "c=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST_CASE("what a commit means for the page") {
  const auto words = [](std::string_view key) { return changed_message(topics_of_key(key)); };
  CHECK(words("gift/in/00") == R"({"changed":["gifts"]})");
  CHECK(words("voucher/00") == R"({"changed":["wallet"]})");
  CHECK(words("web/session/00") == R"({"changed":["phones"]})");
  CHECK(words("rules/pin") == R"({"changed":["rules"]})");
  CHECK(topics_of_key("position/00") == no_topics);
  CHECK(topics_of_key("mailbox/cursor") == no_topics);
  CHECK(changed_message(only(Topic::tv) | only(Topic::gifts)) == R"({"changed":["gifts","tv"]})");
}

}  // namespace hearth::node
